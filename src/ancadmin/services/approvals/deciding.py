"""Approving and refusing what waits: a name, a date, a time and an explanation (docs/rules.md, section 7)."""

import json
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from ancadmin.db.schema import allocation, approval_request, member
from ancadmin.services.approvals.authority import require_approver
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
from ancadmin.services.member.decide import require_reason
from ancadmin.services.member.renumber import COMMAND as RENUMBER
from ancadmin.services.session import Session


def approve(session: Session, number: int, why: str) -> dict[str, Any]:
    """Does what was asked, exactly so. Nobody approves their own, the sole operator excepted. Raises NotAllowed also
    where what it is about changed since; InputRefused.
    """
    why = require_reason(why)
    with session.batch("approvals approve") as batch:
        row = open_request(batch.connection, number)
        work = KINDS[row.kind]
        content = json.loads(row.content)
        on = date.fromisoformat(content["on"]) if content.get("on") else None
        what = f"approve what concerns {work.act.words}{f', effective on {on}' if on else ''}"
        require_approver(session, batch.connection, work.act, row.place, what, on=on)
        refuse_own(session, row)
        words = said(row, session.account, why)
        request = Request(row.id, row.kind, row.subject, content, row.why, row.asked_by, words)
        done = dict(work.do(session, batch, request))
        decide(batch, row, APPROVED, why)
        batch.counts.update(request=number, kind=row.kind)
    own = row.asked_by == session.account
    return {"batch": batch.number, "request": number, "kind": row.kind, "verdict": APPROVED, "own_work": own, **done}


def refuse(session: Session, number: int, why: str) -> dict[str, Any]:
    """Refuses a request; nothing is done. Who asked may withdraw it so. Raises NotAllowed, InputRefused."""
    why = require_reason(why)
    with session.batch("approvals refuse") as batch:
        row = open_request(batch.connection, number)
        if row.asked_by != session.account:
            act = KINDS[row.kind].act
            require_approver(session, batch.connection, act, row.place, f"refuse what concerns {act.words}")
        decide(batch, row, REFUSED, why)
        batch.counts.update(request=number, kind=row.kind, refused=1)
    return {"batch": batch.number, "request": number, "kind": row.kind, "verdict": REFUSED}


def listed(session: Session, *, decided: bool, full_ids: bool = False) -> list[dict[str, Any]]:
    """Requests that wait, oldest first, or with `decided` all: request, kind, subject, senders (ID numbers of whose
    money it is; nobody's where there are none), receiver (of whom it is to be, the ID number that is to be the
    member's, or None), from_branch and to_branch (of a transfer, else None), cents, place, why, asked_by, asked_at,
    batch, verdict, decided_by, decided_at, decided_why, decided_in, own_work. `full_ids` is for the record.
    """
    with session.reading("approvals list", decided=decided, full_ids=full_ids) as connection:
        table = approval_request
        query = select(table).where(table.c.reversed_by.is_(None)).order_by(table.c.id)
        rows = connection.execute(query if decided else query.where(table.c.verdict.is_(None))).mappings().all()
        return [_shown(connection, dict(row)) for row in rows]


def _shown(connection: Connection, row: dict[str, Any]) -> dict[str, Any]:
    names = ("kind", "subject", "cents", "place", "why", "asked_by", "asked_at", "batch", "verdict")
    decided = ("decided_by", "decided_at", "decided_why", "decided_in")
    own = row["verdict"] is not None and row["asked_by"] == row["decided_by"]
    content = json.loads(row["content"])
    receivers = _numbers_of(connection, [content.get("receiver")])
    if row["kind"] == RENUMBER:
        receivers = [content["detail"]["to"]]
    return {
        "request": row["id"],
        **{name: row[name] for name in (*names, *decided)},
        "own_work": own,
        "senders": _senders(connection, row, content),
        "receiver": receivers[0] if receivers else None,
        **_branches(content),
    }


def _branches(content: dict[str, Any]) -> dict[str, str | None]:
    """Of a transfer, the branches it is from and to."""
    said = content.get("detail") or {}
    return {"from_branch": said.get("from"), "to_branch": said.get("to")}


def _senders(connection: Connection, row: dict[str, Any], content: dict[str, Any]) -> list[str]:
    """Whom it is about: who is decided about, or whose money it is that moves: the member's named, or, of a reversal
    that names none, everybody's credited; of one done, of whom it was taken.
    """
    if content.get("sender") is not None or row["kind"] != "deposits reverse":
        return _numbers_of(connection, [content.get("sender"), content.get("member")])
    taken = allocation.c.reversed_by
    credited = select(allocation.c.member).where(
        allocation.c.deposit == content["deposit"],
        taken == row["decided_in"] if row["verdict"] == APPROVED else taken.is_(None),
    )
    return _numbers_of(connection, list(connection.scalars(credited.distinct())))


def _numbers_of(connection: Connection, members: list[int | None]) -> list[str]:
    """The ID numbers of rows of members, or of those whose records they went into since."""
    kept = select(func.coalesce(member.c.merged_into, member.c.id)).where(member.c.id.in_([*filter(None, members)]))
    return list(
        connection.scalars(select(member.c.id_number).where(member.c.id.in_(kept)).order_by(member.c.id_number))
    )
