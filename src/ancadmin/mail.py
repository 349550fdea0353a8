"""How mail leaves: the table `[mail]` of `ancadmin.toml`, read and held against what is safe."""

import os
import stat
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from ancadmin.domain.contacts import read_email
from ancadmin.errors import ConfigurationError, Place
from ancadmin.settings import settings_table

_HERE = ("localhost", "127.0.0.1", "::1")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Security(StrEnum):
    """How the line to the server is protected: not at all, after a word in the open, or from the start."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


_PORTS = {Security.NONE: 25, Security.STARTTLS: 587, Security.TLS: 465}


@dataclass(frozen=True)
class MailServer:
    """The server that takes our mail. `ca_file` holds certificates to trust besides the system's."""

    host: str
    port: int
    security: Security
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: Path | None = None


def load_mail_server() -> MailServer:
    """The mail server of `ancadmin.toml`. Raises ConfigurationError: nothing there, something missing, or a password
    that others could read.
    """
    path, said = settings_table("mail")
    if not said:
        raise ConfigurationError(
            "no mail server is named",
            'Write into ancadmin.toml: [mail], host = "mail.example.org", sender = "dues@example.org".',
        )
    place = Place(file=str(path))
    security = _security(said.get("security", Security.STARTTLS.value), place)
    port = said.get("port", _PORTS[security])
    if not isinstance(port, int) or isinstance(port, bool) or not 0 < port < 65536:
        raise ConfigurationError("`mail.port` must be a number up to 65535", "Write port = 587.", place=place)
    sender = _text(said, "sender", place)
    if read_email(sender) is None:
        raise ConfigurationError(
            "`mail.sender` must be an e-mail address", 'Write sender = "dues@example.org".', place=place, value=sender
        )
    user = said.get("user")
    server = MailServer(
        host=_text(said, "host", place),
        port=port,
        security=security,
        sender=sender,
        user=user if user is None else _text(said, "user", place),
        password=_password(path, _text(said, "password_file", place), place) if user is not None else None,
        ca_file=path.parent / _text(said, "ca_file", place) if "ca_file" in said else None,
    )
    if user is not None and security is Security.NONE and server.host not in _HERE:
        raise ConfigurationError(
            "the password would go over the line in the open", 'Write security = "starttls" or "tls".', place=place
        )
    return server


def operator_address(said: str | None = None) -> str | None:
    """Where the operator is told of a night that went wrong: as `said`, else ANCADMIN_MAIL_TO, else `operator` of
    `[mail]`; None: nowhere. Raises ConfigurationError for what is no e-mail address.
    """
    path, entries = settings_table("mail")
    found = said or os.environ.get("ANCADMIN_MAIL_TO") or entries.get("operator")
    if found is not None and (not isinstance(found, str) or read_email(found) is None):
        raise ConfigurationError(
            "the operator's address must be an e-mail address",
            'Give one with --mail-to, in ANCADMIN_MAIL_TO, or as operator = "office@example.org" under [mail].',
            place=Place(file=str(path)) if found is entries.get("operator") else None,
            value=str(found),
        )
    return found


def sms_file() -> Path | None:
    """The gateway file `ancadmin.toml` names, if it does. Raises ConfigurationError."""
    path, said = settings_table("sms")
    return path.parent / _text(said, "file", Place(file=str(path))) if said else None


def _security(value: Any, place: Place) -> Security:
    if value not in list(Security):
        raise ConfigurationError(
            "`mail.security` must say how the line is protected",
            f"Write one of: {', '.join(Security)}.",
            place=place,
            value=str(value),
        )
    return Security(value)


def _text(said: dict[str, Any], key: str, place: Place) -> str:
    value = said.get(key)
    if not isinstance(value, str) or not value:
        raise ConfigurationError(f"`{key}` is missing, or no text", f'Write a line {key} = "…".', place=place)
    return value


def _password(settings: Path, name: str, place: Place) -> str:
    path = settings.parent / name
    try:
        text = path.read_text(encoding="utf-8").strip()
        others = path.stat().st_mode & _OTHERS
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"the password cannot be read: {error}", "Mend `password_file`, or the file.", place=place
        ) from error
    if others and os.name == "posix":
        raise ConfigurationError("others can read the password", f"chmod 600 {path}", place=place, value=str(path))
    if not text:
        raise ConfigurationError("the password is empty", "Put it into that file.", place=place, value=str(path))
    return text
