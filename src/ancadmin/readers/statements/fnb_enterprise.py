"""FNB enterprise: `Effective Date,Description,Reference,Service Fee,Amount,Balance`; its fees as `charges` says."""

from datetime import date

from ancadmin.readers.statements.charges import chain_and_lines
from ancadmin.readers.statements.rows import read_table
from ancadmin.readers.statements.statement import Statement
from ancadmin.readers.statements.table import statement_of
from ancadmin.readers.tables import Sheet

NAME = "fnb-enterprise"
WANTS = "the headings `Effective Date,Description,Reference,Service Fee,Amount,Balance`"


def recognises(sheet: Sheet, columns: dict[str, int]) -> bool:
    """Its own headings."""
    named = {heading.casefold() for heading in sheet.columns}
    wanted = {"date", "amount", "balance", "description", "reference", "fee"}
    return wanted <= columns.keys() and {"effective date", "service fee"} <= named


def read(sheet: Sheet, columns: dict[str, int], today: date) -> list[Statement]:
    """The one statement of the file; it names no account."""
    table = read_table(sheet, columns, today)
    return [statement_of(sheet, table, NAME, None, *chain_and_lines(table))]
