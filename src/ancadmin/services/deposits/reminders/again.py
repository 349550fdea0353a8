"""Looks at waiting reminders again, the moment they are to leave: who has paid since is not reminded."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import member, reminder
from ancadmin.domain.reminders import Channel, Kind, said
from ancadmin.services.deposits.reminders.due import dues_of, owed, person, told_before_merged
from ancadmin.services.export.scope import chunks

_AT_A_TIME = 5_000
WAITS = (reminder.c.reversed_by.is_(None), reminder.c.sent_in.is_(None))
"""In the outbox still: not sent yet, or refused."""


@dataclass(frozen=True)
class Message:
    """A reminder as it leaves."""

    id: int
    kind: Kind
    about: str
    address: str
    subject: str
    text: str


@dataclass
class Looked:
    """What may leave now, those among it that say something else than when planned, how many were taken out, and how
    many are not due yet.
    """

    ready: list[Message] = field(default_factory=list)
    changed: list[Message] = field(default_factory=list)
    no_longer_due: int = 0
    not_yet_due: int = 0


def waiting(connection: Connection, channel: Channel, where: Sequence[ColumnElement[bool]]) -> list[int]:
    """The ids of the reminders that wait to go by `channel`, oldest first, those refused before last; `where` is about
    members.
    """
    query = select(reminder.c.id).where(reminder.c.channel == channel.value, *WAITS)
    if where:
        query = query.join(member, member.c.id == reminder.c.member).where(*where)
    return list(connection.scalars(query.order_by(reminder.c.failed.is_not(None), reminder.c.id)))


def looked_at_again(batch: Batch, ids: Sequence[int], most: int | None = None) -> Looked:
    """Those of `ids` that are due today still, up to `most`, with today's address and text. The others are taken out:
    paid, died, left, merged, told so under a number merged into theirs, overtaken by the next kind, or without an
    address now.
    """
    looked = Looked()
    told = told_before_merged(batch.connection)
    for some in chunks(ids, _AT_A_TIME):
        gone: list[int] = []
        for row in _rows(batch, some):
            if most is not None and len(looked.ready) >= most:
                break
            known = (row.member, row.kind, row.told) in told
            message = None if known else _message(batch, row)
            if message is None:
                gone.append(row.id)
            elif Kind(row.kind).stage > row.stage:
                looked.not_yet_due += 1
            else:
                looked.ready.append(message)
                if (message.address, message.text) != (row.to, row.words):
                    looked.changed.append(message)
        looked.no_longer_due += len(gone)
        _take_out(batch, gone)
        if most is not None and len(looked.ready) >= most:
            break
    _bring_up_to_date(batch, looked.changed)
    return looked


def _rows(batch: Batch, ids: Sequence[int]) -> list[Row[Any]]:
    """Each reminder with its member's dues today, in the order of `ids`."""
    members = select(reminder.c.member).where(reminder.c.id.in_(ids))
    now = dues_of(batch.today, batch.policy, members).subquery("now")
    query = (
        select(
            reminder.c.id,
            reminder.c.kind,
            reminder.c.channel,
            reminder.c.about.label("told"),
            reminder.c.address.label("to"),
            reminder.c.text.label("words"),
            now,
        )
        .outerjoin(now, now.c.member == reminder.c.member)
        .where(reminder.c.id.in_(ids), *WAITS)
    )
    place = {number: at for at, number in enumerate(ids)}
    return sorted(batch.connection.execute(query), key=lambda row: place[row.id])


def _message(batch: Batch, row: Row[Any]) -> Message | None:
    """The reminder as it would leave today; None where it is due no longer."""
    kind = Kind(row.kind)
    if row.member is None or row.about != row.told or row.stage > kind.stage:
        return None
    whom = person(row)
    address = whom.address(Channel(row.channel))
    if not address:
        return None
    text = said(batch.policy.reminders.text(kind), whom, owed(row, batch.policy))
    return Message(row.id, kind, row.about, address, kind.subject(row.about), text)


def _take_out(batch: Batch, ids: Sequence[int]) -> None:
    if ids:
        batch.connection.execute(update(reminder).where(reminder.c.id.in_(ids)).values(reversed_by=batch.number))


def _bring_up_to_date(batch: Batch, messages: Sequence[Message]) -> None:
    """What leaves is what the outbox says left."""
    values = [{"which": one.id, "to": one.address, "words": one.text} for one in messages]
    if values:
        change = update(reminder).where(reminder.c.id == bindparam("which"))
        batch.connection.execute(change.values(address=bindparam("to"), text=bindparam("words")), values)
