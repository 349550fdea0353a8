"""Takes back what a batch did to disputes; what an acceptance set right goes with the decisions and fields it made."""

from sqlalchemy import delete, func, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import deposit, dispute, member, proof
from ancadmin.services.batch.changes import put_back
from ancadmin.services.batch.kept import Kept, member_words
from ancadmin.services.member.disputes.retention import COMMAND
from ancadmin.services.member.numbers import FORMER


def undo(batch: Batch, number: int) -> list[Kept]:
    """A dispute lodged is withdrawn with its documents, unless it was decided since; one decided is open again."""
    command = str(batch.connection.scalar(select(batch_table.c.command).where(batch_table.c.number == number)))
    if not command.startswith("member dispute"):
        return []
    if command == COMMAND:
        gone = batch.connection.scalar(select(func.count()).select_from(proof).where(proof.c.removed_in == number))
        return [Kept(f"{gone} documents", "their content is gone for good")] if gone else []
    led = _take_back_number(batch, number)
    if led:
        return led  # the dispute stays accepted as long as its number leads to the member
    keys, kept = put_back(batch, number, dispute, "dispute")
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
    batch.counts.update(disputes_withdrawn=taken, disputes_open_again=len(keys))
    return kept


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
        if came is not None:
            why = f"a deposit came in under it since, in batch {came}: undo that first"
            return [Kept(f"{member_words(row.id_number)}: old number", why, row.merged_into)]
        batch.connection.execute(delete(member).where(member.c.id == row.id))
        batch.counts["numbers_put_back"] = 1
    return []
