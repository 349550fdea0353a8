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
class Policy:
    """One version of `policy.toml`. Months and years are whole numbers, money integer cents."""

    version: str
    fees: tuple[Fee, ...]
    period_months: int
    grace_months: int
    probation_months: int
    minimum_age: int
    maximum_age: int
    branch_minimum: int
    bulk_word_fees: int
    bulk_amount_fees: int
    bulk_pattern_deposits: int
    proof_months: int
    shifted_percent: int
    authorisation: Matrix
    cost_sheet_approver: Role = Role.REGIONAL_SECRETARY
    reminders: Terms = _REMINDERS
    alone_cents: int = 50_000
    paid_twice_days: int = 3
    old_references: bool = True

    def fee_on(self, day: date) -> int:
        """The fee in force on `day`, in cents (docs/rules.md, section 4)."""
        return self.fees[bisect_right([fee.from_day for fee in self.fees], day) - 1].cents

    def fees_on(self, days: Days) -> npt.NDArray[np.int64]:
        """`fee_on` for a column of `datetime64[D]`; NaT gets the first fee."""
        starts = np.array([fee.from_day for fee in self.fees], dtype="datetime64[D]")
        cents = np.array([fee.cents for fee in self.fees], dtype=np.int64)
        found = np.searchsorted(starts, np.where(np.isnat(days), starts[0], days), side="right") - 1
        taken: npt.NDArray[np.int64] = cents[np.maximum(found, 0)]
        return taken
