"""Withdraws the registers a batch issued. Nothing issued is deleted: paper may be in people's hands."""

from sqlalchemy import select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import paper, paper_file
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
    if serials:
        batch.connection.execute(
            update(paper).where(paper.c.batch == number, paper.c.reversed_by.is_(None)).values(reversed_by=batch.number)
        )
        batch.counts["papers_withdrawn"] = len(serials)
    why = "withdrawn, and kept as issued: someone may hold it, and it must stay possible to check it"
    return [*(Kept(f"attendance register {serial}", why) for serial in serials), *_further_files(batch, number)]


def _further_files(batch: Batch, number: int) -> list[Kept]:
    """Files that batch drew of registers issued before: the register stands, and so do they."""
    rows = batch.connection.execute(
        select(paper_file.c.serial, paper_file.c.form, paper_file.c.style)
        .join(paper, paper.c.serial == paper_file.c.serial)
        .where(paper_file.c.batch == number, paper.c.batch != number)
        .order_by(paper_file.c.id)
    )
    why = "says what the register says, which was issued before and stands"
    return [Kept(f"{row.form} {row.style}".strip() + f" of {row.serial}", why) for row in rows]
