"""Whose records the caller may look at: those of the places their roles reach (docs/rules.md, section 7)."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, func, select

from ancadmin.db.schema import member
from ancadmin.domain.roles import Role
from ancadmin.errors import InputRefused
from ancadmin.services.export.scope import Scope, places
from ancadmin.services.member.moving.place import belonging, branch_on
from ancadmin.services.member.whose import member_row
from ancadmin.services.operator.reach import branches_reached, reaches, require
from ancadmin.services.session import Session

EVERY_ROLE = frozenset(Role)


def members_within(
    session: Session, connection: Connection, scope: Scope | None, on: date | None = None
) -> Select[tuple[int]] | None:
    """The ids of the members of a place, or, without one, of all the branches reached; None for everyone there is.
    Where they belonged at the end of `on` counts (None: today).

    Raises InputRefused for a place not on record, NotAllowed for one out of reach.
    """
    day = (on or session.today).isoformat()
    if scope is not None:
        found = places(session, connection, scope, EVERY_ROLE, f"see the members of {scope.place}")
        return belonging(connection, day, [place.code for place in found])
    reached = branches_reached(session, connection, EVERY_ROLE)
    if reached is None:
        return None
    return belonging(connection, day, sorted(reached))


def seen_member(session: Session, text: str, on: date | None = None) -> dict[str, Any]:
    """The row of the member whose ID number was typed; its `branch` is that of the end of `on` (None: of the record).
    Raises InputRefused for nobody's, NotAllowed for one whose branch then and now is out of reach.
    """
    with session.store.connect() as connection:
        row = member_row(connection, text, session.today, session.policy)
        return _seen(session, connection, row, on)


def seen_then(session: Session, connection: Connection, number: int, on: date) -> dict[str, Any]:
    """The row the record `number` is read as on a connection that shows what was known on the session's day; otherwise
    as `seen_member`. Raises InputRefused where it was not on record then, NotAllowed.
    """
    kept = select(func.coalesce(member.c.merged_into, member.c.id)).where(member.c.id == number)
    row = connection.execute(select(member).where(member.c.id == kept.scalar_subquery())).mappings().first()
    if row is None:
        raise InputRefused(
            "nobody was on record yet under this ID number",
            "See when it came on record: ancadmin member history ID",
            value=f"--known {session.today.isoformat()}",
        )
    return _seen(session, connection, dict(row), on)


def _seen(session: Session, connection: Connection, row: dict[str, Any], on: date | None) -> dict[str, Any]:
    if on is not None:
        now = row["branch"]
        row["branch"] = connection.scalar(select(branch_on(on.isoformat())).where(member.c.id == row["id"]))
        if reaches(session, connection, EVERY_ROLE, now):
            return row
    require(session, connection, EVERY_ROLE, row["branch"], f"see members of branch {row['branch']}")
    return row
