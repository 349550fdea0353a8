"""Takes back the release of a former ID number: it leads to its record again, unless it is somebody's since."""

from typing import Any

from sqlalchemy import Connection, func, insert, select

from ancadmin.db.batches import Batch
from ancadmin.db.schema import change, member
from ancadmin.services.batch.kept import Kept, member_words
from ancadmin.services.member.numbers.former import FORMER, released

_LEADS_TO = member.c.merged_into.name


def take_back_releases(batch: Batch, number: int) -> list[Kept]:
    """Writes the rows of former numbers batch `number` released again; returns those that are somebody's by now."""
    connection = batch.connection
    kept: list[Kept] = []
    for key, row in _rows(connection, number).items():
        held_by = connection.execute(select(member).where(member.c.id_number == key)).first()
        if held_by is not None and held_by.origin == FORMER:
            continue  # an earlier undo wrote it again
        record = _leads_to(connection, number, row)
        if held_by is not None or record is None:
            who = "somebody is on record under it" if held_by is not None else "its record was merged into another"
            kept.append(Kept(f"{member_words(key)}: former ID number", f"{who} since: undo that first"))
            continue
        # The number of the row may be another's: SQLite gives the last one again when its row has gone.
        taken = connection.scalar(select(member.c.id).where(member.c.id == row["id"]))
        again = {name: value for name, value in row.items() if name != "id" or taken is None}
        connection.execute(insert(member).values({**again, _LEADS_TO: record}))
        batch.changed([{"table_name": FORMER, "key": key, "field": _LEADS_TO, "old": None, "new": str(record)}])
        batch.counts["numbers_lead_again"] = batch.counts.get("numbers_lead_again", 0) + 1
    return kept


def released_since(connection: Connection, number: int) -> list[tuple[str, str]]:
    """What the merge of batch `number` changed of former numbers that were released since: key and field."""
    ids = select(change.c.old).where(change.c.table_name == FORMER, change.c.field == "id", change.c.batch > number)
    merged = select(change.c.key).where(
        change.c.batch == number,
        change.c.table_name == member.name,
        change.c.field == _LEADS_TO,
        change.c.key.in_(ids),
    )
    there = set(map(str, connection.scalars(select(member.c.id).where(member.c.origin == FORMER))))
    return [(key, _LEADS_TO) for key in connection.scalars(merged) if key not in there]


def _rows(connection: Connection, number: int) -> dict[str, dict[str, Any]]:
    """By the ID number what each row held."""
    held = select(change.c.key, change.c.field, change.c.old).where(
        change.c.batch == number, change.c.table_name == FORMER, change.c.key.in_(released(number))
    )
    rows: dict[str, dict[str, Any]] = {}
    for one in connection.execute(held):
        if one.old is not None:
            rows.setdefault(one.key, {})[one.field] = member.c[one.field].type.python_type(one.old)
    return rows


def _leads_to(connection: Connection, number: int, row: dict[str, Any]) -> int | None:
    """The record the number led to, or, where a merge made it lead there and was undone since, the one before; None
    where that was merged into another since.
    """
    before = select(change.c.old).where(
        change.c.table_name == member.name,
        change.c.key == str(row["id"]),
        change.c.field == _LEADS_TO,
        change.c.batch.between(row["batch"], number),
    )
    record = int(connection.scalar(before.order_by(change.c.id).limit(1)) or row[_LEADS_TO])
    kept = select(func.coalesce(member.c.merged_into, member.c.id)).where(member.c.id == record)
    now = connection.scalar(kept)
    return now if now in (record, row[_LEADS_TO]) else None
