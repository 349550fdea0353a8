"""FNB online history: a title, name, account and balance, then `Date, Amount, Balance, Description`.

The balance above the headings is the one of the day of download, which need not be the day of the last line, so it is
held against nothing; the running balances say what the lines open and close on.
"""

import re
from datetime import date

from ancadmin.readers.statements.rows import read_table
from ancadmin.readers.statements.statement import Statement
from ancadmin.readers.statements.table import statement_of
from ancadmin.readers.tables import Sheet

NAME = "fnb"
WANTS = "a line `ACCOUNT TRANSACTION HISTORY`, and below it the headings `Date, Amount, Balance, Description`"
_TITLE = re.compile(r"\baccount\s+transaction\s+history\b", re.IGNORECASE)
_ACCOUNT = re.compile(r"^\W*account(?!\s+transaction)\b\D*(?P<number>\d[\d -]{4,}\d)", re.IGNORECASE)


def recognises(sheet: Sheet, columns: dict[str, int]) -> bool:
    """The title stands above the headings."""
    wanted = {"date", "amount", "balance", "description"}
    return wanted <= columns.keys() and any(_TITLE.search(",".join(cells)) for _, cells in sheet.above)


def read(sheet: Sheet, columns: dict[str, int], today: date) -> list[Statement]:
    """The one statement of the file."""
    table = read_table(sheet, columns, today)
    return [statement_of(sheet, table, NAME, _account(sheet), table.chain())]


def _account(sheet: Sheet) -> str | None:
    """The account number in the lines above the headings, digits only."""
    for _, cells in sheet.above:
        found = _ACCOUNT.match(",".join(cells))
        if found:
            return re.sub(r"\D", "", found["number"])
    return None
