"""docs/rules.md, section 4.2: what speaks for a member, and how much."""

import random

import numpy as np
import pytest

from ancadmin.domain.named_people import Fit
from ancadmin.domain.repairs import Slip, SlipKind
from ancadmin.domain.suggestions import SHOWN, Branches, Candidates, Found, Named, Paid, near_miss, ranked

CELL = Found(0.5, "the member's cell number is in the text")
OWN, OTHER = Branches("79700012", "79700012"), Branches("63703001", "79700012")
OPENING = "the register has a payment of that day or a later one, which may be this money"
SCORE = {Fit.FIRST_NAME: 20.0, Fit.INITIALS: 15.0, Fit.UNSAID: 8.0, Fit.OTHER: 1.5}
BESIDE = {Fit.FIRST_NAME: ", with a first name", Fit.INITIALS: ", with the initials", Fit.UNSAID: "",
          Fit.OTHER: ", with other initials"}  # fmt: skip


def somebody(number="8001015009087", deposit=1, **known):
    """A candidate with this number, as its columns have it."""
    return {"deposit": deposit, "id_number": int(number), "found": CELL, "paid": Paid(2000, 2000), "named": None,
            "branches": None, "waits": False, "in_opening": False, **known}  # fmt: skip


def columns(people):
    """The columns of some candidates."""
    found = {name: [one[name] for one in people] for name in somebody()}
    arrays = {name: np.array(found[name], dtype=np.int64) for name in ("deposit", "id_number")}
    return Candidates(**found | arrays)


def told(people):
    """Deposit, place, score and evidence of those that are kept."""
    found = ranked(columns(people))
    rows = zip(found.place.tolist(), found.score.tolist(), found.evidence, strict=True)
    return [(people[place]["deposit"], place, score, evidence) for place, score, evidence in rows]


def score(**known):
    """The score of somebody nobody rivals."""
    ((_, _, one, _),) = told([somebody(**known)])
    return one


def one_by_one(people):
    """The rule as docs/rules.md tells it, a deposit after the other."""
    answers = []
    for deposit in sorted({one["deposit"] for one in people}):
        weighed = [(place, *weigh(one)) for place, one in enumerate(people) if one["deposit"] == deposit]
        every = 1.0 + sum(weight for _, weight, _ in weighed)
        rivals = [f"{len(weighed)} members may be meant"] if len(weighed) > 1 else []
        scored = [
            (deposit, place, min(max(round(100 * weight / every), 1), 99), tuple(evidence + rivals))
            for place, weight, evidence in weighed
        ]
        answers += sorted(scored, key=lambda row: (-row[2], people[row[1]]["id_number"]))[:SHOWN]
    return answers


def weigh(one):
    """The weight of one candidate and the words for it."""
    weight, evidence = one["found"].weight, [one["found"].words]
    if one["named"]:
        weight *= SCORE[one["named"].fit] / SCORE.get(one["named"].led, 1.0)
        evidence.append(f"the surname {one['named'].surname} is in the text{BESIDE[one['named'].fit]}")
    if one["branches"]:
        said, own, led = one["branches"]
        weight *= 1.0 if led else 4.0 if said == own else 0.5
        whose = "own" if said == own else f"is {own}"
        evidence.append(f"branch {said} is in the text, the member's {whose}")
    cents, fee, owed = one["paid"]
    fees = 0 if cents % fee else cents // fee
    said = "the amount is one fee" if fees == 1 else f"the amount is {fees} fees"
    if owed:
        weight *= 2.0
        evidence.append(f"{said}, what was owed that day" if fees else "the amount is what was owed that day")
    else:
        weight *= (1.3 if fees == 1 else 1.2) if fees else 0.6
        evidence.append(said if fees else f"the amount is no number of fees of R{fee // 100}.{fee % 100:02}")
    for holds, factor, words in ((one["waits"], 0.7, "not accepted yet"), (one["in_opening"], 0.3, OPENING)):
        if holds:
            weight *= factor
            evidence.append(words)
    return weight, evidence


@pytest.mark.parametrize("seed", range(5))
def test_a_column_is_told_as_each_deposit_is_by_itself(seed):
    chance = random.Random(seed)
    led = [CELL, Found(19.0, "a reference"), Found(10.5, "digits"), Found(15.0, "another digit")]
    fits = [None, *Fit]
    people = [
        somebody(
            chance.randrange(10**13),
            deposit=deposit,
            found=chance.choice(led),
            paid=Paid(chance.choice([1500, 2000, 6000]), chance.choice([1200, 2000]), chance.random() < 0.3),
            named=chance.choice([None, Named(chance.choice("AB"), chance.choice(list(Fit)), chance.choice(fits))]),
            branches=chance.choice([None, Branches("1", chance.choice("12"), chance.random() < 0.5)]),
            waits=chance.random() < 0.2,
            in_opening=chance.random() < 0.2,
        )
        for deposit in sorted(chance.sample(range(900), 300))
        for _ in range(chance.choice([1, 1, 1, 2, 3, 9]))
    ]
    assert told(people) == one_by_one(people)


def test_of_nobody_nothing_is_told():
    assert told([]) == []


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"named": Named("Mokoena", Fit.UNSAID)}, {}),
        ({"named": Named("Mokoena", Fit.INITIALS)}, {"named": Named("Mokoena", Fit.UNSAID)}),
        ({"named": Named("Mokoena", Fit.FIRST_NAME)}, {"named": Named("Mokoena", Fit.INITIALS)}),
        ({"named": Named("Mokoena", Fit.UNSAID)}, {"named": Named("Mokoena", Fit.OTHER)}),
        ({"paid": Paid(2000, 2000, owed=True)}, {}),
        ({}, {"waits": True}),
        ({}, {"in_opening": True}),
        ({"branches": OWN}, {}),
        ({}, {"branches": OTHER}),
        ({}, {"paid": Paid(1500, 2000)}),
    ],
)
def test_what_speaks_for_a_member_gives_more(better, worse):
    assert score(**better) > score(**worse)


def test_what_led_to_a_member_is_not_counted_again():
    assert score(named=Named("Mokoena", Fit.INITIALS, Fit.INITIALS), branches=OWN._replace(led=True)) == score()
    beyond = score(named=Named("Mokoena", Fit.FIRST_NAME, Fit.INITIALS))
    assert score() < beyond < score(named=Named("Mokoena", Fit.FIRST_NAME))


def test_rivals_share_a_tie_stands_in_order_of_numbers_and_five_are_shown():
    numbers = [8001015009080 + digit for digit in range(7)]
    people = [somebody(number) for number in reversed(numbers)]
    found = told(people)
    assert [people[place]["id_number"] for _, place, _, _ in found] == numbers[:SHOWN]
    assert len({one for _, _, one, _ in found}) == 1
    assert found[0][2] < score()
    assert found[0][3][-1] == "7 members may be meant"


def test_nothing_is_certain_and_nothing_is_nought():
    sure = {"named": Named("Mokoena", Fit.FIRST_NAME), "branches": OWN, "found": Found(19.0, "x")}
    assert score(**sure) == 99
    found = told([somebody(8001015009080, in_opening=True, found=Found(0.01, "x")), somebody(**sure)])
    assert found[-1][2] == 1


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
