"""Rows held back once and taken now in a corrected form: they wait no longer."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, select

from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import register_row, register_source
from ancadmin.services.standing.chosen import fetched

# Of the cells that are not blank, so many must be as they were: a row of another register with the same name is another
# row.
_ALIKE = 0.5
_LISTED = 500


def corrected(batch: Batch) -> list[int]:
    """The ids of waiting rows in whose place (file, sheet, row, under the same headings) this batch took another row
    with at least half of its cells unchanged.
    """
    connection = batch.connection
    released: list[int] = []
    for import_then, then, now in _sheets_again(batch):
        held = fetched(
            connection,
            select(register_row.c.row, register_row.c.id).where(
                register_row.c.batch == import_then,
                register_row.c.source == then,
                register_row.c.outcome == "quarantined",
                register_row.c.resolved_by.is_(None),
            ),
        )
        # By place in numpy: the store has no index on it, for few imports need one.
        taken = fetched(
            connection,
            select(register_row.c.row, register_row.c.id).where(
                register_row.c.batch == batch.number,
                register_row.c.source == now,
                register_row.c.outcome != "quarantined",
            ),
        )
        released += _alike_pairs(connection, dict(held), dict(taken))
    return released


def waiting_places(batch: Batch, sheet: dict[str, Any]) -> npt.NDArray[np.int64]:
    """The numbers of the rows that wait since earlier imports of a sheet under the same file, name and headings.
    `sheet`: its row of register_source.
    """
    rows = batch.connection.scalars(
        select(register_row.c.row)
        .join(register_source, register_source.c.id == register_row.c.source)
        .join(batch_table, batch_table.c.number == register_row.c.batch)
        .where(
            *(register_source.c[name] == sheet[name] for name in ("file", "sheet", "columns")),
            batch_table.c.undone_by.is_(None),
            register_row.c.outcome == "quarantined",
            register_row.c.resolved_by.is_(None),
        )
    )
    return np.array(rows.all(), dtype=np.int64)


def _sheets_again(batch: Batch) -> Iterator[tuple[int, int, int]]:
    """Sheets of earlier imports, not undone, that this batch read again under the same file, name and headings: the
    batch then, the source then, the source now.
    """
    then, now = register_source.alias("then"), register_source.alias("now")
    rows = batch.connection.execute(
        select(then.c.batch, then.c.id, now.c.id)
        .join_from(
            then, now, (now.c.file == then.c.file) & (now.c.sheet == then.c.sheet) & (now.c.columns == then.c.columns)
        )
        .join(batch_table, batch_table.c.number == then.c.batch)
        .where(now.c.batch == batch.number, then.c.batch < batch.number, batch_table.c.undone_by.is_(None))
    )
    yield from (tuple(row) for row in rows.all())


def _alike_pairs(connection: Connection, held: dict[int, int], taken: dict[int, int]) -> Iterator[int]:
    """The held of the pairs in one place whose cells are much the same. `held`, `taken`: row number → id."""
    rows = np.intersect1d(list(held), list(taken), assume_unique=True).tolist()
    for start in range(0, len(rows), _LISTED):
        pairs = [(held[row], taken[row]) for row in rows[start : start + _LISTED]]
        ids = [one for pair in pairs for one in pair]
        raw = dict(fetched(connection, select(register_row.c.id, register_row.c.raw).where(register_row.c.id.in_(ids))))
        yield from (was for was, now in pairs if _alike(raw[was], raw[now]))


def _alike(was: str, raw: str) -> bool:
    pairs = list(zip(was.split("\x1f"), raw.split("\x1f"), strict=False))
    filled = [pair for pair in pairs if any(pair)]
    return sum(before == after for before, after in filled) >= _ALIKE * len(filled)
