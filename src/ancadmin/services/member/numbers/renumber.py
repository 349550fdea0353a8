"""ID numbers found wrong are corrected: the record gets the right one, and the wrong one keeps finding it
(docs/rules.md, section 5).
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import member
from ancadmin.domain.authorisation import Act
from ancadmin.domain.id_numbers import Reading, read_id_number
from ancadmin.errors import InputRefused, NotAllowed
from ancadmin.services.approvals.captured import Outcome, Signed, Wish, captured
from ancadmin.services.batch.changes import difference
from ancadmin.services.batch.kept import member_words
from ancadmin.services.member.apply import identified
from ancadmin.services.member.decide import record_of, require_reason, row_of
from ancadmin.services.member.numbers.former import CORRECTED, FORMER
from ancadmin.services.member.numbers.release import let_go
from ancadmin.services.member.whose import own_row, typed_id_number
from ancadmin.services.session import Session

COMMAND = "member renumber"
_OF_PERSON = ("surname", "first_names", "gender", "born", "branch")


@dataclass(frozen=True)
class Renumbered(Outcome):
    """A correction as it was recorded; `born` and `gender` are those of the new number; `released`: the former
    one finds the record no more. `approved_by` as for `Decided`.
    """

    batch: int
    id_number: str
    former_number: str
    released: bool
    born: str
    gender: str
    why: str
    asked_by: str
    approved_by: str | None
    decided_at: str


def renumber_member(session: Session, text: str, new: str, *, why: str, release: bool = False) -> Renumbered:
    """Gives the record with the ID number `text` the number `new`; with `release` the old one, another person's, does
    not lead to it. Raises InputRefused for a new number that is none or is on record already, NotAllowed.
    """
    why = require_reason(why)
    with session.batch(COMMAND) as batch:
        row = own_row(batch.connection, text, batch.today, batch.policy)
        if row["merged_into"] is not None:
            raise InputRefused(
                f"{member_words(row['id_number'])} is merged into another record",
                "Give that one's number: ancadmin member show ID; or undo the merge first.",
            )
        to = typed_id_number(new, batch.today, batch.policy)
        detail = {"from": row["id_number"], "to": to, "release": release}
        number, branch = row["id"], row["branch"]
        wish = Wish(COMMAND, Act.ID_NUMBER, branch, str(number), why, number, detail=detail)
        return captured(session, batch, wish, do_renumber, f"correct ID numbers of members of branch {branch}")


def do_renumber(session: Session, batch: Batch, wish: Wish, signed: Signed) -> Renumbered:
    """Corrects the number a wish tells of."""
    del session
    connection, row = batch.connection, row_of(batch.connection, wish)
    if row["id_number"] != wish.said("from"):
        raise NotAllowed(
            "the record has another number than when this was asked for",
            "Refuse the request, and ask anew if it is still wanted: ancadmin member history ID",
        )
    _check_free(batch, row, wish.said("to"))
    reading = _read(batch, row, wish.said("to"))
    after = {"id_number": wish.said("to"), "born": str(reading.born), "gender": str(reading.gender)}
    batch.changed(difference(member, row["id"], row, after))
    connection.execute(update(member).where(member.c.id == row["id"]).values(after))
    former = keep_finding(batch, row, row["id_number"])
    if wish.said("release"):
        let_go(batch, former)
    batch.counts.update(member=row["id"], why=wish.why)
    return Renumbered(
        batch=batch.number,
        id_number=after["id_number"],
        former_number=row["id_number"],
        released=bool(wish.said("release")),
        born=after["born"],
        gender=after["gender"],
        why=wish.why,
        asked_by=signed.asked_by,
        approved_by=signed.approved_by,
        decided_at=batch.started_at,
    )


def keep_finding(batch: Batch, row: dict[str, Any], number: str) -> dict[str, Any]:
    """From now on the number, which is nobody's, leads to the record `row` is of; the row of `member` that says so."""
    person = {name: row[name] for name in _OF_PERSON}
    former = {**person, "id_number": number, "origin": FORMER, "batch": batch.number, "merged_into": row["id"]}
    made = batch.connection.execute(insert(member).values(former).returning(member))
    batch.counts[CORRECTED] = 1
    return dict(made.mappings().one())


def _check_free(batch: Batch, row: dict[str, Any], to: str) -> None:
    if to == row["id_number"]:
        raise InputRefused("has this ID number already", "See: ancadmin member show ID", value=to)
    found = batch.connection.execute(select(member).where(member.c.id_number == to)).mappings().first()
    if found is None:
        return
    if found["origin"] == FORMER and found["merged_into"] == row["id"]:
        raise InputRefused(
            f"this was the number before it was corrected in batch {found['batch']}",
            f"Where that was the mistake: ancadmin batch undo {found['batch']}",
            value=to,
        )
    raise InputRefused(
        "somebody is on record under the new number",
        "See: ancadmin member show ID; where the two are one person: ancadmin member merge",
        value=to,
    )


def _read(batch: Batch, row: dict[str, Any], to: str) -> Reading:
    """The new number, read on the day of joining where that gives an answer, otherwise today."""
    joined = record_of(batch.connection, row).listed_from
    reading = read_id_number(to, joined or batch.today, batch.policy)
    return reading if reading.problem is None else identified(to, batch.today, batch.policy)
