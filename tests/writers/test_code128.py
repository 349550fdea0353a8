"""Bar codes say their digits, and say them in as few bars as there can be."""

from hypothesis import given
from hypothesis import strategies as st
from tests.writers.scanner import read

from ancadmin.writers.code128 import modules_of, widths_of


@given(st.text(alphabet="0123456789", min_size=1, max_size=20))
def test_a_scanner_reads_the_digits_back(digits):
    assert read([int(width) for width in widths_of(digits)]) == digits


def test_an_id_number_is_123_modules_for_its_digits_go_in_pairs():
    assert modules_of("8001015009087") == 123
    assert modules_of("0" * 12) == 11 * 8 + 13
