"""Takes back what a batch did to cost-comparison sheets."""

import json

from sqlalchemy import ColumnElement, Connection, Table, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import change, cost_decision, cost_line, cost_option, cost_sheet
from ancadmin.services.batch.changes import put_back
from ancadmin.services.batch.kept import Kept
from ancadmin.services.costs.sheets import PURGE, removed_in

_TABLES = (cost_decision, cost_line, cost_option, cost_sheet)


def undo(batch: Batch, number: int) -> list[Kept]:
    """Takes back decisions, lines, options, sheets and changed headings, in this order. What was handed in or filled
    in since is kept and named: a submitted sheet stands as it was submitted.
    """
    gone = _gone(batch.connection, number)
    if gone:
        return gone
    sheet = _sheet_of(batch.connection, number)
    if sheet is None:
        return []
    what = f"cost sheet {sheet}"
    later = _later_decision(batch.connection, sheet, number)
    if later:
        kind, by = later
        return [Kept(f"{what}, what batch {number} did to it", f"it was {kind} since, in batch {by}")]
    counts = {cost_decision.name: _reverse(batch, cost_decision, cost_decision.c.batch == number)}
    kept: list[Kept] = []
    changed = cost_line.c.id.in_(_changed_since(batch.connection, cost_line, number))
    counts[cost_line.name] = _reverse(batch, cost_line, cost_line.c.batch == number, ~changed)
    if _standing(batch.connection, cost_line, number):
        kept.append(Kept(f"{what}, lines of batch {number}", "they were changed since"))
    lines = select(cost_line.c.option).where(cost_line.c.reversed_by.is_(None))
    counts[cost_option.name] = _reverse(
        batch,
        cost_option,
        cost_option.c.batch == number,
        cost_option.c.id.not_in(lines),
        cost_option.c.id.not_in(_changed_since(batch.connection, cost_option, number)),
    )
    if _standing(batch.connection, cost_option, number):
        kept.append(Kept(f"{what}, the option of batch {number}", "it was changed, or lines were entered in it, since"))
    kept += _bring_back(batch, number)
    if sheet not in _changed_since(batch.connection, cost_sheet, number):
        options = select(cost_option.c.sheet).where(cost_option.c.reversed_by.is_(None))
        counts[cost_sheet.name] = _reverse(
            batch, cost_sheet, cost_sheet.c.batch == number, cost_sheet.c.number.not_in(options)
        )
    if _standing(batch.connection, cost_sheet, number):
        kept.append(Kept(what, "it was filled in or changed since"))
    batch.counts.update({f"{name}_taken_back": count for name, count in counts.items() if count})
    return kept


def _bring_back(batch: Batch, number: int) -> list[Kept]:
    """Headings get their old text; lines and options taken out are back, unless what entered them was undone too."""
    back, kept = put_back(batch, number, cost_sheet, "cost sheet")
    for table, noun in ((cost_option, "cost option"), (cost_line, "cost line")):
        restored, not_restored = put_back(batch, number, table, noun)
        undone = select(batch_table.c.number).where(batch_table.c.undone_by.is_not(None))
        taken_out = _taken_out(batch.connection, table, number)
        _reverse(
            batch, table, table.c.id.in_([int(key) for key in restored if key in taken_out]), table.c.batch.in_(undone)
        )
        back += restored
        kept += not_restored
    if back:
        batch.counts["cost_rows_put_back"] = len(back)
    return kept


def _gone(connection: Connection, number: int) -> list[Kept]:
    """What a purge removed, or what a batch did to a sheet that was removed since: nothing of it comes back."""
    row = connection.execute(
        select(batch_table.c.command, batch_table.c.counts).where(batch_table.c.number == number)
    ).one()
    counts = json.loads(row.counts)
    if row.command == PURGE and counts["removed"]:
        return [Kept(f"{counts['removed']} cost sheets", "what they said is gone for good")]
    sheet = counts.get("sheet") if row.command.startswith("costs ") else None
    removed = removed_in(connection, sheet) if sheet else None
    return [Kept(f"cost sheet {sheet}", f"it was removed in batch {removed}, for good")] if removed else []


def _taken_out(connection: Connection, table: Table, number: int) -> frozenset[str]:
    """The keys of the rows a batch took out."""
    out = (change.c.table_name == table.name, change.c.field == "reversed_by", change.c.old.is_(None))
    return frozenset(connection.scalars(select(change.c.key).where(change.c.batch == number, *out)))


def _sheet_of(connection: Connection, number: int) -> int | None:
    """The sheet a batch worked on: each of the costs commands works on one."""
    queries = (
        select(cost_sheet.c.number).where(cost_sheet.c.batch == number),
        select(cost_decision.c.sheet).where(cost_decision.c.batch == number),
        select(cost_option.c.sheet).where(cost_option.c.batch == number),
        select(cost_option.c.sheet)
        .join(cost_line, cost_line.c.option == cost_option.c.id)
        .where(cost_line.c.batch == number),
    )
    for query in queries:
        found = connection.scalar(query)
        if found is not None:
            return int(found)
    row = connection.execute(
        select(change.c.table_name, change.c.key).where(
            change.c.batch == number, change.c.table_name.in_([table.name for table in _TABLES])
        )
    ).first()
    if row is None:
        return None
    if row.table_name == cost_sheet.name:
        return int(row.key)
    option = select(cost_option.c.sheet)
    if row.table_name == cost_line.name:
        option = option.join(cost_line, cost_line.c.option == cost_option.c.id).where(cost_line.c.id == int(row.key))
    else:
        option = option.where(cost_option.c.id == int(row.key))
    return connection.scalar(option)


def _later_decision(connection: Connection, sheet: int, number: int) -> tuple[str, int] | None:
    row = connection.execute(
        select(cost_decision.c.kind, cost_decision.c.batch)
        .where(cost_decision.c.sheet == sheet, cost_decision.c.reversed_by.is_(None), cost_decision.c.batch > number)
        .order_by(cost_decision.c.id)
    ).first()
    return (row.kind, row.batch) if row else None


def _changed_since(connection: Connection, table: Table, number: int) -> list[int]:
    """The keys of the rows that were changed in a later batch which stands."""
    keys = connection.scalars(
        select(change.c.key)
        .join(batch_table, batch_table.c.number == change.c.batch)
        .where(
            change.c.table_name == table.name,
            change.c.batch > number,
            batch_table.c.undone_by.is_(None),
            batch_table.c.undoes.is_(None),
        )
        .distinct()
    )
    return [int(key) for key in keys]


def _reverse(batch: Batch, table: Table, *where: ColumnElement[bool]) -> int:
    done = batch.connection.execute(
        update(table).where(table.c.reversed_by.is_(None), *where).values(reversed_by=batch.number)
    )
    return done.rowcount


def _standing(connection: Connection, table: Table, number: int) -> bool:
    (key,) = table.primary_key.columns
    return connection.scalar(select(key).where(table.c.batch == number, table.c.reversed_by.is_(None))) is not None
