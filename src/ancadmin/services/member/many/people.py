"""Whom a file of decisions is about, looked up many at once."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from ancadmin.db.schema import decision, member
from ancadmin.services.standing.query import recorded

_AT_ONCE = 5_000


@dataclass(frozen=True)
class OnRecord:
    """Somebody on record: the row of members, and the entries about them (see `entries`)."""

    row: Mapping[str, Any]
    made: Sequence[Any]


def parts(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """As many at a time as a query takes parameters."""
    return (texts[at : at + _AT_ONCE] for at in range(0, len(texts), _AT_ONCE))


def people(connection: Connection, id_numbers: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The rows of members with some numbers, by number; of records merged into others, those others'."""
    asked = member.alias("asked")
    rows = connection.execute(
        select(asked.c.id_number.label("asked_number"), member)
        .join(member, member.c.id == func.coalesce(asked.c.merged_into, asked.c.id))
        .where(asked.c.id_number.in_(id_numbers))
    )
    found = (dict(row) for row in rows.mappings())
    return {row.pop("asked_number"): row for row in found}


def entries(connection: Connection, members: Sequence[int]) -> dict[int, list[Any]]:
    """All decisions ever recorded about some members: kind, begins_on, ends_on, continues, reversed_by, and `recorded`:
    the row as which each was first recorded.
    """
    columns = ("member", "kind", "begins_on", "ends_on", "continues", "reversed_by")
    rows = connection.execute(
        select(*(decision.c[name] for name in columns), recorded(decision).label("recorded"))
        .where(decision.c.member.in_(members))
        .order_by(decision.c.id)
    )
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.member].append(row)
    return found
