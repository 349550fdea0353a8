"""Takes back what a batch did to deposits: an import, a matching run, or an officer's decision on one deposit.

Entries are reversed, never deleted. A line stands as long as a statement that carries it does, or money of it has been
used.
"""

from sqlalchemy import ColumnElement, Connection, Select, exists, func, select, union, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import allocation, change, deposit, deposit_sighting, refund, statement
from ancadmin.db.schema import batch as batch_table
from ancadmin.domain.deposits import State
from ancadmin.domain.money import rands
from ancadmin.services.approvals.undo import reopen
from ancadmin.services.batch.changes import put_back
from ancadmin.services.batch.kept import Kept
from ancadmin.services.deposits.bulk.undo import reopen_schedule, undo_refusal, undo_schedule
from ancadmin.services.deposits.entries import recount
from ancadmin.services.deposits.lives import ENTRY, lives_on, refund_lives_on
from ancadmin.services.deposits.made_again import enter_again, name_as_decided, name_merged, name_parted
from ancadmin.services.deposits.matching.patterns import Patterns
from ancadmin.services.deposits.matching.refused import refuse_again
from ancadmin.services.deposits.review.aliases import forget_taught
from ancadmin.services.deposits.review.undo import undo_forget, undo_review
from ancadmin.services.standing.settle import settle

# Up to so many deposits are named one by one.
_NAMED = 20


def undo(batch: Batch, number: int) -> list[Kept]:
    """Takes back batch `number` and settles the members touched; what later work stands on is kept and named."""
    command = batch.connection.scalar(select(batch_table.c.command).where(batch_table.c.number == number))
    work = _WORK.get(str(command))
    if work is None:
        return []
    kept = work(batch, number)
    _drop_lines(batch)
    touched = (allocation.c.batch == batch.number) | (allocation.c.reversed_by == batch.number)
    settle(batch, select(allocation.c.member).where(touched))
    return kept


def _undo_import(batch: Batch, number: int) -> list[Kept]:
    """The statements go, and with them every line nothing else holds."""
    connection = batch.connection
    connection.execute(
        update(statement)
        .where(statement.c.batch == number, statement.c.reversed_by.is_(None))
        .values(reversed_by=batch.number)
    )
    _drop_lines(batch)
    left = (deposit.c.batch == number, deposit.c.reversed_by.is_(None))
    kept = [
        Kept(what, f"money of it was allocated or refunded since, in {_users(connection, left)}: undo that first")
        for what in _named(connection, *left, _used())
    ]
    seen = _named(connection, *left, ~_used())
    return kept + [Kept(what, "another statement, imported since, has it too") for what in seen]


def _undo_match(batch: Batch, number: int) -> list[Kept]:
    """Its allocations are reversed, its deposits open again."""
    connection = batch.connection
    mine = (deposit.c.matched_in == number, deposit.c.reversed_by.is_(None))
    reversed_ = connection.execute(
        update(allocation)
        .where(allocation.c.reversed_by.is_(None), allocation.c.deposit.in_(select(deposit.c.id).where(*mine)))
        .values(reversed_by=batch.number, reversed_why=_because(number))
    ).rowcount
    refuse_again(batch, number)
    back = select(func.coalesce(func.sum(allocation.c.cents), 0)).where(
        allocation.c.deposit == deposit.c.id, allocation.c.reversed_by == batch.number
    )
    left = deposit.c.unallocated_cents + back.scalar_subquery()
    opened = connection.execute(
        update(deposit).where(*mine).values(**_OPEN, flags=None, unallocated_cents=left)
    ).rowcount
    batch.counts.update(allocations_reversed=reversed_, deposits_opened=opened)
    return [
        Kept(f"deposit {row.key}", f"an officer decided about it since, in batch {row.batch}")
        for row in connection.execute(_decided_since(number))
    ]


def _undo_decision(batch: Batch, number: int) -> list[Kept]:
    """What an officer did to one deposit: the entries made are reversed, those taken back are made again.

    Where the matching before it was undone meanwhile, the deposit is open.
    """
    connection = batch.connection
    row = connection.execute(
        select(change.c.key, change.c.old).where(
            change.c.batch == number, change.c.table_name == deposit.name, change.c.field == "matched_in"
        )
    ).first()
    if row is None:  # nothing was decided: it only asked for approval
        return []
    which = int(row.key)
    decided_in, gone = connection.execute(
        select(deposit.c.matched_in, deposit.c.reversed_by).where(deposit.c.id == which)
    ).one()
    if gone is not None:
        return [Kept(f"deposit {which}", "its line was taken back since; import the statement again")]
    if decided_in != number:
        return [Kept(f"deposit {which}", "it was decided about again since: undo that first")]
    made = [lives_on(connection, one) for one in connection.execute(ENTRY.where(allocation.c.batch == number))]
    connection.execute(
        update(allocation)
        .where(allocation.c.id.in_([one for one in made if one is not None]))
        .values(reversed_by=batch.number, reversed_why=_because(number))
    )
    given = [
        refund_lives_on(connection, one) for one in connection.execute(select(refund).where(refund.c.batch == number))
    ]
    connection.execute(
        update(refund)
        .where(refund.c.id.in_([one for one in given if one is not None]))
        .values(reversed_by=batch.number, reversed_why=_because(number))
    )
    name_as_decided(connection, number, which)
    put_back(batch, number, deposit, "deposit")
    if row.old is not None and _matching_undone(connection, int(row.old)):
        connection.execute(update(deposit).where(deposit.c.id == which).values(**_OPEN))
    else:
        enter_again(batch, number)
    name_parted(batch, which)
    name_merged(connection, which)
    recount(connection, [which])
    reopen_schedule(batch, number)
    reopen(batch, number)
    forget_taught(batch, number, select(deposit.c.id).where(deposit.c.id == which))
    return undo_forget(batch, number)


_WORK = {
    "deposits import": _undo_import,
    "deposits match": _undo_match,
    "deposits allocate": _undo_decision,
    "deposits reverse": _undo_decision,
    "deposits refund": _undo_decision,
    "deposits move": _undo_decision,
    "deposits returned": _undo_decision,
    "deposits bulk schedule": undo_schedule,
    "deposits bulk refuse": undo_refusal,
    "deposits bulk approve": _undo_decision,
    "approvals approve": _undo_decision,
    "deposits review": undo_review,
    "deposits alias forget": undo_forget,
}
_OPEN = {"state": State.OPEN.value, "reason": None, "member": None, "matched_in": None}


def _because(number: int) -> str:
    return f"batch {number} was undone"


def _matching_undone(connection: Connection, number: int) -> bool:
    """Batch `number` matched deposits and was undone. An officer's decision on which a later one stands is kept."""
    undone = select(batch_table.c.undone_by).where(
        batch_table.c.number == number, batch_table.c.command == "deposits match"
    )
    return connection.scalar(undone) is not None


def _decided_since(number: int) -> Select[tuple[str, int]]:
    """Deposits an officer took from what batch `number` had made of them, and in which batch."""
    return (
        select(change.c.key, change.c.batch)
        .join(batch_table, batch_table.c.number == change.c.batch)
        .where(
            change.c.table_name == deposit.name,
            change.c.field == "matched_in",
            change.c.old == str(number),
            batch_table.c.undone_by.is_(None),
            batch_table.c.undoes.is_(None),
        )
        .order_by(change.c.id)
    )


def _drop_lines(batch: Batch) -> None:
    """Reverses the lines that no statement carries any more and no money of which is used."""
    connection = batch.connection
    gone = statement.c.reversed_by.is_not(None)
    dropped = connection.execute(
        update(deposit)
        .where(
            deposit.c.batch.in_(select(statement.c.batch).where(gone)),
            deposit.c.statement.in_(select(statement.c.id).where(gone)),
            deposit.c.reversed_by.is_(None),
            ~_carried(),
            ~_used(),
        )
        .values(reversed_by=batch.number)
    ).rowcount
    if not dropped:
        return
    batch.counts["lines_reversed"] = batch.counts.get("lines_reversed", 0) + dropped
    patterns = Patterns(connection, batch.policy)
    patterns.find(deposit.c.reversed_by == batch.number)
    patterns.unflag()
    patterns.close()


def _carried() -> ColumnElement[bool]:
    """Another statement that stands has the line too."""
    return exists(
        select(1)
        .select_from(deposit_sighting.join(statement, statement.c.id == deposit_sighting.c.statement))
        .where(deposit_sighting.c.deposit == deposit.c.id, statement.c.reversed_by.is_(None))
    )


def _used() -> ColumnElement[bool]:
    """Money of the deposit is allocated or refunded, or it is the debit in which the bank took another back."""
    entries = [
        exists(select(1).where(table.c.deposit == deposit.c.id, table.c.reversed_by.is_(None)))
        for table in (allocation, refund)
    ]
    took = select(refund.c.debit).where(refund.c.debit.is_not(None), refund.c.reversed_by.is_(None))
    return entries[0] | entries[1] | deposit.c.id.in_(took)


def _named(connection: Connection, *which: ColumnElement[bool]) -> list[str]:
    """Some deposits as people say them: one by one, or how many and how much."""
    count, cents = connection.execute(
        select(func.count(), func.coalesce(func.sum(deposit.c.cents), 0)).where(*which)
    ).one()
    if count > _NAMED:
        return [f"{count} deposits, {rands(int(cents))} in all"]
    numbers = connection.scalars(select(deposit.c.id).where(*which).order_by(deposit.c.id))
    return [f"deposit {number}" for number in numbers]


def _users(connection: Connection, which: tuple[ColumnElement[bool], ...]) -> str:
    """The batches that allocated or refunded money of some deposits, or said that the bank took money back in them."""
    entries = [
        select(line.table.c.batch)
        .select_from(line.table.join(deposit, deposit.c.id == line))
        .where(*which, line.table.c.reversed_by.is_(None))
        for line in (allocation.c.deposit, refund.c.deposit, refund.c.debit)
    ]
    batches = sorted(connection.scalars(union(*entries)))
    return f"batch {batches[0]}" if len(batches) == 1 else f"batches {', '.join(map(str, batches))}"
