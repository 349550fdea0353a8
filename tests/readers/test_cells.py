"""Columns of text read as days and as cents: every usual way of writing them, and what is said about the others."""

import calendar
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ancadmin.readers.cells import (
    DOUBTFUL,
    MALFORMED,
    MISSING,
    OK,
    OUT_OF_RANGE,
    DateOrder,
    date_order,
    parse_cents,
    parse_dates,
)

EARLIEST, LATEST = date(1912, 1, 8), date(2020, 12, 30)
AUGUST = date(2019, 8, 12)


def days(*texts, **options):
    """[(day or None, code)] of a column of texts."""
    read = parse_dates(pa.array(texts, pa.string()), EARLIEST, LATEST, **options)
    assert read.days.dtype == np.dtype("datetime64[D]")
    return list(zip(read.days.tolist(), read.codes.tolist(), strict=True))


def cents(*texts, **options):
    read = parse_cents(pa.array(texts, pa.string()), **options)
    assert read.cents.dtype == np.int64
    return list(zip(read.cents.tolist(), read.codes.tolist(), strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "2019-08-12",
        "2019/08/12",
        "2019/8/12",
        "2019.08.12",
        "20190812",
        "2019-08-12 00:00:00",
        "2019-08-12T10:11:12Z",
        "2019-08-12 10:11:12.345+02:00",
        "12 Aug 2019",
        "12-Aug-19",
        "12AUG2019",
        "12 Augustus 2019",
        "12de Augustus 2019",
        "12th August, 2019",
        "Monday, 12 August 2019",
        "Aug 12, 2019",
        "August 12th 2019",
        "2019 Aug 12",
        "43689",
        "43689.5",
        " 2019-08-12 ",
        "'2019-08-12",
        "\u00a02019-08-12",
    ],
)
def test_dates_that_can_only_be_read_one_way(text):
    assert days(text) == [(AUGUST, OK)]


@pytest.mark.parametrize(
    ("names", "month"),
    [
        ("Jan January Januarie", 1),
        ("Feb February Februarie", 2),
        ("Mar March Mrt Maart", 3),
        ("Apr April", 4),
        ("May Mei", 5),
        ("Jun June Junie", 6),
        ("Jul July Julie", 7),
        ("Aug August Augustus", 8),
        ("Sep Sept September", 9),
        ("Oct October Okt Oktober", 10),
        ("Nov November", 11),
        ("Dec December Des Desember", 12),
    ],
)
def test_month_names_of_both_languages(names, month):
    for name in names.split():
        for text in (f"3 {name} 2018", f"03-{name.upper()}-18", f"{name.lower()} 3, 2018", f"3 {name}. 2018"):
            assert days(text) == [(date(2018, month, 3), OK)], text


@pytest.mark.parametrize("form", ["{0:02}/{1:02}/{2}", "{0}-{1}-{2}", "{0:02}.{1:02}.{2}", "{0:02}/{1:02}/{2} 14:30"])
def test_the_whole_column_decides_the_order_of_day_and_month(form):
    day_first = [form.format(12, 8, 2019), form.format(25, 8, 2019)]
    assert days(*day_first) == [(date(2019, 8, 12), OK), (date(2019, 8, 25), OK)]
    month_first = [form.format(12, 8, 2019), form.format(8, 25, 2019)]
    assert days(*month_first) == [(date(2019, 12, 8), OK), (date(2019, 8, 25), OK)]


def test_a_column_that_does_not_decide_is_read_day_first_and_doubted():
    assert days("12/08/2019", "05/05/2019", "2019-08-13", "N/A") == [
        (AUGUST, DOUBTFUL),
        (date(2019, 5, 5), OK),  # the same day both ways
        (date(2019, 8, 13), OK),
        (None, MISSING),
    ]


def test_one_odd_cell_in_a_long_column_is_malformed_and_taints_nothing():
    column = ["25/08/2019"] * 30 + ["08/25/2019", "12/08/2019"]
    assert days(*column)[-2:] == [(None, MALFORMED), (AUGUST, OK)]


def test_a_column_of_both_orders_is_doubted():
    column = ["25/08/2019"] * 3 + ["08/25/2019", "12/08/2019"]
    assert days(*column)[-2:] == [(None, MALFORMED), (AUGUST, DOUBTFUL)]


def test_a_chunk_is_read_in_the_order_of_its_whole_column():
    chunks = [pa.array(["12/08/2019"]), pa.array(["08/25/2019"])]
    order = date_order(chunks)
    assert order == DateOrder(month_first=1)
    assert days("12/08/2019", order=order) == [(date(2019, 12, 8), OK)]
    assert date_order([pa.chunked_array(chunks)]) == order


def test_two_digit_years_stay_on_or_before_the_latest_day():
    assert days("30-12-20", "31-12-20", "25/08/99", "25-Aug-19", "29/02/00") == [
        (date(2020, 12, 30), OK),
        (date(1920, 12, 31), OK),
        (date(1999, 8, 25), OK),
        (date(2019, 8, 25), OK),
        (date(2000, 2, 29), OK),
    ]


def test_two_digit_years_in_front():
    assert days("99/08/25", "05/04/03") == [(date(1999, 8, 25), OK), (date(2005, 4, 3), OK)]


@pytest.mark.parametrize(
    "text",
    ["31/02/2019", "2019-13-01", "2019-02-29", "soon", "2019", "Aug 2019", "12 Foo 2019", "123456", "99999", "0/1/2019",
     "12/08/2019/3", "2019-08-12x", "1/2"],
)  # fmt: skip
def test_what_is_no_day(text):
    assert days(text) == [(None, MALFORMED)]


@pytest.mark.parametrize("text", ["", "  ", "N/A", "n.a.", "NA", "-", "nvt", "0000-00-00", None])
def test_what_is_missing(text):
    assert days(text) == [(None, MISSING)]


def test_days_out_of_range_are_read_and_said():
    assert days("2021-01-01", "1911-12-31", "2020-12-30", "1912-01-08") == [
        (date(2021, 1, 1), OUT_OF_RANGE),
        (date(1911, 12, 31), OUT_OF_RANGE),
        (LATEST, OK),
        (EARLIEST, OK),
    ]


@settings(max_examples=30, deadline=None)
@given(
    column=st.lists(st.dates(EARLIEST, LATEST), min_size=1, max_size=50),
    form=st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%d %b %Y", "%d/%m/%Y"]),
)
def test_every_day_reads_back(column, form):
    texts = [day.strftime(form) for day in column]
    assert days(*texts, order=DateOrder(day_first=1)) == [(day, OK) for day in column]


@settings(max_examples=30, deadline=None)
@given(column=st.lists(st.dates(date(1927, 6, 1), LATEST), min_size=1, max_size=50))
def test_every_serial_reads_back(column):
    texts = [str((day - date(1899, 12, 30)) // timedelta(days=1)) for day in column]
    assert days(*texts) == [(day, OK) for day in column]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(1912, 2020), st.integers(0, 14), st.integers(0, 33)), min_size=1, max_size=50))
def test_only_days_of_the_calendar_are_read(column):
    real = [m in range(1, 13) and d in range(1, calendar.monthrange(y, m)[1] + 1) for y, m, d in column]
    found = days(*(f"{y}-{m:02}-{d:02}" for y, m, d in column))
    assert [day is not None for day, _ in found] == real


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.text(st.sampled_from("0123456789/-. RrJan,:'\u00a0"), max_size=12), max_size=30))
def test_nothing_makes_the_parsers_stumble(texts):
    for day, code in days(*texts):
        assert (day is None) == (code in (MISSING, MALFORMED))
    for amount, code in cents(*texts):
        assert (amount == -1) == (code in (MISSING, MALFORMED))


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("R20", 2000),
        ("20", 2000),
        ("20.00", 2000),
        ("20,00", 2000),
        ("20.5", 2050),
        ("20,5", 2050),
        ("20.000", 2000),
        (".50", 50),
        ("R 20.00", 2000),
        ("r20", 2000),
        ("ZAR 20.00", 2000),
        ("20 rand", 2000),
        ("R20-00", 2000),
        ("R20,-", 2000),
        ("R1 234,50", 123450),
        ("R 1\u00a0234,50", 123450),
        ("1'234.50", 123450),
        ("1,234.50", 123450),
        ("1,234", 123400),
        ("1.234,50", 123450),
        ("1,234,567.89", 123456789),
        ("0", 0),
        ("+20", 2000),
    ],
)
def test_amounts(text, amount):
    assert cents(text) == [(amount, OK)]


@pytest.mark.parametrize(
    "text", ["twenty", "R", "20.005", "20.123", "1 2", "1,2,3", "20/21", "R20R", "12 34.50", "9" * 18]
)
def test_what_is_no_amount(text):
    assert cents(text) == [(-1, MALFORMED)]


@pytest.mark.parametrize("text", ["", "N/A", " n/a ", "-", "nil", None])
def test_what_is_no_amount_at_all(text):
    assert cents(text) == [(-1, MISSING)]


@pytest.mark.parametrize("text", ["-20.00", "(20.00)", "-R20", "R-20,00"])
def test_negative_amounts_are_for_statements_only(text):
    assert cents(text) == [(-1, MALFORMED)]
    assert cents(text, signed=True) == [(-2000, OK)]


@settings(max_examples=30, deadline=None)
@given(
    column=st.lists(st.integers(0, 10**12), min_size=1, max_size=50),
    form=st.sampled_from(["{:.2f}", "R{:.2f}", "R {:,.2f}", "{:,.2f}"]),
)
def test_every_amount_reads_back_to_the_cent(column, form):
    written = [form.format(Decimal(amount) / 100) for amount in column]
    assert cents(*written) == [(amount, OK) for amount in column]
    south_african = [text.replace(",", " ").replace(".", ",") for text in written]
    assert cents(*south_african) == [(amount, OK) for amount in column]


def test_a_long_column_in_chunks_is_read_whole():
    column = pa.chunked_array([["R20", "N/A"], ["R12", "x"]])
    assert parse_cents(column).cents.tolist() == [2000, -1, 1200, -1]
    assert parse_dates(column, EARLIEST, LATEST).codes.tolist() == [MALFORMED, MISSING, MALFORMED, MALFORMED]
    assert len(parse_cents(pa.array([], pa.string())).cents) == 0
    assert len(parse_dates(pa.array([], pa.string()), EARLIEST, LATEST).days) == 0
