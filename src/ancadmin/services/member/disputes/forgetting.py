"""What becomes of disputes when the members they are about are taken off the record again."""

from typing import Any

from sqlalchemy import ColumnElement, Select, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import dispute

DISPUTED_WHY = "they dispute what is on record"


def disputed_by(person: ColumnElement[int] | int) -> Select[tuple[int]]:
    """The disputes of a member (or a column of them) that were not withdrawn."""
    return select(dispute.c.id).where(dispute.c.member == person, dispute.c.reversed_by.is_(None))


def forget_disputes(batch: Batch, members: Select[Any]) -> None:
    """Disputes these members withdrew stay on record, and say by the ID number alone whose they were."""
    batch.connection.execute(update(dispute).where(dispute.c.member.in_(members)).values(member=None))
