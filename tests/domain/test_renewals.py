"""Renewals: who was to renew, and whether it was in time, in grace, later or not."""

import pytest

from ancadmin.domain.renewals import Renewal, renewal
from ancadmin.domain.since import Cover

DUE, GRACE_OVER, ON = "2025-06-10", "2025-09-10", "2026-01-31"
COVERED = Cover("2024-06-10", DUE, GRACE_OVER, "deposit 1")


def until(on: str, paid_until: str) -> Cover:
    return Cover(on, paid_until, "2099-01-01", "deposit 2")


@pytest.mark.parametrize(
    ("paid_on", "is_"),
    [
        ("2024-06-10", Renewal.IN_TIME),
        ("2025-06-09", Renewal.IN_TIME),
        (DUE, Renewal.IN_TIME),  # the day the period begins: good standing has no gap
        ("2025-06-11", Renewal.IN_GRACE),
        (GRACE_OVER, Renewal.IN_GRACE),  # the day grace is over: the member was never out of it
        ("2025-09-11", Renewal.LATER),
        (ON, Renewal.LATER),
        ("2026-02-01", Renewal.NOT),  # not known on the day of the paper
        (None, Renewal.NOT),
    ],
)
def test_the_day_of_payment_says_how(paid_on, is_):
    steps = [COVERED, *([until(paid_on, "2026-06-10")] if paid_on else [])]
    assert renewal(DUE, steps, ON) is is_


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [Cover("2023-06-10", "2024-06-10", "2024-09-10", "deposit 1")],  # behind for a year already
        [Cover(DUE, "2026-06-10", "2026-09-10", "deposit 1")],  # the joining fee
        [Cover("2025-06-11", "2026-06-10", "2026-09-10", "deposit 1")],
    ],
)
def test_who_was_not_covered_up_to_the_day_had_nothing_to_renew(steps):
    assert renewal(DUE, steps, ON) is None


def test_money_for_two_periods_renews_both_and_arrears_paid_at_once_renew_the_one_that_fell_due():
    ahead = [COVERED, until("2025-01-01", "2027-06-10")]
    assert renewal(DUE, ahead, ON) is renewal("2026-06-10", ahead, "2026-12-31") is Renewal.IN_TIME
    late = [COVERED, until("2027-01-01", "2027-06-10")]
    assert renewal(DUE, late, "2027-06-01") is Renewal.LATER
    assert renewal("2026-06-10", late, "2027-06-01") is None
