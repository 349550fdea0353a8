"""FNB's CSV of record types, as it comes by e-mail: the first field says what a row is.

2 the account, 3 a statement's number, period and balances, 4 and 6 totals, 5 the lines; of 2, 3 and 5 there is a row of
headings too. Texts stand in quotes of either kind. Dates have no year (`'13 Aug'`): it is the one that brings them into
the period of record 3. Charges accrued for a line are not taken off there, but later in a line of their own.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ancadmin.domain.dates import Days
from ancadmin.errors import InputRefused, Place
from ancadmin.readers.cells import OK, parse_dates
from ancadmin.readers.headings import plain_words
from ancadmin.readers.statements.amounts import signed_cents
from ancadmin.readers.statements.balances import Stated, with_stated
from ancadmin.readers.statements.rows import read_table
from ancadmin.readers.statements.shaping import joined_texts, with_debits_marked
from ancadmin.readers.statements.statement import Flags, Rows, Statement
from ancadmin.readers.statements.table import statement_of
from ancadmin.readers.tables import Chunk, Sheet
from ancadmin.readers.text import Record

NAME = "fnb-records"
WANTS = "rows whose first field is 2 for the account, 3 for the period and 5 for a line"
_ACCOUNT, _STATEMENT, _LINE = "2", "3", "5"
_WHOLE = 1 << 40
_EARLIEST, _LATEST = date(1970, 1, 1), date(2999, 12, 31)
# A line may be dated a few days beside its statement's period; further off it belongs to another, or was changed.
_BESIDE = np.timedelta64(7, "D")
_COLUMNS = {"description": 0, "date": 1, "amount": 2, "balance": 3, "reference": 4}
# Where the row of headings is missing: number, date, three descriptions, amount, balance, accrued charges.
_DATE, _AMOUNT, _BALANCE = 2, 6, 7
_DESCRIPTIONS = [3, 4, 5]
_WORDS = {
    "date": ("date", "datum"),
    "amount": ("amount", "bedrag"),
    "balance": ("balance", "saldo", "balans"),
    "description": ("description", "beskrywing", "omskrywing", "reference", "verwysing"),
}
_DATED = re.compile(r"\d{1,2}\W?[A-Za-z]{3}")


@dataclass(frozen=True)
class _Period:
    """What record 3 says: the statement's number, its days and the balances before and after."""

    row: int
    sequence: str
    first: date
    last: date
    opening: Stated | None
    closing: Stated | None


@dataclass(frozen=True)
class _Columns:
    """Where the fields of record 5 stand."""

    date: int = _DATE
    amount: int = _AMOUNT
    balance: int = _BALANCE
    descriptions: tuple[int, ...] = tuple(_DESCRIPTIONS)


@dataclass
class _Section:
    """A statement: its lines are those of record 5 from row index `start` up to `stop`."""

    account: str | None
    period: _Period | None
    columns: _Columns | None
    start: int
    stop: int = 0


def holds_records(top: Sequence[Record]) -> bool:
    """Is the first field of the first rows a digit, with a 3 and a 2 or 5 among them?"""
    kinds = [_bare(cells[0]) for _, cells in top if cells and any(cell.strip() for cell in cells)]
    return (
        len(kinds) > 1 and all(re.fullmatch("[1-9]", kind) for kind in kinds) and {"3"} < set(kinds) & {"2", "3", "5"}
    )


def recognises(sheet: Sheet, columns: dict[str, int]) -> bool:
    """Records and no headings."""
    del columns
    return not sheet.header_row and holds_records(sheet.below)


def read(sheet: Sheet, columns: dict[str, int], today: date) -> list[Statement]:
    """The statements of the file. Raises InputRefused for a line before any record 3 that says a period."""
    del columns
    whole = next(iter(sheet.chunks(_WHOLE)), None)
    if whole is None:
        return []
    cells = [_unquoted(column) for column in whole.cells.columns]
    lines = np.flatnonzero(pc.equal(cells[0], _LINE).to_numpy(zero_copy_only=False) & ~_is_heading(cells))
    found = []
    for section in _sections(whole.rows, cells, lines):
        own = lines[(lines >= section.start) & (lines < section.stop)]
        if section.period is not None:
            found.append(_statement(sheet, section, section.period, whole.rows[own], _taken(cells, own), today))
        elif len(own):
            raise InputRefused(
                "no record 3 says the period of this line, so its year is not known",
                "Ask for the statement again, whole; or write the dates with their year, as a table with headings.",
                place=Place(sheet.file, sheet.sheet, int(whole.rows[own[0]])),
            )
    return found


def _statement(
    sheet: Sheet, section: _Section, period: _Period, rows: Rows, cells: list[pa.Array], today: date
) -> Statement:
    where = section.columns or _usual(cells)
    descriptions = [_cells(cells, at, len(rows)) for at in where.descriptions]
    references = descriptions[1:] or [_blank(len(rows))]
    reference = references[0]
    for more in references[1:]:
        reference = joined_texts(reference, more)
    columns = {
        "description": descriptions[0],
        "date": _with_years(_cells(cells, where.date, len(rows)), period),
        "amount": _signed(_cells(cells, where.amount, len(rows))),
        "balance": _cells(cells, where.balance, len(rows)),
        "reference": reference,
    }

    def source(size: int) -> Iterator[Chunk]:
        table = pa.table([columns[role] for role in _COLUMNS], names=[str(number) for number in range(len(_COLUMNS))])
        for start in range(0, len(rows), size):
            yield Chunk(rows[start : start + size], table.slice(start, size))

    shaped = replace(sheet, columns=list(_COLUMNS), source=source)
    table = read_table(shaped, _COLUMNS, today)
    chain = table.chain()
    lines = table.lines(chain.newest_first)
    chain = with_stated(chain, lines.cents, period.opening, period.closing)
    made = statement_of(sheet, table, NAME, section.account, chain, lines)
    return replace(made, period_from=period.first, period_to=period.last, sequence=period.sequence or None)


def _sections(rows: Rows, cells: list[pa.Array], lines: Rows) -> list[_Section]:
    """The parts of the file: a record 2 or 3 with its data begins one."""
    section = _Section(None, None, None, 0)
    sections = [section]
    others = np.setdiff1d(np.arange(len(rows)), lines, assume_unique=True)
    for at in others.tolist():
        texts = [column[at].as_py() for column in cells]
        if texts[0] == _LINE:
            section.columns = _named(texts)
        elif texts[0] == _ACCOUNT and (number := next(filter(_is_account, texts[1:]), None)):
            section.stop = at
            section = _Section(re.sub(r"\D", "", number), None, section.columns, at)
            sections.append(section)
        elif texts[0] == _STATEMENT and (period := _period(int(rows[at]), texts)):
            if section.period is not None:
                section.stop = at
                section = _Section(section.account, None, section.columns, at)
                sections.append(section)
            section.period = period
    section.stop = len(rows)
    return sections


def _is_account(text: str) -> bool:
    return re.fullmatch(r"\d(?:[ -]?\d){4,}", text) is not None


def _period(row: int, texts: list[str]) -> _Period | None:
    """What a record 3 says; None for its row of headings."""
    days = parse_dates(pa.array(texts, pa.string()), _EARLIEST, _LATEST)
    dated = [
        at
        for at in np.flatnonzero(~np.isnat(days.days)).tolist()
        if re.search(r"\d\W*[A-Za-z]|[-/]|^\d{8}$", texts[at])
    ]
    if len(dated) < 2:
        return None
    first, last = dated[:2]
    amounts = signed_cents(pa.chunked_array([texts[last + 1 : last + 3]], pa.string()))
    known = [
        Stated(row, int(cents)) if code == OK else None
        for cents, code in zip(amounts.cents, amounts.codes, strict=True)
    ]
    opening, closing = [*known, None, None][:2]
    sequence = texts[first - 1] if first > 1 else ""
    begins, ends = sorted((days.days[first].item(), days.days[last].item()))
    return _Period(row, sequence, begins, ends, opening, closing)


def _named(texts: list[str]) -> _Columns | None:
    """Where the fields stand by the headings of record 5; None where they do not say it."""
    found: dict[str, list[int]] = {role: [] for role in _WORDS}
    for at, text in enumerate(texts):
        word = re.sub(r"\d+$", "", next(iter(plain_words(text)), ""))
        for role, words in _WORDS.items():
            if word in words:
                found[role].append(at)
    if not (found["date"] and found["amount"] and found["description"]):
        return None
    balance = found["balance"] or [len(texts)]
    return _Columns(found["date"][0], found["amount"][0], balance[0], tuple(found["description"]))


def _usual(cells: list[pa.Array]) -> _Columns:
    """Where they usually stand; a field less where the lines are not numbered."""
    numbered = len(cells[0]) == 0 or not _DATED.match(_cells(cells, 1, 1)[0].as_py())
    by = 0 if numbered else 1
    return _Columns(_DATE - by, _AMOUNT - by, _BALANCE - by, tuple(at - by for at in _DESCRIPTIONS))


def _with_years(texts: pa.Array, period: _Period) -> pa.Array:
    """Days as ISO text, each in the year that brings it closest to the period; what is no day, or far beside it, as it
    stands, with the period.
    """
    different = pc.unique(texts)
    dated = pc.match_substring_regex(different, r"\d{4}|\d\W+\d").to_numpy(zero_copy_only=False)
    first, last = np.datetime64(period.first, "D"), np.datetime64(period.last, "D")
    best: Days = np.full(len(different), np.datetime64("NaT", "D"))
    distance = np.full(len(different), np.timedelta64(_LATEST.year * 366, "D"))
    for year in range(period.first.year - 1, period.last.year + 2):
        whole = pc.if_else(pa.array(dated), different, pc.binary_join_element_wise(different, str(year), " "))
        days = parse_dates(whole, _EARLIEST, _LATEST).days
        beside = np.maximum(np.maximum(first - days, days - last), np.timedelta64(0, "D"))
        closer = ~np.isnat(days) & (np.where(np.isnat(days), distance, beside) < distance)
        best[closer], distance[closer] = days[closer], beside[closer]
    says = f"the period is {period.first} to {period.last}"
    blank = pc.equal(different, "")
    as_it_stands = pc.if_else(blank, "", pc.binary_join_element_wise(different, says, "; "))
    taken = pa.array(distance <= _BESIDE)
    read = pc.if_else(taken, pa.array(np.datetime_as_string(best), pa.string()), as_it_stands)
    return read.take(pc.index_in(texts, different))


def _signed(amounts: pa.Array) -> pa.Array:
    """As written; but where credits are marked Cr and nothing else has a mark, what has none is money out."""
    came = pc.any(pc.match_substring_regex(amounts, r"(?i)(?:cr|kt)\.?$")).as_py()
    others = pc.any(pc.match_substring_regex(amounts, r"(?i)(?:dr|dt)\.?$|^[-+(]|[-+)]$")).as_py()
    return with_debits_marked(amounts) if came and not others else amounts


def _is_heading(cells: list[pa.Array]) -> Flags:
    """Rows in which a field is the word for a date."""
    found = np.zeros(len(cells[0]), dtype=np.bool_)
    for column in cells[1:4]:
        words = pc.is_in(pc.utf8_lower(column), value_set=pa.array(_WORDS["date"]))
        found |= words.to_numpy(zero_copy_only=False)
    return found


def _cells(cells: list[pa.Array], at: int, rows: int) -> pa.Array:
    return cells[at] if 0 <= at < len(cells) else _blank(rows)


def _blank(rows: int) -> pa.Array:
    return pa.repeat(pa.scalar("", pa.string()), rows)


def _taken(cells: list[pa.Array], which: Rows) -> list[pa.Array]:
    return [column.take(pa.array(which)) for column in cells]


def _unquoted(column: pa.ChunkedArray) -> pa.Array:
    whole = pc.utf8_trim_whitespace(column.combine_chunks())
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(whole, r"""^(['"])(.*)['"]$""", r"\2"))


def _bare(cell: str) -> str:
    return cell.strip().strip("'\"").strip()
