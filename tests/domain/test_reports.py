"""Reports as people read them."""

from fractions import Fraction

import pytest

from ancadmin.domain.reports import Kind


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.04795, "4.8%"),
        (0.0474, "4.7%"),
        (Fraction(19, 400), "4.8%"),
        (0.125, "12.5%"),
        (0.9996, "99.9%"),
        (1, "100.0%"),
        (0, "0.0%"),
        (-0.2, "-20.0%"),
        (None, "n/a"),
    ],
)
def test_a_share_is_rounded_to_the_nearest_tenth_and_only_all_of_it_is_all(value, words):
    assert Kind.SHARE.words(value) == words
