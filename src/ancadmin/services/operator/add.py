"""Gives accounts their roles for places, or asks for it: the first one, and further ones."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, insert, or_, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import operator, operator_role
from ancadmin.domain.roles import NATIONAL, Role
from ancadmin.errors import InputRefused
from ancadmin.services.approvals.captured import Outcome, Signed, Wish
from ancadmin.services.batch.changes import difference
from ancadmin.services.operator.asked import captured_role, refuse_own_role, wish_for
from ancadmin.services.operator.grants import grant, has_login
from ancadmin.services.operator.reach import places_above
from ancadmin.services.session import Session

ADD, GRANT = "operator add", "operator grant"


@dataclass(frozen=True)
class Given(Outcome):
    """A role given, and in which batch. `until`: the first day on which it is no longer held, None for good."""

    batch: int
    account: str
    name: str
    role: str
    place: str
    until: str | None = None


def add_operator(
    session: Session, account: str, *, name: str, role: Role, place: str, until: date | None = None, why: str = ""
) -> Given:
    """Lets `account` use the store as `role` for `place` and what lies below it, for good or before the day `until`; or
    asks for it, where the caller may only ask. Raises InputRefused for somebody who is an operator already, for a place
    or a login that does not exist, for a day that is not to come; NotAllowed to those who may not even ask, for the
    caller's own account, and where the same waits.
    """
    account, name = account.strip(), name.strip()
    if not account or not name:
        raise InputRefused("an operator needs an account and a name", 'Write: operator add ACCOUNT --name "A Name" …')
    with session.batch(ADD) as batch:
        wish = wish_for(ADD, account, role, place, why, name=name, until=until)
        return captured_role(session, batch, wish, _to_add, do_add)


def grant_role(
    session: Session, account: str, *, role: Role, place: str, until: date | None = None, why: str = ""
) -> Given:
    """Gives an operator a further role, for good or before the day `until`, or asks for it. Raises InputRefused for
    somebody who is none, for a role already held, for a place that does not exist and a day that is not to come;
    NotAllowed as `add_operator`.
    """
    with session.batch(GRANT) as batch:
        wish = wish_for(GRANT, account, role, place, why, until=until)
        return captured_role(session, batch, wish, _to_grant, do_grant)


def do_add(session: Session, batch: Batch, wish: Wish, signed: Signed) -> Given:
    """Lets the account of a wish in."""
    del signed
    given = _to_add(session, batch, wish)
    _on_record(batch, given.account, given.name)
    return _give(session, batch, wish, given)


def do_grant(session: Session, batch: Batch, wish: Wish, signed: Signed) -> Given:
    """Gives the operator of a wish the further role."""
    del signed
    return _give(session, batch, wish, _to_grant(session, batch, wish))


def _to_add(session: Session, batch: Batch, wish: Wish) -> Given:
    account = wish.said("account")
    if _known(batch, account) is not None:
        raise InputRefused(
            f"{account} is an operator already", f"Give a further role: ancadmin operator grant {account} …"
        )
    _check(session, batch, wish)
    _refuse_unknown_login(batch.connection, account)
    return _given(batch, wish, wish.said("name"))


def _to_grant(session: Session, batch: Batch, wish: Wish) -> Given:
    account = wish.said("account")
    name = _known(batch, account)
    if name is None:
        raise InputRefused(
            "not an operator", f'First: ancadmin operator add {account} --name "A Name" …', value=account
        )
    if _holds(batch, wish):
        raise InputRefused(f"{account} is {wish.act.words} for {wish.place} already", "See: ancadmin operator list")
    _check(session, batch, wish)
    return _given(batch, wish, name)


def _check(session: Session, batch: Batch, wish: Wish) -> None:
    """Raises InputRefused for a place or a day that cannot be, NotAllowed for a role of the caller's own."""
    _refuse_odd_place(batch.connection, wish)
    until = wish.said("until")
    if until is not None and until <= batch.today.isoformat():
        remedy = "Write a day to come: the first on which the role is no longer held."
        raise InputRefused("the role would have ended before it began", remedy, value=until)
    refuse_own_role(session, wish.said("account"))


def _given(batch: Batch, wish: Wish, name: str) -> Given:
    return Given(batch.number, wish.said("account"), name, str(wish.act), wish.place, wish.said("until"))


def _give(session: Session, batch: Batch, wish: Wish, given: Given) -> Given:
    """Puts the role on record, and gives the login what it needs."""
    row = {"account": given.account, "role": given.role, "place": given.place}
    days = {"begins_on": batch.today.isoformat(), "ends_on": given.until}
    batch.connection.execute(insert(operator_role).values(**row, **days, batch=batch.number))
    grant(batch.connection, given.account, Role(given.role), session.policy.authorisation)
    said = {"until": given.until, "why": wish.why}
    batch.counts.update(row, **{name: value for name, value in said.items() if value})
    return given


def _known(batch: Batch, account: str) -> str | None:
    """The name of an operator; None for somebody who is none, or none any more."""
    standing = (operator.c.account == account, operator.c.reversed_by.is_(None))
    return batch.connection.scalar(select(operator.c.name).where(*standing))


def _refuse_odd_place(connection: Connection, wish: Wish) -> None:
    if not places_above(connection, wish.place):
        raise InputRefused(
            "no such place on record",
            "Give `national`, or a province, region or branch code of: ancadmin db places list",
            value=wish.place,
        )
    if wish.act is Role.NATIONAL_OFFICER and wish.place != NATIONAL:
        raise InputRefused("a national officer is one for `national`", "Write --place national.", value=wish.place)


def _refuse_unknown_login(connection: Connection, account: str) -> None:
    if not has_login(connection, account):
        raise InputRefused(
            "the server has no such login",
            f'Have its administrator make it: CREATE ROLE "{account}" LOGIN; then run this again.',
            value=account,
        )


def _holds(batch: Batch, wish: Wish) -> bool:
    today = batch.today.isoformat()
    return (
        batch.connection.scalar(
            select(operator_role.c.id).where(
                operator_role.c.account == wish.said("account"),
                operator_role.c.role == str(wish.act),
                operator_role.c.place == wish.place,
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
