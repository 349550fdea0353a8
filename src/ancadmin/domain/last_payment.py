"""The last payment registers say of one person who stood in them under several numbers (docs/rules.md, section 2)."""

from collections.abc import Iterable
from datetime import date

from ancadmin.domain.policy import Policy

Payment = tuple[date, int]
"""A day, and cents."""


def last_of(payments: Iterable[Payment], policy: Policy) -> Payment | None:
    """The latest, but none that covers nothing where another covers; of two alike the first given. None for none."""
    return max(payments, key=lambda payment: (payment[1] >= policy.fee_on(payment[0]), payment[0]), default=None)
