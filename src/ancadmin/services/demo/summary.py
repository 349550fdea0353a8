"""What the demo did, as the store has it when it is done."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from ancadmin.db.schema import batch, deposit, member, standing
from ancadmin.domain.standing import Status
from ancadmin.services.session import Session


def summary(session: Session, papers: Path) -> dict[str, Any]:
    """Counts of members, register rows, deposits (by state, and in cents), standings and papers on disk."""
    with session.reading("demo summary") as connection:
        rows: Counter[str] = Counter()
        for counts in connection.scalars(select(batch.c.counts).where(batch.c.command == "register import")):
            imported = json.loads(counts)
            rows.update({name: imported[name] for name in ("read", "accepted", "updated", "quarantined")})
        states = connection.execute(
            select(deposit.c.state, func.count(), func.sum(deposit.c.cents), func.sum(deposit.c.unallocated_cents))
            .where(deposit.c.reversed_by.is_(None), deposit.c.state != "not_a_deposit")
            .group_by(deposit.c.state)
            .order_by(deposit.c.state)
        ).all()
        statuses = select(standing.c.status, func.count().label("members")).group_by(standing.c.status)
        found = {row.status: row.members for row in connection.execute(statuses)}
        deposited, open_cents = (sum(int(state[place]) for state in states) for place in (2, 3))
        return {
            "members": connection.scalar(select(func.count()).select_from(member)),
            "register_rows": dict(rows),
            "deposits": {state: count for state, count, _, _ in states},
            "deposited_cents": deposited,
            "allocated_cents": deposited - open_cents,
            "unallocated_cents": open_cents,
            "standing": {status.value: found[status.value] for status in Status if status.value in found},
            "papers": sum(1 for path in papers.rglob("*") if path.suffix in (".pdf", ".xlsx")),
        }
