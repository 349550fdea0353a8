"""Requests: work that waits until somebody else approves it (docs/rules.md, section 7).

A noun asks here with whatever it needs to do the work later, and registers how to do it in `kinds.py`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import approval_request
from ancadmin.errors import InputRefused, NotAllowed
from ancadmin.services.batch.changes import difference
from ancadmin.services.session import Session

APPROVED, REFUSED = "approved", "refused"


@dataclass(frozen=True)
class Waiting:
    """What is asked: see `ApprovalRequest`. `content` names members by row id, never by ID number."""

    kind: str
    subject: str
    content: Mapping[str, Any]
    cents: int | None
    why: str
    place: str | None = None


@dataclass(frozen=True)
class Request:
    """A request that is being decided about. `words`: who asked for it and who approves it, as its entries say."""

    number: int
    kind: str
    subject: str
    content: Mapping[str, Any]
    why: str
    asked_by: str
    words: str


def ask(batch: Batch, what: Waiting) -> int:
    """Records a request and returns its number."""
    row = {
        "kind": what.kind,
        "subject": what.subject,
        "content": json.dumps(dict(what.content)),
        "cents": what.cents,
        "place": what.place,
        "why": what.why,
        "asked_by": batch.operator,
        "asked_at": batch.started_at,
        "batch": batch.number,
    }
    return int(
        batch.connection.execute(insert(approval_request).values(row).returning(approval_request.c.id)).scalar_one()
    )


def refuse_second(connection: Connection, kind: str, subject: str) -> None:
    """Raises NotAllowed where the same is waiting for approval already."""
    waiting = connection.scalar(
        select(approval_request.c.id).where(
            approval_request.c.kind == kind,
            approval_request.c.subject == subject,
            approval_request.c.verdict.is_(None),
            approval_request.c.reversed_by.is_(None),
        )
    )
    if waiting is not None:
        raise NotAllowed(
            f"the same waits for approval already, as request {waiting}",
            "See: ancadmin approvals list",
            code="waits_already",
        )


def open_request(connection: Connection, number: int) -> Row[Any]:
    """The request that waits under a number. Raises InputRefused for none, NotAllowed for one decided."""
    row = connection.execute(select(approval_request).where(approval_request.c.id == number)).first()
    if row is None or row.reversed_by is not None:
        raise InputRefused("there is no request of this number", "See: ancadmin approvals list", value=str(number))
    if row.verdict is not None:
        raise NotAllowed(
            f"request {number} was {row.verdict} by {row.decided_by} on {row.decided_at[:10]}",
            f"Take that back first: ancadmin batch undo {row.decided_in}",
        )
    return row


def effective_on(content: Mapping[str, Any]) -> date | None:
    """The day what is asked takes effect; None where it has none, as with money."""
    return date.fromisoformat(content["on"]) if content.get("on") else None


def refuse_own(session: Session, row: Row[Any]) -> None:
    """Raises NotAllowed for those who asked themselves, the sole operator excepted."""
    if row.asked_by == session.account and not session.sole_operator:
        raise NotAllowed(
            f"{session.account} asked for this, and nobody approves their own", "Ask another officer to approve it."
        )


def said(row: Row[Any], approver: str, why: str) -> str:
    """What an entry says of how it came about."""
    if row.asked_by == approver:
        return f"request {row.id}, own work of the sole operator {approver}, approved: {why}"
    return f"request {row.id} of {row.asked_by}, approved by {approver}: {why}"


def decide(batch: Batch, row: Row[Any], verdict: str, why: str) -> None:
    """Records the verdict, with who, when and why."""
    after = {
        "verdict": verdict,
        "decided_by": batch.operator,
        "decided_at": batch.started_at,
        "decided_why": why,
        "decided_in": batch.number,
    }
    before = dict.fromkeys(after)
    batch.changed(difference(approval_request, row.id, before, after))
    batch.connection.execute(update(approval_request).where(approval_request.c.id == row.id).values(after))


def approve_own(batch: Batch, number: int) -> str:
    """Approves what the sole operator has just asked for; returns what the entry says of it."""
    row = open_request(batch.connection, number)
    decide(batch, row, APPROVED, row.why)
    return f"request {number}, own work of the sole operator {batch.operator}"
