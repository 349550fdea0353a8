"""`sweep --verify` believes no stored date: it reckons from allocations, decisions and the policy."""

from datetime import date

import pytest
from sqlalchemy import select, update
from tests.oracle import Decision, History, Payment
from tests.services.standing.records import put_on_record, session_of

from ancadmin.db.schema import fee_calendar, opening_period, standing
from ancadmin.services.standing.settle import DERIVED
from ancadmin.services.standing.sweep import sweep
from ancadmin.services.standing.verify import verify

ON = date(2020, 6, 30)
PAID_UP = {"last_payment_on": date(2020, 1, 15), "last_payment_cents": 2000}
LONG_AGO = {"last_payment_on": date(2015, 1, 15), "last_payment_cents": 2000}
JOINED = (Decision("applied", date(2019, 1, 3)), Decision("accepted", date(2019, 2, 3)))


@pytest.fixture
def session(office):
    """Each beside one whose dues are long unpaid: 1 and 2 by the register alone, 3 and 4 with money, 5 and 6 who
    applied.
    """
    session = session_of(office.db)
    put_on_record(
        session,
        [
            History(**PAID_UP),
            History(**LONG_AGO),
            History(**LONG_AGO, payments=[Payment(date(2020, 1, 15), 12000)]),
            History(**LONG_AGO, payments=[Payment(date(2016, 1, 15), 2000)]),
            History(applied=True, decisions=[*JOINED], payments=[Payment(date(2019, 3, 3), 4000)]),
            History(applied=True, decisions=[*JOINED]),
        ],
    )
    sweep(session, ON)
    assert verify(session, ON)["wrong"] == 0
    return session


def written(session, number, **values):
    with session.store.write() as connection:
        connection.execute(update(standing).where(standing.c.member == number).values(**values))


@pytest.mark.parametrize(("number", "paid_up"), [(2, 1), (4, 3), (6, 5)])
def test_a_row_that_is_right_in_itself_and_wrong_by_the_facts(session, number, paid_up):
    """The one who did not pay is given every date, the status and the next change of the one who did."""
    with session.store.connect() as connection:
        row = dict(connection.execute(select(standing).where(standing.c.member == paid_up)).mappings().one())
    written(session, number, **{name: value for name, value in row.items() if name != "member"})
    found = verify(session, ON)
    assert [one["member"] for one in found["members"]] == [number]


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("name", [*DERIVED[1:], "status", "next_change_on"])
@pytest.mark.parametrize("number", [1, 3, 5])
def test_every_column_by_itself(session, name, number):
    other = {"money_cents": 777, "decided": number != 5, "status": "lapsed", "next_change_on": None}
    written(session, number, **{name: other.get(name, "2018-02-03")})
    assert [one["member"] for one in verify(session, ON)["members"]] == [number]


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (fee_calendar, {"starts_on": "2030-01-01"}),
        (fee_calendar, {"grace_ends_on": "2030-01-01"}),
        (opening_period, {"ends_on": "2030-01-01"}),
        (opening_period, {"fee_cents": 1}),
    ],
)
def test_the_calendars_are_held_against_the_policy(session, table, values):
    with session.store.write() as connection:
        key = table.c[0]
        one = connection.scalar(select(key).order_by(key).limit(1))
        rows = update(table).where(key == one)
        if table is fee_calendar:
            rows = rows.where(table.c.fees_before_cents == 2000)
        assert connection.execute(rows.values(**values)).rowcount == 1
    found = verify(session, ON)
    assert found["wrong"] >= 1
    assert found["first_days"] == [one]
