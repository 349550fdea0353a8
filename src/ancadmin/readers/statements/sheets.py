"""Statements that are tables, with headings or without: which format a sheet is in."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

from ancadmin.errors import InputRefused
from ancadmin.readers.refusals import refused
from ancadmin.readers.statements import csv_columns, fnb, fnb_enterprise, fnb_records
from ancadmin.readers.statements.by_profile import ByProfile
from ancadmin.readers.statements.headings import find_statement_headings, statement_columns
from ancadmin.readers.statements.layouts import Profile, shipped_profile
from ancadmin.readers.statements.statement import Statement
from ancadmin.readers.tables import Headings, Sheet, read_sheets, without_any_headings
from ancadmin.readers.text import Record


class Format(Protocol):
    """A format of tables: the name it has on the command line, and what a file of it has in it."""

    @property
    def NAME(self) -> str:  # noqa: N802 - a constant in most
        """The name on the command line."""

    @property
    def WANTS(self) -> str:  # noqa: N802
        """What a file of it has in it."""

    def recognises(self, sheet: Sheet, columns: dict[str, int]) -> bool:
        """Is the sheet one of these?"""

    def read(self, sheet: Sheet, columns: dict[str, int], today: date) -> list[Statement]:
        """The statements in it."""


SHIPPED = ("capitec", "nedbank", "standardbank", "absa")
"""The banks this version brings a profile for."""
BUILT_IN: tuple[Format, ...] = (fnb, fnb_enterprise, fnb_records, csv_columns)
"""The formats no profile describes, last the one that takes any table."""


def table_formats(bank: str | None, profile: Profile | None = None, saved: Iterable[Profile] = ()) -> list[Format]:
    """The formats of tables a file may be in, the closest first; the one named `bank`, or a profile, alone.

    Those by `saved` profiles go before all others, wherever they stand here.
    """
    if profile is not None:
        return [ByProfile(profile, named=True)]
    shipped = [ByProfile(shipped_profile(name), named=name == bank) for name in SHIPPED if bank in (None, name)]
    return [
        *(one for one in BUILT_IN[:-1] if bank in (None, one.NAME)),
        *(ByProfile(one, saved=True) for one in saved if bank is None),
        *shipped,
        *(one for one in BUILT_IN[-1:] if bank in (None, one.NAME)),
    ]


def read_table_statements(path: Path, today: date, formats: Sequence[Format]) -> list[Statement]:
    """The statements of a file's sheets, each in the first format that recognises it.

    Sheets without headings that are in none are passed over beside others. Raises InputRefused for a file that is no
    table or in none of the formats.
    """
    found = sheets_and_formats(path, formats)
    statements: list[Statement] = []
    for sheet, known in found:
        if known is not None:
            statements += known.read(sheet, statement_columns(sheet.columns), today)
        elif sheet.header_row:
            raise another_format(path, formats[0].NAME, formats[0].WANTS, sheet.sheet)
    if not any(known for _, known in found):
        if len(formats) == 1 and formats[0] is not csv_columns:
            raise another_format(path, formats[0].NAME, formats[0].WANTS)
        raise without_any_headings(path, [sheet for sheet, _ in found], find_statement_headings)
    return statements


def sheets_and_formats(path: Path, formats: Sequence[Format]) -> list[tuple[Sheet, Format | None]]:
    """The sheets of a file, and the first format that recognises each; None where none does.

    Raises InputRefused for a file that is no table, and where several saved profiles are of a sheet.
    """

    def headings(top: Sequence[Record]) -> Headings | None:
        if fnb_records in formats and fnb_records.holds_records(top):
            return None
        named = (one.find_headings(top) for one in formats if isinstance(one, ByProfile))
        return next((found for found in named if found is not None), None) or find_statement_headings(top)

    sheets = read_sheets(path, headings, without_headings=True, must_have_headings=False)
    return [(sheet, _format_of(path, sheet, formats)) for sheet in sheets]


def _format_of(path: Path, sheet: Sheet, formats: Sequence[Format]) -> Format | None:
    columns = statement_columns(sheet.columns)
    saved = [one for one in formats if isinstance(one, ByProfile) and one.saved and one.recognises(sheet, columns)]
    if len(saved) > 1:
        raise refused(
            path,
            f"several saved profiles are of it: {', '.join(one.NAME for one in saved)}",
            "Say which with --profile NAME; or write only_when_named = true into all but one.",
            sheet=sheet.sheet,
        )
    return saved[0] if saved else next((one for one in formats if one.recognises(sheet, columns)), None)


def another_format(path: Path, name: str, wants: str, sheet: str = "") -> InputRefused:
    """The refusal of a file that is not in the format it is said to be in."""
    return refused(
        path,
        f"this is no statement in the format {name}: that has {wants}",
        "Leave --bank out to have the format recognised, or name another.",
        sheet=sheet,
    )
