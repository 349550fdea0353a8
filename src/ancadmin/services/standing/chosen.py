"""A table of the connection's own, naming the members a piece of work is about, so that queries can join it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Column, Connection, Integer, MetaData, Select, Table, insert, select

from ancadmin.db.bulk import told

CHUNK = 100_000

Stretch = tuple[int, int]
"""The first and the last id of a run of members."""

CHOSEN = Table(
    "chosen",
    MetaData(),
    Column("member", Integer, primary_key=True),
    Column("plain", Integer, nullable=False),
    prefixes=["TEMPORARY"],
)


@contextmanager
def chosen(connection: Connection, members: Select[Any]) -> Iterator[None]:
    """Fills CHOSEN for the block with what the query yields: member, and 1 for those done in one stroke, else 0."""
    CHOSEN.create(connection, checkfirst=False)
    connection.execute(insert(CHOSEN).from_select(["member", "plain"], members))
    told(connection, CHOSEN)
    yield
    CHOSEN.drop(connection, checkfirst=False)


def stretches(connection: Connection) -> Iterator[Stretch]:
    """Runs of at most CHUNK chosen members that are not plain, in order."""
    last = 0
    while True:
        rows = fetched(
            connection,
            "SELECT min(member), max(member) FROM (SELECT member FROM chosen "
            f"WHERE member > {last} AND plain = 0 ORDER BY member LIMIT {CHUNK}) AS run",
        )
        first, last = rows[0]
        if first is None:
            return
        yield first, last


def among(stretch: Stretch, column: str) -> str:
    """The join that keeps to the chosen members of a stretch. Numbers of our own, so they stand in the text.

    The stretch is said of both sides: PostgreSQL does not conclude the one from the other, and reads the whole table.
    """
    first, last = stretch
    return (
        f"JOIN chosen ON chosen.member = {column} AND chosen.plain = 0 "
        f"AND chosen.member BETWEEN {first} AND {last} AND {column} BETWEEN {first} AND {last}"
    )


def members_of(stretch: Stretch) -> Select[tuple[int]]:
    """The chosen members of a stretch, as a query."""
    return select(CHOSEN.c.member).where(CHOSEN.c.plain == 0, CHOSEN.c.member.between(*stretch))


def fetched(connection: Connection, query: str | Select[Any]) -> list[tuple[Any, ...]]:
    """The rows of a query as the driver gives them: no objects made a row."""
    if not isinstance(query, str):
        query = str(query.compile(connection, compile_kwargs={"literal_binds": True}))
    cursor = connection.connection.cursor()
    try:
        cursor.execute(query)
        return list(cursor.fetchall())
    finally:
        cursor.close()
