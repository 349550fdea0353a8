"""Takes back the correction of an ID number; the record gets its old one back with its other fields."""

from sqlalchemy import Connection, and_, delete, func, select

from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import change, deposit, member, register_listing, register_row, register_source
from ancadmin.services.batch.changes import put_back_before
from ancadmin.services.batch.kept import Kept, member_words
from ancadmin.services.member.numbers.former import FORMER, released

_FIELDS = ("id_number", "born", "gender")


def take_back_numbers(batch: Batch, number: int) -> tuple[list[Kept], list[tuple[str, str]]]:
    """Lets the former numbers batch `number` put aside go, so that the records can have them again; those on whose new
    number something stands are kept and named. Returns these, and the fields of records that stay with them.
    """
    connection = batch.connection
    corrected = connection.execute(
        select(change.c.key, change.c.old, change.c.new, member.c.id)
        .outerjoin(
            member,
            and_(member.c.id_number == change.c.old, member.c.batch == number, member.c.origin == FORMER),
        )
        .where(
            change.c.batch == number,
            change.c.table_name == member.name,
            change.c.field == member.c.id_number.name,
            ~put_back_before(batch, number),
        )
    ).all()
    kept: list[Kept] = []
    stay: list[tuple[str, str]] = []
    for row in corrected:
        if row.id is None:
            why: str | None = _released(connection, number, row.old)
        else:
            why = _needed_for(connection, number, row.id, int(row.key), row.new)
        if why is None:
            connection.execute(delete(member).where(member.c.id == row.id))
            batch.counts["numbers_put_back"] = batch.counts.get("numbers_put_back", 0) + 1
            continue
        kept.append(Kept(f"{member_words(row.new)}: ID number", why, int(row.key)))
        stay += [(row.key, field) for field in _FIELDS]
    return kept, stay


def _released(connection: Connection, number: int, old: str) -> str:
    """Why an old number that leads to nobody any more cannot be had again, in words."""
    since = released().where(change.c.key == old, change.c.batch >= number)
    batch = connection.scalar(since.with_only_columns(func.max(change.c.batch)))
    if batch == number:
        return "the old number is somebody's since: undo that first"
    return f"the old number was released since, in batch {batch}: undo that first"


def _needed_for(connection: Connection, number: int, former: int, record: int, new: str) -> str | None:
    """What stands on a new number, in words; None for nothing. `former`: the row of the old one."""
    now = connection.scalar(select(member.c.id_number).where(member.c.id == record))
    if now != new:
        return "the number was corrected again since: undo that first"
    leads_to = connection.scalar(select(member.c.merged_into).where(member.c.id == former))
    if leads_to != record:
        return "the record was merged into another since: undo that first"
    stands = select(batch_table.c.number).where(batch_table.c.number > number, batch_table.c.undone_by.is_(None))
    for what, query in (
        (
            "a deposit came in under it",
            select(deposit.c.matched_in).where(
                deposit.c.member == record,
                deposit.c.id_number == new,
                deposit.c.reversed_by.is_(None),
                deposit.c.matched_in > number,
            ),
        ),
        (
            "a register said something of the member",
            select(register_row.c.batch).where(register_row.c.member == record, register_row.c.batch.in_(stands)),
        ),
        (
            "a register lists the member",
            select(register_source.c.batch)
            .join(register_listing, register_listing.c.source == register_source.c.id)
            .where(register_listing.c.member == record, register_source.c.batch.in_(stands)),
        ),
    ):
        since = connection.scalar(query.limit(1))
        if since is not None:
            return f"{what} since, in batch {since}: undo that first"
    return None
