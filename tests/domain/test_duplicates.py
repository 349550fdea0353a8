"""What evidence about two records is worth, and what a household shares proves (docs/rules.md, section 2)."""

import pytest

from ancadmin.domain.duplicates import before, bits_of, chance, most_of_household, most_of_twins, score_of, worth


@pytest.mark.parametrize("score", [0.01, 0.5, 0.9, 0.999])
def test_a_score_and_its_bits_say_the_same(score):
    assert score_of(bits_of(score)) == pytest.approx(score)


def test_the_more_members_the_less_likely_any_two_are_one():
    assert chance(100) > chance(10_000) > chance(1_400_000) > 0
    assert chance(0) == chance(1) < 0.5
    assert score_of(before(1_400_000)) == pytest.approx(chance(1_400_000))


@pytest.mark.parametrize("members", [10, 5_000, 1_400_000])
def test_what_a_family_shares_proves_nobody_the_same_person(members):
    assert score_of(before(members) + most_of_household(members)) < 0.2
    # Nor do twins' numbers with it, once their first names differ (which makes one person fifty times less likely).
    assert score_of(before(members) + most_of_twins(members) - 5.5) < 0.5


@pytest.mark.parametrize(
    ("bits", "words"),
    [
        (0.2, "says little"),
        (1.0, "makes it 2.0 times likelier that they are one person"),
        (-5.0, "makes it 32 times less likely that they are one person"),
        (10.0, "makes it 1 000 times likelier that they are one person"),
        (25.0, "makes it over a million times likelier that they are one person"),
    ],
)
def test_worth_is_said_in_words(bits, words):
    assert worth(bits) == words
