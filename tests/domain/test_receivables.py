"""Receivables: buckets by days past due, and the formulas of docs/rules.md, section 10, by hand."""

import re
from collections import Counter
from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from ancadmin.domain.cash import Cash, median
from ancadmin.domain.receivables import Bucket, Receivables, aged, bucket_days, charged, months
from ancadmin.policy import load_policy

RULES = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
DAY = date(2020, 6, 30)


def aged_on(first_day: str, money: int, day: date = DAY) -> dict[str, int]:
    """What somebody owes whose first period began on a day and who has paid so much."""
    fees = charged(np.array([first_day], dtype="datetime64[D]"), bucket_days(day), load_policy(None))
    (row,) = aged(fees, np.array([money]))
    return {bucket.value: int(cents) for bucket, cents in zip(Bucket, row, strict=True) if cents}


@pytest.mark.parametrize(
    ("days_ago", "bucket"),
    [
        (0, "current"), (1, "days_1_30"), (30, "days_1_30"), (31, "days_31_60"), (60, "days_31_60"),
        (61, "days_61_90"), (90, "days_61_90"), (91, "over_90"), (364, "over_90"),
    ],
)  # fmt: skip
def test_a_due_is_in_the_bucket_of_the_days_past_the_first_day_of_its_period(days_ago, bucket):
    first_day = str(np.datetime64(DAY, "D") - days_ago)
    assert aged_on(first_day, 0) == {bucket: 2000}
    assert Bucket.of(days_ago).value == bucket


def test_each_period_is_aged_by_its_own_day_and_money_fills_the_oldest():
    # Periods of 2018-06-01 and 2019-06-01 (over 90 days) and of 2020-06-01 (29 days).
    assert aged_on("2018-06-01", 0) == {"over_90": 4000, "days_1_30": 2000}
    assert aged_on("2018-06-01", 500) == {"over_90": 3500, "days_1_30": 2000}
    assert aged_on("2018-06-01", 4500) == {"days_1_30": 1500}
    assert aged_on("2018-06-01", 6000) == {}
    assert aged_on("2018-06-01", 90000) == {}


def test_a_period_costs_the_fee_in_force_on_its_first_day():
    assert aged_on("2011-06-30", 0, date(2013, 6, 30)) == {"over_90": 2400, "current": 2000}


def test_who_has_no_period_and_whose_first_is_to_come_owe_nothing():
    assert aged_on("NaT", 0) == aged_on("2020-07-01", 0) == aged_on("2031-01-01", 0) == {}


def test_the_worked_example_of_the_rules():
    """The figures in the table of docs/rules.md are what the formulas give for the amounts it begins with."""
    (amounts,) = re.findall(r"opening R([\d ]+), billed R([\d ]+) \(net R([\d ]+)\), applied R([\d ]+), fell away "
                            r"R([\d ]+), closing R([\d ]+), of it current R([\d ]+), in (\d+) days", RULES)  # fmt: skip
    *cents, days = (int(one.replace(" ", "")) for one in amounts)
    opening, billed, net, applied, fell_away, closing, current = (one * 100 for one in cents)
    one = Receivables(days, opening, billed, net, 0, applied, closing, current)
    assert one.fell_away == fell_away
    told = dict(re.findall(r"^\| (DSO|best possible DSO|ADD|turnover|CEI) \|.*\| ([\d.]+)[^|]*\|$", RULES, re.M))
    found = {"DSO": one.dso, "best possible DSO": one.best_possible_dso, "ADD": one.add, "turnover": one.turnover}
    found["CEI"] = one.cei * 100
    assert told == {name: f"{float(value):.2f}" for name, value in found.items()}


def test_what_cannot_be_divided_is_nothing_not_zero():
    none = Receivables(31)
    assert (none.dso, none.best_possible_dso, none.add, none.turnover, none.cei) == (None,) * 5
    all_current = Receivables(31, billed=100, net_billed=100, closing=100, closing_current=100)
    assert (all_current.dso, all_current.add, all_current.turnover, all_current.cei) == (31, 0, 2, None)
    assert Cash().straight_share is Cash().reversal_share is Cash().unapplied_share is Cash().median_days is None


@pytest.mark.parametrize(
    ("counted", "middle"),
    [({}, None), ({0: 1}, 0), ({0: 1, 3: 1}, Fraction(3, 2)), ({0: 5, 7: 1}, 0), ({0: 2, 4: 1, 9: 2}, 4), ({1: 2}, 1)],
)
def test_the_median_of_counted_days(counted, middle):
    assert median(Counter(counted)) == middle


def test_months_of_a_period_begin_and_end_with_it():
    found = [(str(first), str(last)) for first, last in months(date(2024, 12, 30), date(2025, 2, 3))]
    assert found == [("2024-12-30", "2024-12-31"), ("2025-01-01", "2025-01-31"), ("2025-02-01", "2025-02-03")]
    assert list(months(date(2025, 5, 7), date(2025, 5, 7))) == [(date(2025, 5, 7), date(2025, 5, 7))]
