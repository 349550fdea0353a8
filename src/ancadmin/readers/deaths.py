"""The result file of a death check (HANIS, IEC): ID numbers with dates of death, a column each, in any table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ancadmin.domain.dates import Days
from ancadmin.domain.policy import Policy
from ancadmin.domain.problems import Problem
from ancadmin.readers.cells import DOUBTFUL, MISSING, OK, OUT_OF_RANGE, DateOrder, date_order, parse_dates
from ancadmin.readers.headings import plain_words, wordings_of
from ancadmin.readers.id_cells import id_numbers_of
from ancadmin.readers.refusals import refused
from ancadmin.readers.registers import blank_rows
from ancadmin.readers.tables import ROWS_LOOKED_AT, Chunk, Headings, Sheet, read_sheets
from ancadmin.readers.text import Record

CHUNK = 5_000
_EARLIEST = date(1900, 1, 1)
_DIED = {"death", "deceased", "died", "dod", "dood", "afsterwe", "sterfdatum", "sterf", "oorlede", "oorlye"}
# A place or a cause of death is no date of it; a register's number of the deceased is an ID number.
_NOT_A_DATE = {"place", "cause", "plek", "oorsaak", "status", "reason", "id", "number", "no", "nommer", "name"}
_REMEDIES = {
    "date_missing": "Write the date of death, or take the row out if the person is alive.",
    "date_malformed": "Write it as 2020-12-30.",
    "date_doubtful": "Day and month could be meant the other way round: write it as 2020-12-30.",
    "date_in_future": "See which digit is wrong, and write it as 2020-12-30.",
}


@dataclass(frozen=True)
class DeathRow:
    """A row that can be used: the 13 digits, the day, and the sheet's own row number, counted from 1."""

    id_number: str
    died_on: date
    row: int


@dataclass(frozen=True)
class DeathRows:
    """Some rows of a sheet: `read` somebody's, `blank` nobody's, `refused` with `problems` (a row may have two)."""

    sheet: str
    read: int
    blank: int
    refused: int
    rows: list[DeathRow]
    problems: list[Problem]


def read_deaths(path: Path, today: date, policy: Policy) -> Iterator[DeathRows]:
    """The rows of every sheet that has both columns, a few thousand at a time.

    Raises InputRefused for a file that is no table or has no such sheet.
    """
    sheets = [(sheet, _columns(sheet.columns)) for sheet in read_sheets(path, _find_headings)]
    for sheet, columns in sheets:
        if columns is None:
            raise _no_columns(path, sheet)
        id_at, died_at = columns
        order = DateOrder()
        for chunk in sheet.chunks():
            order += date_order([chunk.cells.column(died_at)])
        for chunk in sheet.chunks(CHUNK):
            yield _read(sheet, chunk, id_at, died_at, order, today, policy)


def _find_headings(top: Sequence[Record]) -> Headings | None:
    rows = [(at, cells) for at, (_, cells) in enumerate(top[:ROWS_LOOKED_AT])]
    # Without both columns the file is refused, and the first row that is not blank is what is shown.
    filled = [(at, cells) for at, cells in rows if any(cell.strip() for cell in cells)]
    return next((one for one in rows if _columns(one[1])), filled[0] if filled else None)


def _columns(headings: Sequence[str]) -> tuple[int, int] | None:
    """Where the ID number and the date of death stand; None unless both are there."""
    ids = [(wordings_of(heading).get("id_number", 0.0), -at) for at, heading in enumerate(headings)]
    sure, minus_at = max(ids, default=(0.0, 0))
    died = [at for at, heading in enumerate(headings) if _is_death_date(heading) and at != -minus_at]
    return (-minus_at, died[0]) if sure >= 0.5 and died else None


def _is_death_date(heading: str) -> bool:
    words = set(plain_words(heading))
    return bool(words & _DIED) and not words & _NOT_A_DATE


def _read(
    sheet: Sheet, chunk: Chunk, id_at: int, died_at: int, order: DateOrder, today: date, policy: Policy
) -> DeathRows:
    blank = blank_rows(chunk, id_at, sheet.columns)
    cells = chunk.cells.filter(pa.array(~blank))
    numbers = chunk.rows[~blank].tolist()
    ids = cells.column(id_at).combine_chunks().cast(pa.string())
    died = parse_dates(cells.column(died_at), _EARLIEST, today, order)
    digits, wrong_ids = id_numbers_of(ids, today, policy)
    wrong_dates = _date_problems(died.codes, died.days, today)
    said, dated = ids.to_pylist(), cells.column(died_at).to_pylist()
    rows: list[DeathRow] = []
    problems: list[Problem] = []
    days = died.days.tolist()
    for at, row in enumerate(numbers):
        place = (sheet.file, sheet.sheet, row)
        if at in wrong_ids:
            remedy = f"See what is wrong with it: ancadmin check id '{said[at]}'"
            problems.append(Problem(*place, sheet.columns[id_at], said[at], wrong_ids[at], remedy))
        if at in wrong_dates:
            code = wrong_dates[at]
            problems.append(Problem(*place, sheet.columns[died_at], dated[at], code, _REMEDIES[code]))
        if at not in wrong_ids and at not in wrong_dates:
            rows.append(DeathRow(digits[at], days[at], row))
    return DeathRows(sheet.sheet, len(numbers), int(blank.sum()), len(numbers) - len(rows), rows, problems)


def _date_problems(codes: npt.NDArray[np.int8], days: Days, today: date) -> dict[int, str]:
    future = days > np.datetime64(today)
    found: dict[int, str] = {}
    for at in np.flatnonzero(codes != OK).tolist():
        if codes[at] == OUT_OF_RANGE and future[at]:
            found[at] = "date_in_future"
        else:
            found[at] = {MISSING: "date_missing", DOUBTFUL: "date_doubtful"}.get(int(codes[at]), "date_malformed")
    return found


def _no_columns(path: Path, sheet: Sheet) -> Exception:
    return refused(
        path,
        "no column of ID numbers and dates of death",
        "Name them in the first row: ID number, Date of death.",
        row=sheet.header_row or None,
        sheet=sheet.sheet,
    )
