"""Approving and refusing what waits: a name, a date, a time and an explanation (docs/rules.md, section 7)."""

import json
from typing import Any

from ancadmin.domain.authorisation import Act, Matter
from ancadmin.domain.roles import Role
from ancadmin.errors import InputRefused
from ancadmin.services.approvals.authority import require_approver, require_asker_still
from ancadmin.services.approvals.kinds import KINDS, matter_of
from ancadmin.services.approvals.places import places_now
from ancadmin.services.approvals.requests import (
    APPROVED,
    REFUSED,
    Request,
    decide,
    effective_on,
    open_request,
    refuse_own,
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
        matter, on = matter_of(row.kind, content), effective_on(content)
        what = f"approve what concerns {_said_of(matter)}{f', effective on {on}' if on else ''}"
        require_approver(session, batch.connection, matter, row.place, what, on=on)
        refuse_own(session, row)
        places = places_now(batch.connection, matter, row, content)
        require_asker_still(session, batch.connection, matter, row, places)
        # A transfer the receiving branch alone has to accept; whose money it is the work itself looks at.
        if matter not in (Act.TRANSFER, Act.MONEY):
            for place in places:
                require_approver(session, batch.connection, matter, place, f"{what}, in branch {place}", on=on)
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
            what = f"refuse what concerns {_said_of(matter)}"
            require_approver(session, batch.connection, matter, row.place, what)
        decide(batch, row, REFUSED, why)
        batch.counts.update(request=number, kind=row.kind, refused=1)
    return {"batch": batch.number, "request": number, "kind": row.kind, "verdict": REFUSED}


def _said_of(matter: Matter) -> str:
    return f"the role of {matter.words}" if isinstance(matter, Role) else matter.words
