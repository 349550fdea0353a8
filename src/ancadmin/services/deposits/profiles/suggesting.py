"""How a statement's columns are recognised, written as the TOML of a profile for an officer to correct."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TypeGuard

import numpy as np
import pyarrow as pa

from ancadmin.errors import InputRefused, Place
from ancadmin.readers.cells import MISSING, OK, date_order, parse_dates
from ancadmin.readers.incoming import STATEMENTS, incoming
from ancadmin.readers.mappings import DATE_ORDERS
from ancadmin.readers.statements import csv_columns
from ancadmin.readers.statements.amounts import signed_cents
from ancadmin.readers.statements.by_profile import ByProfile
from ancadmin.readers.statements.headings import is_statement, statement_columns
from ancadmin.readers.statements.layouts import MONEY, ROLES, shipped_text
from ancadmin.readers.statements.sheets import Format, sheets_and_formats, table_formats
from ancadmin.readers.tables import Sheet, filled_width, first_row_of_words
from ancadmin.readers.text import Record

_INTRODUCTION = """\
# How {name} would be read. Correct it, then: ancadmin deposits profile check {name} --profile THIS_FILE.toml
# and to have all such files read by it: ancadmin deposits profile save NAME THIS_FILE.toml
# A column is the heading over it, or its number from 1: {roles}.
# Every key there is: docs/how-to/bank-statements.md
"""
_EARLIEST, _LATEST = date(1970, 1, 1), date(2999, 12, 31)


def suggest_statement_profile(path: Path) -> str:
    """The TOML of a profile with a layout for every sheet of a file. Raises InputRefused for what is no table,
    and for what this version reads by itself.
    """
    needs_one = False
    known_as = ""
    files, _ = incoming([path], STATEMENTS)
    lines = _INTRODUCTION.format(name=path.name, roles=", ".join(ROLES)).splitlines()
    for file in files:
        with file.opened() as opened:
            for sheet, known in sheets_and_formats(opened, table_formats(None)):
                lines += ["", *_part(sheet, known)]
                if _is_built_in(known):
                    known_as = known_as or known.NAME
                else:
                    needs_one = True
    if known_as and not needs_one:
        # No profile says what such a format is, so one that is written would read nothing.
        remedy = f"ancadmin deposits import {path.name}"
        raise InputRefused(f"recognised as {known_as}: import it without --profile", remedy, place=Place(str(path)))
    return "\n".join(lines) + "\n"


def _is_built_in(known: Format | None) -> TypeGuard[Format]:
    """Is it a format that no profile describes?"""
    return known is not None and known is not csv_columns and not isinstance(known, ByProfile)


def _part(sheet: Sheet, known: Format | None) -> Iterator[str]:
    """What is said of a sheet: the shipped profile that recognises it, or a layout by its columns."""
    if isinstance(known, ByProfile):
        yield f"# It is recognised as {known.NAME} and needs no profile; this is the one it is read by:"
        yield shipped_text(known.NAME)
    elif _is_built_in(known):
        yield f"# It is recognised as {known.NAME} and needs no profile."
    else:
        yield from _layout(sheet)


def _layout(sheet: Sheet) -> Iterator[str]:
    yield "[[layout]]"
    headings, rows = sheet.columns, _usual(sheet.below)
    index = None if sheet.header_row else first_row_of_words(sheet.below)
    if index is not None and "date" in _guessed(_usual(sheet.below[index + 1 :])):
        headings, rows = sheet.below[index][1], _usual(sheet.below[index + 1 :])
    known = statement_columns(headings)
    columns = known if is_statement(known) else {**_guessed(rows), **known}
    if any(headings):
        yield f"headings = [{', '.join(_quoted(heading) for heading in headings if heading)}]"
    order = _order(rows, columns["date"]) if "date" in columns else ""
    words = next(iter(DATE_ORDERS))
    yield f'date_order = "{order}"' if order else f'# date_order = "{words}"  # where day and month could be confused'
    yield '# account_label = "Account Number"  # where it stands over the lines'
    yield '# sign = "unmarked-is-debit"  # where only money in is marked, with Cr; "reversed": debits above zero'
    yield '# without_amount = "skip"  # where rows without an amount only inform'
    yield from ("", "[layout.columns]")
    for role in ROLES:
        if role in columns:
            yield f"{role} = {_column(headings, columns[role])}"
    if "date" not in columns:
        yield '# date = "?"  # no column of days was recognised: name it'
    if columns.keys().isdisjoint(MONEY):
        yield '# amount = "?"  # no column of amounts was recognised: name it, or debit and credit'
    if columns.keys().isdisjoint({"description", "reference"}):
        yield '# description = "?"  # what says what a line is for'


def _order(rows: Sequence[Sequence[str]], at: int) -> str:
    """The order of day and month, where the days settle it."""
    order = date_order([pa.array([row[at] for row in rows if at < len(row)], pa.string())])
    if not order.decided:
        return ""
    return "month-day-year" if order.reads_month_first else "day-month-year"


def _usual(records: Sequence[Record]) -> list[list[str]]:
    """The rows as wide as most are: not the few over the lines and under them."""
    widths = Counter(filled_width(cells) for _, cells in records)
    usual = max(widths, key=lambda width: widths[width] * width, default=0)
    return [cells for _, cells in records if filled_width(cells) == usual]


def _guessed(rows: Sequence[Sequence[str]]) -> dict[str, int]:
    """Which column is which by what stands in it: days, an amount, a balance behind it, the longest texts."""
    columns: dict[str, int] = {}
    texts: dict[int, int] = {}
    for at in range(max(map(len, rows), default=0)):
        cells = [row[at].strip() if at < len(row) else "" for row in rows]
        filled = pa.array([cell for cell in cells if cell], pa.string())
        if len(filled) * 2 < len(rows) and "date" not in columns:
            continue
        days = parse_dates(filled, _EARLIEST, _LATEST).days
        amounts = signed_cents(pa.chunked_array([filled])).codes
        # Thirteen digits are an ID number, not an amount.
        long = sum(1 for cell in cells if re.fullmatch(r"\d{9,}", cell))
        if "date" not in columns and np.count_nonzero(~np.isnat(days)) * 10 >= len(filled) * 8 > 0:
            columns["date"] = at
        elif np.isin(amounts, (OK, MISSING)).sum() * 10 >= len(filled) * 9 > 0 and not long:
            columns.setdefault("amount" if "amount" not in columns else "balance", at)
        else:
            texts[at] = sum(map(len, cells))
    if texts:
        columns["description"] = max(texts, key=lambda at: texts[at])
    return columns


def _column(headings: Sequence[str], at: int) -> str:
    heading = headings[at] if at < len(headings) else ""
    return _quoted(heading) if heading and list(headings).index(heading) == at else str(at + 1)


def _quoted(text: str) -> str:
    """A text as TOML has it: as JSON, which leaves one character as it is that TOML does not."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
