"""Rows held back once and taken now in a corrected form: they wait no longer."""

from sqlalchemy import select

from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import register_row, register_source

# Of the cells that are not blank, so many must be as they were: a row of another register with the same name is another
# row.
_ALIKE = 0.5


def corrected(batch: Batch) -> list[int]:
    """The ids of waiting rows in whose place (file, sheet, row, under the same headings) this batch took another row
    with at least half of its cells unchanged.
    """
    held, taken = register_row.alias("held"), register_row.alias("taken")
    then, now = register_source.alias("then"), register_source.alias("now")
    rows = batch.connection.execute(
        select(held.c.id, held.c.raw.label("was"), taken.c.raw.label("raw"))
        .join(then, then.c.id == held.c.source)
        .join(batch_table, batch_table.c.number == held.c.batch)
        .join(now, (now.c.file == then.c.file) & (now.c.sheet == then.c.sheet) & (now.c.columns == then.c.columns))
        .join(taken, (taken.c.source == now.c.id) & (taken.c.row == held.c.row))
        .where(
            now.c.batch == batch.number,
            held.c.batch < batch.number,
            held.c.outcome == "quarantined",
            held.c.resolved_by.is_(None),
            batch_table.c.undone_by.is_(None),
            taken.c.batch == batch.number,
            taken.c.outcome != "quarantined",
        )
    )
    return [row.id for row in rows if _alike(row.was, row.raw)]


def _alike(was: str, raw: str) -> bool:
    pairs = list(zip(was.split("\x1f"), raw.split("\x1f"), strict=False))
    filled = [pair for pair in pairs if any(pair)]
    return sum(before == after for before, after in filled) >= _ALIKE * len(filled)
