"""What dues are reckoned from, read as columns a stretch of members at a time: branch, first day, money, standing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select

from ancadmin.db.schema import branch, fee_calendar, member, region, standing
from ancadmin.domain.dates import Days
from ancadmin.domain.settlement import Cents, Positions
from ancadmin.services.export.scope import Scope
from ancadmin.services.member.moving.place import belonging, place_on
from ancadmin.services.report.places import Lines
from ancadmin.services.standing.query import OWES, Condition, counted_as, decided_by

_AT_A_TIME = 50_000


@dataclass(frozen=True)
class Stretch:
    """Some members: ids, the lines of the report they count for, their first day (a position in `first_days`; the last
    of these is NaT, for none), and the columns asked for.
    """

    members: Positions
    line: Positions
    first_day: Positions
    columns: tuple[Cents, ...]


def first_days(connection: Connection) -> Days:
    """The different first days of first periods, in order, and NaT."""
    first_rows = select(fee_calendar.c.first_day).where(fee_calendar.c.fees_before_cents == 0)
    return np.array([*sorted(connection.scalars(first_rows)), "NaT"], dtype="datetime64[D]")


def stretches(
    connection: Connection,
    days: Days,
    lines: Lines,
    scope: Scope,
    on: str,
    columns: tuple[ColumnElement[int], ...],
    *,
    decided: bool,
) -> Iterator[Stretch]:
    """Everyone of the scope listed on a day of whom any period has begun or any money is there, with `columns`; each
    counts for the branch of that day. `decided`: as `with_decisions` on it.
    """
    number = {str(day): at for at, day in enumerate(days[:-1])}
    number[None] = len(number)  # type: ignore[index]
    joined = standing.join(member, member.c.id == standing.c.member)
    query = select(standing.c.member, place_on(connection, on), standing.c.first_day, *columns)
    query = query.select_from(decided_by(joined, on) if decided else joined).where(
        standing.c.listed_from <= on,
        or_(standing.c.first_day <= on, standing.c.money_cents > 0),
        *within(connection, scope, on),
    )
    for rows in _fetched(connection, query):
        members, branches, first, *others = zip(*rows, strict=True)
        yield Stretch(
            members=np.array(members, dtype=np.int64),
            line=np.array([lines.of_branch[code] for code in branches], dtype=np.int64),
            first_day=np.array([number[day] for day in first], dtype=np.int64),
            columns=tuple(np.array(one, dtype=np.int64) for one in others),
        )


def within(connection: Connection, scope: Scope, on: str) -> list[Condition]:
    """Members who belonged to the branches of a place on a day; nothing to ask for everyone."""
    if scope.everything:
        return []
    if scope.branch is not None:
        return [member.c.id.in_(belonging(connection, on, [scope.branch]))]
    codes = select(branch.c.code).join(region, region.c.code == branch.c.region)
    lies = region.c.code == scope.region if scope.region is not None else region.c.province == scope.province
    return [member.c.id.in_(belonging(connection, on, codes.where(lies)))]


def owing(connection: Connection, on: str, special: Condition) -> set[int]:
    """Of those listed on a day for whom `special` holds, who owes dues then."""
    query = (
        select(standing.c.member)
        .select_from(decided_by(standing, on))
        .where(special, standing.c.listed_from <= on, counted_as(on) == OWES)
    )
    return {row[0] for rows in _fetched(connection, query) for row in rows}


def periods_begun(connection: Connection, first: str, last: str, special: Condition) -> tuple[Positions, Days]:
    """Members for whom `special` holds and the days from `first` to `last` on which a period of theirs began while they
    owed dues.
    """
    begun = fee_calendar.c.starts_on
    periods = standing.join(
        fee_calendar, and_(fee_calendar.c.first_day == standing.c.first_day, begun.between(first, last))
    )
    query = (
        select(standing.c.member, begun)
        .select_from(decided_by(periods, begun))
        .where(special, standing.c.listed_from <= begun, counted_as(begun) == OWES)
    )
    found = [row for rows in _fetched(connection, query) for row in rows]
    members, days = zip(*found, strict=True) if found else ((), ())
    return np.array(members, dtype=np.int64), np.array(days, dtype="datetime64[D]")


def _fetched(connection: Connection, query: Select[Any]) -> Iterator[list[tuple[Any, ...]]]:
    """The rows as the driver gives them, some at a time."""
    text = str(query.compile(connection, compile_kwargs={"literal_binds": True}))
    cursor = connection.connection.cursor()
    try:
        cursor.execute(text)
        while rows := cursor.fetchmany(_AT_A_TIME):
            yield list(rows)
    finally:
        cursor.close()
