"""Flows between statuses over time: changes as the sweep recorded them, by period and by what they mean."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from ancadmin.domain.receivables import months
from ancadmin.domain.standing import EXCLUSIONS, RULE_NUMBERS, Status

_OUTSIDE = frozenset({Status.DECEASED, *EXCLUSIONS, Status.REJECTED})
_COVERED = frozenset({Status.GOOD_STANDING, Status.GRACE})


class Every(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"


class Flow(StrEnum):
    """What a change of status means, in the order of the paper."""

    JOINED = "joined"
    ACCEPTED = "accepted"
    THROUGH_PROBATION = "through_probation"
    INTO_GRACE = "into_grace"
    RENEWED = "renewed"
    OUT_OF_GRACE = "out_of_grace"
    BACK = "back"
    LEFT = "left"
    DISCIPLINED = "disciplined"
    REINSTATED = "reinstated"
    DIED = "died"
    REFUSED = "refused"
    TAKEN_OFF = "taken_off"
    PUT_RIGHT = "put_right"

    @property
    def words(self) -> str:
        """As a heading says it."""
        return self.value.replace("_", " ").capitalize()


def flow_of(before: str | None, after: str | None) -> Flow:
    """What it means that somebody of status `before` has status `after`; None: not listed."""
    arriving: dict[str | None, Flow] = {
        None: Flow.TAKEN_OFF,
        Status.DECEASED: Flow.DIED,
        Status.EXPELLED: Flow.DISCIPLINED,
        Status.SUSPENDED: Flow.DISCIPLINED,
        Status.RESIGNED: Flow.LEFT,
        Status.DEFECTED: Flow.LEFT,
        Status.LAPSED: Flow.LEFT,
        Status.REJECTED: Flow.REFUSED,
    }
    if before is None:
        return Flow.JOINED
    if after in arriving:
        return arriving[after]
    return _within(before, after)


def _within(before: str, after: str | None) -> Flow:
    """Of a change to a status of somebody who is in, or wants to be."""
    if before in _OUTSIDE:
        return Flow.REINSTATED
    if before in (Status.APPLICANT, Status.AWAITING_PAYMENT) and after != Status.APPLICANT:
        return Flow.ACCEPTED
    if after == Status.PROBATION or after not in (*_COVERED, Status.NOT_IN_GOOD_STANDING):
        return Flow.PUT_RIGHT
    if before == Status.PROBATION:
        return Flow.THROUGH_PROBATION
    if after == Status.NOT_IN_GOOD_STANDING:
        return Flow.OUT_OF_GRACE
    if before == Status.NOT_IN_GOOD_STANDING:
        return Flow.BACK
    return Flow.RENEWED if after == Status.GOOD_STANDING else Flow.INTO_GRACE


class Moves(NamedTuple):
    """So many changed from `before` to `after` on a day; None: not listed."""

    on: date
    before: str | None
    after: str | None
    many: int


@dataclass(frozen=True)
class Period:
    """The changes from `first` to `last`, both included: how many had each status before and at the end, and how many
    changed from which to which. Statuses nobody has are left out.
    """

    name: str
    first: date
    last: date
    opening: Counter[str]
    closing: Counter[str]
    transitions: Counter[tuple[str | None, str | None]]

    def entered(self, status: str) -> int:
        """How many changed to a status."""
        return sum(count for (_, after), count in self.transitions.items() if after == status)

    def left(self, status: str) -> int:
        """How many changed from it. Opening + entered - left = closing."""
        return sum(count for (before, _), count in self.transitions.items() if before == status)

    @property
    def statuses(self) -> list[str]:
        """Those anybody had in the period, in the order of the rules."""
        named = {*self.opening, *self.closing, *(status for pair in self.transitions for status in pair)}
        return [status for status in RULE_NUMBERS if status in named]

    @property
    def flows(self) -> Counter[Flow]:
        """The changes by what they mean."""
        found: Counter[Flow] = Counter()
        for (before, after), count in self.transitions.items():
            found[flow_of(before, after)] += count
        return found


def periods(moves: Iterable[Moves], first: date, last: date, every: Every) -> tuple[list[Period], Period]:
    """The months or quarters from `first` to `last`, the outer ones as far as they lie in it, and the whole."""
    known = sorted(moves, key=lambda one: one.on)
    parts = [_period(known, name, begin, end) for name, begin, end in _spans(first, last, every)]
    return parts, _period(known, "total", first, last)


def _spans(first: date, last: date, every: Every) -> list[tuple[str, date, date]]:
    found: list[tuple[str, date, date]] = []
    for begin, end in months(first, last):
        quarter = f"{begin.year}-Q{(begin.month + 2) // 3}"
        name = quarter if every is Every.QUARTER else f"{begin:%Y-%m}"
        if found and found[-1][0] == name:
            found[-1] = (name, found[-1][1], end)
        else:
            found.append((name, begin, end))
    return found


def _period(known: list[Moves], name: str, first: date, last: date) -> Period:
    opening: Counter[str] = Counter()
    closing: Counter[str] = Counter()
    transitions: Counter[tuple[str | None, str | None]] = Counter()
    for on, before, after, many in known:
        if on > last:
            break
        if on >= first:
            transitions[before, after] += many
        for counts in (opening, closing) if on < first else (closing,):
            if before is not None:
                counts[before] -= many
            if after is not None:
                counts[after] += many
    return Period(name, first, last, +opening, +closing, transitions)
