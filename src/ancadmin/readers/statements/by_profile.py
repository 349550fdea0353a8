"""Tables a profile describes: a shipped one's bank, or one of the officer's own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pyarrow.compute as pc

from ancadmin.readers.statements.charges import chain_and_lines
from ancadmin.readers.statements.headings import statement_columns
from ancadmin.readers.statements.layouts import Layout, Profile, key_of
from ancadmin.readers.statements.rows import read_table
from ancadmin.readers.statements.shaping import Shape, account_over, balance_over, heading_row, shape_of, shaped
from ancadmin.readers.statements.statement import Statement
from ancadmin.readers.statements.table import Table, statement_of
from ancadmin.readers.tables import Headings, Sheet
from ancadmin.readers.text import Record


@dataclass(frozen=True)
class ByProfile:
    """A format of tables. `named`: it was asked for, so layouts that any bank may have count too.

    `saved`: an officer saved it, and it goes before others; but not where a sheet has further columns of a statement,
    of which it does not say how they are read.
    """

    profile: Profile
    named: bool = False
    saved: bool = False

    @property
    def NAME(self) -> str:  # noqa: N802 - what every format is called by
        """What it is called on the command line."""
        return self.profile.name

    @property
    def WANTS(self) -> str:  # noqa: N802
        """What a file of it has in it."""
        return ", or ".join(dict.fromkeys(layout.said for layout in self.profile.layouts))

    def find_headings(self, top: Sequence[Record]) -> Headings | None:
        """The headings of the first layout that has them all in one of the first rows."""
        for layout in self._layouts():
            index = heading_row(layout, top)
            if index is not None and self._says_all(layout, top[index][1]):
                return index, list(top[index][1])
        return None

    def recognises(self, sheet: Sheet, columns: dict[str, int]) -> bool:
        """One of its layouts fits."""
        del columns
        return self._shape(sheet) is not None

    def columns(self, sheet: Sheet) -> dict[str, list[int]]:
        """Role → the indexes of its columns in a sheet it recognises."""
        shape = self._shape(sheet)
        return {} if shape is None else shape.columns

    def read(self, sheet: Sheet, columns: dict[str, int], today: date) -> list[Statement]:
        """A statement for each account the table names; one where it names none, or the account over it."""
        del columns
        shape = self._shape(sheet)
        if shape is None:
            return []
        lines, roles, left_out = shaped(sheet, shape)
        table = read_table(lines, roles, today, shape.layout.date_order)
        if shape.layout.sign == "reversed":
            table = replace(table, cents=-table.cents)
        accounts = pc.unique(table.account).to_pylist()
        over = account_over(sheet, shape.layout)
        if len(set(accounts) - {""}) <= 1:
            found = [self._statement(sheet, shape, table, max(accounts, default="") or over)]
        else:
            parts = [(one, table.only(np.asarray(pc.equal(table.account, one)))) for one in accounts]
            found = [self._statement(sheet, shape, part, account or over) for account, part in parts]
        return [replace(found[0], notes=dict(left_out)), *found[1:]]

    def _statement(self, sheet: Sheet, shape: Shape, table: Table, account: str | None) -> Statement:
        layout = shape.layout
        opening, closing = (balance_over(sheet, label) for label in (layout.opening_label, layout.closing_label))
        chain, lines = chain_and_lines(table, opening, closing, taken=layout.fee_taken)
        return statement_of(sheet, table, self.NAME, account, chain, lines)

    def _layouts(self) -> list[Layout]:
        return [layout for layout in self.profile.layouts if self.named or layout.known_by_itself]

    def _shape(self, sheet: Sheet) -> Shape | None:
        shapes = (shape_of(layout, sheet) for layout in self._layouts() if self._says_all(layout, sheet.columns))
        return next((shape for shape in shapes if shape is not None), None)

    def _says_all(self, layout: Layout, headings: Sequence[str]) -> bool:
        """Do the headings its layout does not know mean no further role? Asked of saved ones only."""
        if not self.saved:
            return True
        known = set(map(key_of, (*layout.headings, *layout.optional)))
        besides = [heading for heading in headings if key_of(heading) not in known]
        return statement_columns(besides).keys() <= layout.columns.keys()
