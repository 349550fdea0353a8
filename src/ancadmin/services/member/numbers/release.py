"""A former ID number that is another person's is released: it leads to the record it was corrected on no more, and is
free for whoever it belongs to (docs/rules.md, section 5).

Its row goes; what the row held stays in the changes of the batch, from which an undo writes it again.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select

from ancadmin.db.batches import Batch
from ancadmin.db.schema import member
from ancadmin.domain.authorisation import Act
from ancadmin.errors import InputRefused, NotAllowed
from ancadmin.services.approvals.captured import Outcome, Signed, Wish, captured
from ancadmin.services.batch.changes import difference
from ancadmin.services.batch.kept import member_words
from ancadmin.services.member.decide import require_reason
from ancadmin.services.member.numbers.former import FORMER, RELEASED
from ancadmin.services.member.whose import typed_id_number
from ancadmin.services.session import Session

COMMAND = "member release"


@dataclass(frozen=True)
class Released(Outcome):
    """A release as it was recorded; `id_number` is the record's own, `released_number` the one that leads to it no
    more. `approved_by` as for `Decided`.
    """

    batch: int
    id_number: str
    released_number: str
    why: str
    asked_by: str
    approved_by: str | None
    decided_at: str


def release_number(session: Session, text: str, *, why: str) -> Released:
    """Lets the former number `text` lead to nobody. Raises InputRefused for one that is no former one, NotAllowed."""
    why = require_reason(why)
    with session.batch(COMMAND) as batch:
        number = typed_id_number(text, batch.today, batch.policy)
        former = _former(batch, number)
        record, branch = former["merged_into"], _record(batch, former)["branch"]
        wish = Wish(COMMAND, Act.ID_NUMBER, branch, str(record), why, record, detail={"number": number})
        return captured(session, batch, wish, do_release, f"release ID numbers of members of branch {branch}")


def do_release(session: Session, batch: Batch, wish: Wish, signed: Signed) -> Released:
    """Releases the number a wish tells of."""
    del session
    former = _former(batch, wish.said("number"))
    if former["merged_into"] != wish.member:
        raise NotAllowed(
            "the number leads to another record than when this was asked for",
            "Refuse the request, and ask anew if it is still wanted: ancadmin member history ID",
        )
    let_go(batch, former)
    batch.counts.update(member=wish.member, why=wish.why)
    return Released(
        batch=batch.number,
        id_number=_record(batch, former)["id_number"],
        released_number=former["id_number"],
        why=wish.why,
        asked_by=signed.asked_by,
        approved_by=signed.approved_by,
        decided_at=batch.started_at,
    )


def let_go(batch: Batch, former: dict[str, Any]) -> None:
    """From now on the number of `former`, a row of `member`, leads nowhere."""
    changes = difference(member, former["id_number"], former, dict.fromkeys(former))
    batch.changed([{**one, "table_name": FORMER} for one in changes])
    batch.connection.execute(delete(member).where(member.c.id == former["id"]))
    batch.counts[RELEASED] = 1


def _former(batch: Batch, number: str) -> dict[str, Any]:
    """The row of a former number."""
    found = batch.connection.execute(select(member).where(member.c.id_number == number)).mappings().first()
    if found is None:
        raise InputRefused("leads to nobody", "It is free already: ancadmin member apply", value=number)
    if found["origin"] != FORMER:
        raise InputRefused(
            f"{member_words(number)} has this number, it is no former one",
            "Where it is wrong, and another person's: ancadmin member renumber ID NEW --release; "
            "a merge is taken apart with its batch: ancadmin member history ID",
        )
    return dict(found)


def _record(batch: Batch, former: dict[str, Any]) -> dict[str, Any]:
    query = select(member).where(member.c.id == former["merged_into"])
    return dict(batch.connection.execute(query).mappings().one())
