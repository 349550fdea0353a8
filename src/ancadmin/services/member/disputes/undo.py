"""Takes back what a batch did to disputes; what an acceptance set right goes with the decisions and fields it made."""

from sqlalchemy import ColumnElement, delete, func, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import change, deposit, dispute, member, proof
from ancadmin.domain.disputes import DisputeKind
from ancadmin.services.batch.changes import put_back
from ancadmin.services.batch.kept import Kept, member_words
from ancadmin.services.member.disputes.record import ACCEPTED
from ancadmin.services.member.disputes.retention import COMMAND
from ancadmin.services.member.numbers.former import FORMER


def undo(batch: Batch, number: int) -> list[Kept]:
    """A dispute lodged is withdrawn with its documents, unless it was decided since; one decided is open again."""
    command = str(batch.connection.scalar(select(batch_table.c.command).where(batch_table.c.number == number)))
    if not command.startswith("member dispute"):
        return []
    if command == COMMAND:
        gone = batch.connection.scalar(select(func.count()).select_from(proof).where(proof.c.removed_in == number))
        return [Kept(f"{gone} documents", "their content is gone for good")] if gone else []
    kept = _take_back_number(batch, number)
    _let_go(batch, number)
    mine = (dispute.c.batch == number, dispute.c.reversed_by.is_(None))
    decided = batch.connection.execute(
        select(dispute.c.id, dispute.c.verdict, dispute.c.decided_in).where(*mine, dispute.c.verdict.is_not(None))
    )
    kept += [
        Kept(f"dispute {row.id}", f"it was {row.verdict} in batch {row.decided_in}: undo that first") for row in decided
    ]
    withdrawn = select(dispute.c.id).where(*mine, dispute.c.verdict.is_(None))
    batch.connection.execute(
        update(proof)
        .where(proof.c.dispute.in_(withdrawn), proof.c.reversed_by.is_(None))
        .values(reversed_by=batch.number)
    )
    taken = batch.connection.execute(
        update(dispute).where(*mine, dispute.c.verdict.is_(None)).values(reversed_by=batch.number)
    ).rowcount
    batch.counts.update(disputes_withdrawn=taken)
    return kept


def _let_go(batch: Batch, number: int) -> None:
    """Whom an acceptance entered the dispute names no more, so that they can go."""
    batch.connection.execute(update(dispute).where(*_entering(number)).values(member=None))


def reopen(batch: Batch, number: int, *, stays: bool) -> list[Kept]:
    """A dispute decided in a batch is open again, once nothing `stays` of what was set right: else so does the verdict.
    Comes after the decisions, fields and people of the batch were taken back.
    """
    connection = batch.connection
    made = connection.execute(select(member.c.id, member.c.origin).where(member.c.batch == number)).first()
    if made is not None and made.origin != FORMER:
        connection.execute(update(dispute).where(*_entering(number)).values(member=made.id))
    if stays or made is not None:
        return []
    entered = connection.scalars(select(dispute.c.id).where(*_entering(number)))
    but = [(str(one), dispute.c.member.name) for one in entered]
    keys, kept = put_back(batch, number, dispute, "dispute", but=but)
    batch.counts.update(disputes_open_again=len(keys))
    return kept


def _entering(number: int) -> tuple[ColumnElement[bool], ...]:
    """The dispute whose acceptance in a batch entered somebody."""
    return (
        dispute.c.decided_in == number,
        dispute.c.verdict == ACCEPTED,
        dispute.c.kind == str(DisputeKind.NOT_ON_RECORD),
    )


def _take_back_number(batch: Batch, number: int) -> list[Kept]:
    """The old number an acceptance let lead to a member leads nowhere again, unless money came by it since."""
    led = batch.connection.execute(
        select(member.c.id, member.c.id_number, member.c.merged_into).where(
            member.c.batch == number, member.c.origin == FORMER
        )
    ).all()
    for row in led:
        came = batch.connection.scalar(
            select(deposit.c.matched_in)
            .where(
                deposit.c.id_number == row.id_number,
                deposit.c.member == row.merged_into,
                deposit.c.reversed_by.is_(None),
                deposit.c.matched_in > number,
            )
            .limit(1)
        )
        merged = batch.connection.scalar(
            select(change.c.batch)
            .join(batch_table, batch_table.c.number == change.c.batch)
            .where(
                change.c.table_name == member.name,
                change.c.key == str(row.id),
                batch_table.c.undone_by.is_(None),
                batch_table.c.undoes.is_(None),
            )
            .limit(1)
        )
        if came is not None or merged is not None:
            what = "a deposit came in under it" if came is not None else "the record was merged into another"
            why = f"{what} since, in batch {came or merged}: undo that first"
            return [Kept(f"{member_words(row.id_number)}: old number", why, row.merged_into)]
        batch.connection.execute(delete(member).where(member.c.id == row.id))
        batch.counts["numbers_put_back"] = 1
    return []
