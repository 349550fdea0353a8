"""Schedules as they are on record: attached, shown in the queue, refused (docs/rules.md, section 4.2)."""

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import bulk_schedule, bulk_share, deposit
from ancadmin.domain.deposits import State
from ancadmin.errors import FileRefused, InputRefused, NotAllowed
from ancadmin.readers.schedules import read_schedule
from ancadmin.services.batch.changes import difference
from ancadmin.services.batch.inputs import noted
from ancadmin.services.deposits.allowed import require_officer
from ancadmin.services.deposits.bulk.lines import PaidAlready, checked, paid_already
from ancadmin.services.deposits.entries import DepositRow, deposit_row
from ancadmin.services.member.decide import require_reason
from ancadmin.services.session import Session


@dataclass(frozen=True)
class Scheduled:
    """A schedule as it was attached; `paid_already` are lines that may be on the statement twice."""

    batch: int
    deposit: int
    schedule: int
    lines: int
    cents: int
    replaces: int | None
    paid_already: list[PaidAlready]

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON shows it."""
        return asdict(self)


def schedule(session: Session, number: int, path: Path) -> Scheduled:
    """Attaches a payer's file to a bulk deposit; one not approved yet gives way to it. Nothing is credited.

    Raises FileRefused with every problem, InputRefused, NotAllowed for a deposit that is not bulk.
    """
    require_officer(session, "attach schedules")
    with session.batch("deposits bulk schedule") as batch:
        found = bulk_row(batch.connection, number)
        digest = noted(batch, path)
        shares, problems = checked(session, batch, found, path.name, read_schedule(path))
        if problems:
            raise FileRefused(problems)
        before = waiting(batch.connection, number)
        if before is not None:
            withdraw(batch, before)
        row = {
            "deposit": number,
            "file": path.name,
            "sha256": digest,
            "cents": found.cents,
            "lines": len(shares),
            "asked_by": batch.operator,
            "batch": batch.number,
        }
        query = insert(bulk_schedule).values(row).returning(bulk_schedule.c.id)
        made = int(batch.connection.execute(query).scalar_one())
        rows = [{"schedule": made, **asdict(share)} for share in shares]
        batch.connection.execute(insert(bulk_share), rows)
        replaces = None if before is None else int(before.id)
        twice = paid_already(batch, found, shares)
        batch.counts.update(deposit=number, schedule=made, lines=len(shares), cents=found.cents)
        return Scheduled(batch.number, number, made, len(shares), found.cents, replaces, twice)


def refuse(session: Session, number: int, why: str) -> dict[str, Any]:
    """Refuses the schedule that waits for a deposit, or withdraws one's own; the deposit stays in the queue. Raises
    InputRefused where none waits.
    """
    why = require_reason(why)
    require_officer(session, "refuse schedules")
    with session.batch("deposits bulk refuse") as batch:
        found = bulk_row(batch.connection, number)
        row = require_waiting(batch.connection, found)
        withdraw(batch, row)
        batch.counts.update(deposit=number, schedule=row.id, why=why)
    return {"batch": batch.number, "deposit": number, "schedule": row.id, "verdict": "refused"}


def queue(session: Session) -> list[dict[str, Any]]:
    """Bulk deposits, oldest first: deposit, account, value_date, age_days, cents, narrative, reason; schedule (its
    number, None without one), file, lines, asked_by.
    """
    with session.reading("deposits bulk list") as connection:
        waits = and_(
            bulk_schedule.c.deposit == deposit.c.id,
            bulk_schedule.c.reversed_by.is_(None),
            bulk_schedule.c.approved_in.is_(None),
        )
        names = ("account", "value_date", "cents", "narrative", "reason")
        rows = connection.execute(
            select(
                deposit.c.id.label("deposit"),
                *(deposit.c[name] for name in names),
                bulk_schedule.c.id.label("schedule"),
                *(bulk_schedule.c[name] for name in ("file", "lines", "asked_by")),
            )
            .select_from(deposit.outerjoin(bulk_schedule, waits))
            .where(deposit.c.state == State.BULK.value, deposit.c.reversed_by.is_(None))
            .order_by(deposit.c.value_date, deposit.c.id)
        )
        return [{**row, "age_days": _age(row["value_date"], session.today)} for row in rows.mappings()]


def _age(value_date: str, today: date) -> int:
    return (today - date.fromisoformat(value_date)).days


def bulk_row(connection: Connection, number: int) -> DepositRow:
    """The deposit of this number, which is in the queue of bulk deposits. Raises InputRefused, NotAllowed."""
    found = deposit_row(connection, number)
    if found.state is not State.BULK:
        raise NotAllowed(
            f"deposit {number} is not in the queue of bulk deposits: it is {found.state.value}",
            "See: ancadmin deposits bulk list",
        )
    return found


def waiting(connection: Connection, number: int) -> Row[Any] | None:
    """The schedule of a deposit that waits for approval."""
    return connection.execute(
        select(bulk_schedule).where(
            bulk_schedule.c.deposit == number,
            bulk_schedule.c.reversed_by.is_(None),
            bulk_schedule.c.approved_in.is_(None),
        )
    ).first()


def require_waiting(connection: Connection, found: DepositRow) -> Row[Any]:
    """The same; raises InputRefused where there is none."""
    row = waiting(connection, found.number)
    if row is None:
        raise InputRefused(
            f"no schedule waits for deposit {found.number}",
            f"Attach one: ancadmin deposits bulk schedule {found.number} FILE",
        )
    return row


def withdraw(batch: Batch, row: Row[Any]) -> None:
    """The schedule no longer waits; this batch says why."""
    batch.changed(difference(bulk_schedule, row.id, {"reversed_by": None}, {"reversed_by": batch.number}))
    batch.connection.execute(update(bulk_schedule).where(bulk_schedule.c.id == row.id).values(reversed_by=batch.number))
