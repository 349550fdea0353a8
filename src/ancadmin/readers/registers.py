"""A legacy register (docs/rules.md, section 3): its sheets, which column is which field, which rows are nobody's."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ancadmin.domain.problems import Problem
from ancadmin.errors import InputRefused
from ancadmin.readers.cells import DateOrder, date_order
from ancadmin.readers.headings import DATE_FIELDS as DATE_FIELDS
from ancadmin.readers.headings import plain_words, recognise
from ancadmin.readers.mappings import Profiles
from ancadmin.readers.refusals import no_table, refused
from ancadmin.readers.tables import CHUNK_ROWS, Chunk, Sheet, read_sheets

_TOTAL = r"^\W*(?:sub|grand|groot)?[ -]?(?:totals?|totaal|totale)\b"
# Six digits together, or a cell of nothing but digits and what parts them.
_NUMBER = r"\d{6}|^\W*\d(?:[ .\-/']?\d){5,}\W*$"
# A title such as `Branch: 79700012 Katlehong`: too few digits for an ID number.
_PLACE = r"^\W*(?:branch|tak|ward|wyk|region|streek|province|provinsie|voting district|vd)\b\D*\d{0,9}\D*$"
_UNSURE = 0.5
Flags = npt.NDArray[np.bool_]
_RECOGNISED = Profiles()


@dataclass(frozen=True)
class RegisterSheet:
    """A sheet whose columns are known. `fields`: field → column index; `confidence`: field → 0 to 1.

    `profile` is the name of the mapping that says so, "" where they were recognised; `settled` the orders of dates it
    settles. `said`: the branch as titles write it, each with the row from which on it is said, in their order.
    """

    sheet: Sheet
    fields: dict[str, int]
    confidence: dict[str, float]
    profile: str = ""
    settled: dict[str, DateOrder] = field(default_factory=dict)
    said: tuple[tuple[int, str], ...] = ()

    @property
    def header_confidence(self) -> float:
        """How sure it is that the headings are headings, 0 to 1: as sure as the three best known of them."""
        return round(sum(sorted(self.confidence.values())[-3:]) / min(3, len(self.sheet.columns)), 2)

    def unsure(self) -> list[dict[str, str | float]]:
        """The columns taken for a field without much to go by: `heading, field, confidence`."""
        return [
            {"heading": self.sheet.columns[index], "field": name, "confidence": self.confidence[name]}
            for name, index in self.fields.items()
            if self.confidence[name] <= _UNSURE
        ]

    def chunks(self, size: int = CHUNK_ROWS) -> Iterator[Chunk]:
        """The rows under the headings, blank ones included; see `Sheet.chunks`."""
        return self.sheet.chunks(size)

    def column(self, chunk: Chunk, name: str) -> pa.ChunkedArray | None:
        """The cells of a field, or None where the sheet has no such column."""
        index = self.fields.get(name)
        return None if index is None else chunk.cells.column(index)

    def blank_rows(self, chunk: Chunk) -> Flags:
        """True for rows that are nobody's: blank cells, titles, totals, headings said again."""
        return blank_rows(chunk, self.fields["id_number"], self.sheet.columns)

    def date_orders(self) -> dict[str, DateOrder]:
        """For each date field, the order of day and month its whole column says. Reads the sheet once."""
        wanted = {name: self.fields[name] for name in DATE_FIELDS if name in self.fields and name not in self.settled}
        orders = dict.fromkeys(wanted, DateOrder())
        for chunk in self.chunks() if wanted else ():
            for name, index in wanted.items():
                orders[name] += date_order([chunk.cells.column(index)])
        return orders | self.settled


@dataclass(frozen=True)
class Register:
    """A register's file. `set_aside`: sheets without ID numbers, whose rows are nobody's; a problem names each."""

    sheets: list[RegisterSheet]
    set_aside: list[Sheet]
    problems: list[Problem]


def read_register(path: Path, profiles: Profiles = _RECOGNISED, name: str = "") -> Register:
    """Opens a legacy register, its columns as `profiles` say, else as they are recognised. `name` is what people call
    the file, where that is not its own name.

    Raises InputRefused for a file that is no table, has no column of ID numbers, or does not fit the profile chosen.
    """
    sheets: list[RegisterSheet] = []
    set_aside: list[Sheet] = []
    for read in read_sheets(path, profiles.find_headings, without_headings=True):
        sheet = replace(read, file=name or path.name)
        known = _known(sheet, profiles) if sheet.header_row else None
        if known is None:
            set_aside.append(sheet)
        else:
            sheets.append(known)
    if not sheets:
        raise _refusal(path, max(set_aside, key=lambda sheet: sheet.header_row > 0), profiles)
    problems = [
        Problem(sheet.file, sheet.sheet, sheet.header_row or None, "", _headings(sheet), "no_id_column", _NAME_IT)
        for sheet in set_aside
    ]
    return Register(sheets, set_aside, problems)


def _known(sheet: Sheet, profiles: Profiles) -> RegisterSheet | None:
    """The sheet with its columns; None where it has no ID numbers, or does not fit the profile chosen."""
    mapped = profiles.of(sheet.columns, sheet.sheet)
    if mapped is not None:
        name, mapping = mapped
        fields = mapping.places(sheet.columns) or {}
        return RegisterSheet(sheet, fields, dict.fromkeys(fields, 1.0), name, mapping.date_orders)
    if profiles.chosen is not None:
        return None
    found = recognise(sheet.columns, sheet.below)
    return RegisterSheet(sheet, found.fields, found.confidence) if "id_number" in found.fields else None


_NAME_IT = (
    "Name the column with the 13-digit numbers `ID Number`, or say which it is in a profile: "
    "ancadmin register profile suggest FILE"
)


def _refusal(path: Path, sheet: Sheet, profiles: Profiles) -> InputRefused:
    found = f"the headings are: {_headings(sheet) or 'none'}"
    row = sheet.header_row or None
    if profiles.chosen is None:
        return no_table(path, f"no column of ID numbers; {found}", _NAME_IT, row=row, sheet=sheet.sheet)
    missing = min((one.missing(sheet.columns) for one in profiles.chosen.sheets), key=len)
    what = f"the profile {profiles.chosen.name} does not fit: no heading {', '.join(missing) or 'where it names one'}"
    remedy = "Import it without the profile, or make another: ancadmin register profile suggest FILE"
    return refused(path, f"{what}; {found}", remedy, row=row, sheet=sheet.sheet)


def _headings(sheet: Sheet) -> str:
    return ", ".join(heading for heading in sheet.columns if heading)


def blank_rows(chunk: Chunk, id_column: int, headings: list[str]) -> Flags:
    """True for rows that are nobody's: nothing written in them, headings said again, totals, titles.

    A title is one cell without an ID number, or a label that ends in a colon with what it says. A row with six digits
    in a row in its ID column is somebody's, whatever else it says, unless it is a title that names a place.
    """
    blank = np.zeros(len(chunk.rows), np.bool_)
    identities = chunk.cells.column(id_column)
    # Nearly every row has plain digits there; only the others are looked at closely.
    plain = pc.and_(pc.ascii_is_decimal(identities), pc.greater(pc.binary_length(identities), 5))
    odd = np.flatnonzero(~plain.to_numpy())
    if len(odd):
        doubtful = identities.take(pa.array(odd))
        odd = odd[~_matches(doubtful, _NUMBER) | _matches(doubtful, _PLACE)]
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
        | ((filled == 1) & (~numbered | _matches(cells.column(id_column), _PLACE)))
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
