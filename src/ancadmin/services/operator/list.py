"""Who may use the store, and for what."""

from typing import Any

from sqlalchemy import select

from ancadmin.db.schema import operator, operator_role
from ancadmin.services.session import Session


def list_operators(session: Session) -> list[dict[str, Any]]:
    """Rows `account, name, role, place, since, batch`, one a role in force, by account."""
    with session.reading("operator list") as connection:
        rows = connection.execute(
            select(
                operator.c.account,
                operator.c.name,
                operator_role.c.role,
                operator_role.c.place,
                operator_role.c.begins_on.label("since"),
                operator_role.c.batch,
            )
            .join(operator_role, operator_role.c.account == operator.c.account)
            .where(operator.c.reversed_by.is_(None), operator_role.c.reversed_by.is_(None))
            .order_by(operator.c.account, operator_role.c.id)
        )
        return [dict(row) for row in rows.mappings()]
