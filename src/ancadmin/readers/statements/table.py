"""A statement that is a table: every row read, and the lines and balances they make."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ancadmin.domain.dates import Days
from ancadmin.domain.problems import Problem
from ancadmin.readers.statements.balances import Chain, chain_of
from ancadmin.readers.statements.statement import Cents, Flags, Lines, Rows, Statement
from ancadmin.readers.tables import Sheet


@dataclass(frozen=True)
class Table:
    """Every row of a sheet that can be read, in the file's order, a column each.

    `moves` is False for rows that only say a balance; their `cents` are 0. `fee` is below or above zero as the bank
    writes it, 0 for none. `problems` and `unreadable` are about the rows left out.
    """

    row: Rows
    days: Days
    cents: Cents
    balance: Cents
    has_balance: Flags
    narrative: pa.Array
    reference: pa.Array
    fee: Cents
    account: pa.Array
    moves: Flags
    problems: list[Problem]
    unreadable: int

    def chain(self, fees: bool = False) -> Chain:
        """How the balances follow from the amounts, or from amounts and fees together."""
        moved = np.where(self.moves, self.cents, 0)
        return chain_of(self.row, self.days, moved - abs(self.fee) if fees else moved, self.balance, self.has_balance)

    def lines(self, newest_first: bool) -> Lines:
        """The rows that move money, oldest first."""
        lines = Lines(
            self.row,
            self.days,
            self.cents,
            self.balance,
            self.has_balance,
            self.narrative,
            self.reference,
            np.zeros(len(self.row), dtype=np.bool_),
        )
        if self.moves.all() and not newest_first:
            return lines
        order = np.flatnonzero(self.moves)
        return lines.take(order[::-1] if newest_first else order)

    def only(self, which: Flags) -> "Table":
        """Some of the rows; the problems stay with all of them."""
        mask = pa.array(which)
        return Table(
            self.row[which],
            self.days[which],
            self.cents[which],
            self.balance[which],
            self.has_balance[which],
            self.narrative.filter(mask),
            self.reference.filter(mask),
            self.fee[which],
            self.account.filter(mask),
            self.moves[which],
            self.problems,
            self.unreadable,
        )


def statement_of(
    sheet: Sheet, table: Table, bank: str, account: str | None, chain: Chain, lines: Lines | None = None
) -> Statement:
    """The statement a table is."""
    return Statement(
        file=sheet.file,
        sheet=sheet.sheet,
        bank=bank,
        account=account,
        opening_cents=chain.opening_cents,
        closing_cents=chain.closing_cents,
        lines=table.lines(chain.newest_first) if lines is None else lines,
        breaks=chain.breaks,
        problems=table.problems,
        unreadable=table.unreadable,
    )
