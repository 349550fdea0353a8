"""`report receivables`: from the opening to the closing receivable, by hand and against the oracle."""

from datetime import date, timedelta
from random import Random

import pytest
from tests.oracle import NO_DUES, Decision, History, Payment, fee, standing
from tests.services.report.lives import money_on, periods
from tests.services.standing.random_histories import any_day, history
from tests.services.standing.records import put_on_record, session_of

from ancadmin.errors import UsageError
from ancadmin.services.export.scope import Scope
from ancadmin.services.report.receivables import receivables

EVERYONE = Scope(everything=True)
FIRST, LAST = date(2020, 1, 1), date(2020, 6, 30)


def paid(*payments, decisions=()):
    return History(
        payments=[Payment(date.fromisoformat(day), cents) for day, cents in payments], decisions=[*decisions]
    )


@pytest.fixture
def year(office):
    """Five members whose joining fee came in 2018, so that their years begin on that day of every year."""
    put_on_record(
        session_of(office.db),
        [
            paid(("2018-03-01", 2000)),  # owes 2019; 2020 is billed on 2020-03-01, nothing paid
            paid(("2018-03-01", 2000), ("2020-02-01", 2500)),  # pays 2019 and R5 of 2020
            paid(("2018-09-01", 4000), ("2020-05-05", 1000)),  # paid up to 2020-09-01, and R10 ahead
            paid(("2018-06-30", 4000)),  # billed on the last day: current
            paid(("2018-03-01", 2000), decisions=[Decision("resigned", date(2020, 4, 1))]),  # billed, then gone
        ],
    )
    return office


def test_by_hand(year):
    *_, total = year("report", "receivables", "--from", FIRST, "--to", LAST, "--json").json
    assert {name: value for name, value in total.items() if name.endswith("_cents")} == {
        "opening_cents": 3 * 2000,
        "billed_cents": 4 * 2000,
        "net_billed_cents": 3 * 2000,
        "received_cents": 3500,
        "applied_cents": 2500,
        "closing_cents": 4000 + 1500 + 2000,
        "closing_current_cents": 2000,
        "fell_away_cents": 4000,
    }
    assert (total["from"], total["to"], total["days"]) == ("2020-01-01", "2020-06-30", 182)
    assert total["dso_days"] == round(7500 / 8000 * 182, 2)
    assert total["best_possible_dso_days"] == round(2000 / 8000 * 182, 2)
    assert total["add_days"] == round(5500 / 8000 * 182, 2)
    assert total["turnover"] == round(6000 / ((6000 + 7500) / 2), 2)
    assert total["cei_percent"] == round((6000 + 8000 - 7500) / (6000 + 8000 - 2000) * 100, 2)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_where_nothing_is_billed_or_owed_there_is_no_ratio(year):
    *_, total = year("report", "receivables", "--from", "2010-01-01", "--to", "2010-12-31", "--json").json
    names = ("dso_days", "best_possible_dso_days", "add_days", "turnover", "cei_percent")
    assert [total[name] for name in names] == [None] * 5
    told = year("report", "receivables", "--from", "2010-01-01", "--to", "2010-12-31").out
    assert "CEI\tn/a\n" in told
    assert "Total\t\tR0.00\tn/a\tn/a\tn/a\tn/a\tn/a" in told


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_period_has_a_first_day_before_its_last(year):
    said = year("report", "receivables", "--from", LAST, "--to", FIRST, code=2).err
    assert "the period ends on 2020-01-01, before it begins on 2020-06-30" in said
    year("report", "receivables", "--from", LAST, code=2)
    with pytest.raises(UsageError):
        receivables(session_of(year.db), EVERYONE, date.min, LAST)
    (one,) = receivables(session_of(year.db), EVERYONE, LAST, LAST).of_line
    assert (one.days, one.billed, one.closing_current) == (1, 2000, 2000)


def arrears(each: History, day: date) -> int:
    told = standing(each, day)
    return 0 if told is None else told.arrears_cents


def owes(each: History, day: date) -> bool:
    told = standing(each, day)
    return told is not None and told.status not in NO_DUES


def billed(each: History, first: date, last: date) -> int:
    """Period by period: was somebody listed on its first day, and under a status that owes dues?"""
    return sum(fee(day) for day in periods(each, last) if day >= first and owes(each, day))


def applied(each: History, first: date, last: date) -> int:
    """What the money there is by the end has paid of the periods billed by then, beyond what was paid before."""
    before = first - timedelta(days=1)
    due, more = sum(map(fee, periods(each, before))), billed(each, first, last)
    if not (more or owes(each, before) or owes(each, last)):
        return 0
    return min(money_on(each, last), due + more) - min(money_on(each, before), due)


@pytest.mark.parametrize("seed", [2013])
def test_random_lives(office, seed):
    random = Random(seed)
    histories = [history(random) for _ in range(500)]
    session = session_of(office.db)
    put_on_record(session, histories)
    for _ in range(6):
        first = any_day(random)
        last = first + timedelta(days=random.choice((0, 30, 364, 1500)))
        before = first - timedelta(days=1)
        one = receivables(session, EVERYONE, first, last).total
        assert one.opening == sum(arrears(each, before) for each in histories)
        assert one.closing == sum(arrears(each, last) for each in histories)
        assert one.billed == sum(billed(each, first, last) for each in histories)
        listed = [each for each in histories if standing(each, last) is not None]
        assert one.received == sum(money_on(each, last) - money_on(each, before) for each in listed)
        assert 0 <= one.closing_current <= one.net_billed <= one.billed
        assert one.applied == sum(applied(each, first, last) for each in listed)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_nothing_falls_away_while_nobody_leaves(office):
    random = Random(7)
    histories = [one for one in (history(random) for _ in range(900)) if not one.decisions and not one.joined_on]
    assert len(histories) > 60
    session = session_of(office.db)
    put_on_record(session, histories)
    moved = 0
    for _ in range(6):
        first = any_day(random)
        one = receivables(session, EVERYONE, first, first + timedelta(days=400)).total
        assert (one.fell_away, one.net_billed) == (0, one.billed)
        moved += one.applied
    assert moved > 0
