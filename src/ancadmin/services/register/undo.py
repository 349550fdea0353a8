"""Takes back what an import of registers did, in sets: an import may have been of everyone.

Members it made go, fields it changed get their old values, its decisions are reversed, its rows held back wait no
longer. What later work stands on is kept and named.
"""

from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    bindparam,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    union,
    update,
)

from ancadmin.db.batches import Batch
from ancadmin.db.schema import (
    allocation,
    bulk_share,
    change,
    decision,
    deposit,
    member,
    merge,
    register_listing,
    register_row,
    register_source,
    transfer,
)
from ancadmin.db.schema import batch as batch_table
from ancadmin.services.batch.changes import difference, put_back_before
from ancadmin.services.batch.kept import Kept, member_words
from ancadmin.services.deposits.matching.forgetting import forget_suggestions
from ancadmin.services.deposits.reminders.forgetting import SENT_WHY, forget_reminders, sent_to
from ancadmin.services.member.disputes.forgetting import DISPUTED_WHY, disputed_by, forget_disputes
from ancadmin.services.member.merging.merge_undo import forget_pairs, take_back_carried
from ancadmin.services.member.merging.take_again import left_of_merges, take_again
from ancadmin.services.register.codes import TAKES_ROWS
from ancadmin.services.register.importing.groups import PAYMENT, SINGLE
from ancadmin.services.register.undo_rows import release_rows
from ancadmin.services.standing.settle import forget, settle

# Tables of this connection's own, gone at the end: the members the batch made, and the fields it changed.
_OWN = MetaData()
_MADE = Table(
    "undone_member",
    _OWN,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("why", String),
    prefixes=["TEMPORARY"],
)
_FIELD = Table(
    "undone_field",
    _OWN,
    Column("member", Integer, primary_key=True, autoincrement=False),
    Column("field", String, primary_key=True),
    Column("old", String),
    Column("new", String),
    Column("since", Integer, nullable=False),
    prefixes=["TEMPORARY"],
)


def undo(batch: Batch, number: int) -> list[Kept]:
    """Takes back batch `number` if it took rows of registers in, or decided about them; see the module."""
    connection = batch.connection
    command = connection.scalar(select(batch_table.c.command).where(batch_table.c.number == number))
    if command not in TAKES_ROWS:
        return []
    _OWN.create_all(connection, checkfirst=False)
    kept_fields, restored = _restore_fields(batch, number)
    kept_members = _choose_members(connection, number)
    reversed_ = _reverse_decisions(batch, number)
    take_back_carried(batch)
    _reinstate(batch, number)
    released, kept_rows = release_rows(batch, number)
    removed = _remove_members(batch)
    again = take_again(batch)
    touched = union(select(_FIELD.c.member), select(decision.c.member).where(decision.c.reversed_by == batch.number))
    settle(batch, select(member.c.id).where(or_(member.c.id.in_(touched), member.c.id.in_(again.records))))
    _OWN.drop_all(connection, checkfirst=False)
    batch.counts.update(
        members_removed=removed, fields_restored=restored, entries_reversed=reversed_, rows_released=released
    )
    return kept_members + kept_fields + kept_rows + left_of_merges(batch)


def _restore_fields(batch: Batch, number: int) -> tuple[list[Kept], int]:
    """Gives changed fields their old values where they still have the ones the batch gave them."""
    connection = batch.connection
    connection.execute(
        insert(_FIELD).from_select(
            ["member", "field", "old", "new", "since"],
            select(cast(change.c.key, Integer), change.c.field, change.c.old, change.c.new, literal(0)).where(
                change.c.batch == number, change.c.table_name == "member", ~put_back_before(batch, number)
            ),
        )
    )
    for name in (*SINGLE, *PAYMENT):
        _mark_changed_since(connection, name)
    _mark_whole_payments(connection)
    for name in (*SINGLE, *PAYMENT):
        mine = and_(_FIELD.c.field == name, _FIELD.c.since == 0)
        old = select(_typed(name)).where(_FIELD.c.member == member.c.id, mine).scalar_subquery()
        connection.execute(
            update(member).where(member.c.id.in_(select(_FIELD.c.member).where(mine))).values({name: old})
        )
    restored = connection.execute(
        insert(change).from_select(
            ["batch", "table_name", "key", "field", "old", "new"],
            select(
                literal(batch.number),
                literal("member"),
                cast(_FIELD.c.member, String),
                _FIELD.c.field,
                _FIELD.c.new,
                _FIELD.c.old,
            ).where(_FIELD.c.since == 0),
        )
    ).rowcount
    rows = connection.execute(
        select(member.c.id, member.c.id_number, _FIELD.c.field)
        .join(member, member.c.id == _FIELD.c.member)
        .where(_FIELD.c.since == 1)
        .order_by(member.c.id_number, _FIELD.c.field)
    )
    kept = [
        Kept(f"{member_words(row.id_number)}: {row.field.replace('_', ' ')}", "it was changed again since", row.id)
        for row in rows
    ]
    return kept, restored


def _mark_changed_since(connection: Connection, name: str) -> None:
    """Marks the fields that have another value by now."""
    now = cast(member.c[name], String)
    same = or_(now == _FIELD.c.new, and_(now.is_(None), _FIELD.c.new.is_(None)))
    differs = exists(select(member.c.id).where(member.c.id == _FIELD.c.member, ~same))
    connection.execute(update(_FIELD).where(_FIELD.c.field == name, differs).values(since=1))


def _mark_whole_payments(connection: Connection) -> None:
    """A last payment is one thing, its day and its amount: where one was changed since, both are kept."""
    other = _FIELD.alias("other")
    changed = exists(
        select(other.c.member).where(other.c.member == _FIELD.c.member, other.c.field.in_(PAYMENT), other.c.since == 1)
    )
    connection.execute(update(_FIELD).where(_FIELD.c.field.in_(PAYMENT), changed).values(since=1))


def _typed(name: str) -> ColumnElement[Any]:
    if name == "first_names":
        return func.coalesce(_FIELD.c.old, "")
    return cast(_FIELD.c.old, member.c[name].type) if name == "last_payment_cents" else _FIELD.c.old


def _choose_members(connection: Connection, number: int) -> list[Kept]:
    """Fills the table of members the batch made, with the reason to keep each that later work stands on."""
    connection.execute(
        insert(_MADE).from_select(
            ["id", "why"], select(member.c.id, null()).where(member.c.batch == number, member.c.origin == "register")
        )
    )
    for why, later in _later_work(number):
        connection.execute(update(_MADE).where(_MADE.c.why.is_(None), later).values(why=why))
    rows = connection.execute(
        select(member.c.id, member.c.id_number, _MADE.c.why)
        .join(member, member.c.id == _MADE.c.id)
        .where(_MADE.c.why.is_not(None))
        .order_by(member.c.id_number)
    )
    return [Kept(member_words(row.id_number), row.why, row.id) for row in rows]


def _later_work(number: int) -> list[tuple[str, ColumnElement[bool]]]:
    """Why a member the batch made is kept, and the condition on the table of those members."""
    stands = select(batch_table.c.number).where(
        batch_table.c.number > number, batch_table.c.undone_by.is_(None), batch_table.c.undoes.is_(None)
    )
    key = cast(_MADE.c.id, String)
    return [
        ("money was allocated to them", exists(select(allocation.c.id).where(allocation.c.member == _MADE.c.id))),
        (
            "a deposit names them",
            exists(select(deposit.c.id).where(deposit.c.member == _MADE.c.id, deposit.c.reversed_by.is_(None))),
        ),
        (SENT_WHY, exists(sent_to(_MADE.c.id))),
        (DISPUTED_WHY, exists(disputed_by(_MADE.c.id))),
        (
            "a schedule of a bulk deposit names them",
            exists(select(bulk_share.c.line).where(bulk_share.c.member == _MADE.c.id)),
        ),
        (
            "a later decision is about them",
            exists(
                select(decision.c.id).where(
                    decision.c.member == _MADE.c.id, decision.c.batch != number, decision.c.reversed_by.is_(None)
                )
            ),
        ),
        (
            "they were merged with another record",
            exists(
                select(merge.c.id).where(
                    or_(merge.c.kept == _MADE.c.id, merge.c.gone == _MADE.c.id), merge.c.reversed_by.is_(None)
                )
            ),
        ),
        (
            "a later register holds a row about them",
            or_(
                exists(
                    select(register_row.c.id).where(
                        register_row.c.member == _MADE.c.id, register_row.c.batch.in_(stands)
                    )
                ),
                exists(
                    select(register_listing.c.row)
                    .join(register_source, register_source.c.id == register_listing.c.source)
                    .where(register_listing.c.member == _MADE.c.id, register_source.c.batch.in_(stands))
                ),
            ),
        ),
        (
            "their record was changed since",
            key.in_(select(change.c.key).where(change.c.table_name == "member", change.c.batch.in_(stands))),
        ),
    ]


def _reverse_decisions(batch: Batch, number: int) -> int:
    """The decisions the status column asked for no longer hold, for members who stay."""
    return batch.connection.execute(
        update(decision)
        .where(decision.c.batch == number, decision.c.reversed_by.is_(None))
        .values(reversed_by=batch.number)
    ).rowcount


def _reinstate(batch: Batch, number: int) -> None:
    """The entries of earlier imports the batch had corrected hold again, unless their own import was undone. Where a
    later batch corrected the batch's entry in turn, that one takes its place. Each change of what reversed an entry is
    recorded, so that what was known before can be told.
    """
    old, mine = decision.alias("old"), decision.alias("mine")
    corrected = batch.connection.execute(
        select(old.c.id, mine.c.reversed_by, batch_table.c.undone_by)
        .join(mine, (mine.c.member == old.c.member) & (mine.c.kind == old.c.kind))
        .join(batch_table, batch_table.c.number == old.c.batch)
        .where(old.c.reversed_by == number, mine.c.batch == number, mine.c.reversed_by.is_not(None))
    ).all()
    values = [
        {"which": row.id, "by": None if row.reversed_by == batch.number else row.reversed_by}
        for row in corrected
        if row.reversed_by != batch.number or row.undone_by is None
    ]
    if values:
        by = bindparam("by", type_=Integer)
        where = decision.c.id == bindparam("which")
        batch.connection.execute(update(decision).where(where).values(reversed_by=by), values)
    for one in values:
        before, after = {"reversed_by": number}, {"reversed_by": one["by"]}
        batch.changed(difference(decision, one["which"], before, after))


def _remove_members(batch: Batch) -> int:
    connection = batch.connection
    gone = select(_MADE.c.id).where(_MADE.c.why.is_(None))
    going: int = connection.scalar(select(func.count()).select_from(gone.subquery())) or 0
    if not going:
        return 0
    connection.execute(update(register_row).where(register_row.c.member.in_(gone)).values(member=None))
    connection.execute(delete(register_listing).where(register_listing.c.member.in_(gone)))
    forget(batch, gone)
    forget_pairs(batch, gone)
    forget_suggestions(batch, gone)
    forget_reminders(batch, gone)
    forget_disputes(batch, gone)
    connection.execute(delete(transfer).where(transfer.c.member.in_(gone)))
    connection.execute(delete(decision).where(decision.c.member.in_(gone)))
    connection.execute(delete(member).where(member.c.id.in_(gone)))
    return going
