"""Where members belonged on a day (docs/rules.md, section 5): a past day counts in the branch of that day."""

from sqlalchemy import ColumnElement, func, select

from ancadmin.db.schema import member, transfer


def branch_on(on: str) -> ColumnElement[str]:
    """The code of a member's branch at the end of a day (ISO text), in a query that has `member`: what the first
    transfer after it moved her out of, else the branch of her record.
    """
    left = (
        select(transfer.c.from_branch)
        .where(transfer.c.member == member.c.id, transfer.c.moved_on > on, transfer.c.reversed_by.is_(None))
        .order_by(transfer.c.moved_on, transfer.c.id)
        .limit(1)
        .scalar_subquery()
        .correlate(member)
    )
    return func.coalesce(left, member.c.branch)
