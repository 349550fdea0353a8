"""Months and fees that change on a day (docs/rules.md, section 5): each day is judged by the policy of that day."""

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import select
from tests.oracle import EVER, Decision, History, Payment, Rules, standing
from tests.services.standing import random_policies
from tests.services.standing.random_histories import any_day, days, history
from tests.services.standing.records import put_on_record, session_of, standings

from ancadmin.db.schema import status_change
from ancadmin.errors import ConfigurationError
from ancadmin.services.standing.calendars import ready, terms
from ancadmin.services.standing.sweep import sweep
from ancadmin.services.standing.verify import verify

MEMBERS = 150


def session_under(office, rules: Rules):
    return session_of(office.db, office.write("policy.toml", random_policies.as_toml(rules)))


def told(histories, day: date, rules: Rules):
    found = ((number, standing(one, day, rules)) for number, one in enumerate(histories, 1))
    return {number: one for number, one in found if one is not None}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_sql_says_what_the_plain_telling_says_under_any_policy(office, seed):
    random = Random(seed)
    histories = [history(random) for _ in range(MEMBERS)]
    rules = random_policies.rules(random)
    session = session_under(office, rules)
    put_on_record(session, histories)
    borders = {day for entries in vars(rules).values() for day, _ in entries if day > EVER}
    for day in sorted({*days(random, 6), *borders}):
        assert standings(session, day) == told(histories, day, rules), f"{day} {rules}"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_entry_moves_nobody_on_a_day_before_it(office, seed):
    random = Random(100 + seed)
    histories = [history(random) for _ in range(MEMBERS)]
    before = random_policies.rules(random)
    after, since = random_policies.with_an_entry(random, before)
    put_on_record(session_under(office, before), histories)
    asked = [*(any_day(random, date(2010, 1, 1), since - timedelta(days=1)) for _ in range(4)), since - timedelta(1)]
    old = session_of(office.db, office.folder / "policy.toml")
    earlier = {day: standings(old, day) for day in asked}
    session = session_under(office, after)
    sweep(session, since)
    for day in asked:
        found = standings(session, day)
        for number, one in earlier[day].items():
            if in_register_later(histories[number - 1], since):
                continue
            assert as_before(found[number], since) == as_before(one, since), f"{day} {histories[number - 1]} {after}"
    assert standings(session, since) == told(histories, since, after)
    assert verify(session, since)["wrong"] == 0


def in_register_later(one: History, since: date) -> bool:
    """A last payment in the register after the entry: whether it covers anything is judged on its own day."""
    return one.last_payment_on is not None and one.last_payment_on >= since


def as_before(one, since: date):
    """What of a standing no entry of `since` may touch: what is paid ahead beyond it is reckoned with its fee."""
    return one.status, one.arrears_cents, one.paid_until and min(one.paid_until, since)


def test_the_plain_telling_too_never_judges_a_past_day_anew():
    random = Random(7)
    for _ in range(1500):
        one, before = history(random), random_policies.rules(random)
        after, since = random_policies.with_an_entry(random, before)
        if in_register_later(one, since):
            continue
        for day in (any_day(random, date(2010, 1, 1), since - timedelta(days=1)), since - timedelta(days=1)):
            was, now = standing(one, day, before), standing(one, day, after)
            assert (was and as_before(was, since)) == (now and as_before(now, since)), f"{day} {one} {before} {after}"


def of_the_register(last_payment_on: date) -> History:
    return History(joined_on=date(2010, 1, 1), last_payment_on=last_payment_on, last_payment_cents=2000)


LONGER = Rules(grace=((EVER, 3), (date(2027, 1, 1), 4)))
SHORTER = Rules(grace=((EVER, 3), (date(2027, 1, 1), 1)))


@pytest.mark.parametrize(
    ("rules", "last_payment_on", "over_on"),
    [
        (LONGER, date(2025, 9, 15), date(2026, 12, 15)),  # over before the entry: it stays over
        (LONGER, date(2025, 10, 1), date(2027, 2, 1)),  # three months end on the very day four begin to hold
        (LONGER, date(2025, 11, 15), date(2027, 3, 15)),
        (SHORTER, date(2025, 9, 15), date(2026, 12, 15)),
        (SHORTER, date(2025, 11, 15), date(2027, 1, 1)),  # by one month it was over on 15 December, but not judged so
        (LONGER, date(2025, 12, 20), date(2027, 4, 20)),
        (SHORTER, date(2025, 10, 1), date(2027, 1, 1)),
        (SHORTER, date(2025, 12, 20), date(2027, 1, 20)),
    ],
)
def test_grace_is_over_on_the_first_day_whose_own_months_say_so(office, rules, last_payment_on, over_on):
    """The worked example of the rules."""
    session = session_under(office, rules)
    put_on_record(session, [of_the_register(last_payment_on)])
    last = over_on - timedelta(days=1)
    assert standings(session, last)[1].status == "grace"
    assert {standings(session, over_on + timedelta(days=n))[1].status for n in (0, 1, 40)} == {"not_in_good_standing"}


def test_probation_is_judged_likewise_and_a_period_by_its_first_day(office):
    rules = Rules(
        probation=((EVER, 6), (date(2021, 3, 1), 1)), period=((EVER, 12), (date(2021, 7, 1), 6), (date(2022, 6, 1), 24))
    )
    accepted = [Decision("applied", date(2020, 7, 1)), Decision("accepted", date(2020, 7, 2))]
    paid = [Payment(date(2020, 10, 10), 2000), Payment(date(2021, 10, 1), 6000)]
    session = session_under(office, rules)
    put_on_record(session, [History(applied=True, decisions=accepted, payments=paid)])
    assert standings(session, date(2021, 2, 28))[1].status == "probation"
    assert standings(session, date(2021, 3, 1))[1].status == "good_standing"
    # 12 months from 10 October 2020, 6 from 10 October 2021 and from 10 April 2022, 24 from 10 October 2022.
    assert standings(session, date(2021, 10, 1))[1].paid_until == date(2024, 10, 10)
    assert standings(session, date(2021, 10, 1))[1].status == "good_standing"


def test_a_policy_without_entries_has_the_terms_it_always_had(office):
    """Stores settled before there were entries need no sweep."""
    shipped = "fees 1200 from 0001-01-01, 2000 from 2013-01-01; period 12, grace 3, probation 6 months"
    assert terms(session_of(office.db).policy) == shipped
    assert terms(session_under(office, SHORTER).policy) == f"{shipped}; grace 1 from 2027-01-01"


NO_CHANGE_OF_TERMS = """
[[changes]]
from = 2027-01-01
grace_months = 3
bulk.amount_fees = 20
"""


def test_what_changes_no_months_needs_no_sweep(office):
    put_on_record(session_under(office, Rules()), [of_the_register(date(2025, 11, 15))])
    same = session_of(office.db, office.write("same.toml", random_policies.as_toml(Rules()) + NO_CHANGE_OF_TERMS))
    with same.store.connect() as connection:
        ready(connection, date(2026, 12, 1), same.policy)


def test_the_sweep_brings_an_entry_in_and_names_its_day(office):
    put_on_record(session_under(office, Rules()), [of_the_register(date(2025, 11, 15))])
    other = session_under(office, SHORTER)
    with other.store.connect() as connection, pytest.raises(ConfigurationError, match="other terms"):
        ready(connection, date(2026, 12, 1), other.policy)
    assert sweep(other, date(2026, 12, 31))["transitions"] == [{"from": None, "to": "grace", "n": 1}]
    moved = sweep(other, date(2027, 1, 5))
    assert moved["transitions"] == [{"from": "grace", "to": "not_in_good_standing", "n": 1}]
    with other.store.connect() as connection:
        last = connection.execute(select(status_change).order_by(status_change.c.id.desc())).first()
    assert (last.changed_on, last.rule, last.because) == ("2027-01-01", "5.13", "opening position")
