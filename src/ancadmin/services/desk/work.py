"""One officer's way through what waits, piece by piece, beside others at the same work; the desks say what the pieces
are.
"""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Generic, Protocol, TypeVar

from sqlalchemy import Connection, Select

from ancadmin.db.access import kept_open
from ancadmin.services.batch.undo import Undone
from ancadmin.services.desk.claims import LEASE, claim_free, in_other_hands, release_all
from ancadmin.services.desk.decisions import undo_last
from ancadmin.services.session import Session

# How many pieces an officer has in hand at a time, and of how many free ones at most they are chosen.
_IN_HAND = 10
_LOOKED_AT = 1_000


class Work(Protocol):
    """A piece of work: what kind it is, and which of that kind."""

    @property
    def kind(self) -> str:
        """What claims and decisions call it."""

    @property
    def id(self) -> int:
        """Its number among its kind."""


class Made(Protocol):
    """A decision as it was recorded."""

    @property
    def batch(self) -> int:
        """The batch it was made in."""


Piece = TypeVar("Piece", bound=Work)
Decision = TypeVar("Decision", bound=Made)


@dataclass
class AtDesk(ABC, Generic[Piece]):
    """One officer's session. `decided` counts what was decided in it and not taken back."""

    command: ClassVar[str]
    kinds: ClassVar[tuple[str, ...]]
    session: Session
    decided: int = field(default=0, kw_only=True)
    _passed: set[tuple[str, int]] = field(default_factory=set, init=False)
    _hand: deque[tuple[str, int]] = field(default_factory=deque, init=False)
    _shown: Piece | None = field(default=None, init=False)
    _claimed_at: datetime | None = field(default=None, init=False)
    _elsewhere: list[int] = field(default_factory=list, init=False)
    _open: ExitStack = field(default_factory=ExitStack, init=False)

    def __post_init__(self) -> None:
        """Keeps the store open between decisions."""
        self._open.enter_context(kept_open(self.session.store))

    @abstractmethod
    def _waiting(self, connection: Connection) -> Iterator[tuple[str, Sequence[int]]]:
        """The pieces nobody has decided or marked, kind by kind in the order they are offered."""

    @abstractmethod
    def _as_it_is(self, kind: str, number: int) -> Piece | None:
        """A piece as it is now, its reading recorded; None where it was decided meanwhile."""

    @abstractmethod
    def _there(self, kind: str, number: int) -> Select[int]:
        """Finds a piece while it can be decided."""

    def next(self) -> Piece | None:
        """The next piece nobody else has in hand; None when nothing is left that was not skipped."""
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
            self._shown = self._as_it_is(*self._hand[0])
            if self._shown is not None:
                return self._shown
            self._passed.add(self._hand.popleft())

    def skip(self, piece: Piece) -> None:
        """Leaves a piece for later, or for others; nothing is written."""
        self._pass(piece)

    def undo(self) -> Undone:
        """Takes the last decision back; its piece waits again. Raises InputRefused, NotAllowed."""
        undone = undo_last(self.session, self.command, self._elsewhere)
        self.decided = max(0, self.decided - 1)
        self._hand.clear()
        self._shown = None
        return undone

    def gone(self, piece: Piece) -> bool:
        """Whether somebody else decided the piece meanwhile, or has it in hand: it is not shown again then."""
        with self.session.store.connect() as connection:
            other = in_other_hands(self.session, connection, piece.kind, piece.id)
            gone = other is not None or connection.scalar(self._there(piece.kind, piece.id)) is None
        if gone:
            self._pass(piece)
        return gone

    def close(self) -> None:
        """Lets go of what is in hand."""
        if not self.session.dry_run:
            release_all(self.session, self.kinds)
        self._open.close()

    def _done(self, piece: Piece, decided: Decision) -> Decision:
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
            waiting = list(self._waiting(connection))
        for kind, ids in waiting:
            free = [number for number in ids if (kind, number) not in self._passed][:_LOOKED_AT]
            mine = free[:_IN_HAND]
            if free and not self.session.dry_run:
                mine = claim_free(self.session, kind, free, _IN_HAND)
            if mine:
                return [(kind, number) for number in mine]
        return []
