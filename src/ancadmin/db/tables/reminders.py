"""Reminders: what is to be said to whom, once each, and when it left."""

from sqlalchemy import text
from sqlmodel import Field, Index, SQLModel

_STANDS = text("reversed_by IS NULL")
_WAITS = text("reversed_by IS NULL AND sent_in IS NULL")


class Reminder(SQLModel, table=True):
    """A message in the outbox. `kind` says which (before expiry, in grace, after), `about` the day it is about (the
    first day not covered): of one kind and day a member gets one. `channel` is sms, email or letter, `address` where it
    goes; `sent_in` the batch it left in, `failed` what the mail server said when it refused it. One taken back, or no
    longer due when it was to be sent, is reversed.
    """

    __table_args__ = (
        # Of one kind about one day a member gets one, whatever the commands do.
        Index(
            "ux_reminder_once", "member", "kind", "about", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS
        ),
        Index("ix_reminder_member", "member"),
        Index("ix_reminder_waiting", "channel", sqlite_where=_WAITS, postgresql_where=_WAITS),
        Index("ix_reminder_batch", "batch"),
        Index("ix_reminder_sent_in", "sent_in"),
    )
    id: int | None = Field(default=None, primary_key=True)
    member: int = Field(foreign_key="member.id")
    kind: str
    about: str
    channel: str
    address: str
    subject: str
    text: str
    batch: int = Field(foreign_key="batch.number")
    sent_in: int | None = None
    sent_at: str | None = None
    failed: str | None = None
    reversed_by: int | None = None
