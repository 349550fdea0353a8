"""The sweeps there were: which stand, and to which day they brought the statuses."""

import json
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, Select, exists, select

from ancadmin.db.schema import batch as batches
from ancadmin.db.schema import status_change
from ancadmin.errors import InputRefused

COMMAND = "standing sweep"


class Swept(NamedTuple):
    """A sweep that stands: its batch, the day it brought the statuses to, whether it changed any."""

    batch: int
    on: date
    changed: bool


def last_sweep(connection: Connection) -> tuple[int, date] | None:
    """The batch of the last sweep that stands, and the day it brought the statuses to."""
    found = connection.execute(_standing_sweeps().limit(1)).first()
    return (found.number, _day_of(found.counts)) if found else None


def sweeps_standing(connection: Connection) -> list[Swept]:
    """The sweeps that stand, latest first, back to the last one that changed anything."""
    found: list[Swept] = []
    for row in connection.execute(_standing_sweeps()).all():
        changed = select(status_change.c.id).where(
            status_change.c.batch == row.number, status_change.c.reversed_by.is_(None)
        )
        found.append(Swept(row.number, _day_of(row.counts), connection.scalar(changed.limit(1)) is not None))
        if found[-1].changed:
            break
    return found


def _standing_sweeps() -> Select[tuple[int, str]]:
    """Not undone, and no sweep it came after undone since: that put the statuses back to before them both."""
    before = batches.alias("before")
    taken_from_under = exists(
        select(before.c.number).where(
            before.c.command == COMMAND, before.c.number < batches.c.number, before.c.undone_by > batches.c.number
        )
    )
    return (
        select(batches.c.number, batches.c.counts)
        .where(
            batches.c.command == COMMAND,
            batches.c.finished_at.is_not(None),
            batches.c.undone_by.is_(None),
            ~taken_from_under,
        )
        .order_by(batches.c.number.desc())
    )


def _day_of(counts: str) -> date:
    return date.fromisoformat(json.loads(counts)["on"])


def refuse_going_back(connection: Connection, day: date) -> int:
    """The batch of the last sweep (0: none yet). Raises InputRefused when it was to a later day."""
    last = last_sweep(connection)
    if last is None or day >= last[1]:
        return last[0] if last else 0
    raise InputRefused(
        f"the statuses stand at {last[1].isoformat()} already (batch {last[0]}), and a sweep does not go back",
        f"For an earlier day: ancadmin member list --on {day.isoformat()}. "
        f"If that sweep was a mistake: ancadmin batch undo {_in_the_way(connection, day)}",
        value=day.isoformat(),
    )


def _in_the_way(connection: Connection, day: date) -> int:
    """The earliest sweep to a later day that can be undone: those after it changed nothing, and go with it."""
    return [one.batch for one in sweeps_standing(connection) if one.on > day][-1]
