"""Sheets: the tables of a text file or a workbook, with the sheet's own row numbers and every cell as text.

A cell is text as a person sees it: 13-digit numbers as digits, whole numbers without `.0`, dates as ISO text.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ancadmin.errors import InputRefused
from ancadmin.readers.encodings import is_workbook
from ancadmin.readers.refusals import no_table, not_readable
from ancadmin.readers.text import Record

ROWS_LOOKED_AT = 20
ROWS_OF_EVIDENCE = 400
CHUNK_ROWS = 200_000

# The headings among a sheet's first rows: the index of the row they end on, and one for each column; or None.
Headings = tuple[int, list[str]]
HeadingFinder = Callable[[Sequence[Record]], Headings | None]


@dataclass(frozen=True)
class Chunk:
    """Some rows in order. `rows`: int64, the sheet's own row numbers. `cells`: string columns "0", "1", …, no nulls.

    A chunk has at least a column for every heading, and more where a row runs over; missing cells are "".
    """

    rows: npt.NDArray[np.int64]
    cells: pa.Table


@dataclass(frozen=True)
class Sheet:
    """A table with headings. `sheet` is "" for a text file; `header_row` counts from 1 as all row numbers do.

    `columns`: a heading for each column, "" for one without. `above`: the rows over the headings that are not
    blank; `below`: the first rows under them, as evidence.
    """

    file: str
    sheet: str
    header_row: int
    columns: list[str]
    above: list[Record] = field(repr=False)
    below: list[Record] = field(repr=False)
    source: Callable[[int], Iterator[Chunk]] = field(repr=False)
    encoding: str = ""
    separator: str = ""

    def chunks(self, size: int = CHUNK_ROWS) -> Iterator[Chunk]:
        """The rows under the headings, at most `size` at a time, blank ones too. May be called again.

        Raises InputRefused where a text file turns out to be cut off.
        """
        return self.source(size)


def read_sheets(
    path: Path,
    find_headings: HeadingFinder | None = None,
    *,
    without_headings: bool = False,
    must_have_headings: bool = True,
) -> list[Sheet]:
    """The sheets of a file in which `find_headings` finds a heading row among the first 20; empty ones are left out.

    Without a finder: the first row as wide as the table that holds words and no numbers. With `without_headings`
    the other sheets come too, with `header_row` 0, no headings and all their rows below them.
    Raises InputRefused for a file that is no table, or where no sheet has headings unless none must have any.
    """
    finder = find_headings or _words_as_headings
    try:
        if is_workbook(path):
            from ancadmin.readers.workbooks import workbook_sheets

            sheets = workbook_sheets(path, finder)
        else:
            from ancadmin.readers.delimited import delimited_sheet

            sheets = delimited_sheet(path, finder)
    except OSError as error:
        raise not_readable(path, error) from error
    found = [sheet for sheet in sheets if sheet.header_row]
    if not found and must_have_headings:
        raise without_any_headings(path, sheets, finder)
    return sheets if without_headings else found


def without_any_headings(path: Path, sheets: Sequence[Sheet], find_headings: HeadingFinder) -> InputRefused:
    """The refusal of a file none of whose sheets has headings."""
    if any(_parted_by_blanks(sheet, find_headings) for sheet in sheets):
        return no_table(
            path,
            "the columns are parted by blanks alone (fixed width)",
            "Open it in the spreadsheet program with `Text to columns`, `Fixed width`, and save it as CSV.",
        )
    return no_table(
        path,
        f"no row of headings in the first {ROWS_LOOKED_AT} rows",
        "Put a row that names the columns above the data.",
    )


def _parted_by_blanks(sheet: Sheet, find_headings: HeadingFinder) -> bool:
    """Are there headings in a text file without any, once its lines are parted where blanks stand in a row?"""
    lines = [(row, re.split(r"\s{2,}", " ".join(cells).strip())) for row, cells in sheet.below]
    return not sheet.sheet and find_headings(lines) is not None


def first_row_of_words(top: Sequence[Record]) -> int | None:
    """The first row that fills most of the table's width with words: a heading row, whatever it is about."""
    widths = [sum(1 for cell in cells if cell.strip()) for _, cells in top]
    most = max(widths, default=0)
    for index, (_, cells) in enumerate(top[:ROWS_LOOKED_AT]):
        words = [cell for cell in cells if cell.strip()]
        if len(words) * 10 >= most * 6 and words and all(is_word(cell) for cell in words):
            return index
    return None


def _words_as_headings(top: Sequence[Record]) -> Headings | None:
    index = first_row_of_words(top)
    return None if index is None else (index, top[index][1])


def split_top(top: Sequence[Record], find_headings: HeadingFinder) -> tuple[list[Record], Record, list[Record]]:
    """The rows above the headings that are not blank, the heading row (row 0 where there is none), the rows below."""
    found = find_headings(top)
    if found is None:
        return [], (0, []), list(top)
    index, headings = found
    above = [record for record in top[:index] if any(cell.strip() for cell in record[1])]
    return above, (top[index][0], headings), list(top[index + 1 :])


def columns_of(cells: Sequence[str], below: Sequence[Record]) -> list[str]:
    """The headings, one for each column that rows use: "" for a column without one."""
    used = max((filled_width(row) for _, row in below), default=0)
    headings = [" ".join(cell.split()) for cell in cells[: max(filled_width(cells), used)]]
    return headings + [""] * (used - len(headings))


def filled_width(cells: Sequence[str]) -> int:
    """How many cells a row has up to its last one that is not blank."""
    return next((index for index in range(len(cells), 0, -1) if cells[index - 1].strip()), 0)


def table_of(rows: Sequence[Sequence[str]], width: int) -> pa.Table:
    """Rows of any length as a table of at least `width` string columns."""
    widest = max(width, max(map(len, rows), default=0))
    padded = (row if len(row) == widest else [*row, *[""] * (widest - len(row))] for row in rows)
    columns = list(zip(*padded, strict=True)) if rows else [()] * widest
    return pa.table([pa.array(column, pa.string()) for column in columns], names=[str(n) for n in range(widest)])


def rechunked(parts: Iterator[Chunk], size: int) -> Iterator[Chunk]:
    """The same rows in chunks of `size`, the last one smaller; narrower parts are widened with empty cells."""
    held: list[Chunk] = []
    count = 0
    for part in parts:
        held.append(part)
        count += len(part.rows)
        while count >= size:
            whole = _joined(held)
            yield Chunk(whole.rows[:size], whole.cells.slice(0, size))
            held = [Chunk(whole.rows[size:], whole.cells.slice(size))]
            count -= size
    if count:
        yield _joined(held)


def _joined(parts: list[Chunk]) -> Chunk:
    if len(parts) == 1:
        return parts[0]
    widest = max(part.cells.num_columns for part in parts)
    cells = pa.concat_tables([_widened(part.cells, widest) for part in parts])
    return Chunk(np.concatenate([part.rows for part in parts]), cells)


def _widened(cells: pa.Table, width: int) -> pa.Table:
    for number in range(cells.num_columns, width):
        cells = cells.append_column(str(number), pa.repeat(pa.scalar("", pa.string()), cells.num_rows))
    return cells


def is_word(cell: str) -> bool:
    """More letters than digits."""
    letters = sum(1 for character in cell if character.isalpha())
    digits = sum(1 for character in cell if character.isdigit())
    return letters > digits
