"""A schedule line by line, with the standing of each member before and after it."""

from typing import Any

from sqlalchemy import Connection, Row, func, select, true

from ancadmin.db.schema import allocation, bulk_schedule, bulk_share, member
from ancadmin.domain.deposits import Reason
from ancadmin.errors import InputRefused
from ancadmin.services.deposits.entries import deposit_row
from ancadmin.services.member.within import members_within
from ancadmin.services.session import Session
from ancadmin.services.standing.supposed import Money, supposed

APPROVED, WAITING, WITHDRAWN = "approved", "waiting", "withdrawn"


def show(session: Session, number: int, *, full_ids: bool) -> dict[str, Any]:
    """The latest schedule of a deposit: deposit, cents, state (of the deposit), schedule, verdict, file, asked_by,
    approved_by, approved_why; `lines` of members within reach: line, id_number, surname, first_names, branch, cents,
    in_force (of an approved one: still credited), status_before, paid_until_before, status_after, paid_until_after, as
    on the session's day.

    Raises InputRefused for a deposit that never had one.
    """
    with session.reading("deposits bulk show", deposit=number, full_ids=full_ids) as connection:
        found = deposit_row(connection, number)
        row = _latest(connection, number)
        approved = row.approved_in is not None
        lines = _lines(session, connection, row, found.value_date)
    withdrawn = WITHDRAWN if row.reversed_by is not None else WAITING
    names = ("file", "asked_by", "approved_by", "approved_why", "approved_in")
    return {
        "deposit": number,
        "value_date": found.value_date,
        "cents": found.cents,
        "state": found.state.value,
        "schedule": row.id,
        "verdict": APPROVED if approved else withdrawn,
        **{name: getattr(row, name) for name in names},
        "lines": lines,
    }


def _latest(connection: Connection, number: int) -> Row[Any]:
    """The schedule that stands; else the last one that did."""
    row = connection.execute(
        select(bulk_schedule)
        .where(bulk_schedule.c.deposit == number)
        .order_by(bulk_schedule.c.reversed_by.is_(None).desc(), bulk_schedule.c.id.desc())
        .limit(1)
    ).first()
    if row is None:
        raise InputRefused(
            f"deposit {number} has no schedule", f"Attach one: ancadmin deposits bulk schedule {number} FILE"
        )
    return row


def _lines(session: Session, connection: Connection, schedule: Row[Any], value_date: str) -> list[dict[str, Any]]:
    asked = member.alias("asked")
    within = members_within(session, connection, None)
    rows = connection.execute(
        select(
            bulk_share.c.line,
            bulk_share.c.cents,
            member.c.id,
            member.c.id_number,
            member.c.surname,
            member.c.first_names,
            member.c.branch,
        )
        .join(asked, asked.c.id == bulk_share.c.member)
        .join(member, member.c.id == func.coalesce(asked.c.merged_into, asked.c.id))
        .where(bulk_share.c.schedule == schedule.id, true() if within is None else member.c.id.in_(within))
        .order_by(bulk_share.c.line)
    ).all()
    credited = _credited(connection, schedule)
    # What is credited already is taken away to see how it was before; what is not yet is added to see what comes.
    money = [Money(row.id, value_date, -credited.get(row.id, -row.cents), Reason.BULK_SCHEDULE) for row in rows]
    standing = supposed(connection, money, session.today, session.policy)
    told = []
    for row in rows:
        line = {name: getattr(row, name) for name in ("line", "id_number", "surname", "first_names", "branch", "cents")}
        line["in_force"] = row.id in credited
        one = standing.get(row.id)
        now = (one.status, one.paid_until) if one else (None, None)
        then = (one.status_then, one.paid_until_then) if one else (None, None)
        before, after = (then, now) if line["in_force"] else (now, then)
        line.update(status_before=before[0], paid_until_before=before[1])
        told.append({**line, "status_after": after[0], "paid_until_after": after[1]})
    return told


def _credited(connection: Connection, schedule: Row[Any]) -> dict[int, int]:
    """What each member still has of the deposit as it was split, in cents."""
    shares = (
        select(allocation.c.member, func.sum(allocation.c.cents))
        .where(
            allocation.c.deposit == schedule.deposit,
            allocation.c.reason == Reason.BULK_SCHEDULE.value,
            allocation.c.reversed_by.is_(None),
        )
        .group_by(allocation.c.member)
    )
    return {who: int(cents) for who, cents in connection.execute(shares)}
