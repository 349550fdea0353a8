"""ID numbers members had before theirs were corrected (docs/rules.md, section 5).

Each stands in a row of `member` of its own, which names the record the number now leads to in `merged_into`, as records
merged into others do: whoever looks a number up finds that record. The row holds nothing else of anybody.
"""

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, select

from ancadmin.db.schema import batch, change, member

FORMER = "former_number"
"""The `origin` of such a row."""
CORRECTED = "numbers_corrected"
"""What the batches that made them count, by which they are found: an index on members leads from batches only."""

RELEASED = "numbers_released"
"""What batches count that let such a number lead to nobody; its row goes."""


def former_numbers() -> Select[tuple[int]]:
    """The ids of the rows of all former numbers."""
    return select(member.c.id).where(*_former())


def any_former(connection: Connection) -> bool:
    """Whether any number was ever corrected, and not put back."""
    return connection.scalar(former_numbers().limit(1)) is not None


def former_of(connection: Connection, record: int) -> list[RowMapping]:
    """The rows of the numbers that lead to a record, oldest first."""
    query = select(member).where(*_former(), member.c.merged_into == record).order_by(member.c.id)
    return list(connection.execute(query).mappings())


def now_numbered(connection: Connection) -> dict[int, int]:
    """The number each former one leads to."""
    record = member.alias("record")
    query = (
        select(member.c.id_number, record.c.id_number)
        .join(record, record.c.id == member.c.merged_into)
        .where(*_former())
    )
    return {int(former): int(now) for former, now in connection.execute(query)}


def released(number: int | None = None) -> Select[tuple[str]]:
    """The former numbers that were released (in batch `number`), as the changes of the batches tell: what the row of
    each held became nothing, under FORMER and the number.
    """
    query = select(change.c.key).where(
        change.c.table_name == FORMER, change.c.field == member.c.merged_into.name, change.c.new.is_(None)
    )
    return query if number is None else query.where(change.c.batch == number)


def _former() -> tuple[ColumnElement[bool], ...]:
    correcting = select(batch.c.number).where(batch.c.counts.contains(f'"{CORRECTED}"'))
    return member.c.batch.in_(correcting), member.c.origin == FORMER
