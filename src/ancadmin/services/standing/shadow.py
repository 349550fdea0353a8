"""Tables that stand before the store's own while a block lasts: the rules then run, unchanged, on another state.

A query names its tables without a schema, and both engines look among the connection's own tables first. So a temporary
`standing` is what `settle` fills and `standing_on` reads, and a temporary view `allocation` shows the allocations of
another day, while the store's own tables lie beneath: nothing is written, and no writer is kept waiting.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, Index, MetaData, Select, Table, insert, text
from sqlalchemy.schema import CreateIndex, CreateTable

Query = Select[Any]


@contextmanager
def shadowed(
    connection: Connection,
    tables: Mapping[Table, Query | None],
    views: Mapping[Table, Query] | None = None,
) -> Iterator[None]:
    """For the block each of `tables` (of `ancadmin.db.schema`) is a temporary table with its columns, key and indexes,
    holding the rows of the query (None: none), which the block may write; each of `views` is its query, evaluated when
    it is read. A query yields the columns of its table, in their order.

    The queries name what lies beneath with `beneath`; one made earlier may be named plainly. Results read inside the
    block must be closed before it ends. After an error the connection is as it was before the block.
    """
    with connection.begin_nested():  # which takes the tables away after an error, where they cannot be dropped
        for table, query in tables.items():
            _make_table(connection, table, query)
        for view, query in (views or {}).items():
            connection.exec_driver_sql(f'CREATE TEMPORARY VIEW "{view.name}" AS {_text(connection, query)}')
        yield
        for view in views or {}:
            connection.exec_driver_sql(f"DROP VIEW {_own(connection)}.{view.name}")
        for table in tables:
            connection.exec_driver_sql(f"DROP TABLE {_own(connection)}.{table.name}")


def beneath(connection: Connection, table: Table) -> Table:
    """The store's own table, whatever stands before it."""
    return _copy(table, _schema(connection))


def analyse(connection: Connection, *tables: Table) -> None:
    """Tells PostgreSQL how many rows temporary tables hold by now: nothing else does."""
    if connection.dialect.name == "postgresql":
        for table in tables:
            connection.exec_driver_sql(f"ANALYZE {_own(connection)}.{table.name}")


def _make_table(connection: Connection, table: Table, query: Query | None) -> None:
    made = _copy(table, None, temporary=True)
    connection.execute(CreateTable(made))
    if query is not None:
        names = [column.name for column in table.columns]
        connection.execute(insert(_copy(table, _own(connection))).from_select(names, query))
    for index in table.indexes:
        # That rows are what they may be is the store's to see to; here they are only to be found.
        connection.execute(CreateIndex(Index(index.name, *(made.c[column.name] for column in index.columns))))


@cache
def _copy(table: Table, schema: str | None, *, temporary: bool = False) -> Table:
    """The table's columns and key under a schema; without what points at other tables, and without a sequence."""
    columns = (
        Column(column.name, column.type, primary_key=column.primary_key, nullable=column.nullable, autoincrement=False)
        for column in table.columns
    )
    return Table(
        table.name,
        MetaData(),
        *columns,
        schema=schema,
        prefixes=["TEMPORARY"] if temporary else [],
        sqlite_with_rowid=table.dialect_options["sqlite"]["with_rowid"],
    )


def _text(connection: Connection, query: Query) -> str:
    """The query as a view keeps it: without parameters."""
    return str(query.compile(connection, compile_kwargs={"literal_binds": True}))


def _own(connection: Connection) -> str:
    """The schema of the connection's own tables."""
    return "pg_temp" if connection.dialect.name == "postgresql" else "temp"


def _schema(connection: Connection) -> str:
    """The schema of the store's tables."""
    if connection.dialect.name != "postgresql":
        return "main"
    return str(connection.scalar(text("SELECT current_schema()")))
