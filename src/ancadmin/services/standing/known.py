"""The store as it was known at the end of an earlier day (docs/rules.md, section 5): without what batches begun since
have recorded, and with what they took back, undid or changed as it was.

A batch counts from the day on which it began, in Johannesburg. Of members whose record an undone import has taken out
since, nothing is known any more.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    and_,
    case,
    cast,
    func,
    literal_column,
    select,
)

from ancadmin.db.batches import moment
from ancadmin.db.schema import (
    allocation,
    batch,
    change,
    decision,
    fee_calendar,
    member,
    merge,
    opening_period,
    policy_text,
    setting,
    standing,
    transfer,
)
from ancadmin.domain.policy import Policy
from ancadmin.errors import ConfigurationError, InputRefused
from ancadmin.policy import read_policy
from ancadmin.services.session import ZONE, Session
from ancadmin.services.standing.settle import rebuild
from ancadmin.services.standing.shadow import analyse, beneath, shadowed
from ancadmin.services.standing.sweeps import COMMAND

ENTRIES = (allocation, decision, merge, transfer)
"""Tables whose rows name the batch that made them and, in `reversed_by`, the one that took them back."""

_FIELDS = [column for column in member.columns if column.name not in ("id", "batch")]
_THEN = Table(
    "member_then",
    MetaData(),
    Column("id", Integer, primary_key=True),
    *(
        Column(f"{field.name}_{what}", kind)
        for field in _FIELDS
        for what, kind in (("changed", Integer), ("was", String))
    ),
)
"""Of members whose record was changed since: which fields, and what they held before the first change."""

_REVERSED = Table(
    "reversed_then",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("by", Integer),
)
"""Of decisions that an undo since has let hold again: the batch that had reversed them."""


@contextmanager
def as_known(
    session: Session, connection: Connection, known: date | None, of: Collection[int] | None = None
) -> Iterator[Session]:
    """For the block the connection shows what was known at the end of `known`; the session yielded is of that day, and
    of the policy in force on it. None: the store and the session as they are. `of`: the ids of records asked about,
    where they are few: others may show what they are now. Nobody has a standing before `reckon`.

    Nothing is written. Raises InputRefused for a day to come, ConfigurationError for a policy that cannot be read.
    """
    if known is None:
        yield session
        return
    if known > session.today:
        raise InputRefused("nothing is known yet of a day to come", "Give --known a day up to today.", value=str(known))
    then = replace(session, today=known, policy=_policy_then(session, connection, known))
    derived = dict.fromkeys((standing, fee_calendar, opening_period, setting))
    changed = {_THEN: _changed(connection, known, of), _REVERSED: _reversed(connection, known)}
    with shadowed(connection, changed | derived, _views(connection, known)):
        analyse(connection, *changed)
        yield then


def reckon(then: Session, connection: Connection, members: Select[tuple[int]] | None) -> None:
    """Gives the members the query yields (None: everyone) the standing that follows from what was known, in a block of
    `as_known`.
    """
    rebuild(connection, select(member.c.id) if members is None else members, then.today, then.policy)
    analyse(connection, standing, fee_calendar)


def _policy_then(session: Session, connection: Connection, known: date) -> Policy:
    """The policy the store was reckoned with: that of the last sweep, which alone brings others into force; before the
    first one that under which the first member was entered.
    """
    swept = select(batch.c.policy_version).where(batch.c.command == COMMAND, batch.c.started_at < _end_of(known))
    entered = select(func.min(member.c.batch)).scalar_subquery()
    version = connection.scalar(swept.order_by(batch.c.number.desc()).limit(1)) or connection.scalar(
        select(batch.c.policy_version).where(batch.c.number == entered)
    )
    if version in (None, session.policy.version):
        return session.policy
    text = connection.scalar(select(policy_text.c.text).where(policy_text.c.version == version))
    policy, faults = read_policy(text or "")
    if faults:
        raise ConfigurationError(
            "the policy in force then cannot be read any more",
            f"See what is in it: ancadmin config policy show {version}",
            value=str(version),
        )
    return policy


def _views(connection: Connection, known: date) -> dict[Table, Select[Any]]:
    batches = _batches(connection, known)
    views = {entries: _entries(connection, beneath(connection, entries), batches) for entries in ENTRIES}
    real = beneath(connection, member)
    fields = {field.name: _field(real, field) for field in _FIELDS}
    columns = [fields.get(column.name, column).label(column.name) for column in real.columns]
    people = select(*columns).select_from(real.outerjoin(_THEN, _THEN.c.id == real.c.id))
    return {**views, member: people.where(_made_by(connection, real, batches))}


def _batches(connection: Connection, known: date) -> Select[tuple[int]]:
    """The numbers of the batches begun by the end of the day."""
    real = beneath(connection, batch)
    return select(real.c.number).where(real.c.started_at < _end_of(known))


def _end_of(day: date) -> str:
    """The moment the day ends in Johannesburg, as batches write theirs."""
    return moment(datetime.combine(day + timedelta(days=1), time(), ZONE).astimezone(UTC))


def _entries(connection: Connection, real: Table, batches: Select[tuple[int]]) -> Select[Any]:
    """The rows made by then, standing where they were taken back later."""
    by: ColumnElement[Any] = real.c.reversed_by
    rows: FromClause = real
    if real.name == decision.name:
        rows = real.outerjoin(_REVERSED, _REVERSED.c.id == real.c.id)
        by = func.coalesce(_REVERSED.c.by, by)
    then = {"reversed_by": by, "reversed_why": real.c.get("reversed_why")}
    columns = (
        case((by.in_(batches), then[column.name])).label(column.name) if column.name in then else column
        for column in real.columns
    )
    return select(*columns).select_from(rows).where(_made_by(connection, real, batches))


def _made_by(connection: Connection, real: Table, batches: Select[tuple[int]]) -> ColumnElement[bool]:
    """The row is of one of the batches; not to be found by its batch, nor before any other table: these are nearly all
    the rows there are.
    """
    found = (real.c.batch + 0).in_(batches)
    return func.likelihood(found, literal_column("1.0")) if connection.dialect.name == "sqlite" else found


def _field(real: Table, field: Column[Any]) -> ColumnElement[Any]:
    was: ColumnElement[Any] = _THEN.c[f"{field.name}_was"]
    if not field.nullable:
        was = func.coalesce(was, "")  # an empty text may be written down as nothing
    return case((_THEN.c[f"{field.name}_changed"] == 1, cast(was, field.type)), else_=real.c[field.name])


def _changed(connection: Connection, known: date, of: Collection[int] | None) -> Select[Any]:
    """The rows of _THEN."""
    real = beneath(connection, change)
    first = _first_changes(connection, known, real.c.table_name == member.name)
    if of is not None:
        first = first.where(real.c.key.in_([str(number) for number in of]))
    firsts = first.subquery("first")
    parts: list[ColumnElement[Any]] = [cast(firsts.c.key, Integer)]
    for field in _FIELDS:
        this = firsts.c.field == field.name
        parts += [func.max(case((this, 1))), func.max(case((this, real.c.old)))]
    return select(*parts).join_from(firsts, real, real.c.id == firsts.c.id).group_by(firsts.c.key)


def _reversed(connection: Connection, known: date) -> Select[Any]:
    """The rows of _REVERSED."""
    real = beneath(connection, change)
    decided = and_(real.c.table_name == decision.name, real.c.field == decision.c.reversed_by.name)
    first = _first_changes(connection, known, decided).subquery("first")
    parts: list[ColumnElement[Any]] = [cast(column, Integer) for column in (first.c.key, real.c.old)]
    return select(*parts).join_from(first, real, real.c.id == first.c.id)


def _first_changes(connection: Connection, known: date, wanted: ColumnElement[bool]) -> Select[Any]:
    """Key, field and id of the first change after the day of each field: its `old` is what was known."""
    real = beneath(connection, change)
    later = real.c.batch.not_in(_batches(connection, known))
    found: Select[Any] = select(real.c.key, real.c.field, func.min(real.c.id).label("id"))
    return found.where(wanted, later).group_by(real.c.key, real.c.field)
