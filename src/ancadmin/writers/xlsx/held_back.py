"""Rows held back as a workbook an officer mends: what is wrong beside each cell, and only what may change unlocked.

Each row carries its key, what is proposed for it, and a seal over all that is locked, in hidden columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ancadmin.writers.xlsx.base import fit_row, new_workbook, put, set_up_page, written

SHEET = "Held back"
KEY, SEAL, OFFER = "row key", "seal", "offer"
FILE, PLACE, ROW, WRONG, PROPOSED, ELSE = "File", "Sheet", "Row", "What is wrong", "Proposed", "Also written"
DECISION, WHY = "Decision", "Why"
LOCKED = (KEY, SEAL, OFFER, FILE, PLACE, ROW, WRONG, PROPOSED, ELSE)
ACCEPT, THEIRS, DISMISS = "accept the proposal", "the number is theirs", "dismiss"
DECISIONS = (ACCEPT, THEIRS, DISMISS)
HEADING_ROW = 2
_HOW = (
    "Mend the white cells, or choose a decision; leave a row alone to leave it waiting. "
    "Then: ancadmin register quarantine apply FILE"
)
_WIDTHS = {FILE: 20, PLACE: 10, ROW: 6, WRONG: 40, PROPOSED: 48, ELSE: 24, DECISION: 20, WHY: 20}
_FIELD_WIDTH = 16.0
# A note a cell is a drawing of its own: beyond so many rows the column that says what is wrong has to do.
_MOST_NOTES = 2_000
_LAST_ROW = 1_048_576


@dataclass(frozen=True)
class HeldLine:
    """One row. `cells`: what is written, by field; `wrong`: why a field's cell keeps the row out."""

    key: int
    seal: str
    offer: str
    file: str
    sheet: str
    row: int
    problems: str
    proposed: str
    also: str
    cells: dict[str, str]
    wrong: dict[str, str]


def rendered(lines: Sequence[HeldLine], fields: Sequence[tuple[str, str]], branches: Sequence[str], day: date) -> bytes:
    """The workbook's file. `fields`: field and heading of each editable column; `branches`: what to choose from."""
    workbook = new_workbook("Rows held back", "Registers", day)
    sheet = workbook.worksheets[0]
    sheet.title = SHEET
    titles = [*LOCKED, DECISION, WHY, *(title for _, title in fields)]
    put(sheet, 1, len((KEY, SEAL, OFFER)) + 1, _HOW, "note")
    sheet.merge_cells(start_row=1, end_row=1, start_column=len((KEY, SEAL, OFFER)) + 1, end_column=len(titles))
    for column, title in enumerate(titles, 1):
        put(sheet, HEADING_ROW, column, title, "heading")
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS.get(title, _FIELD_WIDTH)
    for column in range(1, len((KEY, SEAL, OFFER)) + 1):
        sheet.column_dimensions[get_column_letter(column)].hidden = True
    styles = _Styles()
    for at, line in enumerate(lines, HEADING_ROW + 1):
        _put_line(sheet, at, line, fields, styles, notes=at <= _MOST_NOTES)
    last = max(HEADING_ROW + 1, HEADING_ROW + len(lines))
    _choices(workbook, sheet, fields, branches, last)
    set_up_page(
        sheet,
        heading_row=HEADING_ROW,
        last_row=last,
        columns=len(titles),
        wide=True,
        head="Rows held back",
        foot=f"{day}",
    )
    sheet.freeze_panes = f"{get_column_letter(titles.index(WRONG) + 1)}{HEADING_ROW + 1}"
    _protect(sheet)
    return written(workbook)


class _Styles:
    """What tells cells apart: open, wrong, or none of the row's."""

    def __init__(self) -> None:
        self.open = Protection(locked=False)
        self.wrong = PatternFill("solid", fgColor="F8D7DA")
        self.shut = PatternFill("solid", fgColor="EEEEEE")
        self.top = Alignment(vertical="top", wrap_text=True)


def _put_line(
    sheet: Worksheet,
    at: int,
    line: HeldLine,
    fields: Sequence[tuple[str, str]],
    styles: _Styles,
    *,
    notes: bool,
) -> None:
    locked: tuple[str | int, ...] = (
        line.key,
        line.seal,
        line.offer,
        line.file,
        line.sheet,
        line.row,
        line.problems,
        line.proposed,
        line.also,
    )
    for column, value in enumerate(locked, 1):
        put(sheet, at, column, value, "text")
        sheet.cell(at, column).alignment = styles.top
    texts = ((FILE, line.file), (WRONG, line.problems), (PROPOSED, line.proposed), (ELSE, line.also))
    fit_row(sheet, at, *((text, _WIDTHS[title]) for title, text in texts))
    for column in (len(LOCKED) + 1, len(LOCKED) + 2):
        put(sheet, at, column, "", "code")
        sheet.cell(at, column).protection = styles.open
    for column, (name, _) in enumerate(fields, len(LOCKED) + 3):
        put(sheet, at, column, line.cells.get(name, ""), "code")
        cell = sheet.cell(at, column)
        if name not in line.cells:
            cell.fill = styles.shut
            continue
        cell.protection = styles.open
        if name in line.wrong:
            cell.fill = styles.wrong
            if notes:
                cell.comment = Comment(line.wrong[name], "ancadmin", height=80, width=260)


def _choices(
    workbook: Workbook, sheet: Worksheet, fields: Sequence[tuple[str, str]], branches: Sequence[str], last: int
) -> None:
    """Drop-downs of decisions, and of branches from a sheet of their own; another text may be typed there too."""
    decisions = DataValidation(type="list", formula1=f'"{",".join(DECISIONS)}"', allow_blank=True)
    decisions.error, decisions.errorTitle = "Choose one of the list, or leave it blank.", DECISION
    decisions.showErrorMessage = True
    letter = get_column_letter(len(LOCKED) + 1)
    decisions.add(f"{letter}{HEADING_ROW + 1}:{letter}{last}")
    sheet.add_data_validation(decisions)
    names = [name for name, _ in fields]
    at = next((names.index(name) for name in ("branch", "branch_name", "ward") if name in names), None)
    if at is None or not branches:
        return
    places = workbook.create_sheet("Branches")
    for row, text in enumerate(branches, 1):
        put(places, row, 1, text, "code")
    places.column_dimensions["A"].width = 50
    places.protection.sheet = True
    chosen = DataValidation(type="list", formula1=f"Branches!$A$1:$A${len(branches)}", allow_blank=True)
    chosen.showErrorMessage = False
    letter = get_column_letter(len(LOCKED) + 3 + at)
    chosen.add(f"{letter}{HEADING_ROW + 1}:{letter}{last}")
    sheet.add_data_validation(chosen)


def _protect(sheet: Worksheet) -> None:
    """Everything locked but the open cells; filtering and widths stay possible. No password: the seals tell."""
    protection = sheet.protection
    protection.sheet = True
    protection.autoFilter = protection.sort = protection.formatColumns = protection.formatRows = False
