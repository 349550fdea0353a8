"""Withdraws the registers a batch issued. Nothing issued is deleted: paper may be in people's hands."""

from sqlalchemy import select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import paper
from ancadmin.services.batch.kept import Kept


def undo(batch: Batch, number: int) -> list[Kept]:
    """Marks what batch `number` issued as withdrawn, inside the open batch; every paper is kept and named."""
    serials = list(
        batch.connection.scalars(
            select(paper.c.serial)
            .where(paper.c.batch == number, paper.c.reversed_by.is_(None))
            .order_by(paper.c.serial)
        )
    )
    if not serials:
        return []
    batch.connection.execute(
        update(paper).where(paper.c.batch == number, paper.c.reversed_by.is_(None)).values(reversed_by=batch.number)
    )
    batch.counts["papers_withdrawn"] = len(serials)
    why = "withdrawn, and kept as issued: someone may hold it, and it must stay possible to check it"
    return [Kept(f"attendance register {serial}", why) for serial in serials]
