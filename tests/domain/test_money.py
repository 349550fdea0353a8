"""Amounts and numbers as people type them, read exactly or refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ancadmin.domain.money import rands, round_half_up, typed_cents, typed_number


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("R1 234.50", 123450),
        ("1234,50", 123450),
        ("R1,234.50", 123450),
        ("R1.234,50", 123450),
        ("r 1\u00a0234,5", 123450),
        ("ZAR 1234.5", 123450),
        ("1,234,567", 123456700),
        ("1250c", 1250),
        ("12", 1200),
        ("0.05", 5),
        ("０.05", 5),
    ],
)
def test_rands_are_read_exactly(text, cents):
    assert typed_cents(text) == cents


@pytest.mark.parametrize("text", ["", "R", "-5", "1,234", "1.234", "12.505", "1 23.00", "12 34", "1e3", "R1.2.3", "٣"])
def test_what_could_mean_two_things_or_none_is_refused(text):
    with pytest.raises(ValueError, match="not an amount"):
        typed_cents(text)


@given(st.integers(0, 10**14))
def test_what_the_program_writes_it_reads_back(cents):
    assert typed_cents(rands(cents)) == cents


@pytest.mark.parametrize(
    ("text", "number"), [("2", "2"), ("1,5", "1.5"), ("10 000", "10000"), ("12.5%", "12.5"), ("12,25 %", "12.25")]
)
def test_numbers_are_read_exactly(text, number):
    assert typed_number(text, places=2) == Decimal(number)


@pytest.mark.parametrize("text", ["", "-1", "1.125", "1,000", "1e2", "half", "1 000.5.0"])
def test_numbers_of_another_shape_are_refused(text):
    with pytest.raises(ValueError, match="number"):
        typed_number(text, places=2)


@pytest.mark.parametrize(("amount", "cents"), [("0.5", 1), ("1.5", 2), ("2.5", 3), ("2.4999999999999999999", 2)])
def test_halves_go_up(amount, cents):
    assert round_half_up(Decimal(amount)) == cents
