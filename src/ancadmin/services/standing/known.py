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
    Integer,
    MetaData,
    Select,
    String,
    Table,
    case,
    cast,
    func,
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
    with shadowed(connection, {_THEN: _changed(connection, known, of), **derived}, _views(connection, known)):
        analyse(connection, _THEN)
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
    views = {entries: _entries(beneath(connection, entries), batches) for entries in ENTRIES}
    real = beneath(connection, member)
    fields = {field.name: _field(real, field) for field in _FIELDS}
    columns = [fields.get(column.name, column).label(column.name) for column in real.columns]
    people = select(*columns).select_from(real.outerjoin(_THEN, _THEN.c.id == real.c.id))
    return {**views, member: people.where(real.c.batch.in_(batches))}


def _batches(connection: Connection, known: date) -> Select[tuple[int]]:
    """The numbers of the batches begun by the end of the day."""
    real = beneath(connection, batch)
    return select(real.c.number).where(real.c.started_at < _end_of(known))


def _end_of(day: date) -> str:
    """The moment the day ends in Johannesburg, as batches write theirs."""
    return moment(datetime.combine(day + timedelta(days=1), time(), ZONE).astimezone(UTC))


def _entries(real: Table, batches: Select[tuple[int]]) -> Select[Any]:
    """The rows made by then, standing where they were taken back later."""
    taken_back = real.c.reversed_by.in_(batches)
    columns = (
        case((taken_back, column)).label(column.name) if column.name.startswith("reversed_") else column
        for column in real.columns
    )
    return select(*columns).where(real.c.batch.in_(batches))


def _field(real: Table, field: Column[Any]) -> ColumnElement[Any]:
    was: ColumnElement[Any] = _THEN.c[f"{field.name}_was"]
    if not field.nullable:
        was = func.coalesce(was, "")  # an empty text may be written down as nothing
    return case((_THEN.c[f"{field.name}_changed"] == 1, cast(was, field.type)), else_=real.c[field.name])


def _changed(connection: Connection, known: date, of: Collection[int] | None) -> Select[Any]:
    """The rows of _THEN: what the first change after the day found."""
    real = beneath(connection, change)
    later = (
        select(real.c.key, real.c.field, func.min(real.c.id).label("id"))
        .where(real.c.table_name == member.name, real.c.batch.not_in(_batches(connection, known)))
        .group_by(real.c.key, real.c.field)
    )
    if of is not None:
        later = later.where(real.c.key.in_([str(number) for number in of]))
    first = later.subquery("first")
    parts: list[ColumnElement[Any]] = [cast(first.c.key, Integer)]
    for field in _FIELDS:
        this = first.c.field == field.name
        parts += [func.max(case((this, 1))), func.max(case((this, real.c.old)))]
    return select(*parts).join_from(first, real, real.c.id == first.c.id).group_by(first.c.key)
