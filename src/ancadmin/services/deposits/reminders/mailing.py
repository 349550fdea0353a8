"""Reminders by e-mail, one at a time through a mail server.

Each is marked sent in a batch of its own, opened before it is handed over and kept the moment the server has taken it:
whatever stops the run, at most the one then in flight goes a second time.
"""

import smtplib
from email.message import EmailMessage
from email.utils import format_datetime

from sqlalchemy import update

from ancadmin.db.access import kept_open
from ancadmin.db.batches import Batch, moment
from ancadmin.db.schema import reminder
from ancadmin.domain.reminders import Channel
from ancadmin.errors import MailError
from ancadmin.mail import MailServer
from ancadmin.services.deposits.allowed import require_officer
from ancadmin.services.deposits.reminders.again import Message, looked_at_again, waiting
from ancadmin.services.deposits.reminders.due import of_places
from ancadmin.services.deposits.reminders.sending import COMMAND, Sent, mark_sent
from ancadmin.services.session import Session
from ancadmin.services.standing.calendars import ready
from ancadmin.writers.smtp import connected, line_of, place_of, words_of

_CLOSES = 421


def send_by_mail(session: Session, server: MailServer, most: int | None = None) -> Sent:
    """Sends what waits and is due still by e-mail, at most `most` of it. What the server refuses for its recipient
    stays in the outbox with what the server said. Raises NotAllowed; MailError where the server cannot be reached, lets
    us not in or goes away: what it had taken by then is marked sent, nothing else.
    """
    require_officer(session, "send reminders")
    with session.batch(COMMAND) as batch:
        ready(batch.connection, batch.today, session.policy)
        ids = waiting(batch.connection, Channel.EMAIL, of_places(session, batch.connection, None, "send reminders"))
        looked = looked_at_again(batch, ids, most)
        sent = Sent(Channel.EMAIL, batch.number, 0, 0, looked.no_longer_due, looked.not_yet_due)
        batch.counts.update(channel=Channel.EMAIL.value, to_send=len(looked.ready), no_longer_due=looked.no_longer_due)
    if session.dry_run:
        sent.left = len(looked.ready)
    elif looked.ready:
        _hand_over_all(session, server, [one.id for one in looked.ready], sent)
    sent.waiting = len(ids) - sent.left - sent.no_longer_due
    return sent


def _hand_over_all(session: Session, server: MailServer, ids: list[int], sent: Sent) -> None:
    with (
        kept_open(session.store),
        connected(server) as connection,
        session.progress.step("E-mail", len(ids)) as step,
    ):
        for number in ids:
            try:
                _hand_over(session, server, connection, number, sent)
            except (smtplib.SMTPException, OSError) as error:
                raise MailError(
                    f"the mail server went away after {sent.left} of {len(ids)}: {words_of(error)}",
                    "What it had taken is marked sent. Send the rest: ancadmin deposits remind send --channel email",
                    place=place_of(server),
                ) from error
            step.advance(1)


def _hand_over(session: Session, server: MailServer, connection: smtplib.SMTP, number: int, sent: Sent) -> None:
    """One reminder, in its batch. Raises what smtplib raises where the server takes no more from us."""
    with session.batch(COMMAND) as batch:
        looked = looked_at_again(batch, [number])
        sent.no_longer_due += looked.no_longer_due
        sent.not_yet_due += looked.not_yet_due
        refusal = None
        for message in looked.ready:
            refusal = _refusal(connection, server, message.address, _mail(session, server, message))
            if refusal is None:
                mark_sent(batch, [message.id], moment(session.clock()))
            else:
                _mark_failed(batch, message, refusal)
        left = len(looked.ready) if refusal is None else 0
        failed = len(looked.ready) - left
        batch.counts.update(channel=Channel.EMAIL.value, left=left, failed=failed, no_longer_due=looked.no_longer_due)
    sent.left += left
    sent.failed += failed


def _refusal(connection: smtplib.SMTP, server: MailServer, to: str, mail: EmailMessage) -> str | None:
    """Hands one message over; what the server said if it does not take this one. Raises what smtplib raises where it
    takes none.
    """
    try:
        connection.send_message(mail, server.sender, [to])
    except smtplib.SMTPRecipientsRefused as error:
        code, said = error.recipients[to]
        if code == _CLOSES:
            raise
        return line_of(code, said)
    except smtplib.SMTPSenderRefused:
        raise
    except smtplib.SMTPNotSupportedError as error:
        return str(error)
    except smtplib.SMTPResponseException as error:
        if error.smtp_code == _CLOSES:
            raise
        return line_of(error.smtp_code, error.smtp_error)
    return None


def _mail(session: Session, server: MailServer, message: Message) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = server.sender
    mail["To"] = message.address
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(session.clock())
    # The same whenever it is handed over: where one goes twice after all, mail programs show one.
    mail["Message-ID"] = f"<reminder-{message.id}-{message.kind}-{message.about}@{server.sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text + "\n")
    return mail


def _mark_failed(batch: Batch, message: Message, why: str) -> None:
    batch.connection.execute(update(reminder).where(reminder.c.id == message.id).values(failed=why))
