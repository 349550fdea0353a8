"""Everything on record about a member, in order of time: what happened, who recorded it, when and why."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, or_, select

from ancadmin.db.schema import (
    allocation,
    batch,
    change,
    decision,
    deposit,
    member,
    merge,
    register_row,
    register_source,
    status_change,
)
from ancadmin.domain.money import rands
from ancadmin.domain.since import FROM_EVER
from ancadmin.domain.standing import RULE_NUMBERS, SENTENCES, Status
from ancadmin.services.batch.kept import member_words
from ancadmin.services.member.deaths.death_undo import death_taken_back_why
from ancadmin.services.member.numbers.former import FORMER
from ancadmin.services.member.telling.events import Event, event, signed
from ancadmin.services.member.telling.moves import disputes, moved_in, requests, transfers
from ancadmin.services.member.whose import merged_records
from ancadmin.services.member.within import seen_member
from ancadmin.services.session import Session

_SENTENCES = {RULE_NUMBERS[status.value]: sentence for status, sentence in SENTENCES.items()}


def history(session: Session, text: str, *, full_ids: bool) -> list[Event]:
    """Rows `on, what, why, cents, batch, recorded_at, who, policy_version` in order of the day something took effect,
    then of recording; `why` and `cents` may be None. What was recorded of records merged into this one is told too.
    Raises InputRefused, NotAllowed.
    """
    row = seen_member(session, text)
    with session.reading("member history", member=row["id"], full_ids=full_ids) as connection:
        events = [*_events(connection, row), *_merges(connection, row["id"])]
        for gone in merged_records(connection, row["id"]):
            told = f"under {member_words(gone['id_number'])}: "
            events += [{**one, "what": told + one["what"]} for one in _events(connection, dict(gone))]
        recorded = _batches(connection, {event["batch"] for event in events})
    for one in events:
        known = recorded[one["batch"]]
        one.update(recorded_at=known.finished_at, who=known.operator, policy_version=known.policy_version)
        one["on"] = one["on"] or known.today
    return sorted(events, key=lambda one: (one["on"], one["batch"]))


def _events(connection: Connection, row: dict[str, Any]) -> Iterator[Event]:
    """All there is of one record."""
    yield from requests(connection, row["id"], row["id_number"])
    for part in (_register_rows, transfers, disputes, _changes, _releases, _decisions, _money, _named, _statuses):
        yield from part(connection, row["id"])


def _merges(connection: Connection, member_id: int) -> Iterator[Event]:
    """Records that went into this one, or this one into another, and came apart again."""
    kept, gone = member.alias("kept"), member.alias("gone")
    rows = connection.execute(
        select(merge, kept.c.id_number.label("kept_number"), gone.c.id_number.label("gone_number"))
        .join(kept, kept.c.id == merge.c.kept)
        .join(gone, gone.c.id == merge.c.gone)
        .where(or_(merge.c.kept == member_id, merge.c.gone == member_id))
        .order_by(merge.c.id)
    )
    for row in rows:
        what = f"{member_words(row.gone_number)} merged into {member_words(row.kept_number)}"
        yield event(None, f"{what}{signed(row.asked_by, row.approved_by)}", row.batch, why=row.why)
        if row.reversed_by is not None:
            yield event(None, f"{what}: taken apart again", row.reversed_by)


def _batches(connection: Connection, numbers: set[int]) -> dict[int, Any]:
    rows = connection.execute(
        select(batch.c.number, batch.c.today, batch.c.finished_at, batch.c.operator, batch.c.policy_version).where(
            batch.c.number.in_(numbers)
        )
    )
    return {row.number: row for row in rows}


def _register_rows(connection: Connection, member_id: int) -> Iterator[Event]:
    rows = connection.execute(
        select(
            register_row.c.row,
            register_row.c.outcome,
            register_row.c.notes,
            register_row.c.repairs,
            register_row.c.problems,
            register_row.c.batch,
            register_source.c.file,
            register_source.c.sheet,
        )
        .join(register_source, register_source.c.id == register_row.c.source)
        .where(register_row.c.member == member_id)
        .order_by(register_row.c.id)
    )
    for row in rows:
        where = " ".join(part for part in (row.file, row.sheet, f"row {row.row}") if part)
        said = [
            f"{name}: {text}"
            for name, text in (("notes", row.notes), ("repairs", row.repairs), ("problems", _problems(row.problems)))
            if text
        ]
        yield event(None, f"register {where}: {row.outcome}", row.batch, why="; ".join(said) or None)


def _problems(text: str | None) -> str:
    return " ".join(str(problem.get("code", "")) for problem in json.loads(text)) if text else ""


def _changes(connection: Connection, member_id: int) -> Iterator[Event]:
    """Fields of the record that were changed, with the reason given, else the command."""
    moved = moved_in(connection, member_id)
    rows = connection.execute(
        select(change.c.field, change.c.old, change.c.new, change.c.batch, batch.c.command, batch.c.counts)
        .join(batch, batch.c.number == change.c.batch)
        # That a record was merged is told once, by the merge.
        .where(
            change.c.table_name == member.name,
            change.c.key == str(member_id),
            change.c.field != member.c.merged_into.name,
        )
        .order_by(change.c.id)
    )
    for row in rows:
        if row.field == member.c.branch.name and row.batch in moved:
            continue
        why = json.loads(row.counts).get("why") or row.command
        if row.field == member.c.id_number.name:
            what = f"ID number: {member_words(row.old)} → {member_words(row.new)}".replace("member ", "")
        else:
            what = f"{row.field.replace('_', ' ')}: {row.old or '-'} → {row.new or '-'}"
        yield event(None, what, row.batch, why=why)


def _releases(connection: Connection, member_id: int) -> Iterator[Event]:
    """Former numbers that were released and lead here no more, and those that do again."""
    leads_here = str(member_id)
    rows = connection.execute(
        select(change.c.key, change.c.new, change.c.batch, batch.c.counts)
        .join(batch, batch.c.number == change.c.batch)
        .where(
            change.c.table_name == FORMER,
            change.c.field == member.c.merged_into.name,
            or_(change.c.old == leads_here, change.c.new == leads_here),
        )
        .order_by(change.c.id)
    )
    for row in rows:
        what = "released, it leads here no more" if row.new is None else "leads here again"
        number = member_words(row.key).removeprefix("member ")
        yield event(None, f"former ID number {number}: {what}", row.batch, why=json.loads(row.counts).get("why"))


def _decisions(connection: Connection, member_id: int) -> Iterator[Event]:
    rows = connection.execute(select(decision).where(decision.c.member == member_id).order_by(decision.c.id)).all()
    for row in rows:
        until = f" until {row.ends_on}" if row.ends_on else ""
        what = f"decision {row.id}: {row.kind}{until}{signed(row.asked_by, row.approved_by)}"
        yield event(row.begins_on, what, row.batch, why=row.why)
        if row.reversed_by is not None:
            instead = next((one for one in rows if one.batch == row.reversed_by and one.kind == row.kind), None)
            what = f"replaced by decision {instead.id}" if instead else "taken back"
            why = None if instead else death_taken_back_why(connection, row.reversed_by)
            yield event(None, f"decision {row.id} ({row.kind}) {what}", row.reversed_by, why=why)


def _money(connection: Connection, member_id: int) -> Iterator[Event]:
    """Credits, and credits taken back."""
    rows = connection.execute(
        select(allocation).where(allocation.c.member == member_id).order_by(allocation.c.value_date, allocation.c.id)
    )
    for row in rows:
        how = "matched by ID number" if row.reason == "id_reference" else row.reason.replace("_", " ")
        what = f"deposit {row.deposit}: {rands(row.cents)} credited ({how})"
        yield event(row.value_date, what, row.batch, why=row.why, cents=row.cents)
        if row.reversed_by is not None:
            what = f"deposit {row.deposit}: {rands(row.cents)} taken back"
            yield event(None, what, row.reversed_by, why=row.reversed_why, cents=-row.cents)


def _named(connection: Connection, member_id: int) -> Iterator[Event]:
    """Deposits that name the member and were not credited."""
    rows = connection.execute(
        select(deposit).where(
            deposit.c.member == member_id, deposit.c.reversed_by.is_(None), deposit.c.state != "matched"
        )
    )
    for row in rows:
        reason = (row.reason or row.state).replace("_", " ")
        what = f"deposit {row.id}: {rands(row.cents)} not credited ({reason})"
        yield event(row.value_date, what, row.matched_in or row.batch)


def _statuses(connection: Connection, member_id: int) -> Iterator[Event]:
    rows = connection.execute(
        select(status_change).where(status_change.c.member == member_id).order_by(status_change.c.id)
    )
    for row in rows:
        before, after = (_words(status) for status in (row.from_status, row.to_status))
        sentence = _SENTENCES.get(row.rule, "Not listed.")
        what = f"status: {before} → {after}"
        on = None if row.changed_on == FROM_EVER else row.changed_on
        yield event(on, what, row.batch, why=f"{sentence} Because of: {row.because}")
        if row.reversed_by is not None:
            yield event(None, f"sweep undone: {after} → {before}", row.reversed_by)


def _words(status: str | None) -> str:
    return Status(status).words if status else "none"
