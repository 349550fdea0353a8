"""Rows held back once and taken now in a corrected form: they wait no longer."""

import json
from collections.abc import Collection, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, Connection, func, or_, select, true

from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import register_row, register_source
from ancadmin.services.register.importing.titles import HEADING
from ancadmin.services.standing.chosen import fetched

# Of the cells that tell people apart and are not blank, so many must be as they were: in next month's list under the
# same file name another person may stand there.
_ALIKE = 0.5
_TELLING = ("id_number", "surname", "first_names", "full_name", "cell", "email", "old_reference")
_LISTED = 500


def corrected(batch: Batch, held_again: Collection[int]) -> list[int]:
    """The ids of waiting rows in whose place (file, sheet, row, under the same headings) this batch took another row of
    the same person: at least half of the cells that tell people apart are unchanged. Those in `held_again` wait on.
    """
    connection = batch.connection
    released: list[int] = []
    for import_then, then, now, reading, titled_now in _sheets_again(batch):
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
                # Where a title says the branch only now, what is held back still is another row than waits.
                true() if titled_now else register_row.c.outcome != "quarantined",
            ),
        )
        waiting = {row: number for row, number in held if number not in held_again}
        released += _alike_pairs(connection, waiting, dict(taken), _telling(reading))
    return released


def _telling(reading: str | None) -> list[int]:
    """Which columns tell people apart, from how the sheet is read; a branch and a fee are the same for many."""
    fields: dict[str, int] = json.loads(reading)["fields"] if reading else {}
    return [fields[name] for name in _TELLING if name in fields]


def waiting_places(batch: Batch, sheet: dict[str, Any]) -> npt.NDArray[np.int64]:
    """The numbers of the rows that wait since earlier imports of a sheet under the same file, name and headings.
    `sheet`: its row of register_source.
    """
    rows = batch.connection.scalars(
        select(register_row.c.row)
        .join(register_source, register_source.c.id == register_row.c.source)
        .join(batch_table, batch_table.c.number == register_row.c.batch)
        .where(
            *(register_source.c[name] == sheet[name] for name in ("file", "sheet")),
            _same_headings(register_source.c.columns, sheet["columns"]),
            batch_table.c.undone_by.is_(None),
            register_row.c.outcome == "quarantined",
            register_row.c.resolved_by.is_(None),
        )
    )
    return np.array(rows.all(), dtype=np.int64)


def _sheets_again(batch: Batch) -> Iterator[tuple[int, int, int, str | None, bool]]:
    """Sheets of earlier imports, not undone, that this batch read again under the same file, name and headings: the
    batch then, the source then, the source now, how it is read, whether only now a title says the branch.
    """
    then, now = register_source.alias("then"), register_source.alias("now")
    rows = batch.connection.execute(
        select(then.c.batch, then.c.id, now.c.id, now.c.reading, then.c.columns != now.c.columns)
        .join_from(
            then,
            now,
            (now.c.file == then.c.file) & (now.c.sheet == then.c.sheet) & _same_headings(then.c.columns, now.c.columns),
        )
        .join(batch_table, batch_table.c.number == then.c.batch)
        .where(now.c.batch == batch.number, then.c.batch < batch.number, batch_table.c.undone_by.is_(None))
    )
    yield from (tuple(row) for row in rows.all())


def _same_headings(then: ColumnElement[str], now: ColumnElement[str] | str) -> ColumnElement[bool]:
    """The same headings; or those of a sheet whose branch was not on record then, and now has a column of its own."""
    and_branch = func.substr(then, 1, func.length(then) - 1) + f', "{HEADING}"]'
    return or_(then == now, and_branch == now)


def _alike_pairs(
    connection: Connection, held: dict[int, int], taken: dict[int, int], telling: list[int]
) -> Iterator[int]:
    """The held of the pairs in one place whose `telling` cells are much the same. `held`, `taken`: row number → id."""
    rows = np.intersect1d(list(held), list(taken), assume_unique=True).tolist()
    for start in range(0, len(rows), _LISTED):
        pairs = [(held[row], taken[row]) for row in rows[start : start + _LISTED]]
        ids = [one for pair in pairs for one in pair]
        raw = dict(fetched(connection, select(register_row.c.id, register_row.c.raw).where(register_row.c.id.in_(ids))))
        yield from (was for was, now in pairs if _alike(raw[was], raw[now], telling))


def _alike(was: str, raw: str, telling: list[int]) -> bool:
    before, after = was.split("\x1f"), raw.split("\x1f")
    filled = [at for at in telling if before[at] or after[at]]
    return bool(filled) and sum(before[at] == after[at] for at in filled) >= _ALIKE * len(filled)
