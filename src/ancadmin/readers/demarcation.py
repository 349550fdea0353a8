"""A ward-to-ward file of the demarcation board: a row a ward, or a part of one, in any table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ancadmin.domain.demarcation import WardRow
from ancadmin.domain.problems import Problem
from ancadmin.readers.headings import plain_words
from ancadmin.readers.refusals import refused
from ancadmin.readers.tables import ROWS_LOOKED_AT, Headings, Sheet, read_sheets
from ancadmin.readers.text import Record

WARD_DIGITS = 8
_NEEDED = ("old_ward", "new_ward")
_NAMES = {
    "old_ward": ({"old", "ward"}, {"from", "ward"}, {"ou", "wyk"}, {"previous", "ward"}),
    "new_ward": ({"new", "ward"}, {"to", "ward"}, {"nuwe", "wyk"}),
    "voting_district": ({"voting", "district"}, {"vd"}, {"vd", "number"}, {"stemdistrik"}),
    "branch": ({"branch"}, {"branch", "code"}, {"tak"}),
}
_REMEDIES = {
    "ward_malformed": "A ward is a number of 8 digits.",
    "district_malformed": "A voting district is a number of 8 digits.",
}


@dataclass(frozen=True)
class WardTable:
    """Every row that could be read, and every problem."""

    rows: list[WardRow]
    problems: list[Problem]


def read_demarcation(path: Path) -> WardTable:
    """Reads every sheet: columns old_ward, new_ward, and where there are any voting_district and branch; blank rows are
    left out. Raises InputRefused for a file that is no table or lacks a column.
    """
    table = WardTable([], [])
    for sheet in read_sheets(path, _find_headings):
        columns = _columns(sheet.columns)
        if any(name not in columns for name in _NEEDED):
            raise refused(
                path,
                "no column of old and of new wards",
                "Name them in the first row: old_ward,new_ward,voting_district,branch.",
                row=sheet.header_row or None,
                sheet=sheet.sheet,
            )
        for number, cells in _records(sheet):
            _take(table, sheet, number, {name: cells[at] for name, at in columns.items()}, columns)
    return table


def _find_headings(top: Sequence[Record]) -> Headings | None:
    rows = [(at, cells) for at, (_, cells) in enumerate(top[:ROWS_LOOKED_AT])]
    filled = [(at, cells) for at, cells in rows if any(cell.strip() for cell in cells)]
    found = (one for one in rows if all(name in _columns(one[1]) for name in _NEEDED))
    return next(found, filled[0] if filled else None)


def _columns(headings: Sequence[str]) -> dict[str, int]:
    """Where each column stands, by its words in any order."""
    found: dict[str, int] = {}
    for at, heading in enumerate(headings):
        words = set(plain_words(heading.replace("_", " ")))
        for name, wordings in _NAMES.items():
            if words in wordings:
                found.setdefault(name, at)
    return found


def _records(sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    for chunk in sheet.chunks():
        cells = [column.to_pylist() for column in chunk.cells.columns]
        for at, number in enumerate(chunk.rows.tolist()):
            texts = [" ".join(str(column[at] or "").split()) for column in cells]
            if any(texts):
                yield number, texts


def _take(table: WardTable, sheet: Sheet, number: int, said: dict[str, str], columns: dict[str, int]) -> None:
    read = {name: _digits(said[name]) for name in _NEEDED}
    district = _digits(said["voting_district"]) if said.get("voting_district") else None
    wrong = [(name, "ward_malformed") for name in _NEEDED if len(read[name]) != WARD_DIGITS]
    if district is not None and len(district) != WARD_DIGITS:
        wrong.append(("voting_district", "district_malformed"))
    table.problems.extend(
        Problem(sheet.file, sheet.sheet, number, sheet.columns[columns[name]], said[name], code, _REMEDIES[code])
        for name, code in wrong
    )
    if not wrong:
        table.rows.append(WardRow(number, read["old_ward"], read["new_ward"], district, said.get("branch") or None))


def _digits(text: str) -> str:
    """The digits of a number as sheets write it; the text itself where there is anything else."""
    plain = text.removesuffix(".0").replace(" ", "")
    return plain if plain.isascii() and plain.isdigit() else ""
