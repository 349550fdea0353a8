"""Takes back what a sweep recorded: every status it changed is again what it was."""

from sqlalchemy import select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batches
from ancadmin.db.schema import standing, status_change
from ancadmin.errors import NotAllowed
from ancadmin.services.batch.kept import Kept
from ancadmin.services.standing.settle import DUE_NOW
from ancadmin.services.standing.sweeps import COMMAND, sweeps_standing


def undo(batch: Batch, number: int) -> list[Kept]:
    """Gives the members batch `number` moved their former status. The next sweep looks at everyone: it may be one to a
    day before that of the sweep taken back. Only the last sweep that changed anything can go, and with it those after
    it, which changed nothing and count no longer (`last_sweep`). Raises NotAllowed for an earlier one.
    """
    connection = batch.connection
    if connection.scalar(select(batches.c.command).where(batches.c.number == number)) != COMMAND:
        return []
    later = [one.batch for one in sweeps_standing(connection) if one.changed]
    if later and later[0] > number:
        raise NotAllowed(
            f"the statuses of sweep {number} stay: a later sweep, batch {later[0]}, stands on them",
            f"Undo that first: ancadmin batch undo {later[0]}",
        )
    moved = (status_change.c.batch == number, status_change.c.reversed_by.is_(None))
    former, former_on = status_change.alias("former"), status_change.alias("former_on")
    before = (
        select(former.c.from_status)
        .where(former.c.batch == number, former.c.member == standing.c.member)
        .scalar_subquery()
        .correlate(standing)
    )
    since = (
        select(former_on.c.changed_on)
        .where(former_on.c.member == standing.c.member, former_on.c.batch < number, former_on.c.reversed_by.is_(None))
        .order_by(former_on.c.id.desc())
        .limit(1)
        .scalar_subquery()
        .correlate(standing)
    )
    members = select(status_change.c.member).where(*moved)
    restored = connection.execute(
        update(standing).where(standing.c.member.in_(members)).values(status=before, status_on=since)
    )
    connection.execute(update(status_change).where(*moved).values(reversed_by=batch.number))
    connection.execute(update(standing).values(next_change_on=DUE_NOW))
    batch.counts["statuses_restored"] = restored.rowcount
    return []
