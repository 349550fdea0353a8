"""Takes a demarcation back: the wards of branches go back with the other fields of places."""

from sqlalchemy import and_, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import member, transfer
from ancadmin.services.batch.kept import Kept
from ancadmin.services.db.demarcation import COMMAND, record_branches
from ancadmin.services.member.moved_back import take_back_transfers


def undo(batch: Batch, number: int) -> list[Kept]:
    """Everybody is back in the branch they came from, unless they moved again since: these are kept and named."""
    connection = batch.connection
    if connection.scalar(select(batch_table.c.command).where(batch_table.c.number == number)) != COMMAND:
        return []
    kept, _ = take_back_transfers(batch, number)
    mine = and_(transfer.c.batch == number, transfer.c.reversed_by == batch.number)
    came_from = select(transfer.c.from_branch).where(mine, transfer.c.member == member.c.id).scalar_subquery()
    connection.execute(
        update(member).where(member.c.id.in_(select(transfer.c.member).where(mine))).values(branch=came_from)
    )
    record_branches(batch, mine, transfer.c.to_branch, transfer.c.from_branch)
    return kept
