"""A line to the mail server, protected and let in as the settings say."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from ancadmin.errors import ConfigurationError, MailError, Place
from ancadmin.mail import MailServer, Security

_SECONDS = 20
_Connection = TypeVar("_Connection", smtplib.SMTP, smtplib.SMTP_SSL)


@contextmanager
def connected(server: MailServer) -> Iterator[smtplib.SMTP]:
    """A line to the server, protected and let in as the settings say. Raises MailError, ConfigurationError."""
    try:
        connection = _open(server)
    except (smtplib.SMTPException, OSError, UnicodeError) as error:  # a host or a password no line could carry
        raise MailError(
            f"the mail server does not let us in: {words_of(error)}",
            "Nothing was sent. See [mail] in ancadmin.toml, or ask whoever runs the server.",
            place=place_of(server),
        ) from error
    try:
        yield connection
    finally:
        with suppress(smtplib.SMTPException, OSError):
            connection.quit()
        connection.close()


def _open(server: MailServer) -> smtplib.SMTP:
    where = (server.host, server.port)
    if server.security is Security.TLS:
        return _let_in(smtplib.SMTP_SSL(*where, timeout=_SECONDS, context=_trusted(server)), server)
    connection = smtplib.SMTP(*where, timeout=_SECONDS)
    if server.security is Security.STARTTLS:
        with _closed_on_error(connection):
            connection.starttls(context=_trusted(server))
    return _let_in(connection, server)


def _let_in(connection: _Connection, server: MailServer) -> _Connection:
    with _closed_on_error(connection):
        connection.ehlo()
        if server.user is not None:
            connection.login(server.user, server.password or "")
    return connection


@contextmanager
def _closed_on_error(connection: smtplib.SMTP) -> Iterator[None]:
    try:
        yield
    except (smtplib.SMTPException, OSError, UnicodeError):
        connection.close()
        raise


def _trusted(server: MailServer) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context()
        if server.ca_file is not None:
            context.load_verify_locations(server.ca_file)
    except (OSError, ssl.SSLError) as error:
        raise ConfigurationError(
            f"the certificates cannot be read: {error}", "Mend `mail.ca_file`.", place=Place(file=str(server.ca_file))
        ) from error
    return context


def place_of(server: MailServer) -> Place:
    """The server, as errors name a place."""
    return Place(file=f"{server.host}:{server.port}")


def words_of(error: Exception) -> str:
    """What the server said, or why it said nothing."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(line_of(*one) for one in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return line_of(error.smtp_code, error.smtp_error)
    return str(error) or type(error).__name__


def line_of(code: int, said: bytes | str) -> str:
    """An answer of the server in one line."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}"
