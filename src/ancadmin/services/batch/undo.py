"""Takes back what one batch did: asks each noun in turn, and says what was kept."""

import json
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, func, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import change, member
from ancadmin.domain.roles import Role
from ancadmin.errors import InputRefused, NotAllowed
from ancadmin.services.approvals.undo import undo as undo_requests
from ancadmin.services.batch.kept import KEPT_ENTRIES, Kept
from ancadmin.services.batch.own_work import refuse_no_longer
from ancadmin.services.config.undo import undo as undo_authorisation
from ancadmin.services.costs.undo import undo as undo_costs
from ancadmin.services.db.demarcation_undo import undo as undo_demarcation
from ancadmin.services.db.undo import undo as undo_places
from ancadmin.services.deposits.reminders.undo import undo as undo_reminders
from ancadmin.services.deposits.undo import undo as undo_deposits
from ancadmin.services.deposits.undone import refuse_above_alone
from ancadmin.services.export.attendance.undo import undo as undo_attendance
from ancadmin.services.export.registers.undo import undo as undo_papers
from ancadmin.services.member.disputes.undo import undo as undo_disputes
from ancadmin.services.member.undo import undo as undo_decisions
from ancadmin.services.operator.undo import undo as undo_roles
from ancadmin.services.profiles.undo import undo as undo_profiles
from ancadmin.services.register.duplicates.undo import undo as undo_duplicates
from ancadmin.services.register.undo import undo as undo_registers
from ancadmin.services.session import Session
from ancadmin.services.standing.undo import undo as undo_statuses

# Latest work first: papers stand on money and decisions, these on members, members on places.
_NOUNS = (
    undo_reminders,
    undo_attendance,
    undo_papers,
    undo_costs,
    undo_deposits,
    undo_requests,
    undo_disputes,
    undo_decisions,
    undo_statuses,
    undo_duplicates,
    undo_registers,
    undo_profiles,
    undo_demarcation,
    undo_places,
    undo_roles,
    undo_authorisation,
)
_NEVER = {"init", "init --sole-operator", "db upgrade"}
_MOST_STORED = 200
"""Of what was kept, so many entries stay on record with the undo."""
_CHUNK = 5000


@dataclass(frozen=True)
class Undone:
    """`undoes` is the batch taken back by `batch`; `counts` what was taken back, `kept` what was not and why."""

    batch: int
    undoes: int
    command: str
    counts: dict[str, Any]
    kept: list[Kept]

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON shows it."""
        kept = [one.as_dict(in_full=True) for one in self.kept]
        return {"batch": self.batch, "undoes": self.undoes, "command": self.command, **self.counts, "kept": kept}


def undo_batch(session: Session, number: int) -> Undone:
    """Takes batch `number` back in a batch of its own; one taken back in part may be taken back again, for what was
    kept then. Raises InputRefused for what is not there or taken back already, NotAllowed for what cannot be taken
    back and for other people's work.
    """
    with session.batch("batch undo") as batch:
        command, undone_by = _undoable(session, batch.connection, number)
        # The row names what it undoes only once that is known to be a batch: the column is a foreign key.
        batch.undoes = number
        batch.connection.execute(update(batch_table).where(batch_table.c.number == batch.number).values(undoes=number))
        kept: list[Kept] = []
        for undo_noun in _NOUNS:
            kept += undo_noun(batch, number)
        refuse_above_alone(session, batch, number)
        if undone_by is not None and not _took_back(batch):
            raise _kept_still(number, undone_by, kept) if kept else _undone_already(number, undone_by)
        kept = _in_full(batch.connection, kept)
        batch.connection.execute(
            update(batch_table).where(batch_table.c.number == number).values(undone_by=batch.number)
        )
        counts = dict(batch.counts)
        batch.counts.update(undoes=number, kept=len(kept))
        if kept:
            batch.counts[KEPT_ENTRIES] = [one.as_dict(in_full=False) for one in kept[:_MOST_STORED]]
    return Undone(batch.number, number, command, counts, kept)


def _undoable(session: Session, connection: Connection, number: int) -> tuple[str, int | None]:
    """The batch's command, and the undo that took back part of it."""
    row = connection.execute(select(batch_table).where(batch_table.c.number == number)).mappings().first()
    if row is None:
        raise InputRefused("no such batch", "See: ancadmin batch list", value=str(number))
    if row["undone_by"] is not None and not _kept_something(connection, row["undone_by"]):
        raise _undone_already(number, row["undone_by"])
    if row["undoes"] is not None:
        raise NotAllowed(
            f"batch {number} is itself an undo, of batch {row['undoes']}",
            f"Run the command of batch {row['undoes']} again: ancadmin batch show {row['undoes']}",
        )
    if row["command"] in _NEVER:
        raise NotAllowed(f"batch {number} ({row['command']}) cannot be undone", "Start another store instead.")
    if not any(role is Role.NATIONAL_OFFICER for role, _ in session.roles):
        if row["operator"] != session.account:
            raise NotAllowed(f"batch {number} is the work of {row['operator']}", "Ask them, or a national officer.")
        refuse_no_longer(session, connection, number)
    return str(row["command"]), row["undone_by"]


def _kept_something(connection: Connection, undone_by: int) -> bool:
    counts = connection.scalar(select(batch_table.c.counts).where(batch_table.c.number == undone_by))
    return bool(json.loads(counts or "{}").get("kept"))


def _took_back(batch: Batch) -> bool:
    """Something was: every noun counts what it took back, or records the fields it changed."""
    changed = select(func.count()).select_from(change).where(change.c.batch == batch.number)
    return any(batch.counts.values()) or bool(batch.connection.scalar(changed))


def _undone_already(number: int, by: int) -> InputRefused:
    return InputRefused(
        f"batch {number} was undone already, by batch {by}", f"What it did stands in: ancadmin batch show {by}"
    )


def _kept_still(number: int, by: int, kept: list[Kept]) -> NotAllowed:
    rest = "" if len(kept) == 1 else f", and {len(kept) - 1} more"
    return NotAllowed(
        f"what batch {by} left of batch {number} has to stay still: {kept[0].what}: {kept[0].why}{rest}",
        "Undo the later work first: ancadmin batch list",
    )


def _in_full(connection: Connection, kept: list[Kept]) -> list[Kept]:
    """What was kept, its members with their ID number."""
    rows = sorted({one.member for one in kept if one.member is not None})
    numbers: dict[int, str] = {}
    for start in range(0, len(rows), _CHUNK):
        some = select(member.c.id, member.c.id_number).where(member.c.id.in_(rows[start : start + _CHUNK]))
        numbers.update((row.id, row.id_number) for row in connection.execute(some))
    return [one if one.member is None else replace(one, id_number=numbers.get(one.member)) for one in kept]
