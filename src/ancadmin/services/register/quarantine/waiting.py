"""Rows held back that wait for an officer, each with the sheet it is of and how that sheet was read."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from sqlalchemy import Connection, Select, select

from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import register_row, register_source
from ancadmin.domain.id_numbers import digits_of_any_age
from ancadmin.readers.cells import DateOrder, date_order
from ancadmin.readers.headings import recognise
from ancadmin.readers.registers import DATE_FIELDS, Flags, RegisterSheet
from ancadmin.readers.tables import Chunk, Sheet, table_of

SEPARATOR = "\x1f"
_ROWS_OF_EVIDENCE = 5_000
_LISTED = 500


@dataclass(frozen=True)
class ReadSheet(RegisterSheet):
    """A sheet of an earlier import, read now as it was then: its columns, its dates (`settled`), no row of it blank."""

    def blank_rows(self, chunk: Chunk) -> Flags:
        """None: the import found that these rows are somebody's."""
        return np.zeros(len(chunk.rows), np.bool_)


@dataclass(frozen=True)
class Source:
    """A row of `register_source`; `reading_date` is the day its import read ages on."""

    id: int
    batch: int
    sha256: str
    reading_date: date
    sheet: ReadSheet

    @property
    def place(self) -> tuple[str, str]:
        """File and sheet."""
        return self.sheet.sheet.file, self.sheet.sheet.sheet

    @property
    def headings(self) -> list[str]:
        """The sheet's headings, in the order of the cells."""
        return self.sheet.sheet.columns

    @property
    def fields(self) -> dict[str, int]:
        """Which column is which field."""
        return self.sheet.fields


@dataclass(frozen=True)
class Waiting:
    """A row held back. `cells` as they stood, `problems` the codes that keep it out."""

    id: int
    source: Source
    row: int
    cells: tuple[str, ...]
    problems: tuple[str, ...]

    def cell(self, field: str) -> str:
        """What is written in a field's column; "" where there is no such column."""
        at = self.source.fields.get(field)
        return self.cells[at].strip() if at is not None and at < len(self.cells) else ""

    def heading(self, column: int) -> str:
        """A column's heading, or its number where it has none."""
        headings = self.source.headings
        return (headings[column] if column < len(headings) else "") or f"column {column + 1}"


def still_waiting() -> Select[int]:
    """The ids of rows held back by imports that stand, and not decided yet."""
    standing = select(batch_table.c.number).where(batch_table.c.undone_by.is_(None))
    return select(register_row.c.id).where(
        register_row.c.batch.in_(standing),
        register_row.c.outcome == "quarantined",
        register_row.c.resolved_by.is_(None),
    )


class Sources:
    """The sheets rows come from, each looked up once."""

    def __init__(self) -> None:
        self._known: dict[int, Source] = {}

    def rows(self, connection: Connection, ids: Sequence[int]) -> list[Waiting]:
        """The rows of `register_row` with some ids, in their order, whatever became of them."""
        return list(self._rows(connection, ids))

    def _rows(self, connection: Connection, ids: Sequence[int]) -> Iterator[Waiting]:
        for start in range(0, len(ids), _LISTED):
            some = ids[start : start + _LISTED]
            found = {
                row.id: row
                for row in connection.execute(
                    select(
                        register_row.c.id,
                        register_row.c.source,
                        register_row.c.row,
                        register_row.c.raw,
                        register_row.c.problems,
                    ).where(register_row.c.id.in_(some))
                )
            }
            for number in some:
                if number in found:
                    row = found[number]
                    problems = tuple(json.loads(row.problems or "[]"))
                    yield Waiting(
                        row.id, self.get(connection, row.source), row.row, tuple(row.raw.split(SEPARATOR)), problems
                    )

    def get(self, connection: Connection, number: int) -> Source:
        """A row of `register_source`."""
        if number not in self._known:
            self._known[number] = _source(connection, number)
        return self._known[number]


def _source(connection: Connection, number: int) -> Source:
    row = connection.execute(
        select(register_source, batch_table.c.counts, batch_table.c.today)
        .join(batch_table, batch_table.c.number == register_source.c.batch)
        .where(register_source.c.id == number)
    ).one()
    columns = json.loads(row.columns)
    said: list[tuple[int, str]] = []
    if row.reading is None:
        fields, orders = _as_recognised(connection, number, columns)
    else:
        reading = json.loads(row.reading)
        fields = reading["fields"]
        said = [(begins, text) for begins, text in reading.get("said", ())]
        orders = {name: DateOrder(*counted) for name, counted in reading["orders"].items()}
    sheet = Sheet(row.file, row.sheet, row.header_row, columns, [], [], lambda _: iter(()))
    read_on = json.loads(row.counts).get("reading_date") or row.today
    read = ReadSheet(sheet, fields, {}, settled=orders, said=tuple(said))
    return Source(row.id, row.batch, row.sha256, date.fromisoformat(read_on), read)


def _as_recognised(
    connection: Connection, number: int, columns: list[str]
) -> tuple[dict[str, int], dict[str, DateOrder]]:
    """For what an earlier version imported: columns and dates as the rows kept of the sheet show them."""
    raws = connection.scalars(
        select(register_row.c.raw)
        .where(register_row.c.source == number)
        .order_by(register_row.c.row)
        .limit(_ROWS_OF_EVIDENCE)
    )
    rows = [raw.split(SEPARATOR) for raw in raws]
    fields = recognise(columns, list(enumerate(rows, 1))).fields
    cells = table_of(rows, len(columns))
    dates = {name: fields[name] for name in DATE_FIELDS if name in fields}
    return fields, {name: date_order([cells.column(at)]) for name, at in dates.items()}


def chunk_of(rows: Sequence[tuple[int, Sequence[str]]], width: int) -> Chunk:
    """Rows (their own numbers, and cells) as a sheet gives them."""
    numbers = np.array([number for number, _ in rows], np.int64)
    cells: pa.Table = table_of([list(cells) for _, cells in rows], width)
    return Chunk(numbers, cells)


def contested(connection: Connection, sources: Sources) -> dict[str, list[int]]:
    """The numbers two people share, each with the rows that wait for it to be said whose it is."""
    shared = register_row.c.problems.contains("id_shared", autoescape=True)
    ids = connection.scalars(still_waiting().where(shared).order_by(register_row.c.id)).all()
    claims: dict[str, list[int]] = {}
    for row in sources.rows(connection, ids):
        claims.setdefault(digits_of_any_age(row.cell("id_number")) or "", []).append(row.id)
    return claims
