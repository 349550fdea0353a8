"""Two records of one person made one: the first is kept, the second gone into it, with the money and papers of both.

Nothing is deleted: the row of the second stays and names the first, its money is reversed and credited to the first on
the same days, its decisions hold for the first as rows that continue them. `merge_undo` takes it apart again.
"""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, func, insert, literal, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import allocation, decision, deposit, member, merge, standing
from ancadmin.domain.authorisation import Act
from ancadmin.domain.decisions import APPLICATION, Kind
from ancadmin.domain.last_payment import last_of
from ancadmin.domain.policy import Policy
from ancadmin.errors import InputRefused
from ancadmin.services.batch.changes import difference
from ancadmin.services.batch.kept import member_words
from ancadmin.services.member.decide import require_reason
from ancadmin.services.member.numbers.former import former_of
from ancadmin.services.member.whose import merged_records, own_row
from ancadmin.services.operator.reach import require
from ancadmin.services.session import Session
from ancadmin.services.standing.facts import MATCHER
from ancadmin.services.standing.query import recorded
from ancadmin.services.standing.settle import settle

CARRIED = ("deposit", "cents", "value_date", "reason", "why")
"""What an allocation has that is credited to the other record: all but whose it is."""
CONTACTS = ("first_names", "voting_district", "cell", "email", "old_reference")
PAYMENT = ("last_payment_on", "last_payment_cents")
_COUNTED = ("allocations", "cents", "decisions", "fields", "in_opening", "in_opening_cents")
_WORDS = [str(kind) for kind in APPLICATION]

Row = dict[str, Any]


@dataclass(frozen=True)
class Merged:
    """`kept` and `gone` are the ID numbers; what went over: allocations and their cents, decisions, and the fields of
    the kept record that took the other's value. `in_opening`: deposits matched before, of `in_opening_cents` in all,
    that count no longer, for the last payment that stands now is as late: that money is in the opening position.
    """

    batch: int
    kept: str
    gone: str
    allocations: int
    cents: int
    decisions: int
    fields: list[str]
    in_opening: list[int]
    in_opening_cents: int
    why: str
    asked_by: str
    approved_by: str | None
    decided_at: str


def merge_members(session: Session, kept_text: str, gone_text: str, *, why: str) -> Merged:
    """Keeps the record with the number `kept_text`, and lets the one with `gone_text` go into it.

    Raises InputRefused for one record twice, for records merged already, for an applicant kept in the place of a member
    of a register or of one accepted, and where one of the two is dead; NotAllowed to those who do not decide about both
    branches.
    """
    why = require_reason(why)
    with session.batch("member merge") as batch:
        connection = batch.connection
        kept, gone = (own_row(connection, text, batch.today, batch.policy) for text in (kept_text, gone_text))
        able = batch.policy.authorisation.alone(Act.MERGE, None, batch.today)
        for row in (kept, gone):
            require(session, connection, able, row["branch"], f"merge members of branch {row['branch']}")
        _check(connection, kept, gone)
        before = _in_opening(connection, kept, gone)
        connection.execute(
            insert(merge).values(
                kept=kept["id"],
                gone=gone["id"],
                why=why,
                asked_by=batch.operator,
                approved_by=batch.operator if session.sole_operator else None,
                decided_at=batch.started_at,
                policy_version=batch.policy.version,
                batch=batch.number,
            )
        )
        fields = _point(batch, kept, gone)
        allocations, cents = _carry_money(batch, kept, gone)
        decisions = _carry_decisions(batch, kept, gone)
        connection.execute(delete(standing).where(standing.c.member == gone["id"]))
        settle(batch, select(member.c.id).where(member.c.id == kept["id"]))
        silent = {number: one for number, one in _in_opening(connection, kept, gone).items() if number not in before}
        done = Merged(
            batch.number,
            kept["id_number"],
            gone["id_number"],
            allocations,
            cents,
            decisions,
            fields,
            sorted(silent),
            sum(silent.values()),
            why,
            batch.operator,
            batch.operator if session.sole_operator else None,
            batch.started_at,
        )
        counts = {name: value for name, value in asdict(done).items() if name in _COUNTED}
        batch.counts.update(kept=kept["id"], gone=gone["id"], **counts)
        return done


def _check(connection: Connection, kept: Row, gone: Row) -> None:
    if kept["id"] == gone["id"]:
        raise InputRefused("both numbers are of one record", "Give the numbers of two records.")
    for row in (kept, gone):
        if row["merged_into"] is not None:
            into = connection.scalar(select(member.c.id_number).where(member.c.id == row["merged_into"]))
            raise InputRefused(
                f"{member_words(row['id_number'])} is merged into {member_words(str(into))} already",
                "Give that one's number; or undo the merge first: ancadmin member history ID names its batch.",
            )
    if kept["origin"] == "application" and gone["origin"] == "register":
        raise InputRefused(
            "the one to keep applied, and the other is a member of a register, whose standing would be lost",
            "Keep the member of the register: give the two numbers the other way round. Both find the record.",
        )
    accepted = [_is_accepted(connection, row) for row in (kept, gone)]
    if accepted == [False, True]:
        raise InputRefused(
            "the one to keep is not accepted, and the other is: their standing would be lost",
            "Keep the one accepted: give the two numbers the other way round. Both find the record.",
        )
    dead = set(
        connection.scalars(
            select(decision.c.member).where(
                decision.c.member.in_((kept["id"], gone["id"])),
                decision.c.kind == str(Kind.DECEASED),
                decision.c.reversed_by.is_(None),
            )
        )
    )
    if len(dead) == 1:
        raise InputRefused(
            "one of the two is on record as deceased, the other is not: a death is recorded from a result file only",
            "Ask HANIS or the IEC about the other number: ancadmin member deceased import FILE; "
            "or undo the batch that recorded the death, where it is a mistake.",
        )


def _is_accepted(connection: Connection, row: Row) -> bool:
    """A member of a register, or an applicant whose latest word is the acceptance."""
    words = select(decision.c.kind).where(
        decision.c.member == row["id"], decision.c.reversed_by.is_(None), decision.c.kind.in_(_WORDS)
    )
    last = connection.scalar(words.order_by(decision.c.begins_on.desc(), recorded(decision).desc()).limit(1))
    return row["origin"] == "register" or last == str(Kind.ACCEPTED)


def _point(batch: Batch, kept: Row, gone: Row) -> list[str]:
    """Lets the gone record, those gone into it before and its former numbers name the kept one, which takes what it
    lacks; the names of the fields it took.
    """
    connection = batch.connection
    others = (*merged_records(connection, gone["id"]), *former_of(connection, gone["id"]))
    for row in (gone, *map(dict, others)):
        batch.changed(difference(member, row["id"], row, {"merged_into": kept["id"]}))
        connection.execute(update(member).where(member.c.id == row["id"]).values(merged_into=kept["id"]))
    after = taken_over(kept, gone, batch.policy)
    changes = difference(member, kept["id"], kept, after)
    batch.changed(changes)
    if changes:
        connection.execute(update(member).where(member.c.id == kept["id"]).values(after))
    return [change["field"] for change in changes]


def taken_over(kept: Row, gone: Row, policy: Policy) -> Row:
    """Contacts the kept record lacks, the earlier joining, and the later last payment, its day and amount as one; but
    none that covers nothing in the place of one that covers.
    """
    after: Row = {name: gone[name] for name in CONTACTS if not kept[name] and gone[name]}
    if gone["joined_on"] and (not kept["joined_on"] or gone["joined_on"] < kept["joined_on"]):
        after["joined_on"] = gone["joined_on"]
    paid = [row for row in (kept, gone) if all(row[name] is not None for name in PAYMENT)]
    last = last_of([(date.fromisoformat(row[PAYMENT[0]]), row[PAYMENT[1]]) for row in paid], policy)
    if last is not None:
        after.update(zip(PAYMENT, (last[0].isoformat(), last[1]), strict=True))
    return after


def _carry_money(batch: Batch, kept: Row, gone: Row) -> tuple[int, int]:
    """Reverses the gone record's allocations and makes the same for the kept one; how many, and how many cents."""
    connection = batch.connection
    connection.execute(
        update(allocation)
        .where(allocation.c.member == gone["id"], allocation.c.reversed_by.is_(None))
        .values(reversed_by=batch.number, reversed_why=f"merged into {member_words(kept['id_number'])}")
    )
    columns = [allocation.c[name] for name in CARRIED]
    mine = (allocation.c.member == gone["id"], allocation.c.reversed_by == batch.number)
    over = select(literal(kept["id"]), *columns, literal(batch.number)).where(*mine).order_by(allocation.c.id)
    connection.execute(insert(allocation).from_select(["member", *CARRIED, "batch"], over))
    cents = connection.scalars(select(allocation.c.cents).where(*mine)).all()
    named = (deposit.c.member == gone["id"], deposit.c.reversed_by.is_(None))
    for number in connection.scalars(select(deposit.c.id).where(*named).order_by(deposit.c.id)).all():
        batch.changed(difference(deposit, number, {"member": gone["id"]}, {"member": kept["id"]}))
    connection.execute(update(deposit).where(*named).values(member=kept["id"]))
    return len(cents), sum(cents)


def _in_opening(connection: Connection, *rows: Row) -> dict[int, int]:
    """The deposits matched to some records that count for nothing, being in the opening position, and their cents."""
    money = (
        select(allocation.c.deposit, func.sum(allocation.c.cents))
        .join(standing, standing.c.member == allocation.c.member)
        .where(
            allocation.c.member.in_([row["id"] for row in rows]),
            allocation.c.reversed_by.is_(None),
            allocation.c.reason == MATCHER,
            allocation.c.value_date <= standing.c.opening_on,
        )
        .group_by(allocation.c.deposit)
    )
    return {number: int(cents) for number, cents in connection.execute(money)}


def _carry_decisions(batch: Batch, kept: Row, gone: Row) -> int:
    """Lets what was decided about the gone record hold for the kept one too, also where something of the kind holds
    there already: either may be undone later. An application stays with its own record.
    """
    connection = batch.connection
    holds = (decision.c.member == gone["id"], decision.c.reversed_by.is_(None), decision.c.kind.not_in(_WORDS))
    rows = connection.execute(select(decision).where(*holds).order_by(recorded(decision))).mappings()
    new = [
        {
            **{name: value for name, value in row.items() if name != "id"},
            "member": kept["id"],
            "batch": batch.number,
            "continues": row["continues"] or row["id"],
        }
        for row in rows
    ]
    if new:
        connection.execute(insert(decision), new)
    return len(new)
