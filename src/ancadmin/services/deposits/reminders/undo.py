"""Takes back what a plan put into the outbox and has not left. What has left cannot be called back, and is named."""

from sqlalchemy import func, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import reminder
from ancadmin.services.batch.kept import Kept
from ancadmin.services.deposits.reminders.sending import COMMAND


def undo(batch: Batch, number: int) -> list[Kept]:
    """Takes reminders planned in batch `number` out of the outbox; says what left since, or in it."""
    connection = batch.connection
    command = connection.scalar(select(batch_table.c.command).where(batch_table.c.number == number))
    if command == COMMAND:
        left = select(func.count()).select_from(reminder).where(reminder.c.sent_in == number)
        return _left(connection.scalar(left) or 0, "a message cannot be called back: they stay marked as sent")
    if command != "deposits remind plan":
        return []
    planned = (reminder.c.batch == number, reminder.c.reversed_by.is_(None))
    taken = connection.execute(
        update(reminder).where(*planned, reminder.c.sent_in.is_(None)).values(reversed_by=batch.number)
    ).rowcount
    batch.counts["reminders_taken_back"] = taken
    return _left(
        connection.scalar(select(func.count()).select_from(reminder).where(*planned)) or 0,
        "they have left: a message cannot be called back",
    )


def _left(count: int, why: str) -> list[Kept]:
    return [Kept("1 reminder" if count == 1 else f"{count} reminders", why)] if count else []
