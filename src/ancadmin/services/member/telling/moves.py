"""Of the history of a member: where she was transferred, what was asked for and what was disputed."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from ancadmin.db.schema import approval_request, dispute, transfer
from ancadmin.services.member.telling.events import Event, event, signed

_ABOUT = ("member", "sender", "receiver")
"""Where the content of a request names a row of members."""


def transfers(connection: Connection, member_id: int) -> Iterator[Event]:
    """From which branch to which, and what was taken back."""
    rows = connection.execute(select(transfer).where(transfer.c.member == member_id).order_by(transfer.c.id))
    for row in rows:
        what = f"{row.cause}: branch {row.from_branch} → {row.to_branch}"
        yield event(row.moved_on, f"{what}{signed(row.asked_by, row.approved_by)}", row.batch, why=row.why)
        if row.reversed_by is not None:
            yield event(None, f"{what}, of {row.moved_on}: taken back", row.reversed_by)


def moved_in(connection: Connection, member_id: int) -> set[int]:
    """The batches that transferred the member or took a transfer back: what these did to the branch is told by it."""
    rows = connection.execute(select(transfer.c.batch, transfer.c.reversed_by).where(transfer.c.member == member_id))
    return {number for row in rows for number in row if number is not None}


def requests(connection: Connection, member_id: int, id_number: str) -> Iterator[Event]:
    """What waits or waited for approval, with the verdict."""
    table = approval_request
    named = [table.c.content.contains(f'"{name}": {member_id}') for name in _ABOUT]
    rows = connection.execute(select(table).where(or_(table.c.subject == id_number, *named)).order_by(table.c.id))
    for row in rows:
        content = json.loads(row.content)
        if row.subject != id_number and member_id not in [content.get(name) for name in _ABOUT]:
            continue
        yield event(None, f"request {row.id}: {row.kind}{_asked(content)}", row.batch, why=row.why)
        if row.reversed_by is not None:
            yield event(None, f"request {row.id}: withdrawn", row.reversed_by)
        if row.verdict is not None:
            yield event(None, f"request {row.id}: {row.verdict}", row.decided_in, why=row.decided_why)


def _asked(content: dict[str, Any]) -> str:
    """What was asked, as far as it is a matter of a few words."""
    said = content.get("detail") or {}
    where = f", branch {said['from']} → {said['to']}" if content.get("act") == "transfer" and "from" in said else ""
    return f"{where}, for {content['on']}" if content.get("on") else where


def disputes(connection: Connection, member_id: int) -> Iterator[Event]:
    """What was disputed, and what came of it."""
    rows = connection.execute(select(dispute).where(dispute.c.member == member_id).order_by(dispute.c.id))
    for row in rows:
        yield event(row.lodged_on, f"dispute {row.id} lodged: {row.kind.replace('_', ' ')}", row.batch, why=row.why)
        if row.reversed_by is not None:
            yield event(None, f"dispute {row.id} withdrawn", row.reversed_by)
        if row.verdict is not None:
            yield event(row.decided_on, f"dispute {row.id} {row.verdict}", row.decided_in, why=_answer(row))


def _answer(row: Row[Any]) -> str:
    """Why a dispute was decided so, and what may be done next."""
    return f"{row.decided_why}; next: {row.next_step}" if row.next_step else str(row.decided_why)
