"""The list of vague texts as a sheet of a workbook, and the formulas that look a text up in it."""

from openpyxl.worksheet.worksheet import Worksheet

from ancadmin.domain.vague import VAGUE, folded
from ancadmin.writers.xlsx.base import Column, put, put_headings, put_row

SHEET = "Vague texts"
_COLUMNS = (Column("Text that says nothing", 34), Column("Compared as", 34, "code"))
_HEADING_ROW = 4
# What lies between letters and digits, as far as people type it; a spreadsheet has no function for the rest.
_SIGNS = " -–—_.,:;!?/\\'’‘“”()[]&*~#+=…•"
_RANGE = f"'{SHEET}'!$B${_HEADING_ROW + 1}:$B${_HEADING_ROW + len(VAGUE)}"


def folded_formula(cell: str) -> str:
    """What `cell` is compared by: small letters and digits only. Put it in a cell of its own."""
    formula = f"LOWER({cell})"
    for sign in _SIGNS:
        formula = f'SUBSTITUTE({formula},"{sign}","")'
    return f'=SUBSTITUTE({formula},CHAR(34),"")'


def folded_text(text: str) -> str:
    """What `folded_formula` comes to."""
    return "".join(sign for sign in text.lower() if sign not in _SIGNS and sign != '"')


_FOLDED = frozenset(folded(text) for text in VAGUE)


def found_vague(text: str) -> bool:
    """What `is_vague_formula` comes to."""
    return folded_text(text) in _FOLDED


def is_vague_formula(folded_cell: str) -> str:
    """Whether a folded text is on the list; a part of a formula."""
    return f"ISNUMBER(MATCH({folded_cell},{_RANGE},0))"


def write_sheet(sheet: Worksheet) -> None:
    """The list, for whoever wants to know why a text was not taken; hidden, so that it is not printed with the rest."""
    sheet.sheet_state = "hidden"
    put(sheet, 1, 1, "Texts that say nothing", "title")
    put(sheet, 2, 1, "A field is vague when the whole of it is on this list, whatever its case and spaces.", "note")
    sheet.merge_cells("A2:B2")
    sheet.row_dimensions[2].height = 26
    put_headings(sheet, _HEADING_ROW, _COLUMNS)
    for row, text in enumerate(VAGUE, _HEADING_ROW + 1):
        put_row(sheet, row, _COLUMNS, (text, folded(text)))
