"""The store refuses to credit or give back more than a deposit holds, whoever writes to it."""

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError
from tests.services.deposits.working import MOKOENA, register, session, statement, take_in

from ancadmin.db.schema import allocation, deposit, member, refund


@pytest.fixture
def writing(office):
    """A connection that writes to a store with one open deposit of R20 (number 1), and the member's row number."""
    register(office, [{"id_number": MOKOENA}])
    take_in(office, statement(office, "one.csv", [("2020-03-02", 2000, MOKOENA)]))
    with session(office).store.write() as connection:
        yield connection, connection.scalar(select(member.c.id))


def credit(connection, who, cents, number=1):
    entry = {"deposit": number, "member": who, "cents": cents, "value_date": "2020-03-02", "reason": "x", "batch": 1}
    connection.execute(insert(allocation).values(**entry))


def give_back(connection, cents):
    connection.execute(insert(refund).values(deposit=1, cents=cents, why="x", batch=1))


def beyond(connection, work, *words):
    with pytest.raises(DBAPIError, match="beyond its amount"), connection.begin_nested():
        work(connection, *words)


def test_up_to_the_amount_and_no_cent_more(writing):
    connection, who = writing
    beyond(connection, credit, who, 2001)
    credit(connection, who, 1500)
    beyond(connection, credit, who, 501)
    beyond(connection, give_back, 501)
    give_back(connection, 500)
    beyond(connection, credit, who, 1)


def test_what_is_reversed_makes_room_and_does_not_come_back_into_it(writing):
    connection, who = writing
    credit(connection, who, 2000)
    connection.execute(update(allocation).values(reversed_by=1))
    credit(connection, who, 2000)

    def bring_back(connection):
        connection.execute(update(allocation).values(reversed_by=None))

    beyond(connection, bring_back)


def test_an_entry_does_not_grow_nor_the_deposit_shrink(writing):
    connection, who = writing
    credit(connection, who, 2000)

    def grow(connection):
        connection.execute(update(allocation).values(cents=2001))

    def shrink(connection):
        connection.execute(update(deposit).values(cents=1999))

    beyond(connection, grow)
    beyond(connection, shrink)
