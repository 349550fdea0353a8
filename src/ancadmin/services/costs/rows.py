"""The rows of a draft as they are written: put in, changed, taken out; what was there stays with the batch."""

from typing import Any

from sqlalchemy import Table, func, insert, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import cost_line, cost_option
from ancadmin.domain.costs import Line, OptionKind
from ancadmin.services.batch.changes import difference


def tidy(text: str) -> str:
    """One paragraph of printable text, single spaces between the words."""
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())


def put_option(batch: Batch, sheet: int, kind: OptionKind, title: str) -> tuple[int, int]:
    """Adds an option; its id and its position."""
    position = _next(batch, cost_option, "sheet", sheet)
    (key,) = batch.connection.execute(
        insert(cost_option)
        .values(sheet=sheet, position=position, kind=kind, title=title, batch=batch.number)
        .returning(cost_option.c.id)
    ).one()
    return key, position


def put_line(batch: Batch, option: int, line: Line) -> int:
    """Adds a line to the option with the id `option`; its position, whatever `line.position` is."""
    position = _next(batch, cost_line, "option", option)
    batch.connection.execute(
        insert(cost_line).values(option=option, position=position, batch=batch.number, **stored(line))
    )
    return position


def change_row(batch: Batch, table: Table, key: int, before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Gives a row what of `after` differs from `before`; the names of the fields that do."""
    rows = difference(table, key, before, after)
    if not rows:
        return []
    (column,) = table.primary_key.columns
    batch.changed(rows)
    fields = [row["field"] for row in rows]
    batch.connection.execute(update(table).where(column == key).values({name: after[name] for name in fields}))
    return fields


def take_out(batch: Batch, table: Table, key: int) -> None:
    """Takes an option or a line out; its place is never given again."""
    change_row(batch, table, key, {"reversed_by": None}, {"reversed_by": batch.number})


def stored(line: Line) -> dict[str, Any]:
    """A line as its row has it, apart from where it stands. Equal lines have equal rows."""
    return {
        "kind": str(line.kind),
        "part_number": tidy(line.part_number),
        "description": tidy(line.description),
        "quantity": "" if line.quantity is None else f"{line.quantity.normalize():f}",
        "unit_cents": line.unit_cents,
        "handling_percent": f"{line.handling_percent.normalize():f}",
        "invoice_cents": line.invoice_cents,
        "discount_cents": line.discount_cents,
        "allowance_cents": line.allowance_cents,
    }


def _next(batch: Batch, table: Table, owner: str, key: int) -> int:
    # Removed rows keep their place: B3 means the same line for good.
    taken = batch.connection.scalar(select(func.max(table.c.position)).where(table.c[owner] == key))
    return (taken or 0) + 1
