"""Receivables (docs/rules.md, section 10): dues owed by age, and how well they are collected over a period.

Columns are numpy arrays, a member a row: money in integer cents, days `datetime64[D]`. Ratios are exact fractions, or
None where there is nothing to divide by.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ancadmin.domain.dates import Days
from ancadmin.domain.policy import Policy
from ancadmin.domain.settlement import Cents, calendar, periods_needed

Flags = npt.NDArray[np.bool_]


class Bucket(StrEnum):
    """How long ago a due fell due, which it does on the first day of its period."""

    CURRENT = "current"
    DAYS_1_30 = "days_1_30"
    DAYS_31_60 = "days_31_60"
    DAYS_61_90 = "days_61_90"
    OVER_90 = "over_90"

    @property
    def least(self) -> int:
        """The fewest days past the day it fell due; the most are one less than the next bucket's fewest."""
        return (0, 1, 31, 61, 91)[list(Bucket).index(self)]

    @property
    def words(self) -> str:
        """As people say it."""
        return ("Current", "1–30 days", "31–60 days", "61–90 days", "Over 90 days")[list(Bucket).index(self)]

    @classmethod
    def of(cls, days: int) -> "Bucket":
        """The bucket of something `days` (not negative) past its day."""
        return next(bucket for bucket in reversed(cls) if bucket.least <= days)


def charged(first_days: Days, by: Days, policy: Policy) -> Cents:
    """The fees of the periods begun by each of the days `by`, of everyone whose first period begins on each of
    `first_days`; an array of one row a first day and one column a day. For NaT nothing is charged.
    """
    fees = np.zeros((len(first_days), len(by)), dtype=np.int64)
    begun = np.flatnonzero(~np.isnat(first_days))
    if not len(begun):
        return fees
    reaches: date = by.max().astype(object)
    needed = periods_needed(first_days[begun], np.zeros(len(begun), dtype=np.int64), reaches, policy)
    periods = calendar(first_days[begun], needed, policy)
    fee = policy.fees_on(periods.starts_on)
    for column, day in enumerate(by):
        np.add.at(fees[:, column], begun[periods.position], np.where(periods.starts_on <= day, fee, 0))
    return fees


def bucket_days(day: date) -> Days:
    """For each bucket the last day on which a period began that is in it, or in an older one, as at `day`."""
    return np.array([np.datetime64(day, "D") - bucket.least for bucket in Bucket], dtype="datetime64[D]")


def aged(charged_by: Cents, money: Cents) -> Cents:
    """What is unpaid by bucket: an array of a row a member and a column a bucket.

    `charged_by` is `charged` by `bucket_days`. Money fills the oldest period first, so what is unpaid on periods begun
    by a day is what was charged by then, less all the money there is.
    """
    unpaid: Cents = np.maximum(charged_by - money[:, None], 0)
    unpaid[:, :-1] -= unpaid[:, 1:]
    return unpaid


@dataclass(frozen=True)
class Aged:
    """Dues owed on a day by the members of a place, in cents by bucket, and what of their money no period has used.

    `members`: how many owe something.
    """

    members: int
    cents: tuple[int, ...]
    credit_cents: int

    @property
    def owed_cents(self) -> int:
        """All that is owed: the arrears of all members."""
        return sum(self.cents)


@dataclass(frozen=True)
class Moved:
    """What became of the dues of some members in a period, a column each: what they owed before it and at its end
    (`closing_current` of it fell due on the last day), what was billed, what was received and what of that was applied.

    `net_billed` is what was billed to those who still owe dues at the end.
    """

    opening: Cents
    billed: Cents
    net_billed: Cents
    received: Cents
    applied: Cents
    closing: Cents
    closing_current: Cents

    def columns(self) -> tuple[Cents, ...]:
        """The columns in the order above."""
        return (
            self.opening,
            self.billed,
            self.net_billed,
            self.received,
            self.applied,
            self.closing,
            self.closing_current,
        )


@dataclass(frozen=True)
class Snapshot:
    """Some members at the end of a day: fees of the periods begun by then, money that counts, whether dues are owed."""

    charged: Cents
    money: Cents
    owes: Flags

    def owed(self) -> Cents:
        """Their arrears."""
        return np.where(self.owes, np.maximum(self.charged - self.money, 0), 0)


def moved(before: Snapshot, after: Snapshot, billed: Cents, closing_current: Cents) -> Moved:
    """What happened between the snapshots of the day before a period and of its last day; `billed` are the fees of the
    periods that began in it on a day on which dues were owed.
    """
    concerned = before.owes | after.owes | (billed > 0)
    used = np.minimum(after.money, before.charged + billed) - np.minimum(before.money, before.charged)
    return Moved(
        opening=before.owed(),
        billed=billed,
        net_billed=np.where(after.owes, billed, 0),
        received=after.money - before.money,
        applied=np.where(concerned, np.maximum(used, 0), 0),
        closing=after.owed(),
        closing_current=np.where(after.owes, closing_current, 0),
    )


@dataclass(frozen=True)
class Receivables:
    """The dues of a place over a period of `days` days, in cents; names as in `Moved`."""

    days: int
    opening: int = 0
    billed: int = 0
    net_billed: int = 0
    received: int = 0
    applied: int = 0
    closing: int = 0
    closing_current: int = 0

    @property
    def fell_away(self) -> int:
        """opening + billed − applied − closing: dues nobody owes any more, because the member died, left or lapsed in
        the period, less those owed again by members who came back.
        """
        return self.opening + self.billed - self.applied - self.closing

    @property
    def dso(self) -> Fraction | None:
        """Days' dues outstanding: receivable ÷ billed × days."""
        return _ratio(self.closing * self.days, self.billed)

    @property
    def best_possible_dso(self) -> Fraction | None:
        """Current receivable ÷ billed × days."""
        return _ratio(self.closing_current * self.days, self.billed)

    @property
    def add(self) -> Fraction | None:
        """Average days delinquent: DSO − best possible DSO."""
        if self.dso is None or self.best_possible_dso is None:
            return None
        return self.dso - self.best_possible_dso

    @property
    def turnover(self) -> Fraction | None:
        """Net billed ÷ average receivable."""
        return _ratio(2 * self.net_billed, self.opening + self.closing)

    @property
    def cei(self) -> Fraction | None:
        """Collection effectiveness, 1 for everything that could be collected: (opening + billed − closing) ÷
        (opening + billed − closing current).
        """
        due = self.opening + self.billed
        return _ratio(due - self.closing, due - self.closing_current)


def _ratio(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The months of a period, each with its first and last day in it."""
    starts = [date(index // 12, index % 12 + 1, 1) for index in range(_month(first) + 1, _month(last) + 1)]
    for start, following in pairwise([first, *starts, date.fromordinal(last.toordinal() + 1)]):
        yield start, date.fromordinal(following.toordinal() - 1)


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1
