"""What every format becomes: a statement, its lines as columns, and what is wrong with it."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ancadmin.domain.dates import Days
from ancadmin.domain.problems import Problem

Cents = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Lines:
    """The lines of a statement, oldest first, a column each, n rows.

    `row`: the file's own row number, or that of the entry (`Statement.unit`). `balance`: the running balance after the
    line, where `has_balance`. `narrative`: the description, and behind ` | ` the reference where it says something
    else; string array without nulls, as is `reference`. `charge`: a bank charge. `identifier`: the number by which the
    bank guarantees to know the line again, "" for a line without one; None where the format has none.
    """

    row: Rows
    value_date: Days
    cents: Cents
    balance: Cents
    has_balance: Flags
    narrative: pa.Array
    reference: pa.Array
    charge: Flags
    identifier: pa.Array | None = None

    def __len__(self) -> int:
        return len(self.row)

    def take(self, order: npt.NDArray[np.integer]) -> "Lines":
        """These lines, in this order."""
        return Lines(
            self.row[order],
            self.value_date[order],
            self.cents[order],
            self.balance[order],
            self.has_balance[order],
            pc.take(self.narrative, pa.array(order)),
            pc.take(self.reference, pa.array(order)),
            self.charge[order],
            None if self.identifier is None else pc.take(self.identifier, pa.array(order)),
        )


@dataclass(frozen=True)
class Break:
    """Where a statement stops adding up: the row, and the balance expected and found there, in cents.

    `row` is None for a statement without lines that closes on another balance than it opens with.
    """

    row: int | None
    expected: int
    found: int


@dataclass(frozen=True)
class Statement:
    """One account over some days. `account` is None where the file does not name it; `opening_cents` and
    `closing_cents` are None where it gives no balances. `breaks`: where it first stops adding up.

    `problems`: lines that cannot be read, at most MOST_PROBLEMS of the `unreadable` ones; they are not in `lines`.
    `period_from` and `period_to`: the first and last day it covers by its own account, `sequence` the number the bank
    gave it; None where it says nothing. `notes`: what was left out or read in another way than usual, code → how often.
    `unit`: what the rows of its lines count, the file's rows or the entries of a message.
    """

    file: str
    sheet: str
    bank: str
    account: str | None
    opening_cents: int | None
    closing_cents: int | None
    lines: Lines
    breaks: Break | None = None
    problems: list[Problem] = field(default_factory=list)
    unreadable: int = 0
    period_from: date | None = None
    period_to: date | None = None
    sequence: str | None = None
    notes: dict[str, int] = field(default_factory=dict)
    unit: str = "row"


MOST_PROBLEMS = 20
"""Of the lines that cannot be read so many are described; the rest are counted."""
