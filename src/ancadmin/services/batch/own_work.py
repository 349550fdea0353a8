"""Who takes back their own work: still who may do such work there (docs/rules.md, section 7)."""

from collections.abc import Iterator

from sqlalchemy import Connection, or_, select

from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import operator_role
from ancadmin.domain.roles import Role
from ancadmin.errors import NotAllowed
from ancadmin.services.operator.reach import places_above
from ancadmin.services.session import Session


def refuse_no_longer(session: Session, connection: Connection, number: int) -> None:
    """Raises NotAllowed where the caller held a role when batch `number` was made for which none stands in by now: an
    undo takes effect at once, and what somebody may not decide any more they do not decide by taking it back.
    """
    for role, place in _held_then(connection, session.account, number):
        above = {place, *places_above(connection, place)}
        if not any(held in above and mine.stands_in_for(role) for mine, held in session.roles):
            raise NotAllowed(
                f"{session.account} did batch {number} as {role.words} for {place}, and holds that role no more",
                "Ask a national officer.",
            )


def _held_then(connection: Connection, account: str, number: int) -> Iterator[tuple[Role, str]]:
    """The roles of an account, each with its place, on the day of a batch and when it was made."""
    day = connection.scalar(select(batch_table.c.today).where(batch_table.c.number == number))
    rows = connection.execute(
        select(operator_role.c.role, operator_role.c.place).where(
            operator_role.c.account == account,
            operator_role.c.batch < number,
            or_(operator_role.c.reversed_by.is_(None), operator_role.c.reversed_by > number),
            # One taken back later that day had not ended yet, and names the batch that ended it.
            or_(operator_role.c.ends_on.is_(None), operator_role.c.ends_on > day, operator_role.c.reversed_by > number),
        )
    )
    yield from ((Role(row.role), row.place) for row in rows if Role(row.role).writes)
