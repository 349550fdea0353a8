"""Loading many rows: what is dropped for it comes back, and still holds."""

import sqlite3

import pytest
from sqlalchemy import func, insert, inspect, select, update
from sqlalchemy.exc import IntegrityError

from ancadmin.db.bulk import indexes_rebuilt, insert_rows
from ancadmin.db.schema import branch, deposit, region, register_source, statement
from ancadmin.db.store import store_at


def shape(connection, table):
    """Names of the indexes, and what the foreign keys refer to."""
    found = inspect(connection)
    keys = [(key["constrained_columns"], key["referred_table"]) for key in found.get_foreign_keys(table.name)]
    return sorted(index["name"] for index in found.get_indexes(table.name)), sorted(keys)


def test_indexes_and_foreign_keys_come_back(office):
    store = store_at(office.db)
    with store.write() as connection:
        before = shape(connection, branch)
        with indexes_rebuilt(connection, branch, when=True):
            during = shape(connection, branch)
        assert shape(connection, branch) == before
    assert during != before


def test_a_table_written_anew_keeps_its_rules_and_the_server_knows_what_it_holds(office):
    store = store_at(office.db)
    server = store.path is None
    with store.write() as connection:
        before = shape(connection, deposit)
        _keep_lines(connection, statement_lines=2)
        with indexes_rebuilt(connection, deposit, when=True, keeping=["ix_deposit_batch"], rewriting=True):
            during, _ = shape(connection, deposit)
        assert shape(connection, deposit) == before
        assert {name for name in ("ux_deposit_line", "ix_deposit_batch") if name in during} == (
            set() if server else {"ux_deposit_line", "ix_deposit_batch"}
        )
        if server:
            assert connection.exec_driver_sql("SELECT count(*) FROM pg_stats WHERE tablename = 'deposit'").scalar()


def test_two_lines_made_the_same_while_the_table_is_written_anew_are_refused(office):
    store = store_at(office.db)
    with store.engine.connect() as connection:
        _keep_lines(connection, statement_lines=2)
        with pytest.raises(IntegrityError), indexes_rebuilt(connection, deposit, when=True, rewriting=True):
            connection.execute(update(deposit).values(fingerprint=1))


def _keep_lines(connection, *, statement_lines):
    about = {"batch": 1, "file": "one.csv", "sha256": "", "bank": "csv", "account": "main", "lines": statement_lines}
    connection.execute(insert(statement).values(id=1, **about))
    line = {"batch": 1, "statement": 1, "account": "main", "value_date": "2020-01-01", "cents": 2000, "narrative": ""}
    for number in range(1, statement_lines + 1):
        told = {"id": number, "line": number, "fingerprint": number, "occurrence": 0, "unallocated_cents": 2000}
        connection.execute(insert(deposit).values(**line, **told, readings=0, bulk_words=False, state="open"))


def test_rows_that_refer_to_nothing_are_refused_all_the_same(office):
    store = store_at(office.db)
    with (
        pytest.raises((IntegrityError, sqlite3.IntegrityError)),
        store.engine.connect() as connection,
        connection.begin(),
        indexes_rebuilt(connection, branch, when=True),
    ):
        insert_rows(connection, branch, ("code", "name", "region", "batch"), [("1", "Nowhere", "no region", 1)])


@pytest.mark.parametrize("count", [0, 1, 19, 20, 21, 60, 105])
def test_any_number_of_rows_goes_in_whole_and_in_order(office, count):
    store = store_at(office.db)
    with store.write() as connection:
        connection.exec_driver_sql("INSERT INTO province (code, name, batch) VALUES ('P', 'P', 1)")
        rows = [(f"R{number:03}", f"Region {number}", "P", 1) for number in range(count)]
        insert_rows(connection, region, ("code", "name", "province", "batch"), iter(rows))
        found = connection.exec_driver_sql("SELECT code, name, province, batch FROM region ORDER BY code").fetchall()
        assert [tuple(row) for row in found] == rows


def test_what_is_none_is_null_in_rows_of_their_own_and_in_rows_together(office):
    store = store_at(office.db)
    with store.write() as connection:
        rows = [(number, 1, f"file {number}", "", "", "[]", 1, None if number % 3 else "{}") for number in range(1, 48)]
        columns = ("id", "batch", "file", "sheet", "sha256", "columns", "header_row", "reading")
        insert_rows(connection, register_source, columns, iter(rows))
        kept = connection.execute(select(register_source.c.id, register_source.c.reading)).fetchall()
        assert {tuple(row) for row in kept} == {(row[0], row[-1]) for row in rows}
        assert connection.scalar(select(func.count()).where(register_source.c.reading.is_(None))) == 32
