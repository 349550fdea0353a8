"""Takes back schedules, and what was decided about them."""

from sqlalchemy import exists, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import bulk_schedule
from ancadmin.services.batch.changes import put_back
from ancadmin.services.batch.kept import Kept


def undo_schedule(batch: Batch, number: int) -> list[Kept]:
    """The schedule batch `number` attached waits no longer, and the one it replaced waits again. One approved, refused
    or replaced since stays until that is undone.
    """
    connection = batch.connection
    row = connection.execute(select(bulk_schedule).where(bulk_schedule.c.batch == number)).one()
    what = f"the schedule of deposit {row.deposit}"
    if row.approved_in is not None:
        return [Kept(what, f"it was approved since, in batch {row.approved_in}: undo that first")]
    if row.reversed_by is not None:
        return [Kept(what, f"it was replaced or refused since, in batch {row.reversed_by}: undo that first")]
    connection.execute(update(bulk_schedule).where(bulk_schedule.c.id == row.id).values(reversed_by=batch.number))
    batch.counts["schedules_withdrawn"] = 1
    reopen_schedule(batch, number)
    return []


def undo_refusal(batch: Batch, number: int) -> list[Kept]:
    """A refused schedule waits again, unless another does by now."""
    mine = bulk_schedule.alias("mine")
    other = batch.connection.scalar(
        select(bulk_schedule.c.batch)
        .join(mine, mine.c.deposit == bulk_schedule.c.deposit)
        .where(
            mine.c.reversed_by == number, bulk_schedule.c.reversed_by.is_(None), bulk_schedule.c.approved_in.is_(None)
        )
    )
    if other is not None:
        return [Kept("the schedule that was refused", f"another was attached since, in batch {other}: undo that first")]
    reopen_schedule(batch, number)
    return []


def reopen_schedule(batch: Batch, number: int) -> None:
    """A schedule batch `number` approved, refused or replaced is as it was before. One attached since goes before it:
    of a deposit one waits.
    """
    keys, _ = put_back(batch, number, bulk_schedule, "schedule")
    waits = (bulk_schedule.c.reversed_by.is_(None), bulk_schedule.c.approved_in.is_(None))
    later = bulk_schedule.alias("later")
    newer = exists(
        select(later.c.id).where(
            later.c.deposit == bulk_schedule.c.deposit,
            later.c.id > bulk_schedule.c.id,
            later.c.reversed_by.is_(None),
            later.c.approved_in.is_(None),
        )
    )
    batch.connection.execute(
        update(bulk_schedule)
        .where(bulk_schedule.c.id.in_([int(key) for key in keys]), *waits, newer)
        .values(reversed_by=batch.number)
    )
