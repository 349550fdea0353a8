"""A dispute is lodged: what ought to be on record, why, and the documents that prove it (docs/rules.md, section 5)."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, or_, select

from ancadmin.db.batches import Batch
from ancadmin.db.schema import dispute, member, proof
from ancadmin.domain.authorisation import Act
from ancadmin.domain.dates import add_months
from ancadmin.domain.decisions import check_not_ahead
from ancadmin.domain.disputes import DisputeKind, check_claim, days_of
from ancadmin.domain.names import first_names_of
from ancadmin.errors import InputRefused, NotAllowed, Place
from ancadmin.services.member.apply import check_branch, identified, surname_typed
from ancadmin.services.member.decide import require_reason
from ancadmin.services.member.disputes.record import REJECTED, old_number_of
from ancadmin.services.member.moving.transfer import refuse_moved_since
from ancadmin.services.member.whose import member_row
from ancadmin.services.operator.reach import require
from ancadmin.services.session import Session

MOST_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True)
class DisputeLodged:
    """A dispute as it was recorded. `follows`: the one rejected before it; `proofs`: the documents kept with it."""

    batch: int
    dispute: int
    kind: str
    id_number: str
    branch: str
    on: str
    follows: int | None
    proofs: list[str]


def lodge(
    session: Session,
    text: str,
    kind: DisputeKind,
    claim: Mapping[str, Any],
    *,
    on: date,
    why: str,
    proofs: Sequence[Path],
) -> DisputeLodged:
    """Records that the person with ID number `text` disputes what is on record; `claim` says what ought to be there.

    Raises UsageError for half a claim, InputRefused for one the record cannot take and for documents that cannot be
    read, NotAllowed, also where the same is open already.
    """
    why = require_reason(why)
    check_claim(kind, claim)
    with session.batch("member dispute lodge") as batch:
        connection = batch.connection
        check_not_ahead(on, batch.today)
        for day in days_of(claim):
            check_not_ahead(day, batch.today, "what ought to be on record:")
        who, id_number, place = _about(batch, text, kind, claim, on)
        if kind in (DisputeKind.NOT_ON_RECORD, DisputeKind.WRONG_BRANCH):
            check_branch(connection, str(claim["branch"]))
        if kind is DisputeKind.WRONG_BRANCH and who is not None:
            refuse_moved_since(connection, who, date.fromisoformat(str(claim["since"])))
        able = batch.policy.authorisation.may_ask(Act.DISPUTE)
        require(session, connection, able, place, f"lodge disputes of branch {place}")
        content = {**_as_stored(batch, kind, claim, who), "id_number": id_number}
        follows = _before(connection, kind, who, id_number)
        row = {
            "member": who,
            "kind": str(kind),
            "branch": place,
            "lodged_on": on.isoformat(),
            "claim": json.dumps(content, ensure_ascii=False),
            "why": why,
            "lodged_by": batch.operator,
            "lodged_at": batch.started_at,
            "follows": follows,
            "policy_version": batch.policy.version,
            "batch": batch.number,
        }
        number = int(connection.execute(insert(dispute).values(row).returning(dispute.c.id)).scalar_one())
        kept = list(_proofs(batch, number, proofs))
        if kept:
            connection.execute(insert(proof), kept)
        batch.counts.update(dispute=number, kind=str(kind), proofs=len(kept), member=who)
        names = [one["name"] for one in kept]
        return DisputeLodged(batch.number, number, str(kind), id_number, place, on.isoformat(), follows, names)


def _about(
    batch: Batch, text: str, kind: DisputeKind, claim: Mapping[str, Any], on: date
) -> tuple[int | None, str, str]:
    """Whose dispute it is: the row (None where nobody is on record), the ID number, and the branch that hears it."""
    if kind is not DisputeKind.NOT_ON_RECORD:
        row = member_row(batch.connection, text, batch.today, batch.policy)
        return int(row["id"]), str(row["id_number"]), str(row["branch"])
    joined = date.fromisoformat(str(claim["joined_on"]))
    reading = identified(text, min(joined, on), batch.policy)
    known = batch.connection.scalar(select(member.c.id).where(member.c.id_number == reading.id_number))
    if known is not None:
        raise InputRefused(
            "is on record", "See: ancadmin member show ID; or dispute the standing: --kind wrong_standing", value=text
        )
    return None, str(reading.id_number), str(claim["branch"])


def _as_stored(batch: Batch, kind: DisputeKind, claim: Mapping[str, Any], who: int | None) -> dict[str, Any]:
    """The claim as the record would take it. Raises InputRefused for one it could never take."""
    if kind is DisputeKind.OLD_NUMBER:
        return {"old_number": old_number_of(batch, str(claim["old_number"]), who)}
    if kind is DisputeKind.NOT_ON_RECORD:
        names = {
            "surname": surname_typed(claim["surname"]),
            "first_names": first_names_of(claim.get("first_names", "")),
        }
        return {**claim, **names}
    return dict(claim)


def _before(connection: Connection, kind: DisputeKind, who: int | None, id_number: str) -> int | None:
    """The same dispute as it was rejected before. Raises NotAllowed where one is open."""
    same = [dispute.c.kind == str(kind), dispute.c.reversed_by.is_(None)]
    if who is not None:
        theirs = select(member.c.id).where(or_(member.c.id == who, member.c.merged_into == who))
        same.append(dispute.c.member.in_(theirs))
    else:
        same.append(dispute.c.claim.contains(f'"id_number": "{id_number}"'))
    last = connection.execute(
        select(dispute.c.id, dispute.c.verdict).where(*same).order_by(dispute.c.id.desc()).limit(1)
    ).first()
    if last is None:
        return None
    if last.verdict is None:
        raise NotAllowed(
            f"the same is disputed already, as number {last.id}", f"See: ancadmin member dispute show {last.id}"
        )
    return int(last.id) if last.verdict == REJECTED else None


def _proofs(batch: Batch, number: int, paths: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """A row of `proof` a document, whole, to be kept for the months of the policy."""
    until = add_months(batch.today, batch.policy.proof_months).isoformat()
    for path in paths:
        try:
            with path.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
        except OSError as error:
            raise InputRefused(
                f"the document cannot be read: {error.strerror}", "Name another file.", place=Place(file=str(path))
            ) from error
        if not content:
            raise InputRefused("the document is empty", "Name another file.", place=Place(file=str(path)))
        if len(content) > MOST_BYTES:
            raise InputRefused(
                "a document of more than 10 MB", "Scan it at a lower resolution.", place=Place(file=str(path))
            )
        digest = hashlib.sha256(content).hexdigest()
        batch.inputs.append({"file": path.name, "sha256": digest})
        yield {
            "dispute": number,
            "name": path.name,
            "sha256": digest,
            "size": len(content),
            "content": content,
            "keep_until": until,
            "batch": batch.number,
        }
