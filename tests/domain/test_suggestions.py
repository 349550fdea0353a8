"""docs/rules.md, section 4.2: what speaks for a member, and how much."""

import pytest

from ancadmin.domain.named_people import Fit
from ancadmin.domain.repairs import Slip, SlipKind
from ancadmin.domain.suggestions import SHOWN, Candidate, Found, Paid, near_miss, ranked

FEE = Paid(2000, 2000)


def somebody(number="8001015009087", **known):
    """A candidate with this number."""
    return Candidate(**{"member": int(number), "id_number": number, "surname": "Mokoena", "branch": "79700012",
                        "found": Found(0.5, "the member's cell number is in the text"), **known})  # fmt: skip


def score(paid=FEE, **known):
    """The score of somebody nobody rivals."""
    (one,) = ranked(paid, [somebody(**known)])
    return one.score


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"named": Fit.UNSAID}, {}),
        ({"named": Fit.INITIALS}, {"named": Fit.UNSAID}),
        ({"named": Fit.FIRST_NAME}, {"named": Fit.INITIALS}),
        ({"named": Fit.UNSAID}, {"named": Fit.OTHER}),
        ({"owed": 2000}, {"owed": 4000}),
        ({}, {"waits": True}),
        ({}, {"in_opening": True}),
        ({"paid": Paid(2000, 2000, "79700012")}, {}),
        ({}, {"paid": Paid(2000, 2000, "63703001")}),
        ({}, {"paid": Paid(1500, 2000)}),
    ],
)
def test_what_speaks_for_a_member_gives_more(better, worse):
    assert score(**better) > score(**worse)


def test_rivals_share_a_tie_stands_in_order_of_numbers_and_five_are_shown():
    alone = score()
    numbers = [f"800101500908{digit}" for digit in range(7)]
    found = ranked(FEE, [somebody(number) for number in reversed(numbers)])
    assert [one.member for one in found] == [int(number) for number in numbers[:SHOWN]]
    assert len({one.score for one in found}) == 1
    assert found[0].score < alone
    assert found[0].evidence[-1] == "7 members may be meant"


def test_nothing_is_certain_and_nothing_is_nought():
    sure = {"named": Fit.FIRST_NAME, "owed": 2000, "paid": Paid(2000, 2000, "79700012"), "found": Found(19.0, "x")}
    assert score(**sure) == 99
    found = ranked(FEE, [somebody("8001015009080", in_opening=True, found=Found(0.01, "x")), somebody(**{
        name: value for name, value in sure.items() if name != "paid"})])  # fmt: skip
    assert [one.score for one in found][-1] == 1


@pytest.mark.parametrize(
    ("slip", "words"),
    [
        (Slip(SlipKind.WRONG, 7, "2", "1"), "digit 7 is 2, the number on record has 1"),
        (Slip(SlipKind.SWAPPED, 8, "32"), "digits 8 and 9 are swapped"),
        (Slip(SlipKind.MISSING, 6, "", "1"), "digit 6, a 1, is missing"),
        (Slip(SlipKind.EXTRA, 6, "7"), "digit 6, a 7, is one too many"),
    ],
)
def test_a_slip_is_told_without_the_number(slip, words):
    assert near_miss(slip).words == words
