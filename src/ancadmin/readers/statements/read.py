"""Reads a bank statement, whichever format it is in."""

from datetime import date
from pathlib import Path
from typing import Protocol

from ancadmin.errors import InputRefused
from ancadmin.readers.refusals import refused
from ancadmin.readers.statements import csv_columns, fnb, fnb_enterprise
from ancadmin.readers.statements.headings import find_statement_headings, statement_columns
from ancadmin.readers.statements.messages import head_of
from ancadmin.readers.statements.statement import Statement
from ancadmin.readers.tables import Sheet, read_sheets


class Message(Protocol):
    """A format of messages from bank to customer: the name it has on the command line, and what begins like it."""

    NAME: str
    WANTS: str

    def recognises(self, head: str) -> bool:
        """Does a file that begins like this hold one?"""

    def read(self, path: Path, today: date) -> list[Statement]:
        """The statements in it."""


class Format(Protocol):
    """A format of tables: the name it has on the command line, and what a file of it has in it."""

    NAME: str
    WANTS: str

    def recognises(self, sheet: Sheet, columns: dict[str, int]) -> bool:
        """Is the sheet one of these?"""

    def read(self, sheet: Sheet, columns: dict[str, int], today: date) -> list[Statement]:
        """The statements in it."""


MESSAGES: tuple[Message, ...] = ()
FORMATS: tuple[Format, ...] = (fnb, fnb_enterprise, csv_columns)
"""The closest first: the last takes any table."""


def read_statements(path: Path, today: date, bank: str | None = None) -> list[Statement]:
    """The statements of a file, in the format named `bank`, or else the first that recognises it.

    Lines that cannot be read are problems of their statement. Raises InputRefused for a file that is no table, has no
    columns of a statement, or is not in the format named.
    """
    head = head_of(path)
    message = next((one for one in MESSAGES if bank in (None, one.NAME) and one.recognises(head)), None)
    if message is not None:
        return message.read(path, today)
    formats = [one for one in FORMATS if bank in (None, one.NAME)]
    if not formats:
        wants = next(one.WANTS for one in MESSAGES if bank == one.NAME)
        raise _another_format(path, bank, wants)
    statements: list[Statement] = []
    for sheet in read_sheets(path, find_statement_headings):
        columns = statement_columns(sheet.columns)
        known = next((one for one in formats if one.recognises(sheet, columns)), None)
        if known is None:
            raise _another_format(path, bank, formats[0].WANTS, sheet.sheet)
        statements += known.read(sheet, columns, today)
    return statements


def _another_format(path: Path, bank: str | None, wants: str, sheet: str = "") -> InputRefused:
    return refused(
        path,
        f"this is no statement in the format {bank}: that has {wants}",
        "Leave --bank out to have the format recognised, or name another.",
        sheet=sheet,
    )
