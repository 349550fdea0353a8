"""The cleanup desk: one officer's way through what waits, piece by piece, beside others at the same work."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Select, select

from ancadmin.db.schema import duplicate, merge, register_row
from ancadmin.errors import InputRefused
from ancadmin.services.desk.decisions import said
from ancadmin.services.desk.work import AtDesk
from ancadmin.services.register.desk import deciding
from ancadmin.services.register.desk.deciding import Decided
from ancadmin.services.register.desk.pieces import PairPiece, Piece, RowPiece, pair_pieces, row_pieces
from ancadmin.services.register.desk.verdicts import (
    ACCEPTED,
    DIFFERENT,
    DUPLICATE,
    EDITED,
    MARKED,
    NOTE,
    QUARANTINE,
    SEEN,
)
from ancadmin.services.register.quarantine.repairs import Repairs
from ancadmin.services.register.quarantine.rereading import Rereader
from ancadmin.services.register.quarantine.waiting import still_waiting
from ancadmin.services.register.reach import pairs_seen, rows_seen


@dataclass(frozen=True)
class Left:
    """What is left to do: rows and pairs nobody has decided or marked, and how many of both are only marked."""

    rows: int
    pairs: int
    marked: int


@dataclass
class Desk(AtDesk[Piece]):
    """One officer's session, rows before pairs. `number`: only rows of this import; `problem`: only rows held back for
    it; `note`: rows that were taken with this note, in the place of what was held back.
    """

    command = deciding.COMMAND
    kinds = (QUARANTINE, NOTE, DUPLICATE)
    number: int | None = None
    problem: str | None = None
    note: str | None = None
    _rereader: Rereader = field(init=False)
    _repairs: Repairs | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Raises NotAllowed to those who do not decide about members."""
        deciding.require_officer(self.session)
        self._rereader = Rereader(self.session.policy, self.session.today)
        super().__post_init__()

    def left(self) -> Left:
        """What is left, for everyone at the desk together."""
        with self.session.store.connect() as connection:
            rows, marked_rows = self._rows(connection)
            pairs, marked_pairs = self._pairs(connection)
        return Left(len(rows), len(pairs), marked_rows + marked_pairs)

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
                verdict=ACCEPTED,
                theirs=offer.theirs,
                why="; ".join(offer.evidence),
                rereader=self._rereader,
            ),
        )

    def edit(self, piece: RowPiece, changes: dict[int, str], why: str = "") -> Decided:
        """Takes the row with some cells changed. Raises StillHeld, InputRefused, NotAllowed."""
        cells = changed(piece.waiting.cells, changes)
        decided = deciding.take_row(self.session, piece.id, cells, kind=piece.kind, why=why, rereader=self._rereader)
        return self._done(piece, decided)

    def mark(self, piece: Piece, why: str) -> Decided:
        """Leaves a piece waiting, out of the list, with a word why. Raises InputRefused, NotAllowed."""
        return self._done(piece, deciding.mark(self.session, piece.kind, piece.id, why=why))

    def dismiss(self, piece: Piece, why: str) -> Decided:
        """A row is put away; a pair is two people. Raises InputRefused, NotAllowed."""
        if isinstance(piece, PairPiece):
            return self._done(piece, deciding.two_people(self.session, piece.id, why=why))
        if piece.kind == NOTE:
            return self._done(piece, deciding.seen(self.session, piece.id, why=why))
        return self._done(piece, deciding.dismiss_row(self.session, piece.id, why=why))

    def same(self, pair: PairPiece, why: str) -> Decided:
        """The pair is one person: the record with more to it is kept. Raises InputRefused, NotAllowed."""
        from ancadmin.services.member.merging.merge import merge_members

        kept, gone = pair.kept_first
        merged = merge_members(self.session, kept["id_number"], gone["id_number"], why=why)
        self._elsewhere.append(merged.batch)
        numbers = ", ".join(map(str, merged.in_opening))
        outcome = f"same; in the opening position now, and counted no longer: deposits {numbers}" if numbers else ""
        return self._done(pair, Decided(merged.batch, DUPLICATE, pair.id, "same", outcome))

    def _waiting(self, connection: Connection) -> Iterator[tuple[str, Sequence[int]]]:
        yield self._rows_kind, self._rows(connection)[0]
        yield DUPLICATE, self._pairs(connection)[0]

    def _there(self, kind: str, number: int) -> Select[int]:
        return deciding.there(kind, number)

    def _as_it_is(self, kind: str, number: int) -> Piece | None:
        with self.session.reading("register desk", kind=kind, subject=number) as connection:
            if kind == DUPLICATE:
                return next(iter(pair_pieces(connection, [number])), None)
            if connection.scalar(deciding.there(kind, number)) is None:
                return None
            self._repairs = self._repairs or Repairs(connection, self.session.policy, self.session.today)
            return row_pieces(self.session, connection, self._rereader, self._repairs, [number], kind)[0]

    @property
    def _rows_kind(self) -> str:
        return QUARANTINE if self.note is None else NOTE

    def _rows(self, connection: Connection) -> tuple[list[int], int]:
        """The rows nobody has decided or marked, and how many are marked."""
        query = still_waiting() if self.note is None else deciding.noted(self.note)
        query = query.where(rows_seen(self.session, connection))
        if self.number is not None:
            query = query.where(register_row.c.batch == self.number)
        if self.problem is not None:
            query = query.where(register_row.c.problems.contains(f'"{self.problem}"', autoescape=True))
        ids = connection.scalars(query.order_by(register_row.c.batch, register_row.c.source, register_row.c.row))
        # What was seen of a row that is on record is settled; a row held back is, once it waits no longer.
        settled = set() if self.note is None else self._said(connection, NOTE, SEEN, EDITED)
        marked = self._said(connection, self._rows_kind, MARKED)
        undecided = [number for number in ids if number not in settled]
        free = [number for number in undecided if number not in marked]
        return free, len(undecided) - len(free)

    def _pairs(self, connection: Connection) -> tuple[list[int], int]:
        """The pairs nobody has decided or marked, and how many are marked."""
        if (self.number, self.problem, self.note) != (None, None, None):
            return [], 0
        different = self._said(connection, DUPLICATE, DIFFERENT)
        query = (
            select(duplicate.c.id, duplicate.c.member, duplicate.c.other)
            .where(pairs_seen(self.session, connection))
            .order_by(duplicate.c.score.desc(), duplicate.c.id)
        )
        merged = set(connection.scalars(select(merge.c.gone).where(merge.c.reversed_by.is_(None))))
        undecided = [
            row
            for row in connection.execute(query)
            if (row.member, row.other) not in different and not merged & {row.member, row.other}
        ]
        marked = self._said(connection, DUPLICATE, MARKED)
        free = [row.id for row in undecided if (row.member, row.other) not in marked]
        return free, len(undecided) - len(free)

    def _said(self, connection: Connection, kind: str, *verdicts: str) -> set[Any]:
        """Of what one of these was said and not taken back: rows by id, pairs by their two members."""
        rows = said(connection, kind, *verdicts)
        return {(row.subject, row.other) if kind == DUPLICATE else row.subject for row in rows}


def changed(cells: Sequence[str], changes: dict[int, str]) -> tuple[str, ...]:
    """The cells of a row with some of them changed. Raises InputRefused for a column the row has not."""
    if any(not 0 <= column < len(cells) for column in changes):
        raise InputRefused("the row has no such column", f"It has {len(cells)}.")
    return tuple(changes.get(column, cell) for column, cell in enumerate(cells))
