"""A command of the night that ends badly is told to the operator by mail, and ends as it would have ended."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import typer

from ancadmin.cli.said import line_of
from ancadmin.errors import AncadminError, UsageError

_FROM = 3


@dataclass
class Told:
    """What the command has to say for itself so far."""

    answer: Mapping[str, Any] = field(default_factory=dict)


@contextmanager
def told_by_mail(to: str | None, command: str, day: date | None) -> Iterator[Told]:
    """Where the block ends with exit code 3 or more, the operator is told at `to`, or at the address that is set up.
    A mail that cannot be sent is said on stderr; the exit code is the command's own. Raises UsageError for a `to` that
    is no address.
    """
    from ancadmin.domain.contacts import read_email

    if to is not None and read_email(to) is None:
        raise UsageError(f"--mail-to {to} is no e-mail address", "Give one such as --mail-to office@example.org.")
    told = Told()
    try:
        yield told
    except AncadminError as error:
        _tell(to, command, day, error.exit_code, told, line_of(error), error.remedy)
        raise
    except typer.Exit as leaving:
        _tell(to, command, day, leaving.exit_code, told)
        raise
    except SystemExit as leaving:
        # The system ends the run (SIGTERM). Whoever interrupts it at a terminal knows.
        _tell(to, command, day, leaving.code if isinstance(leaving.code, int) else 0, told)
        raise


def _tell(
    to: str | None, command: str, day: date | None, code: int, told: Told, error: str = "", remedy: str = ""
) -> None:
    if code < _FROM:
        return
    from ancadmin.mail import load_mail_server, operator_address
    from ancadmin.services.session import today_in_johannesburg, utc_now
    from ancadmin.services.standing.mailed import Ended, tell_operator

    try:
        address = operator_address(to)
        if address is not None:
            ended = Ended(command, day or today_in_johannesburg(), code, error, remedy, told.answer)
            tell_operator(load_mail_server(), address, ended, utc_now())
    except AncadminError as unsent:
        sys.stderr.write(f"ancadmin: the operator was not told by mail: {line_of(unsent)}\n")
