"""Submitting a sheet, and approving one of its options (docs/rules.md, sections 7 and 8)."""

from typing import Any

from sqlalchemy import Connection, String, cast, insert, or_, select, union

from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import change, cost_decision, cost_line, cost_option, cost_sheet
from ancadmin.domain.costs import Option, SheetState, approvers
from ancadmin.domain.roles import DECIDES, LEVELS, Role
from ancadmin.domain.vague import is_blank, is_vague
from ancadmin.errors import InputRefused, NotAllowed
from ancadmin.services.costs.fill import named_option
from ancadmin.services.costs.rows import tidy
from ancadmin.services.costs.sheets import CostRecord, draft, find
from ancadmin.services.operator.reach import places_above, require
from ancadmin.services.session import Session


def submit(session: Session, number: int) -> dict[str, Any]:
    """Hands a complete sheet in for approval; from then on it stands as it is. Raises NotAllowed, InputRefused."""
    with session.batch("costs submit") as batch:
        record = draft(session, batch.connection, number, f"submit cost sheet {number}")
        best = _complete(record, "submitted")
        role = _highest(session, batch.connection, record, tuple(DECIDES))
        _decide(batch, record, SheetState.SUBMITTED, best, "", role, own_work=False)
    return {
        "batch": batch.number,
        "sheet": number,
        "state": str(SheetState.SUBMITTED),
        "recommended": best.letter,
        "kind": str(best.kind),
        "total_cents": best.total_cents,
    }


def approve(session: Session, number: int, *, option: str | None, why: str) -> dict[str, Any]:
    """Approves an option of a submitted sheet, the recommended one unless another is named. An approval is a name, a
    date, a time and an explanation; another than the recommended needs the next level up. Nobody approves their own,
    the sole operator excepted. Raises NotAllowed, InputRefused.
    """
    why = tidy(why)
    if is_blank(why) or is_vague(why):
        raise InputRefused("the explanation says nothing", "Write out why this option, in a sentence.", value=why)
    with session.batch("costs approve") as batch:
        record = find(batch.connection, number)
        what = f"approve cost sheet {number}"
        lowest = session.policy.cost_sheet_approver
        require(session, batch.connection, approvers(lowest, takes_recommendation=True), record.sheet.region, what)
        best = _complete(record, "approved")
        _refuse_state(record)
        chosen = named_option(record, option) if option else best
        takes_recommendation = chosen.position == best.position
        able = approvers(lowest, takes_recommendation=takes_recommendation)
        if not takes_recommendation:
            what += f" for option {chosen.letter}, when {best.letter} is recommended"
        require(session, batch.connection, able, record.sheet.region, what)
        own = session.account in _workers(batch.connection, number)
        if own and not session.sole_operator:
            raise NotAllowed(
                f"{session.account} has worked on sheet {number}, and nobody approves their own",
                f"Ask another {able[0].words} of that place, or someone above.",
            )
        role = _highest(session, batch.connection, record, able)
        _decide(batch, record, SheetState.APPROVED, chosen, why, role, own_work=own)
    return {
        "batch": batch.number,
        "sheet": number,
        "state": str(SheetState.APPROVED),
        "option": chosen.letter,
        "kind": str(chosen.kind),
        "total_cents": chosen.total_cents,
        "recommended": best.letter,
        "dearer_by_cents": chosen.total_cents - best.total_cents,
        "own_work": own,
    }


def _complete(record: CostRecord, done: str) -> Option:
    best = record.recommended
    if record.faults or best is None:
        first = record.faults[0]
        more = f"; and {len(record.faults) - 1} more" if len(record.faults) > 1 else ""
        raise NotAllowed(
            f"sheet {record.number} is not complete, so it cannot be {done}: {first.where}: {first.what}{more}",
            f"See what is missing, line by line: ancadmin costs show {record.number}",
        )
    return best


def _refuse_state(record: CostRecord) -> None:
    if record.state is SheetState.DRAFT:
        raise NotAllowed(
            f"sheet {record.number} was not submitted yet", f"Hand it in first: ancadmin costs submit {record.number}"
        )
    if record.state is SheetState.APPROVED:
        last = record.decisions[-1]
        raise NotAllowed(
            f"sheet {record.number} was approved by {last.name} on {last.decided_at[:10]}",
            f"Take that back first: ancadmin batch undo {last.batch}",
        )


def _decide(
    batch: Batch, record: CostRecord, kind: SheetState, option: Option, why: str, role: Role, *, own_work: bool
) -> None:
    batch.connection.execute(
        insert(cost_decision).values(
            sheet=record.number,
            kind=kind,
            option=record.option_ids[option.position],
            why=why,
            operator=batch.operator,
            role=role,
            own_work=own_work,
            decided_at=batch.started_at,
            batch=batch.number,
        )
    )
    batch.counts.update(sheet=record.number, option=option.letter, cents=option.total_cents)


def _highest(session: Session, connection: Connection, record: CostRecord, roles: tuple[Role, ...]) -> Role:
    above = places_above(connection, record.sheet.region)
    held = [role for role, place in session.roles if role in roles and place in above]
    return max(held, key=LEVELS.index)


def _workers(connection: Connection, number: int) -> frozenset[str]:
    """The accounts whose work stands on the sheet: who opened it, filled it in, submitted it, or changed it."""
    options = select(cost_option.c.id).where(cost_option.c.sheet == number)
    option_keys = select(cast(cost_option.c.id, String)).where(cost_option.c.sheet == number)
    line_keys = select(cast(cost_line.c.id, String)).where(cost_line.c.option.in_(options))
    changed = or_(
        (change.c.table_name == cost_sheet.name) & (change.c.key == str(number)),
        (change.c.table_name == cost_option.name) & change.c.key.in_(option_keys),
        (change.c.table_name == cost_line.name) & change.c.key.in_(line_keys),
    )
    submitted = (cost_decision.c.sheet == number) & (cost_decision.c.kind == SheetState.SUBMITTED)
    worked = union(
        select(cost_sheet.c.batch).where(cost_sheet.c.number == number),
        select(cost_option.c.batch).where(cost_option.c.sheet == number, cost_option.c.reversed_by.is_(None)),
        select(cost_line.c.batch).where(cost_line.c.option.in_(options), cost_line.c.reversed_by.is_(None)),
        select(cost_decision.c.batch).where(submitted, cost_decision.c.reversed_by.is_(None)),
        select(change.c.batch).where(changed),
    )
    return frozenset(connection.scalars(select(batch_table.c.operator).where(batch_table.c.number.in_(worked))))
