"""The rows of an import when it is undone: what waits goes, what an officer decided about stays and is named."""

from sqlalchemy import Connection, and_, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import desk_decision, register_listing, register_row, register_source
from ancadmin.services.batch.kept import Kept
from ancadmin.services.register.codes import NOBODY
from ancadmin.services.register.desk.verdicts import DUPLICATE, MARKED, SEEN


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
            desk_decision.c.kind != DUPLICATE,
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
    taken = register_row.alias("taken")
    rows = connection.execute(
        select(
            register_source.c.file,
            register_source.c.sheet,
            register_row.c.row,
            desk_decision.c.verdict,
            desk_decision.c.batch,
            taken.c.member,
        )
        .join_from(register_row, register_source, register_source.c.id == register_row.c.source)
        .join(
            desk_decision,
            and_(
                desk_decision.c.kind != DUPLICATE,
                desk_decision.c.subject == register_row.c.id,
                desk_decision.c.batch == register_row.c.resolved_by,
                desk_decision.c.reversed_by.is_(None),
            ),
        )
        .outerjoin(
            taken,
            and_(
                taken.c.batch == register_row.c.resolved_by,
                taken.c.source == register_row.c.source,
                taken.c.row == register_row.c.row,
                taken.c.outcome != "quarantined",
            ),
        )
        .where(register_row.c.batch == number, register_row.c.outcome == "quarantined")
        .order_by(register_row.c.source, register_row.c.row)
    )
    return [
        Kept(
            " ".join(part for part in (row.file, row.sheet, f"row {row.row}") if part),
            f"an officer {row.verdict} it since, in batch {row.batch}",
            row.member,
        )
        for row in rows
    ]
