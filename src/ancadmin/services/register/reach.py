"""How far registers reach: rows are taken in for members of one's own places only (docs/rules.md, section 7)."""

from sqlalchemy import ColumnElement, Connection, select, true

from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import change, duplicate, member, register_row, register_source
from ancadmin.domain.roles import DECIDES
from ancadmin.errors import NotAllowed, Place
from ancadmin.services.operator.reach import accounts_reached, branches_reached
from ancadmin.services.register.desk.verdicts import DUPLICATE
from ancadmin.services.session import Session


def rows_seen(session: Session, connection: Connection) -> ColumnElement[bool]:
    """Of rows of registers: those that were imported by an account whose work the caller sees. Nobody knows yet of
    which branch a row is that was held back.
    """
    accounts = accounts_reached(session, connection)
    if accounts is None:
        return true()
    theirs = select(batch_table.c.number).where(batch_table.c.operator.in_(sorted(accounts)))
    return register_row.c.batch.in_(theirs)


def pairs_seen(session: Session, connection: Connection) -> ColumnElement[bool]:
    """Of pairs that may be one person: those with somebody within the caller's reach."""
    reached = branches_reached(session, connection, DECIDES)
    if reached is None:
        return true()
    there = select(member.c.id).where(member.c.branch.in_(sorted(reached)))
    return duplicate.c.member.in_(there) | duplicate.c.other.in_(there)


def refuse_piece_out_of_reach(session: Session, connection: Connection, kind: str, number: int) -> None:
    """Raises NotAllowed where a row, or a pair, is not one the caller sees."""
    seen = pairs_seen if kind == DUPLICATE else rows_seen
    table = duplicate if kind == DUPLICATE else register_row
    if connection.scalar(select(table.c.id).where(table.c.id == number, seen(session, connection))) is None:
        raise NotAllowed(
            f"{session.account} may not decide about this: it is of another place", "Ask an officer there."
        )


def refuse_out_of_reach(session: Session, batch: Batch) -> None:
    """Raises NotAllowed, naming the first row, where what was taken in is of a member out of the caller's reach, or
    brought one from there.
    """
    reached = branches_reached(session, batch.connection, DECIDES)
    if reached is None:
        return
    beyond = member.c.branch.not_in(sorted(reached))
    brought = select(change.c.key).where(
        change.c.batch == batch.number,
        change.c.table_name == member.name,
        change.c.field == "branch",
        change.c.old.not_in(sorted(reached)),
    )
    moved = [int(key) for key in batch.connection.scalars(brought)]
    row = batch.connection.execute(
        select(register_source.c.file, register_source.c.sheet, register_row.c.row, member.c.branch)
        .select_from(register_row.join(register_source, register_source.c.id == register_row.c.source))
        .join(member, member.c.id == register_row.c.member)
        .where(register_row.c.batch == batch.number, register_row.c.outcome != "quarantined")
        .where(beyond if not moved else beyond | member.c.id.in_(moved))
        .order_by(register_row.c.id)
        .limit(1)
    ).first()
    if row is not None:
        where = "brings a member from elsewhere" if row.branch in reached else f"is of branch {row.branch}"
        raise NotAllowed(
            f"{Place(row.file, row.sheet, row.row)}: the row {where}, and {session.account} may not take it in",
            "Take such rows out, or ask an officer of both places, or a national officer.",
        )
