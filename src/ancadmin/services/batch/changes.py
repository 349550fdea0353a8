"""Putting changed fields back, for the `undo.py` of nouns whose batches change a few rows."""

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import ColumnElement, Table, exists, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import change, member
from ancadmin.services.batch.kept import Kept


def put_back(
    batch: Batch,
    number: int,
    table: Table,
    noun: str,
    named: Callable[[str], str] | None = None,
    *,
    but: Collection[tuple[str, str]] = (),
) -> tuple[list[str], list[Kept]]:
    """Gives every field of `table` that batch `number` changed its old value, unless it was changed again since, or an
    earlier undo of the batch did so already.

    Of `but` (keys of rows, each with a field) nothing is said or done. What is kept is said as `named(key)`, or as the
    noun and the key. Returns the keys of the rows put back, in the order they were first touched, and what was kept.
    Row by row: for batches an officer makes by hand, not for imports of millions.
    """
    (key,) = table.primary_key.columns
    rows = batch.connection.execute(
        select(change)
        .where(change.c.batch == number, change.c.table_name == table.name, ~put_back_before(batch, number))
        .order_by(change.c.id.desc())
    ).all()
    restored: dict[str, None] = {}
    kept: list[Kept] = []
    undone: list[dict[str, Any]] = []
    for row in rows:
        if (row.key, row.field) in but:
            continue
        column = table.c[row.field]
        where = key == _typed(key.type.python_type, row.key)
        found = batch.connection.execute(select(column).where(where)).first()
        if found is None or _text(found[0]) != row.new:
            what = named(row.key) if named else f"{noun} {row.key}"
            person = int(row.key) if found is not None and table is member else None
            kept.append(Kept(f"{what}: {row.field.replace('_', ' ')}", "it was changed again since", person))
            continue
        batch.connection.execute(update(table).where(where).values({column: _typed(column.type.python_type, row.old)}))
        undone.append({"table_name": table.name, "key": row.key, "field": row.field, "old": row.new, "new": row.old})
        restored[row.key] = None
    batch.changed(undone)
    return list(reversed(restored)), kept


def put_back_before(batch: Batch, number: int) -> ColumnElement[bool]:
    """The field was put back by an earlier undo of the batch, which kept something else."""
    earlier = change.alias("earlier")
    undos = select(batch_table.c.number).where(batch_table.c.undoes == number, batch_table.c.number != batch.number)
    return exists(
        select(earlier.c.id).where(
            earlier.c.batch.in_(undos),
            *(earlier.c[name] == change.c[name] for name in ("table_name", "key", "field")),
        )
    )


def difference(table: Table, key: Any, before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows for `Batch.changed` that lead from `before` to `after`: only fields of `after` that differ."""
    return [
        {
            "table_name": table.name,
            "key": str(key),
            "field": field,
            "old": _text(before.get(field)),
            "new": _text(value),
        }
        for field, value in after.items()
        if before.get(field) != value
    ]


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _typed(kind: type[Any], text: str | None) -> Any:
    return None if text is None else kind(text)
