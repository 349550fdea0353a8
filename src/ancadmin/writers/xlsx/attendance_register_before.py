"""The sheet of an attendance register that says who differs from the register it supersedes."""

from dataclasses import replace

from openpyxl.worksheet.worksheet import Worksheet

from ancadmin.domain.attendance import Difference, Style, Superseded
from ancadmin.domain.attendance_room import said_of
from ancadmin.domain.papers import cell_words, masked
from ancadmin.writers.xlsx.attendance_register_rows import print_of, put_titles
from ancadmin.writers.xlsx.base import Column, fit_row, merge, put, put_row, set_up_page

SHEET = "What differs"
# Worded so that nobody who reads the workbook back takes these people for those who were there.
_COLUMNS = (
    Column("Change", 17, "register_text"),
    Column("Who", 37, "register_text"),
    Column("Identified by", 16, "register_code"),
    Column("Voting district", 12, "register_code"),
    Column("Cell", 15, "register_code"),
)
_HEADING_ROW = 4


def write_who_differs(
    sheet: Worksheet, before: Superseded, differs: Difference, style: Style, head: str, foot: str
) -> None:
    """The people added, removed and changed, by name and ID number."""
    sizes = print_of(style)
    size = sizes.name / 10
    put(sheet, 1, 1, f"What differs from {before.serial}", "register_title")
    put(sheet, 2, 1, before.words, "register_note")
    for row in (1, 2):
        merge(sheet, row, 1, len(_COLUMNS))
    sheet.row_dimensions[1].height, sheet.row_dimensions[2].height = 24 * size, 30 * size
    columns = [replace(column, width=column.width * size) for column in _COLUMNS]
    put_titles(sheet, _HEADING_ROW, columns, sizes)
    row = _HEADING_ROW
    for name, people in said_of(differs):
        for one in people:
            row += 1
            who = ", ".join(filter(None, (one.surname, one.first_names)))
            id_number = masked(one.id_number) if style.mask_ids else one.id_number
            put_row(sheet, row, _COLUMNS, (name, who, id_number, one.voting_district, cell_words(one.cell)))
            fit_row(sheet, row, (name, _COLUMNS[0].width), (who, _COLUMNS[1].width), least=20)
            sheet.row_dimensions[row].height *= size
    set_up_page(sheet, heading_row=_HEADING_ROW, last_row=row, columns=len(_COLUMNS), head=head, foot=foot)
