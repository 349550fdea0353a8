"""Who was at a meeting and is on no row of its register: what the record has of them."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, select

from ancadmin.db.schema import member
from ancadmin.domain.papers import masked
from ancadmin.domain.policy import Policy
from ancadmin.domain.standing import Status
from ancadmin.services.export.scope import chunks
from ancadmin.services.member.moving.place import branch_on
from ancadmin.services.standing.calendars import ready
from ancadmin.services.standing.query import standing_on

_NUMBERS_A_QUERY = 500
_NAMED = member.alias("named")


class Known(NamedTuple):
    """Somebody on record: names, the branch at the end of a day, and what she was then."""

    surname: str
    first_names: str
    place: str
    what: str


def on_record(connection: Connection, policy: Policy, day: date, id_numbers: Sequence[str]) -> dict[str, Known]:
    """By ID number, who that person was at the end of `day`. A number that was corrected or
    whose record was merged finds the record it leads to.
    """
    if id_numbers:
        ready(connection, day, policy)
    found: dict[str, Known] = {}
    for some in chunks(id_numbers, _NUMBERS_A_QUERY):
        found.update(_found(connection, policy, day, some))
    return found


def _found(connection: Connection, policy: Policy, day: date, id_numbers: Sequence[str]) -> dict[str, Known]:
    record = func.coalesce(_NAMED.c.merged_into, _NAMED.c.id)
    numbered = select(record).where(_NAMED.c.id_number.in_(id_numbers))
    standing = standing_on(day, policy, numbered).subquery("standing_on")
    rows = connection.execute(
        select(
            _NAMED.c.id_number,
            member.c.id_number.label("now"),
            member.c.surname,
            member.c.first_names,
            branch_on(day.isoformat()).label("place"),
            standing.c.status,
        )
        .select_from(_NAMED.join(member, member.c.id == record))
        .outerjoin(standing, standing.c.member == member.c.id)
        .where(_NAMED.c.id_number.in_(id_numbers))
    )
    return {row.id_number: Known(row.surname, row.first_names, row.place, _what(row)) for row in rows}


def _what(row: Row[Any]) -> str:
    what = "not listed yet" if row.status is None else f"{Status(row.status).words}, {row.place}"
    return what if row.now == row.id_number else f"{what}, as {masked(row.now)}"
