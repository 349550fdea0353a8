"""The cleanup desk: one officer's way through what waits, piece by piece, beside others at the same work."""

from collections import deque
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from ancadmin.db.access import kept_open
from ancadmin.db.schema import desk_decision, duplicate, merge, register_row
from ancadmin.errors import InputRefused
from ancadmin.services.batch.undo import Undone
from ancadmin.services.register.desk import deciding
from ancadmin.services.register.desk.claims import LEASE, claim_free, in_other_hands, release_all
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
from ancadmin.services.session import Session

# How many pieces an officer has in hand at a time, and of how many free ones at most they are chosen.
_IN_HAND = 10
_LOOKED_AT = 1_000


@dataclass(frozen=True)
class Left:
    """What is left to do: rows and pairs nobody has decided or marked, and how many of both are only marked."""

    rows: int
    pairs: int
    marked: int


@dataclass
class Desk:
    """One officer's session. `number`: only rows of this import; `problem`: only rows held back for it; `note`: rows
    that were taken with this note, in the place of what was held back.
    """

    session: Session
    number: int | None = None
    problem: str | None = None
    note: str | None = None
    decided: int = 0
    _passed: set[tuple[str, int]] = field(default_factory=set)
    _hand: deque[tuple[str, int]] = field(default_factory=deque)
    _shown: Piece | None = None
    _claimed_at: datetime | None = None
    _rereader: Rereader = field(init=False)
    _repairs: Repairs | None = None
    _merged: list[int] = field(default_factory=list)
    _open: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        """Raises NotAllowed to those who do not decide about members."""
        deciding.require_officer(self.session)
        self._rereader = Rereader(self.session.policy, self.session.today)
        self._open.enter_context(kept_open(self.session.store))

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
        if piece.kind == NOTE:
            return self._done(piece, deciding.seen(self.session, piece.id, why=why))
        return self._done(piece, deciding.dismiss_row(self.session, piece.id, why=why))

    def same(self, pair: PairPiece, why: str) -> Decided:
        """The pair is one person: the record with more to it is kept. Raises InputRefused, NotAllowed."""
        from ancadmin.services.member.merge import merge_members

        kept, gone = pair.kept_first
        merged = merge_members(self.session, kept["id_number"], gone["id_number"], why=why)
        self._merged.append(merged.batch)
        numbers = ", ".join(map(str, merged.in_opening))
        outcome = f"same; in the opening position now, and counted no longer: deposits {numbers}" if numbers else ""
        return self._done(pair, Decided(merged.batch, DUPLICATE, pair.id, "same", outcome))

    def undo(self) -> Undone:
        """Takes the last decision back; its piece waits again. Raises InputRefused, NotAllowed."""
        undone = deciding.undo_last(self.session, also=self._merged)
        self.decided = max(0, self.decided - 1)
        self._hand.clear()
        self._shown = None
        return undone

    def gone(self, piece: Piece) -> bool:
        """Whether somebody else decided the piece meanwhile, or has it in hand: it is not shown again then."""
        with self.session.store.connect() as connection:
            other = in_other_hands(self.session, connection, piece.kind, piece.id)
            gone = other is not None or connection.scalar(deciding.there(piece.kind, piece.id)) is None
        if gone:
            self._pass(piece)
        return gone

    def close(self) -> None:
        """Lets go of what is in hand."""
        if not self.session.dry_run:
            release_all(self.session)
        self._open.close()

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
            rows, pairs = self._rows(connection)[0], self._pairs(connection)[0]
        for kind, ids in ((self._rows_kind, rows), (DUPLICATE, pairs)):
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
        query = select(duplicate.c.id, duplicate.c.member, duplicate.c.other).order_by(
            duplicate.c.score.desc(), duplicate.c.id
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
        rows = connection.execute(
            select(desk_decision.c.subject, desk_decision.c.other).where(
                desk_decision.c.kind == kind,
                desk_decision.c.verdict.in_(verdicts),
                desk_decision.c.reversed_by.is_(None),
            )
        )
        return {(row.subject, row.other) if kind == DUPLICATE else row.subject for row in rows}


def changed(cells: Sequence[str], changes: dict[int, str]) -> tuple[str, ...]:
    """The cells of a row with some of them changed. Raises InputRefused for a column the row has not."""
    if any(not 0 <= column < len(cells) for column in changes):
        raise InputRefused("the row has no such column", f"It has {len(cells)}.")
    return tuple(changes.get(column, cell) for column, cell in enumerate(cells))
