"""The one wrong death of a result file is taken back by itself; the rest stays (docs/rules.md, section 5)."""

import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import decision, member
from ancadmin.domain.authorisation import Act
from ancadmin.domain.decisions import Kind
from ancadmin.errors import InputRefused
from ancadmin.services.member.decide import require_reason
from ancadmin.services.member.whose import member_row, numbered
from ancadmin.services.operator.reach import require
from ancadmin.services.session import Session
from ancadmin.services.standing.query import recorded
from ancadmin.services.standing.settle import settle

COMMAND = "member deceased undo"
IMPORT = "member deceased import"


@dataclass(frozen=True)
class TakenBack:
    """A death taken back. `recorded_in`: the batch that had recorded it."""

    batch: int
    id_number: str
    died_on: str
    recorded_in: int
    why: str


def take_back_death(session: Session, text: str, *, why: str) -> TakenBack:
    """Takes back the death of the member with the ID number `text`. The entry stays and names the batch that took it
    back; that batch names the one that had recorded it, and the reason. Raises InputRefused for somebody not on record
    as deceased, or by other means than a result file; NotAllowed.
    """
    why = require_reason(why)
    with session.batch(COMMAND) as batch:
        row = member_row(batch.connection, text, batch.today, batch.policy)
        able = batch.policy.authorisation.alone(Act.DEATH, None, batch.today)
        require(session, batch.connection, able, row["branch"], f"decide about members of branch {row['branch']}")
        held = _held(batch.connection, row["id"])
        batch.connection.execute(update(decision).where(decision.c.id == held["id"]).values(reversed_by=batch.number))
        settle(batch, numbered([row["id_number"]]))
        told = {"died_on": held["begins_on"], "recorded_in": held["recorded_in"], "why": why}
        batch.counts.update(member=row["id"], **told)
        return TakenBack(batch=batch.number, id_number=row["id_number"], **told)


def _held(connection: Connection, number: int) -> dict[str, Any]:
    """The death on record, with the batch and the command that first recorded it."""
    first = decision.alias("first")
    made = (
        select(decision.c.id, decision.c.begins_on, first.c.batch.label("recorded_in"), batch_table.c.command)
        .join(first, first.c.id == recorded(decision))
        .join(batch_table, batch_table.c.number == first.c.batch)
        .where(decision.c.member == number, decision.c.kind == Kind.DECEASED, decision.c.reversed_by.is_(None))
        .order_by(decision.c.id)
    )
    rows = [dict(row) for row in connection.execute(made).mappings()]
    if not rows:
        raise InputRefused("is not on record as deceased", "See: ancadmin member history ID")
    held = next((row for row in rows if row["command"] == IMPORT), None)
    if held is None:
        by = rows[0]
        raise InputRefused(
            f"the death was not recorded from a result file, but by batch {by['recorded_in']} ({by['command']})",
            f"Undo that batch, or correct what it read: ancadmin batch show {by['recorded_in']}",
        )
    return held


def taken_back(connection: Connection, members: Collection[int]) -> dict[int, set[str]]:
    """The days (ISO text) of deaths taken back one by one, of some members and of the records merged into them since;
    by member, those without any left out.
    """
    whose = func.coalesce(member.c.merged_into, member.c.id)
    rows = connection.execute(
        select(whose, decision.c.begins_on)
        .join(decision, decision.c.member == member.c.id)
        .where(
            or_(member.c.id.in_(members), member.c.merged_into.in_(members)),
            decision.c.kind == Kind.DECEASED,
            decision.c.reversed_by.in_(takings_back()),
        )
    )
    found: dict[int, set[str]] = defaultdict(set)
    for number, day in rows:
        found[number].add(day)
    return found


def takings_back() -> Select[tuple[int]]:
    """The batches that took one death back, and were not undone."""
    return select(batch_table.c.number).where(batch_table.c.command == COMMAND, batch_table.c.undone_by.is_(None))


def death_taken_back_why(connection: Connection, number: int) -> str | None:
    """The reason of a batch that took one death back; None for any other batch."""
    counts = connection.scalar(
        select(batch_table.c.counts).where(batch_table.c.number == number, batch_table.c.command == COMMAND)
    )
    return None if counts is None else str(json.loads(counts)["why"])


def takes_back_a_death(batch: Batch, number: int) -> bool:
    """Whether batch `number` took one death back: undone, that death holds again."""
    return batch.connection.scalar(select(batch_table.c.command).where(batch_table.c.number == number)) == COMMAND
