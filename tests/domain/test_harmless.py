"""Cells of CSV that become no formula, and that scripts still read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ancadmin.domain.harmless import as_meant, harmless


@pytest.mark.parametrize(
    "text",
    ["=1+1", "=HYPERLINK(1)", "+1+1", "-1+1", "-2-3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "-cmd|' /C calc'!A0",
     "+27 82 A1", "-1e5", "--5", "+27821234567+A1", "-500\n=1"],
)  # fmt: skip
def test_what_a_spreadsheet_would_reckon_with_is_marked_as_text(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    ["-500", "-12.50", "+3", "+27821234567", "+27 82 123 4567", "0821234567", "Nkosi", "O'Brien", "", "a=b", "-",
     "R-500", "'tis"],
)  # fmt: skip
def test_numbers_telephone_numbers_and_plain_text_stay(text):
    assert harmless(text) == text


@given(st.text(alphabet="=+-@\t\r\n'1a ", max_size=6))
def test_what_was_marked_is_read_as_it_was_meant(text):
    cell = harmless(text)
    assert not cell.startswith(("=", "@", "\t", "\r", "\n"))
    if not text.startswith("'"):
        assert as_meant(cell) == text
