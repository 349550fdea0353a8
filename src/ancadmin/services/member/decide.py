"""Decisions about one member: checked against what is on record, written as rows that are never overwritten."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import decision, member, standing
from ancadmin.domain import decisions as rules
from ancadmin.domain.authorisation import Act
from ancadmin.domain.decisions import Kind, Made, Record
from ancadmin.errors import InputRefused
from ancadmin.services.approvals.captured import Outcome, Signed, Wish, captured
from ancadmin.services.member.whose import member_row, numbered
from ancadmin.services.session import Session
from ancadmin.services.standing.query import recorded
from ancadmin.services.standing.settle import settle

_UNKNOWN_DAY = "0001-01-01"
_NOBODY = "9999-12-31"


COMMANDS = {
    "member accept": Act.ACCEPTANCE,
    "member refuse": Act.ACCEPTANCE,
    "member object": Act.OBJECTION,
    "member discipline": Act.DISCIPLINE,
    "member resign": Act.DEPARTURE,
    "member defect": Act.DEPARTURE,
    "member lapse": Act.DEPARTURE,
}
"""The commands that decide about one member by an entry, and what each is in the authorisation matrix."""

_COMMAND = {
    Kind.ACCEPTED: "member accept",
    Kind.REFUSED: "member refuse",
    Kind.OBJECTION: "member object",
    Kind.EXPELLED: "member discipline",
    Kind.SUSPENDED: "member discipline",
    Kind.RESIGNED: "member resign",
    Kind.DEFECTED: "member defect",
    Kind.LAPSED: "member lapse",
}


@dataclass(frozen=True)
class Decided(Outcome):
    """A decision as it was recorded. `until` is the first day it no longer holds, None for good.

    `approved_by` is None where nobody else had to approve it, or where that is still to come (`waits`).
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
    why = require_reason(why)
    return _captured(session, _COMMAND[kind], text, lambda row: to_decide(row, kind, on=on, why=why, until=until))


def settle_objection(session: Session, text: str, *, settled: date, why: str) -> Decided:
    """Closes the open objection: from `settled` on it holds no more. Raises InputRefused, NotAllowed."""
    why = require_reason(why)
    return _captured(session, "member object", text, lambda row: to_settle(row, settled, why))


def lift_discipline(session: Session, text: str, *, lifted: date, why: str, kind: Kind | None = None) -> Decided:
    """Ends an expulsion or a suspension: from `lifted` on it holds no more. Raises InputRefused, NotAllowed."""
    why = require_reason(why)
    return _captured(session, "member discipline", text, lambda row: to_lift(row, lifted, why, kind))


def to_decide(row: dict[str, Any], kind: Kind, *, on: date, why: str, until: date | None = None) -> Wish:
    """The wish for a decision about a row of members."""
    return _wish(_COMMAND[kind], row, on, why, {"kind": str(kind), "until": until.isoformat() if until else None})


def to_settle(row: dict[str, Any], settled: date, why: str) -> Wish:
    """The wish that the open objection to a row of members is closed."""
    return _wish("member object", row, settled, why, {"ends": True})


def to_lift(row: dict[str, Any], lifted: date, why: str, kind: Kind | None = None) -> Wish:
    """The wish that the discipline in force about a row of members ends; of both, `kind`."""
    return _wish("member discipline", row, lifted, why, {"ends": True, "kind": str(kind) if kind else None})


def do_decide(session: Session, batch: Batch, wish: Wish, signed: Signed) -> Decided:
    """Does what one of COMMANDS wishes, whose member is settled then."""
    done = write_decision(session, batch, wish, signed)
    settle(batch, numbered([done.id_number]))
    return done


def write_decision(session: Session, batch: Batch, wish: Wish, signed: Signed) -> Decided:
    """`do_decide` for those who settle many together."""
    del session
    row = row_of(batch.connection, wish)
    record = record_of(batch.connection, row)
    if wish.said("ends"):
        written = _end(batch, signed, row["id"], *_to_end(wish, record, batch.today))
    else:
        kind = Kind(wish.said("kind"))
        ends_on = _day(wish.said("until"))
        _check(record, kind, wish.day, ends_on, batch.today)
        written = add_decision(batch, signed, row["id"], kind, begins_on=wish.day, ends_on=ends_on, why=wish.why)
    batch.counts.update(decisions=1, member=row["id"])
    return as_decided(batch, row["id_number"], written)


def row_of(connection: Connection, wish: Wish) -> dict[str, Any]:
    """The row of the member a wish is about; of a record merged into another since, that other's."""
    named = select(func.coalesce(member.c.merged_into, member.c.id)).where(member.c.id == wish.member)
    return dict(connection.execute(select(member).where(member.c.id == named.scalar_subquery())).mappings().one())


def add_decision(
    batch: Batch,
    signed: Signed,
    member_id: int,
    kind: Kind,
    *,
    begins_on: date,
    ends_on: date | None,
    why: str,
    continues: int | None = None,
) -> dict[str, Any]:
    """Writes one row of `decision` and returns it; `continues` is the row as which it was first recorded."""
    row = decision_row(batch, signed, member_id, kind, begins_on=begins_on, ends_on=ends_on, why=why)
    row["continues"] = continues
    batch.connection.execute(insert(decision), row)
    return row


def decision_row(
    batch: Batch, signed: Signed, member_id: int, kind: Kind, *, begins_on: date, ends_on: date | None, why: str
) -> dict[str, Any]:
    """A row of `decision` to be written."""
    return {
        "member": member_id,
        "kind": str(kind),
        "begins_on": begins_on.isoformat(),
        "ends_on": ends_on.isoformat() if ends_on else None,
        "why": why,
        "asked_by": signed.asked_by,
        "approved_by": signed.approved_by,
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


def _wish(command: str, row: dict[str, Any], on: date, why: str, detail: dict[str, Any]) -> Wish:
    number = row["id"]
    act = COMMANDS[command]
    return Wish(command, act, row["branch"], str(number), why, number, on.isoformat(), detail)


def _captured(session: Session, command: str, text: str, made: Callable[[dict[str, Any]], Wish]) -> Decided:
    """The wish `made` of the row of the member with the ID number `text`, in a batch of its own."""
    with session.batch(command) as batch:
        wish = made(member_row(batch.connection, text, batch.today, batch.policy))
        return captured(session, batch, wish, do_decide, f"decide about members of branch {wish.place}")


def _check(record: Record, kind: Kind, on: date, until: date | None, today: date) -> None:
    rules.check_not_ahead(on, today)
    if kind in (Kind.ACCEPTED, Kind.REFUSED):
        rules.check_application_decided(record, on)
    elif kind is Kind.OBJECTION:
        rules.check_objection(record, on)
    else:
        rules.check_exclusion(record, kind, on, until)


def _to_end(wish: Wish, record: Record, today: date) -> tuple[Made, date, str]:
    """The objection or the discipline a wish ends, its first day without it, and how the reason says so."""
    if wish.command == "member object":
        rules.check_not_ahead(wish.day, today, "--settled")
        return rules.objection_to_settle(record, wish.day), wish.day, f"settled: {wish.why}"
    rules.check_not_ahead(wish.day, today, "--lift")
    kind = wish.said("kind")
    held = rules.discipline_to_lift(record, (Kind(kind),) if kind else rules.DISCIPLINE, wish.day)
    return held, wish.day, f"lifted: {wish.why}"


def _end(batch: Batch, signed: Signed, member_id: int, held: Made, day: date, why: str) -> dict[str, Any]:
    """Puts a row that ends on `day` in the place of one that did not; the old one names this batch."""
    before = batch.connection.execute(select(decision).where(decision.c.id == held.id)).mappings().one()
    batch.connection.execute(update(decision).where(decision.c.id == held.id).values(reversed_by=batch.number))
    return add_decision(
        batch,
        signed,
        member_id,
        held.kind,
        begins_on=held.begins_on,
        ends_on=day,
        why=f"{before['why']} ({why})",
        continues=before["continues"] or before["id"],
    )


def _day(text: str | None) -> date | None:
    return None if text in (None, _UNKNOWN_DAY, _NOBODY) else date.fromisoformat(str(text))


def _real(text: str) -> date:
    return date.fromisoformat(text)
