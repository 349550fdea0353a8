"""Tables that stand before the store's own: the rules run on them, and the store is as it was."""

from datetime import date

import pytest
from sqlalchemy import func, literal, select
from tests.oracle import History, Payment
from tests.services.standing.records import put_on_record, session_of, text

from ancadmin.db.schema import allocation, fee_calendar, member, opening_period, setting, standing
from ancadmin.services.standing.query import standing_on
from ancadmin.services.standing.settle import rebuild
from ancadmin.services.standing.shadow import analyse, beneath, shadowed

PAID = History(joined_on=date(2015, 1, 1), payments=[Payment(date(2016, 1, 10), 2000), Payment(date(2017, 1, 5), 2000)])
DERIVED = dict.fromkeys((standing, fee_calendar, opening_period, setting))
DAY = date(2017, 6, 1)


@pytest.fixture
def session(office):
    session = session_of(office.db)
    put_on_record(session, [PAID])
    return session


def status(connection, session):
    return connection.execute(standing_on(DAY, session.policy)).mappings().one()["status"]


def without_the_second(connection):
    table = beneath(connection, allocation)
    return select(table).where(table.c.value_date < text(date(2017, 1, 1)))


def test_standing_without_a_payment_is_told_and_nothing_is_written(session):
    with session.store.connect() as connection:
        before = connection.execute(select(standing)).all()
        with shadowed(connection, DERIVED, {allocation: without_the_second(connection)}):
            rebuild(connection, select(member.c.id), DAY, session.policy)
            analyse(connection, standing)
            assert status(connection, session) == "not_in_good_standing"
        assert status(connection, session) == "good_standing"
        assert connection.execute(select(standing)).all() == before


def test_a_table_has_the_rows_of_its_query_and_takes_more(session):
    with session.store.connect() as connection:
        real = beneath(connection, standing)
        with shadowed(connection, {standing: select(real).where(real.c.member == 2)}):
            assert connection.scalar(select(func.count()).select_from(standing)) == 0
            names = [column.name for column in standing.columns]
            connection.execute(standing.insert().from_select(names, select(real)))
            assert connection.scalar(select(func.count()).select_from(standing)) == 1


def test_after_an_error_the_connection_sees_the_store_again(session):
    with session.store.connect() as connection:
        with pytest.raises(ZeroDivisionError), shadowed(connection, DERIVED, {}):
            raise ZeroDivisionError
        assert status(connection, session) == "good_standing"
        with pytest.raises(Exception, match="nowhere"), shadowed(connection, DERIVED, {}):
            connection.exec_driver_sql("SELECT * FROM nowhere")
        with shadowed(connection, DERIVED, {}):
            assert connection.execute(select(standing)).all() == []
        assert status(connection, session) == "good_standing"


def test_no_writer_is_kept_waiting(session):
    with session.store.connect() as connection, shadowed(connection, DERIVED, {}):
        rebuild(connection, select(member.c.id), DAY, session.policy)
        with session.batch("test writes") as batch:
            batch.connection.execute(member.update().values(surname=literal("Naidoo")))
    with session.store.connect() as connection:
        assert connection.scalar(select(member.c.surname)) == "Naidoo"
