"""Decisions about one member: checked against what is on record, written as rows that are never overwritten."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import decision, member, standing
from ancadmin.domain import decisions as rules
from ancadmin.domain.decisions import Kind, Made, Record
from ancadmin.domain.roles import DECIDES
from ancadmin.errors import InputRefused
from ancadmin.services.member.whose import member_row
from ancadmin.services.operator.reach import require
from ancadmin.services.session import Session
from ancadmin.services.standing.query import recorded
from ancadmin.services.standing.settle import settle

_UNKNOWN_DAY = "0001-01-01"
_NOBODY = "9999-12-31"


@dataclass(frozen=True)
class Decided:
    """A decision as it was recorded. `until` is the first day it no longer holds, None for good.

    `approved_by` is None where approval is still to come from someone else.
    """

    batch: int
    id_number: str
    decision: str
    on: str
    until: str | None
    why: str
    asked_by: str
    approved_by: str | None
    decided_at: str


def decide(session: Session, text: str, kind: Kind, *, on: date, why: str, until: date | None = None) -> Decided:
    """Records that the person with the ID number `text` was accepted, refused, objected to, disciplined, and so on.

    Raises InputRefused when the record does not allow it, NotAllowed to those who may not decide there.
    """
    with _about(session, f"member {_COMMANDS[kind]}", text, why) as (batch, row, record):
        rules.check_not_ahead(on, batch.today)
        if kind in (Kind.ACCEPTED, Kind.REFUSED):
            rules.check_application_decided(record, on)
        elif kind is Kind.OBJECTION:
            rules.check_objection(record, on)
        else:
            rules.check_exclusion(record, kind, on, until)
        decided = add_decision(batch, session, row["id"], kind, begins_on=on, ends_on=until, why=why)
        return as_decided(batch, row["id_number"], decided)


def settle_objection(session: Session, text: str, *, settled: date, why: str) -> Decided:
    """Closes the open objection: from `settled` on it holds no more. Raises InputRefused, NotAllowed."""
    with _about(session, "member object", text, why) as (batch, row, record):
        rules.check_not_ahead(settled, batch.today, "--settled")
        return _end(batch, session, row, rules.objection_to_settle(record, settled), settled, f"settled: {why}")


def lift_discipline(session: Session, text: str, *, lifted: date, why: str, kind: Kind | None = None) -> Decided:
    """Ends an expulsion or a suspension: from `lifted` on it holds no more. Raises InputRefused, NotAllowed."""
    with _about(session, "member discipline", text, why) as (batch, row, record):
        rules.check_not_ahead(lifted, batch.today, "--lift")
        held = rules.discipline_to_lift(record, (kind,) if kind else rules.DISCIPLINE, lifted)
        return _end(batch, session, row, held, lifted, f"lifted: {why}")


def add_decision(
    batch: Batch,
    session: Session,
    member_id: int,
    kind: Kind,
    *,
    begins_on: date,
    ends_on: date | None,
    why: str,
    continues: int | None = None,
) -> dict[str, Any]:
    """Writes one row of `decision` and returns it; `continues` is the row as which it was first recorded."""
    row = decision_row(batch, session, member_id, kind, begins_on=begins_on, ends_on=ends_on, why=why)
    row["continues"] = continues
    batch.connection.execute(insert(decision), row)
    return row


def decision_row(
    batch: Batch, session: Session, member_id: int, kind: Kind, *, begins_on: date, ends_on: date | None, why: str
) -> dict[str, Any]:
    """A row of `decision` to be written. Only the sole operator approves what they ask for themselves."""
    return {
        "member": member_id,
        "kind": str(kind),
        "begins_on": begins_on.isoformat(),
        "ends_on": ends_on.isoformat() if ends_on else None,
        "why": why,
        "asked_by": batch.operator,
        "approved_by": batch.operator if session.sole_operator else None,
        "decided_at": batch.started_at,
        "policy_version": batch.policy.version,
        "batch": batch.number,
    }


def as_decided(batch: Batch, id_number: str, row: dict[str, Any]) -> Decided:
    """The answer about a row of `decision`."""
    return Decided(
        batch=batch.number,
        id_number=id_number,
        decision=row["kind"],
        on=row["begins_on"],
        until=row["ends_on"],
        why=row["why"],
        asked_by=row["asked_by"],
        approved_by=row["approved_by"],
        decided_at=row["decided_at"],
    )


def record_of(connection: Connection, row: dict[str, Any]) -> Record:
    """What the rules look at, for a row of `member`."""
    made = connection.execute(
        select(decision.c.id, decision.c.kind, decision.c.begins_on, decision.c.ends_on)
        .where(decision.c.member == row["id"], decision.c.reversed_by.is_(None))
        .order_by(recorded(decision))
    )
    derived = connection.execute(
        select(standing.c.listed_from, standing.c.probation_ends_on).where(standing.c.member == row["id"])
    ).first()
    return Record(
        from_register=row["origin"] == "register",
        listed_from=_day(derived.listed_from) if derived else None,
        probation_ends_on=_day(derived.probation_ends_on) if derived else None,
        made=tuple(Made(one.id, Kind(one.kind), _real(one.begins_on), _day(one.ends_on)) for one in made),
    )


def require_reason(why: str) -> str:
    """The reason without blanks around it. Raises InputRefused for none: a decision without one does not stand."""
    if not why.strip():
        raise InputRefused("the reason is blank", "Say why with --why TEXT.")
    return why.strip()


_COMMANDS = {
    Kind.ACCEPTED: "accept",
    Kind.REFUSED: "refuse",
    Kind.OBJECTION: "object",
    Kind.EXPELLED: "discipline",
    Kind.SUSPENDED: "discipline",
    Kind.RESIGNED: "resign",
    Kind.DEFECTED: "defect",
    Kind.LAPSED: "lapse",
}


@contextmanager
def _about(session: Session, command: str, text: str, why: str) -> Iterator[tuple[Batch, dict[str, Any], Record]]:
    """A batch about one member, whose standing is settled when the block ends."""
    require_reason(why)
    with session.batch(command) as batch:
        row = member_row(batch.connection, text, batch.today, batch.policy)
        what = f"decide about members of branch {row['branch']}"
        require(session, batch.connection, DECIDES, row["branch"], what)
        yield batch, row, record_of(batch.connection, row)
        settle(batch, select(member.c.id).where(member.c.id == row["id"]))
        batch.counts.update(decisions=1, member=row["id"])


def _end(batch: Batch, session: Session, row: dict[str, Any], held: Made, day: date, why: str) -> Decided:
    """Puts a row that ends on `day` in the place of one that did not; the old one names this batch."""
    before = batch.connection.execute(select(decision).where(decision.c.id == held.id)).mappings().one()
    batch.connection.execute(update(decision).where(decision.c.id == held.id).values(reversed_by=batch.number))
    ended = add_decision(
        batch,
        session,
        row["id"],
        held.kind,
        begins_on=held.begins_on,
        ends_on=day,
        why=f"{before['why']} ({why})",
        continues=before["continues"] or before["id"],
    )
    return as_decided(batch, row["id_number"], ended)


def _day(text: str | None) -> date | None:
    return None if text in (None, _UNKNOWN_DAY, _NOBODY) else date.fromisoformat(str(text))


def _real(text: str) -> date:
    return date.fromisoformat(text)
