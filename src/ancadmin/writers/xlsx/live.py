"""Formulas written together with the values they have, so that a preview, a telephone or a program shows them too.

A spreadsheet works every formula out again when it opens the file.
"""

import io
import re
from collections.abc import Iterator
from html import escape
from zipfile import ZipFile

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ancadmin.writers.xlsx.base import put_formula

Value = str | int | float | bool

# A cell with a formula as openpyxl writes it: no value, no type.
_CELL = re.compile(r'<c r="([A-Z]+[0-9]+)"((?: s="\d+")?)><f>([^<]*)</f><v ?/?>(?:</v>)?</c>')


class Formulas:
    """The formulas of one workbook and their values, by sheet and cell."""

    def __init__(self) -> None:
        self._values: dict[str, dict[str, Value]] = {}

    def put(self, sheet: Worksheet, row: int, column: int, formula: str, value: Value, style: str = "money") -> None:
        """Writes a formula (the program's own text, never a person's) that comes to `value`."""
        put_formula(sheet, row, column, formula, style)
        self._values.setdefault(sheet.title, {})[f"{get_column_letter(column)}{row}"] = value

    def items(self) -> Iterator[tuple[str, str, Value]]:
        """Sheet, cell and value of every formula."""
        for sheet, cells in self._values.items():
            for cell, value in cells.items():
                yield sheet, cell, value

    def filled_in(self, content: bytes, sheets: list[str]) -> bytes:
        """The workbook's file with the values in it; `sheets` are its sheets in order. Raises KeyError when a formula
        was written some other way.
        """
        whole = io.BytesIO()
        parts = {f"xl/worksheets/sheet{number}.xml": title for number, title in enumerate(sheets, 1)}
        with ZipFile(io.BytesIO(content)) as source, ZipFile(whole, "w") as to:
            for entry in source.infolist():
                data = source.read(entry)
                if entry.filename in parts:
                    values = self._values.get(parts[entry.filename], {})
                    data = _CELL.sub(lambda found, known=values: _cell(found, known), data.decode()).encode()  # type: ignore[misc]
                to.writestr(entry, data)
        return whole.getvalue()


def _cell(found: re.Match[str], values: dict[str, Value]) -> str:
    where, style, formula = found.groups()
    value = values[where]
    kind, text = "", repr(value)
    if isinstance(value, str):
        kind, text = ' t="str"', escape(value, quote=False)
    return f'<c r="{where}"{style}{kind}><f>{formula}</f><v>{text}</v></c>'
