"""Takes back who was at a meeting, as one file had it."""

from sqlalchemy import update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import attendance
from ancadmin.services.batch.kept import Kept


def undo(batch: Batch, number: int) -> list[Kept]:
    """The lines of batch `number` count no longer; whom another file of the meeting names too, has been there."""
    mine = (attendance.c.batch == number, attendance.c.reversed_by.is_(None))
    taken = batch.connection.execute(update(attendance).where(*mine).values(reversed_by=batch.number)).rowcount
    if taken:
        batch.counts["attendance_lines_taken_back"] = taken
    return []
