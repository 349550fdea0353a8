"""Where an allocation lives on: in itself, in the entry an undo made again, or in the record its member went into."""

from typing import Any

from sqlalchemy import Connection, Row, or_, select

from ancadmin.db.schema import allocation, merge
from ancadmin.db.schema import batch as batch_table

SAME = ("deposit", "member", "cents", "value_date", "reason", "why")
"""What an entry made again has of the one taken back."""
ENTRY = select(allocation.c.id, allocation.c.reversed_by, *(allocation.c[name] for name in SAME))


def lives_on(connection: Connection, entry: Row[Any]) -> int | None:
    """The id of the entry in force that an allocation (a row of ENTRY) lives on in: itself; where its reversal was
    undone, the one that undo made again; where its member was merged into another, the one that other was credited.
    None where it was taken back for good.
    """
    if entry.reversed_by is None:
        return int(entry.id)
    undone_in = select(batch_table.c.undone_by).where(batch_table.c.number == entry.reversed_by).scalar_subquery()
    merged_in = select(merge.c.batch).where(merge.c.batch == entry.reversed_by, merge.c.gone == entry.member)
    same = [allocation.c[name].is_not_distinct_from(getattr(entry, name)) for name in SAME if name != "member"]
    of_whom = or_(
        (allocation.c.batch == undone_in) & (allocation.c.member == entry.member),
        allocation.c.batch.in_(merged_in),
    )
    for one in connection.execute(ENTRY.where(of_whom, *same).order_by(allocation.c.id)):
        found = lives_on(connection, one)
        if found is not None:
            return found
    return None
