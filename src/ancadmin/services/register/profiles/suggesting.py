"""A mapping of columns as it is recognised, written as TOML for an officer to correct and save as a profile."""

import json
from collections.abc import Iterator
from pathlib import Path

from ancadmin.readers.cells import DateOrder
from ancadmin.readers.headings import FIELDS, Recognised, recognise
from ancadmin.readers.incoming import incoming
from ancadmin.readers.mappings import DATE_ORDERS, Profiles
from ancadmin.readers.registers import RegisterSheet
from ancadmin.readers.tables import Sheet, read_sheets

_INTRODUCTION = """\
# How {name} would be read: a field = the heading over it, or the column's number from 1 where it has none.
# Correct it, then: ancadmin register profile save NAME FILE
# A field is one of: {fields}
"""


def suggest_profile(path: Path) -> str:
    """The TOML of a mapping for every sheet of a file, with how sure each field is as a comment.

    Raises InputRefused for a file that is no table or has no row of headings.
    """
    files, _ = incoming([path])
    lines = _INTRODUCTION.format(name=path.name, fields=", ".join(FIELDS)).splitlines()
    for file in files:
        with file.opened() as opened:
            for sheet in read_sheets(opened, Profiles().find_headings, without_headings=True):
                lines += ["", *_entry(sheet, recognise(sheet.columns, sheet.below))]
    return "\n".join(lines) + "\n"


def _entry(sheet: Sheet, found: Recognised) -> Iterator[str]:
    if not sheet.header_row:
        yield f"# The sheet {_quoted(sheet.sheet)} has no row of headings and would be set aside."
        return
    read = RegisterSheet(sheet, found.fields, found.confidence)
    yield "[[sheet]]"
    yield f"name = {_quoted(sheet.sheet)}  # headings in row {sheet.header_row}, sure {read.header_confidence:.2f}"
    yield f"headings = [{', '.join(_quoted(heading) for heading in sheet.columns if heading)}]"
    yield from ("", "[sheet.fields]")
    if "id_number" not in found.fields:
        yield '# id_number = "?"  # no column of ID numbers was recognised: name it'
    for name in sorted(found.fields, key=FIELDS.index):
        yield f"{name} = {_column(sheet.columns, found.fields[name])}  # sure {found.confidence[name]:.2f}"
    others = [index for index, heading in enumerate(sheet.columns) if heading and index not in found.fields.values()]
    if others:
        yield f"# not taken: {', '.join(_quoted(sheet.columns[index]) for index in others)}"
    orders = read.date_orders()
    if orders:
        yield from ("", "[sheet.date_orders]", *(_order(name, order) for name, order in orders.items()))


def _order(name: str, order: DateOrder) -> str:
    if order.year_first > 0:
        return f'{name} = "year-month-day"  # {order.year_first} dates show it'
    first, last = order.day_first, order.month_first
    if order.decided:
        words, shown = ("month-day-year", last) if order.reads_month_first else ("day-month-year", first)
        return f'{name} = "{words}"  # {shown} dates show it'
    said = (
        f"{first} dates have the day first, {last} the month" if first or last else "no date shows day or month first"
    )
    return f'# {name} = "{next(iter(DATE_ORDERS))}"  # {said}; doubtful ones would be noted'


def _column(columns: list[str], index: int) -> str:
    """A column by its heading, or by its number where the heading is not its own."""
    heading = columns[index]
    return _quoted(heading) if heading and columns.index(heading) == index else str(index + 1)


def _quoted(text: str) -> str:
    """A text as TOML has it: as JSON, which leaves one character as it is that TOML does not."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
