"""How likely it is that a deposit is meant for a member, from 0 to 100, and why, in words an officer can read
(docs/rules.md, section 4.2).

What led to the member has a weight: how many times as likely it makes the member as nobody of all who were found. The
amount, a branch and a name in the text multiply it. Of all weights, and 1 for nobody, each has its share.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ancadmin.domain.money import rands
from ancadmin.domain.named_people import Fit
from ancadmin.domain.repairs import Slip, SlipKind, worth

SHOWN = 5
"""So many candidates of a deposit are kept at most."""
REFERENCE, LEARNT, CELL, NAME = 9.0, 19.0, 5.0, 4.0
_NEAR = 5.0
_LEAST, _MOST = 1, 99


@dataclass(frozen=True)
class Found:
    """What led from a deposit to a member: its weight, and what it is in words."""

    weight: float
    words: str


@dataclass(frozen=True)
class Paid:
    """What the deposit says beside that: its amount and the fee of its value date, in cents, and the code of a branch
    on record in its narrative, where there is one.
    """

    cents: int
    fee: int
    branch: str | None = None


@dataclass(frozen=True)
class Candidate:
    """A member the deposit may be meant for. `named` says how the narrative's words fit, None where it has another
    surname or none; `owed` are the cents owed on the value date, None where nothing can be said. `waits`: applied and
    not accepted; `in_opening`: the register's last payment is as late as the value date.
    """

    member: int
    id_number: str
    surname: str
    branch: str
    found: Found
    named: Fit | None = None
    owed: int | None = None
    waits: bool = False
    in_opening: bool = False


@dataclass(frozen=True)
class Scored:
    """A candidate's score out of 100, and what it rests on."""

    member: int
    score: int
    evidence: tuple[str, ...]


def near_miss(slip: Slip) -> Found:
    """What a damaged ID number is worth that is one slip away from the member's."""
    words = {
        SlipKind.WRONG: f"digit {slip.place} is {slip.read}, the number on record has {slip.meant}",
        SlipKind.SWAPPED: f"digits {slip.place} and {slip.place + 1} are swapped",
        SlipKind.MISSING: f"digit {slip.place}, a {slip.meant}, is missing",
        SlipKind.EXTRA: f"digit {slip.place}, a {slip.read}, is one too many",
    }
    return Found(_NEAR * worth(slip), words[slip.kind])


def ranked(paid: Paid, candidates: Sequence[Candidate]) -> list[Scored]:
    """The candidates, the likeliest first and SHOWN at most; those with the same score in the order of their ID
    numbers. Rivals take from one another: their scores add up to less than 100.
    """
    weighed = []
    for one in candidates:
        weight, evidence = one.found.weight, [one.found.words]
        for factor, words in (*_of_names(one), *_of_branch(paid, one), *_of_amount(paid, one), *_of_record(one)):
            weight *= factor
            evidence.append(words)
        weighed.append((weight, one, evidence))
    every = 1.0 + sum(weight for weight, _, _ in weighed)
    scored = [
        (min(max(round(100 * weight / every), _LEAST), _MOST), one, tuple(evidence + _of_rivals(len(weighed))))
        for weight, one, evidence in weighed
    ]
    scored.sort(key=lambda found: (-found[0], found[1].id_number))
    return [Scored(one.member, score, evidence) for score, one, evidence in scored[:SHOWN]]


def _of_names(one: Candidate) -> list[tuple[float, str]]:
    if one.named is None:
        return []
    surname = f"the surname {one.surname} is in the text"
    return [
        {
            Fit.FIRST_NAME: (20.0, f"{surname}, with a first name"),
            Fit.INITIALS: (15.0, f"{surname}, with the initials"),
            Fit.UNSAID: (8.0, surname),
            Fit.OTHER: (1.5, f"{surname}, with other initials"),
        }[one.named]
    ]


def _of_branch(paid: Paid, one: Candidate) -> list[tuple[float, str]]:
    if paid.branch is None:
        return []
    if paid.branch == one.branch:
        return [(4.0, f"branch {paid.branch} is in the text, the member's own")]
    return [(0.5, f"branch {paid.branch} is in the text, the member's is {one.branch}")]


def _of_amount(paid: Paid, one: Candidate) -> list[tuple[float, str]]:
    fees = paid.cents // paid.fee if paid.fee else 0
    whole = fees > 0 and paid.cents == fees * paid.fee
    said = f"the amount is {'one fee' if fees == 1 else f'{fees} fees'}"
    if one.owed and paid.cents == one.owed:
        return [(2.0, f"{said}, what was owed that day" if whole else "the amount is what was owed that day")]
    if whole:
        return [(1.3 if fees == 1 else 1.2, said)]
    return [(0.6, f"the amount is no number of fees of {rands(paid.fee)}")]


def _of_record(one: Candidate) -> list[tuple[float, str]]:
    found = []
    if one.waits:
        found.append((0.7, "not accepted yet"))
    if one.in_opening:
        found.append((0.3, "the register has a payment of that day or a later one, which may be this money"))
    return found


def _of_rivals(count: int) -> list[str]:
    return [f"{count} members may be meant"] if count > 1 else []
