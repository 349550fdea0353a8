"""A dispute is accepted, and what it says set right; or rejected, with what to do next (docs/rules.md, section 5)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import allocation, decision, member
from ancadmin.domain.authorisation import Act
from ancadmin.domain.decisions import Kind
from ancadmin.domain.disputes import DisputeKind, acceptance_to_set_back, back_to
from ancadmin.errors import InputRefused, NotAllowed
from ancadmin.services.approvals.authority import require_approver
from ancadmin.services.approvals.captured import Signed, Wish
from ancadmin.services.batch.changes import difference
from ancadmin.services.member.apply import identified
from ancadmin.services.member.decide import add_decision, record_of, require_reason
from ancadmin.services.member.disputes.record import (
    ACCEPTED,
    REJECTED,
    Lodged,
    conclude,
    number_of,
    old_number_of,
    open_dispute,
)
from ancadmin.services.member.moving.transfer import COMMAND, do_transfer, refuse_moved_since
from ancadmin.services.member.numbers.renumber import keep_finding
from ancadmin.services.session import Session
from ancadmin.services.standing.settle import settle


@dataclass(frozen=True)
class DisputeDecided:
    """The verdict. `did` says what was set right; `next_step` what may be done after a rejection."""

    batch: int
    dispute: int
    kind: str
    id_number: str
    verdict: str
    did: str | None
    why: str
    next_step: str | None
    lodged_by: str
    decided_by: str
    own_work: bool


@dataclass(frozen=True)
class Hearing:
    """What an acceptance works with. `row` is the member's, None of somebody not on record."""

    session: Session
    batch: Batch
    found: Lodged
    signed: Signed
    row: dict[str, Any] | None

    @property
    def why(self) -> str:
        """How the entries it makes say why."""
        return f"dispute {self.found.number}: {self.found.why}"

    @property
    def person(self) -> dict[str, Any]:
        """The row of the member. Raises RuntimeError of somebody not on record."""
        if self.row is None:
            raise RuntimeError("a dispute of this kind is about somebody on record")
        return self.row

    def day(self, name: str) -> date:
        """A day of the claim."""
        return date.fromisoformat(str(self.found.claim[name]))


def accept(session: Session, number: int, why: str) -> DisputeDecided:
    """Sets right what the dispute says, by new entries. How far back a day may lie is the policy's. Nobody decides
    their own, the sole operator excepted. Raises InputRefused where the record does not allow it, NotAllowed.
    """
    why = require_reason(why)
    with session.batch("member dispute accept") as batch:
        found = open_dispute(batch.connection, number)
        row = _row(batch.connection, found.member)
        _require(session, batch, found, "accept", _set_right_in(found, row), on=back_to(found.claim))
        signed = Signed(found.lodged_by, session.account)
        who, did = _SET_RIGHT[found.kind](Hearing(session, batch, found, signed, row))
        conclude(batch, found, ACCEPTED, why, who=who)
        settle(batch, select(member.c.id).where(member.c.id == who))
        batch.counts.update(dispute=number, kind=str(found.kind), accepted=1, member=who)
        return _decided(batch, found, ACCEPTED, did, why, None)


def reject(session: Session, number: int, why: str, next_step: str) -> DisputeDecided:
    """Leaves the record as it is, and says what to do next; the dispute may be lodged again. Raises as `accept`."""
    why = require_reason(why)
    if not next_step.strip():
        raise InputRefused("what to do next is blank", "Say it with --next-step TEXT.")
    with session.batch("member dispute reject") as batch:
        found = open_dispute(batch.connection, number)
        _require(session, batch, found, "reject", [found.branch])
        conclude(batch, found, REJECTED, why, next_step=next_step.strip(), who=found.member)
        batch.counts.update(dispute=number, kind=str(found.kind), rejected=1, member=found.member)
        return _decided(batch, found, REJECTED, None, why, next_step.strip())


def _set_right_in(found: Lodged, row: dict[str, Any] | None) -> list[str]:
    """The branches an acceptance touches: where it was lodged, where the member is by now, and ought to be."""
    now = [] if row is None else [row["branch"]]
    ought = [str(found.claim["branch"])] if found.kind is DisputeKind.WRONG_BRANCH else []
    return [found.branch, *now, *ought]


def _require(
    session: Session, batch: Batch, found: Lodged, verb: str, places: list[str], *, on: date | None = None
) -> None:
    """Raises NotAllowed unless the caller may decide about an open dispute, effective on a day, in all the places."""
    for place in places:
        what = f"{verb} this dispute of branch {place}"
        require_approver(session, batch.connection, Act.DISPUTE, place, what, on=on)
    if found.lodged_by == session.account and not session.sole_operator:
        raise NotAllowed(
            f"{session.account} lodged this dispute, and nobody decides their own", "Ask another officer to decide it."
        )


def _row(connection: Connection, number: int | None) -> dict[str, Any] | None:
    if number is None:
        return None
    kept = select(func.coalesce(member.c.merged_into, member.c.id)).where(member.c.id == number).scalar_subquery()
    return dict(connection.execute(select(member).where(member.c.id == kept)).mappings().one())


def _decided(
    batch: Batch, found: Lodged, verdict: str, did: str | None, why: str, next_step: str | None
) -> DisputeDecided:
    return DisputeDecided(
        batch=batch.number,
        dispute=found.number,
        kind=str(found.kind),
        id_number=number_of(batch.connection, found),
        verdict=verdict,
        did=did,
        why=why,
        next_step=next_step,
        lodged_by=found.lodged_by,
        decided_by=batch.operator,
        own_work=found.lodged_by == batch.operator,
    )


def _enter(hearing: Hearing) -> tuple[int, str]:
    """Somebody not on record is entered as an existing member, with the opening position the proof shows."""
    batch, claim = hearing.batch, hearing.found.claim
    known = batch.connection.scalar(select(member.c.id).where(member.c.id_number == claim["id_number"]))
    if known is not None:
        raise InputRefused("is on record meanwhile", "Reject the dispute, and say so; see: ancadmin member history ID")
    reading = identified(str(claim["id_number"]), hearing.day("joined_on"), batch.policy)
    said = {name: claim.get(name) for name in ("surname", "branch", "joined_on", "last_payment_on")}
    values = {
        "id_number": reading.id_number,
        "gender": reading.gender,
        "born": str(reading.born),
        "first_names": claim.get("first_names") or "",
        "last_payment_cents": claim.get("last_payment_cents"),
        "origin": "register",
        "batch": batch.number,
        **said,
    }
    who = int(batch.connection.execute(insert(member).values(values).returning(member.c.id)).scalar_one())
    return who, f"entered as a member since {claim['joined_on']}"


def _correct_standing(hearing: Hearing) -> tuple[int, str]:
    """The register's last payment as the proof shows it, or an acceptance set back."""
    if "accepted_on" in hearing.found.claim:
        return _set_back(hearing)
    row, claim = hearing.person, hearing.found.claim
    if row["origin"] != "register":
        raise InputRefused(
            "did not come in with a register, so there is no last payment of one to correct",
            "Payments since are deposits: ancadmin deposits list; reject the dispute and say so.",
        )
    after = {"last_payment_on": claim["last_payment_on"], "last_payment_cents": int(claim["last_payment_cents"])}
    hearing.batch.changed(difference(member, row["id"], row, after))
    hearing.batch.connection.execute(update(member).where(member.c.id == row["id"]).values(after))
    return int(row["id"]), f"last payment of the register: {after['last_payment_on']}"


def _set_back(hearing: Hearing) -> tuple[int, str]:
    batch, row = hearing.batch, hearing.person
    day, months = hearing.day("accepted_on"), batch.policy.on(hearing.found.lodged_on).dispute_paid_months
    first = batch.connection.scalar(
        select(func.min(allocation.c.value_date)).where(
            allocation.c.member == row["id"], allocation.c.reversed_by.is_(None)
        )
    )
    record = record_of(batch.connection, row)
    paid_on = None if first is None else date.fromisoformat(first)
    word = acceptance_to_set_back(record, day, paid_on, hearing.found.lodged_on, months)
    before = batch.connection.execute(select(decision).where(decision.c.id == word.id)).mappings().one()
    batch.connection.execute(update(decision).where(decision.c.id == word.id).values(reversed_by=batch.number))
    add_decision(
        batch,
        hearing.signed,
        row["id"],
        Kind.ACCEPTED,
        begins_on=day,
        ends_on=None,
        why=f"{before['why']} (set back from {word.begins_on}, {hearing.why})",
        continues=before["continues"] or before["id"],
    )
    return int(row["id"]), f"acceptance set back from {word.begins_on} to {day}"


def _lead_here(hearing: Hearing) -> tuple[int, str]:
    """The number the payments were made under leads to the member: what waits under it is credited by the matching."""
    batch, row = hearing.batch, hearing.person
    keep_finding(batch, row, old_number_of(batch, str(hearing.found.claim["old_number"]), row["id"]))
    return int(row["id"]), "found by the old number too: ancadmin deposits match credits what waits under it"


def _move(hearing: Hearing) -> tuple[int, str]:
    """The branch was wrong since a day: a transfer of that day."""
    row, claim = hearing.person, hearing.found.claim
    detail = {"to": claim["branch"], "cause": "dispute"}
    number, day = int(row["id"]), str(claim["since"])
    refuse_moved_since(hearing.batch.connection, number, hearing.day("since"))
    wish = Wish(COMMAND, Act.TRANSFER, claim["branch"], str(number), hearing.why, number, day, detail)
    done = do_transfer(hearing.session, hearing.batch, wish, hearing.signed)
    return number, f"of branch {done.to_branch} since {day}"


_SET_RIGHT: dict[DisputeKind, Callable[[Hearing], tuple[int, str]]] = {
    DisputeKind.NOT_ON_RECORD: _enter,
    DisputeKind.WRONG_STANDING: _correct_standing,
    DisputeKind.OLD_NUMBER: _lead_here,
    DisputeKind.WRONG_BRANCH: _move,
}
