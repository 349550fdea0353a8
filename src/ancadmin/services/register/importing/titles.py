"""Sheets whose titles, not their rows, say which branch they are of (docs/rules.md, section 3).

The branch gets a column of its own at the right, so that rows are cleaned, held back and decided about as if they had
named it themselves. What could mean two branches, or one that is not on record, means none.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ancadmin.domain.places import province_code
from ancadmin.readers.headings import wordings_of
from ancadmin.readers.registers import Flags, RegisterSheet
from ancadmin.readers.tables import Chunk
from ancadmin.services.register.importing.branches import KnownBranches

HEADING = "Branch"
_BRANCH = ("branch", "branch_name", "ward")
_NAMES = ("surname", "first_names", "full_name")
_PARTS = re.compile(r"[()\[\]|;,:–—]|\s-\s")
_ITSELF = re.compile(r"^(?:branch|tak|ward|wyk)\b[\s.:#-]*|\s+(?:branch|tak)$", re.IGNORECASE)
# More digits than a branch's code or ward has: a row with nothing but an ID number is no title.
_NUMBER = r"\d{9}"
_SHORTEST_CODE = 5
_LIKE_A_CODE = re.compile(r"^(?:[A-Za-z]+(?:[-/][A-Za-z0-9]+)*[-/]\d+|\d{8})$")
_TOTAL = re.compile(r"\b(?:sub|grand|groot)?-?(?:totals?|totaal|totale)\b|\b(?:page|bladsy)\s+\d", re.IGNORECASE)


@dataclass(frozen=True)
class Carried:
    """That the rows of a sheet from `row` on are of `branch`, as `said_by` says: its name, or a row of it."""

    branch: str
    said_by: str
    row: int


@dataclass(frozen=True)
class TitledSheet(RegisterSheet):
    """A sheet with a column for the branch its titles name. `titles`: the rows that name one, which are nobody's."""

    titles: frozenset[int] = frozenset()

    def blank_rows(self, chunk: Chunk) -> Flags:
        """As for any sheet, and the titles."""
        blank = super().blank_rows(chunk) | np.isin(chunk.rows, list(self.titles))
        return np.asarray(blank, np.bool_)


def titled(sheet: RegisterSheet, branches: KnownBranches) -> tuple[RegisterSheet, list[Carried]]:
    """The sheet with its branch beside each row, and what was carried; the sheet itself where it has a column for the
    branch, or its titles say none. Reads the sheet once where it has no such column.
    """
    if not sheet.fields.keys().isdisjoint(_BRANCH):
        return sheet, []
    over, over_says = _over(sheet, branches)
    between = list(_between(sheet, branches))
    sections = any(branch for _, branch, _, _ in between)
    # Where titles among the rows name branches, one that names none begins rows of a branch nobody knows.
    ends = [(row, branch, says) for row, branch, says, labelled in between if sections or labelled]
    # A branch that is not on record, or twice, still is what the rows say: they say nothing new once there is one.
    if not over_says and not ends:
        return sheet, []
    carried = [over] if over else []
    carried += [Carried(branch, f"row {row}", row) for row, branch, _ in ends if branch]
    rows = np.array([0, *(row for row, _, _ in ends)], np.int64)
    codes = [over.branch if over else "", *(branch for _, branch, _ in ends)]
    width = len(sheet.sheet.columns)
    source = partial(_chunks, sheet, rows, codes, width)
    own = {field.name: getattr(sheet, field.name) for field in fields(RegisterSheet)}
    own |= {
        "sheet": replace(sheet.sheet, columns=[*sheet.sheet.columns, HEADING], source=source),
        "fields": sheet.fields | {"branch": width},
        "confidence": sheet.confidence | {"branch": 1.0},
        "said": ((0, over_says), *((row, says) for row, _, says in ends)),
    }
    return TitledSheet(**own, titles=frozenset(row for row, branch, _ in ends if branch)), carried


def said(file: str, sheet: RegisterSheet, carried: Sequence[Carried]) -> list[dict[str, str]]:
    """What was carried, for a report: `file, sheet, branch, said_by, row`."""
    return [{"file": file, "sheet": sheet.sheet.sheet, **asdict(one)} for one in carried]


def _over(sheet: RegisterSheet, branches: KnownBranches) -> tuple[Carried | None, str]:
    """The one branch the sheet's name and the rows over its headings name, and how they write it."""
    named, by = _Named(branches), ""
    for where, cells in (("its name", [sheet.sheet.sheet]), *((f"row {row}", row_) for row, row_ in sheet.sheet.above)):
        if named.look(cells) and not by:
            by = where
    return Carried(named.branch, by, 0) if named.branch else None, named.said


def _between(sheet: RegisterSheet, branches: KnownBranches) -> Iterator[tuple[int, str, str, bool]]:
    """The titles among the rows: row number, branch ("" for none), how they write it, and whether they say that they
    name one.
    """
    names = [str(sheet.fields[name]) for name in _NAMES if name in sheet.fields]
    first = next(at for at, heading in enumerate(sheet.sheet.columns) if heading)
    for chunk in sheet.chunks():
        written = sum(_matches(column, r"[\p{L}\p{N}]").astype(np.int64) for column in chunk.cells.columns)
        blank = sheet.blank_rows(chunk)
        somebodys = _matches(chunk.cells.column(sheet.fields["id_number"]), _NUMBER)
        # Where merged cells land; further to the right it may be the second line of somebody's address.
        leads = (written == 1) & np.logical_or.reduce(
            [_matches(chunk.cells.column(at), r"[\p{L}\p{N}]") for at in range(first + 1)]
        )
        few = np.flatnonzero(~somebodys & ((written == 1) | ((written == 2) & blank)))
        for at, cells in zip(few.tolist(), chunk.cells.take(pa.array(few)).to_pylist(), strict=True):
            named = _Named(branches)
            if not _TOTAL.search(" ".join(cells.values())):
                named.look(cells.values())
                # Branches are named after people: `Dube` where surnames stand may be all that is left of a member.
                branch = "" if named.only_a_name and any(cells[column].strip() for column in names) else named.branch
                if (leads[at] or named.labelled) and (branch or (blank[at] and not named.elsewhere)):
                    says = named.said or "".join(cells.values()).strip()
                    yield int(chunk.rows[at]), branch, says, named.labelled


def _matches(column: pa.ChunkedArray, pattern: str) -> Flags:
    return np.asarray(pc.match_substring_regex(column, pattern), np.bool_)


class _Named:
    """The branches some titles name, by their codes and by names only one branch has."""

    def __init__(self, branches: KnownBranches) -> None:
        self._branches = branches
        self._by_code: set[str] = set()
        self._by_name: set[str] = set()
        self._unknown_code = self._unknown_name = False
        self.labelled = self.elsewhere = False
        self._labelled: list[str] = []
        self._unlabelled: list[str] = []

    @property
    def said(self) -> str:
        """What says which branch, as it is written, whatever branches there are: what has a label, else what is some
        branch's name or code; "" for nothing.
        """
        return "\n".join(self._labelled or self._unlabelled)

    @property
    def branch(self) -> str:
        """The code of the one branch that is named; "" for none, for several, or beside a code nobody knows."""
        found = self._by_code or (set() if self._unknown_name else self._by_name)
        sure = len(found) == 1 and self._by_name <= found and not self._unknown_code
        return next(iter(found)) if sure else ""

    @property
    def only_a_name(self) -> bool:
        """Whether nothing but a name was said: no code, and no label."""
        return not (self._by_code or self.labelled)

    def look(self, cells: Iterable[str]) -> bool:
        """Looks at one row of titles; whether it names a branch."""
        found = False
        for label, value in _pairs(cells):
            worded = wordings_of(label) if label else {}
            if label and worded.keys().isdisjoint(_BRANCH):
                self.elsewhere = True
                continue
            branchs = bool(label) and "ward" not in worded
            self.labelled = self.labelled or bool(label)
            here = self._value(value, labelled=branchs)
            if label:
                self._labelled.append(value)
            elif here or self._branches.shares_name(value):
                self._unlabelled.append(value)
            self._unknown_name |= branchs and not here
            found = found or here
        return found

    def _value(self, value: str, *, labelled: bool) -> bool:
        whole = self._name(value, labelled=labelled)
        parts = [part.strip() for part in _PARTS.split(value)]
        names = {whole} if whole else {self._name(part, labelled=labelled) for part in parts}
        names.discard("")
        words = [word.strip(".'\"") for word in re.split(r"[\s()\[\]|;,:–—]+", value)]
        # A short number (`Sheet 1`, `2019`) is a code only where a label says so and it stands by itself.
        coded = [word for word in words if len(word) >= _SHORTEST_CODE] + (parts if labelled else [])
        codes = {word: self._branches.of_code(word) for word in coded if any(map(str.isdigit, word))}
        known = {code for code in codes.values() if code}
        if (labelled or names) and not known:
            self._unknown_code |= any(_LIKE_A_CODE.match(word) for word in codes)
        self._by_name |= names
        self._by_code |= known
        return bool(names or known)

    def _name(self, text: str, *, labelled: bool) -> str:
        """The branch with a name; not by one that is a region's or a province's too, unless a label says it is."""
        for name in (text.strip(), _ITSELF.sub("", text.strip())):
            place = self._branches.find_region(name) or province_code(name)
            found = self._branches.of_name(name) if name and (labelled or not place) else None
            if found:
                return found
            self._unknown_name |= self._branches.shares_name(name)
        return ""


def _pairs(cells: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Labels with what they say, in one cell (`Branch: Dube`) or two (`Branch`, `Dube`); "" for what has no label."""
    label = ""
    for cell in filter(None, (" ".join(cell.split()) for cell in cells)):
        before, colon, after = cell.partition(":")
        if colon and after.strip():
            yield before.strip(), after.strip()
            label = ""
        elif colon or (not label and wordings_of(cell, exactly=True)):
            label = before.strip()
        else:
            yield label, cell
            label = ""


def _chunks(
    sheet: RegisterSheet, rows: npt.NDArray[np.int64], codes: list[str], width: int, size: int
) -> Iterator[Chunk]:
    """The sheet's rows with the branch in a column after the headed ones: of each row that is somebody's, the branch
    the last title above it names. `rows`: the titles' (sorted), with their `codes`.
    """
    branch = np.array(codes, dtype=object)
    for chunk in sheet.chunks(size):
        at = np.searchsorted(rows, chunk.rows, side="right") - 1
        column = np.where(sheet.blank_rows(chunk), "", branch[at])
        cells = [*chunk.cells.columns]
        cells.insert(width, pa.chunked_array([pa.array(column, pa.string())]))
        yield Chunk(chunk.rows, pa.table(cells, names=[str(number) for number in range(len(cells))]))
