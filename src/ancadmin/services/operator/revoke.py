"""Takes roles of an account back, one or all, or asks for it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import operator, operator_role
from ancadmin.domain.roles import Role
from ancadmin.errors import InputRefused
from ancadmin.services.approvals.captured import Outcome, Signed, Wish
from ancadmin.services.batch.changes import difference
from ancadmin.services.operator.asked import gives, left_waiting, wish_for
from ancadmin.services.operator.grants import refuse_left, renew, withdraw
from ancadmin.services.operator.reach import refuse_no_officer
from ancadmin.services.session import Session

REVOKE = "operator revoke"
_FOR_GOOD = "9999-12-31"


@dataclass(frozen=True)
class Revoked(Outcome):
    """Which roles were taken back, as `role of place`, and how many are `left`."""

    batch: int
    account: str
    roles: list[str]
    left: int


@dataclass(frozen=True)
class _Found:
    """An operator's row, the rows of the roles to be taken back, and of those `left` that are still held."""

    known: dict[str, Any]
    taken: list[dict[str, Any]]
    left: list[dict[str, Any]]


def revoke_operator(
    session: Session, account: str, *, why: str, role: Role | None = None, place: str | None = None
) -> Revoked:
    """Takes back the roles of `account` that agree with `role` and `place`, or asks for it; who has none left may not
    use the store. Raises InputRefused for someone who is no operator or holds no such role, and for more than one role
    where each is asked for by itself; NotAllowed to those who may not even ask that one of the roles is taken back,
    where the same waits, and for the last national officer.
    """
    if not why.strip():
        raise InputRefused("the reason is blank", "Say why with --why TEXT.")
    with session.batch(REVOKE) as batch:
        found = _found(batch, account, role, place)
        roles = dict.fromkeys((Role(row["role"]), row["place"]) for row in found.taken)
        wishes = [wish_for(REVOKE, account, own, where, why) for own, where in roles]
        at_once = [
            gives(session, batch, wish, f"take the role of {wish.act.words} for {wish.place} back") for wish in wishes
        ]
        if all(at_once):
            return _revoked(session, batch, found, why.strip())
        if len(wishes) > 1:
            raise InputRefused(
                f"{account} holds {len(wishes)} such roles, and each is asked for by itself",
                "Name one with --role ROLE --place CODE.",
                value=", ".join(_words(found.taken)),
            )
        return left_waiting(batch, wishes[0], _answer(batch, found))


def do_revoke(session: Session, batch: Batch, wish: Wish, signed: Signed) -> Revoked:
    """Takes the role of a wish back."""
    del signed
    found = _found(batch, wish.said("account"), Role(wish.act), wish.place)
    return _revoked(session, batch, found, wish.why)


def _found(batch: Batch, account: str, role: Role | None, place: str | None) -> _Found:
    connection = batch.connection
    standing = (operator.c.account == account, operator.c.reversed_by.is_(None))
    known = connection.execute(select(operator).where(*standing)).mappings().first()
    if known is None:
        raise InputRefused("not an operator", "See: ancadmin operator list", value=account)
    held = connection.execute(
        select(operator_role)
        .where(operator_role.c.account == account, operator_role.c.reversed_by.is_(None))
        .order_by(operator_role.c.id)
    )
    rows = [dict(row) for row in held.mappings()]
    taken = [row for row in rows if role in (None, row["role"]) and place in (None, row["place"])]
    if not taken:
        raise InputRefused(f"{account} holds no such role", "See: ancadmin operator list", value=place or str(role))
    today = batch.today.isoformat()
    left = [row for row in rows if row not in taken and (row["ends_on"] or _FOR_GOOD) > today]
    return _Found(dict(known), taken, left)


def _revoked(session: Session, batch: Batch, found: _Found, why: str) -> Revoked:
    connection, account = batch.connection, found.known["account"]
    _take_back(batch, None if found.left else found.known, found.taken)
    refuse_no_officer(connection)
    withdraw(connection, account)
    if not found.left:
        refuse_left(connection, account)
    renew(connection, session.policy.authorisation, batch.today)
    batch.counts.update(account=account, roles=len(found.taken), why=why)
    return _answer(batch, found)


def _answer(batch: Batch, found: _Found) -> Revoked:
    return Revoked(batch.number, found.known["account"], _words(found.taken), len(found.left))


def _words(rows: list[dict[str, Any]]) -> list[str]:
    return [f"{Role(row['role']).words} of {row['place']}" for row in rows]


def _take_back(batch: Batch, known: dict[str, object] | None, taken: list[dict[str, Any]]) -> None:
    """Ends the roles `taken`, and lets go of the operator `known` who has none left."""
    gone = {"reversed_by": batch.number}
    if known is not None:
        batch.changed(difference(operator, known["account"], known, gone))
        batch.connection.execute(update(operator).where(operator.c.account == known["account"]).values(gone))
    for row in taken:
        # One given until a day may have ended before; the login's rights on the server are what is left of it.
        ended = {"ends_on": min(row["ends_on"] or _FOR_GOOD, batch.today.isoformat()), **gone}
        batch.changed(difference(operator_role, row["id"], row, ended))
        batch.connection.execute(update(operator_role).where(operator_role.c.id == row["id"]).values(ended))
