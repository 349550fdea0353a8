"""The rows of a sheet as a table: each column read, rows told apart into lines, balances and what cannot be read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ancadmin.domain.problems import Problem
from ancadmin.readers.cells import MALFORMED, MISSING, OUT_OF_RANGE, DateOrder, ParsedCents, parse_dates
from ancadmin.readers.statements.amounts import signed_cents
from ancadmin.readers.statements.statement import MOST_PROBLEMS, Cents, Flags, Rows
from ancadmin.readers.statements.table import Table
from ancadmin.readers.tables import Chunk, Sheet

# Rows that say a balance and move nothing.
_BALANCE_ROW = (
    r"(?i)\b(?:opening|closing|openings|aanvangs|begin|eind|sluitings|slot) ?-?(?:balance|balans|saldo)\b"
    r"|\b(?:balance|balans|saldo) (?:brought|carried|oorgebring|oorgedra)\b"
)
_EARLIEST = date(1970, 1, 1)
_YEARS_AHEAD = 10
_REMEDIES = {
    "value_date": "Write the day as YYYY-MM-DD, or export the statement again.",
    "amount": "Write the amount as 20.00 or -20.00, or export the statement again.",
    "balance": "Write the balance as 20.00, or leave it out.",
    "cells": "Put quotes round the text that has the separator in it, or export the statement again.",
}


@dataclass(frozen=True)
class _Part:
    """What one chunk holds, rows without anything left out. `readable`: nothing but perhaps the date is wrong."""

    row: Rows
    date: pa.Array
    cents: Cents
    balance: Cents
    has_balance: Flags
    narrative: pa.Array
    reference: pa.Array
    fee: Cents
    account: pa.Array
    says_balance: Flags
    readable: Flags
    wrong: list[tuple[int, str, str, str]]


def read_table(sheet: Sheet, columns: dict[str, int], today: date, order: DateOrder | None = None) -> Table:
    """Reads a sheet whose columns are known: role → index, as `statement_columns` gives them.

    `order` is that of its numeric dates; what they say themselves if None.
    """
    parts = [_part(sheet, columns, chunk) for chunk in sheet.chunks()] or [_part(sheet, columns, _no_rows(sheet))]
    row = np.concatenate([part.row for part in parts])
    says_balance = np.concatenate([part.says_balance for part in parts])
    readable = np.concatenate([part.readable for part in parts])
    dates = pa.concat_arrays([part.date for part in parts])
    parsed = parse_dates(dates, _EARLIEST, date(today.year + _YEARS_AHEAD, 12, 31), order)
    no_day = np.isin(parsed.codes, (MALFORMED, MISSING, OUT_OF_RANGE)) & ~says_balance
    wrong = [one for part in parts for one in part.wrong]
    wrong += _wrong(row, dates, no_day, sheet.columns[columns["date"]], "value_date")
    bad = no_day | ~readable
    table = Table(
        row=row,
        days=parsed.days,
        cents=np.concatenate([part.cents for part in parts]),
        balance=np.concatenate([part.balance for part in parts]),
        has_balance=np.concatenate([part.has_balance for part in parts]),
        narrative=pa.concat_arrays([part.narrative for part in parts]),
        reference=pa.concat_arrays([part.reference for part in parts]),
        fee=np.concatenate([part.fee for part in parts]),
        account=pa.concat_arrays([part.account for part in parts]),
        moves=~says_balance,
        problems=[
            Problem(sheet.file, sheet.sheet, at, column, value, code, _REMEDIES[code])
            for at, column, value, code in sorted(wrong)[:MOST_PROBLEMS]
        ],
        unreadable=int(bad.sum()),
    )
    return table.only(~bad) if bad.any() else table


def _no_rows(sheet: Sheet) -> Chunk:
    cells = {str(number): pa.array([], pa.string()) for number in range(len(sheet.columns))}
    return Chunk(np.zeros(0, dtype=np.int64), pa.table(cells))


def _part(sheet: Sheet, columns: dict[str, int], chunk: Chunk) -> _Part:
    chunk = _filled(sheet, columns, chunk)
    rows, cells = chunk.rows, chunk.cells

    def column(role: str) -> pa.ChunkedArray:
        at = columns.get(role)
        return pc.utf8_trim_whitespace(cells.column(at)) if at is not None else _blank(len(rows))

    amount = _amounts(columns, column)
    balance, fee = signed_cents(column("balance")), signed_cents(column("fee"))
    description = _description(sheet, columns, cells, column("description"))
    reference = _bare(column("reference"))
    labelled = pc.match_substring_regex(description, _BALANCE_ROW).to_numpy(zero_copy_only=False)
    says_balance = (amount.codes == MISSING) & labelled
    no_amount = ((amount.codes == MALFORMED) | (amount.codes == MISSING)) & ~says_balance
    no_balance = balance.codes == MALFORMED
    too_many = _runs_over(sheet, columns, cells)
    money = next(role for role in ("amount", "cents", "credit", "debit") if role in columns)
    wrong = _wrong(rows, column(money), no_amount, sheet.columns[columns[money]], "amount")
    wrong += _wrong(rows, column("balance"), no_balance, "balance", "balance")
    wrong += _wrong(rows, description, too_many, "", "cells")
    has_balance = ~np.isin(balance.codes, (MALFORMED, MISSING))
    return _Part(
        row=rows,
        date=column("date").combine_chunks(),
        cents=np.where(no_amount | says_balance, 0, amount.cents),
        balance=np.where(has_balance, balance.cents, 0),
        has_balance=has_balance,
        narrative=_narrative(description, reference),
        reference=reference,
        fee=np.where(np.isin(fee.codes, (MALFORMED, MISSING)), 0, fee.cents),
        account=column("account").combine_chunks(),
        says_balance=says_balance,
        readable=~(no_amount | no_balance | too_many),
        wrong=wrong,
    )


def _filled(sheet: Sheet, columns: dict[str, int], chunk: Chunk) -> Chunk:
    """The chunk without blank rows and without the headings said again."""
    filled = np.zeros(len(chunk.rows), dtype=np.bool_)
    for at in columns.values():
        cells = pc.utf8_trim_whitespace(chunk.cells.column(at))
        filled |= pc.not_equal(cells, "").to_numpy()
    dates = pc.utf8_trim_whitespace(chunk.cells.column(columns["date"]))
    filled &= pc.not_equal(dates, sheet.columns[columns["date"]]).to_numpy()
    return chunk if filled.all() else Chunk(chunk.rows[filled], chunk.cells.filter(pa.array(filled)))


def _blank(rows: int) -> pa.ChunkedArray:
    return pa.chunked_array([pa.repeat(pa.scalar("", pa.string()), rows)])


def _amounts(columns: dict[str, int], column: Callable[[str], pa.ChunkedArray]) -> ParsedCents:
    """The signed amounts: one column of them, or what came in less what went out."""
    if "amount" in columns:
        return signed_cents(column("amount"))
    if "cents" in columns:
        hundredfold = signed_cents(column("cents"))
        return ParsedCents(np.where(hundredfold.codes == MISSING, -1, hundredfold.cents // 100), hundredfold.codes)
    went, came = signed_cents(column("debit")), signed_cents(column("credit"))
    nothing = (came.codes == MISSING) & (went.codes == MISSING)
    malformed = (came.codes == MALFORMED) | (went.codes == MALFORMED)
    cents = np.where(came.codes == MISSING, 0, came.cents) - np.where(went.codes == MISSING, 0, abs(went.cents))
    codes = np.where(malformed, MALFORMED, np.where(nothing, MISSING, 0)).astype(np.int8)
    return ParsedCents(cents, codes)


def _description(
    sheet: Sheet, columns: dict[str, int], cells: pa.Table, description: pa.ChunkedArray
) -> pa.ChunkedArray:
    """The description, and where it is the last column, what runs over behind it: banks do not always quote it."""
    for at in range(_width(sheet), cells.num_columns) if _is_last(sheet, columns) else ():
        more = pc.utf8_trim_whitespace(cells.column(at))
        joined = pc.binary_join_element_wise(description, more, f"{sheet.separator} ")
        description = pc.if_else(pc.equal(more, ""), description, joined)
    return _bare(description)


def _is_last(sheet: Sheet, columns: dict[str, int]) -> bool:
    return columns.get("description") == _width(sheet) - 1


def _width(sheet: Sheet) -> int:
    """How many columns have headings, or stand among those that have."""
    return max(at for at, heading in enumerate(sheet.columns) if heading) + 1


def _runs_over(sheet: Sheet, columns: dict[str, int], cells: pa.Table) -> Flags:
    """Rows with more cells than there are headings, where nothing says which column they belong to."""
    over = np.zeros(cells.num_rows, dtype=np.bool_)
    for at in range(_width(sheet), cells.num_columns) if not _is_last(sheet, columns) else ():
        over |= pc.not_equal(pc.utf8_trim_whitespace(cells.column(at)), "").to_numpy()
    return over


def _bare(texts: pa.ChunkedArray) -> pa.Array:
    """Without the quotes that stay where a blank stands before them."""
    whole = texts.combine_chunks()
    if not pc.any(pc.starts_with(whole, '"')).as_py():
        return whole
    bare = pc.replace_substring_regex(whole, r'^"(.*)"$', r"\1")
    return pc.if_else(pc.equal(bare, whole), whole, pc.replace_substring(bare, '""', '"'))


def _narrative(description: pa.Array, reference: pa.Array) -> pa.Array:
    """Description and reference in one; parted so that their digits do not run together."""
    both = pc.binary_join_element_wise(description, reference, " | ")
    only_one = pc.or_(pc.equal(reference, ""), pc.equal(reference, description))
    narrative = pc.if_else(only_one, description, both)
    return pc.if_else(pc.equal(description, ""), reference, narrative)


def _wrong(
    rows: Rows, texts: pa.ChunkedArray | pa.Array, where: Flags, column: str, code: str
) -> list[tuple[int, str, str, str]]:
    """The first of the rows where something is wrong: row, column, value, code."""
    places: npt.NDArray[np.intp] = np.flatnonzero(where)[:MOST_PROBLEMS]
    return [(int(rows[place]), column, texts[int(place)].as_py(), code) for place in places]
