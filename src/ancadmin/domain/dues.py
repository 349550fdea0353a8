"""Which payment settled which period (docs/rules.md, section 4.3): one member's dues, told period by period."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ancadmin.domain.since import Credit, Periods


class Part(NamedTuple):
    """What of a deposit went to a period."""

    deposit: int
    cents: int


@dataclass(frozen=True)
class DuesPeriod:
    """One period: its days (`until` exclusive), what it costs, what of that is paid, when it was settled and by which
    parts of which deposits; `settled_on` is None while something is owing.
    """

    begins_on: str
    until: str
    fee_cents: int
    paid_cents: int
    settled_on: str | None
    parts: tuple[Part, ...]

    @property
    def deposits(self) -> tuple[int, ...]:
        """The deposits it was paid by."""
        return tuple(part.deposit for part in self.parts)


def dues(first_day: str, payments: Sequence[Credit], day: str, periods: Periods) -> list[DuesPeriod]:
    """The periods begun by `day` and those paid for ahead of time, in order; money fills the oldest first."""
    told: list[DuesPeriod] = []
    left = [(credit, credit.cents) for credit in payments if credit.on <= day]
    before = 0
    while True:
        period = periods.period(first_day, len(told))
        if period.starts_on > day and not left:
            return told
        until = periods.period(first_day, len(told) + 1).starts_on
        fee = period.fees - before
        before = period.fees
        paid, settled_on = 0, None
        parts: list[Part] = []
        while left and paid < fee:
            credit, cents = left.pop(0)
            taken = min(cents, fee - paid)
            paid += taken
            parts.append(Part(credit.deposit, taken))
            if taken < cents:
                left.insert(0, (credit, cents - taken))
            if paid == fee:
                settled_on = credit.on
        told.append(DuesPeriod(period.starts_on, until, fee, paid, settled_on, tuple(parts)))
        if until <= period.starts_on:
            return told
