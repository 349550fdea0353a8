"""Months that change from a day on, a day at a time and a column at a time (docs/rules.md, section 5)."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ancadmin.domain.lengths import months_after, over_on, over_on_days, spans
from ancadmin.domain.policy import Fee, Policy
from ancadmin.domain.settlement import calendar, periods_needed, probation_end
from ancadmin.domain.since import Periods
from ancadmin.policy import load_policy

SHIPPED = load_policy()
DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))


@st.composite
def policies(draw) -> Policy:
    """Every number of months, and the fee, with up to four changes."""
    numbers = [SHIPPED.numbers[0]]
    for day in sorted(draw(st.sets(DAYS, max_size=4))):
        months = {name: draw(st.integers(0, 14)) for name in ("grace_months", "probation_months")}
        numbers.append(replace(numbers[-1], from_day=day, period_months=draw(st.integers(1, 14)), **months))
    fees = [Fee(day, draw(st.integers(1, 3000))) for day in sorted(draw(st.sets(DAYS, max_size=3)))]
    return replace(SHIPPED, numbers=tuple(numbers), fees=(SHIPPED.fees[0], *fees))


@given(policies(), DAYS)
def test_it_is_over_on_the_first_day_whose_own_months_are_over(policy, start):
    lengths = spans(policy, "grace_months")
    over = over_on(start, lengths)
    day = start
    while day < months_after(start, policy.on(day).grace_months):
        day += timedelta(days=1)
    assert over == day
    assert over_on_days(np.array([start, "NaT"], dtype="datetime64[D]"), lengths).astype(str).tolist() == [
        str(day),
        "NaT",
    ]


@given(policies(), st.lists(DAYS, min_size=1, max_size=5))
def test_calendars_and_periods_told_one_by_one_are_the_same(policy, first_days):
    days = np.array(first_days, dtype="datetime64[D]")
    needed = periods_needed(days, np.zeros(len(days), dtype=np.int64), date(2045, 12, 31), policy)
    made = calendar(days, needed, policy)
    told = Periods(policy)
    fees = 0
    rows = zip(made.position, made.number, made.starts_on, made.grace_ends_on, made.fees_before, strict=True)
    for position, number, starts_on, grace_ends_on, fees_before in rows:
        period = told.period(first_days[position].isoformat(), int(number))
        assert (str(starts_on), str(grace_ends_on)) == (period.starts_on, period.grace_ends_on)
        assert fees_before == (fees if number else 0)
        fees = period.fees
    last = np.cumsum(needed) - 1
    assert (made.starts_on[last] > np.datetime64("2045-12-31")).all(), "calendars reach beyond the day asked for"


def test_a_period_is_as_long_as_the_months_in_force_on_its_first_day():
    numbers = (SHIPPED.numbers[0], replace(SHIPPED.numbers[0], from_day=date(2021, 3, 1), period_months=6))
    made = calendar(np.array(["2020-02-29"], dtype="datetime64[D]"), np.array([4]), replace(SHIPPED, numbers=numbers))
    assert made.starts_on.astype(str).tolist() == ["2020-02-29", "2021-02-28", "2022-02-28", "2022-08-29"]


def test_days_nobody_can_write_are_the_last_that_can():
    ends = probation_end(np.array(["9999-08-01", "NaT"], dtype="datetime64[D]"), SHIPPED)
    assert ends.astype(str).tolist() == ["9999-12-31", "NaT"]
    assert over_on(date(9999, 11, 1), spans(SHIPPED, "grace_months")) == date.max


def test_grace_that_is_never_over_ends_on_the_last_day():
    for days in ((), (date(2020, 1, 1),)):
        endless = [replace(SHIPPED.numbers[0], from_day=day, grace_months=999_999) for day in (date.min, *days)]
        numbers = (SHIPPED.numbers[0], *endless[1:]) if days else tuple(endless)
        policy = replace(SHIPPED, numbers=numbers)
        made = calendar(np.array(["2025-01-31"], dtype="datetime64[D]"), np.array([1]), policy)
        assert made.grace_ends_on.astype(str).tolist() == ["9999-12-31"]
        assert Periods(policy).period("2025-01-31", 0).grace_ends_on == "9999-12-31"
