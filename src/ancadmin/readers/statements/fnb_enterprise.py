"""FNB enterprise: `Effective Date,Description,Reference,Service Fee,Amount,Balance`.

A service fee is what the bank charged for the line. Where the balances only follow when it is taken off with the
amount, it left the account there and is a line of its own, a charge, behind that of the amount. Where they follow
from the amounts alone the bank takes its fees later, in a line the statement will have: here it is none.
"""

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ancadmin.readers.statements.balances import Chain
from ancadmin.readers.statements.rows import read_table
from ancadmin.readers.statements.statement import Lines, Statement
from ancadmin.readers.statements.table import Table, statement_of
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
    chain = table.chain()
    if chain.breaks is not None and table.fee.any():
        with_fees = table.chain(fees=True)
        if with_fees.breaks is None:
            return [statement_of(sheet, table, NAME, None, with_fees, _with_charges(table, with_fees))]
    return [statement_of(sheet, table, NAME, None, chain)]


def _with_charges(table: Table, chain: Chain) -> Lines:
    """The lines, each fee behind the line it was charged for; the balance stands after the fee."""
    lines = table.lines(chain.newest_first)
    order = np.flatnonzero(table.moves)
    fee = abs(table.fee[order[::-1] if chain.newest_first else order])
    charged = np.flatnonzero(fee)
    source = np.concatenate([np.arange(len(lines)), charged])
    charge = np.arange(len(source)) >= len(lines)
    doubled = lines.take(source)
    fees = np.where(charge, fee[source], 0)
    of_what = pc.binary_join_element_wise("SERVICE FEE", doubled.narrative, " ")
    both = Lines(
        row=doubled.row,
        value_date=doubled.value_date,
        cents=np.where(charge, -fees, doubled.cents),
        balance=np.where(charge, doubled.balance, doubled.balance + fee[source]),
        has_balance=doubled.has_balance,
        narrative=pc.if_else(pa.array(charge), of_what, doubled.narrative),
        reference=doubled.reference,
        charge=charge,
    )
    return both.take(np.lexsort((charge, source)))
