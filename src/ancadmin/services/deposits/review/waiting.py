"""Which deposits wait with suggestions, and one officer's way through them at the desk."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from ancadmin.db.schema import deposit
from ancadmin.domain.deposits import Reason
from ancadmin.errors import InputRefused
from ancadmin.services.deposits.allowed import require_officer
from ancadmin.services.deposits.listing import Wanted
from ancadmin.services.deposits.review import deciding
from ancadmin.services.deposits.review.deciding import Decided
from ancadmin.services.deposits.review.held import SUGGESTION, best, marked
from ancadmin.services.deposits.review.pieces import SuggestedPiece, pieces_of
from ancadmin.services.desk.work import AtDesk
from ancadmin.services.session import Session

_AT_A_TIME = 1_000


@dataclass(frozen=True)
class Chosen:
    """Which of the deposits that wait: by the days and the account of `among`, by the rung that suggested the likeliest
    member, and by that one's score out of 100.
    """

    among: Wanted = field(default_factory=Wanted)
    reason: Reason | None = None
    least: int = 0

    def numbers(self, *which: ColumnElement[bool]) -> Select[int]:
        """Their numbers (of those with `which`), the likeliest first."""
        found = best(*self.among.conditions()).subquery()
        query = select(found.c.deposit).join(deposit, deposit.c.id == found.c.deposit)
        if self.reason is not None:
            query = query.where(found.c.reason == self.reason.value)
        return query.where(found.c.score >= self.least, *which).order_by(found.c.score.desc(), found.c.deposit)


@contextmanager
def listed(session: Session, chosen: Chosen) -> Iterator[Iterator[dict[str, Any]]]:
    """The deposits that wait with their candidates, the likeliest first, as rows: deposit, account, value_date, cents,
    narrative, flags, tie, candidates (id_number, surname, first_names, branch, branch_name, status, arrears_cents,
    reason, score, evidence). The rows come while the block is open.
    """
    detail = {"reason": chosen.reason, "score": chosen.least or None, **chosen.among.detail()}
    told = {name: value for name, value in detail.items() if value is not None}
    with session.reading("deposits review", **told) as connection:
        yield _rows(session, connection, chosen)


def _rows(session: Session, connection: Connection, chosen: Chosen) -> Iterator[dict[str, Any]]:
    numbers = connection.scalars(chosen.numbers()).all()
    for start in range(0, len(numbers), _AT_A_TIME):
        for piece in pieces_of(session, connection, numbers[start : start + _AT_A_TIME]):
            yield piece.as_dict()


@dataclass(frozen=True)
class Left:
    """What is left to do: deposits nobody has decided about or marked, and how many are only marked."""

    deposits: int
    marked: int


@dataclass
class ReviewDesk(AtDesk[SuggestedPiece]):
    """One officer's session. Raises NotAllowed to those who do not decide about members."""

    command = deciding.COMMAND
    kinds = (SUGGESTION,)
    chosen: Chosen = field(default_factory=Chosen)

    def __post_init__(self) -> None:
        """Raises NotAllowed."""
        require_officer(self.session, "review suggestions")
        super().__post_init__()

    def left(self) -> Left:
        """What is left of the chosen, for everyone at the desk together."""
        with self.session.store.connect() as connection:
            free, only_marked = (
                connection.scalar(select(func.count()).select_from(self.chosen.numbers(which).subquery())) or 0
                for which in (~marked(), marked())
            )
        return Left(free, only_marked)

    def accept(self, piece: SuggestedPiece, place: int = 0) -> Decided:
        """Credits the deposit to a candidate. Raises InputRefused (no such candidate among others), NotAllowed."""
        if not 0 <= place < len(piece.candidates):
            raise InputRefused("there is no such candidate", "Take one of those shown, or skip the deposit.")
        return self._done(piece, deciding.accept(self.session, piece.id, piece.candidates[place].member))

    def mark(self, piece: SuggestedPiece, why: str) -> Decided:
        """Leaves a deposit waiting, out of the list, with a word why. Raises InputRefused, NotAllowed."""
        return self._done(piece, deciding.mark(self.session, piece.id, why=why))

    def refuse(self, piece: SuggestedPiece, why: str) -> Decided:
        """None of the candidates is meant. Raises InputRefused, NotAllowed."""
        return self._done(piece, deciding.refuse(self.session, piece.id, why=why))

    def _waiting(self, connection: Connection) -> Iterator[tuple[str, Sequence[int]]]:
        yield SUGGESTION, connection.scalars(self.chosen.numbers(~marked())).all()

    def _there(self, kind: str, number: int) -> Select[int]:
        return deciding.there(number)

    def _as_it_is(self, kind: str, number: int) -> SuggestedPiece | None:
        with self.session.reading("deposits review", deposit=number) as connection:
            return next(pieces_of(self.session, connection, [number]), None)
