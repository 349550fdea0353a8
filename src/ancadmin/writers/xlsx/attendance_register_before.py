"""The sheet of an attendance register that says who differs from the register it supersedes."""

from openpyxl.worksheet.worksheet import Worksheet

from ancadmin.domain.attendance import Difference, Style, Superseded
from ancadmin.domain.attendance_room import said_of
from ancadmin.domain.papers import cell_words, masked
from ancadmin.writers.xlsx.base import Column, fit_row, put, put_headings, put_row, set_up_page

SHEET = "What differs"
# Worded so that nobody who reads the workbook back takes these people for those who were there.
_COLUMNS = (
    Column("Change", 17),
    Column("Who", 37),
    Column("Identified by", 16, "code"),
    Column("Voting district", 12, "code"),
    Column("Cell", 15, "code"),
)
_HEADING_ROW = 4


def write_who_differs(
    sheet: Worksheet, before: Superseded, differs: Difference, style: Style, head: str, foot: str
) -> None:
    """The people added, removed and changed, by name and ID number."""
    put(sheet, 1, 1, f"What differs from {before.serial}", "title")
    put(sheet, 2, 1, before.words, "note")
    for row in (1, 2):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(_COLUMNS))
    sheet.row_dimensions[1].height, sheet.row_dimensions[2].height = 24, 30
    put_headings(sheet, _HEADING_ROW, _COLUMNS)
    row = _HEADING_ROW
    for name, people in said_of(differs):
        for one in people:
            row += 1
            who = ", ".join(filter(None, (one.surname, one.first_names)))
            id_number = masked(one.id_number) if style.mask_ids else one.id_number
            put_row(sheet, row, _COLUMNS, (name, who, id_number, one.voting_district, cell_words(one.cell)))
            fit_row(sheet, row, (name, _COLUMNS[0].width), (who, _COLUMNS[1].width), least=20)
    set_up_page(sheet, heading_row=_HEADING_ROW, last_row=row, columns=len(_COLUMNS), head=head, foot=foot)
