"""Takes every role of an account back."""

from dataclasses import dataclass

from sqlalchemy import select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import operator, operator_role
from ancadmin.domain.roles import Role, givers
from ancadmin.errors import InputRefused
from ancadmin.services.batch.changes import difference
from ancadmin.services.operator.grants import renew, withdraw
from ancadmin.services.operator.reach import refuse_no_officer, require
from ancadmin.services.session import Session


@dataclass(frozen=True)
class Revoked:
    """Which roles were taken back, as `role of place`."""

    batch: int
    account: str
    roles: list[str]


def revoke_operator(session: Session, account: str, *, why: str) -> Revoked:
    """From now on `account` may not use the store. Raises InputRefused for someone who is no operator, NotAllowed to
    those who may not take one of the roles back, and for the last national officer.
    """
    if not why.strip():
        raise InputRefused("the reason is blank", "Say why with --why TEXT.")
    with session.batch("operator revoke") as batch:
        known = (
            batch.connection.execute(
                select(operator).where(operator.c.account == account, operator.c.reversed_by.is_(None))
            )
            .mappings()
            .first()
        )
        if known is None:
            raise InputRefused("not an operator", "See: ancadmin operator list", value=account)
        roles = batch.connection.execute(
            select(operator_role)
            .where(operator_role.c.account == account, operator_role.c.reversed_by.is_(None))
            .order_by(operator_role.c.id)
        )
        taken = [dict(row) for row in roles.mappings()]
        for row in taken:
            role = Role(row["role"])
            what = f"take the role of {role.words} for {row['place']} back"
            require(session, batch.connection, givers(role), row["place"], what)
        _take_back(batch, dict(known), taken)
        refuse_no_officer(batch.connection)
        withdraw(batch.connection, account)
        renew(batch.connection)
        batch.counts.update(account=account, roles=len(taken), why=why.strip())
    return Revoked(batch.number, account, [f"{Role(row['role']).words} of {row['place']}" for row in taken])


def _take_back(batch: Batch, known: dict[str, object], taken: list[dict[str, object]]) -> None:
    account = known["account"]
    gone = {"reversed_by": batch.number}
    batch.changed(difference(operator, account, known, gone))
    batch.connection.execute(update(operator).where(operator.c.account == account).values(gone))
    for row in taken:
        ended = {"ends_on": batch.today.isoformat(), **gone}
        batch.changed(difference(operator_role, row["id"], row, ended))
        batch.connection.execute(update(operator_role).where(operator_role.c.id == row["id"]).values(ended))
