"""The rows of a long table as text that is put into the finished file: cell by cell takes openpyxl ten times as long.

Everything else about the sheet (widths, merged cells, filters, what is printed) is openpyxl's, as always.
"""

import re
from collections.abc import Sequence
from functools import cache
from xml.sax.saxutils import escape

from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ancadmin.writers.xlsx.base import as_text, is_like_formula

_ROW = re.compile(r'<row r="(\d+)"')


class LongTable:
    """Rows under the last of `row`. Styles are named ones of the workbook; text never becomes a formula."""

    def __init__(self, sheet: Worksheet, row: int) -> None:
        self._sheet = sheet
        self._first = row + 1
        self._rows: list[str] = []
        self._style_ids = cache(self._style_id)

    @property
    def row(self) -> int:
        """The last row there is."""
        return self._first + len(self._rows) - 1

    def add(self, values: Sequence[str | int | None], styles: Sequence[str], height: float) -> None:
        """Writes the next row, `height` points high."""
        row = self.row + 1
        cells = []
        for number, (value, style) in enumerate(zip(values, styles, strict=True), 1):
            at = f'<c r="{get_column_letter(number)}{row}" s="'
            if isinstance(value, str) and value:
                space = "" if value == value.strip() else ' xml:space="preserve"'
                style_id = self._style_ids(style, is_like_formula(value))
                text = escape(as_text(value))
                cells.append(f'{at}{style_id}" t="inlineStr"><is><t{space}>{text}</t></is></c>')
            elif isinstance(value, int):
                cells.append(f'{at}{self._style_ids(style, False)}"><v>{value}</v></c>')
            else:
                cells.append(f'{at}{self._style_ids(style, False)}"/>')
        self._rows.append(f'<row r="{row}" ht="{height:g}" customHeight="1">{"".join(cells)}</row>')

    def put_into(self, members: dict[str, bytes]) -> None:
        """Puts the rows into the file's sheet, before those that come after them."""
        number = self._sheet.parent.worksheets.index(self._sheet) + 1
        name = f"xl/worksheets/sheet{number}.xml"
        text = members[name].decode()
        after = (found.start() for found in _ROW.finditer(text) if int(found[1]) > self.row)
        at = next(after, text.find("</sheetData>"))
        members[name] = "".join([text[:at], *self._rows, text[at:]]).encode()

    def _style_id(self, style: str, quoted: bool) -> int:
        cell = WriteOnlyCell(self._sheet)
        cell.style = style
        if quoted:
            cell.quotePrefix = True
        found: int = cell.style_id
        return found
