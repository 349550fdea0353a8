"""The pieces of work at the desk, as an officer sees them: a row held back, or two members who may be one person."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from ancadmin.db.schema import duplicate, member
from ancadmin.domain.id_numbers import digits_of_any_age
from ancadmin.services.register.codes import NOTES, codes_of
from ancadmin.services.register.desk.verdicts import DUPLICATE, QUARANTINE
from ancadmin.services.register.quarantine.reasons import reason
from ancadmin.services.register.quarantine.repairs import Offer, Repairs
from ancadmin.services.register.quarantine.rereading import Rereader
from ancadmin.services.register.quarantine.waiting import Waiting
from ancadmin.services.session import Session

_READ_AS = (
    "surname",
    "first_names",
    "branch",
    "voting_district",
    "cell",
    "email",
    "old_reference",
    "joined_on",
    "last_payment_on",
    "last_payment_cents",
)


@dataclass(frozen=True)
class Cell:
    """A column of a row: its heading, what is written, and what that is read as ("" where it is not read)."""

    column: int
    heading: str
    field: str
    written: str
    read: str


@dataclass(frozen=True)
class RowPiece:
    """A row held back, or (`kind` note) one that was taken with notes. `reasons`: problem and sentence; `notes` what
    can be lived with; `others` who else claims the number, in words.
    """

    waiting: Waiting
    cells: tuple[Cell, ...]
    reasons: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    offers: tuple[Offer, ...]
    others: tuple[str, ...]
    kind: str = QUARANTINE

    @property
    def id(self) -> int:
        """The row of `register_row`."""
        return self.waiting.id


@dataclass(frozen=True)
class PairPiece:
    """Two members who may be one person: their fields side by side, and the evidence in words."""

    id: int
    score: float
    one: dict[str, Any]
    other: dict[str, Any]
    evidence: tuple[str, ...]

    @property
    def kind(self) -> str:
        """What claims and decisions call it."""
        return DUPLICATE

    @property
    def kept_first(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The record that would be kept, and the one that would go into it."""
        kept, gone = sorted((self.one, self.other), key=_fullness, reverse=True)
        return kept, gone


Piece = RowPiece | PairPiece


def row_pieces(
    session: Session,
    connection: Connection,
    rereader: Rereader,
    repairs: Repairs,
    ids: Sequence[int],
    kind: str = QUARANTINE,
) -> list[RowPiece]:
    """Rows with all an officer needs to decide about them."""
    waiting = rereader.sources.rows(connection, ids)
    read = rereader.clean(connection, [(row, row.cells) for row in waiting])
    offers = repairs.of(connection, waiting, read)
    others = _others(connection, rereader, waiting)
    return [
        replace(_piece(row, one, tuple(offer), others.get(row.id, ()), repairs.births(row), session), kind=kind)
        for row, one, offer in zip(waiting, read.to_pylist(), offers, strict=True)
    ]


def _piece(
    row: Waiting,
    read: dict[str, Any],
    offers: tuple[Offer, ...],
    others: tuple[str, ...],
    births: list[str],
    at: Session,
) -> RowPiece:
    by_column = {column: name for name, column in row.source.fields.items()}
    cells = tuple(
        Cell(column, row.heading(column), by_column.get(column, ""), written, _read_as(by_column.get(column), read))
        for column, written in enumerate(row.cells)
        if written or column in by_column
    )
    reasons = tuple((problem, reason(row, problem, at.policy, births)) for problem in row.problems)
    return RowPiece(row, cells, reasons, tuple(codes_of(read["notes"], NOTES)), offers, others)


def _read_as(name: str | None, read: dict[str, Any]) -> str:
    """What became of a cell, in words."""
    if name == "id_number":
        return str(read["id_number"]) if read["number"] else ""
    if name == "full_name":
        return ", ".join(part for part in (read["surname"], read["first_names"]) if part)
    if name in ("branch", "branch_name", "ward"):
        return read["branch"] or ""
    if name == "gender":
        return read["gender"] if read["number"] else ""
    if name == "status":
        return read["register_status"] or ""
    if name == "last_payment_cents" and read[name] is not None:
        return f"R{read[name] / 100:.2f}"
    value = read[name] if name in _READ_AS else None
    return "" if value is None else str(value)


def _others(connection: Connection, rereader: Rereader, rows: Sequence[Waiting]) -> dict[int, tuple[str, ...]]:
    """Who else has the number of a row two people share: other rows that wait, and whoever is on record."""
    numbers = {row.id: digits_of_any_age(row.cell("id_number")) for row in rows if "id_shared" in row.problems}
    wanted = {number for number in numbers.values() if number}
    if not wanted:
        return {}
    claims: dict[str, list[tuple[int, str]]] = {}
    for row in rereader.claimants(connection, wanted):
        name = " ".join(row.cell(field) for field in ("first_names", "surname", "full_name") if row.cell(field))
        words = f"{row.source.place[0]} row {row.row}: {name}".strip()
        claims.setdefault(digits_of_any_age(row.cell("id_number")) or "", []).append((row.id, words))
    query = select(member.c.id_number, member.c.first_names, member.c.surname, member.c.branch)
    for one in connection.execute(query.where(member.c.id_number.in_(sorted(wanted)))):
        claims.setdefault(one.id_number, []).append((0, f"on record: {one.first_names} {one.surname}, {one.branch}"))
    return {
        row: tuple(words for other, words in claims.get(number or "", ()) if other != row)
        for row, number in numbers.items()
    }


_SIDE_BY_SIDE = ("id_number", "surname", "first_names", "born", "gender", "branch", "cell", "email", "joined_on")
_ALSO = ("old_reference", "last_payment_on", "last_payment_cents", "register_status", "origin")


def pair_pieces(connection: Connection, ids: Sequence[int]) -> list[PairPiece]:
    """Pairs of members side by side, in the order of the ids of `duplicate`; those found no longer are left out."""
    rows = {row.id: row for row in connection.execute(select(duplicate).where(duplicate.c.id.in_(ids)))}
    people = {number for row in rows.values() for number in (row.member, row.other)}
    found = {
        one["id"]: dict(one) for one in connection.execute(select(member).where(member.c.id.in_(people))).mappings()
    }
    return [
        PairPiece(
            number,
            rows[number].score,
            {name: found[rows[number].member][name] for name in (*_SIDE_BY_SIDE, *_ALSO)},
            {name: found[rows[number].other][name] for name in (*_SIDE_BY_SIDE, *_ALSO)},
            tuple(_words(one) for one in json.loads(rows[number].evidence)),
        )
        for number in ids
        if number in rows
    ]


def _words(evidence: Any) -> str:
    return str(evidence.get("words", "")) if isinstance(evidence, dict) else str(evidence)


def _fullness(person: dict[str, Any]) -> tuple[bool, str, int]:
    """Of two records of one person a register's says most, then the one paid on last, then the one with more in it."""
    filled = sum(1 for value in person.values() if value)
    return person["origin"] == "register", person["last_payment_on"] or "", filled
