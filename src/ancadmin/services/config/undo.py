"""Takes back what a batch brought into force."""

from sqlalchemy import select

from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import setting
from ancadmin.services.batch.changes import put_back
from ancadmin.services.batch.kept import Kept
from ancadmin.services.config.adopt import COMMAND
from ancadmin.services.config.in_force import policy_adopted
from ancadmin.services.operator.grants import follow


def undo(batch: Batch, number: int) -> list[Kept]:
    """The authorisation adopted before is in force again, unless another was adopted since."""
    connection = batch.connection
    if connection.scalar(select(batch_table.c.command).where(batch_table.c.number == number)) != COMMAND:
        return []
    before = policy_adopted(connection)
    put, kept = put_back(batch, number, setting, "setting", lambda _: "the authorisation in force")
    if put:
        now = policy_adopted(connection) or batch.policy
        follow(connection, before.authorisation if before else None, now.authorisation, batch.today)
    return kept
