"""Approving and refusing what waits: a name, a date, a time and an explanation (docs/rules.md, section 7)."""

import json
from typing import Any

from sqlalchemy import select

from ancadmin.db.schema import approval_request
from ancadmin.services.approvals.kinds import KINDS
from ancadmin.services.approvals.requests import (
    APPROVED,
    REFUSED,
    Request,
    decide,
    open_request,
    refuse_own,
    said,
)
from ancadmin.services.deposits.allowed import require_officer
from ancadmin.services.member.decide import require_reason
from ancadmin.services.session import Session


def approve(session: Session, number: int, why: str) -> dict[str, Any]:
    """Does what was asked, exactly so. Nobody approves their own, the sole operator excepted. Raises NotAllowed also
    where what it is about changed since; InputRefused.
    """
    why = require_reason(why)
    require_officer(session, "approve requests")
    with session.batch("approvals approve") as batch:
        row = open_request(batch.connection, number)
        refuse_own(session, row)
        content = json.loads(row.content)
        request = Request(row.id, row.kind, row.subject, content, row.asked_by, said(row, session.account, why))
        done = dict(KINDS[row.kind](session, batch, request))
        decide(batch, row, APPROVED, why)
        batch.counts.update(request=number, kind=row.kind)
    own = row.asked_by == session.account
    return {"batch": batch.number, "request": number, "kind": row.kind, "verdict": APPROVED, "own_work": own, **done}


def refuse(session: Session, number: int, why: str) -> dict[str, Any]:
    """Refuses a request; nothing is done. Who asked may withdraw it so. Raises NotAllowed, InputRefused."""
    why = require_reason(why)
    require_officer(session, "refuse requests")
    with session.batch("approvals refuse") as batch:
        row = open_request(batch.connection, number)
        decide(batch, row, REFUSED, why)
        batch.counts.update(request=number, kind=row.kind, refused=1)
    return {"batch": batch.number, "request": number, "kind": row.kind, "verdict": REFUSED}


def listed(session: Session, *, decided: bool) -> list[dict[str, Any]]:
    """Requests that wait, oldest first, or with `decided` all: request, kind, subject, cents, why, asked_by, asked_at,
    batch, verdict, decided_by, decided_at, decided_why, decided_in, own_work.
    """
    with session.reading("approvals list", decided=decided) as connection:
        table = approval_request
        query = select(table).where(table.c.reversed_by.is_(None)).order_by(table.c.id)
        rows = connection.execute(query if decided else query.where(table.c.verdict.is_(None)))
        return [_shown(dict(row)) for row in rows.mappings()]


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    names = ("kind", "subject", "cents", "why", "asked_by", "asked_at", "batch", "verdict")
    decided = ("decided_by", "decided_at", "decided_why", "decided_in")
    own = row["verdict"] is not None and row["asked_by"] == row["decided_by"]
    return {"request": row["id"], **{name: row[name] for name in (*names, *decided)}, "own_work": own}
