"""Gives an account a role for a place."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, or_, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import operator, operator_role
from ancadmin.domain.roles import NATIONAL, Role, givers
from ancadmin.errors import InputRefused
from ancadmin.services.batch.changes import difference
from ancadmin.services.operator.grants import grant, has_login
from ancadmin.services.operator.reach import places_above, require
from ancadmin.services.session import Session


@dataclass(frozen=True)
class Added:
    """A role given, and in which batch."""

    batch: int
    account: str
    name: str
    role: str
    place: str


def add_operator(session: Session, account: str, *, name: str, role: Role, place: str) -> Added:
    """Lets `account` use the store as `role` for `place` and what lies below it. Raises InputRefused for a place or a
    login that does not exist and for a role already held, NotAllowed to those who may not give this role there.
    """
    account, name = account.strip(), name.strip()
    if not account or not name:
        raise InputRefused("an operator needs an account and a name", 'Write: operator add ACCOUNT --name "A Name" …')
    with session.batch("operator add") as batch:
        _refuse_odd_place(batch.connection, role, place)
        require(session, batch.connection, givers(role), place, f"give the role of {role.words} for {place}")
        _refuse_unknown_login(batch.connection, account)
        if _holds(batch, account, role, place):
            raise InputRefused(f"{account} is {role.words} for {place} already", "See: ancadmin operator list")
        _on_record(batch, account, name)
        batch.connection.execute(
            insert(operator_role).values(
                account=account, role=role, place=place, begins_on=batch.today.isoformat(), batch=batch.number
            )
        )
        grant(batch.connection, account, role)
        batch.counts.update(account=account, role=str(role), place=place)
    return Added(batch.number, account, name, str(role), place)


def _refuse_odd_place(connection: Connection, role: Role, place: str) -> None:
    if not places_above(connection, place):
        raise InputRefused(
            "no such place on record",
            "Give `national`, or a province, region or branch code of: ancadmin db places list",
            value=place,
        )
    if role is Role.NATIONAL_OFFICER and place != NATIONAL:
        raise InputRefused("a national officer is one for `national`", "Write --place national.", value=place)


def _refuse_unknown_login(connection: Connection, account: str) -> None:
    if not has_login(connection, account):
        raise InputRefused(
            "the server has no such login",
            f'Have its administrator make it: CREATE ROLE "{account}" LOGIN; then run this again.',
            value=account,
        )


def _holds(batch: Batch, account: str, role: Role, place: str) -> bool:
    today = batch.today.isoformat()
    return (
        batch.connection.scalar(
            select(operator_role.c.id).where(
                operator_role.c.account == account,
                operator_role.c.role == role,
                operator_role.c.place == place,
                operator_role.c.reversed_by.is_(None),
                or_(operator_role.c.ends_on.is_(None), operator_role.c.ends_on > today),
            )
        )
        is not None
    )


def _on_record(batch: Batch, account: str, name: str) -> None:
    known = batch.connection.execute(select(operator).where(operator.c.account == account)).mappings().first()
    if known is None:
        batch.connection.execute(insert(operator).values(account=account, name=name, batch=batch.number))
        return
    after = {"name": name, "reversed_by": None}
    batch.changed(difference(operator, account, dict(known), after))
    batch.connection.execute(update(operator).where(operator.c.account == account).values(after))
