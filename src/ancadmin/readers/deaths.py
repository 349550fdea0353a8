"""The result file of a death check (HANIS, IEC): who died, and when, in any table.

How a file is laid out is data (`layouts.py`); of a file no layout is of, the columns of ID numbers and of dates of
death are told by their headings, and every row is of somebody who died.
"""

from collections.abc import Iterator, Mapping, Sequence
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
from ancadmin.readers.layouts import Layout, Result, bare_date, said, shipped
from ancadmin.readers.refusals import refused
from ancadmin.readers.registers import blank_rows
from ancadmin.readers.tables import ROWS_LOOKED_AT, Chunk, Headings, Sheet, read_sheets
from ancadmin.readers.text import Record

CHUNK = 5_000
_EARLIEST = date(1900, 1, 1)
_SURE = 0.5
_DIED = {"death", "deceased", "died", "dod", "dood", "afsterwe", "sterfdatum", "sterf", "oorlede", "oorlye"}
# A place or a cause of death is no date of it; a register's number of the deceased is an ID number.
_NOT_A_DATE = {"place", "cause", "plek", "oorsaak", "status", "reason", "id", "number", "no", "nommer", "name"}
# The day on which it was told of, or entered, is not the day itself.
_NOT_A_DATE |= {"registered", "registration", "geregistreer", "registrasie", "notice", "kennisgewing", "reported"}
_NOT_A_DATE |= {"certificate", "sertifikaat", "captured", "surname"}
_DAY = {"date", "datum", "day", "dag", "dod", "sterfdatum"}
_REMEDIES = {
    "date_missing": "Write the date of death, or take the row out if the person is alive; where a result column says "
    "that they died, --on gives the day.",
    "date_malformed": "Write it as 2020-12-30.",
    "date_doubtful": "Day and month could be meant the other way round: write it as 2020-12-30.",
    "date_in_future": "See which digit is wrong, and write it as 2020-12-30.",
    "result_missing": "Write what the office says, or take the row out.",
    "result_unknown": "Say under [results] of a layout of your own what it means: ancadmin member deceased layout NAME",
    "alive_with_date": "The row says both that the person lives and when they died: ask the office it comes from.",
}


@dataclass(frozen=True)
class DeathRow:
    """A row that can be used: the 13 digits, what the office says, and the sheet's own row number, counted from 1.

    `died_on` is None unless the person died; `assumed`: the file does not say on which day, another one was taken.
    `surname`, `full_name`: as written, "" where the file has none.
    """

    id_number: str
    died_on: date | None
    row: int
    result: Result = Result.DEAD
    assumed: bool = False
    surname: str = ""
    full_name: str = ""


@dataclass(frozen=True)
class DeathRows:
    """Some rows of a sheet: `read` somebody's, `blank` nobody's, `refused` with `problems` (a row may have two).

    `layout`: the name of the one it was read by, "" for none; `headings`: of each column there is.
    """

    sheet: str
    layout: str
    headings: Mapping[str, str]
    read: int
    blank: int
    refused: int
    rows: list[DeathRow]
    problems: list[Problem]


@dataclass(frozen=True)
class _Columns:
    """Where what stands, and by which layout; None for headings that speak for themselves."""

    at: Mapping[str, int]
    layout: Layout | None


def read_deaths(
    path: Path, today: date, policy: Policy, *, layout: Layout | None = None, on: date | None = None
) -> Iterator[DeathRows]:
    """The rows of every sheet that says who died, some thousands at a time, as `layout` says, else the headings.
    `on`: the day for deaths the file tells without one.

    Raises InputRefused for a file that is no table, has no such sheet, or two such columns.
    """
    finder = _Finder(layout)
    sheets = [(sheet, finder.columns(sheet.columns)) for sheet in read_sheets(path, finder.headings)]
    for sheet, columns in sheets:
        if columns is None:
            raise _no_columns(path, sheet, layout)
        if columns.layout is None:
            _refuse_two(path, sheet)
        yield from _Reader(sheet, columns, today, policy, on).parts()


class _Finder:
    """Which columns are what: by the layout that was named, else by the one that fits best, else by their wording."""

    def __init__(self, layout: Layout | None) -> None:
        self._named = layout

    def headings(self, top: Sequence[Record]) -> Headings | None:
        rows = [(at, cells) for at, (_, cells) in enumerate(top[:ROWS_LOOKED_AT])]
        # Without the columns the file is refused, and the first row that is not blank is what is shown.
        filled = [(at, cells) for at, cells in rows if any(cell.strip() for cell in cells)]
        return next((one for one in rows if self.columns(one[1])), filled[0] if filled else None)

    def columns(self, headings: Sequence[str]) -> _Columns | None:
        """None unless whose a row is and when, or whether, they died is there."""
        if self._named is not None:
            places = self._named.places(headings)
            return _Columns(places, self._named) if self._named.fits(places) else None
        known = [(layout, layout.places(headings)) for layout in shipped().values()]
        fitting = [_Columns(places, layout) for layout, places in known if layout.is_of(places)]
        return max(fitting, key=lambda one: len(one.at), default=None) or _worded(headings)


def _worded(headings: Sequence[str]) -> _Columns | None:
    worded = [wordings_of(heading) for heading in headings]
    found: dict[str, int] = {}
    for name in ("id_number", "surname", "full_name"):
        sure, minus_at = max(((words.get(name, 0.0), -at) for at, words in enumerate(worded)), default=(0.0, 0))
        if sure >= _SURE and -minus_at not in found.values():
            found[name] = -minus_at
    if "surname" in found:
        found.pop("full_name", None)
    died = _death_dates(headings)
    return _Columns({**found, "died_on": died[0]}, None) if "id_number" in found and died else None


def _death_dates(headings: Sequence[str]) -> list[int]:
    """The columns that may be the date of death: of several those that say so."""
    may_be = [at for at, heading in enumerate(headings) if _is_death_date(heading)]
    return [at for at in may_be if set(plain_words(headings[at])) & _DAY] or may_be


def _refuse_two(path: Path, sheet: Sheet) -> None:
    """Raises InputRefused where the headings leave open which of two days somebody died on."""
    died = [sheet.columns[at] for at in _death_dates(sheet.columns)]
    if len(died) > 1:
        raise refused(
            path,
            f"two columns may be the date of death: {died[0]} and {died[1]}",
            "Take one of them out, or name the right one in a layout of your own: --layout FILE.",
            row=sheet.header_row or None,
            sheet=sheet.sheet,
        )


def _is_death_date(heading: str) -> bool:
    words = set(plain_words(heading))
    return bool(words & _DIED) and not words & _NOT_A_DATE


class _Reader:
    """How one sheet is read."""

    def __init__(self, sheet: Sheet, columns: _Columns, today: date, policy: Policy, on: date | None) -> None:
        self._sheet, self._at, self._layout = sheet, columns.at, columns.layout
        self._today, self._policy, self._on = today, policy, on
        self._headings = {name: sheet.columns[at] for name, at in columns.at.items()}
        self._orders = {name: DateOrder() for name in ("died_on", "died_on_else") if name in columns.at}
        if columns.layout is not None and columns.layout.order is not None:
            self._orders = dict.fromkeys(self._orders, columns.layout.order)
            return
        for chunk in sheet.chunks():
            for name in self._orders:
                self._orders[name] += date_order([chunk.cells.column(columns.at[name])])

    def parts(self) -> Iterator[DeathRows]:
        for chunk in self._sheet.chunks(CHUNK):
            yield self._part(chunk)

    def _part(self, chunk: Chunk) -> DeathRows:
        sheet = self._sheet
        blank = blank_rows(chunk, self._at["id_number"], sheet.columns)
        cells = chunk.cells.filter(pa.array(~blank))
        numbers = chunk.rows[~blank].tolist()
        ids = cells.column(self._at["id_number"]).combine_chunks().cast(pa.string())
        digits, wrong_ids = id_numbers_of(ids, self._today, self._policy)
        days = {name: self._days(cells, name) for name in self._orders}
        texts = {name: cells.column(at).to_pylist() for name, at in self._at.items()}
        rows: list[DeathRow] = []
        problems: list[Problem] = []
        for at, row in enumerate(numbers):
            told = {name: column[at].strip() for name, column in texts.items()}
            wrong = [("id_number", wrong_ids[at])] if at in wrong_ids else []
            result, code = self._result(told, days, at)
            wrong += [("result", code)] if code else []
            died, assumed, code = self._died(days, at) if result is Result.DEAD else (None, False, None)
            wrong += [("died_on", code)] if code else []
            problems += [self._problem(row, name, told.get(name, ""), code) for name, code in wrong]
            if not wrong:
                names = (told.get("surname", ""), told.get("full_name", ""))
                rows.append(DeathRow(digits[at], died, row, result or Result.DEAD, assumed, *names))
        layout = self._layout.name if self._layout else ""
        count = (len(numbers), int(blank.sum()), len(numbers) - len(rows))
        return DeathRows(sheet.sheet, layout, self._headings, *count, rows, problems)

    def _days(self, cells: pa.Table, name: str) -> tuple[list[date | None], dict[int, str]]:
        """The days of a column, and of those that are none which problem each is."""
        column = cells.column(self._at[name])
        read = parse_dates(column, _EARLIEST, self._today, self._orders[name])
        problems = _date_problems(read.codes, read.days, self._today)
        not_known = self._layout.not_known if self._layout else frozenset()
        for at, text in enumerate(column.to_pylist()) if not_known else ():
            if text and bare_date(text) in not_known:
                problems[at] = "date_missing"
        return [None if at in problems else day for at, day in enumerate(read.days.tolist())], problems

    def _result(
        self, told: Mapping[str, str], days: Mapping[str, tuple[list[date | None], dict[int, str]]], at: int
    ) -> tuple[Result | None, str | None]:
        """What the row says of the person, or the problem it has."""
        if self._layout is None or "result" not in told:
            return Result.DEAD, None
        dated = "died_on" in days and days["died_on"][0][at] is not None
        meaning = self._layout.meaning(told["result"])
        if meaning is Result.ALIVE and dated:
            return None, "alive_with_date"
        if meaning is not None:
            return meaning, None
        if said(told["result"]):
            return None, "result_unknown"
        return (Result.DEAD, None) if dated else (None, "result_missing")

    def _died(
        self, days: Mapping[str, tuple[list[date | None], dict[int, str]]], at: int
    ) -> tuple[date | None, bool, str | None]:
        """The day of a death, whether another one was taken for it, and the problem there is."""
        found, problems = days.get("died_on", ([], {}))
        problem = problems.get(at, "date_missing")
        if found and found[at] is not None:
            return found[at], False, None
        if problem != "date_missing":
            return None, False, problem
        # Without a result a row that has no day may be of somebody alive.
        said_so = self._layout is not None and "result" in self._at
        instead = days["died_on_else"][0][at] if said_so and "died_on_else" in days else None
        instead = instead or (self._on if said_so else None)
        return instead, True, None if instead else problem

    def _problem(self, row: int, name: str, value: str, code: str) -> Problem:
        remedy = _REMEDIES.get(code, f"See what is wrong with it: ancadmin check id '{value}'")
        return Problem(self._sheet.file, self._sheet.sheet, row, self._headings.get(name, ""), value, code, remedy)


def _date_problems(codes: npt.NDArray[np.int8], days: Days, today: date) -> dict[int, str]:
    future = days > np.datetime64(today)
    found: dict[int, str] = {}
    for at in np.flatnonzero(codes != OK).tolist():
        if codes[at] == OUT_OF_RANGE and future[at]:
            found[at] = "date_in_future"
        else:
            found[at] = {MISSING: "date_missing", DOUBTFUL: "date_doubtful"}.get(int(codes[at]), "date_malformed")
    return found


def _no_columns(path: Path, sheet: Sheet, layout: Layout | None) -> Exception:
    remedy = "Name them in the first row: ID number, Date of death."
    if layout is not None:
        there = layout.places(sheet.columns)
        missing = [name for name in ("id_number", "result", "died_on") if name in layout.columns and name not in there]
        named = "; ".join(f"{name}: {', '.join(layout.columns[name])}" for name in missing)
        remedy = f"The layout {layout.name} looks for {named}."
    return refused(
        path,
        "no column of ID numbers and dates of death",
        remedy,
        row=sheet.header_row or None,
        sheet=sheet.sheet,
    )
