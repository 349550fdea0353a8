"""The places of the organisation from a table: a row a branch, with the region and the province it lies in."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from ancadmin.domain.places import is_taken_code, province_code
from ancadmin.domain.problems import Problem
from ancadmin.errors import InputRefused
from ancadmin.readers.refusals import not_readable, refused
from ancadmin.readers.text import Record, open_text

NEEDED = ("province", "region_code", "region", "branch_code", "branch")
OPTIONAL = ("ward", "ward_year")
WARD_DIGITS = 8


@dataclass(frozen=True)
class BranchRow:
    """One row of the table. `province` is a code; `ward` 8 digits or None; `row` the file's own, counted from 1."""

    row: int
    province: str
    region_code: str
    region: str
    branch_code: str
    branch: str
    ward: str | None
    ward_year: int | None


@dataclass(frozen=True)
class PlaceTable:
    """Every row that could be read and every problem; `has_ward` and `has_ward_year` say which columns there were."""

    rows: list[BranchRow]
    problems: list[Problem]
    has_ward: bool
    has_ward_year: bool


def read_places(path: Path) -> PlaceTable:
    """Reads the table; columns in any order, blank rows left out, a row said twice taken once.

    Raises InputRefused for a file that is no text table or lacks a column.
    """
    try:
        records = [record for record in open_text(path).records() if any(cell.strip() for cell in record[1])]
    except OSError as error:
        raise not_readable(path, error) from error
    columns = _columns(path, records)
    problems: list[Problem] = []
    rows: list[BranchRow] = []
    for number, cells in records[1:]:
        values = {name: _tidy(cells[at]) if at < len(cells) else "" for name, at in columns.items()}
        found = list(_cell_problems(path.name, number, values))
        problems += found
        if not found:
            rows.append(_row(number, values))
    problems += _disagreements(path.name, rows)
    problems.sort(key=lambda problem: problem.row or 0)
    return PlaceTable(_once(rows), problems, "ward" in columns, "ward_year" in columns)


def _columns(path: Path, records: list[Record]) -> dict[str, int]:
    number, headings = records[0]
    names = ["_".join(_tidy(heading).casefold().split()) for heading in headings]
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise InputRefused(
            f"no column `{'`, `'.join(missing)}`",
            f"The first row names the columns, in any order: {','.join(NEEDED + OPTIONAL[:1])}.",
            place=refused(path, "", "", row=number).place,
        )
    if len(records) == 1:
        raise refused(path, "there is no row under the headings", "Export the table again.")
    return {name: names.index(name) for name in (*NEEDED, *OPTIONAL) if name in names}


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _row(number: int, values: dict[str, str]) -> BranchRow:
    province = province_code(values["province"]) or ""
    year = values.get("ward_year", "")
    return BranchRow(
        number,
        province,
        values["region_code"],
        values["region"],
        values["branch_code"],
        values["branch"],
        values.get("ward") or None,
        int(year) if year else None,
    )


def _cell_problems(file: str, row: int, values: dict[str, str]) -> Iterator[Problem]:
    for name in NEEDED:
        if not values[name]:
            yield Problem(file, "", row, name, "", "missing", "Fill this cell.")
    if values["province"] and province_code(values["province"]) is None:
        remedy = "Write one of the nine provinces, by its name or as EC, FS, GP, KZN, LIM, MP, NC, NW or WC."
        yield Problem(file, "", row, "province", values["province"], "no_such_province", remedy)
    for name in ("region_code", "branch_code"):
        if values[name] and is_taken_code(values[name]):
            remedy = "Give it another code: this one is a province's, or means the whole organisation."
            yield Problem(file, "", row, name, values[name], "code_taken", remedy)
    ward = values.get("ward", "")
    if ward and not (len(ward) == WARD_DIGITS and ward.isascii() and ward.isdigit()):
        remedy = "A ward has 8 digits: write all of them, or leave the cell blank."
        yield Problem(file, "", row, "ward", ward, "not_a_ward", remedy)
    year = values.get("ward_year", "")
    if year and not (len(year) == 4 and year.isascii() and year.isdigit()):
        yield Problem(file, "", row, "ward_year", year, "not_a_year", "Write the year of the delimitation: 2020.")


def _disagreements(file: str, rows: list[BranchRow]) -> Iterator[Problem]:
    """Rows of one file that say different things of the same place, or call two places by one code."""
    regions: dict[str, BranchRow] = {}
    branches: dict[str, BranchRow] = {}
    for row in rows:
        first = regions.setdefault(row.region_code, row)
        for name in ("province", "region"):
            if getattr(row, name) != getattr(first, name):
                remedy = f"Row {first.row} says {getattr(first, name)} of the same region; make them agree."
                yield Problem(file, "", row.row, name, getattr(row, name), "disagrees", remedy)
        same = branches.setdefault(row.branch_code, row)
        if _said(same) != _said(row):
            remedy = f"Row {same.row} says something else of the same branch; keep one of them."
            yield Problem(file, "", row.row, "branch_code", row.branch_code, "disagrees", remedy)
    for code in sorted(regions.keys() & branches.keys()):
        remedy = "A region and a branch cannot have the same code: roles are held for codes."
        yield Problem(file, "", branches[code].row, "branch_code", code, "code_taken", remedy)


def _said(row: BranchRow) -> tuple[object, ...]:
    return tuple(getattr(row, field.name) for field in fields(row) if field.name != "row")


def _once(rows: list[BranchRow]) -> list[BranchRow]:
    return list({row.branch_code: row for row in reversed(rows)}.values())[::-1]
