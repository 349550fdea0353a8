"""Takes back the transfers of a batch; the branch of each record goes back with its other fields."""

from sqlalchemy import select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import member, transfer
from ancadmin.services.batch.kept import Kept, member_words


def take_back_transfers(batch: Batch, number: int) -> list[Kept]:
    """Reverses those on which no later transfer stands; the others are kept and named."""
    later = transfer.alias("later")
    stands = (
        select(later.c.id)
        .where(
            later.c.member == transfer.c.member,
            later.c.id > transfer.c.id,
            later.c.batch != number,
            later.c.reversed_by.is_(None),
        )
        .correlate(transfer)
        .exists()
    )
    mine = (transfer.c.batch == number, transfer.c.reversed_by.is_(None))
    kept = [
        Kept(f"{member_words(row.id_number)}: transfer on {row.moved_on}", "moved again since: undo that first")
        for row in batch.connection.execute(
            select(member.c.id_number, transfer.c.moved_on)
            .join(transfer, transfer.c.member == member.c.id)
            .where(*mine, stands)
            .order_by(transfer.c.id)
        )
    ]
    taken = batch.connection.execute(update(transfer).where(*mine, ~stands).values(reversed_by=batch.number)).rowcount
    if taken:
        batch.counts["transfers_taken_back"] = taken
    return kept
