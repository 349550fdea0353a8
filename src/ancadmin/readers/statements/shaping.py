"""A sheet as its layout says, brought into the shape every table of lines is read in: a column a role."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ancadmin.readers.cells import MALFORMED, OK, parse_dates
from ancadmin.readers.statements.amounts import signed_cents
from ancadmin.readers.statements.balances import Stated
from ancadmin.readers.statements.layouts import MONEY, Column, Layout, Marked, key_of
from ancadmin.readers.statements.statement import Flags
from ancadmin.readers.tables import ROWS_LOOKED_AT, Chunk, Sheet
from ancadmin.readers.text import Record

_NUMBER = re.compile(r"\d(?:[ -]?\d){4,}")
# How `rows` knows a row that says a balance.
_SAYS_BALANCE = "Opening balance"
_EARLIEST, _LATEST = date(1970, 1, 1), date(2999, 12, 31)


@dataclass(frozen=True)
class Shape:
    """A layout in a sheet it fits: for each role the indexes of its columns. `begins`: the row of the first line.

    `keys`: what its headings are known by. `width`: how many columns have headings, or stand among those that have;
    None for a table without any.
    """

    layout: Layout
    columns: dict[str, list[int]]
    begins: int = 0
    keys: tuple[str, ...] = ()
    width: int | None = None

    @property
    def roles(self) -> list[str]:
        """The columns of the shaped sheet, in order: the description first, but last where it stands last."""
        others = {*self.columns, *(["balance"] if self.layout.balance_rows else [])} - {"description"}
        description = ["description"] if "description" in self.columns else []
        return [*sorted(others), *description] if self._runs_over else [*description, *sorted(others)]

    @property
    def _runs_over(self) -> bool:
        """Does the description stand in the last column? Banks do not always quote it."""
        return self.width is not None and self.columns.get("description", [-1])[-1] == self.width - 1


def heading_row(layout: Layout, top: Sequence[Record]) -> int | None:
    """The first of the first 20 rows that has all headings of a layout; None where none has."""
    wanted = set(map(key_of, layout.headings))
    rows = enumerate({key_of(cell) for cell in cells} for _, cells in top[:ROWS_LOOKED_AT])
    return next((index for index, there in rows if wanted and wanted <= there), None)


def shape_of(layout: Layout, sheet: Sheet) -> Shape | None:
    """The layout in this sheet; None where it does not fit."""
    if not all(_labelled(sheet, text) for text in layout.above):
        return None
    if layout.headings:
        keys = [key_of(heading) for heading in sheet.columns]
        if not set(map(key_of, layout.headings)) <= set(keys):
            return None
        there = {
            role: [_index(one, keys) for one in group if isinstance(one, int) or key_of(one) in keys]
            for role, group in layout.columns.items()
        }
        columns = {role: indexes for role, indexes in there.items() if indexes}
        return Shape(
            layout, columns, keys=tuple(keys), width=max(at for at, heading in enumerate(sheet.columns) if heading) + 1
        )
    if sheet.header_row:
        return None
    columns = {role: [_index(one, []) for one in group] for role, group in layout.columns.items()}
    begins = _first_line(layout, columns, sheet.below)
    return None if begins is None else Shape(layout, columns, begins)


def _index(column: Column, keys: Sequence[str]) -> int:
    return column - 1 if isinstance(column, int) else keys.index(key_of(column))


def _first_line(layout: Layout, columns: dict[str, list[int]], rows: Sequence[Record]) -> int | None:
    """The row of the first line in a table without headings: one with a day where days stand, and nothing but amounts
    where amounts stand. None where there is none among the first rows.
    """
    if layout.record is not None:
        at = _index(layout.record.column, [])
        marks = tuple(text.casefold() for text in layout.record.begins)
        found = [(row, cells) for row, cells in rows if _cell(cells, at).casefold().startswith(marks)]
        return (rows[0][0] if layout.balance_rows else found[0][0]) if found else None
    days = parse_dates(
        pa.array([_cell(cells, columns["date"][0]) for _, cells in rows], pa.string()), _EARLIEST, _LATEST
    )
    dated = [cells for (_, cells), day in zip(rows, days.days, strict=True) if not np.isnat(day)]
    lines = [cells for cells in dated if not _says_balance(layout, cells)]
    money = [role for role in MONEY if role in columns]
    texts = [_cell(cells, columns[role][0]) for cells in lines for role in money]
    amounts = signed_cents(pa.chunked_array([texts], pa.string()))
    balances_only = len(dated) > len(lines) == 0
    if not balances_only and (not (amounts.codes == OK).any() or (amounts.codes == MALFORMED).sum() * 2 > len(lines)):
        return None
    return int(rows[int(np.flatnonzero(~np.isnat(days.days))[0])][0])


def _says_balance(layout: Layout, cells: Sequence[str]) -> bool:
    return any(
        _cell(cells, _index(mark.column, [])).casefold().startswith(tuple(text.casefold() for text in mark.begins))
        for mark in layout.balance_rows
    )


def _cell(cells: Sequence[str], at: int) -> str:
    return cells[at].strip() if at < len(cells) else ""


def _over(sheet: Sheet) -> list[Record]:
    """The rows in which labels stand."""
    return sheet.above if sheet.header_row else sheet.below[:ROWS_LOOKED_AT]


def _labelled(sheet: Sheet, label: str) -> Record | None:
    """The first row over the lines with a cell that begins with the label, whatever stands between its words."""
    key = key_of(label)
    rows = (record for record in _over(sheet) if any(key_of(cell).startswith(key) for cell in record[1]))
    return next(rows, None) if key else None


def account_over(sheet: Sheet, layout: Layout) -> str | None:
    """The account number in the row of its label, digits only."""
    found = _labelled(sheet, layout.account_label)
    numbers = [re.sub(r"\D", "", one) for cell in (found[1] if found else ()) for one in _NUMBER.findall(cell)]
    return max(numbers, key=len, default=None)


def balance_over(sheet: Sheet, label: str) -> Stated | None:
    """The balance in the row of its label: the last amount there."""
    found = _labelled(sheet, label)
    if found is None:
        return None
    row, cells = found
    texts = [cell.rsplit(":", 1)[-1] for cell in cells]
    amounts = signed_cents(pa.chunked_array([texts], pa.string()))
    known = np.flatnonzero(amounts.codes == OK)
    return Stated(row, int(amounts.cents[known[-1]])) if len(known) else None


def shaped(sheet: Sheet, shape: Shape) -> tuple[Sheet, dict[str, int], Counter[str]]:
    """The sheet with a column for each role of its layout, under the headings it has in the file; role → index; and
    what was left out while its rows were read, code → how often.
    """
    roles = shape.roles
    left_out: Counter[str] = Counter()
    names = [_name(sheet, shape, role) for role in roles]

    def source(size: int) -> Iterator[Chunk]:
        for chunk in sheet.chunks(size):
            part = _Part(shape, chunk)
            if part.pending:
                left_out["pending"] += part.pending
            yield part.chunk()

    columns = {role: index for index, role in enumerate(roles)}
    return replace(sheet, columns=names, source=source), columns, left_out


def _name(sheet: Sheet, shape: Shape, role: str) -> str:
    indexes = shape.columns.get(role, [])
    headings = [sheet.columns[at] for at in indexes if at < len(sheet.columns) and sheet.columns[at]]
    return " ".join(headings) or (f"{indexes[0] + 1}" if indexes else role)


class _Part:
    """Some rows of a sheet on their way into shape. `pending`: how many of them are lines only later."""

    def __init__(self, shape: Shape, chunk: Chunk) -> None:
        self.pending = 0
        self._shape = shape
        self._layout = shape.layout
        if chunk.rows.size and chunk.rows[0] < shape.begins:
            chunk = _only(chunk, chunk.rows >= shape.begins)
        says_balance = [self._marked(chunk, mark) for mark in self._layout.balance_rows]
        kept = np.logical_or.reduce([self._kept(chunk), *says_balance])
        self._chunk = chunk if kept.all() else _only(chunk, kept)
        self._says_balance = [flags[kept] for flags in says_balance]

    def chunk(self) -> Chunk:
        cells = {role: self._role(role) for role in self._shape.roles}
        self._charges_alone(cells)
        self._unmarked_debits(cells)
        self._balances(cells)
        columns = list(cells.values())
        if self._shape.width is not None:
            columns += [self._column(at) for at in range(self._shape.width, self._chunk.cells.num_columns)]
        table = pa.table(columns, names=[str(number) for number in range(len(columns))])
        return Chunk(self._chunk.rows, table)

    def _column(self, at: int, chunk: Chunk | None = None) -> pa.Array:
        of = chunk or self._chunk
        if at >= of.cells.num_columns:
            return pa.repeat(pa.scalar("", pa.string()), len(of.rows))
        return pc.utf8_trim_whitespace(of.cells.column(at).combine_chunks())

    def _role(self, role: str) -> pa.Array:
        """The cells of a role's columns, put together; parted so that their digits do not run together."""
        whole = None
        for at in self._shape.columns.get(role, []):
            part = self._column(at)
            whole = part if whole is None else joined_texts(whole, part)
        return self._column(self._chunk.cells.num_columns) if whole is None else whole

    def _marked(self, chunk: Chunk, mark: Marked) -> Flags:
        """The rows that begin as a mark says."""
        found = np.zeros(len(chunk.rows), dtype=np.bool_)
        cells = self._column(self._at(mark.column), chunk)
        for text in mark.begins:
            found |= pc.starts_with(cells, text, ignore_case=True).to_numpy(zero_copy_only=False)
        return found

    def _at(self, column: Column) -> int:
        return _index(column, self._shape.keys)

    def _kept(self, chunk: Chunk) -> Flags:
        """The rows that are lines."""
        kept = np.ones(len(chunk.rows), dtype=np.bool_)
        if self._layout.record is not None:
            kept = self._marked(chunk, self._layout.record)
        if self._layout.skip_without_amount:
            money = [self._column(at, chunk) for role in (*MONEY, "fee") for at in self._shape.columns.get(role, [])]
            filled = [pc.not_equal(cells, "").to_numpy(zero_copy_only=False) for cells in money]
            kept &= np.logical_or.reduce(filled)
        pending = self._begins(chunk, self._layout.pending) & kept
        self.pending = int(pending.sum())
        return kept & ~pending & ~self._begins(chunk, self._layout.skip)

    def _begins(self, chunk: Chunk, texts: Sequence[str]) -> Flags:
        """The rows with a cell that begins with one of some texts."""
        found = np.zeros(len(chunk.rows), dtype=np.bool_)
        for text in texts:
            for at in range(chunk.cells.num_columns):
                begins = pc.starts_with(self._column(at, chunk), text, ignore_case=True)
                found |= begins.to_numpy(zero_copy_only=False)
        return found

    def _charges_alone(self, cells: dict[str, pa.Array]) -> None:
        """A row with nothing but a charge is a line of that amount."""
        if "fee" not in cells:
            return
        to = next(role for role in ("amount", "credit", "debit") if role in cells)
        money = [pc.equal(cells[role], "") for role in MONEY if role in cells]
        alone = money[0]
        for one in money[1:]:
            alone = pc.and_(alone, one)
        cells[to] = pc.if_else(alone, cells["fee"], cells[to])
        cells["fee"] = pc.if_else(alone, "", cells["fee"])

    def _unmarked_debits(self, cells: dict[str, pa.Array]) -> None:
        """Where only credits are marked, what is not is money out."""
        if self._layout.sign == "unmarked-is-debit" and "amount" in cells:
            cells["amount"] = with_debits_marked(cells["amount"])

    def _balances(self, cells: dict[str, pa.Array]) -> None:
        """Rows that say a balance, in the words and the column in which that is known."""
        for mark, flags in zip(self._layout.balance_rows, self._says_balance, strict=True):
            if not flags.any():
                continue
            rows = pa.array(flags)
            if mark.balance is not None:
                cells["balance"] = pc.if_else(rows, self._column(self._at(mark.balance)), cells["balance"])
            for role in cells:
                if role == "description":
                    cells[role] = pc.if_else(rows, _SAYS_BALANCE, cells[role])
                elif role not in ("balance", "date", "account"):
                    cells[role] = pc.if_else(rows, "", cells[role])


def with_debits_marked(amounts: pa.Array) -> pa.Array:
    """The amounts with a minus before those that have neither a sign nor Cr or Dr."""
    marked = pc.match_substring_regex(amounts, r"(?i)^$|^[-+(]|[-+)]$|(?:cr|kt|dr|dt)\.?$")
    return pc.if_else(marked, amounts, pc.binary_join_element_wise("-", amounts, ""))


def joined_texts(first: pa.Array, more: pa.Array) -> pa.Array:
    """Two texts in one, parted by a bar; one alone where the other is blank or the same."""
    both = pc.binary_join_element_wise(first, more, " | ")
    whole = pc.if_else(pc.or_(pc.equal(more, ""), pc.equal(more, first)), first, both)
    return pc.if_else(pc.equal(first, ""), more, whole)


def _only(chunk: Chunk, which: Flags) -> Chunk:
    return Chunk(chunk.rows[which], chunk.cells.filter(pa.array(which)))
