"""Cost-comparison sheets for people and programs: one whole, or all of them, a line each."""

from dataclasses import asdict
from typing import Any

from ancadmin.db.schema import cost_sheet
from ancadmin.domain.cost_paper import Decided, decision_words, recommendation_words
from ancadmin.domain.costs import Line, Option, SheetState, option_faults
from ancadmin.domain.roles import Role
from ancadmin.services.costs.sheets import CostRecord, load, seen
from ancadmin.services.operator.reach import reaches
from ancadmin.services.session import Session


def show_sheet(session: Session, number: int) -> dict[str, Any]:
    """Everything on one sheet: headings, `options[]` with their `lines[]` and totals, `faults[]` line by line, the
    recommendation, `decisions[]`. Money in integer cents. Raises InputRefused, NotAllowed.
    """
    with session.reading("costs show", sheet=number) as connection:
        record = seen(session, connection, number)
    return as_dict(record, session.policy.cost_sheet_months)


def list_sheets(session: Session, *, region: str | None, state: SheetState | None) -> list[dict[str, Any]]:
    """Rows `sheet, region, subject, opened_on, state, complete, options, recommended, recommended_cents, approved,
    approved_cents, keep_until`, by number: those of the regions the caller's roles reach.
    """
    where = [cost_sheet.c.region == region] if region else []
    with session.reading("costs list", region=region, state=state) as connection:
        records = load(connection, *where)
        regions = {record.sheet.region for record in records}
        reached = {code for code in regions if reaches(session, connection, frozenset(Role), code)}
    months = session.policy.cost_sheet_months
    found = [record for record in records if record.sheet.region in reached and state in (None, record.state)]
    return [_row(record, months) for record in found]


def as_dict(record: CostRecord, months: int) -> dict[str, Any]:
    """A sheet as JSON shows it; `months` of its retention."""
    sheet, best, approved = record.sheet, record.recommended, record.approved
    headings = ("name", "address", "concern", "cause", "correction", "not_serviced", "explanation")
    return {
        "sheet": record.number,
        "state": str(record.state),
        "complete": not record.faults,
        "subject": sheet.subject,
        "region": sheet.region,
        "region_name": record.region_name,
        **{field: getattr(sheet, field) for field in headings},
        "opened_on": record.opened_on,
        "opened_by": record.opened_by,
        "keep_until": record.keep_until(months).isoformat(),
        "recommended": best.letter if best else None,
        "recommendation": recommendation_words(record),
        "approved": approved.letter if approved else None,
        "options": [_option(option, best) for option in sheet.options],
        "faults": [asdict(fault) for fault in record.faults],
        "decisions": [_decided(record, decided) for decided in record.decisions],
    }


def _decided(record: CostRecord, decided: Decided) -> dict[str, Any]:
    option = record.option_at(decided.option)
    said = {"option": option.letter if option else None, "words": decision_words(record, decided)}
    return {**asdict(decided), "kind": str(decided.kind), "moment": decided.moment, "when": decided.when, **said}


def _option(option: Option, best: Option | None) -> dict[str, Any]:
    complete = not option_faults(option)
    return {
        "option": option.letter,
        "kind": str(option.kind),
        "title": option.title,
        "total_cents": option.total_cents,
        "refundable_cents": option.refundable_cents,
        "net_cents": option.total_cents - option.refundable_cents,
        "dearer_by_cents": option.total_cents - best.total_cents if best and complete else None,
        "complete": complete,
        "recommended": best is not None and option.position == best.position,
        "lines": [_line(option, line) for line in option.lines],
    }


def _line(option: Option, line: Line) -> dict[str, Any]:
    return {
        "line": f"{option.letter}{line.position}",
        "kind": str(line.kind),
        "part_number": line.part_number,
        "description": line.description,
        "quantity": None if line.quantity is None else f"{line.quantity.normalize():f}",
        "unit_cents": line.unit_cents,
        "handling_percent": f"{line.handling_percent.normalize():f}",
        "invoice_cents": line.invoice_cents,
        "discount_cents": line.discount_cents,
        "allowance_cents": line.comparable_cents if line.invoice_cents is not None else None,
        "cents": line.cents,
        "refundable_cents": line.refundable_cents,
    }


def _row(record: CostRecord, months: int) -> dict[str, Any]:
    best, approved = record.recommended, record.approved
    return {
        "sheet": record.number,
        "region": record.sheet.region,
        "subject": record.sheet.subject,
        "opened_on": record.opened_on,
        "state": str(record.state),
        "complete": not record.faults,
        "options": len(record.sheet.options),
        "recommended": best.letter if best else None,
        "recommended_cents": best.total_cents if best else None,
        "approved": approved.letter if approved else None,
        "approved_cents": approved.total_cents if approved else None,
        "keep_until": record.keep_until(months).isoformat(),
    }
