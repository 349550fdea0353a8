"""How to reach a member: corrected by hand, and kept when an earlier import is undone."""

from dataclasses import dataclass

from sqlalchemy import update

from ancadmin.db.schema import member
from ancadmin.domain.roles import DECIDES
from ancadmin.errors import UsageError
from ancadmin.services.batch.changes import difference
from ancadmin.services.member.apply import contacts_of
from ancadmin.services.member.decide import require_reason
from ancadmin.services.member.whose import member_row
from ancadmin.services.operator.reach import require
from ancadmin.services.session import Session


@dataclass(frozen=True)
class Contacted:
    """Which fields were changed; none where the record said so already."""

    batch: int
    id_number: str
    changed: list[str]


def change_contact(
    session: Session, text: str, *, cell: str = "", email: str = "", voting_district: str = "", why: str
) -> Contacted:
    """Changes what is given and leaves the rest. Raises UsageError for nothing given, InputRefused, NotAllowed."""
    require_reason(why)
    after = contacts_of(cell, email, voting_district)
    if not after:
        raise UsageError("nothing to change is given", "Give --cell, --email or --voting-district.")
    with session.batch("member contact") as batch:
        row = member_row(batch.connection, text, batch.today, batch.policy)
        what = f"change members of branch {row['branch']}"
        require(session, batch.connection, DECIDES, row["branch"], what)
        changes = difference(member, row["id"], row, after)
        batch.changed(changes)
        batch.connection.execute(update(member).where(member.c.id == row["id"]).values(after))
        batch.counts.update(member=row["id"], fields=len(changes), why=why.strip())
    return Contacted(batch.number, row["id_number"], [change["field"] for change in changes])
