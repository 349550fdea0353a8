"""A member's statement of dues: period by period, what was paid by what (docs/rules.md, section 6). Reading only."""

from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select

from ancadmin.db.schema import deposit, standing
from ancadmin.domain.dues import DuesPeriod, dues
from ancadmin.domain.dues_paper import Line, NotCounted, Opening, Payment, StatementOfDues, tail
from ancadmin.domain.papers import Form
from ancadmin.domain.policy import Policy
from ancadmin.domain.since import Periods
from ancadmin.domain.standing import Status
from ancadmin.errors import InputRefused
from ancadmin.services.export.drawing import draw_dues
from ancadmin.services.export.folder import form_of
from ancadmin.services.export.handover import PLAIN, Handover
from ancadmin.services.export.scope import place_of
from ancadmin.services.member.telling.explain import facts_of, standing_of
from ancadmin.services.member.within import seen_member
from ancadmin.services.session import Session
from ancadmin.services.standing.calendars import ready
from ancadmin.services.standing.causes import causes

_MOST_ASKED = 500
_WHY_NOT = {"underpaid": "less than the fee of that day: it covers nothing"}


def export_dues(
    session: Session,
    text: str,
    day: date,
    form: Form | None = None,
    target: Path | None = None,
    handover: Handover = PLAIN,
) -> dict[str, Any]:
    """Writes the statement of the member whose ID number was typed, as at the end of `day`, to the file `target` (else
    one named after the member's branch and row, here). The same dues give the same file to the byte. Raises UsageError,
    InputRefused for nobody's number, somebody not listed on the day or a file that cannot be written, NotAllowed.
    """
    form = form_of(form, target, one_file=True)
    row = seen_member(session, text, day)
    path = target or Path(f"statement-of-dues-{row['id']}-{day}.{form}")
    detail = {"member": row["id"], "on": day.isoformat(), "form": form.value, "to": str(path)}
    with session.reading("export statement-of-dues", **detail, **handover.detail) as connection:
        ready(connection, day, session.policy)
        statement = _statement(connection, row, day, session.policy)
    said = {"member": row["id"], "place": statement.place.code, "members": 1}
    hash_of_file = handover.hand_out(
        session, "export statement-of-dues", path, draw_dues(statement, form), form, **said
    )
    return {
        "on": day.isoformat(),
        "form": form.value,
        "status": statement.status.value,
        "periods": len(statement.lines),
        "paid_up_to": statement.paid_up_to,
        "arrears_cents": statement.arrears_cents,
        "ahead_cents": statement.ahead_cents,
        "content_hash": statement.content_hash(),
        "file_hash": hash_of_file,
        "file": str(path),
    }


def _statement(connection: Connection, row: dict[str, Any], day: date, policy: Policy) -> StatementOfDues:
    found = standing_of(connection, row["id"], day)
    if found is None:
        raise InputRefused(
            "nobody is listed before the day of joining or applying", "Give a later day.", value=day.isoformat()
        )
    facts = facts_of(connection, row, found, day, policy)
    return StatementOfDues(
        place=place_of(connection, row["branch"]),
        id_number=row["id_number"],
        surname=row["surname"],
        first_names=row["first_names"],
        status=Status(found["status"]),
        day=day,
        opening=_opening(facts["opening"], day),
        lines=_lines(connection, row["id"], found, day, policy),
        not_counted=tuple(
            NotCounted(one["value_date"], one["cents"], one["why_not"]) for one in facts["payments"] if one["why_not"]
        ),
        paid_until=found["paid_until"],
        arrears_cents=found["arrears_cents"] or 0,
    )


def _opening(found: dict[str, Any] | None, day: date) -> Opening | None:
    """The register's last payment; before its own day the register is silent."""
    if found is None or (found["paid_on"] or "") > day.isoformat():
        return None
    return Opening(found["paid_on"], found["cents"], found["covers"], _WHY_NOT.get(found["note"] or ""))


def _lines(connection: Connection, number: int, found: RowMapping, day: date, policy: Policy) -> tuple[Line, ...]:
    on = day.isoformat()
    if found["covered_from"] is None or found["covered_from"] > on:
        return ()
    known = causes(connection, select(standing.c.member).where(standing.c.member == number))
    periods = dues(found["first_day"], known.credits.get(number, []), on, Periods(policy))
    told = _deposits(connection, sorted({which for one in periods for which in one.deposits}))
    return tuple(_line(one, told) for one in periods)


def _line(one: DuesPeriod, told: dict[int, tuple[str, str]]) -> Line:
    payments = tuple(
        Payment(part.deposit, told[part.deposit][0], part.cents, told[part.deposit][1]) for part in one.parts
    )
    return Line(one.begins_on, one.until, one.fee_cents, one.paid_cents, one.settled_on, payments)


def _deposits(connection: Connection, numbers: list[int]) -> dict[int, tuple[str, str]]:
    """For each deposit its value date and the end of its reference."""
    told: dict[int, tuple[str, str]] = {}
    for start in range(0, len(numbers), _MOST_ASKED):
        query = select(
            deposit.c.id,
            deposit.c.value_date,
            func.coalesce(func.nullif(deposit.c.bank_reference, ""), deposit.c.narrative).label("reference"),
        ).where(deposit.c.id.in_(numbers[start : start + _MOST_ASKED]))
        told.update((row.id, (row.value_date, tail(row.reference))) for row in connection.execute(query))
    return told
