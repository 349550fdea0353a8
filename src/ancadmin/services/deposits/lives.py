"""Where an allocation lives on: in itself, in the entry an undo made again, or in the record its member went into."""

from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select

from ancadmin.db.schema import allocation, merge
from ancadmin.db.schema import batch as batch_table

SAME = ("deposit", "member", "cents", "value_date", "reason", "why")
"""What an entry made again has of the one taken back."""
ENTRY = select(allocation.c.id, allocation.c.reversed_by, *(allocation.c[name] for name in SAME))


def lives_on(connection: Connection, entry: Row[Any]) -> int | None:
    """The id of the entry in force that an allocation (a row of ENTRY) lives on in: itself; where its reversal was
    undone, the one that undo made again, for its member or the one that had gone into by then; where its member was
    merged into another, the one that other was credited; where the merge that brought it was undone, the one given
    back. None where it was taken back for good.
    """
    if entry.reversed_by is None:
        return int(entry.id)
    undone_in = connection.scalar(select(batch_table.c.undone_by).where(batch_table.c.number == entry.reversed_by))
    merged_in = select(merge.c.batch).where(merge.c.batch == entry.reversed_by, merge.c.gone == entry.member)
    given_back = select(merge.c.gone).where(merge.c.reversed_by == entry.reversed_by, merge.c.kept == entry.member)
    same = [allocation.c[name].is_not_distinct_from(getattr(entry, name)) for name in SAME if name != "member"]
    of_whom = or_(
        and_(allocation.c.batch == undone_in, allocation.c.member.in_(_heirs(connection, entry.member, undone_in))),
        allocation.c.batch.in_(merged_in),
        and_(allocation.c.batch == entry.reversed_by, allocation.c.member.in_(given_back)),
    )
    for one in connection.execute(ENTRY.where(of_whom, *same).order_by(allocation.c.id)):
        found = lives_on(connection, one)
        if found is not None:
            return found
    return None


def _heirs(connection: Connection, person: int, before: int | None) -> list[int]:
    """A member, and those the record had gone into, and they in turn, by batch `before`."""
    heirs = [person]
    for one in heirs:
        into = select(merge.c.kept).where(merge.c.gone == one, merge.c.batch < (before or 0))
        heirs += [kept for kept in connection.scalars(into) if kept not in heirs]
    return heirs
