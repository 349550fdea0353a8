"""Settlement, arrears first (docs/rules.md, sections 3 and 4.3), for whole columns of members at a time.

Days are `datetime64[D]` (NaT: none), money is integer cents, `owner` says which member (a position) a payment is of.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from ancadmin.domain.dates import Days, add_months_to_days
from ancadmin.domain.lengths import begun_by, months_until, over_on_days, spans
from ancadmin.domain.policy import Policy

Cents = npt.NDArray[np.int64]
Positions = npt.NDArray[np.int64]

LAST_DAY = np.datetime64("9999-12-31", "D")
NO_DAY = np.datetime64("NaT", "D")


@dataclass(frozen=True)
class Payments:
    """Money that counts, in order of member and day: one entry an allocation."""

    owner: Positions
    day: Days
    cents: Cents

    def running(self) -> Cents:
        """What each member has paid up to and with each payment."""
        total = np.cumsum(self.cents)
        first = np.searchsorted(self.owner, self.owner, side="left")
        before: Cents = np.concatenate([[0], total])[first]
        return total - before


@dataclass(frozen=True)
class Calendar:
    """Rows of the fee calendar, a column each; `position` says which of the first days asked for a row is of."""

    position: Positions
    number: Positions
    starts_on: Days
    grace_ends_on: Days
    fees_before: Cents


def clipped(days: Days) -> Days:
    """Days no later than the last that four digits of a year can write."""
    return np.minimum(days, LAST_DAY)


def opening_end(paid_on: Days, policy: Policy) -> Days:
    """The first day that the register's last payment no longer covers, if it is at least the fee (section 3)."""
    return clipped(add_months_to_days(paid_on, policy.on_days("period_months", paid_on)))


def first_fee_complete(payments: Payments, members: int, policy: Policy) -> Days:
    """For each member the day the accumulated payments first reach the fee in force that day; NaT: never."""
    paid = payments.running()
    complete = np.full(members, NO_DAY, dtype="datetime64[D]")
    reached = np.flatnonzero(paid >= policy.fees_on(payments.day))
    owners, first = np.unique(payments.owner[reached], return_index=True)
    complete[owners] = payments.day[reached[first]]
    for day in _days_of_lower_fees(policy):
        # Money that was too little yesterday may be enough on the day the fee drops.
        total = np.zeros(members, dtype=np.int64)
        np.add.at(total, payments.owner, np.where(payments.day <= day, payments.cents, 0))
        enough = total >= policy.fees_on(np.array([day]))[0]
        complete = np.where(enough & (np.isnat(complete) | (complete > day)), day, complete)
    return complete


def _days_of_lower_fees(policy: Policy) -> list[np.datetime64]:
    pairs = zip(policy.fees, policy.fees[1:], strict=False)
    return [np.datetime64(later.from_day, "D") for earlier, later in pairs if later.cents < earlier.cents]


def periods_needed(first_days: Days, money: Cents, reaches: date, policy: Policy) -> Positions:
    """How many rows the calendars of these first days need, to reach the day `reaches` and whatever `money` pays."""
    lowest = min(fee.cents for fee in policy.fees)
    lengths = spans(policy, "period_months")
    wanted = np.maximum(begun_by(first_days, np.datetime64(reaches, "M"), lengths) + 1, money // lowest + 2)
    possible = begun_by(first_days, np.datetime64("9999-12", "M"), lengths) - 1
    periods: Positions = np.maximum(np.minimum(wanted, possible), 1)
    return periods


def probation_end(complete: Days, policy: Policy) -> Days:
    """When the probation of those whose joining fee was complete on a day is over (section 5)."""
    return clipped(over_on_days(complete, spans(policy, "probation_months")))


def calendar(first_days: Days, periods: Positions, policy: Policy) -> Calendar:
    """The periods 0 … `periods` − 1 of everyone whose first period begins on each of `first_days` (section 4.3)."""
    position = np.repeat(np.arange(len(first_days)), periods)
    ends = np.cumsum(periods)
    number = np.arange(int(periods.sum())) - np.repeat(ends - periods, periods)
    months = months_until(first_days[position], number, spans(policy, "period_months"))
    starts_on = clipped(add_months_to_days(first_days[position], months))
    fees = policy.fees_on(starts_on)
    return Calendar(
        position=position,
        number=number,
        starts_on=starts_on,
        grace_ends_on=clipped(over_on_days(starts_on, spans(policy, "grace_months"))),
        fees_before=Payments(position, starts_on, fees).running() - fees,
    )
