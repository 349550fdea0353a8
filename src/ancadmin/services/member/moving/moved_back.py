"""Takes back the transfers of a batch; the branch of each record goes back with its other fields."""

from sqlalchemy import ColumnElement, or_, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import member, transfer
from ancadmin.services.batch.kept import Kept, member_words


def take_back_transfers(batch: Batch, number: int) -> tuple[list[Kept], list[tuple[str, str]]]:
    """Reverses those on which nothing stands: no later transfer, and no other branch on record since. The others are
    kept and named. Returns these, and the fields of records (as `put_back` takes them) that stay with them.
    """
    mine = (transfer.c.batch == number, transfer.c.reversed_by.is_(None))
    kept: list[Kept] = []
    stay: list[tuple[str, str]] = []
    for row in batch.connection.execute(
        select(member.c.id, member.c.id_number, transfer.c.moved_on)
        .join(transfer, transfer.c.member == member.c.id)
        .where(*mine, _stood_on(number))
        .order_by(transfer.c.id)
    ):
        what = f"{member_words(row.id_number)}: transfer on {row.moved_on}"
        kept.append(Kept(what, "the branch was changed again since: undo that first", row.id))
        stay.append((str(row.id), member.c.branch.name))
    free = (*mine, ~_stood_on(number))
    taken = batch.connection.execute(update(transfer).where(*free).values(reversed_by=batch.number)).rowcount
    if taken:
        batch.counts["transfers_taken_back"] = taken
    return kept, stay


def _stood_on(number: int) -> ColumnElement[bool]:
    later, record, last = transfer.alias("later"), member.alias("record"), transfer.alias("last")
    again = select(later.c.id).where(
        later.c.member == transfer.c.member,
        later.c.id > transfer.c.id,
        later.c.batch != number,
        later.c.reversed_by.is_(None),
    )
    # Of several transfers of a batch the last one says where its member ought to be now.
    led_to = (
        select(last.c.to_branch)
        .where(last.c.member == transfer.c.member, last.c.batch == number, last.c.reversed_by.is_(None))
        .order_by(last.c.id.desc())
        .limit(1)
        .correlate(transfer)
        .scalar_subquery()
    )
    elsewhere = select(record.c.id).where(record.c.id == transfer.c.member, record.c.branch != led_to)
    return or_(again.correlate(transfer).exists(), elsewhere.correlate(transfer).exists())
