"""The schedule of a bulk deposit: ID numbers and amounts, with surnames where the payer gives them, in any table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ancadmin.readers.cells import OK, parse_cents
from ancadmin.readers.headings import plain_words, wordings_of
from ancadmin.readers.refusals import refused
from ancadmin.readers.tables import ROWS_LOOKED_AT, Headings, Sheet, read_sheets
from ancadmin.readers.text import Record

_SURE = 0.5
_TOTAL = re.compile(r"\W*(?:(?:sub|grand|groot)[ -]?)?tota", re.IGNORECASE)
_AMOUNTS = {"share", "aandeel", "contribution", "bydrae", "deposit", "deposito", "value", "waarde"}
_CENTS = {"cents", "amountcents", "amountincents", "sent", "bedragsent"}


@dataclass(frozen=True)
class ScheduleLine:
    """A line as it is written, with the sheet's own row number. `cents` is None where the amount cannot be read;
    `surname` and `full_name` are "" where the file has none.
    """

    sheet: str
    row: int
    id_number: str
    amount: str
    cents: int | None
    surname: str
    full_name: str
    id_column: str
    amount_column: str
    name_column: str


@dataclass(frozen=True)
class _Columns:
    id_number: int
    amount: int
    in_cents: bool
    surname: int | None
    full_name: int | None


def read_schedule(path: Path) -> list[ScheduleLine]:
    """The lines of every sheet that has both columns; blank rows, titles and totals are left out.

    Raises InputRefused for a file that is no table or has no such sheet.
    """
    lines: list[ScheduleLine] = []
    for sheet in read_sheets(path, _find_headings):
        columns = _columns(sheet.columns)
        if columns is None:
            raise refused(
                path,
                "no column of ID numbers and amounts",
                "Name them in the first row: ID number, Amount.",
                row=sheet.header_row or None,
                sheet=sheet.sheet,
            )
        lines += _lines(sheet, columns)
    return lines


def _find_headings(top: Sequence[Record]) -> Headings | None:
    rows = [(at, cells) for at, (_, cells) in enumerate(top[:ROWS_LOOKED_AT])]
    # Without both columns the file is refused, and the first row that is not blank is what is shown.
    filled = [(at, cells) for at, cells in rows if any(cell.strip() for cell in cells)]
    return next((one for one in rows if _columns(one[1])), filled[0] if filled else None)


def _columns(headings: Sequence[str]) -> _Columns | None:
    """Where what stands; None unless ID numbers and amounts are there."""
    worded = [wordings_of(heading) for heading in headings]
    keys = ["".join(plain_words(heading)) for heading in headings]
    id_number = _surest(worded, "id_number")
    in_cents = next((at for at, key in enumerate(keys) if key in _CENTS), None)
    amount = in_cents
    if amount is None:
        amount = _surest(worded, "last_payment_cents")
    if amount is None:
        amount = next((at for at, heading in enumerate(headings) if _AMOUNTS & set(plain_words(heading))), None)
    if id_number is None or amount is None or id_number == amount:
        return None
    surname = _surest(worded, "surname")
    full_name = None if surname is not None else _surest(worded, "full_name")
    return _Columns(id_number, amount, in_cents is not None, surname, full_name)


def _surest(worded: Sequence[dict[str, float]], name: str) -> int | None:
    """The first of the columns that most surely are of a field; None where none is."""
    sure, minus_at = max(((words.get(name, 0.0), -at) for at, words in enumerate(worded)), default=(0.0, 0))
    return -minus_at if sure >= _SURE else None


def _lines(sheet: Sheet, columns: _Columns) -> list[ScheduleLine]:
    name_at = columns.surname if columns.surname is not None else columns.full_name
    found: list[ScheduleLine] = []
    for chunk in sheet.chunks():
        # As whole cents an amount has no part: those written `1 234` or `1,234` read the same.
        cents = parse_cents(chunk.cells.column(columns.amount), signed=True)
        read = [int(one) if code == OK else None for one, code in zip(cents.cents, cents.codes, strict=True)]
        cells = [column.to_pylist() for column in chunk.cells.columns]
        for at, row in enumerate(chunk.rows.tolist()):
            texts = [" ".join(column[at].split()) for column in cells]
            if _is_nobodys(texts, columns):
                continue
            found.append(
                ScheduleLine(
                    sheet=sheet.sheet,
                    row=row,
                    id_number=texts[columns.id_number],
                    amount=texts[columns.amount],
                    cents=_whole(read[at]) if columns.in_cents else read[at],
                    surname=texts[columns.surname] if columns.surname is not None else "",
                    full_name=texts[columns.full_name] if columns.full_name is not None else "",
                    id_column=sheet.columns[columns.id_number],
                    amount_column=sheet.columns[columns.amount],
                    name_column="" if name_at is None else sheet.columns[name_at],
                )
            )
    return found


def _is_nobodys(texts: list[str], columns: _Columns) -> bool:
    """Blank, a title, or a total: no digit where the ID number belongs, and no amount but that of a total."""
    if any(char.isdigit() for char in texts[columns.id_number]):
        return False
    return not any(char.isdigit() for char in texts[columns.amount]) or any(_TOTAL.match(text) for text in texts)


def _whole(cents: int | None) -> int | None:
    """An amount in a column of cents, which was read as if it were rands."""
    return None if cents is None or cents % 100 else cents // 100
