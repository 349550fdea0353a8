"""Who may use the store, and for what."""

from typing import Any

from sqlalchemy import Select, or_, select

from ancadmin.db.schema import batch, operator, operator_role
from ancadmin.domain.roles import Role
from ancadmin.services.operator.reach import places_above, places_reached
from ancadmin.services.session import Session


def list_operators(session: Session, *, ended: bool = False) -> list[dict[str, Any]]:
    """Rows `account, name, role, place, since, until, given_by, batch`, one a role in force, by account; with `ended`
    also those that ended or were taken back. Of the caller's own places, what lies below, and whom above them to ask.
    """
    with session.reading("operator list", ended=ended) as connection:
        query = _query(session.today.isoformat(), ended=ended)
        below = places_reached(session, connection, frozenset(Role))
        if below is not None:
            above = {place for _, held in session.roles for place in places_above(connection, held)}
            own = operator_role.c.account == session.account
            query = query.where(or_(operator_role.c.place.in_(sorted(below | above)), own))
        return [dict(row) for row in connection.execute(query).mappings()]


def _query(today: str, *, ended: bool) -> Select[Any]:
    query = (
        select(
            operator.c.account,
            operator.c.name,
            operator_role.c.role,
            operator_role.c.place,
            operator_role.c.begins_on.label("since"),
            operator_role.c.ends_on.label("until"),
            batch.c.operator.label("given_by"),
            operator_role.c.batch,
        )
        .join(operator_role, operator_role.c.account == operator.c.account)
        .join(batch, batch.c.number == operator_role.c.batch)
        .order_by(operator.c.account, operator_role.c.id)
    )
    if ended:
        # What was undone was never given; what was taken back was.
        undos = select(batch.c.number).where(batch.c.undoes.is_not(None))
        return query.where(or_(operator_role.c.reversed_by.is_(None), operator_role.c.reversed_by.not_in(undos)))
    ends_on = operator_role.c.ends_on
    return query.where(
        operator.c.reversed_by.is_(None), operator_role.c.reversed_by.is_(None), or_(ends_on.is_(None), ends_on > today)
    )
