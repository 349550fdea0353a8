"""One register for the whole country, in twelve columns, written in pieces: as large as anyone likes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ancadmin.domain.dates import Days
from ancadmin.services.demo.damage import KINDS, Damage
from ancadmin.services.demo.draws import Rows
from ancadmin.services.demo.names import names
from ancadmin.services.demo.people import Flags, People
from ancadmin.services.demo.plan import Plan

PIECE = 100_000
HEADINGS = (
    "ID NUMBER",
    "SURNAME",
    "FIRST NAMES",
    "GENDER",
    "BRANCH CODE",
    "VOTING DISTRICT",
    "CELL",
    "EMAIL",
    "OLD REFERENCE",
    "DATE JOINED",
    "LAST PAYMENT DATE",
    "LAST PAYMENT AMOUNT",
)
_CHILD = [kind.name for kind in KINDS].index("child")


def pieces(count: int) -> Iterator[Rows]:
    """The rows 0 … count-1 in pieces of PIECE."""
    for start in range(0, count, PIECE):
        yield np.arange(start, min(start + PIECE, count), dtype=np.int64)


def write_national(plan: Plan, path: Path) -> None:
    """The national register, piece by piece."""
    with path.open("wb") as file:
        file.write((",".join(HEADINGS) + "\n").encode())
        for rows in pieces(plan.members):
            write_lines(file, _lines(plan, rows))


def write_lines(file: BinaryIO, lines: Any) -> None:
    """An Arrow array of text as it stands in memory: one line after the other."""
    _, offsets, data = lines.buffers()
    ends = np.frombuffer(offsets, dtype=np.int32)[lines.offset :][: len(lines) + 1]
    file.write(memoryview(data)[ends[0] : ends[-1]])


def _lines(plan: Plan, rows: Rows) -> Any:
    people = People(plan, rows)
    damage = Damage(people)
    names_ = names()
    codes = [branch.code for branch in plan.branches]
    known = take(codes, people.branch)
    unknown = take([plan.unknown_branch(code) for code in codes], people.branch)
    regions = take([branch.region.code for branch in plan.branches], people.branch)
    surnames = take([name.upper() for name in names_.surnames], people.surname)
    first = take(names_.first_names, people.first_name)
    second = take([f" {name}" for name in names_.first_names], people.second_name, missing="")
    dotted = (people.rows % 5) == 0
    columns = [
        id_column(damage),
        _blank(surnames, damage.surname_missing),
        _blank(join(first, second), damage.first_names_missing),
        take(["M", "F"], (people.woman != damage.gender_wrong).astype(np.int64)),
        pc.if_else(pa.array(damage.branch_unknown), unknown, known),
        digits(people.voting_district, 8),
        _blank(_cells(people, damage), people.cell == 0),
        _blank(join("member", text(people.rows), "@example.org"), ~people.has_email),
        join(regions, digits(people.rows, 6)),
        _days(np.where(damage.kind == _CHILD, np.datetime64("NaT"), people.joined), dotted),
        _days(people.last_payment, dotted, missing="N/A"),
        _blank(join(text(people.last_cents // 100), ".", digits(people.last_cents % 100, 2)), people.last_cents == 0),
    ]
    order = np.repeat(np.arange(len(rows)), 1 + damage.copied)
    return join(*columns, between=",", end="\n").take(pa.array(order))


def id_column(damage: Damage) -> Any:
    """The ID numbers as they are written in a register."""
    written = damage.damaged()
    texts = digits(damage.id_as_read, 13)
    written = {place: f'"{text}"' if "," in text else text for place, text in written.items()}
    places = np.zeros(len(damage.people), dtype=bool)
    places[list(written)] = True
    return pc.replace_with_mask(texts, pa.array(places), pa.array(list(written.values()), pa.string()))


def _cells(people: People, damage: Damage) -> Any:
    whole_ = join("0", text(people.cell))
    return pc.if_else(pa.array(damage.cell_malformed), pc.utf8_slice_codeunits(whole_, 0, 7), whole_)


def text(numbers: Rows) -> Any:
    """Whole numbers as text."""
    return pc.cast(pa.array(numbers), pa.string())


def digits(numbers: Rows, count: int) -> Any:
    """Whole numbers as `count` digits, zeros in front."""
    return pc.utf8_lpad(text(numbers), width=count, padding="0")


def join(*parts: Any, between: str = "", end: str = "") -> Any:
    """Columns of text side by side; what is missing is empty."""
    options = {"null_handling": "replace", "null_replacement": ""}
    joined = pc.binary_join_element_wise(*parts, between, **options)
    return pc.binary_join_element_wise(joined, end, "") if end else joined


def take(values: Any, indexes: Rows, missing: str | None = None) -> Any:
    """The texts at `indexes` of a list; `missing` stands for a negative index."""
    values = list(values)
    if missing is not None:
        values.append(missing)
        indexes = np.where(indexes < 0, len(values) - 1, indexes)
    return pa.array(values, pa.string()).take(pa.array(indexes))


def _blank(texts: Any, where: Flags) -> Any:
    return pc.if_else(pa.array(where), pa.scalar(None, pa.string()), texts)


def _days(days: Days, slashed: Flags, missing: str | None = None) -> Any:
    """ISO dates, and day/month/year where `slashed`."""
    iso = pc.cast(pa.array(days.astype("datetime64[D]")), pa.string())
    parts = [pc.utf8_slice_codeunits(iso, *span) for span in ((8, 10), (5, 7), (0, 4))]
    texts = pc.if_else(pa.array(slashed), pc.binary_join_element_wise(*parts, "/"), iso)
    return texts if missing is None else pc.fill_null(texts, missing)
