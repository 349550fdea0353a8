"""A legacy register (docs/rules.md, section 3): its sheets, which column is which field, which rows are nobody's."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ancadmin.domain.problems import Problem
from ancadmin.readers.cells import DateOrder, date_order
from ancadmin.readers.heading_rows import register_headings
from ancadmin.readers.headings import plain_words, recognise
from ancadmin.readers.refusals import refused
from ancadmin.readers.tables import CHUNK_ROWS, Chunk, Sheet, read_sheets

DATE_FIELDS = ("joined_on", "last_payment_on", "status_on")
_TOTAL = r"^\W*(?:sub|grand|groot)?[ -]?(?:totals?|totaal|totale)\b"
# Six digits together, or a cell of nothing but digits and what parts them.
_NUMBER = r"\d{6}|^\W*\d(?:[ .\-/']?\d){5,}\W*$"
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class RegisterSheet:
    """A sheet whose columns are known. `fields`: field → column index; `confidence`: field → 0 to 1."""

    sheet: Sheet
    fields: dict[str, int]
    confidence: dict[str, float]

    def chunks(self, size: int = CHUNK_ROWS) -> Iterator[Chunk]:
        """The rows under the headings, blank ones included; see `Sheet.chunks`."""
        return self.sheet.chunks(size)

    def column(self, chunk: Chunk, field: str) -> pa.ChunkedArray | None:
        """The cells of a field, or None where the sheet has no such column."""
        index = self.fields.get(field)
        return None if index is None else chunk.cells.column(index)

    def blank_rows(self, chunk: Chunk) -> Flags:
        """True for rows that are nobody's: blank cells, titles, totals, headings said again."""
        return blank_rows(chunk, self.fields["id_number"], self.sheet.columns)

    def date_orders(self) -> dict[str, DateOrder]:
        """For each date field, the order of day and month its whole column says. Reads the sheet once."""
        wanted = {field: self.fields[field] for field in DATE_FIELDS if field in self.fields}
        orders = dict.fromkeys(wanted, DateOrder())
        for chunk in self.chunks() if wanted else ():
            for field, index in wanted.items():
                orders[field] += date_order([chunk.cells.column(index)])
        return orders


@dataclass(frozen=True)
class Register:
    """A register's file. `set_aside`: sheets without ID numbers, whose rows are nobody's; a problem names each."""

    sheets: list[RegisterSheet]
    set_aside: list[Sheet]
    problems: list[Problem]


def read_register(path: Path) -> Register:
    """Opens a legacy register. Raises InputRefused for a file that is no table or has no column of ID numbers."""
    sheets: list[RegisterSheet] = []
    set_aside: list[Sheet] = []
    problems: list[Problem] = []
    for sheet in read_sheets(path, register_headings, without_headings=True):
        found = recognise(sheet.columns, sheet.below)
        if "id_number" in found.fields and sheet.header_row:
            sheets.append(RegisterSheet(sheet, found.fields, found.confidence))
            continue
        set_aside.append(sheet)
        problems.append(
            Problem(sheet.file, sheet.sheet, sheet.header_row or None, "", _headings(sheet), "no_id_column", _NAME_IT)
        )
    if not sheets:
        first = max(set_aside, key=lambda sheet: sheet.header_row > 0)
        raise refused(
            path,
            f"no column of ID numbers; the headings are: {_headings(first) or 'none'}",
            _NAME_IT,
            row=first.header_row or None,
            sheet=first.sheet,
        )
    return Register(sheets, set_aside, problems)


_NAME_IT = "Name the column with the 13-digit numbers `ID Number`, or add it, and import the file again."


def _headings(sheet: Sheet) -> str:
    return ", ".join(heading for heading in sheet.columns if heading)


def blank_rows(chunk: Chunk, id_column: int, headings: list[str]) -> Flags:
    """True for rows that are nobody's: nothing written in them, headings said again, totals, titles.

    A title is one cell without an ID number, or a label that ends in a colon with what it says. A row with six
    digits in a row in its ID column is somebody's, whatever else it says.
    """
    blank = np.zeros(len(chunk.rows), np.bool_)
    identities = chunk.cells.column(id_column)
    # Nearly every row has plain digits there; only the others are looked at closely.
    plain = pc.and_(pc.ascii_is_decimal(identities), pc.greater(pc.binary_length(identities), 5))
    odd = np.flatnonzero(~plain.to_numpy())
    if len(odd):
        odd = odd[~_matches(identities.take(pa.array(odd)), _NUMBER)]
    if len(odd):
        odd = odd[_may_be_blank(chunk.cells.take(pa.array(odd)), id_column)]
    if not len(odd):
        return blank
    cells = chunk.cells.take(pa.array(odd))
    filled = sum(_matches(column, r"[\p{L}\p{N}]").astype(np.int64) for column in cells.columns)
    words = sum(_matches(column, r"\p{L}{2}").astype(np.int64) for column in cells.columns)
    numbered = np.logical_or.reduce([_matches(column, _NUMBER) for column in cells.columns])
    totals = sum(_matches(column, _TOTAL).astype(np.int64) for column in cells.columns)
    labelled = np.logical_or.reduce([_matches(column, r":\s*$") for column in cells.columns])
    few = filled * 2 <= cells.num_columns
    blank[odd] = (
        (filled == 0)
        | _repeated(cells.column(id_column), headings[id_column])
        | ((totals > 0) & (few | (words == totals)))
        | ((filled == 1) & ~numbered)
        | ((filled == 2) & labelled)
    )
    return blank


def _may_be_blank(cells: pa.Table, id_column: int) -> Flags:
    """Rows worth a closer look: half empty, a total in some cell, or letters or only signs where a number should be."""
    written = sum(pc.greater(pc.binary_length(column), 0).to_numpy().astype(np.int64) for column in cells.columns)
    row = pc.binary_join_element_wise(*(column.combine_chunks() for column in cells.columns), "\n")
    some_total = _matches(row, r"(?m:^\W*(?:sub|grand|groot)?[ -]?tota)")
    half: Flags = written * 2 <= cells.num_columns
    return half | some_total | _matches(cells.column(id_column), r"\p{L}{2}|^[^\p{L}\p{N}]+$")


def _matches(column: pa.ChunkedArray | pa.Array, pattern: str) -> Flags:
    found: Flags = np.asarray(pc.match_substring_regex(column, pattern, ignore_case=True))
    return found


def _repeated(identities: pa.ChunkedArray, heading: str) -> Flags:
    """Is the heading of the ID column said again?"""
    said = "".join(plain_words(heading))
    if not said:
        return np.zeros(len(identities), np.bool_)
    plain = pc.utf8_lower(pc.replace_substring_regex(identities, r"[^\p{L}\p{N}]", ""))
    again: Flags = pc.equal(plain, said).to_numpy()
    return again
