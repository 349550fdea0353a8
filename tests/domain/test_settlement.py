"""Settlement a column at a time, where no worked case reaches: a fee that falls, days nobody can write."""

from dataclasses import replace
from datetime import date

import numpy as np

from ancadmin.domain.dues import dues
from ancadmin.domain.policy import Fee
from ancadmin.domain.settlement import Payments, calendar, first_fee_complete, opening_end, periods_needed
from ancadmin.domain.since import Credit, Periods
from ancadmin.policy import load_policy

POLICY = load_policy()


def days(*texts: str):
    return np.array(texts, dtype="datetime64[D]")


def paid(*payments: tuple[int, str, int]) -> Payments:
    owner, on, cents = zip(*payments, strict=True)
    return Payments(np.array(owner), days(*on), np.array(cents))


def test_each_members_money_is_added_up_apart():
    payments = paid((0, "2020-01-01", 500), (0, "2020-02-01", 1500), (2, "2020-03-01", 2000), (2, "2020-04-01", 1))
    assert payments.running().tolist() == [500, 2000, 2000, 2001]
    complete = first_fee_complete(payments, 3, POLICY)
    assert np.datetime_as_string(complete).tolist() == ["2020-02-01", "NaT", "2020-03-01"]


def test_the_clock_also_starts_on_the_day_a_lower_fee_comes_into_force():
    fees = (Fee(date.min, 2000), Fee(date(2021, 1, 1), 1500), Fee(date(2022, 1, 1), 1800))
    policy = replace(POLICY, fees=fees)
    payments = paid((0, "2020-05-01", 1500), (1, "2020-05-01", 1400), (1, "2021-03-01", 100), (2, "2020-05-01", 2000))
    complete = first_fee_complete(payments, 3, policy)
    assert np.datetime_as_string(complete).tolist() == ["2021-01-01", "2021-03-01", "2020-05-01"]


def test_a_calendar_reaches_the_day_and_what_is_paid_and_stops_where_years_have_four_digits():
    first_days = days("2020-02-29", "9998-06-30")
    needed = periods_needed(first_days, np.array([200_000, 0]), date(2066, 12, 31), POLICY)
    assert needed.tolist() == [200_000 // 1200 + 2, 1]
    made = calendar(first_days, needed, POLICY)
    texts = np.datetime_as_string(made.starts_on).tolist()
    assert texts[:3] == ["2020-02-29", "2021-02-28", "2022-02-28"]
    assert texts[4] == "2024-02-29"
    assert texts[-1] == "9998-06-30"
    assert made.fees_before[:3].tolist() == [0, 2000, 4000]
    assert np.datetime_as_string(opening_end(days("9999-05-01"), POLICY)).tolist() == ["9999-12-31"]


def test_the_fee_of_each_period_is_that_of_its_first_day():
    made = calendar(days("2011-06-01"), np.array([4]), POLICY)
    assert made.fees_before.tolist() == [0, 1200, 2400, 4400]


def test_dues_are_told_payment_by_payment():
    payments = [Credit("2011-06-01", 1000, 7), Credit("2011-09-01", 3000, 8)]
    told = dues("2011-06-01", payments, "2013-07-01", Periods(POLICY))
    assert [(one.begins_on, one.fee_cents, one.paid_cents, one.settled_on, one.deposits) for one in told] == [
        ("2011-06-01", 1200, 1200, "2011-09-01", (7, 8)),
        ("2012-06-01", 1200, 1200, "2011-09-01", (8,)),
        ("2013-06-01", 2000, 1600, None, (8,)),
    ]


def test_money_beyond_every_calendar_has_an_end():
    told = dues("9990-06-01", [Credit("9990-06-01", 10**9, 1)], "9990-07-01", Periods(POLICY))
    assert told[-1].until == "9999-12-31"
