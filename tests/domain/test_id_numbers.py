"""One definition of an ID number, two ways of reading: one at a time, and a column at a time."""

import csv
from dataclasses import replace
from datetime import date
from operator import itemgetter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ancadmin.domain.id_columns import (
    PROBLEMS,
    births_at,
    check_digits_hold,
    read_digits,
    read_id_column,
    repairs_of,
    valid_digits,
)
from ancadmin.domain.id_numbers import CITIZENSHIPS, Reading, check_digit_holds, read_id_number
from ancadmin.policy import load_policy

POLICY = load_policy()
VECTORS = list(
    csv.DictReader((Path(__file__).parents[1] / "vectors" / "id_numbers.csv").read_text("utf-8").splitlines())
)
DAYS = st.dates(date(1990, 1, 1), date(2040, 12, 31))


def read_column(texts: list[str], days: list[date]) -> list[Reading]:
    """The column reader's answers in the shape of the scalar one (but for `births`, which it does not give)."""
    encoded = [text.encode("utf-8", errors="replace") for text in texts]
    offsets = np.cumsum([0, *map(len, encoded)]).astype(np.int32)
    data = np.frombuffer(b"".join(encoded), dtype=np.uint8)
    column = read_id_column(offsets, data, np.array(days, dtype="datetime64[D]"), POLICY)
    readings = []
    for row, text in enumerate(texts):
        repairs = tuple(repairs_of(int(column.repairs[row])))
        if column.problem[row]:
            assert column.numbers[row] == 0
            readings.append(Reading(text, problem=PROBLEMS[column.problem[row] - 1], repairs=repairs))
            continue
        assert f"{column.numbers[row]:013}" == column.texts[row].decode()
        readings.append(
            Reading(
                text,
                id_number=column.texts[row].decode(),
                repairs=repairs,
                born=column.born[row].astype(date),
                gender="M" if column.male[row] else "F",
                citizenship=CITIZENSHIPS[column.citizenship[row]],
            )
        )
    return readings


def without_births(reading: Reading) -> Reading:
    return Reading(**{**vars(reading), "births": ()})


def luhn_by_the_book(digits: str) -> bool:
    """As the Department writes it down: odd places added, even places as one number doubled, its digits added."""
    odd = sum(int(digit) for digit in digits[0:12:2])
    even = sum(int(digit) for digit in str(2 * int(digits[1:12:2])))
    return (10 - (odd + even) % 10) % 10 == int(digits[12])


@st.composite
def valid_numbers(draw: st.DrawFn) -> tuple[str, date, date]:
    """A valid number, the birth date it was made from, and a day on which that person has a possible age."""
    born = draw(st.dates(date(1880, 1, 1), date(2022, 12, 31)))
    age = draw(st.integers(18, 114))
    reading = date(born.year + age, 12, 31)
    body = born.strftime("%y%m%d") + f"{draw(st.integers(0, 9999)):04}{draw(st.integers(0, 2))}"
    body += str(draw(st.integers(0, 9)))
    check = next(digit for digit in "0123456789" if luhn_by_the_book(body + digit))
    return body + check, born, reading


DAMAGED = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="0123456789 -./,'OoIlE+N\u00a0\u200b８٨", max_size=20),
    st.from_regex(r"\A[ ']{0,2}[0-9OoIl]{8,14}([.,]0{1,2})?[ ']{0,2}\Z"),
    st.from_regex(r"\A[0-9][.,][0-9]{10,13}[eE]\+?1[12]\Z"),
    valid_numbers().map(lambda made: made[0]),
    valid_numbers().map(lambda made: made[0].lstrip("0") + ".0"),
    valid_numbers().map(lambda made: f"{made[0][:6]} {made[0][6:10]}-{made[0][10:]}"),
    valid_numbers().map(lambda made: f"{made[0][0]}.{made[0][1:]}E+12"),
    st.just("0002295100081"),
)


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["note"])
def test_the_worked_cases(case: dict[str, str]) -> None:
    day = date.fromisoformat(case["reading_date"])
    reading = read_id_number(case["as_written"], day, POLICY)
    assert (reading.problem or "") == case["problem"]
    assert (reading.id_number or "") == case["id_number"]
    assert (reading.born.isoformat() if reading.born else "") == case["born"]
    assert (reading.gender or "") == case["gender"]
    assert " ".join(reading.repairs) == case["repairs"]


def test_the_worked_cases_as_one_column() -> None:
    texts = [case["as_written"] for case in VECTORS]
    days = [date.fromisoformat(case["reading_date"]) for case in VECTORS]
    scalar = [without_births(read_id_number(text, day, POLICY)) for text, day in zip(texts, days, strict=True)]
    assert read_column(texts, days) == scalar


@settings(deadline=None)
@given(st.lists(st.tuples(DAMAGED, DAYS), max_size=30))
@example([("", date(2020, 1, 1))])
@example([("0002295100081", date(2017, 1, 1)), ("0002295100081", date(2010, 1, 1))])
def test_a_column_is_read_as_its_texts_are(rows: list[tuple[str, date]]) -> None:
    texts = [text.encode("utf-8", errors="replace").decode() for text, _ in rows]
    days = [day for _, day in rows]
    scalar = [without_births(read_id_number(text, day, POLICY)) for text, day in zip(texts, days, strict=True)]
    assert read_column(texts, days) == scalar


@settings(deadline=None)
@given(valid_numbers())
def test_no_valid_number_is_changed(made: tuple[str, date, date]) -> None:
    number, born, day = made
    reading = read_id_number(number, day, POLICY)
    assert (reading.id_number, reading.repairs, reading.born) == (number, (), born)


@settings(deadline=None)
@given(st.from_regex(r"\A[0-9]{13}\Z"))
def test_the_check_digit_is_the_departments(digits: str) -> None:
    matrix = np.array([[int(digit) for digit in digits]], dtype=np.uint8)
    assert check_digit_holds(digits) == luhn_by_the_book(digits) == check_digits_hold(matrix)[0]


@settings(deadline=None)
@given(st.lists(st.one_of(st.from_regex(r"\A[0-9]{13}\Z"), valid_numbers().map(itemgetter(0))), min_size=1), DAYS)
def test_thirteen_digits_are_judged_with_an_age_and_without(numbers: list[str], day: date) -> None:
    digits = np.array([[int(digit) for digit in number] for number in numbers], dtype=np.uint8)
    days = np.full(len(numbers), np.datetime64(day))
    here = [read_id_number(number, day, POLICY).id_number is not None for number in numbers]
    assert (valid_digits(digits) & ~np.isnat(births_at(digits, days, POLICY))).tolist() == here
    assert read_digits(digits, days, POLICY).valid.tolist() == here
    # At forty everyone has a possible age; 29 February of 00 is a day of one century only.
    at_forty = [
        any(
            read_id_number(number, date(century + int(number[:2]) + 40, 12, 31), POLICY).id_number
            for century in (1900, 2000)
        )
        for number in numbers
    ]
    assert valid_digits(digits).tolist() == at_forty


def test_an_impossible_age_shows_both_births() -> None:
    reading = read_id_number("0406015100083", date(2020, 12, 30), POLICY)
    assert reading.births == (date(1904, 6, 1), date(2004, 6, 1))


def test_a_leap_day_that_only_one_century_has() -> None:
    # In 2010 the age asks for 1900, which had no 29 February; in 2017 no century gives a possible age.
    assert read_id_number("0002295100081", date(2010, 1, 1), POLICY).problem == "no_such_date"
    reading = read_id_number("0002295100081", date(2017, 1, 1), POLICY)
    assert (reading.problem, reading.births) == ("age_out_of_range", (date(2000, 2, 29),))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("8.001015009087E-12", "not_a_number"),
        ("8,001,015,009,087", "not_a_number"),
        ("OIl", "not_a_number"),
        ("...", "missing"),
        ("n/a", "missing"),
        ("8.00101500908712E+12", "not_a_number"),
        ("12345678901234567890123456", "wrong_length"),
    ],
)
def test_what_is_not_read(text: str, problem: str) -> None:
    reading = read_id_number(text, date(2020, 1, 1), POLICY)
    assert (reading.problem, reading.id_number) == (problem, None)


def test_repairs_are_told_also_when_the_number_proves_wrong() -> None:
    reading = read_id_number("800101 5009 O78", date(2020, 1, 1), POLICY)
    assert (reading.problem, reading.repairs) == ("checksum", ("punctuation", "lookalike"))


def test_ages_that_change_on_a_day_are_those_of_the_reading_date():
    """From June 2021 on from 16: 3 March 2004 makes 17 then, and 1904 makes 117."""
    later = replace(POLICY.numbers[0], from_day=date(2021, 6, 1), minimum_age=16)
    policy = replace(POLICY, numbers=(*POLICY.numbers, later))
    number = next(n for n in (f"040303512308{digit}" for digit in range(10)) if check_digit_holds(n))
    days = [date(2021, 5, 31), date(2021, 6, 1)]
    assert [read_id_number(number, day, policy).born for day in days] == [None, date(2004, 3, 3)]
    digits = np.frombuffer((number * 2).encode(), dtype=np.uint8).reshape(2, 13) - 48
    born = births_at(digits, np.array(days, dtype="datetime64[D]"), policy)
    assert born.astype(str).tolist() == ["NaT", "2004-03-03"]
