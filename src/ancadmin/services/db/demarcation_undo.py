"""Takes a demarcation back, in sets: the wards of branches go back with the other fields of places."""

from sqlalchemy import and_, or_, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import member, transfer
from ancadmin.services.batch.kept import Kept, member_words
from ancadmin.services.db.demarcation import COMMAND, record_branches


def undo(batch: Batch, number: int) -> list[Kept]:
    """Everybody is back in the branch they came from, unless they moved again since: these are kept and named."""
    connection = batch.connection
    if connection.scalar(select(batch_table.c.command).where(batch_table.c.number == number)) != COMMAND:
        return []
    standing = and_(transfer.c.batch == number, transfer.c.reversed_by.is_(None))
    later = transfer.alias("later")
    again = select(later.c.member).where(later.c.batch > number, later.c.reversed_by.is_(None))
    moved_since = (
        select(transfer.c.id, member.c.id.label("member"), member.c.id_number, transfer.c.moved_on)
        .join(member, member.c.id == transfer.c.member)
        .where(standing, or_(transfer.c.member.in_(again), member.c.branch != transfer.c.to_branch))
        .order_by(transfer.c.id)
    )
    why = "the branch was changed again since: undo that first"
    kept = [
        Kept(f"{member_words(row.id_number)}: transfer on {row.moved_on}", why, row.member)
        for row in connection.execute(moved_since)
    ]
    stays = moved_since.with_only_columns(transfer.c.id).order_by(None)
    batch.counts["transfers_taken_back"] = connection.execute(
        update(transfer).where(standing, transfer.c.id.not_in(stays)).values(reversed_by=batch.number)
    ).rowcount
    mine = and_(transfer.c.batch == number, transfer.c.reversed_by == batch.number)
    came_from = select(transfer.c.from_branch).where(mine, transfer.c.member == member.c.id).scalar_subquery()
    connection.execute(
        update(member).where(member.c.id.in_(select(transfer.c.member).where(mine))).values(branch=came_from)
    )
    record_branches(batch, mine, transfer.c.to_branch, transfer.c.from_branch)
    return kept
