"""How to reach a member: corrected by hand, and kept when an earlier import is undone."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import member
from ancadmin.domain.authorisation import Act
from ancadmin.errors import UsageError
from ancadmin.services.approvals.captured import Outcome, Signed, Wish, captured
from ancadmin.services.batch.changes import difference
from ancadmin.services.member.apply import contacts_of
from ancadmin.services.member.decide import require_reason, row_of
from ancadmin.services.member.whose import member_row
from ancadmin.services.session import Session


@dataclass(frozen=True)
class Contacted(Outcome):
    """Which fields were changed; none where the record said so already."""

    batch: int
    id_number: str
    changed: list[str]


def change_contact(
    session: Session, text: str, *, cell: str = "", email: str = "", voting_district: str = "", why: str
) -> Contacted:
    """Changes what is given and leaves the rest. Raises UsageError for nothing given, InputRefused, NotAllowed."""
    why = require_reason(why)
    after = contacts_of(cell, email, voting_district)
    if not after:
        raise UsageError("nothing to change is given", "Give --cell, --email or --voting-district.")
    with session.batch("member contact") as batch:
        row = member_row(batch.connection, text, batch.today, batch.policy)
        wish = to_contact(row, after, why)
        return captured(session, batch, wish, do_contact, f"change members of branch {wish.place}")


def to_contact(row: dict[str, Any], after: dict[str, str], why: str) -> Wish:
    """The wish that a row of members is reached as `contacts_of` says."""
    return Wish("member contact", Act.CONTACT, row["branch"], str(row["id"]), why, row["id"], detail=after)


def do_contact(session: Session, batch: Batch, wish: Wish, signed: Signed) -> Contacted:
    """Changes what a wish says of how a member is reached."""
    del session, signed
    row = row_of(batch.connection, wish)
    after = dict(wish.detail or {})
    changes = difference(member, row["id"], row, after)
    batch.changed(changes)
    batch.connection.execute(update(member).where(member.c.id == row["id"]).values(after))
    batch.counts.update(member=row["id"], fields=len(changes), why=wish.why)
    return Contacted(batch.number, row["id_number"], [change["field"] for change in changes])
