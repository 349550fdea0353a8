"""Takes back suggestions of members whose records are about to be deleted."""

from sqlalchemy import Select, delete, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import deposit, suggestion
from ancadmin.domain.deposits import State
from ancadmin.services.deposits.matching.ladder import holding


def forget_suggestions(batch: Batch, members: Select[tuple[int]]) -> None:
    """The suggestions of these members go; deposits that had one are open, and the next matching run looks at them."""
    theirs = suggestion.c.member.in_(members)
    held = select(suggestion.c.deposit).join(deposit, holding()).where(theirs)
    batch.connection.execute(
        update(deposit)
        .where(deposit.c.id.in_(held))
        .values(state=State.OPEN.value, reason=None, member=None, matched_in=None)
    )
    batch.connection.execute(delete(suggestion).where(theirs))
