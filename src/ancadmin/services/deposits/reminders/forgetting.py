"""What becomes of reminders when the members they are to are taken off the record again."""

from typing import Any

from sqlalchemy import ColumnElement, Select, delete, select

from ancadmin.db.batches import Batch
from ancadmin.db.schema import reminder

SENT_WHY = "a reminder was sent to them"


def sent_to(person: ColumnElement[int] | int) -> Select[tuple[int]]:
    """The reminders to a member (or a column of them) that have left: what was said to whom stays on record."""
    return select(reminder.c.id).where(reminder.c.member == person, reminder.c.sent_in.is_not(None))


def forget_reminders(batch: Batch, members: Select[Any]) -> None:
    """Reminders to these members that have not left go with them."""
    batch.connection.execute(delete(reminder).where(reminder.c.member.in_(members)))
