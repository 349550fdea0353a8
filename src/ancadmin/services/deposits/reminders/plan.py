"""Puts reminders into the outbox: everyone due one on a day, once for each kind and first day not covered."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, exists, func, literal, select

from ancadmin.db.batches import Batch
from ancadmin.db.bulk import insert_rows
from ancadmin.db.schema import member, reminder
from ancadmin.domain.reminders import Channel, Kind, Wish, said
from ancadmin.services.deposits.allowed import require_officer
from ancadmin.services.deposits.reminders.due import dues_of, of_places, owed, person, told_before_merged
from ancadmin.services.export.scope import Scope
from ancadmin.services.member.moving.place import place_on
from ancadmin.services.session import Session
from ancadmin.services.standing.calendars import ready

_AT_A_TIME = 100_000
_COLUMNS = ("member", "kind", "about", "channel", "address", "subject", "text", "batch")
_KINDS = {kind.stage: kind for kind in Kind}


@dataclass
class Planned:
    """What a plan came to: reminders by kind, by channel and, by kind, how many cannot be reached as asked."""

    on: date
    batch: int
    kinds: Counter[Kind] = field(default_factory=Counter)
    channels: Counter[Channel] = field(default_factory=Counter)
    unreachable: Counter[Kind] = field(default_factory=Counter)

    @property
    def reminders(self) -> int:
        """How many went into the outbox."""
        return self.kinds.total()

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON shows it."""
        return {"on": self.on.isoformat(), "batch": self.batch, **self.counts()}

    def counts(self) -> dict[str, Any]:
        """What the batch keeps of it."""
        return {
            "reminders": self.reminders,
            "kinds": {kind.value: self.kinds[kind] for kind in Kind},
            "channels": {channel.value: self.channels[channel] for channel in Channel},
            "unreachable": {kind.value: self.unreachable[kind] for kind in Kind},
        }


def plan(session: Session, on: date | None, scope: Scope | None, kind: Kind | None, wish: Wish) -> Planned:
    """Plans the reminders due on `on` (None: today), of one kind or all, within a place or all the caller reaches.

    Who has a reminder of that kind about that day already, sent or not, gets none; nor who was sent one under a number
    merged into theirs since. Raises NotAllowed, InputRefused,
    ConfigurationError.
    """
    require_officer(session, "plan reminders")
    day = on or session.today
    with session.batch("deposits remind plan") as batch:
        ready(batch.connection, day, session.policy)
        planned = Planned(day, batch.number)
        where = of_places(session, batch.connection, scope, "plan reminders", day)
        told = told_before_merged(batch.connection)
        highest = batch.connection.scalar(select(func.max(member.c.id))) or 0
        with session.progress.step("Reminders", highest) as step:
            for first in range(1, highest + 1, _AT_A_TIME):
                some = [member.c.id.between(first, first + _AT_A_TIME - 1), *where]
                rows = list(_rows(batch, day, some, kind, wish, planned, told))
                insert_rows(batch.connection, reminder, _COLUMNS, rows)
                step.advance(min(_AT_A_TIME, highest - first + 1))
        batch.counts.update(on=day.isoformat(), **planned.counts())
    return planned


def _rows(
    batch: Batch,
    day: date,
    some: list[ColumnElement[bool]],
    kind: Kind | None,
    wish: Wish,
    planned: Planned,
    told: set[tuple[int, str, str]],
) -> Iterator[tuple[Any, ...]]:
    """The rows of `reminder` for those of `some` who are due one not `told` yet, counted in `planned`."""
    for row in _due(batch.connection, batch, day, some, kind):
        its_kind, whom = _KINDS[row.stage], person(row)
        if (row.member, its_kind.value, row.about) in told:
            continue
        channel = next((one for one in wish.channels if whom.address(one)), None)
        if channel is None:
            planned.unreachable[its_kind] += 1
            continue
        planned.kinds[its_kind] += 1
        planned.channels[channel] += 1
        text = said(batch.policy.reminders.text(its_kind), whom, owed(row, batch.policy))
        yield (
            row.member,
            its_kind.value,
            row.about,
            channel.value,
            whom.address(channel),
            its_kind.subject(row.about),
            text,
            batch.number,
        )


def _due(
    connection: Connection, batch: Batch, day: date, some: list[ColumnElement[bool]], kind: Kind | None
) -> list[Any]:
    place = place_on(connection, day.isoformat())
    found = dues_of(day, batch.policy, select(member.c.id).where(*some), place).subquery("found")
    stages = [one.stage for one in Kind] if kind is None else [kind.stage]
    named = case({one.stage: literal(one.value) for one in Kind}, value=found.c.stage)
    said_already = exists(
        select(reminder.c.id).where(
            reminder.c.member == found.c.member,
            reminder.c.kind == named,
            reminder.c.about == found.c.about,
            reminder.c.reversed_by.is_(None),
        )
    )
    query = select(found).where(found.c.stage.in_(stages), ~said_already).order_by(found.c.member)
    return list(connection.execute(query).all())
