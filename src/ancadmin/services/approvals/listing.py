"""What waits for approval, as far as the caller has to do with it (docs/rules.md, section 7)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, or_, select, true

from ancadmin.db.schema import allocation, approval_request, member
from ancadmin.domain.roles import Role
from ancadmin.services.approvals.approvable import approvable
from ancadmin.services.approvals.requests import APPROVED
from ancadmin.services.member.moving.transfer import COMMAND as TRANSFER
from ancadmin.services.member.numbers.renumber import COMMAND as RENUMBER
from ancadmin.services.member.within import members_within
from ancadmin.services.operator.add import ADD, GRANT
from ancadmin.services.operator.reach import places_reached, sees_unplaced
from ancadmin.services.session import Session

_REVERSE, _APPLY = "deposits reverse", "member apply"


def listed(
    session: Session, *, decided: bool = False, mine: bool = False, full_ids: bool = False
) -> list[dict[str, Any]]:
    """Requests that wait, oldest first, or with `decided` all: of the places reached, those the caller asked for, or
    with `mine` these alone. Rows request, kind, subject, senders (ID numbers of whom it is about, or whose money it is,
    within reach, and of a transfer whom the branch is to accept; none where it is nobody's), receiver (of whom it is to
    be, or the number that is to be hers, or None), from_branch and to_branch (of a transfer, else None), cents, place,
    on (the day it takes effect, or None), why,
    asked_by, asked_at, batch, yours (may the caller approve it?), verdict, decided_by, decided_at, decided_why,
    decided_in, own_work; account, name, role and until of a role to be given or taken back, else None. `full_ids` is
    for the record.
    """
    with session.reading("approvals list", decided=decided, mine=mine, full_ids=full_ids) as connection:
        places = places_reached(session, connection, frozenset(Role))
        reach = _Reach(session, connection, members_within(session, connection, None), places)
        table = approval_request
        query = select(table).where(table.c.reversed_by.is_(None), reach.condition(mine=mine)).order_by(table.c.id)
        rows = connection.execute(query if decided else query.where(table.c.verdict.is_(None))).all()
        found = (_shown(reach, row) for row in rows)
        return [one for one in found if one is not None]


@dataclass(frozen=True)
class _Reach:
    """Whose requests the caller sees. `within`, `places`: the members and places reached; None for all."""

    session: Session
    connection: Connection
    within: Select[tuple[int]] | None
    places: frozenset[str] | None

    def condition(self, *, mine: bool) -> ColumnElement[bool]:
        """Of requests: those that may be the caller's to see; of those about members the members have to say."""
        own = approval_request.c.asked_by == self.session.account
        if mine or self.places is None:
            return own if mine else true()
        by_member = or_(approval_request.c.place.is_(None), approval_request.c.kind == TRANSFER)
        return or_(own, by_member, approval_request.c.place.in_(sorted(self.places)))

    def sees(self, row: Row[Any], concerned: Sequence[int], seen: Sequence[int]) -> bool:
        """Whether a request the condition lets through is one the caller sees, `seen` of those `concerned`."""
        if self.places is None or row.asked_by == self.session.account or seen or row.place in self.places:
            return True
        return row.place is None and not concerned and sees_unplaced(self.session)


def _shown(reach: _Reach, row: Row[Any]) -> dict[str, Any] | None:
    session, connection, content = reach.session, reach.connection, json.loads(row.content)
    whose, receivers = _concerned(connection, row, content), [*filter(None, [content.get("receiver")])]
    seen = _kept(connection, [*whose, *receivers], reach.within)
    if not reach.sees(row, [*whose, *receivers], list(seen)):
        return None
    if row.kind == TRANSFER:  # who is to accept somebody of another branch has to know whom
        seen = _kept(connection, whose, None)
    said = content.get("detail") or {}
    names = ("kind", "subject", "cents", "place", "why", "asked_by", "asked_at", "batch")
    decided = ("verdict", "decided_by", "decided_at", "decided_why", "decided_in")
    senders = sorted({seen[one] for one in whose if one in seen})
    to = next((seen[one] for one in receivers if one in seen), None)
    return {
        "request": row.id,
        **{name: getattr(row, name) for name in names},
        "on": content.get("on"),
        "yours": row.verdict is None and _yours(session, connection, row, content, [*whose, *receivers]),
        **{name: getattr(row, name) for name in decided},
        "own_work": row.verdict is not None and row.asked_by == row.decided_by,
        "senders": [row.subject] if row.kind == _APPLY else senders,
        "receiver": said["to"] if row.kind == RENUMBER else to,
        "from_branch": said.get("from") if row.kind == TRANSFER else None,
        "to_branch": said.get("to") if row.kind == TRANSFER else None,
        **_role(row, content),
    }


def _role(row: Row[Any], content: dict[str, Any]) -> dict[str, str | None]:
    """Whose role is to be given or taken back, which, and until when."""
    if not row.kind.startswith("operator "):
        return dict.fromkeys(("account", "name", "role", "until"))
    said = content["detail"]
    return {"role": content["act"], **{name: said[name] for name in ("account", "name", "until")}}


def _yours(
    session: Session, connection: Connection, row: Row[Any], content: dict[str, Any], concerned: list[int]
) -> bool:
    """Whether the caller may approve a request as things stand by now, and it gives the caller no role."""
    own = row.kind in (ADD, GRANT) and session.account == content["detail"]["account"] and not session.sole_operator
    return not own and approvable(session, connection, row, content, concerned)


def _concerned(connection: Connection, row: Row[Any], content: dict[str, Any]) -> list[int]:
    """Whom it is about: who is decided about, or whose money it is that moves: the member's named, or, of a reversal
    that names none, everybody's credited; of one done, of whom it was taken.
    """
    if content.get("sender") is not None or row.kind != _REVERSE:
        return [*filter(None, [content.get("sender"), content.get("member")])]
    taken = allocation.c.reversed_by
    credited = select(allocation.c.member).where(
        allocation.c.deposit == content["deposit"],
        taken == row.decided_in if row.verdict == APPROVED else taken.is_(None),
    )
    return list(connection.scalars(credited.distinct()))


def _kept(connection: Connection, members: list[int], within: Select[tuple[int]] | None) -> dict[int, str]:
    """The ID numbers of rows of members, or of those whose records they went into since, as far as they are within."""
    kept = member.alias("kept")
    query = (
        select(member.c.id, kept.c.id_number)
        .join(kept, kept.c.id == func.coalesce(member.c.merged_into, member.c.id))
        .where(member.c.id.in_(members))
    )
    rows = connection.execute(query if within is None else query.where(kept.c.id.in_(within))).all() if members else []
    return {row.id: row.id_number for row in rows}
