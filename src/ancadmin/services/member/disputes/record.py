"""A dispute as it is on record, and the verdict about it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import dispute, member
from ancadmin.domain.disputes import DisputeKind
from ancadmin.errors import InputRefused, NotAllowed
from ancadmin.services.batch.changes import difference
from ancadmin.services.member.whose import typed_id_number

ACCEPTED, REJECTED = "accepted", "rejected"


@dataclass(frozen=True)
class Lodged:
    """A dispute on record. `member` is a row of members, None while nobody is on record."""

    number: int
    kind: DisputeKind
    member: int | None
    branch: str
    lodged_on: date
    claim: Mapping[str, Any]
    why: str
    lodged_by: str
    verdict: str | None
    decided_in: int | None


def lodged_dispute(connection: Connection, number: int) -> Lodged:
    """The dispute with a number. Raises InputRefused for none."""
    row = connection.execute(select(dispute).where(dispute.c.id == number, dispute.c.reversed_by.is_(None))).first()
    if row is None:
        raise InputRefused(
            "there is no dispute of this number", "See: ancadmin member dispute list --all", value=str(number)
        )
    return Lodged(
        number=row.id,
        kind=DisputeKind(row.kind),
        member=row.member,
        branch=row.branch,
        lodged_on=date.fromisoformat(row.lodged_on),
        claim=json.loads(row.claim),
        why=row.why,
        lodged_by=row.lodged_by,
        verdict=row.verdict,
        decided_in=row.decided_in,
    )


def open_dispute(connection: Connection, number: int) -> Lodged:
    """The same, of one not decided yet. Raises InputRefused, NotAllowed."""
    found = lodged_dispute(connection, number)
    if found.verdict is not None:
        raise NotAllowed(
            f"dispute {number} was {found.verdict} in batch {found.decided_in}",
            f"Take that back first: ancadmin batch undo {found.decided_in}; or lodge it again.",
        )
    return found


def old_number_of(batch: Batch, text: str, who: int | None) -> str:
    """The number payments were made under, as it is stored: one that is nobody's. Raises InputRefused for others."""
    number = typed_id_number(text, batch.today, batch.policy)
    found = batch.connection.execute(
        select(member.c.id, member.c.merged_into).where(member.c.id_number == number)
    ).first()
    if found is None:
        return number
    if found.id == who:
        raise InputRefused("this is the number on record", "Payments under it count: ancadmin deposits match")
    if found.merged_into == who:
        raise InputRefused(
            "the old number leads to this member already", "What waits under it is credited by: ancadmin deposits match"
        )
    raise InputRefused(
        "somebody is on record under the old number",
        "Where the two are one person: ancadmin member merge; where not, there is nothing to set right here.",
    )


def conclude(batch: Batch, found: Lodged, verdict: str, why: str, *, next_step: str = "", who: int | None) -> None:
    """Writes the verdict beside the dispute, and `who` it turned out to be about."""
    after = {
        "verdict": verdict,
        "member": who,
        "decided_by": batch.operator,
        "decided_on": batch.today.isoformat(),
        "decided_at": batch.started_at,
        "decided_why": why,
        "next_step": next_step or None,
        "decided_in": batch.number,
    }
    before: dict[str, Any] = {**dict.fromkeys(after), "member": found.member}
    batch.changed(difference(dispute, found.number, before, after))
    batch.connection.execute(update(dispute).where(dispute.c.id == found.number).values(after))


def number_of(connection: Connection, found: Lodged) -> str:
    """The ID number a dispute is about."""
    if found.member is None:
        return str(found.claim["id_number"])
    return str(connection.scalar(select(member.c.id_number).where(member.c.id == found.member)))
