"""The operator is told by mail of a sweep that ended badly: what was asked, what came of it, nobody's particulars."""

import smtplib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from ancadmin.errors import MailError
from ancadmin.mail import MailServer
from ancadmin.writers.smtp import connected, place_of, words_of


@dataclass(frozen=True)
class Ended:
    """How a command ended: the line of its error and the remedy where there was one, and what it reported."""

    command: str
    day: date
    code: int
    error: str = ""
    remedy: str = ""
    answer: Mapping[str, Any] = field(default_factory=dict)


def tell_operator(server: MailServer, to: str, ended: Ended, now: datetime) -> None:
    """Hands the mail over. Raises MailError where the server does not take it, ConfigurationError."""
    mail = EmailMessage()
    mail["From"] = server.sender
    mail["To"] = to
    mail["Subject"] = f"{ended.command}: exit {ended.code}"
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<sweep-{ended.code}-{now:%Y%m%d%H%M%S%f}@{server.sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("\n".join(_lines(ended)) + "\n")
    with connected(server) as connection:
        try:
            connection.send_message(mail, server.sender, [to])
        except (smtplib.SMTPException, OSError) as error:
            raise MailError(
                f"the mail server did not take it: {words_of(error)}",
                "See [mail] in ancadmin.toml, or ask whoever runs the server.",
                place=place_of(server),
            ) from error


def _lines(ended: Ended) -> list[str]:
    lines = [f"Command: {ended.command}", f"Day:     {ended.day}", f"Exit:    {ended.code}"]
    if ended.error:
        lines.append(f"Error:   {ended.error}")
    if ended.remedy:
        lines.append(f"To do:   {ended.remedy}")
    # Counts and days, no rows: those may name members.
    told = {name: value for name, value in ended.answer.items() if isinstance(value, int | str)}
    if told:
        lines += ["", *(f"{name.replace('_', ' ')}: {value}" for name, value in told.items())]
    transitions = ended.answer.get("transitions") or ()
    if transitions:
        lines += ["", *(f"{_words(one['from'])} -> {_words(one['to'])}: {one['n']}" for one in transitions)]
    return lines


def _words(status: str | None) -> str:
    return "none" if status is None else status.replace("_", " ")
