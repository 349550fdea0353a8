"""The organisation's numbers as the rules take them: always passed in, never looked up."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from ancadmin.domain.authorisation import Matrix
from ancadmin.domain.dates import Days
from ancadmin.domain.reminders import Terms
from ancadmin.domain.roles import Role

_REMINDERS = Terms(before_days=30, after_days=90)


@dataclass(frozen=True)
class Fee:
    """What one period costs, in cents, when its first day is `from_day` or later."""

    from_day: date
    cents: int


@dataclass(frozen=True)
class Numbers:
    """The numbers that hold from `from_day` on. Months and years are whole numbers, money integer cents; the thresholds
    of bulk money are counts of fees, and of deposits.
    """

    from_day: date
    period_months: int
    grace_months: int
    probation_months: int
    minimum_age: int
    maximum_age: int
    branch_minimum: int
    bulk_word_fees: int
    bulk_amount_fees: int
    bulk_pattern_deposits: int
    paid_twice_days: int
    alone_cents: int
    dispute_paid_months: int


@dataclass(frozen=True)
class Policy:
    """One version of `policy.toml`. `fees` and `numbers` stand in order of their days; the first of each holds from
    ever (docs/rules.md, section 5).
    """

    version: str
    fees: tuple[Fee, ...]
    numbers: tuple[Numbers, ...]
    proof_months: int
    shifted_percent: int
    sweep_percent: int
    sweep_free_changes: int
    authorisation: Matrix
    cost_sheet_approver: Role = Role.REGIONAL_SECRETARY
    reminders: Terms = _REMINDERS
    old_references: bool = True
    cost_sheet_months: int = 60

    def on(self, day: date) -> Numbers:
        """The numbers in force on `day`."""
        return self.numbers[bisect_right([numbers.from_day for numbers in self.numbers], day) - 1]

    def on_days(self, name: str, days: Days) -> npt.NDArray[np.int64]:
        """The number `name` in force on each of `days` (`datetime64[D]`); NaT gets the first."""
        found: npt.NDArray[np.int64] = np.array([getattr(one, name) for one in self.numbers], dtype=np.int64)
        if (found == found[0]).all():
            return np.broadcast_to(found[0], days.shape)
        return found[_holding([one.from_day for one in self.numbers], days)]

    def fee_on(self, day: date) -> int:
        """The fee in force on `day`, in cents (docs/rules.md, section 4)."""
        return self.fees[bisect_right([fee.from_day for fee in self.fees], day) - 1].cents

    def fees_on(self, days: Days) -> npt.NDArray[np.int64]:
        """`fee_on` for a column of `datetime64[D]`; NaT gets the first fee."""
        cents = np.array([fee.cents for fee in self.fees], dtype=np.int64)
        taken: npt.NDArray[np.int64] = cents[_holding([fee.from_day for fee in self.fees], days)]
        return taken


def _holding(from_days: list[date], days: Days) -> npt.NDArray[np.intp]:
    """Which of the entries, by their days, holds on each day; the first on NaT."""
    starts = np.array(from_days, dtype="datetime64[D]")
    found = np.searchsorted(starts, np.where(np.isnat(days), starts[0], days), side="right") - 1
    return np.maximum(found, 0)
