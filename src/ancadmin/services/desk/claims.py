"""Who has which piece of desk work in hand, so that no two officers get the same.

A claim is a courtesy between people at work, no fact about members: it makes no batch, runs out by itself, and whether
a piece may still be decided is asked of the piece itself.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Connection, Row, and_, delete, insert, or_, select

from ancadmin.db.batches import moment
from ancadmin.db.schema import claim
from ancadmin.errors import InputRefused
from ancadmin.services.session import Session

LEASE = timedelta(minutes=15)
# Those who claim take turns among themselves only: they never wait for an import.
_CLAIM_LOCK = 0x616E6363


def claim_free(session: Session, kind: str, subjects: Sequence[int], most: int) -> list[int]:
    """Takes the first `most` of some pieces of work that nobody else has in hand, for LEASE from now. Claims that have
    run out, and the caller's own, are taken over. Raises StoreBusy.
    """
    now = session.clock()
    until = moment(now + LEASE)
    with session.store.write(lock=_CLAIM_LOCK) as connection:
        others = _of_others(connection, session.account, moment(now), kind)
        free = [subject for subject in subjects if subject not in others][:most]
        _release(connection, kind, free)
        if free:
            values = [{"kind": kind, "subject": one, "operator": session.account, "until": until} for one in free]
            connection.execute(insert(claim), values)
    return free


def release_all(session: Session, kinds: Sequence[str]) -> None:
    """Lets go of whatever of these kinds the caller has in hand, and of all claims that have run out."""
    mine = and_(claim.c.operator == session.account, claim.c.kind.in_(kinds))
    with session.store.write(lock=_CLAIM_LOCK) as connection:
        connection.execute(delete(claim).where(or_(mine, claim.c.until <= moment(session.clock()))))


def in_other_hands(session: Session, connection: Connection, kind: str, subject: int) -> Row[str, str] | None:
    """Who else has the piece in hand, and until when; None where nobody has."""
    return connection.execute(
        select(claim.c.operator, claim.c.until).where(
            claim.c.kind == kind,
            claim.c.subject == subject,
            claim.c.operator != session.account,
            claim.c.until > moment(session.clock()),
        )
    ).first()


def require_free(session: Session, connection: Connection, kind: str, subject: int) -> None:
    """Raises InputRefused where somebody else has the piece in hand, who is named."""
    row = in_other_hands(session, connection, kind, subject)
    if row is not None:
        raise InputRefused(f"{row.operator} has this in hand until {row.until}", "Take the next one.")


def released(connection: Connection, kind: str, subjects: Sequence[int]) -> None:
    """Pieces that are decided: nobody's claim on them stands any longer."""
    _release(connection, kind, subjects)


def _of_others(connection: Connection, account: str, now: str, kind: str) -> set[int]:
    return set(
        connection.scalars(
            select(claim.c.subject).where(claim.c.kind == kind, claim.c.operator != account, claim.c.until > now)
        )
    )


def _release(connection: Connection, kind: str, subjects: Sequence[int]) -> None:
    if subjects:
        connection.execute(delete(claim).where(claim.c.kind == kind, claim.c.subject.in_(subjects)))
