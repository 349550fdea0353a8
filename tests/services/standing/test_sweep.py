"""The sweep records what the rules say, day by day or at once, and says when each change began."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import select, update
from tests.oracle import Decision, History, Payment, standing
from tests.services.standing.random_histories import history
from tests.services.standing.records import put_on_record, session_of, standings

from ancadmin.db.schema import allocation, member, status_change
from ancadmin.db.schema import standing as recorded
from ancadmin.errors import ConfigurationError, InputRefused, NotAllowed
from ancadmin.policy import policy_text
from ancadmin.services.batch.undo import undo_batch
from ancadmin.services.standing.settle import settle
from ancadmin.services.standing.sweep import sweep
from ancadmin.services.standing.verify import verify

SWEPT_TO = date(2020, 6, 30)
DAY = timedelta(days=1)


def statuses(session) -> dict[int, str]:
    with session.store.connect() as connection:
        found = connection.execute(select(recorded.c.member, recorded.c.status))
        return {row.member: row.status for row in found if row.status is not None}


def changes(session):
    with session.store.connect() as connection:
        return connection.execute(select(status_change).order_by(status_change.c.id)).all()


def random_histories(seed: int, count: int) -> list[History]:
    random = Random(seed)
    return [history(random) for _ in range(count)]


def told(histories: Sequence[History], day: date) -> dict[int, str]:
    """What the oracle says of everyone listed on the day."""
    found = ((number, standing(one, day)) for number, one in enumerate(histories, 1))
    return {number: one.status for number, one in found if one is not None}


def test_the_first_sweep_records_everyone_and_the_second_nobody(office):
    histories = random_histories(1, 400)
    session = session_of(office.db)
    put_on_record(session, histories)
    first = sweep(session, SWEPT_TO)
    expected = told(histories, SWEPT_TO)
    assert statuses(session) == expected
    assert first["due"] == 400
    assert first["changed"] == len(expected) == sum(one["n"] for one in first["transitions"])
    assert {one["from"] for one in first["transitions"]} == {None}
    second = sweep(session, SWEPT_TO)
    assert (second["due"], second["changed"], second["transitions"]) == (0, 0, [])
    assert len(changes(session)) == len(expected)
    assert verify(session, SWEPT_TO)["wrong"] == 0


def test_a_change_began_on_the_first_day_of_its_status(office):
    histories = random_histories(2, 600)
    session = session_of(office.db)
    put_on_record(session, histories)
    sweep(session, SWEPT_TO)
    random = Random(2)
    for row in changes(session):
        one, since = histories[row.member - 1], date.fromisoformat(row.changed_on)
        if since > date(1, 1, 1):  # who is listed from ever has no day before
            before = standing(one, since - DAY)
            assert before is None or before.status != row.to_status, f"{one}\n{row}"
        days = {since, SWEPT_TO, *(_between(random, max(since, date(2009, 1, 1)), SWEPT_TO) for _ in range(12))}
        assert {standing(one, day).status for day in days} == {row.to_status}, f"{one}\n{row}"


def _between(random: Random, since: date, until: date) -> date:
    return since + timedelta(days=random.randint(0, (until - since).days))


@pytest.mark.parametrize("engine", ["sqlite"])
def test_day_by_day_is_the_same_as_at_once(office):
    histories = random_histories(3, 300)
    session = session_of(office.db)
    put_on_record(session, histories)
    day = date(2015, 12, 1)
    sweep(session, day)
    while day < date(2016, 4, 15):
        day += DAY
        done = sweep(session, day)
        assert statuses(session) == told(histories, day), day
        assert done["changed"] <= done["due"] < 300
    assert verify(session, day)["wrong"] == 0


def test_weeks_apart_is_the_same_as_at_once(office):
    histories = random_histories(4, 300)
    session = session_of(office.db)
    put_on_record(session, histories)
    random = Random(4)
    day = date(2012, 1, 1)
    while day < date(2021, 1, 1):
        day += timedelta(days=random.randint(1, 200))
        sweep(session, day)
        assert statuses(session) == told(histories, day), day
    assert verify(session, day)["wrong"] == 0


def one_member(office, one: History):
    session = session_of(office.db)
    put_on_record(session, [one])
    return session


PAID = {"last_payment_on": date(2019, 12, 15), "last_payment_cents": 2000}


def test_a_change_says_from_to_when_by_which_rule_and_because_of_what(office):
    paid = Payment(date(2021, 4, 10), 4000)
    suspended = Decision("suspended", date(2021, 5, 1), date(2021, 6, 1))
    session = one_member(office, History(**PAID, payments=[paid], decisions=[suspended]))
    for day in ("2020-12-14", "2020-12-20", "2021-03-20", "2021-04-12", "2021-05-02", "2021-06-02"):
        sweep(session, date.fromisoformat(day))
    assert [tuple(row)[2:7] for row in changes(session)] == [
        (None, "good_standing", "2019-12-15", "5.11", "opening position"),
        ("good_standing", "grace", "2020-12-15", "5.12", "opening position"),
        ("grace", "not_in_good_standing", "2021-03-15", "5.13", "opening position"),
        ("not_in_good_standing", "good_standing", "2021-04-10", "5.11", "deposit 1"),
        ("good_standing", "suspended", "2021-05-01", "5.3", "decision 1"),
        ("suspended", "good_standing", "2021-06-01", "5.11", "decision 1"),
    ]


def test_money_taken_back_is_why_a_status_goes_back(office):
    session = one_member(office, History(**PAID, payments=[Payment(date(2020, 12, 10), 2000)]))
    sweep(session, date(2020, 12, 20))
    assert statuses(session) == {1: "good_standing"}
    with session.batch("test reversal") as batch:
        batch.connection.execute(update(allocation).values(reversed_by=batch.number))
        settle(batch, select(member.c.id))
    assert sweep(session, date(2020, 12, 20))["transitions"] == [{"from": "good_standing", "to": "grace", "n": 1}]
    last = changes(session)[-1]
    assert (last.changed_on, last.because) == ("2020-12-15", "opening position")
    # The grace began before the status recorded for the money; had it begun earlier still, the reversal is named.
    with session.batch("test payment") as batch:
        batch.connection.execute(update(allocation).values(reversed_by=None, value_date="2020-12-16"))
        settle(batch, select(member.c.id))
    sweep(session, date(2020, 12, 21))
    with session.batch("test reversal") as batch:
        batch.connection.execute(update(allocation).values(reversed_by=batch.number))
        settle(batch, select(member.c.id))
    sweep(session, date(2020, 12, 21))
    last = changes(session)[-1]
    assert (last.to_status, last.changed_on, last.because) == ("grace", "2020-12-15", f"batch {batch.number}")


def test_a_sweep_does_not_go_back(office):
    session = one_member(office, History(**PAID))
    done = sweep(session, date(2020, 12, 20))
    with pytest.raises(InputRefused) as refused:
        sweep(session, date(2020, 12, 19))
    assert f"batch undo {done['batch']}" in refused.value.remedy
    assert sweep(session, date(2020, 12, 20))["due"] == 0


def test_an_undone_sweep_leaves_the_statuses_as_before(office):
    histories = random_histories(5, 300)
    session = session_of(office.db)
    put_on_record(session, histories)
    sweep(session, date(2018, 1, 1))
    before = statuses(session)
    far = sweep(session, date(2024, 1, 1))
    assert statuses(session) != before
    undone = undo_batch(session, far["batch"])
    assert undone.kept == []
    assert statuses(session) == before
    for day in (date(2018, 1, 2), date(2019, 7, 1)):
        sweep(session, day)
        assert statuses(session) == told(histories, day)
    assert verify(session, date(2019, 7, 1))["wrong"] == 0


def test_only_the_last_sweep_can_be_undone(office):
    session = one_member(office, History(**PAID))
    first = sweep(session, date(2020, 12, 1))
    second = sweep(session, date(2020, 12, 20))
    with pytest.raises(NotAllowed) as refused:
        undo_batch(session, first["batch"])
    assert f"a later sweep, batch {second['batch']}, stands on them" in str(refused.value)
    assert statuses(session) == {1: "grace"}


def test_later_sweeps_that_changed_nothing_do_not_keep_one_from_being_undone(office):
    session = one_member(office, History(**PAID))
    sweep(session, date(2020, 12, 1))
    before = statuses(session)
    far = sweep(session, date(2020, 12, 20))
    for day in (date(2020, 12, 20), date(2020, 12, 21)):
        assert sweep(session, day)["changed"] == 0
    with pytest.raises(InputRefused) as refused:
        sweep(session, date(2020, 12, 2))
    assert f"batch undo {far['batch']}" in refused.value.remedy
    assert undo_batch(session, far["batch"]).kept == []
    assert statuses(session) == before
    assert sweep(session, date(2020, 12, 2))["changed"] == 0
    assert sweep(session, date(2020, 12, 20))["changed"] == 1


def test_to_go_back_over_sweeps_that_changed_nothing_the_first_of_them_is_undone(office):
    session = one_member(office, History(**PAID))
    sweep(session, date(2020, 12, 1))
    first, _second = (sweep(session, date(2020, 12, day)) for day in (3, 4))
    with pytest.raises(InputRefused) as refused:
        sweep(session, date(2020, 12, 2))
    assert f"batch undo {first['batch']}" in refused.value.remedy
    undo_batch(session, first["batch"])
    assert sweep(session, date(2020, 12, 2))["changed"] == 0


def test_verify_finds_what_another_tool_wrote(office):
    histories = random_histories(6, 200)
    session = session_of(office.db)
    put_on_record(session, histories)
    sweep(session, SWEPT_TO)
    assert verify(session, SWEPT_TO) == {
        "on": "2020-06-30",
        "checked": 200,
        "wrong": 0,
        "members": [],
        "first_days": [],
    }
    listed = sorted(told(histories, SWEPT_TO))
    paid = [number for number, one in enumerate(histories, 1) if one.payments and number in listed]
    with session.store.write() as connection:
        connection.execute(update(recorded).where(recorded.c.member == listed[0]).values(status="lapsed"))
        connection.execute(update(recorded).where(recorded.c.member == listed[1]).values(first_day="1999-01-01"))
        connection.execute(update(allocation).where(allocation.c.member == paid[-1]).values(cents=7))
    found = verify(session, SWEPT_TO)
    assert {one["member"] for one in found["members"]} >= {listed[0], listed[1]}
    assert found["wrong"] >= 2


@pytest.fixture
def one_month_of_grace(tmp_path):
    policy = tmp_path / "policy.toml"
    policy.write_text(policy_text(None).replace("grace_months = 3", "grace_months = 1"), encoding="utf-8")
    return policy


def test_only_a_sweep_brings_other_terms_into_force(office, one_month_of_grace):
    session = one_member(office, History(**PAID))
    sweep(session, date(2021, 1, 20))
    other = session_of(office.db, one_month_of_grace)
    with other.batch("test settling") as batch, pytest.raises(ConfigurationError) as refused:
        settle(batch, select(member.c.id))
    assert "ancadmin sweep" in refused.value.remedy
    assert sweep(other, date(2021, 1, 20))["transitions"] == [{"from": "grace", "to": "not_in_good_standing", "n": 1}]
    assert verify(other, date(2021, 1, 20))["wrong"] == 0
    assert office("member", "list", code=4).err.startswith("ancadmin: error: the store is reckoned with other terms")


def test_the_calendar_is_carried_on_with_the_years(office):
    session = one_member(office, History(**PAID))
    reached = date(session.today.year + 40, 12, 31)
    assert standings(session, reached)[1].status == "not_in_good_standing"
    with pytest.raises(InputRefused, match="reckoned up to"):
        sweep(session, reached + DAY)
    later = replace(session, today=date(session.today.year + 2, 1, 5))
    sweep(later, later.today)
    sweep(later, reached + DAY)
    assert standings(session, reached + DAY)[1].arrears_cents == 2000 * (reached.year - 2020 + 1)
    assert verify(later, reached + DAY)["wrong"] == 0
