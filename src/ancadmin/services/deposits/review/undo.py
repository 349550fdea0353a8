"""Takes back what was decided about suggestions, one or a class of them, and what that had taught."""

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    case,
    cast,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from ancadmin.db.batches import Batch
from ancadmin.db.schema import alias, allocation, change, deposit, desk_decision, suggestion
from ancadmin.db.schema import batch as batch_table
from ancadmin.domain.deposits import State
from ancadmin.services.batch.kept import Kept
from ancadmin.services.deposits.matching.ladder import holding
from ancadmin.services.deposits.review.aliases import forget_taught, means
from ancadmin.services.desk.verdicts import MARKED

# What deposits were before the batch decided about them.
_WAS = Table(
    "was",
    MetaData(),
    Column("deposit", Integer, primary_key=True, autoincrement=False),
    Column("reason", String),
    Column("member", Integer),
    Column("matched_in", Integer),
    prefixes=["TEMPORARY"],
)
_OPEN = {"state": State.OPEN.value, "reason": None, "member": None, "matched_in": None}


def undo_review(batch: Batch, number: int) -> list[Kept]:
    """The allocations batch `number` made are reversed, its deposits wait with the suggestions they had, and what it
    taught is forgotten. Deposits decided about since are kept; where their matching was undone meanwhile they are open.
    """
    connection = batch.connection
    kept = _decided_since(batch, number)
    mine = (deposit.c.matched_in == number, deposit.c.reversed_by.is_(None))
    ours = select(deposit.c.id).where(*mine)
    forgotten = forget_taught(batch, number, ours)
    reversed_ = connection.execute(
        update(allocation)
        .where(allocation.c.reversed_by.is_(None), allocation.c.deposit.in_(ours))
        .values(reversed_by=batch.number, reversed_why=f"batch {number} was undone")
    ).rowcount
    connection.execute(
        update(desk_decision)
        .where(
            desk_decision.c.batch == number,
            desk_decision.c.reversed_by.is_(None),
            or_(desk_decision.c.verdict == MARKED, desk_decision.c.subject.in_(ours)),
        )
        .values(reversed_by=batch.number)
    )
    back = select(func.coalesce(func.sum(allocation.c.cents), 0)).where(
        allocation.c.deposit == deposit.c.id, allocation.c.reversed_by == batch.number
    )
    _find_what_was(connection, number)
    waiting = connection.execute(
        update(deposit)
        .where(*mine, deposit.c.id == _WAS.c.deposit + 0)
        .values(
            state=State.SUGGESTED.value,
            reason=func.coalesce(_WAS.c.reason, deposit.c.reason),
            member=_WAS.c.member,
            matched_in=_WAS.c.matched_in,
            unallocated_cents=deposit.c.unallocated_cents + back.scalar_subquery(),
        )
    ).rowcount
    _open_what_is_matched_no_more(connection)
    _WAS.drop(connection)
    batch.counts.update(allocations_reversed=reversed_, suggested_again=waiting, aliases_forgotten=forgotten)
    return kept


def undo_forget(batch: Batch, number: int) -> list[Kept]:
    """What batch `number` forgot is known again, unless the same was learnt since, or the deposit that taught it is
    credited to that member no more.
    """
    connection = batch.connection
    kept = []
    for row in connection.execute(select(alias).where(alias.c.reversed_by == number)).all():
        same = select(alias.c.id).where(alias.c.kind == row.kind, alias.c.key == row.key, alias.c.reversed_by.is_(None))
        if connection.scalar(same) is not None:
            kept.append(Kept(f"alias {row.id}", "the same was learnt again since"))
        elif connection.scalar(_still_taught(row.id)) is None:
            kept.append(
                Kept(f"alias {row.id}", f"the credit of deposit {row.deposit}, which taught it, was taken back since")
            )
        else:
            remembered = update(alias).where(alias.c.id == row.id)
            connection.execute(remembered.values(reversed_by=None, reversed_why=None))
    return kept


def _still_taught(number: int) -> Select[int]:
    """Finds alias `number` where the deposit that taught it is credited to the member it means."""
    return (
        select(alias.c.id)
        .join(allocation, allocation.c.deposit == alias.c.deposit)
        .where(alias.c.id == number, allocation.c.reversed_by.is_(None), allocation.c.member == means())
        .limit(1)
    )


def _find_what_was(connection: Connection, number: int) -> None:
    """Fills the table of what was: from what batch `number` changed."""
    old = {name: func.max(case((change.c.field == name, change.c.old))) for name in ("reason", "member", "matched_in")}
    _WAS.create(connection)
    connection.execute(
        insert(_WAS).from_select(
            _WAS.columns.keys(),
            select(
                cast(change.c.key, Integer),
                old["reason"],
                cast(old["member"], Integer),
                cast(old["matched_in"], Integer),
            )
            .where(change.c.batch == number, change.c.table_name == deposit.name)
            .group_by(change.c.key),
        )
    )
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"ANALYZE {_WAS.name}")


def _decided_since(batch: Batch, number: int) -> list[Kept]:
    """The deposits of batch `number` that are no longer as it left them."""
    rows = batch.connection.execute(
        select(deposit.c.id, deposit.c.reversed_by)
        .select_from(change.join(deposit, deposit.c.id == cast(change.c.key, Integer)))
        .where(
            change.c.batch == number,
            change.c.table_name == deposit.name,
            change.c.field == "matched_in",
            or_(deposit.c.matched_in.is_distinct_from(number), deposit.c.reversed_by.is_not(None)),
        )
        .order_by(deposit.c.id)
    )
    return [
        Kept(
            f"deposit {row.id}",
            "it was decided about again since: undo that first"
            if row.reversed_by is None
            else "its line was taken back since; import the statement again",
        )
        for row in rows
    ]


def _open_what_is_matched_no_more(connection: Connection) -> None:
    """Deposits whose matching was undone since they were decided about are open, for their suggestions hold no more; so
    are those whose suggestions went with the members' records.
    """
    matched_in = select(_WAS.c.matched_in).distinct()
    undone = select(batch_table.c.number).where(
        batch_table.c.number.in_(matched_in), batch_table.c.undone_by.is_not(None)
    )
    bare = ~exists(select(suggestion.c.deposit).where(holding()))
    connection.execute(
        update(deposit)
        .where(
            deposit.c.id == _WAS.c.deposit + 0,
            or_(_WAS.c.matched_in.in_(undone), bare),
            deposit.c.state == State.SUGGESTED.value,
        )
        .values(**_OPEN, flags=None)
    )
