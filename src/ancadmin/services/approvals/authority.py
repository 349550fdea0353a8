"""What the authorisation matrix lets a caller do at a place (docs/rules.md, section 7)."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection

from ancadmin.domain.authorisation import Act
from ancadmin.domain.roles import Role
from ancadmin.errors import NotAllowed
from ancadmin.services.operator.reach import reaches, require
from ancadmin.services.session import Session


def holds_at_once(
    session: Session, connection: Connection, act: Act, places: Collection[str], on: date | None, what: str
) -> bool:
    """Whether what the caller records of this kind, effective on a day (None: it has none), holds at once; False: it
    waits until somebody else approves it. Who records alone reaches every one of `places`, who asks one of them.
    Raises NotAllowed, saying who may do `what`, to those who may not even ask.
    """
    matrix = session.policy.authorisation
    alone = matrix.alone(act, on, session.today)
    if session.sole_operator or all(reaches(session, connection, alone, place) for place in places):
        return True
    able = matrix.may_ask(act)
    if not any(reaches(session, connection, able, place) for place in places):
        require(session, connection, able, next(iter(places)), what)
    return False


def require_approver(
    session: Session, connection: Connection, act: Act, place: str | None, what: str, *, on: date | None = None
) -> None:
    """Raises NotAllowed unless the caller may approve this kind of decision at the place, or (None) at any place;
    `on` is the day it takes effect.
    """
    able = session.policy.authorisation.approve(act, on, session.today)
    if place is not None:
        require(session, connection, able, place, what)
    elif not any(role in able for role, _ in session.roles):
        names = " or ".join(role.words for role in Role if role in able)
        raise NotAllowed(f"{session.account} may not {what}", f"Ask a {names}.")
