"""Approving and refusing what waits: a name, a date, a time and an explanation (docs/rules.md, section 7)."""

import json
from typing import Any

from ancadmin.errors import InputRefused
from ancadmin.services.approvals.approvable import require_approvable, said_of
from ancadmin.services.approvals.authority import require_approver
from ancadmin.services.approvals.kinds import KINDS, matter_of
from ancadmin.services.approvals.requests import (
    APPROVED,
    REFUSED,
    Request,
    decide,
    open_request,
    said,
)
from ancadmin.services.member.decide import require_reason
from ancadmin.services.session import Session


def approve(session: Session, number: int, why: str) -> dict[str, Any]:
    """Does what was asked, exactly so. Nobody approves their own, the sole operator excepted. Raises NotAllowed also
    where what it is about changed since, or who asked may not any more; InputRefused.
    """
    why = require_reason(why)
    with session.batch("approvals approve") as batch:
        row = open_request(batch.connection, number)
        content = json.loads(row.content)
        require_approvable(session, batch.connection, row, content)
        words = said(row, session.account, why)
        request = Request(row.id, row.kind, row.subject, content, row.why, row.asked_by, words)
        try:
            done = dict(KINDS[row.kind].do(session, batch, request))
        except InputRefused as error:  # whose remedy is for who asks: another day, say
            raise InputRefused(
                error.what,
                f'If that is so, refuse it: ancadmin approvals refuse {number} --why "…"; else put it right first.',
                place=error.place,
                value=error.value,
                code=error.code,
            ) from error
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
            matter = matter_of(row.kind, json.loads(row.content))
            what = f"refuse what concerns {said_of(matter)}"
            require_approver(session, batch.connection, matter, row.place, what)
        decide(batch, row, REFUSED, why)
        batch.counts.update(request=number, kind=row.kind, refused=1)
    return {"batch": batch.number, "request": number, "kind": row.kind, "verdict": REFUSED}
