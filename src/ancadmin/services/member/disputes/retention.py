"""Documents go when the months of their retention are over (docs/rules.md, section 7): that they were there stays."""

from typing import Any

from sqlalchemy import func, select, update

from ancadmin.db.schema import proof
from ancadmin.domain.roles import DECIDES
from ancadmin.errors import NotAllowed
from ancadmin.services.session import Session

COMMAND = "member dispute purge"


def purge(session: Session) -> dict[str, Any]:
    """Takes away the content of every document due to go by today: `batch, removed, bytes, kept`. It cannot be undone.
    Raises NotAllowed.
    """
    if not any(role in DECIDES for role, _ in session.roles):
        raise NotAllowed(f"{session.account} may not remove documents", "Ask a membership officer to do it.")
    with session.batch(COMMAND) as batch:
        there = proof.c.content.is_not(None)
        due = (there, proof.c.keep_until <= batch.today.isoformat())
        size = batch.connection.scalar(select(func.coalesce(func.sum(proof.c.size), 0)).where(*due))
        removed = batch.connection.execute(
            update(proof).where(*due).values(content=None, removed_in=batch.number)
        ).rowcount
        kept = batch.connection.scalar(select(func.count()).select_from(proof).where(there))
        batch.counts.update(removed=removed, bytes=int(size or 0), kept=kept)
        return {"batch": batch.number, **batch.counts}
