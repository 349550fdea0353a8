"""Takes back requests and what was decided about them."""

from sqlalchemy import Connection, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import approval_request
from ancadmin.services.approvals.requests import APPROVED, REFUSED
from ancadmin.services.batch.changes import put_back
from ancadmin.services.batch.kept import Kept


def undo(batch: Batch, number: int) -> list[Kept]:
    """A request that waits is withdrawn, a refused one waits again. One that was decided about since stays: that has to
    be undone first. An approval is taken back by whose work it was (`reopen`).
    """
    connection = batch.connection
    refused = select(approval_request.c.id).where(
        approval_request.c.decided_in == number, approval_request.c.verdict == REFUSED
    )
    if connection.scalar(refused) is not None:
        reopen(batch, number)
    mine = (approval_request.c.batch == number, approval_request.c.reversed_by.is_(None))
    withdrawn = connection.execute(
        update(approval_request).where(*mine, approval_request.c.verdict.is_(None)).values(reversed_by=batch.number)
    ).rowcount
    if withdrawn:
        batch.counts["requests_withdrawn"] = withdrawn
    left = connection.execute(
        select(approval_request.c.id, approval_request.c.verdict, approval_request.c.decided_in).where(*mine)
    )
    # Decided in the same breath by the sole operator, and kept with the work: then that is named already.
    return [
        Kept(f"request {row.id}", f"it was {row.verdict} since, in batch {row.decided_in}: undo that first")
        for row in left
        if row.decided_in != number
    ]


def reopen(batch: Batch, number: int) -> None:
    """What batch `number` approved or refused waits again: its work was taken back."""
    put_back(batch, number, approval_request, "request")


def approves_about(connection: Connection, number: int, noun: str) -> bool:
    """Whether batch `number` approved a request for work of a noun, named as commands begin: `member `."""
    query = select(approval_request.c.id).where(
        approval_request.c.decided_in == number,
        approval_request.c.verdict == APPROVED,
        approval_request.c.kind.startswith(noun),
    )
    return connection.scalar(query) is not None
