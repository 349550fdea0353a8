"""Cost sheets go when the months of their retention are over (docs/rules.md, section 7): that they were there stays."""

from datetime import date
from typing import Any

from sqlalchemy import String, cast, delete, or_, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import change, cost_decision, cost_line, cost_option, cost_sheet
from ancadmin.domain.dates import add_months
from ancadmin.domain.roles import DECIDES
from ancadmin.errors import NotAllowed
from ancadmin.services.costs.sheets import PURGE, CostRecord, load
from ancadmin.services.operator.reach import places_reached
from ancadmin.services.session import Session

_TEXTS = ("subject", "name", "address", "concern", "cause", "correction", "not_serviced", "explanation")


def purge(session: Session) -> dict[str, Any]:
    """Removes what is said on every sheet due to go by today, of the regions the caller reaches: `batch, removed, kept,
    sheets[]` of `sheet, region, day, state, approved, approved_cents`. Their numbers are not given again. It cannot be
    undone. Raises NotAllowed.
    """
    if not any(role in DECIDES for role, _ in session.roles):
        raise NotAllowed(f"{session.account} may not remove cost sheets", "Ask a membership officer to do it.")
    with session.batch(PURGE) as batch:
        reached = places_reached(session, batch.connection, DECIDES)
        mine = [] if reached is None else [cost_sheet.c.region.in_(sorted(reached))]
        records = load(batch.connection, *mine)
        months = batch.policy.cost_sheet_months
        due = [record for record in records if record.keep_until(months) <= batch.today]
        undone = select(cost_sheet.c.number, cost_sheet.c.opened_on).where(
            cost_sheet.c.reversed_by.is_not(None), cost_sheet.c.subject != "", *mine
        )
        old = [
            row.number
            for row in batch.connection.execute(undone)
            if add_months(date.fromisoformat(row.opened_on), months) <= batch.today
        ]
        for number in (*(record.number for record in due), *old):
            _remove(batch, number)
        answer = {"removed": len(due), "kept": len(records) - len(due), "sheets": [_left(record) for record in due]}
        batch.counts.update(answer)
    return {"batch": batch.number, **answer}


def _left(record: CostRecord) -> dict[str, Any]:
    """What stays of a sheet, with the batch that removed it: nothing that anyone wrote on it."""
    approved = record.approved
    return {
        "sheet": record.number,
        "region": record.sheet.region,
        "day": record.day.isoformat(),
        "state": str(record.state),
        "approved": approved.letter if approved else None,
        "approved_cents": approved.total_cents if approved else None,
    }


def _remove(batch: Batch, number: int) -> None:
    """Deletes a sheet's rows and every earlier text of them; its own row stays, blank, and keeps the number taken."""
    connection = batch.connection
    options = select(cost_option.c.id).where(cost_option.c.sheet == number)
    option_keys = select(cast(cost_option.c.id, String)).where(cost_option.c.sheet == number)
    line_keys = select(cast(cost_line.c.id, String)).where(cost_line.c.option.in_(options))
    connection.execute(
        delete(change).where(
            or_(
                (change.c.table_name == cost_sheet.name) & (change.c.key == str(number)),
                (change.c.table_name == cost_option.name) & change.c.key.in_(option_keys),
                (change.c.table_name == cost_line.name) & change.c.key.in_(line_keys),
            )
        )
    )
    connection.execute(delete(cost_decision).where(cost_decision.c.sheet == number))
    connection.execute(delete(cost_line).where(cost_line.c.option.in_(options)))
    connection.execute(delete(cost_option).where(cost_option.c.sheet == number))
    connection.execute(
        update(cost_sheet)
        .where(cost_sheet.c.number == number)
        .values({**dict.fromkeys(_TEXTS, ""), "reversed_by": batch.number})
    )
