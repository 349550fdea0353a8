"""What the authorisation matrix lets a caller do at a place (docs/rules.md, section 7)."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from ancadmin.domain.authorisation import Act, Matter
from ancadmin.domain.roles import Role, either
from ancadmin.errors import NotAllowed
from ancadmin.services.operator.reach import reaches, require
from ancadmin.services.session import Session, roles_of


def holds_at_once(
    session: Session, connection: Connection, matter: Matter, places: Collection[str], on: date | None, what: str
) -> bool:
    """Whether what the caller records of this kind, effective on a day (None: it has none), holds at once; False: it
    waits until somebody else approves it. Who records alone reaches every one of `places`, who asks one of them.
    Raises NotAllowed, saying who may do `what`, to those who may not even ask.
    """
    matrix = session.policy.authorisation
    alone = matrix.alone(matter, on, session.today)
    if session.sole_operator or all(reaches(session, connection, alone, place) for place in places):
        return True
    able = matrix.may_ask(matter)
    if not any(reaches(session, connection, able, place) for place in places):
        require(session, connection, able, next(iter(places)), what)
    return False


def require_approver(
    session: Session, connection: Connection, matter: Matter, place: str | None, what: str, *, on: date | None = None
) -> None:
    """Raises NotAllowed unless the caller may approve this kind of decision at the place, or (None) at any place;
    `on` is the day it takes effect.
    """
    if may_approve(session, connection, matter, place, on=on):
        return
    able = session.policy.authorisation.approve(matter, on, session.today)
    if place is None:
        raise NotAllowed(f"{session.account} may not {what}", f"Ask a {either(able)}.")
    require(session, connection, able, place, what)


def may_approve(
    session: Session, connection: Connection, matter: Matter, place: str | None, *, on: date | None = None
) -> bool:
    """Whether the caller may approve this kind of decision; as `require_approver`."""
    able = session.policy.authorisation.approve(matter, on, session.today)
    if place is not None:
        return reaches(session, connection, able, place)
    return any(role in able for role, _ in session.roles)


def require_asker_still(
    session: Session, connection: Connection, matter: Matter, row: Row[Any], places: Sequence[str]
) -> None:
    """Raises NotAllowed where whoever asked for what waits could not ask for it any more: in all of `places`, or of a
    transfer in one of the two; where it has none, anywhere.
    """
    able = session.policy.authorisation.may_ask(matter)
    asker = replace(session, account=row.asked_by, roles=roles_of(connection, row.asked_by, session.today))
    remedy = (
        "Refuse it, and let somebody who is ask again: "
        f'ancadmin approvals refuse {row.id} --why "Asked by somebody who left"'
    )
    if not any(role in able for role, _ in asker.roles):
        raise NotAllowed(f"{row.asked_by}, who asked for this, is no {either(able)} any more", remedy)
    lost = [place for place in places if not reaches(asker, connection, able, place)]
    if lost and (matter is not Act.TRANSFER or lost == list(places)):
        where = lost[0] if isinstance(matter, Role) else f"branch {lost[0]}"
        raise NotAllowed(f"{row.asked_by}, who asked for this, has no say in {where} any more", remedy)
