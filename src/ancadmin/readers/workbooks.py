"""Workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods) as sheets, through calamine."""

import itertools
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from zipfile import BadZipFile

import numpy as np
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    WorksheetNotFound,
)

from ancadmin.readers.containers import damaged, locked, refuse_if_cut_or_locked
from ancadmin.readers.large_sheets import large_sheets, parts_of
from ancadmin.readers.refusals import refused
from ancadmin.readers.tables import (
    ROWS_LOOKED_AT,
    ROWS_OF_EVIDENCE,
    Chunk,
    HeadingFinder,
    Sheet,
    columns_of,
    rechunked,
    split_top,
    table_of,
)
from ancadmin.readers.text import Record

_PART_ROWS = 20_000

Loaded = TypeVar("Loaded")


class _Workbook:
    """An open workbook that keeps one sheet in memory at most: the one read last. Damage raises InputRefused."""

    def __init__(self, path: Path) -> None:
        refuse_if_cut_or_locked(path)
        self.path = path
        self._workbook: CalamineWorkbook = _loaded(path, "", lambda: _opened(path))
        self._large = _loaded(path, "", lambda: large_sheets(path))
        self._sheet: CalamineSheet | None = None

    def names(self) -> list[str]:
        """The sheets that have cells, not charts or macros."""
        return [sheet.name for sheet in self._workbook.sheets_metadata if sheet.typ is SheetTypeEnum.WorkSheet]

    def records(self, name: str) -> Iterator[Record]:
        """Every row of a sheet that is in use, its cells from column A on."""
        if name not in self._large:
            yield from _records(self._worksheet(name))
            return
        try:
            for part in parts_of(self.path, self._large[name]):
                yield from _records(_loaded(self.path, name, partial(_sheet_of, part, name)))
        except (BadZipFile, zlib.error, EOFError) as error:
            raise damaged(self.path, name) from error

    def _worksheet(self, name: str) -> CalamineSheet:
        if self._sheet is None or self._sheet.name != name:
            self._sheet = None  # let go of the other one first
            self._sheet = _loaded(self.path, name, lambda: self._workbook.get_sheet_by_name(name))
        return self._sheet


def workbook_sheets(path: Path, find_headings: HeadingFinder) -> list[Sheet]:
    """The sheets of a workbook that are not empty. Raises InputRefused: a password, damage, or nothing in it."""
    workbook = _Workbook(path)
    sheets: list[Sheet] = []
    for name in workbook.names():
        top = list(itertools.islice(workbook.records(name), ROWS_LOOKED_AT + ROWS_OF_EVIDENCE + 1))
        if not any(cell.strip() for _, cells in top for cell in cells):
            continue
        above, (header_row, cells), below = split_top(top, find_headings)
        columns = columns_of(cells, below)
        source = partial(_chunks, workbook, name, header_row, len(columns))
        sheets.append(Sheet(path.name, name, header_row, columns, above, below, source))
    if not sheets:
        raise refused(path, "no sheet of the workbook holds anything", "Export it again.")
    return sheets


def records_of(path: Path, names: Sequence[str]) -> dict[str, list[Record]]:
    """Every row in use of those of the sheets named that are there. Raises InputRefused: a password, or damage."""
    workbook = _Workbook(path)
    there = workbook.names()
    return {name: list(workbook.records(name)) for name in names if name in there}


def text_of_cell(value: Any) -> str:
    """A cell's value as a person sees it; numbers to the 15 digits a spreadsheet keeps, days as ISO text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else str(value)


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.15g}"
    if "e" not in text:
        return text
    from decimal import Decimal

    return f"{Decimal(text):f}"


def _records(worksheet: CalamineSheet) -> Iterator[Record]:
    """Every row from the first in use on, its cells from column A on."""
    # The library's rows begin at row 1, but their cells at the first column in use.
    down, right = worksheet.start or (0, 0)
    before = [""] * right
    for row, values in itertools.islice(enumerate(worksheet.iter_rows(), start=1), down, None):
        yield row, before + [value if type(value) is str else text_of_cell(value) for value in values]


def _chunks(workbook: _Workbook, name: str, header_row: int, width: int, size: int) -> Iterator[Chunk]:
    return rechunked(_parts(workbook.records(name), header_row, width), size)


def _parts(every: Iterator[Record], header_row: int, width: int) -> Iterator[Chunk]:
    records = (record for record in every if record[0] > header_row)
    while part := list(itertools.islice(records, _PART_ROWS)):
        yield Chunk(np.array([row for row, _ in part], np.int64), table_of(_within(part, width), width))


def _within(part: Sequence[Record], width: int) -> list[list[str]]:
    """Cells beyond the headings stay only where one of them is filled."""
    rows = [cells for _, cells in part]
    if all(not any(cells[width:]) for cells in rows):
        return [cells[:width] for cells in rows]
    return rows


def _opened(path: Path) -> CalamineWorkbook:
    """The workbook, whichever kind its name says it is: an .xlsx is often saved under the name of an .xls."""
    try:
        return CalamineWorkbook.from_path(str(path))
    except CalamineError:
        with path.open("rb") as file:
            return CalamineWorkbook.from_filelike(file)


def _sheet_of(path: Path, name: str) -> CalamineSheet:
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name)


def _loaded(path: Path, sheet: str, load: Callable[[], Loaded]) -> Loaded:
    """What `load` gives. Raises InputRefused where the workbook is locked or damaged."""
    try:
        return load()
    except PasswordError as error:
        raise locked(path) from error
    except (CalamineError, WorksheetNotFound, OSError, BadZipFile, KeyError) as error:
        raise damaged(path, sheet) from error
    except BaseException as error:
        # Some damage makes the Rust library panic, which comes as an exception outside every other family.
        if type(error).__name__ == "PanicException":
            raise damaged(path, sheet) from error
        raise
