"""Reminders leave: marked sent first, then written, for a file can be written again and a message cannot be unsaid.

E-mail, which cannot be written again, goes the other way round: `mailing.py`.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import update

from ancadmin.db.batches import Batch, moment
from ancadmin.db.schema import reminder
from ancadmin.domain.reminders import Channel
from ancadmin.errors import InputRefused, Place
from ancadmin.services.deposits.allowed import require_officer
from ancadmin.services.deposits.reminders.again import looked_at_again, waiting
from ancadmin.services.deposits.reminders.due import of_places
from ancadmin.services.deposits.reminders.papers import write_again
from ancadmin.services.export.scope import chunks
from ancadmin.services.session import Session
from ancadmin.services.standing.calendars import ready

COMMAND = "deposits remind send"
_AT_A_TIME = 5_000


@dataclass
class Sent:
    """What a sending came to. `left` are out of the house, `failed` the server refused, `no_longer_due` were taken out
    of the outbox, `not_yet_due` and what a limit left are `waiting`. `files` were written.
    """

    channel: Channel
    batch: int
    left: int = 0
    failed: int = 0
    no_longer_due: int = 0
    not_yet_due: int = 0
    waiting: int = 0
    files: tuple[Path, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON shows it."""
        return {
            "channel": self.channel.value,
            "batch": self.batch,
            **self.counts(),
            "waiting": self.waiting,
            "files": [str(path) for path in self.files],
        }

    def counts(self) -> dict[str, int]:
        """What the batch keeps of it: numbers, and no address."""
        return {
            "left": self.left,
            "failed": self.failed,
            "no_longer_due": self.no_longer_due,
            "not_yet_due": self.not_yet_due,
        }


def send_on_paper(session: Session, channel: Channel, target: Path, most: int | None = None) -> Sent:
    """Sends what waits and is due still by SMS (to the gateway file `target`) or as letters (under that folder), at
    most `most` of it. Raises NotAllowed, InputRefused for a place that cannot be written or a gateway file that is
    still there; what could not be written after all is marked sent, and written with `remind again`.
    """
    require_officer(session, "send reminders")
    _refuse_unwritable(channel, target)
    with session.batch(COMMAND) as batch:
        ready(batch.connection, batch.today, session.policy)
        ids = waiting(batch.connection, channel, of_places(session, batch.connection, None, "send reminders"))
        looked = looked_at_again(batch, ids, most)
        sent = Sent(channel, batch.number, len(looked.ready), 0, looked.no_longer_due, looked.not_yet_due)
        sent.waiting = len(ids) - sent.left - sent.no_longer_due
        mark_sent(batch, [one.id for one in looked.ready], moment(session.clock()))
        batch.counts.update(channel=channel.value, **sent.counts())
    if sent.left and not session.dry_run:
        try:
            sent.files = write_again(session, batch.number, target)
        except InputRefused as error:
            raise InputRefused(
                f"{error.what}; {sent.left} reminders are marked sent all the same",
                f"Write them: ancadmin deposits remind again {batch.number} -o {target.name}",
                place=error.place,
            ) from error
    return sent


def mark_sent(batch: Batch, ids: Sequence[int], at: str) -> None:
    """These left in the batch."""
    for some in chunks(ids, _AT_A_TIME):
        batch.connection.execute(
            update(reminder).where(reminder.c.id.in_(some)).values(sent_in=batch.number, sent_at=at, failed=None)
        )


def _refuse_unwritable(channel: Channel, target: Path) -> None:
    """Before anything is marked: what will be written can be."""
    if channel is Channel.SMS and target.exists():
        raise InputRefused(
            "is there still: the gateway has not taken it",
            "Hand it over first, or name another file with -o.",
            place=Place(file=str(target)),
        )
    folder = target.parent if channel is Channel.SMS else target
    there = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise InputRefused("cannot be written", "Name another place with -o.", place=Place(file=str(target)))
