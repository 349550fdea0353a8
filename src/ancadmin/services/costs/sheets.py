"""Cost-comparison sheets as they stand: what a person sees, decides on and prints."""

from collections import defaultdict
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, select

from ancadmin.db.schema import batch, cost_decision, cost_line, cost_option, cost_sheet, operator, province, region
from ancadmin.domain.cost_paper import CostPaper, Decided
from ancadmin.domain.costs import Line, LineKind, Option, OptionKind, Sheet, SheetState
from ancadmin.domain.roles import DECIDES, Role
from ancadmin.errors import InputRefused, NotAllowed
from ancadmin.services.operator.reach import require
from ancadmin.services.session import Session

PURGE = "costs purge"


@dataclass(frozen=True)
class CostRecord(CostPaper):
    """A sheet with all that is on record about it; the ids are those of the rows, by position."""

    option_ids: dict[int, int]
    line_ids: dict[tuple[int, int], int]

    @property
    def paper(self) -> CostPaper:
        """What of it goes on paper."""
        return CostPaper(**{field.name: getattr(self, field.name) for field in fields(CostPaper)})


def find(connection: Connection, number: int) -> CostRecord:
    """The sheet with that number. Raises InputRefused when there is none, or it was undone."""
    found = load(connection, cost_sheet.c.number == number)
    if not found:
        removed = removed_in(connection, number)
        if removed is not None:
            raise InputRefused(
                f"cost sheet {number} is gone: the months of its retention were over",
                f"What is left of it: ancadmin batch show {removed}",
            )
        raise InputRefused("no such cost sheet", "See: ancadmin costs list", value=str(number))
    return found[0]


def removed_in(connection: Connection, number: int) -> int | None:
    """The batch that removed a sheet whose months of retention were over; None for any other."""
    return connection.scalar(
        select(batch.c.number)
        .join(cost_sheet, cost_sheet.c.reversed_by == batch.c.number)
        .where(cost_sheet.c.number == number, batch.c.command == PURGE)
    )


def seen(session: Session, connection: Connection, number: int) -> CostRecord:
    """The sheet with that number, for someone whose roles reach its region. Raises InputRefused, NotAllowed."""
    record = find(connection, number)
    require(session, connection, frozenset(Role), record.sheet.region, f"see the cost sheets of {record.sheet.region}")
    return record


def draft(session: Session, connection: Connection, number: int, what: str) -> CostRecord:
    """A sheet that may still be changed, for someone who does so there; `what` is about to be done. Raises NotAllowed
    to others and for one that was submitted, InputRefused for none.
    """
    record = find(connection, number)
    require(session, connection, DECIDES, record.sheet.region, what)
    if record.decisions:
        last = record.decisions[-1]
        raise NotAllowed(
            f"sheet {number} was {last.kind} on {last.decided_at[:10]} and stands as it is",
            f"Take that back first: ancadmin batch undo {last.batch}",
        )
    return record


def load(connection: Connection, *where: ColumnElement[bool]) -> list[CostRecord]:
    """Every standing sheet that answers to `where`, in order of number: four queries, however many sheets."""
    sheets = (
        connection.execute(
            select(
                cost_sheet,
                region.c.name.label("region_name"),
                province.c.name.label("province"),
                operator.c.name.label("opened_by"),
            )
            .join(region, region.c.code == cost_sheet.c.region)
            .join(province, province.c.code == region.c.province)
            .join(batch, batch.c.number == cost_sheet.c.batch)
            .outerjoin(operator, operator.c.account == batch.c.operator)
            .where(cost_sheet.c.reversed_by.is_(None), *where)
            .order_by(cost_sheet.c.number)
        )
        .mappings()
        .all()
    )
    if not sheets:
        return []
    wanted = select(cost_sheet.c.number).where(cost_sheet.c.reversed_by.is_(None), *where)
    options = _rows(
        connection,
        select(cost_option)
        .where(cost_option.c.sheet.in_(wanted), cost_option.c.reversed_by.is_(None))
        .order_by(cost_option.c.position),
        "sheet",
    )
    lines = _rows(
        connection,
        select(cost_line)
        .join(cost_option, cost_option.c.id == cost_line.c.option)
        .where(cost_option.c.sheet.in_(wanted), cost_option.c.reversed_by.is_(None), cost_line.c.reversed_by.is_(None))
        .order_by(cost_line.c.position),
        "option",
    )
    decisions = _rows(
        connection,
        select(cost_decision, operator.c.name)
        .outerjoin(operator, operator.c.account == cost_decision.c.operator)
        .where(cost_decision.c.sheet.in_(wanted), cost_decision.c.reversed_by.is_(None))
        .order_by(cost_decision.c.id),
        "sheet",
    )
    return [_record(row, options[row["number"]], lines, decisions[row["number"]]) for row in sheets]


Grouped = dict[int, list[RowMapping]]


def _rows(connection: Connection, query: Any, key: str) -> Grouped:
    found: Grouped = defaultdict(list)
    for row in connection.execute(query).mappings():
        found[row[key]].append(row)
    return found


def _record(row: RowMapping, options: list[RowMapping], lines: Grouped, decisions: list[RowMapping]) -> CostRecord:
    positions = {option["id"]: option["position"] for option in options}
    sheet = Sheet(
        **{name: row[name] for name in ("subject", "region", "name", "address", "concern", "cause", "correction")},
        not_serviced=row["not_serviced"],
        explanation=row["explanation"],
        options=tuple(_option(option, lines[option["id"]]) for option in options),
    )
    return CostRecord(
        number=row["number"],
        sheet=sheet,
        region_name=row["region_name"],
        province=row["province"],
        opened_on=row["opened_on"],
        opened_by=row["opened_by"] or "",
        decisions=tuple(_decided(decided, positions) for decided in decisions),
        option_ids={option["position"]: option["id"] for option in options},
        line_ids={
            (option["position"], line["position"]): line["id"] for option in options for line in lines[option["id"]]
        },
    )


def _decided(row: RowMapping, positions: dict[int, int]) -> Decided:
    names = ("why", "operator", "role", "own_work", "decided_at", "batch")
    option = positions.get(row["option"]) if row["option"] is not None else None
    return Decided(
        kind=SheetState(row["kind"]),
        option=option,
        name=row["name"] or row["operator"],
        **{name: row[name] for name in names},
    )


def _option(row: RowMapping, lines: list[RowMapping]) -> Option:
    return Option(row["position"], OptionKind(row["kind"]), row["title"], tuple(_line(line) for line in lines))


def _line(row: RowMapping) -> Line:
    return Line(
        position=row["position"],
        kind=LineKind(row["kind"]),
        part_number=row["part_number"],
        description=row["description"],
        quantity=Decimal(row["quantity"]) if row["quantity"] else None,
        unit_cents=row["unit_cents"],
        handling_percent=Decimal(row["handling_percent"]),
        invoice_cents=row["invoice_cents"],
        discount_cents=row["discount_cents"],
        allowance_cents=row["allowance_cents"],
    )
