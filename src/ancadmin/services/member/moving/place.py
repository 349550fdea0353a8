"""Where members belonged on a day (docs/rules.md, section 5): a past day counts in the branch of that day."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, func, or_, select, union_all

from ancadmin.db.schema import member, transfer

_EARLIER = transfer.alias("earlier")


def branch_on(on: str) -> ColumnElement[str]:
    """The code of a member's branch at the end of a day (ISO text), in a query that has `member`: what the first
    transfer after it moved her out of, else the branch of her record.
    """
    left = (
        select(transfer.c.from_branch)
        .where(transfer.c.member == member.c.id, *_after(on))
        .order_by(transfer.c.moved_on, transfer.c.id)
        .limit(1)
        .scalar_subquery()
        .correlate(member)
    )
    return func.coalesce(left, member.c.branch)


def place_on(connection: Connection, on: str) -> ColumnElement[str]:
    """`branch_on` for lists of many: the branch of the record, and no look-up a member, where nobody moved since."""
    return branch_on(on) if _anyone_moved(connection, on) else member.c.branch


def belonging(connection: Connection, on: str, codes: Collection[str] | Select[Any]) -> Select[tuple[int]]:
    """The ids of the members who belonged to some branches at the end of a day. Found by the branch of the record
    and, apart from it, by the transfers since, so that the index on the branch serves.
    """
    here = select(member.c.id).where(member.c.branch.in_(codes))
    if not _anyone_moved(connection, on):
        return here
    since = select(transfer.c.id).where(transfer.c.member == member.c.id, *_after(on)).correlate(member)
    before = or_(
        _EARLIER.c.moved_on < transfer.c.moved_on,
        and_(_EARLIER.c.moved_on == transfer.c.moved_on, _EARLIER.c.id < transfer.c.id),
    )
    another = select(_EARLIER.c.id).where(_EARLIER.c.member == transfer.c.member, *_after(on, _EARLIER), before)
    left = select(transfer.c.member).where(transfer.c.from_branch.in_(codes), *_after(on), ~another.exists())
    return select(union_all(here.where(~since.exists()), left).subquery("belonging").c.id)


def _after(on: str, moves: FromClause = transfer) -> tuple[ColumnElement[bool], ...]:
    return (moves.c.moved_on > on, moves.c.reversed_by.is_(None))


def _anyone_moved(connection: Connection, on: str) -> bool:
    return connection.scalar(select(transfer.c.id).where(*_after(on)).limit(1)) is not None
