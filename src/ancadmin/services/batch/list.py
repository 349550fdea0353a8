"""Every write there was: newest first, or one of them whole."""

import json
from typing import Any

from sqlalchemy import func, select, true

from ancadmin.db.schema import batch, change
from ancadmin.errors import InputRefused, NotAllowed
from ancadmin.services.batch.kept import KEPT_ENTRIES
from ancadmin.services.operator.reach import accounts_reached
from ancadmin.services.session import Session


def list_batches(session: Session, *, limit: int) -> list[dict[str, Any]]:
    """Rows `batch, command, operator, finished_at, counts{}, undoes, undone_by`, newest first: the work of accounts
    the caller sees.
    """
    with session.reading("batch list", limit=limit) as connection:
        accounts = accounts_reached(session, connection)
        rows = connection.execute(
            select(
                batch.c.number.label("batch"),
                batch.c.command,
                batch.c.operator,
                batch.c.finished_at,
                batch.c.counts,
                batch.c.undoes,
                batch.c.undone_by,
            )
            .where(true() if accounts is None else batch.c.operator.in_(sorted(accounts)))
            .order_by(batch.c.number.desc())
            .limit(limit)
        )
        return [{**row, "counts": _counts(row["counts"])[0]} for row in rows.mappings()]


def show_batch(session: Session, number: int) -> dict[str, Any]:
    """All that is on record about one batch, with how many fields it changed by table; of an undo, what it `kept`
    and why, the first of it. Raises InputRefused, NotAllowed for the work of somebody out of reach.
    """
    with session.reading("batch show", batch=number) as connection:
        row = connection.execute(select(batch).where(batch.c.number == number)).mappings().first()
        if row is None:
            raise InputRefused("no such batch", "See: ancadmin batch list", value=str(number))
        accounts = accounts_reached(session, connection)
        if accounts is not None and row["operator"] not in accounts:
            raise NotAllowed(
                f"{session.account} may not see batch {number}: it is the work of {row['operator']}",
                "Ask a national officer or an auditor of the whole organisation.",
            )
        changed = connection.execute(
            select(change.c.table_name, func.count()).where(change.c.batch == number).group_by(change.c.table_name)
        )
        found = {"batch": row["number"], **row, "changed_fields": dict(sorted(tuple(pair) for pair in changed))}
        del found["number"]
        counts, kept = _counts(row["counts"])
        told = {"kept": kept} if kept else {}
        return {**found, "counts": counts, **told, "inputs": json.loads(row["inputs"])}


def _counts(text: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The counts proper, and what an undo kept."""
    counts: dict[str, Any] = json.loads(text)
    return counts, counts.pop(KEPT_ENTRIES, [])
