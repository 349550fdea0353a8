"""A search for duplicates taken back: the list is again what it was before."""

import json
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import change, duplicate, member
from ancadmin.services.batch.kept import Kept

COMMAND = "register duplicates"
_FIELD = "pair"
_KEPT = ("kind", "score", "evidence", "batch")
_LISTED = 500


def replace_pairs(batch: Batch, *conditions: Any) -> None:
    """Takes the pairs that meet the conditions out of the list, and notes them for an undo."""
    rows = batch.connection.execute(select(duplicate).where(*conditions)).mappings()
    batch.changed(
        [
            {
                "table_name": duplicate.name,
                "key": f"{row['member']} {row['other']}",
                "field": _FIELD,
                "old": json.dumps({name: row[name] for name in _KEPT}, ensure_ascii=False),
                "new": None,
            }
            for row in rows
        ]
    )
    batch.connection.execute(delete(duplicate).where(*conditions))


def undo(batch: Batch, number: int) -> list[Kept]:
    """Takes out the pairs that batch `number` found, if it was a search, and puts back those it had replaced. Searches
    are undone in turn, the last one first: one that another was made after is kept and named.
    """
    connection = batch.connection
    if connection.scalar(select(batch_table.c.command).where(batch_table.c.number == number)) != COMMAND:
        return []
    since = _search_since(connection, number)
    if since is not None:
        return [Kept(f"the pairs found by batch {number}", f"batch {since} searched again since")]
    removed = connection.execute(delete(duplicate).where(duplicate.c.batch == number)).rowcount
    restored = _replaced_by(connection, number)
    if restored:
        connection.execute(insert(duplicate), restored)
    batch.counts.update(pairs_removed=removed, pairs_restored=len(restored))
    return []


def _search_since(connection: Connection, number: int) -> int | None:
    """The next search after batch `number` that was not taken back; an undo that kept its pairs did not."""
    undone = batch_table.alias("undone")
    rows = connection.execute(
        select(batch_table.c.number, undone.c.counts)
        .outerjoin_from(batch_table, undone, undone.c.number == batch_table.c.undone_by)
        .where(batch_table.c.command == COMMAND, batch_table.c.number > number)
        .order_by(batch_table.c.number)
    )
    return next((row.number for row in rows if row.counts is None or json.loads(row.counts).get("kept")), None)


def _replaced_by(connection: Connection, number: int) -> list[dict[str, Any]]:
    """The pairs a search replaced whose members are on record still."""
    rows = connection.execute(
        select(change.c.key, change.c.old)
        .where(change.c.batch == number, change.c.table_name == duplicate.name)
        .order_by(change.c.id)
    )
    pairs = []
    for row in rows:
        one, other = map(int, row.key.split(" "))
        pairs.append({"member": one, "other": other, **json.loads(row.old)})
    people = sorted({pair[side] for pair in pairs for side in ("member", "other")})
    made: dict[int, int] = {}
    for start in range(0, len(people), _LISTED):
        some = select(member.c.id, member.c.batch).where(member.c.id.in_(people[start : start + _LISTED]))
        made.update((row.id, row.batch) for row in connection.execute(some))
    # A record made after the pair was found is somebody else's, under the number of one that was removed.
    return [pair for pair in pairs if all(made.get(pair[side], number) < pair["batch"] for side in ("member", "other"))]
