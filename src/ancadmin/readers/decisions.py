"""A file of decisions: in any table, a row a decision about one person (docs/rules.md, section 5)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa

from ancadmin.domain.policy import Policy
from ancadmin.domain.problems import Problem
from ancadmin.domain.verbs import Verb, verb_of
from ancadmin.readers.cells import DOUBTFUL, MISSING, OK, OUT_OF_RANGE, DateOrder, ParsedDates, date_order, parse_dates
from ancadmin.readers.headings import NOT_A_FIELD, plain_words, wordings_of
from ancadmin.readers.id_cells import id_numbers_of
from ancadmin.readers.refusals import refused
from ancadmin.readers.registers import blank_rows
from ancadmin.readers.tables import ROWS_LOOKED_AT, Headings, Sheet, read_sheets
from ancadmin.readers.text import Record

CHUNK = 5_000
_EARLIEST = date(1900, 1, 1)
_YEARS_AHEAD = 50
_SURE = 0.5
_DAYS = ("on", "until")
_OWN = {
    "decision": "decision; decided; what was decided; action; besluit; beslissing; aksie; handeling; wat is besluit",
    "on": "on; date; day; with effect from; effective; effective date; effective from; takes effect; takes effect on; "
    "decision date; date of decision; datum; dag; vanaf; besluitdatum; datum van besluit; met ingang van; effektief",
    "until": "until; end date; ends on; date until; tot; einddatum; eindig op; datum tot",
    "why": "why; reason; reasons; explanation; motivation; rede; redes; hoekom; waarom; verduideliking; motivering",
    "to": "to; to branch; to branch code; receiving branch; new branch; transfer to; na; na tak; ontvangende tak; "
    "nuwe tak; oorplaas na",
}
_REGISTER = ("id_number", "surname", "first_names", "branch", "cell", "email", "voting_district")
_KNOWN = {"".join(plain_words(said)): name for name, words in _OWN.items() for said in words.split(";")}
# Where somebody was before is no branch to enter or to move to.
_WAS = {"from", "old", "previous", "van", "ou", "vorige"}
_REMEDIES = {
    "decision_missing": "Write what was decided: apply, accept, refuse, object, resign, transfer …",
    "decision_unknown": f"Write one of: {', '.join(verb for verb in Verb if verb is not Verb.DIE)}.",
    "death_by_file": "Deaths come in with the result file of a death check: ancadmin member deceased import FILE",
    "date_missing": "Write the day it took effect, as 2020-12-30.",
    "date_malformed": "Write it as 2020-12-30.",
    "date_doubtful": "Day and month could be meant the other way round: write it as 2020-12-30.",
    "day_ahead": "See which digit is wrong; what is still to come is recorded when it has happened.",
    "until_not_taken": "Only a suspension or an expulsion ends by itself: take the day out.",
}


@dataclass(frozen=True)
class DecisionRow:
    """A row as it is read. `row`: the sheet's own number, counted from 1. `cells`: what the row says, by field;
    "" where it says nothing. `id_number`: 13 digits, "" for none. `problems`: all that reading found.
    """

    row: int
    id_number: str
    verb: Verb | None
    on: date | None
    until: date | None
    cells: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class DecisionSheet:
    """A sheet's rows. `columns`: the heading of each field there is; `read` counts every row, `blank` nobody's."""

    file: str
    sheet: str
    columns: Mapping[str, str]
    read: int
    blank: int
    rows: list[DecisionRow]

    def problem(self, row: int, name: str, value: str, code: str, remedy: str) -> Problem:
        """A problem of one field of a row."""
        return Problem(self.file, self.sheet, row, self.columns.get(name, ""), value, code, remedy)


def read_decisions(path: Path, today: date, policy: Policy) -> Iterator[DecisionSheet]:
    """The rows of every sheet that says who and what was decided, some thousands at a time.

    Raises InputRefused for a file that is no table, has no such sheet, or says the same thing in two columns.
    """
    sheets = [(sheet, _columns(sheet.columns)) for sheet in read_sheets(path, _find_headings)]
    for sheet, columns in sheets:
        if columns is None:
            raise refused(
                path,
                "no column of ID numbers and decisions",
                "Name them in the first row: ID number, Decision, On, Why.",
                row=sheet.header_row or None,
                sheet=sheet.sheet,
            )
        _refuse_two(path, sheet)
        yield from _Reader(sheet, columns, today, policy).parts()


def _find_headings(top: Sequence[Record]) -> Headings | None:
    rows = [(at, cells) for at, (_, cells) in enumerate(top[:ROWS_LOOKED_AT])]
    # Without both columns the file is refused, and the first row that is not blank is what is shown.
    filled = [(at, cells) for at, cells in rows if any(cell.strip() for cell in cells)]
    return next((one for one in rows if _columns(one[1])), filled[0] if filled else None)


def _columns(headings: Sequence[str]) -> dict[str, int] | None:
    """Where each field stands; None unless ID numbers and decisions are there."""
    own = _own(headings)
    found = {name: places[0] for name, places in own.items()}
    claimed = {at for places in own.values() for at in places}
    offers: list[tuple[float, int, str]] = []
    for at, heading in enumerate(headings):
        if at in claimed:
            continue
        worded = wordings_of(heading)
        if NOT_A_FIELD not in worded:
            offers += [(worded.get(name, 0.0), -at, name) for name in _REGISTER if worded.get(name, 0.0) >= _SURE]
    for _, minus_at, name in sorted(offers, reverse=True):
        was = name == "branch" and len(words := set(plain_words(headings[-minus_at]))) > 1 and words & _WAS
        if name not in found and -minus_at not in found.values() and not was:
            found[name] = -minus_at
    return found if {"id_number", "decision"} <= found.keys() else None


def _own(headings: Sequence[str]) -> dict[str, list[int]]:
    """The columns whose heading is a wording of a field of decisions, those first that have the field's own name."""
    found: dict[str, list[int]] = {}
    said = ["".join(plain_words(heading)) for heading in headings]
    for at, words in enumerate(said):
        if words in _KNOWN:
            found.setdefault(_KNOWN[words], []).append(at)
    return {name: sorted(places, key=lambda at: said[at] != name) for name, places in found.items()}


def _refuse_two(path: Path, sheet: Sheet) -> None:
    """Raises InputRefused where two columns say the same thing and neither has its own name: which one holds, the day
    of the meeting or that from which it takes effect, is not for the program to say.
    """
    for name, places in _own(sheet.columns).items():
        rivals = [sheet.columns[at] for at in places]
        named = ["".join(plain_words(one)) == name for one in rivals]
        if len(rivals) > 1 and sum(named) != 1:
            raise refused(
                path,
                f"two columns say the same thing: {rivals[0]} and {rivals[1]}",
                f"Name the one that holds `{name.capitalize()}`.",
                row=sheet.header_row or None,
                sheet=sheet.sheet,
            )


class _Reader:
    """How one sheet is read."""

    def __init__(self, sheet: Sheet, columns: dict[str, int], today: date, policy: Policy) -> None:
        self._sheet, self._columns, self._today, self._policy = sheet, columns, today, policy
        self._headings = {name: sheet.columns[at] for name, at in columns.items()}
        self._orders: dict[str, DateOrder] = {name: DateOrder() for name in _DAYS if name in columns}
        for chunk in sheet.chunks():
            for name in self._orders:
                self._orders[name] += date_order([chunk.cells.column(columns[name])])

    def parts(self) -> Iterator[DecisionSheet]:
        sheet = self._sheet
        for chunk in sheet.chunks(CHUNK):
            blank = blank_rows(chunk, self._columns["id_number"], sheet.columns)
            cells = chunk.cells.filter(pa.array(~blank))
            made = DecisionSheet(sheet.file, sheet.sheet, self._headings, len(chunk.rows), int(blank.sum()), [])
            made.rows.extend(self._rows(made, cells, chunk.rows[~blank].tolist()))
            yield made

    def _rows(self, made: DecisionSheet, cells: pa.Table, numbers: list[int]) -> Iterator[DecisionRow]:
        column = cells.column(self._columns["id_number"]).combine_chunks().cast(pa.string())
        digits, wrong = id_numbers_of(column, self._today, self._policy)
        days = {"on": self._days(cells, "on", self._today), "until": self._days(cells, "until", self._far)}
        texts = {
            name: [" ".join(text.split()) for text in cells.column(at).to_pylist()]
            for name, at in self._columns.items()
        }
        for at, number in enumerate(numbers):
            said = {name: column[at] for name, column in texts.items()}
            verb = verb_of(said["decision"])
            problems = []
            if at in wrong:
                remedy = f"See what is wrong with it: ancadmin check id '{said['id_number']}'"
                problems.append(made.problem(number, "id_number", said["id_number"], wrong[at], remedy))
            if verb is None or verb is Verb.DIE:
                code = "death_by_file" if verb else "decision_unknown" if said["decision"] else "decision_missing"
                problems.append(made.problem(number, "decision", said["decision"], code, _REMEDIES[code]))
            for name in _DAYS:
                wrong_day = self._day_problem(name, days[name], at, verb)
                if wrong_day:
                    problems.append(made.problem(number, name, said.get(name, ""), wrong_day, _REMEDIES[wrong_day]))
            on, until = (_day(days[name], at) for name in _DAYS)
            yield DecisionRow(number, "" if at in wrong else digits[at], verb, on, until, said, problems)

    @property
    def _far(self) -> date:
        return date(self._today.year + _YEARS_AHEAD, 12, 31)

    def _days(self, cells: pa.Table, name: str, latest: date) -> ParsedDates | None:
        if name not in self._columns:
            return None
        return parse_dates(cells.column(self._columns[name]), _EARLIEST, latest, self._orders[name])

    def _day_problem(self, name: str, days: ParsedDates | None, at: int, verb: Verb | None) -> str | None:
        code = MISSING if days is None else int(days.codes[at])
        if name == "on" and verb is Verb.CONTACT:
            return None  # it has no day but that on which it is recorded
        if code == MISSING:
            return "date_missing" if name == "on" else None
        if name == "until" and verb not in (Verb.SUSPEND, Verb.EXPEL, None):
            return "until_not_taken"
        if code == OUT_OF_RANGE and name == "on" and days is not None and days.days[at].item() > self._today:
            return "day_ahead"
        return {OK: None, DOUBTFUL: "date_doubtful"}.get(code, "date_malformed")


def _day(days: ParsedDates | None, at: int) -> date | None:
    if days is None or days.codes[at] != OK:
        return None
    day: date = days.days[at].item()
    return day
