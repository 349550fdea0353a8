"""Where an allocation lives on: in itself, in the entry an undo made again, or in the record its member went into; and
whom it was credited to in the first place.
"""

from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from ancadmin.db.schema import allocation, merge, refund
from ancadmin.db.schema import batch as batch_table

SAME = ("deposit", "member", "cents", "value_date", "reason", "why")
"""What an entry made again has of the one taken back."""
ENTRY = select(allocation.c.id, allocation.c.batch, allocation.c.reversed_by, *(allocation.c[name] for name in SAME))


def lives_on(connection: Connection, entry: Row[Any]) -> int | None:
    """The id of the entry in force that an allocation (a row of ENTRY) lives on in: itself; where its reversal was
    undone, the one that undo made again, for its member or the one that had gone into by then; where its member was
    merged into another, the one that other was credited; where the merge that brought it was undone, the one given
    back. None where it was taken back for good.
    """
    at: Row[Any] | None = entry
    while at is not None and at.reversed_by is not None:
        at = _made_for(connection, at)
    return None if at is None else int(at.id)


def _made_for(connection: Connection, entry: Row[Any]) -> Row[Any] | None:
    """The entry made in the place of one reversed. Entries alike but for their member, such as the parts of one
    deposit, are made in the order of those reversed: the first for the first, one for one.
    """
    by = entry.reversed_by
    moved = connection.scalar(select(merge.c.id).where(or_(merge.c.batch == by, merge.c.reversed_by == by)).limit(1))
    undone_in = select(batch_table.c.undone_by).where(batch_table.c.number == by)
    made_in = by if moved is not None else connection.scalar(undone_in)
    alike = [allocation.c[name].is_not_distinct_from(getattr(entry, name)) for name in SAME if name != "member"]
    before = select(func.count()).where(allocation.c.reversed_by == by, allocation.c.id < entry.id, *alike)
    made = ENTRY.where(allocation.c.batch == made_in, *alike).order_by(allocation.c.id)
    return connection.execute(made.offset(connection.scalar(before)).limit(1)).first()


def first_credited(connection: Connection, entry: Row[Any]) -> int:
    """The member somebody credited: that of an allocation (a row of ENTRY), or of the one it was made in the place of
    by merges, and undone ones, and undone reversals.
    """
    at: Row[Any] | None = entry
    while at is not None:
        entry, at = at, _made_from(connection, at)
    return int(entry.member)


def _made_from(connection: Connection, entry: Row[Any]) -> Row[Any] | None:
    """The entry reversed in whose place this one was made: `_made_for` backwards. None for one made by itself."""
    by = entry.batch
    merged = connection.scalar(select(merge.c.id).where(or_(merge.c.batch == by, merge.c.reversed_by == by)).limit(1))
    undoes = select(batch_table.c.undoes).where(batch_table.c.number == by)
    reversed_by = by if merged is not None else connection.scalar(undoes)
    if reversed_by is None:
        return None
    alike = [allocation.c[name].is_not_distinct_from(getattr(entry, name)) for name in SAME if name != "member"]
    before = select(func.count()).where(allocation.c.batch == by, allocation.c.id < entry.id, *alike)
    made = ENTRY.where(allocation.c.reversed_by == reversed_by, *alike).order_by(allocation.c.id)
    return connection.execute(made.offset(connection.scalar(before)).limit(1)).first()


def refund_lives_on(connection: Connection, entry: Row[Any]) -> int | None:
    """The id of the entry in force that a refund (a row of `refund`) lives on in: itself, or where what took it back
    was undone, the one that undo made again. None where it was taken back for good.
    """
    at: Row[Any] | None = entry
    while at is not None and at.reversed_by is not None:
        undone_in = connection.scalar(select(batch_table.c.undone_by).where(batch_table.c.number == at.reversed_by))
        alike = [
            refund.c[name].is_not_distinct_from(getattr(at, name)) for name in ("deposit", "cents", "why", "debit")
        ]
        before = select(func.count()).where(refund.c.reversed_by == at.reversed_by, refund.c.id < at.id, *alike)
        made = select(refund).where(refund.c.batch == undone_in, *alike).order_by(refund.c.id)
        at = connection.execute(made.offset(connection.scalar(before)).limit(1)).first()
    return None if at is None else int(at.id)
