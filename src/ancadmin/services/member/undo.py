"""Takes back what a batch of `member` decided or changed. What a register brought goes with its own undo."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, delete, or_, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import (
    allocation,
    change,
    decision,
    deposit,
    member,
    merge,
    register_listing,
    register_row,
    transfer,
)
from ancadmin.db.schema import batch as batch_table
from ancadmin.domain.decisions import APPLICATION, Kind
from ancadmin.domain.deposits import Reason
from ancadmin.services.approvals.undo import approves_about, reopen
from ancadmin.services.batch.changes import put_back
from ancadmin.services.batch.kept import Kept, member_words
from ancadmin.services.deposits.matching.forgetting import forget_suggestions
from ancadmin.services.deposits.reminders.forgetting import SENT_WHY, forget_reminders, sent_to
from ancadmin.services.member.deaths.death_undo import takings_back
from ancadmin.services.member.deaths.reinstating import reinstate
from ancadmin.services.member.disputes.forgetting import DISPUTED_WHY, disputed_by, forget_disputes
from ancadmin.services.member.disputes.undo import reopen as reopen_dispute
from ancadmin.services.member.merging.merge_undo import (
    forget_pairs,
    merge_of,
    require_last,
    settle_both,
    take_apart,
    take_back_carried,
)
from ancadmin.services.member.merging.take_again import TakenAgain, take_again
from ancadmin.services.member.moving.moved_back import take_back_transfers
from ancadmin.services.member.numbers.release_undo import released_since, take_back_releases
from ancadmin.services.member.numbers.renumber_undo import take_back_numbers
from ancadmin.services.standing.query import recorded
from ancadmin.services.standing.settle import forget, settle

_WORDS = [str(kind) for kind in APPLICATION]


def undo(batch: Batch, number: int) -> list[Kept]:
    """Decisions taken back name this batch; those the batch had ended hold again, as new rows; people it entered go,
    unless something else is on record about them. Raises NotAllowed for a merge whose kept record went on into another.
    """
    approving = approves_about(batch.connection, number, "member ")
    if not approving and not command_of(batch.connection, number).startswith("member "):
        return []
    made = merge_of(batch.connection, number)
    if made is not None:
        require_last(batch.connection, made)
    touched = select(decision.c.member).where(
        or_(decision.c.batch == number, decision.c.reversed_by.in_((number, batch.number)))
    )
    kept = take_apart(batch, made) if made is not None else []
    kept += _take_back(batch, number)
    moved_since, stay = take_back_transfers(batch, number)
    kept += take_back_releases(batch, number)
    numbered_since, numbers = take_back_numbers(batch, number)
    kept += moved_since + numbered_since
    reinstate(batch, number)
    restored, changed_since = _put_back(batch, number, made, stay + numbers + released_since(batch.connection, number))
    removed, needed = _remove_entered(batch, number)
    settle(batch, select(member.c.id).where(or_(member.c.id.in_(touched), member.c.id.in_(restored))))
    if made is not None:
        settle_both(batch, made)
    batch.counts.update(contacts_restored=len(restored), people_removed=removed)
    left = kept + changed_since + needed
    if approving and not left:
        reopen(batch, number)
    return left + reopen_dispute(batch, number, stays=bool(left))


def command_of(connection: Connection, number: int) -> str:
    """The command of a batch."""
    return str(connection.scalar(select(batch_table.c.command).where(batch_table.c.number == number)))


def _put_back(
    batch: Batch, number: int, made: Row[Any] | None, stay: list[tuple[str, str]]
) -> tuple[list[int], list[Kept]]:
    """Gives changed fields their old values, but for those of `stay`; the ids of the records it changed, and what was
    changed again since.
    """
    again = take_again(batch, made) if made is not None else TakenAgain()
    back = [*stay, *((str(made.kept), name) for name in again.given_back)] if made is not None else stay
    keys, kept = put_back(batch, number, member, "member", lambda key: _named(batch.connection, int(key)), but=back)
    if made is None:
        again = take_again(batch)
    return [*map(int, keys), *again.records], kept


def _take_back(batch: Batch, number: int) -> list[Kept]:
    """Reverses the batch's decisions on which no later one stands, in one stroke."""
    connection = batch.connection
    live = (decision.c.batch == number, decision.c.reversed_by.is_(None))
    stands = _stood_on(number)
    kept = [
        Kept(
            f"{_named(connection, row.member)}: {row.kind} on {row.begins_on}",
            "a later decision stands on it: undo that first",
        )
        for row in connection.execute(select(decision).where(*live, stands).order_by(decision.c.id))
    ]
    money = _money_on(number)
    first = money.order_by(deposit.c.matched_in).limit(1)
    kept += [
        Kept(
            f"{_named(connection, row.member)}: {row.kind} on {row.begins_on}",
            f"money was matched on it in batch {row.matched_in}: undo that first",
        )
        for row in connection.execute(
            select(decision, first.scalar_subquery().label("matched_in"))
            .where(*live, ~stands, money.exists())
            .order_by(decision.c.id)
        )
    ]
    free = (*live, ~stands, ~money.exists())
    taken = connection.execute(update(decision).where(*free).values(reversed_by=batch.number)).rowcount
    take_back_carried(batch)
    for row in _ended_since(connection, number):
        taken_back, since = _follow(batch, number, row)
        taken += taken_back
        kept += since
    batch.counts["decisions_taken_back"] = taken
    return kept


def _stood_on(number: int) -> ColumnElement[bool]:
    """A word on an application on which a later one, or an objection, stands."""
    later = decision.alias("later")
    return decision.c.kind.in_(_WORDS) & (
        select(later.c.id)
        .where(
            later.c.member == decision.c.member,
            later.c.id > decision.c.id,
            later.c.batch != number,
            later.c.reversed_by.is_(None),
            later.c.kind.in_([*_WORDS, str(Kind.OBJECTION)]),
        )
        .exists()
    )


def _money_on(number: int) -> Select[tuple[int | None]]:
    """The batches that matched money to a member since because of the acceptance `decision` is: no other one holds."""
    other = decision.alias("other")
    another = (
        select(other.c.id)
        .where(
            other.c.member == decision.c.member,
            other.c.batch != number,
            other.c.kind == str(Kind.ACCEPTED),
            other.c.reversed_by.is_(None),
        )
        .correlate(decision)
        .exists()
    )
    return (
        select(deposit.c.matched_in)
        .select_from(allocation.join(deposit, deposit.c.id == allocation.c.deposit))
        .where(
            decision.c.kind == str(Kind.ACCEPTED),
            allocation.c.member == decision.c.member,
            allocation.c.batch > number,
            allocation.c.reason == str(Reason.ID_REFERENCE),
            allocation.c.reversed_by.is_(None),
            ~another,
        )
        .correlate(decision)
    )


def _ended_since(connection: Connection, number: int) -> list[dict[str, Any]]:
    """Decisions of the batch that another batch, not an undo of it, has put an end to, or replaced, since."""
    undos = select(batch_table.c.number).where(batch_table.c.undoes == number)
    rows = connection.execute(
        select(decision).where(
            decision.c.batch == number,
            decision.c.reversed_by.is_not(None),
            decision.c.reversed_by != number,  # what ended it goes with it
            decision.c.reversed_by.not_in(undos),
            decision.c.reversed_by.not_in(takings_back()),
            ~_gone_with_its_own(number),
        )
    )
    return [dict(row) for row in rows.mappings()]


def _gone_with_its_own(number: int) -> ColumnElement[bool]:
    """A decision the merge of the batch carried over, which went when the one it continues was taken back."""
    merging = select(merge.c.id).where(merge.c.batch == number)
    undos = select(batch_table.c.number).where(batch_table.c.undoes.is_not(None))
    return and_(decision.c.continues.is_not(None), merging.exists(), decision.c.reversed_by.in_(undos))


def _follow(batch: Batch, number: int, row: dict[str, Any]) -> tuple[int, list[Kept]]:
    """Where the ending was itself undone, the decision lives on in a row of that undo: that one is reversed, unless an
    earlier undo of batch `number` did so.
    """
    undos = set(batch.connection.scalars(select(batch_table.c.number).where(batch_table.c.undoes == number)))
    while row["reversed_by"] is not None:
        by = row["reversed_by"]
        if by in undos:
            return 0, []
        found = batch.connection.execute(_continued(row, by)).mappings().first()
        if found is None:
            what = f"{_named(batch.connection, row['member'])}: {row['kind']} on {row['begins_on']}"
            return 0, [Kept(what, f"batch {by} put an end to it: undo that first")]
        row = dict(found)
    batch.connection.execute(update(decision).where(decision.c.id == row["id"]).values(reversed_by=batch.number))
    return 1, []


def _continued(row: dict[str, Any], ended_by: int) -> Select[Any]:
    """The row in which an undo of batch `ended_by` brought the decision back."""
    undos = select(batch_table.c.number).where(batch_table.c.undoes == ended_by)
    return select(decision).where(decision.c.batch.in_(undos), recorded(decision) == (row["continues"] or row["id"]))


def _remove_entered(batch: Batch, number: int) -> tuple[int, list[Kept]]:
    """People the batch entered, about whom nothing else is on record, go; only the batches still tell of them."""
    connection = batch.connection
    gone: list[int] = []
    kept: list[Kept] = []
    entered = select(member.c.id).where(member.c.batch == number, member.c.merged_into.is_(None))
    for person in connection.scalars(entered.order_by(member.c.id)).all():
        why = _needed_for(connection, person, number)
        if why is None:
            gone.append(person)
        else:
            kept.append(Kept(_named(connection, person), why))
    if gone:
        forget(batch, select(member.c.id).where(member.c.id.in_(gone)))
        forget_pairs(batch, gone)
        forget_suggestions(batch, select(member.c.id).where(member.c.id.in_(gone)))
        forget_reminders(batch, select(member.c.id).where(member.c.id.in_(gone)))
        forget_disputes(batch, select(member.c.id).where(member.c.id.in_(gone)))
        connection.execute(delete(decision).where(decision.c.member.in_(gone)))
        connection.execute(delete(transfer).where(transfer.c.member.in_(gone)))
        connection.execute(delete(member).where(member.c.id.in_(gone)))
    return len(gone), kept


def _needed_for(connection: Connection, person: int, number: int) -> str | None:
    """What still holds about the person batch `number` entered, in words; None for nothing."""
    holds = decision.c.reversed_by.is_(None)
    for why, query in (
        ("a decision about them holds", select(decision.c.id).where(decision.c.member == person, holds)),
        ("money was allocated to them", select(allocation.c.id).where(allocation.c.member == person)),
        (
            "a deposit names them",
            select(deposit.c.id).where(deposit.c.member == person, deposit.c.reversed_by.is_(None)),
        ),
        (SENT_WHY, sent_to(person)),
        (DISPUTED_WHY, disputed_by(person)),
        (
            "they were merged with another record",
            select(merge.c.id).where(
                or_(merge.c.kept == person, merge.c.gone == person), merge.c.reversed_by.is_(None)
            ),
        ),
        ("a register holds a row about them", select(register_row.c.id).where(register_row.c.member == person)),
        ("a register lists them", select(register_listing.c.row).where(register_listing.c.member == person)),
        (
            "their record was changed since",
            select(change.c.id)
            .join(batch_table, batch_table.c.number == change.c.batch)
            .where(
                change.c.table_name == "member",
                change.c.key == str(person),
                change.c.batch != number,
                batch_table.c.undone_by.is_(None),
                batch_table.c.undoes.is_(None),
            ),
        ),
    ):
        if connection.scalar(query.limit(1)) is not None:
            return why
    return None


def _named(connection: Connection, person: int) -> str:
    return member_words(str(connection.scalar(select(member.c.id_number).where(member.c.id == person))))
