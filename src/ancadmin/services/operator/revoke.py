"""Takes roles of an account back, one or all."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import operator, operator_role
from ancadmin.domain.roles import Role
from ancadmin.errors import InputRefused
from ancadmin.services.batch.changes import difference
from ancadmin.services.operator.grants import refuse_left, renew, withdraw
from ancadmin.services.operator.reach import refuse_no_officer, require
from ancadmin.services.session import Session

_FOR_GOOD = "9999-12-31"


@dataclass(frozen=True)
class Revoked:
    """Which roles were taken back, as `role of place`, and how many are `left`."""

    batch: int
    account: str
    roles: list[str]
    left: int


def revoke_operator(
    session: Session, account: str, *, why: str, role: Role | None = None, place: str | None = None
) -> Revoked:
    """Takes back the roles of `account` that agree with `role` and `place`; who has none left may not use the store.
    Raises InputRefused for someone who is no operator or holds no such role, NotAllowed to those who may not take one
    of the roles back, and for the last national officer.
    """
    if not why.strip():
        raise InputRefused("the reason is blank", "Say why with --why TEXT.")
    with session.batch("operator revoke") as batch:
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
        for row in taken:
            own = Role(row["role"])
            what = f"take the role of {own.words} for {row['place']} back"
            require(session, connection, session.policy.authorisation.givers(own), row["place"], what)
        today = batch.today.isoformat()
        left = [row for row in rows if row not in taken and (row["ends_on"] or _FOR_GOOD) > today]
        _take_back(batch, None if left else dict(known), taken)
        refuse_no_officer(connection)
        withdraw(connection, account)
        if not left:
            refuse_left(connection, account)
        renew(connection, session.policy.authorisation, batch.today)
        batch.counts.update(account=account, roles=len(taken), why=why.strip())
    words = [f"{Role(row['role']).words} of {row['place']}" for row in taken]
    return Revoked(batch.number, account, words, len(left))


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
