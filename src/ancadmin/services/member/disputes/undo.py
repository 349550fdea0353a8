"""Takes back what a batch did to disputes; what an acceptance set right goes with the decisions and fields it made."""

from sqlalchemy import func, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import dispute, proof
from ancadmin.services.batch.changes import put_back
from ancadmin.services.batch.kept import Kept
from ancadmin.services.member.disputes.retention import COMMAND


def undo(batch: Batch, number: int) -> list[Kept]:
    """A dispute lodged is withdrawn with its documents, unless it was decided since; one decided is open again."""
    command = str(batch.connection.scalar(select(batch_table.c.command).where(batch_table.c.number == number)))
    if not command.startswith("member dispute"):
        return []
    if command == COMMAND:
        gone = batch.connection.scalar(select(func.count()).select_from(proof).where(proof.c.removed_in == number))
        return [Kept(f"{gone} documents", "their content is gone for good")] if gone else []
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
