"""Loading many rows inside the batch's own transaction: prepared inserts on SQLite, COPY on PostgreSQL."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any

from sqlalchemy import Connection, Index, Table, func, select, text
from sqlalchemy.schema import CreateIndex, DropIndex

# A statement for several rows costs SQLite a quarter less than one a row. 20 rows of any table of ours stay under the
# 999 parameters that every SQLite allows.
_ROWS_A_STATEMENT = 20
_FETCHED = 20_000
# SQLite keeps a float that is no number as NULL. For each None its driver looks about for an adapter: with the many
# empty cells of a register that is an eighth of a whole import.
_NULL = float("nan")


def insert_rows(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Inserts tuples in the order of `columns`; streams, keeps nothing. Raises what the driver raises, translated
    by the store's own error handling.
    """
    names = ", ".join(f'"{name}"' for name in columns)
    driver = connection.connection.driver_connection
    if driver is None:  # pragma: no branch - a live connection has one
        raise RuntimeError("the connection is closed")
    if connection.dialect.name == "postgresql":
        with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
        return
    rest = iter(rows)
    last: tuple[Any, ...] = ()

    def together() -> Iterator[tuple[Any, ...]]:
        nonlocal last
        while last := tuple(chain.from_iterable(islice(rest, _ROWS_A_STATEMENT))):
            if len(last) < _ROWS_A_STATEMENT * len(columns):
                return
            yield tuple([_NULL if value is None else value for value in last])

    one = f"({', '.join('?' * len(columns))})"
    insert = f'INSERT INTO "{table.name}" ({names}) VALUES '
    driver.executemany(insert + ", ".join([one] * _ROWS_A_STATEMENT), together())
    driver.executemany(insert + one, zip(*[iter(last)] * len(columns), strict=True))


def plain_rows(connection: Connection, query: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a query without parameters as the driver gives them, a few at a time, kept nowhere: with a million of
    them everything else counts.
    """
    driver = connection.connection.driver_connection
    if driver is None:  # pragma: no branch - a live connection has one
        raise RuntimeError("the connection is closed")
    # A cursor with a name stays at the server.
    cursor = driver.cursor(name="plain_rows") if connection.dialect.name == "postgresql" else driver.cursor()
    cursor.execute(query)
    while rows := cursor.fetchmany(_FETCHED):
        yield from rows
    cursor.close()


def next_id(connection: Connection, table: Table) -> int:
    """The first free id of a table; the batch's writer is alone, so ids can be handed out from here.

    On PostgreSQL the table's sequence is moved past them by `ids_used`.
    """
    highest: int = connection.scalar(select(func.coalesce(func.max(table.c.id), 0))) or 0
    return highest + 1


def ids_used(connection: Connection, table: Table) -> None:
    """Tells PostgreSQL which ids were handed out by hand."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "
            f'greatest((SELECT max(id) FROM "{table.name}"), 1))'
        )


@contextmanager
def indexes_rebuilt(
    connection: Connection, table: Table, *, when: bool, keeping: Sequence[str] = (), rewriting: bool = False
) -> Iterator[None]:
    """Drops the table's plain indexes for the block and builds them again: cheaper when most rows are new.

    All of it stands in the batch's transaction. Unique indexes stay: they guard. On SQLite so do those named in
    `keeping`, which something needs meanwhile, or whose columns an update leaves as they are. PostgreSQL needs none of
    them: it holds a rule against all the rows of a statement at once. But there a row that is changed gets a new entry
    in every index, whatever the columns: with `rewriting` unique ones go too, held against all rows as they come back.
    On PostgreSQL the table's foreign keys go and come back as well, checked then for all rows at once and not row by
    row; and only the table's owner may do this: an operator's own login loads with everything in place.
    """
    worth = when and _owns(connection, table)
    server = connection.dialect.name == "postgresql"

    def goes(index: Index) -> bool:
        return (rewriting or not index.unique) if server else not (index.unique or index.name in keeping)

    dropped = [index for index in table.indexes if worth and goes(index)]
    keys = _foreign_keys(connection, table) if worth else {}
    for index in dropped:
        connection.execute(DropIndex(index))
    for name in keys:
        connection.exec_driver_sql(f'ALTER TABLE "{table.name}" DROP CONSTRAINT "{name}"')
    yield
    for index in dropped:
        connection.execute(CreateIndex(index))
    for name, definition in keys.items():
        connection.exec_driver_sql(f'ALTER TABLE "{table.name}" ADD CONSTRAINT "{name}" {definition}')
    if worth:
        told(connection, table)


def told(connection: Connection, table: Table) -> None:
    """Lets PostgreSQL know how full a table has become: until it is told it takes a table just filled for a small one,
    and goes through others row by row for it. What it does by itself comes a minute later, and never to tables of a
    connection's own.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f'ANALYZE "{table.name}"')


def _foreign_keys(connection: Connection, table: Table) -> dict[str, str]:
    """The table's foreign keys on PostgreSQL, by name as they are written; SQLite cannot drop them."""
    if connection.dialect.name != "postgresql":
        return {}
    rows = connection.execute(
        text(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid = to_regclass(:name) AND contype = 'f'"
        ),
        {"name": f'"{table.name}"'},
    )
    return {row[0]: row[1] for row in rows}


def keep_pages(connection: Connection, mebibytes: int) -> None:
    """Lets SQLite keep so many pages at hand while this connection lives: for work that looks up millions of rows in
    another order than they lie in.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA cache_size = -{mebibytes * 1024}")


def _owns(connection: Connection, table: Table) -> bool:
    if connection.dialect.name != "postgresql":
        return True
    owner = text("SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass(:name)")
    return bool(connection.scalar(owner, {"name": table.name}))
