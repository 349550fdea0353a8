"""Gives accounts their roles for places: the first one, and further ones."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, insert, or_, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import operator, operator_role
from ancadmin.domain.roles import NATIONAL, Role
from ancadmin.errors import InputRefused
from ancadmin.services.batch.changes import difference
from ancadmin.services.operator.grants import grant, has_login
from ancadmin.services.operator.reach import places_above, require
from ancadmin.services.session import Session


@dataclass(frozen=True)
class Given:
    """A role given, and in which batch. `until`: the first day on which it is no longer held, None for good."""

    batch: int
    account: str
    name: str
    role: str
    place: str
    until: str | None = None


def add_operator(
    session: Session, account: str, *, name: str, role: Role, place: str, until: date | None = None
) -> Given:
    """Lets `account` use the store as `role` for `place` and what lies below it, for good or before the day `until`.
    Raises InputRefused for somebody who is an operator already, for a place or a login that does not exist, for a day
    that is not to come; NotAllowed to those who may not give this role.
    """
    account, name = account.strip(), name.strip()
    if not account or not name:
        raise InputRefused("an operator needs an account and a name", 'Write: operator add ACCOUNT --name "A Name" …')
    with session.batch("operator add") as batch:
        if _known(batch, account) is not None:
            raise InputRefused(
                f"{account} is an operator already", f"Give a further role: ancadmin operator grant {account} …"
            )
        _check(session, batch, role, place, until)
        _refuse_unknown_login(batch.connection, account)
        _on_record(batch, account, name)
        return _given(session, batch, account, name, role, place, until)


def grant_role(session: Session, account: str, *, role: Role, place: str, until: date | None = None) -> Given:
    """Gives an operator a further role, for good or before the day `until`. Raises InputRefused for somebody who is
    none, for a role already held, for a place that does not exist and a day that is not to come; NotAllowed to those
    who may not give this role there.
    """
    with session.batch("operator grant") as batch:
        name = _known(batch, account)
        if name is None:
            raise InputRefused(
                "not an operator", f'First: ancadmin operator add {account} --name "A Name" …', value=account
            )
        if _holds(batch, account, role, place):
            raise InputRefused(f"{account} is {role.words} for {place} already", "See: ancadmin operator list")
        _check(session, batch, role, place, until)
        return _given(session, batch, account, name, role, place, until)


def _check(session: Session, batch: Batch, role: Role, place: str, until: date | None) -> None:
    """Raises InputRefused for a place or a day that cannot be, NotAllowed to those who may not give the role there."""
    _refuse_odd_place(batch.connection, role, place)
    if until is not None and until <= batch.today:
        remedy = "Write a day to come: the first on which the role is no longer held."
        raise InputRefused("the role would have ended before it began", remedy, value=until.isoformat())
    able = session.policy.authorisation.givers(role)
    require(session, batch.connection, able, place, f"give the role of {role.words} for {place}")


def _given(
    session: Session, batch: Batch, account: str, name: str, role: Role, place: str, until: date | None
) -> Given:
    connection = batch.connection
    days = {"begins_on": batch.today.isoformat(), "ends_on": until.isoformat() if until else None}
    connection.execute(
        insert(operator_role).values(account=account, role=role, place=place, batch=batch.number, **days)
    )
    grant(connection, account, role, session.policy.authorisation)
    batch.counts.update(account=account, role=str(role), place=place, **({"until": days["ends_on"]} if until else {}))
    return Given(batch.number, account, name, str(role), place, days["ends_on"])


def _known(batch: Batch, account: str) -> str | None:
    """The name of an operator; None for somebody who is none, or none any more."""
    standing = (operator.c.account == account, operator.c.reversed_by.is_(None))
    return batch.connection.scalar(select(operator.c.name).where(*standing))


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
