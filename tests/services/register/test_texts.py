"""Columns are read as the rules read one text at a time."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ancadmin.domain.contacts import read_cell
from ancadmin.domain.register_status import read_status
from ancadmin.services.register.importing.columns import whole_rows
from ancadmin.services.register.importing.spool import Spool
from ancadmin.services.register.importing.texts import cells

PHONES = st.one_of(
    st.text(alphabet="0123456789 +()-./27", max_size=16),
    st.from_regex(r"\A(\+27|0027|27|0)?[678][0-9]{8}(\.0)?\Z"),
    st.from_regex(r"\A0[678][0-9] [0-9]{3} [0-9]{4}( ?[/;,] ?0[678][0-9]{8})?\Z"),
    st.sampled_from(["", "082123456.0", "(082) 123-4567", "+27 (0)82 123 4567", "N/A"]),
)


@settings(deadline=None, max_examples=400)
@given(st.lists(PHONES, max_size=20))
def test_cell_numbers(texts):
    trimmed = [text.strip() for text in texts]
    assert cells(pa.array(trimmed, pa.string())).to_pylist() == [read_cell(text) for text in trimmed]


def test_what_would_break_a_row_apart_is_taken_out():
    table = pa.table({"0": ["a\x1fb", "c"], "1": ["d", "e\x00f"]})
    clean, raw = whole_rows(table)
    assert raw.to_pylist() == ["a b\x1fd", "c\x1fe f"]
    assert clean.column("0").to_pylist() == ["a b", "c"]


@pytest.mark.parametrize(
    ("text", "entry", "paid", "day"),
    [
        ("DECEASED", "deceased", None, ""),
        ("Deceased 2020-03-04", "deceased", None, "2020-03-04"),
        ("Oorlede op 4 Mei 2020", "deceased", None, "4 mei 2020"),
        ("Geskors", "suspended", None, ""),
        ("Member resigned", "resigned", None, ""),
        ("oorgeloop", "defected", None, ""),
        ("In good standing", None, True, ""),
        ("Paid-up member", None, True, ""),
        ("Not paid up", None, False, ""),
        ("Lapsed", None, False, ""),
        ("Verval", None, False, ""),
        ("Active", None, None, ""),
        ("late payment", None, None, ""),
        ("", None, None, ""),
    ],
)
def test_what_a_status_says(text, entry, paid, day):
    status = read_status(text)
    assert (status.entry, status.paid, status.day) == (entry, paid, day)


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 9_999_999_999_999), max_size=5), max_size=5))
def test_the_spool_gives_every_row_back_in_order_of_bucket_and_of_reading(chunks):
    schema = pa.schema([("number", pa.int64()), ("at", pa.int64())])
    at = iter(range(1000))
    tables = [pa.table([chunk, [next(at) for _ in chunk]], schema=schema) for chunk in chunks]
    rows = [row for table in tables for row in table.to_pylist()]
    for in_memory in (0, 1000):
        spool = Spool(schema, in_memory)
        for table in tables:
            spool.add(table)
        buckets = [bucket.to_pylist() for bucket in spool.buckets()]
        spool.close()
        flat = [row for bucket in buckets for row in bucket]
        assert sorted(flat, key=lambda row: row["at"]) == rows
        if in_memory == 0:
            starts = [{row["number"] // 10**11 for row in bucket} for bucket in buckets]
            assert all(len(start) == 1 for start in starts)
            assert starts == sorted(starts, key=min)
            assert all([row["at"] for row in bucket] == sorted(row["at"] for row in bucket) for bucket in buckets)
