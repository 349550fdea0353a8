"""Service fees that stand in the row of the line they are for.

Where the balances only follow when a fee is taken off with the amount, it left the account there and is a line of its
own, a charge, behind that of the amount. Where they follow from the amounts alone the bank takes its fees later, in a
line the statement will have: here it is none.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ancadmin.readers.statements.balances import Chain, Stated, with_stated
from ancadmin.readers.statements.statement import Lines
from ancadmin.readers.statements.table import Table


def chain_and_lines(
    table: Table, opening: Stated | None = None, closing: Stated | None = None, *, taken: bool = False
) -> tuple[Chain, Lines]:
    """How the balances follow, and the lines that makes, oldest first: with fees among them where they need that.

    `opening` and `closing` are what the bank states beside the lines. `taken`: this bank takes its fees with the lines.
    """
    fees = table.fee.any()
    chain = table.chain()
    lines = table.lines(chain.newest_first)
    plain = with_stated(chain, lines.cents, opening, closing), lines
    if not fees or (plain[0].breaks is None and not taken):
        return plain
    chain = table.chain(fees=True)
    lines = _with_charges(table, chain)
    charged = with_stated(chain, lines.cents, opening, closing), lines
    return charged if taken or charged[0].breaks is None else plain


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
