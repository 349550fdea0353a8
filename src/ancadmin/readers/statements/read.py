"""Reads a bank statement, whichever format it is in."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Protocol

from ancadmin.readers.statements import camt053, mt940, ofx
from ancadmin.readers.statements.layouts import Profile
from ancadmin.readers.statements.messages import head_of
from ancadmin.readers.statements.sheets import another_format, read_table_statements, table_formats
from ancadmin.readers.statements.statement import Statement


class Message(Protocol):
    """A format of messages from bank to customer: the name it has on the command line, and what begins like it."""

    NAME: str
    WANTS: str

    def recognises(self, head: str) -> bool:
        """Does a file that begins like this hold one?"""

    def read(self, path: Path, today: date) -> list[Statement]:
        """The statements in it."""


MESSAGES: tuple[Message, ...] = (ofx, mt940, camt053)


def read_statements(
    path: Path,
    today: date,
    bank: str | None = None,
    profile: Profile | None = None,
    saved: Iterable[Profile] = (),
) -> list[Statement]:
    """The statements of a file, in the format named `bank`, or else the first that recognises it.

    With a `profile` of one's own it is a table, and read by that; a table that one of those `saved` is of, by that one
    before the formats of this version. Lines that cannot be read are problems of their
    statement. Raises InputRefused for a file that is no table, has no columns of a statement, or is not in the format
    named.
    """
    if profile is None:
        head = head_of(path)
        message = next((one for one in MESSAGES if bank in (None, one.NAME) and one.recognises(head)), None)
        if message is not None:
            return message.read(path, today)
        named = next((one for one in MESSAGES if bank == one.NAME), None)
        if named is not None:
            raise another_format(path, named.NAME, named.WANTS)
    return read_table_statements(path, today, table_formats(bank, profile, saved))
