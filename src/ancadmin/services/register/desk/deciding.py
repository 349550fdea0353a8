"""What an officer decides about a row held back or a pair of members: each decision a batch, each can be undone."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Select, select

from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import desk_decision, duplicate, merge, register_row
from ancadmin.domain.roles import DECIDES
from ancadmin.errors import InputRefused, NotAllowed
from ancadmin.services.desk.decisions import deciding, record, require_word
from ancadmin.services.register.desk.verdicts import (
    DIFFERENT,
    DISMISSED,
    DUPLICATE,
    EDITED,
    MARKED,
    NOTE,
    QUARANTINE,
    SEEN,
)
from ancadmin.services.register.quarantine.rereading import Answer, Asked, Rereader, Rereading, set_aside
from ancadmin.services.register.quarantine.waiting import Waiting, still_waiting
from ancadmin.services.register.reach import refuse_out_of_reach, refuse_piece_out_of_reach
from ancadmin.services.session import Session

COMMAND = "register desk"
_WHERE = {QUARANTINE: "row", NOTE: "row", DUPLICATE: "pair"}


@dataclass(frozen=True)
class Decided:
    """A decision as it was recorded. `outcome`: accepted, updated, unchanged for a row that was taken; of a merge,
    which money counts no longer; else "".
    """

    batch: int
    kind: str
    subject: int
    verdict: str
    outcome: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The decision as JSON shows it."""
        return asdict(self)


class StillHeld(InputRefused):
    """A row that cannot be taken as it was decided: the problems that remain are named, and nothing was written."""

    def __init__(self, waiting: Waiting, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        words = ", ".join(problem.replace("_", " ") for problem in problems)
        super().__init__(
            f"row {waiting.row} is still held back: {words}", "Change the cells that are wrong, or skip it."
        )


def take_row(
    session: Session,
    number: int,
    cells: Sequence[str],
    *,
    kind: str = QUARANTINE,
    verdict: str = EDITED,
    theirs: bool = False,
    why: str = "",
    rereader: Rereader | None = None,
) -> Decided:
    """Takes the row of `register_row` with this id as an import would have taken it with these cells.

    Raises StillHeld where it has problems left, InputRefused for a row decided meanwhile or in somebody's hand, or
    cells that are not the row's, NotAllowed to those who do not decide about members.
    """
    with _deciding(session, kind, number) as batch:
        reads = rereader or Rereader(session.policy, session.today)
        (waiting,) = reads.sources.rows(batch.connection, [number])
        if len(cells) != len(waiting.cells):
            raise InputRefused(f"the row has {len(waiting.cells)} cells", "Give them all.", value=str(len(cells)))
        rereading = Rereading(batch, reads)
        asked = Asked(waiting, tuple(cells), theirs)
        (answer,) = rereading.take([asked])
        if answer.problems:
            raise StillHeld(waiting, answer.problems)
        refuse_out_of_reach(session, batch)
        detail = {"cells": _by_heading(asked), "outcome": answer.outcome, **({"theirs": True} if theirs else {})}
        record(batch, kind, number, verdict, why=why, detail=detail)
        counts = rereading.writer.counts
        batch.counts.update(
            verdict=verdict,
            row=number,
            reading_date=waiting.source.reading_date.isoformat(),
            read=1,
            **{answer.outcome: 1},
            notes=dict(counts.notes),
            repairs=dict(counts.repairs),
        )
    return Decided(batch.number, kind, number, verdict, answer.outcome)


def dismiss_row(session: Session, number: int, *, why: str) -> Decided:
    """Puts a row away for good: nothing of it is taken, and it waits no longer. Raises InputRefused, NotAllowed."""
    with _deciding(session, QUARANTINE, number) as batch:
        set_aside(batch, [number])
        record(batch, QUARANTINE, number, DISMISSED, why=require_word(why))
        batch.counts.update(verdict=DISMISSED, row=number)
    return Decided(batch.number, QUARANTINE, number, DISMISSED)


def seen(session: Session, number: int, *, why: str) -> Decided:
    """What is noted of a row that was taken is as it should be. Raises InputRefused, NotAllowed."""
    with _deciding(session, NOTE, number) as batch:
        record(batch, NOTE, number, SEEN, why=require_word(why))
        batch.counts.update(verdict=SEEN, row=number)
    return Decided(batch.number, NOTE, number, SEEN)


def mark(session: Session, kind: str, number: int, *, why: str) -> Decided:
    """Leaves a piece waiting with a word why, out of the list of work. Raises InputRefused, NotAllowed."""
    with _deciding(session, kind, number) as batch:
        subject, other = _subject(batch.connection, kind, number)
        record(batch, kind, subject, MARKED, other=other, why=require_word(why))
        batch.counts.update({"verdict": MARKED, _WHERE[kind]: number})
    return Decided(batch.number, kind, number, MARKED)


def two_people(session: Session, number: int, *, why: str = "") -> Decided:
    """The pair of `duplicate` with this id is two people: not offered again. Raises InputRefused, NotAllowed."""
    with _deciding(session, DUPLICATE, number) as batch:
        subject, other = _subject(batch.connection, DUPLICATE, number)
        record(batch, DUPLICATE, subject, DIFFERENT, other=other, why=why)
        batch.counts.update(verdict=DIFFERENT, pair=number)
    return Decided(batch.number, DUPLICATE, number, DIFFERENT)


def there(kind: str, number: int) -> Select[int]:
    """Finds a piece of work while it can be decided; what was only marked still can."""
    if kind == QUARANTINE:
        return still_waiting().where(register_row.c.id == number)
    decided = select(desk_decision.c.id).where(
        desk_decision.c.kind == kind, desk_decision.c.verdict != MARKED, desk_decision.c.reversed_by.is_(None)
    )
    if kind == DUPLICATE:
        gone = select(merge.c.gone).where(merge.c.reversed_by.is_(None))
        pair = (desk_decision.c.subject == duplicate.c.member, desk_decision.c.other == duplicate.c.other)
        return select(duplicate.c.id).where(
            duplicate.c.id == number,
            duplicate.c.member.not_in(gone),
            duplicate.c.other.not_in(gone),
            ~decided.where(*pair).exists(),
        )
    seen_already = decided.where(desk_decision.c.subject == register_row.c.id).exists()
    return noted("").where(register_row.c.id == number, ~seen_already)


def noted(code: str) -> Select[int]:
    """The ids of rows that imports which stand took, with this note; "" for any."""
    standing = select(batch_table.c.number).where(batch_table.c.undone_by.is_(None))
    notes = " " + register_row.c.notes + " "
    return select(register_row.c.id).where(
        register_row.c.batch.in_(standing),
        register_row.c.outcome.in_(["accepted", "updated"]),
        notes.contains(f" {code} " if code else " ", autoescape=True),
    )


def require_officer(session: Session) -> None:
    """Raises NotAllowed unless the caller decides about members."""
    if not any(role in DECIDES for role, _ in session.roles):
        raise NotAllowed(f"{session.account} may not decide about rows of registers", "Ask a membership officer.")


def changes_of(answer: Answer, asked: Asked) -> dict[str, Any]:
    """What `desk_decision` keeps of a row that was taken."""
    return {"cells": _by_heading(asked), "outcome": answer.outcome}


@contextmanager
def _deciding(session: Session, kind: str, number: int) -> Iterator[Batch]:
    """A batch about one piece of work that is there still and in nobody else's hand; let go of at its end."""
    require_officer(session)
    with deciding(session, COMMAND, kind, number, there(kind, number)) as batch:
        refuse_piece_out_of_reach(session, batch.connection, kind, number)
        yield batch


def _subject(connection: Connection, kind: str, number: int) -> tuple[int, int | None]:
    """What a decision names: the row, or the two members of a pair."""
    if kind != DUPLICATE:
        return number, None
    pair = connection.execute(select(duplicate).where(duplicate.c.id == number)).one()
    return pair.member, pair.other


def _by_heading(asked: Asked) -> dict[str, list[str]]:
    return {asked.waiting.heading(column): [was, now] for column, (was, now) in asked.changed.items()}
