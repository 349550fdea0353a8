"""The rows of an import when it is undone: what waits goes, what an officer decided about stays and is named."""

from sqlalchemy import Connection, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import desk_decision, register_listing, register_row, register_source
from ancadmin.services.batch.kept import Kept
from ancadmin.services.register.codes import NOBODY
from ancadmin.services.register.desk.verdicts import MARKED, NOTE, QUARANTINE, SEEN


def release_rows(batch: Batch, number: int) -> tuple[int, list[Kept]]:
    """Rows that batch `number` held back wait no longer, and what was only said of its rows goes with them; those it
    had released, as an import or as an officer's decision, wait again. Returns how many wait no longer, and the rows
    an officer has decided about since: these decisions stand.
    """
    connection = batch.connection
    connection.execute(update(register_row).where(register_row.c.resolved_by == number).values(resolved_by=None))
    open_decisions = update(desk_decision).where(desk_decision.c.reversed_by.is_(None))
    connection.execute(open_decisions.where(desk_decision.c.batch == number).values(reversed_by=batch.number))
    handed_on = _hand_on(connection, number)
    rows = select(register_row.c.id).where(register_row.c.batch == number)
    connection.execute(
        open_decisions.where(
            desk_decision.c.kind.in_([QUARANTINE, NOTE]),
            desk_decision.c.verdict.in_([MARKED, SEEN]),
            desk_decision.c.subject.in_(rows),
        ).values(reversed_by=batch.number)
    )
    released = connection.execute(
        update(register_row)
        .where(
            register_row.c.batch == number,
            register_row.c.outcome == "quarantined",
            register_row.c.resolved_by.is_(None),
        )
        .values(resolved_by=batch.number)
    ).rowcount
    return released, handed_on + _decided(connection, number)


def _hand_on(connection: Connection, number: int) -> list[Kept]:
    """Rows that a later import, which stands, held back in the same words wait on, for that import."""
    later = connection.scalars(
        select(register_source.c.batch)
        .join(register_listing, register_listing.c.source == register_source.c.id)
        .join(batch_table, batch_table.c.number == register_source.c.batch)
        .where(register_listing.c.member == NOBODY, register_source.c.batch > number, batch_table.c.undone_by.is_(None))
        .distinct()
        .order_by(register_source.c.batch)
    )
    kept = []
    for one in later.all():
        its_words = (
            select(register_listing.c.fingerprint)
            .join(register_source, register_source.c.id == register_listing.c.source)
            .where(register_listing.c.member == NOBODY, register_source.c.batch == one)
        )
        count = connection.execute(
            update(register_row)
            .where(
                register_row.c.batch == number,
                register_row.c.outcome == "quarantined",
                register_row.c.resolved_by.is_(None),
                register_row.c.fingerprint.in_(its_words),
            )
            .values(batch=one)
        ).rowcount
        if count:
            what = f"{count} rows held back" if count > 1 else "a row held back"
            kept.append(Kept(what, f"batch {one} read the same, so what it held back waits on"))
    return kept


def _decided(connection: Connection, number: int) -> list[Kept]:
    """The rows batch `number` held back that an officer's decision, which stands, has taken or put away."""
    held = (register_row.c.batch == number, register_row.c.outcome == "quarantined")
    decided = (*held, register_row.c.resolved_by.in_(select(desk_decision.c.batch)))
    deciding = select(register_row.c.resolved_by).where(*decided)
    # Beside each other in Python: one batch may have decided about all of them, and no index is on it and the row.
    verdicts = {
        (row.batch, row.subject): row.verdict
        for row in connection.execute(
            select(desk_decision.c.batch, desk_decision.c.subject, desk_decision.c.verdict).where(
                desk_decision.c.batch.in_(deciding),
                desk_decision.c.kind.in_([QUARANTINE, NOTE]),
                desk_decision.c.reversed_by.is_(None),
            )
        )
    }
    taken = {
        (row.batch, row.source, row.row): row.member
        for row in connection.execute(
            select(register_row.c.batch, register_row.c.source, register_row.c.row, register_row.c.member).where(
                register_row.c.batch.in_(deciding), register_row.c.outcome != "quarantined"
            )
        )
    }
    rows = connection.execute(
        select(
            register_row.c.id,
            register_row.c.source,
            register_row.c.row,
            register_row.c.resolved_by,
            register_source.c.file,
            register_source.c.sheet,
        )
        .join(register_source, register_source.c.id == register_row.c.source)
        .where(*decided)
        .order_by(register_row.c.source, register_row.c.row)
    )
    return [
        Kept(
            " ".join(part for part in (row.file, row.sheet, f"row {row.row}") if part),
            f"an officer {verdicts[row.resolved_by, row.id]} it since, in batch {row.resolved_by}",
            taken.get((row.resolved_by, row.source, row.row)),
        )
        for row in rows
        if (row.resolved_by, row.id) in verdicts
    ]
