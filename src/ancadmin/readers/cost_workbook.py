"""The workbook of a cost-comparison sheet as it comes back, filled in (docs/how-to/cost-sheets.md)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from ancadmin.domain.cost_entry import PLACES, refusal
from ancadmin.domain.cost_workbook import (
    COMPARISON,
    HEADINGS,
    KIND,
    LETTERS,
    LINE_TITLES,
    LINES,
    TITLE,
    region_code,
    stamped,
)
from ancadmin.domain.costs import Line, LineKind, OptionKind
from ancadmin.domain.money import typed_cents, typed_number
from ancadmin.domain.problems import Problem
from ancadmin.domain.vague import folded
from ancadmin.readers.encodings import is_workbook
from ancadmin.readers.refusals import not_readable, refused
from ancadmin.readers.text import Record

_AGAIN = "Begin with a new one, and fill in its yellow cells only: ancadmin costs template -o FILE.xlsx"
REMEDIES = {
    "letter_twice": "Give every option a letter of its own.",
    "way_missing": "Choose repair, replace or contract out.",
    "way_unknown": "Choose repair, replace or contract out.",
    "option_missing": "Write the letter of the option the line belongs to.",
    "option_unknown": "Write the letter of an option of the sheet Comparison.",
    "kind_missing": "Choose part, labour, assembly, core charge or other.",
    "kind_unknown": "Choose part, labour, assembly, core charge or other.",
    "quantity_malformed": "Write a number with two decimals at most, such as 2 or 1.5.",
    "handling_malformed": "Write it as 12.5%, with two decimals at most.",
    "handling_too_much": "Write it with its sign: 12.5%.",
    "amount_malformed": "Write rands and cents, such as 1234.50.",
    "not_positive": "Clear the line, or write what it is about.",
    "handling_not_of_parts": "Clear it: handling goes with parts.",
    "no_invoice": "Write the contractor's invoice too, or clear the cell.",
    "allowance_twice": "Clear it, or clear quantity and unit cost.",
    "more_than_the_invoice": "Write the discount in rands as the invoice has it.",
    "too_large": "Split it into several lines.",
    "line_twice": "Clear the cell `Line` of the one that is new.",
}

Value = TypeVar("Value")


@dataclass(frozen=True)
class FilledLine:
    """A line of the workbook: the row it stands in, its name (`A1`; "" for a new one) and what it says."""

    row: int
    name: str
    line: Line


@dataclass(frozen=True)
class FilledOption:
    """An option of the workbook with its lines; `letter` is that of its column."""

    letter: str
    kind: OptionKind
    title: str
    lines: list[FilledLine] = field(default_factory=list)


@dataclass
class FilledSheet:
    """A workbook read. `number`, `state` and `content` are of the sheet it was written from: None and "" for an empty
    one. `headings` by field, `region` its code; `rows`: where they and the options stand. `read` counts the rows of
    lines in use, `blank` those of them that say nothing. With `problems` the rest is not to be used.
    """

    file: str
    number: int | None = None
    state: str = ""
    content: str = ""
    region: str = ""
    headings: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    options: list[FilledOption] = field(default_factory=list)
    read: int = 0
    blank: int = 0
    problems: list[Problem] = field(default_factory=list)

    def option_problem(self, option: FilledOption, code: str, remedy: str) -> Problem:
        """A problem of what an option is."""
        column, value = f"option {option.letter}", option.title or option.kind.words
        return Problem(self.file, COMPARISON, self.rows[TITLE], column, value, code, remedy)

    def heading_problem(self, name: str, code: str, remedy: str) -> Problem:
        """A problem of one of the headings."""
        label = next(label for label, field_name in HEADINGS if field_name == name)
        value = self.region if name == "region" else self.headings.get(name, "")
        return Problem(self.file, COMPARISON, self.rows[name], label, value, code, remedy)


def read_cost_workbook(path: Path) -> FilledSheet:
    """What a workbook says, and all that is wrong with it. Raises InputRefused for a file that is no such workbook."""
    sheets = _sheets(path)
    made = FilledSheet(path.name)
    if not {COMPARISON, LINES} <= sheets.keys():
        raise refused(path, "no workbook of a cost comparison", _AGAIN)
    options = _comparison(path, made, sheets[COMPARISON])
    _lines(path, made, sheets[LINES], options)
    return made


def _sheets(path: Path) -> dict[str, list[Record]]:
    try:
        if not is_workbook(path):
            raise refused(path, "no workbook of a cost comparison", _AGAIN)
        from ancadmin.readers.workbooks import records_of

        return records_of(path, (COMPARISON, LINES))
    except OSError as error:
        raise not_readable(path, error) from error


def _comparison(path: Path, made: FilledSheet, records: Sequence[Record]) -> dict[str, FilledOption | None]:
    """Reads the headings; returns the options by their letter, None for a column in which nothing is filled in."""
    labels: dict[str, tuple[int, list[str]]] = {}
    for row, cells in records:
        texts = [" ".join(cell.split()) for cell in cells]
        if texts and texts[0] and texts[0] not in labels:
            labels[texts[0]] = (row, texts)
        found = stamped(texts[0]) if texts else None
        if found and made.number is None:
            made.number, made.state, made.content = found
    wanted = [label for label, _ in HEADINGS] + [LETTERS, KIND, TITLE]
    for label in wanted:
        if label not in labels:
            raise refused(path, f"the row `{label}` is not there any more", _AGAIN, sheet=COMPARISON)
    for label, name in HEADINGS:
        row, cells = labels[label]
        made.rows[name] = row
        text = cells[1] if len(cells) > 1 else ""
        if name == "region":
            made.region = region_code(text)
        else:
            made.headings[name] = text
    return _options(made, *(labels[label] for label in (LETTERS, KIND, TITLE)))


def _options(
    made: FilledSheet, letters: tuple[int, list[str]], kinds: tuple[int, list[str]], titles: tuple[int, list[str]]
) -> dict[str, FilledOption | None]:
    options: dict[str, FilledOption | None] = {}
    made.rows |= {KIND: kinds[0], TITLE: titles[0]}
    for column, name in enumerate(letters[1][1:], 1):
        if not name:
            continue
        words, title = (cells[column] if column < len(cells) else "" for _, cells in (kinds, titles))
        kind = next((kind for kind in OptionKind if folded(words) in (folded(kind), folded(kind.words))), None)
        where = f"option {name}"
        if name in options:
            made.problems.append(_problem(made, COMPARISON, letters[0], where, name, "letter_twice"))
            continue
        options[name] = None
        if words and kind is None:
            made.problems.append(_problem(made, COMPARISON, kinds[0], where, words, "way_unknown"))
        elif title and kind is None:
            made.problems.append(_problem(made, COMPARISON, kinds[0], where, "", "way_missing"))
        if kind is None:
            continue
        title = "" if folded(title) == folded(kind) else title
        option = FilledOption(name, kind, title)
        options[name] = option
        made.options.append(option)
    return options


def _lines(path: Path, made: FilledSheet, records: Sequence[Record], options: dict[str, FilledOption | None]) -> None:
    at = next((at for at, (_, cells) in enumerate(records) if {"Option", "Line"} <= set(map(str.strip, cells))), None)
    headings = [" ".join(cell.split()) for cell in records[at][1]] if at is not None else []
    columns = {name: headings.index(title) for name, title in LINE_TITLES.items() if title in headings}
    absent = [title for name, title in LINE_TITLES.items() if name not in columns]
    if at is None or absent:
        what = f"the column `{absent[0]}` is not there any more" if absent else "the lines have no headings"
        raise refused(path, what, _AGAIN, sheet=LINES)
    names: set[str] = set()
    for row, cells in records[at + 1 :]:
        texts = {name: " ".join(cells[at].split()) if at < len(cells) else "" for name, at in columns.items()}
        if not any(texts.values()):
            continue
        made.read += 1
        if not any(text for name, text in texts.items() if name not in ("option", "line")):
            # A line whose cells were cleared is taken out; its name, and its option perhaps, stayed.
            made.blank += 1
            continue
        reader = _LineReader(made, row, texts)
        line, option = reader.line(), reader.option(options)
        if texts["line"] and texts["line"].upper() in names:
            reader.wrong("line", "line_twice")
        names.add(texts["line"].upper())
        if option is not None:
            option.lines.append(FilledLine(row, texts["line"].upper(), line))


class _LineReader:
    """One row of lines."""

    def __init__(self, made: FilledSheet, row: int, texts: Mapping[str, str]) -> None:
        self._made, self._row, self._texts = made, row, texts

    def wrong(self, name: str, code: str) -> None:
        """Notes that a cell is not what belongs there."""
        made, title = self._made, LINE_TITLES[name]
        made.problems.append(_problem(made, LINES, self._row, title, self._texts[name], code))

    def option(self, options: Mapping[str, FilledOption | None]) -> FilledOption | None:
        """The option the row names."""
        name = self._texts["option"].upper()
        found = options.get(name)
        if not name:
            self.wrong("option", "option_missing")
        elif name not in options:
            self.wrong("option", "option_unknown")
        elif found is None and not any(problem.column == f"option {name}" for problem in self._made.problems):
            row = self._made.rows[KIND]
            self._made.problems.append(_problem(self._made, COMPARISON, row, f"option {name}", "", "way_missing"))
        return found

    def line(self) -> Line:
        """What the row says; what cannot be read is blank in it, and noted."""
        words = self._texts["kind"]
        kind = next((kind for kind in LineKind if folded(words) in (folded(kind), folded(kind.words))), None)
        if kind is None:
            self.wrong("kind", "kind_unknown" if words else "kind_missing")
        before = len(self._made.problems)
        line = Line(
            position=0,
            kind=kind or LineKind.OTHER,
            part_number=self._texts["part_number"],
            description=self._texts["description"],
            quantity=self._read("quantity", "quantity_malformed", _quantity),
            unit_cents=self._read("unit", "amount_malformed", typed_cents),
            handling_percent=self._read("handling", "handling_malformed", _percent) or Decimal(0),
            invoice_cents=self._read("invoice", "amount_malformed", typed_cents),
            discount_cents=self._read("discount", "amount_malformed", typed_cents) or 0,
            allowance_cents=self._read("allowance", "amount_malformed", typed_cents),
        )
        if kind is not None and len(self._made.problems) == before:
            why = refusal(line)
            if why:
                self.wrong(why.field, why.code)
        return line

    def _read(self, name: str, code: str, read: Callable[[str], Value]) -> Value | None:
        text = self._texts[name]
        if not text:
            return None
        try:
            return read(text)
        except ValueError:
            self.wrong(name, code)
            return None


def _quantity(text: str) -> Decimal:
    return typed_number(text, places=PLACES)


def _percent(text: str) -> Decimal:
    """A percentage: text with its sign, or the fraction a spreadsheet keeps of it."""
    if text.endswith("%"):
        return typed_number(text, places=PLACES)
    return typed_number(text, places=PLACES + 2) * 100


def _problem(made: FilledSheet, sheet: str, row: int, column: str, value: str, code: str) -> Problem:
    return Problem(made.file, sheet, row, column, value, code, REMEDIES[code])
