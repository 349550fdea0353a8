"""Whose records the caller may look at: those of the places their roles reach (docs/rules.md, section 7)."""

from typing import Any

from sqlalchemy import Connection, Select, select

from ancadmin.db.schema import member
from ancadmin.domain.roles import Role
from ancadmin.services.export.scope import Scope, places
from ancadmin.services.member.whose import member_row
from ancadmin.services.operator.reach import branches_reached, require
from ancadmin.services.session import Session

EVERY_ROLE = frozenset(Role)


def members_within(session: Session, connection: Connection, scope: Scope | None) -> Select[tuple[int]] | None:
    """The ids of the members of a place, or, without one, of all the branches reached; None for everyone there is.

    Raises InputRefused for a place not on record, NotAllowed for one out of reach.
    """
    if scope is not None:
        found = places(session, connection, scope, EVERY_ROLE, f"see the members of {scope.place}")
        return select(member.c.id).where(member.c.branch.in_([place.code for place in found]))
    reached = branches_reached(session, connection, EVERY_ROLE)
    if reached is None:
        return None
    return select(member.c.id).where(member.c.branch.in_(sorted(reached)))


def seen_member(session: Session, text: str) -> dict[str, Any]:
    """The row of the member whose ID number was typed. Raises InputRefused for nobody's, NotAllowed for one of a
    branch out of reach.
    """
    with session.store.connect() as connection:
        row = member_row(connection, text, session.today, session.policy)
        require(session, connection, EVERY_ROLE, row["branch"], f"see members of branch {row['branch']}")
    return row
