"""Decisions made at a desk: each a batch about one piece of work, kept in `desk_decision`, the last of them undone."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, or_, select

from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import desk_decision
from ancadmin.errors import InputRefused
from ancadmin.services.batch.undo import Undone, undo_batch
from ancadmin.services.desk.claims import released, require_free
from ancadmin.services.session import Session


@contextmanager
def deciding(session: Session, command: str, kind: str, number: int, there: Select[int]) -> Iterator[Batch]:
    """A batch about one piece of work that is there still (`there` finds it) and in nobody else's hand; let go of at
    its end. Raises InputRefused for what was decided meanwhile or is in somebody's hand.
    """
    with session.batch(command) as batch:
        if batch.connection.scalar(there) is None:
            raise InputRefused("this was decided meanwhile", "Take the next one.")
        require_free(session, batch.connection, kind, number)
        yield batch
        released(batch.connection, kind, [number])


def record(
    batch: Batch,
    kind: str,
    subject: int,
    verdict: str,
    *,
    other: int | None = None,
    why: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Writes one row of `desk_decision`."""
    batch.connection.execute(
        insert(desk_decision).values(
            kind=kind,
            subject=subject,
            other=other,
            verdict=verdict,
            why=why,
            detail=json.dumps(detail, ensure_ascii=False) if detail is not None else None,
            operator=batch.operator,
            decided_at=batch.started_at,
            batch=batch.number,
        )
    )


def said(connection: Connection, kind: str, *verdicts: str) -> Sequence[Row[int, int | None]]:
    """Of what one of these was said and not taken back: rows `subject, other`."""
    return connection.execute(
        select(desk_decision.c.subject, desk_decision.c.other).where(
            desk_decision.c.kind == kind,
            desk_decision.c.verdict.in_(verdicts),
            desk_decision.c.reversed_by.is_(None),
        )
    ).all()


def undo_last(session: Session, command: str, also: Sequence[int] = ()) -> Undone:
    """Takes the caller's last batch of `command` back; `also` are batches of other commands made at the same desk.
    Raises InputRefused where there is none left.
    """
    with session.store.connect() as connection:
        number = connection.scalar(
            select(batch_table.c.number)
            .where(
                or_(batch_table.c.command == command, batch_table.c.number.in_(also)),
                batch_table.c.operator == session.account,
                batch_table.c.undone_by.is_(None),
            )
            .order_by(batch_table.c.number.desc())
            .limit(1)
        )
    if number is None:
        raise InputRefused("there is no decision of yours to undo", "See: ancadmin batch list")
    return undo_batch(session, number)


def require_word(why: str) -> str:
    """The word why, without blanks around it. Raises InputRefused for none."""
    if not why.strip():
        raise InputRefused("the reason is blank", "Say why in a word or two.")
    return why.strip()
