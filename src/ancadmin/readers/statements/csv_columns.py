"""Any CSV file or workbook by the names of its columns: date, amount or debit and credit, description, balance."""

from datetime import date

import numpy as np
import pyarrow.compute as pc

from ancadmin.readers.statements.headings import is_statement
from ancadmin.readers.statements.rows import read_table
from ancadmin.readers.statements.statement import Statement
from ancadmin.readers.statements.table import Table, statement_of
from ancadmin.readers.tables import Sheet

NAME = "csv"
WANTS = "a row of headings that names a date, an amount (or debit and credit) and a description"


def recognises(sheet: Sheet, columns: dict[str, int]) -> bool:
    """Any table with columns enough."""
    del sheet
    return is_statement(columns)


def read(sheet: Sheet, columns: dict[str, int], today: date) -> list[Statement]:
    """A statement for each account the table names; one without a name where it names none."""
    table = read_table(sheet, columns, today)
    accounts = pc.unique(table.account).to_pylist() or [""]
    return [_statement(sheet, table, account, one=len(accounts) == 1) for account in accounts]


def _statement(sheet: Sheet, table: Table, account: str, *, one: bool) -> Statement:
    part = table if one else table.only(np.asarray(pc.equal(table.account, account)))
    return statement_of(sheet, part, NAME, account or None, part.chain())
