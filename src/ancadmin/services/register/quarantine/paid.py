"""ID numbers that deposits name and nobody is on record under."""

from datetime import date

from sqlalchemy import Connection, func, literal_column, select

from ancadmin.db.schema import deposit
from ancadmin.domain.deposits import Reason, State


def paid_by_nobody(connection: Connection) -> dict[str, date]:
    """Every such number, with the value date of the first deposit that names it, as the last matching left them."""
    rows = connection.execute(
        select(deposit.c.id_number, func.min(deposit.c.value_date))
        .where(
            # Written out: an index on part of a table helps only where the query says that part in so many words.
            deposit.c.state == literal_column(f"'{State.UNALLOCATED.value}'"),
            deposit.c.reason == Reason.ID_NOT_REGISTERED,
            deposit.c.id_number.is_not(None),
            deposit.c.reversed_by.is_(None),
        )
        .group_by(deposit.c.id_number)
    )
    return {number: date.fromisoformat(day) for number, day in rows}
