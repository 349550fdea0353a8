"""How much of members' money one officer takes away alone by undoing (docs/rules.md, section 7)."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, or_, select, union_all

from ancadmin.db.batches import Batch
from ancadmin.db.schema import allocation
from ancadmin.db.schema import batch as batch_table
from ancadmin.domain.money import rands
from ancadmin.domain.roles import Role
from ancadmin.errors import NotAllowed
from ancadmin.services.session import Session


def refuse_above_alone(session: Session, batch: Batch, number: int) -> None:
    """Raises NotAllowed where `batch`, in which batch `number` was taken back, takes more from members than one officer
    may alone, with what the caller's other undos took today. National officers may; and whatever somebody did today
    they take back themselves: a slip is put right.
    """
    if any(role is Role.NATIONAL_OFFICER for role, _ in session.roles):
        return
    taken = _taken(batch.connection, _undos_today(batch))
    total, limit = sum(taken.values()), batch.policy.on(batch.today).alone_cents
    if batch.number not in taken or total <= limit:
        return
    raise NotAllowed(
        f"undoing batch {number} takes {rands(taken[batch.number])} from members, which makes {rands(total)} today: "
        f"of what was done on earlier days one officer takes back up to {rands(limit)} alone",
        "Ask a national officer to undo it; or ask for another's approval: ancadmin deposits reverse",
    )


def _undos_today(batch: Batch) -> Sequence[int]:
    """The caller's undos of today, of work on money done on other days."""
    undone = batch_table.alias("undone")
    return batch.connection.scalars(
        select(batch_table.c.number)
        .join(undone, undone.c.number == batch_table.c.undoes)
        .where(
            batch_table.c.operator == batch.operator,
            batch_table.c.today == batch.today.isoformat(),
            undone.c.today != batch.today.isoformat(),
            or_(undone.c.command.startswith("deposits "), undone.c.command == "approvals approve"),
        )
    ).all()


def _taken(connection: Connection, undos: Sequence[int]) -> dict[int, int]:
    """The cents each undo took from members, less what it gave the same members; those that took nothing are not in."""
    entries = union_all(
        select(allocation.c.reversed_by.label("undo"), allocation.c.member, allocation.c.cents).where(
            allocation.c.reversed_by.in_(undos)
        ),
        select(allocation.c.batch, allocation.c.member, -allocation.c.cents).where(allocation.c.batch.in_(undos)),
    ).subquery()
    lost = func.sum(entries.c.cents)
    of_members = (
        select(entries.c.undo, lost.label("cents")).group_by(entries.c.undo, entries.c.member).having(lost > 0)
    ).subquery()
    sums = select(of_members.c.undo, func.sum(of_members.c.cents)).group_by(of_members.c.undo)
    return {number: int(cents) for number, cents in connection.execute(sums)}
