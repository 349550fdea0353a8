"""Takes a merge apart: each record has its own number, money and standing again; what came since is kept and named."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, exists, insert, literal, or_, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import (
    allocation,
    change,
    decision,
    deposit,
    deposit_reading,
    desk_decision,
    duplicate,
    member,
    merge,
    register_listing,
    register_row,
    register_source,
    standing,
    status_change,
)
from ancadmin.db.schema import batch as batch_table
from ancadmin.domain.money import rands
from ancadmin.errors import NotAllowed
from ancadmin.services.batch.changes import difference
from ancadmin.services.batch.kept import Kept, member_words
from ancadmin.services.deposits.lives import ENTRY, lives_on
from ancadmin.services.member.merging.merge import CARRIED
from ancadmin.services.register.desk.verdicts import DUPLICATE
from ancadmin.services.standing.query import recorded
from ancadmin.services.standing.settle import settle

NOT_READ = 0
"""The fingerprint of a row that no row of a file is taken to repeat."""


def merge_of(connection: Connection, number: int) -> Row[Any] | None:
    """The merge batch `number` made and that is in force."""
    return connection.execute(select(merge).where(merge.c.batch == number, merge.c.reversed_by.is_(None))).first()


def require_last(connection: Connection, made: Row[Any]) -> None:
    """Raises NotAllowed where the record that was kept has gone into another since: nothing can be given back to it."""
    since = connection.execute(
        select(merge.c.batch, member.c.id_number)
        .join(member, member.c.id == merge.c.kept)
        .where(merge.c.gone == made.kept, merge.c.reversed_by.is_(None))
    ).first()
    if since is not None:
        raise NotAllowed(
            f"the merge of batch {made.batch} stays: {_named(connection, made.kept)}, which was kept in it, went into "
            f"{member_words(since.id_number)} in batch {since.batch}",
            f"Undo that first: ancadmin batch undo {since.batch}",
        )


def take_apart(batch: Batch, made: Row[Any]) -> list[Kept]:
    """Reverses the merge and gives the money back. What came in since under the number that had gone stays where it
    was credited, and is named.
    """
    connection = batch.connection
    connection.execute(update(merge).where(merge.c.id == made.id).values(reversed_by=batch.number))
    lives = [one for one in (lives_on(connection, entry) for entry in _theirs(connection, made)) if one is not None]
    back = (allocation.c.id.in_(lives), allocation.c.member == made.kept)
    returned = connection.execute(
        update(allocation).where(*back).values(reversed_by=batch.number, reversed_why=f"batch {made.batch} was undone")
    ).rowcount
    given = select(literal(made.gone), *(allocation.c[name] for name in CARRIED), literal(batch.number))
    connection.execute(
        insert(allocation).from_select(["member", *CARRIED, "batch"], given.where(*back).order_by(allocation.c.id))
    )
    _name_again(batch, made)
    _may_be_read_again(connection, made)
    batch.counts.update(merges_undone=1, allocations_returned=returned)
    return [*_credited_since(connection, made), *_decided_since(connection, made)]


def _theirs(connection: Connection, made: Row[Any]) -> list[Row[Any]]:
    """The entries (rows of ENTRY) of the record that had gone: those the merge carried over, and those taken back
    before it whose taking back was undone since.
    """
    moved = select(change.c.key).where(
        change.c.batch == made.batch, change.c.table_name == member.name, change.c.field == "merged_into"
    )
    people = [int(key) for key in connection.scalars(moved)]
    undone_since = select(batch_table.c.number).where(
        batch_table.c.number < made.batch, batch_table.c.undone_by > made.batch
    )
    entries = or_(
        and_(allocation.c.batch == made.batch, allocation.c.member == made.kept),
        and_(allocation.c.member.in_(people), allocation.c.reversed_by.in_(undone_since)),
    )
    return list(connection.execute(ENTRY.where(entries)).all())


def settle_both(batch: Batch, made: Row[Any]) -> None:
    """Gives both records their standing, the one that had gone with the status last recorded for it."""
    connection = batch.connection
    settle(batch, select(member.c.id).where(member.c.id.in_((made.kept, made.gone))))
    last = connection.execute(
        select(status_change.c.to_status, status_change.c.changed_on)
        .where(status_change.c.member == made.gone, status_change.c.reversed_by.is_(None))
        .order_by(status_change.c.id.desc())
        .limit(1)
    ).first()
    if last is not None:
        connection.execute(
            update(standing)
            .where(standing.c.member == made.gone)
            .values(status=last.to_status, status_on=last.changed_on)
        )


def take_back_carried(batch: Batch) -> None:
    """What this undo takes back of decisions that were carried over to a kept record no longer holds for that one
    either, nor for one that went on into.
    """
    original = decision.alias("original")
    carried = exists(
        select(1)
        .select_from(original.join(merge, merge.c.gone == original.c.member))
        .where(
            original.c.reversed_by == batch.number,
            merge.c.reversed_by.is_(None),
            merge.c.batch == decision.c.batch,
            merge.c.kept == decision.c.member,
            decision.c.continues == recorded(original),
        )
    )
    holds = (decision.c.reversed_by.is_(None), decision.c.continues.is_not(None), carried)
    while batch.connection.execute(update(decision).where(*holds).values(reversed_by=batch.number)).rowcount:
        pass


def forget_pairs(batch: Batch, members: Any) -> None:
    """Takes out pairs and undone merges of members whose record is about to be deleted, and takes back what was said of
    such a pair: their numbers in the store may be somebody else's later.
    """
    connection = batch.connection
    of_them = or_(desk_decision.c.subject.in_(members), desk_decision.c.other.in_(members))
    connection.execute(
        update(desk_decision)
        .where(desk_decision.c.kind == DUPLICATE, desk_decision.c.reversed_by.is_(None), of_them)
        .values(reversed_by=batch.number)
    )
    connection.execute(delete(duplicate).where(or_(duplicate.c.member.in_(members), duplicate.c.other.in_(members))))
    connection.execute(delete(merge).where(or_(merge.c.kept.in_(members), merge.c.gone.in_(members))))


def _name_again(batch: Batch, made: Row[Any]) -> None:
    """Deposits that named the record before the merge name it again, and so do those whose money it is given back and
    those that came in under its number since; not those decided about since, or credited to the record kept.
    """
    connection = batch.connection
    named = select(change.c.key).where(change.c.batch == made.batch, change.c.table_name == deposit.name)
    before = [int(key) for key in connection.scalars(named)]
    undecided = or_(deposit.c.matched_in.is_(None), deposit.c.matched_in < made.batch)
    number = select(member.c.id_number).where(member.c.id == made.gone).scalar_subquery()
    given_back = select(allocation.c.deposit).where(
        allocation.c.batch == batch.number, allocation.c.member == made.gone
    )
    credited = exists(
        select(1).where(
            allocation.c.deposit == deposit.c.id, allocation.c.member == made.kept, allocation.c.reversed_by.is_(None)
        )
    )
    rows = connection.scalars(
        select(deposit.c.id).where(
            deposit.c.member == made.kept,
            or_(
                and_(deposit.c.id.in_(before), undecided),
                deposit.c.id.in_(given_back),
                deposit.c.id_number == number,
            ),
            ~credited,
        )
    )
    for which in sorted(rows.all()):
        connection.execute(update(deposit).where(deposit.c.id == which).values(member=made.gone))
        batch.changed(difference(deposit, which, {"member": made.kept}, {"member": made.gone}))


def _may_be_read_again(connection: Connection, made: Row[Any]) -> None:
    """What registers said of the kept record since was taken beside what the other's had said: a file that says it
    once more is read as if it said it for the first time.
    """
    sources = select(register_source.c.id).where(register_source.c.batch > made.batch)
    for table, since in (
        (register_row, register_row.c.batch > made.batch),
        (register_listing, register_listing.c.source.in_(sources)),
    ):
        connection.execute(update(table).where(table.c.member == made.kept, since).values(fingerprint=NOT_READ))


def _credited_since(connection: Connection, made: Row[Any]) -> Iterator[Kept]:
    """Money credited to the kept record since, from deposits with the number that had gone. What an undo brought back
    of a decision older than the merge was credited before it.
    """
    number = connection.scalar(select(member.c.id_number).where(member.c.id == made.gone))
    read = exists(select(1).where(deposit_reading.c.deposit == deposit.c.id, deposit_reading.c.id_number == number))
    rows = connection.execute(
        select(deposit.c.id, allocation.c.cents, allocation.c.batch, batch_table.c.undoes)
        .join(allocation, allocation.c.deposit == deposit.c.id)
        .join(batch_table, batch_table.c.number == allocation.c.batch)
        .where(
            allocation.c.member == made.kept,
            allocation.c.batch > made.batch,
            allocation.c.reversed_by.is_(None),
            deposit.c.matched_in > made.batch,
            or_(deposit.c.id_number == number, read),
        )
        .order_by(deposit.c.id)
    )
    for row in rows:
        remedy = f"in batch {row.batch}: undo that first"
        if row.undoes is not None:  # an undo cannot be undone
            remedy = f"and batch {row.batch} brought it back: take it back with ancadmin deposits reverse {row.id}"
        yield Kept(
            f"deposit {row.id}: {rands(row.cents)} credited to {_named(connection, made.kept)}",
            f"it came in under the number of the merged record, {remedy}",
            made.kept,
        )


def _decided_since(connection: Connection, made: Row[Any]) -> Iterator[Kept]:
    """What was decided since of the two as one person stays with the record kept: nobody said whose it would be."""
    rows = connection.execute(
        select(decision.c.kind, decision.c.begins_on, decision.c.batch)
        .where(
            decision.c.member == made.kept,
            decision.c.batch > made.batch,
            decision.c.reversed_by.is_(None),
            decision.c.continues.is_(None),
        )
        .order_by(decision.c.id)
    )
    for row in rows:
        yield Kept(
            f"{_named(connection, made.kept)}: {row.kind} on {row.begins_on}",
            f"it was decided while the two were one record, in batch {row.batch}: undo that if it is of the other one",
            made.kept,
        )


def _named(connection: Connection, person: int) -> str:
    return member_words(str(connection.scalar(select(member.c.id_number).where(member.c.id == person))))
