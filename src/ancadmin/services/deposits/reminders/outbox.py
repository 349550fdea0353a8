"""The outbox as it stands: what waits, what left, and what a mail server refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from ancadmin.db.schema import member, reminder
from ancadmin.domain.reminders import Channel, Kind, Where
from ancadmin.services.export.scope import Scope
from ancadmin.services.member.within import members_within
from ancadmin.services.session import Session

_AT_A_TIME = 5_000


@dataclass(frozen=True)
class Wanted:
    """Which reminders to show: all that agree with what is not None."""

    where: Where | None = None
    kind: Kind | None = None
    channel: Channel | None = None
    scope: Scope | None = None

    def detail(self) -> dict[str, str]:
        """What was asked, for the access trail."""
        asked = {"state": self.where, "kind": self.kind, "channel": self.channel}
        place = {} if self.scope is None else {"place": self.scope.place}
        return {**{name: str(value) for name, value in asked.items() if value is not None}, **place}


@contextmanager
def listed(session: Session, wanted: Wanted, *, full_ids: bool) -> Iterator[Iterator[dict[str, Any]]]:
    """The reminders wanted that stand, in the order they were planned, as rows: reminder, kind, about, id_number,
    surname, first_names, branch, channel, address, state, sent_at, sent_in, failed, subject, text. The rows come while
    the block is open. Raises InputRefused for a place not on record, NotAllowed for one out of reach.
    """
    with session.reading("deposits remind list", **wanted.detail(), full_ids=full_ids) as connection:
        yield _rows(session, connection, wanted)


def _rows(session: Session, connection: Connection, wanted: Wanted) -> Iterator[dict[str, Any]]:
    query = (
        select(
            reminder.c.id.label("reminder"),
            reminder.c.kind,
            reminder.c.about,
            member.c.id_number,
            member.c.surname,
            member.c.first_names,
            member.c.branch,
            reminder.c.channel,
            reminder.c.address,
            reminder.c.sent_at,
            reminder.c.sent_in,
            reminder.c.failed,
            reminder.c.subject,
            reminder.c.text,
        )
        .join(member, member.c.id == reminder.c.member)
        .where(reminder.c.reversed_by.is_(None))
        .order_by(reminder.c.id)
    )
    within = members_within(session, connection, wanted.scope)
    if within is not None:
        query = query.where(reminder.c.member.in_(within))
    if wanted.where is not None:
        query = query.where(_holds(wanted.where))
    if wanted.kind is not None:
        query = query.where(reminder.c.kind == wanted.kind.value)
    if wanted.channel is not None:
        query = query.where(reminder.c.channel == wanted.channel.value)
    for row in connection.execute(query.execution_options(yield_per=_AT_A_TIME)).mappings():
        yield {**row, "state": _state(row["sent_in"], row["failed"]).value}


def _state(sent_in: int | None, failed: str | None) -> Where:
    if sent_in is not None:
        return Where.SENT
    return Where.WAITING if failed is None else Where.FAILED


def _holds(where: Where) -> ColumnElement[bool]:
    """The same as SQL."""
    if where is Where.SENT:
        return reminder.c.sent_in.is_not(None)
    refused = reminder.c.failed.is_not(None) if where is Where.FAILED else reminder.c.failed.is_(None)
    return reminder.c.sent_in.is_(None) & refused
