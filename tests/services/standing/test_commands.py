"""`sweep` on the command line: the agreed fields, a dry run, what makes it exit 10, and what is refused."""

from datetime import date

import pytest
from sqlalchemy import update
from tests.oracle import Decision, History
from tests.services.standing.records import put_on_record, session_of

from ancadmin.db.schema import standing

PAID = {"last_payment_on": date(2019, 12, 15), "last_payment_cents": 2000}


@pytest.fixture
def session(office):
    session = session_of(office.db)
    put_on_record(session, [History(**PAID), History(**PAID, decisions=[Decision("deceased", date(2020, 6, 1))])])
    return session


def test_both_names_and_the_agreed_fields(office, session):
    first = office("sweep", "--on", "2020-12-14", "--json").json
    assert set(first) == {"batch", "on", "due", "changed", "transitions", "objections_open"}
    assert first["transitions"] == [
        {"from": None, "to": "deceased", "n": 1},
        {"from": None, "to": "good_standing", "n": 1},
    ]
    second = office("standing", "sweep", "--on", "2020-12-15", "--json")
    assert (second.json["due"], second.json["changed"]) == (2, 1)
    assert second.json["transitions"] == [{"from": "good_standing", "to": "grace", "n": 1}]
    assert "2 due, 1 changed, statuses stand at 2020-12-15" in second.err
    assert office("batch", "show", first["batch"], "--json").json["command"] == "standing sweep"


def test_a_dry_run_reports_the_same_and_changes_nothing(office, session):
    tried = office("sweep", "--on", "2020-12-14", "-n", "--json").json
    done = office("sweep", "--on", "2020-12-14", "--json").json
    assert {**tried, "batch": None} == {**done, "batch": None}
    assert done["changed"] == 2


def test_an_earlier_day_is_refused_with_the_remedy(office, session):
    done = office("sweep", "--on", "2020-12-14", "--json").json
    refused = office("sweep", "--on", "2020-12-13", code=3)
    assert "does not go back" in refused.err
    assert f"ancadmin batch undo {done['batch']}" in refused.err
    office("batch", "undo", done["batch"])
    assert office("sweep", "--on", "2020-12-13", "--json").json["changed"] == 2


def test_verify_exits_10_and_leaves_a_trace_when_something_is_wrong(office, session):
    office("sweep", "--on", "2020-12-14")
    fine = office("sweep", "--verify", "--on", "2020-12-14", "--json").json
    assert (fine["checked"], fine["wrong"]) == (2, 0)
    with session.store.write() as connection:
        connection.execute(update(standing).where(standing.c.member == 1).values(status="expelled"))
    found = office("sweep", "--verify", "--on", "2020-12-14", "--json", code=10)
    assert (found.json["checked"], found.json["wrong"]) == (2, 1)
    assert "audit verify" in found.err
    trail = office("audit", "log", "--reads", "--json").json
    (link,) = [link for link in trail if link["action"] == "standing verify found differences"]
    assert link["detail"]["members"] == [1]


def test_strict_exits_10_for_an_objection_nobody_settles(office):
    joined = [Decision("applied", date(2020, 1, 1)), Decision("accepted", date(2020, 1, 2))]
    session = session_of(office.db)
    objection = Decision("objection", date(2020, 3, 1))
    put_on_record(session, [History(applied=True, payments=[], decisions=[*joined, objection])])
    assert office("sweep", "--on", "2020-12-01", "--strict", "--json").json["objections_open"] == 0
    put_money(session)
    assert office("sweep", "--on", "2020-12-02", "--strict", "--json", code=10).json["objections_open"] == 1


def put_money(session):
    """The joining fee: now there is a probation for the objection to prolong."""
    from sqlalchemy import insert, select

    from ancadmin.db.schema import allocation, deposit, member
    from ancadmin.services.standing.settle import settle

    with session.batch("test payment") as batch:
        line = {"statement": 1, "line": 1, "account": "A", "value_date": "2020-01-10", "cents": 2000, "narrative": "x"}
        state = {"fingerprint": 1, "occurrence": 0, "readings": 1, "bulk_words": False, "state": "matched"}
        values = {"id": 1, "batch": batch.number, **line, **state, "unallocated_cents": 0}
        batch.connection.execute(insert(deposit).values(values))
        credit = {"deposit": 1, "member": 1, "cents": 2000, "value_date": "2020-01-10", "reason": "officer"}
        batch.connection.execute(insert(allocation).values(batch=batch.number, **credit))
        settle(batch, select(member.c.id))
