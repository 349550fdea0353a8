"""Who may approve a request, as things stand by now: asked by who approves it, and by the list of what waits."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Row, func, select

from ancadmin.db.schema import member
from ancadmin.domain.authorisation import Act, Matter
from ancadmin.domain.roles import Role
from ancadmin.errors import NotAllowed
from ancadmin.services.approvals.authority import require_approver, require_asker_still
from ancadmin.services.approvals.kinds import matter_of
from ancadmin.services.approvals.places import places_now
from ancadmin.services.approvals.requests import effective_on, refuse_own
from ancadmin.services.deposits.allowed import money_roles
from ancadmin.services.operator.reach import branches_reached
from ancadmin.services.session import Session


def require_approvable(session: Session, connection: Connection, row: Row[Any], content: Mapping[str, Any]) -> None:
    """Raises NotAllowed unless the caller may approve a request that waits: by the matrix, where it was asked and where
    it belongs by now; because somebody else asked, who still may. Whose money it is the work itself looks at.
    """
    matter, on = matter_of(row.kind, content), effective_on(content)
    what = f"approve what concerns {said_of(matter)}{f', effective on {on}' if on else ''}"
    require_approver(session, connection, matter, row.place, what, on=on)
    refuse_own(session, row)
    places = places_now(connection, matter, row, content)
    require_asker_still(session, connection, matter, row, places)
    # A transfer the receiving branch alone has to accept.
    if matter not in (Act.TRANSFER, Act.MONEY):
        for place in places:
            require_approver(session, connection, matter, place, f"{what}, in branch {place}", on=on)


def approvable(
    session: Session, connection: Connection, row: Row[Any], content: Mapping[str, Any], concerned: Collection[int]
) -> bool:
    """Whether the caller may approve a request about some members, or about their money."""
    try:
        require_approvable(session, connection, row, content)
    except NotAllowed:
        return False
    if matter_of(row.kind, content) is not Act.MONEY or not concerned:
        return True
    reached = branches_reached(session, connection, money_roles(session))
    kept = member.alias("kept")
    branches = (
        select(kept.c.branch)
        .join(member, kept.c.id == func.coalesce(member.c.merged_into, member.c.id))
        .where(member.c.id.in_(concerned))
    )
    return reached is None or reached.issuperset(connection.scalars(branches))


def said_of(matter: Matter) -> str:
    """What a request needs authority over, as people say it."""
    return f"the role of {matter.words}" if isinstance(matter, Role) else matter.words
