"""The cleanup desk: one officer's way through what waits, piece by piece, beside others at the same work."""

import json
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from ancadmin.db.schema import desk_decision, duplicate, member, register_row
from ancadmin.domain.id_numbers import digits_of_any_age
from ancadmin.errors import InputRefused
from ancadmin.services.batch.undo import Undone
from ancadmin.services.register import deciding
from ancadmin.services.register.branches import KnownBranches
from ancadmin.services.register.claims import LEASE, claim_free, release_all
from ancadmin.services.register.codes import NOTES, codes_of
from ancadmin.services.register.deciding import DUPLICATE, QUARANTINE, Decided
from ancadmin.services.register.reasons import reason
from ancadmin.services.register.repairs import Offer, Repairs
from ancadmin.services.register.rereading import clean
from ancadmin.services.register.waiting import Sources, Waiting, claimants, still_waiting
from ancadmin.services.session import Session

# How many pieces an officer has in hand at a time, and of how many free ones at most they are chosen.
_IN_HAND = 10
_LOOKED_AT = 1_000
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
    """A row held back. `reasons`: problem and sentence; `notes` what can be lived with; `others` who else claims the
    number, in words.
    """

    waiting: Waiting
    cells: tuple[Cell, ...]
    reasons: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    offers: tuple[Offer, ...]
    others: tuple[str, ...]

    @property
    def kind(self) -> str:
        """What claims and decisions call it."""
        return QUARANTINE

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


Piece = RowPiece | PairPiece


@dataclass(frozen=True)
class Left:
    """What is left to do: rows and pairs nobody has decided, and those marked."""

    rows: int
    pairs: int
    marked: int


@dataclass
class Desk:
    """One officer's session. `number`: only what this import held back; `problem`: only rows with this problem."""

    session: Session
    number: int | None = None
    problem: str | None = None
    decided: int = 0
    _sources: Sources = field(default_factory=Sources)
    _passed: set[tuple[str, int]] = field(default_factory=set)
    _hand: deque[tuple[str, int]] = field(default_factory=deque)
    _shown: Piece | None = None
    _claimed_at: datetime | None = None
    _repairs: Repairs | None = None

    def __post_init__(self) -> None:
        """Raises NotAllowed to those who do not decide about members."""
        deciding.require_officer(self.session)

    def next(self) -> Piece | None:
        """The next piece nobody else has in hand, rows before pairs; None when nothing is left that was not skipped."""
        now = self.session.clock()
        if self._claimed_at is None or now - self._claimed_at > LEASE / 2:
            self._hand.clear()
        if self._shown is not None and (self._shown.kind, self._shown.id) in self._hand:
            return self._shown
        while True:
            if not self._hand:
                self._claimed_at = now
                self._hand.extend(self._claim())
            if not self._hand:
                return None
            # Shown as it is now: what was decided before it may have a bearing on it.
            self._shown = self._show(*self._hand[0])
            if self._shown is not None:
                return self._shown
            self._passed.add(self._hand.popleft())

    def left(self) -> Left:
        """What is left, for everyone at the desk together."""
        with self.session.store.connect() as connection:
            rows, pairs = self._open_rows(connection), self._open_pairs(connection)
            marked = len(self._marked(connection, QUARANTINE)) + len(self._marked(connection, DUPLICATE))
        return Left(len(rows), len(pairs), marked)

    def accept(self, piece: RowPiece, place: int = 0) -> Decided:
        """Takes an offer. Raises StillHeld, InputRefused (no such offer), NotAllowed."""
        if not 0 <= place < len(piece.offers):
            raise InputRefused("there is no such proposal", "Edit the cells instead.")
        offer = piece.offers[place]
        cells = changed(piece.waiting.cells, offer.changes)
        return self._done(
            piece,
            deciding.take_row(
                self.session,
                piece.id,
                cells,
                verdict=deciding.ACCEPTED,
                theirs=offer.theirs,
                why="; ".join(offer.evidence),
                sources=self._sources,
            ),
        )

    def edit(self, piece: RowPiece, changes: dict[int, str], why: str = "") -> Decided:
        """Takes the row with some cells changed. Raises StillHeld, InputRefused, NotAllowed."""
        cells = changed(piece.waiting.cells, changes)
        decided = deciding.take_row(self.session, piece.id, cells, why=why, sources=self._sources)
        return self._done(piece, decided)

    def skip(self, piece: Piece) -> None:
        """Leaves a piece for later, or for others; nothing is written."""
        self._pass(piece)

    def mark(self, piece: Piece, why: str) -> Decided:
        """Leaves a piece waiting, out of the list, with a word why. Raises InputRefused, NotAllowed."""
        return self._done(piece, deciding.mark(self.session, piece.kind, piece.id, why=why))

    def dismiss(self, piece: Piece, why: str) -> Decided:
        """A row is put away; a pair is two people. Raises InputRefused, NotAllowed."""
        if isinstance(piece, PairPiece):
            return self._done(piece, deciding.two_people(self.session, piece.id, why=why))
        return self._done(piece, deciding.dismiss_row(self.session, piece.id, why=why))

    def same(self, pair: PairPiece, why: str) -> None:
        """The pair is one person: the record with more to it is kept. Raises InputRefused, NotAllowed."""
        from ancadmin.services.member.merge import merge_members

        kept, gone = sorted((pair.one, pair.other), key=_fullness, reverse=True)
        merge_members(self.session, kept["id_number"], gone["id_number"], why=why)
        self.decided += 1
        self._pass(pair)

    def undo(self) -> Undone:
        """Takes the last decision back; its piece waits again. Raises InputRefused, NotAllowed."""
        undone = deciding.undo_last(self.session)
        self.decided = max(0, self.decided - 1)
        self._hand.clear()
        self._shown = None
        return undone

    def forget(self, piece: Piece) -> None:
        """A piece somebody else has decided meanwhile: it is not shown again."""
        self._pass(piece)

    def close(self) -> None:
        """Lets go of what is in hand."""
        if not self.session.dry_run:
            release_all(self.session)

    def _done(self, piece: Piece, decided: Decided) -> Decided:
        self.decided += 1
        self._pass(piece, for_good=self.session.dry_run)
        return decided

    def _pass(self, piece: Piece, *, for_good: bool = True) -> None:
        """On to the next one. What was skipped is not offered again in this session."""
        if for_good:
            self._passed.add((piece.kind, piece.id))
        self._hand = deque(one for one in self._hand if one != (piece.kind, piece.id))
        self._shown = None

    def _claim(self) -> list[tuple[str, int]]:
        """The next few pieces that are free."""
        with self.session.store.connect() as connection:
            rows, pairs = self._open_rows(connection), self._open_pairs(connection)
        for kind, ids in ((QUARANTINE, rows), (DUPLICATE, pairs)):
            free = [number for number in ids if (kind, number) not in self._passed][:_LOOKED_AT]
            mine = free[:_IN_HAND]
            if free and not self.session.dry_run:
                mine = claim_free(self.session, kind, free, _IN_HAND)
            if mine:
                return [(kind, number) for number in mine]
        return []

    def _show(self, kind: str, number: int) -> Piece | None:
        """A piece as it is now, its reading recorded; None where it was decided meanwhile."""
        with self.session.reading("register desk", kind=kind, subject=number) as connection:
            if kind == DUPLICATE:
                return next(iter(_pairs(connection, [number])), None)
            there = connection.scalar(still_waiting().where(register_row.c.id == number))
            return self._rows(connection, [number])[0] if there is not None else None

    def _open_rows(self, connection: Connection) -> list[int]:
        query = still_waiting()
        if self.number is not None:
            query = query.where(register_row.c.batch == self.number)
        if self.problem is not None:
            query = query.where(register_row.c.problems.contains(f'"{self.problem}"', autoescape=True))
        ids = connection.scalars(query.order_by(register_row.c.batch, register_row.c.source, register_row.c.row))
        marked = self._marked(connection, QUARANTINE)
        return [number for number in ids if number not in marked]

    def _open_pairs(self, connection: Connection) -> list[int]:
        if self.number is not None or self.problem is not None:
            return []
        decided = self._marked(connection, DUPLICATE, deciding.DIFFERENT)
        query = select(duplicate.c.id, duplicate.c.member, duplicate.c.other).order_by(
            duplicate.c.score.desc(), duplicate.c.id
        )
        merged = set(connection.scalars(select(member.c.id).where(member.c.merged_into.is_not(None))))
        return [
            row.id
            for row in connection.execute(query)
            if (row.member, row.other) not in decided and not merged & {row.member, row.other}
        ]

    def _marked(self, connection: Connection, kind: str, *verdicts: str) -> set[Any]:
        """What was marked: rows by id, pairs by their two members."""
        rows = connection.execute(
            select(desk_decision.c.subject, desk_decision.c.other).where(
                desk_decision.c.kind == kind,
                desk_decision.c.verdict.in_([deciding.MARKED, *verdicts]),
                desk_decision.c.reversed_by.is_(None),
            )
        )
        return {row.subject if kind == QUARANTINE else (row.subject, row.other) for row in rows}

    def _rows(self, connection: Connection, ids: Sequence[int]) -> list[RowPiece]:
        session = self.session
        waiting = self._sources.rows(connection, ids)
        branches = KnownBranches(connection)
        read = clean([(row, row.cells) for row in waiting], session.policy, session.today, branches)
        self._repairs = self._repairs or Repairs(connection, session.policy, session.today)
        offers = self._repairs.of(connection, waiting, read)
        others = _others(connection, self._sources, waiting)
        return [
            _piece(row, one, tuple(offer), others.get(row.id, ()), self._repairs.births(row), session)
            for row, one, offer in zip(waiting, read.to_pylist(), offers, strict=True)
        ]


def changed(cells: Sequence[str], changes: dict[int, str]) -> tuple[str, ...]:
    """The cells of a row with some of them changed. Raises InputRefused for a column the row has not."""
    if any(not 0 <= column < len(cells) for column in changes):
        raise InputRefused("the row has no such column", f"It has {len(cells)}.")
    return tuple(changes.get(column, cell) for column, cell in enumerate(cells))


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


def _others(connection: Connection, sources: Sources, rows: Sequence[Waiting]) -> dict[int, tuple[str, ...]]:
    """Who else has the number of a row two people share: other rows that wait, and whoever is on record."""
    numbers = {row.id: digits_of_any_age(row.cell("id_number")) for row in rows if "id_shared" in row.problems}
    wanted = {number for number in numbers.values() if number}
    if not wanted:
        return {}
    claims: dict[str, list[tuple[int, str]]] = {}
    for row in claimants(connection, sources, wanted):
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
_ALSO = ("old_reference", "last_payment_on", "last_payment_cents", "register_status")


def _pairs(connection: Connection, ids: Sequence[int]) -> list[PairPiece]:
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


def _fullness(person: dict[str, Any]) -> tuple[str, int]:
    """Of two records of one person the one paid on last says most, then the one with more written in it."""
    return person["last_payment_on"] or "", sum(1 for value in person.values() if value)
