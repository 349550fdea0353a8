"""The workbook of rows held back, as an officer gives it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ancadmin.errors import InputRefused
from ancadmin.readers.refusals import refused
from ancadmin.readers.tables import Headings, Sheet, read_sheets
from ancadmin.readers.text import Record


@dataclass(frozen=True)
class HeldSheet:
    """The sheet's name, its headings and the row they stand in; and its rows: their numbers, and their cells by
    heading.
    """

    sheet: str
    headings: list[str]
    heading_row: int
    rows: list[tuple[int, dict[str, str]]]


def read_held_back(path: Path, headings: Sequence[str]) -> HeldSheet:
    """The sheet whose heading row begins with `headings`. Raises InputRefused for a file without one."""
    expected = list(headings)

    def found(top: Sequence[Record]) -> Headings | None:
        return next(((at, cells) for at, (_, cells) in enumerate(top) if cells[: len(expected)] == expected), None)

    try:
        sheets = read_sheets(path, found)
    except InputRefused as error:
        if "headings" not in error.what:
            raise
        raise refused(
            path,
            "not a workbook of rows held back, or its columns were moved",
            "Export it again: ancadmin register quarantine export FILE.xlsx",
        ) from error
    sheet = sheets[0]
    return HeldSheet(sheet.sheet, sheet.columns, sheet.header_row, list(_rows(sheet)))


def _rows(sheet: Sheet) -> list[tuple[int, dict[str, str]]]:
    rows = []
    for chunk in sheet.chunks():
        columns = [column.to_pylist() for column in chunk.cells.columns[: len(sheet.columns)]]
        for at, number in enumerate(chunk.rows.tolist()):
            cells = {heading: columns[place][at] for place, heading in enumerate(sheet.columns)}
            if any(text.strip() for text in cells.values()):
                rows.append((number, cells))
    return rows
