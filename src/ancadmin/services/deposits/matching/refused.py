"""Deposits of which an officer said that none of the members suggested is meant: those are suggested for them no more,
but somebody else may be (docs/rules.md, section 4.2).
"""

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    delete,
    exists,
    func,
    literal_column,
    select,
)

from ancadmin.db.batches import Batch
from ancadmin.db.schema import change, deposit, desk_decision, member, suggestion
from ancadmin.domain.deposits import Reason, State
from ancadmin.services.batch.changes import difference, put_back
from ancadmin.services.deposits.entries import recount
from ancadmin.services.deposits.matching.ladder import names_member, state_of
from ancadmin.services.deposits.matching.working import CANDIDATE, FOUND, LOOKED
from ancadmin.services.deposits.review.held import SUGGESTION
from ancadmin.services.desk.verdicts import REFUSED

_FIELDS = ("state", "reason", "member", "matched_in")


def is_refused() -> ColumnElement[bool]:
    """Of deposits: nobody was suggested for it since."""
    # Words, not parameters: SQLite uses an index of some rows only where the text says which.
    return and_(
        deposit.c.state == literal_column(f"'{State.UNALLOCATED.value}'"),
        deposit.c.reason == Reason.REFUSED.value,
        deposit.c.reversed_by.is_(None),
    )


def refused_pairs() -> Select[int, int]:
    """Rows `deposit, member`: who was suggested when the suggestions were refused; of one merged into another that
    other.
    """
    return (
        select(
            desk_decision.c.subject.label("deposit"),
            func.coalesce(member.c.merged_into, member.c.id).label("member"),
        )
        .join(
            change,
            and_(
                change.c.batch == desk_decision.c.batch,
                change.c.table_name == deposit.name,
                change.c.key == cast(desk_decision.c.subject, String),
                change.c.field == "matched_in",
            ),
        )
        .join(
            suggestion,
            and_(
                suggestion.c.deposit == desk_decision.c.subject,
                suggestion.c.batch == cast(change.c.old, Integer),
            ),
        )
        .join(member, member.c.id == suggestion.c.member)
        .where(
            desk_decision.c.kind == SUGGESTION,
            desk_decision.c.verdict == REFUSED,
            desk_decision.c.reversed_by.is_(None),
        )
    )


def was_refused(number: ColumnElement[int], who: ColumnElement[int | None]) -> ColumnElement[bool]:
    """That a member is meant by a deposit was refused."""
    pairs = refused_pairs().subquery()
    return exists(select(1).where(pairs.c.deposit == number, pairs.c.member == who))


def drop_refused(connection: Connection) -> None:
    """Takes the candidates out that were refused for the deposits looked at."""
    looked = desk_decision.c.subject.in_(select(LOOKED.c.deposit))
    pairs = [dict(row) for row in connection.execute(refused_pairs().where(looked).distinct()).mappings()]
    if pairs:
        mine = (CANDIDATE.c.deposit == bindparam("deposit"), CANDIDATE.c.member == bindparam("member"))
        connection.execute(delete(CANDIDATE).where(*mine), pairs)


def keep_what_was_refused(batch: Batch) -> None:
    """Keeps what the refused among the deposits found were, which become something else: an undo puts it back."""
    rows = batch.connection.execute(
        select(
            *(deposit.c[name] for name in ("id", *_FIELDS)),
            state_of(FOUND.c.reason).label("new_state"),
            FOUND.c.reason.label("new_reason"),
            case((names_member(FOUND.c.reason), FOUND.c.member)).label("new_member"),
        )
        .join(FOUND, FOUND.c.deposit == deposit.c.id)
        .where(is_refused())
        .order_by(deposit.c.id)
    )
    for row in rows.mappings().all():
        after = {name: row[f"new_{name}"] for name in _FIELDS[:3]}
        batch.changed(difference(deposit, row["id"], dict(row), {**after, "matched_in": batch.number}))


def refuse_again(batch: Batch, number: int) -> None:
    """Deposits that were refused before matching batch `number`, and still are as it left them, are refused once more;
    what it credited of them has to be taken back before.
    """
    kept = batch.connection.execute(
        select(change.c.key, deposit.c.matched_in)
        .join(deposit, deposit.c.id == cast(change.c.key, Integer))
        .where(change.c.batch == number, change.c.table_name == deposit.name, change.c.field == "matched_in")
    ).all()
    if not kept:
        return
    since = {(row.key, name) for row in kept if row.matched_in != number for name in _FIELDS}
    restored, _ = put_back(batch, number, deposit, "deposit", but=since)
    recount(batch.connection, [int(key) for key in restored])
