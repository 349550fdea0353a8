"""How likely it is that a deposit is meant for a member, from 0 to 100, and why, in words an officer can read
(docs/rules.md, section 4.2).

What led to the member has a weight: how many times as likely it makes the member as nobody of all who were found. The
amount, a branch and a name in the text multiply it, as far as they are no part of what led there. Of all weights, and 1
for nobody, each has its share.

All candidates are told together, a column for each thing known: there may be as many as deposits.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from ancadmin.domain.money import rands
from ancadmin.domain.named_people import Fit
from ancadmin.domain.narrative_digits import Places
from ancadmin.domain.repairs import Slip, SlipKind, worth

SHOWN = 5
"""So many candidates of a deposit are kept at most."""
REFERENCE, LEARNT, CELL, NAME = 9.0, 19.0, 5.0, 4.0
_NEAR = 5.0
_LEAST, _MOST = 1, 99
_FITS = {
    Fit.FIRST_NAME: (20.0, ", with a first name"),
    Fit.INITIALS: (15.0, ", with the initials"),
    Fit.UNSAID: (8.0, ""),
    Fit.OTHER: (1.5, ", with other initials"),
}

Integers = npt.NDArray[np.int64]
Told = tuple[float, str]
"""What multiplies a weight, and why, in words; "" where nothing is said."""
Thing = TypeVar("Thing", bound=Hashable)


class Found(NamedTuple):
    """What led from a deposit to a member: its weight, and what it is in words."""

    weight: float
    words: str


class Paid(NamedTuple):
    """The amount of a deposit and the fee of its value date, in cents. `owed`: it is what the member owed that day."""

    cents: int
    fee: int
    owed: bool = False


class Named(NamedTuple):
    """A surname that is in the narrative, and how the words beside it fit; `led`: how they do in what led to the member
    by itself, None where the surname is no part of that.
    """

    surname: str
    fit: Fit
    led: Fit | None = None


class Branches(NamedTuple):
    """The branch on record that is in the narrative, and the member's. `led`: it is part of what led to the member."""

    said: str
    own: str
    led: bool = False


@dataclass(frozen=True)
class Candidates:
    """n members that deposits may be meant for, those of a deposit side by side. Arrays of int64, n rows: `deposit`,
    and `id_number` by which equals are put in order. n things each, of which most are like others: what led there; the
    money; the name and the branch in the narrative, None where there is none; whether the member applied and is not
    accepted; whether the register's last payment is as late as the value date.
    """

    deposit: Integers
    id_number: Integers
    found: Sequence[Found]
    paid: Sequence[Paid]
    named: Sequence[Named | None]
    branches: Sequence[Branches | None]
    waits: Sequence[bool]
    in_opening: Sequence[bool]


@dataclass(frozen=True)
class Ranked:
    """The candidates that are kept, by their place in the columns: deposit after deposit, of each the likeliest first.
    `score` is out of 100, `evidence` what it rests on.
    """

    place: Places
    score: Integers
    evidence: list[tuple[str, ...]]


@dataclass(frozen=True)
class _Telling:
    """What one thing says of each candidate: the factor, and its place among the different words."""

    factor: npt.NDArray[np.float64]
    which: Places
    words: list[str]


def near_miss(slip: Slip) -> Found:
    """What a damaged ID number is worth that is one slip away from the member's."""
    words = {
        SlipKind.WRONG: f"digit {slip.place} is {slip.read}, the number on record has {slip.meant}",
        SlipKind.SWAPPED: f"digits {slip.place} and {slip.place + 1} are swapped",
        SlipKind.MISSING: f"digit {slip.place}, a {slip.meant}, is missing",
        SlipKind.EXTRA: f"digit {slip.place}, a {slip.read}, is one too many",
    }
    return Found(_NEAR * worth(slip), words[slip.kind])


def ranked(candidates: Candidates) -> Ranked:
    """The likeliest candidates of each deposit, SHOWN at most; those with the same score in the order of their ID
    numbers. Rivals take from one another: the scores of a deposit add up to less than 100.
    """
    tellings = [
        _told(candidates.found, _of_found),
        _told(candidates.named, _of_name),
        _told(candidates.branches, _of_branch),
        _told(candidates.paid, _of_amount),
        _told(candidates.waits, _of_waiting),
        _told(candidates.in_opening, _of_opening),
    ]
    weight = np.ones(len(candidates.deposit))
    for telling in tellings:
        weight *= telling.factor
    _, group, count = np.unique(candidates.deposit, return_inverse=True, return_counts=True)
    share = 100 * weight / (1.0 + np.bincount(group, weight))[group]
    score = np.clip(np.rint(share), _LEAST, _MOST).astype(np.int64)
    order = np.lexsort((candidates.id_number, -score, group))
    in_order = group[order]
    kept = order[np.arange(len(order)) - np.searchsorted(in_order, in_order) < SHOWN]
    tellings.append(_told(count[group].tolist(), _of_rivals))
    return Ranked(kept, score[kept], _evidence(tellings, kept))


def _told(things: Iterable[Thing], rule: Callable[[Thing], Told]) -> _Telling:
    """What a rule says of each, asked once for all that are alike."""
    places: dict[Thing, int] = {}
    which = np.array([places.setdefault(thing, len(places)) for thing in things], dtype=np.int64)
    told = [rule(thing) for thing in places]
    return _Telling(np.array([factor for factor, _ in told])[which], which, [words for _, words in told])


def _evidence(tellings: Sequence[_Telling], kept: Places) -> list[tuple[str, ...]]:
    """The words of those that are kept, put together once for all that are alike."""
    found: dict[tuple[int, ...], tuple[str, ...]] = {}
    rows = list(zip(*(telling.which[kept].tolist() for telling in tellings), strict=True))
    for row in dict.fromkeys(rows):
        every = (telling.words[place] for telling, place in zip(tellings, row, strict=True))
        found[row] = tuple(words for words in every if words)
    return [found[row] for row in rows]


def _of_found(found: Found) -> Told:
    return found.weight, found.words


def _of_name(named: Named | None) -> Told:
    if named is None:
        return 1.0, ""
    weight, beside = _FITS[named.fit]
    # What led to the member is weighed already: it counts only how far the rest of the narrative goes beyond it.
    before = 1.0 if named.led is None else _FITS[named.led][0]
    return weight / before, f"the surname {named.surname} is in the text{beside}"


def _of_branch(branches: Branches | None) -> Told:
    if branches is None:
        return 1.0, ""
    if branches.said == branches.own:
        return 1.0 if branches.led else 4.0, f"branch {branches.said} is in the text, the member's own"
    return 1.0 if branches.led else 0.5, f"branch {branches.said} is in the text, the member's is {branches.own}"


def _of_amount(paid: Paid) -> Told:
    fees = paid.cents // paid.fee if paid.fee else 0
    whole = fees > 0 and paid.cents == fees * paid.fee
    said = f"the amount is {'one fee' if fees == 1 else f'{fees} fees'}"
    if paid.owed:
        return 2.0, f"{said}, what was owed that day" if whole else "the amount is what was owed that day"
    if whole:
        return 1.3 if fees == 1 else 1.2, said
    return 0.6, f"the amount is no number of fees of {rands(paid.fee)}"


def _of_waiting(waits: bool) -> Told:
    return (0.7, "not accepted yet") if waits else (1.0, "")


def _of_opening(in_opening: bool) -> Told:
    if not in_opening:
        return 1.0, ""
    return 0.3, "the register has a payment of that day or a later one, which may be this money"


def _of_rivals(count: int) -> Told:
    return 1.0, f"{count} members may be meant" if count > 1 else ""
