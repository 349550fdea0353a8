"""The attendance register as a workbook (docs/rules.md, section 6): to print, or to fill in and hand back."""

import io
from datetime import date

from openpyxl import Workbook
from openpyxl.drawing.image import Image
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.utils import get_column_letter
from openpyxl.utils.units import pixels_to_EMU
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ancadmin.domain.attendance import USUAL, AttendanceRegister, Seal, Style
from ancadmin.writers.qr import qr_of
from ancadmin.writers.xlsx.attendance_register_before import SHEET, write_who_differs
from ancadmin.writers.xlsx.attendance_register_rows import Rows, print_of, styles_of
from ancadmin.writers.xlsx.base import SIGNED_ROW, first_sheet, fit_row, merge, new_workbook, put, set_up_page, written

_SERIAL_ROW = 7
_QR_PIXELS = 100
# How wide Excel draws a character of a column, in pixels.
_CHARACTER = 7
# 10 mm, in inches: more would shrink the sheet to its page.
_SIDE_MARGIN = 0.4


def rendered(register: AttendanceRegister, seal: Seal, style: Style = USUAL) -> bytes:
    """The register's file. Equal arguments give equal bytes."""
    place = register.place
    workbook = new_workbook(
        f"Attendance register {seal.serial}",
        f"{place.name} ({place.code}), {register.meeting.words}, {register.meeting_date}",
        seal.issued_on,
        keywords=f"{seal.serial} {seal.content_hash}",
        styles=styles_of(style),
    )
    sheet = first_sheet(workbook, "Attendance register")
    rows = Rows(sheet, register, style, _SERIAL_ROW + (2 if seal.supersedes else 1))
    _header(sheet, register, seal, rows)
    rows.write()
    end = _signatures(sheet, register, rows.table.row + 2, rows)
    head = f"{register.meeting} {register.meeting_date} · {place.code} {place.name}"
    foot = f"{seal.serial} · content {seal.content_hash[:16]} · trail head {seal.trail_head[:16]}"
    columns = len(rows.columns)
    wide = style.large or style.scan
    set_up_page(sheet, heading_row=rows.heading_row, last_row=end, columns=columns, wide=wide, head=head, foot=foot)
    sheet.page_margins.left = sheet.page_margins.right = _SIDE_MARGIN
    last = max(rows.table.row, rows.heading_row)
    sheet.auto_filter.ref = f"A{rows.heading_row}:{get_column_letter(columns - 1)}{last}"
    _hint(sheet, rows, last)
    if seal.supersedes and seal.supersedes.difference:
        write_who_differs(workbook.create_sheet(SHEET), seal.supersedes, seal.supersedes.difference, style, head, foot)
    _protect(workbook)
    return written(workbook, rows.table.put_into, rows.bars.put_into)


def _header(sheet: Worksheet, register: AttendanceRegister, seal: Seal, rows: Rows) -> None:
    place = register.place
    put(sheet, 1, 1, "Attendance register", "register_title")
    put(sheet, 2, 1, f"{register.meeting.words} ({register.meeting})", "register_kind")
    left = (
        ("Province", place.province),
        ("Region", f"{place.region} ({place.region_code})"),
        ("Branch", f"{place.name} ({place.code})"),
        ("Ward", place.ward_words),
    )
    right: tuple[tuple[str, date | int], ...] = (
        ("Meeting date", register.meeting_date),
        ("Cut-off day", register.cut_off),
        ("Good standing", len(register.attendees)),
        ("Quorum", register.quorum),
    )
    size = print_of(rows.style).facts / 10
    wide = sum(column.width for column in rows.columns[2:4]) / size
    for row, ((label, value), (other, answer)) in enumerate(zip(left, right, strict=True), 3):
        put(sheet, row, 1, label, "register_label")
        put(sheet, row, 3, value, "register_value")
        put(sheet, row, 5, other, "register_label")
        put(sheet, row, 6, answer, "register_day" if row < 5 else "register_count")
        merge(sheet, row, 1, 2)
        merge(sheet, row, 3, 4)
        fit_row(sheet, row, (value, wide), least=15 * size)
        sheet.row_dimensions[row].height *= size
    issued = f"Serial {seal.serial}"
    if seal.sole_operator:
        issued += " · issued under a sole operator: one person may approve their own work"
    put(sheet, _SERIAL_ROW, 1, issued, "register_note")
    for row in (1, 2, _SERIAL_ROW):
        merge(sheet, row, 1, 6)
    heights = {1: 24.0, 2: 18.0, _SERIAL_ROW: 16.0}
    if seal.supersedes:
        _say_superseded(sheet, seal.supersedes.words, rows, size)
    for row, high in heights.items():
        sheet.row_dimensions[row].height = high * size
    _qr_code(sheet, seal, rows)


def _say_superseded(sheet: Worksheet, words: str, rows: Rows, size: float) -> None:
    """The sentence in a box from side to side, under the header."""
    row, last = _SERIAL_ROW + 1, len(rows.columns) - 1
    for column in range(1, last + 1):
        put(sheet, row, column, words if column == 1 else None, "register_box")
    merge(sheet, row, 1, last)
    fit_row(sheet, row, (words, sum(column.width for column in rows.columns[:last]) / size), least=22)
    sheet.row_dimensions[row].height *= size


def _qr_code(sheet: Worksheet, seal: Seal, rows: Rows) -> None:
    picture = io.BytesIO()
    qr_of(seal.code).save(picture, kind="png", scale=4, border=2)
    code = Image(picture)
    code.width = code.height = _QR_PIXELS
    side = pixels_to_EMU(_QR_PIXELS)
    # At the right edge of the last column, so that the facts beside it stay free.
    column = len(rows.columns) - 2
    left = int(rows.columns[column].width * _CHARACTER) - _QR_PIXELS - 3
    edge = AnchorMarker(col=column, colOff=pixels_to_EMU(left), row=0, rowOff=pixels_to_EMU(4))
    code.anchor = OneCellAnchor(_from=edge, ext=XDRPositiveSize2D(side, side))
    sheet.add_image(code)


def _hint(sheet: Worksheet, rows: Rows, last: int) -> None:
    """What is typed where, shown by the cell that is chosen."""
    if last == rows.heading_row:
        return
    present, signature = (get_column_letter(len(rows.columns) - back) for back in (2, 1))
    hint = DataValidation(
        showInputMessage=True,
        promptTitle="Present",
        prompt="X, or a name, for whoever is here. Nobody else's row: leave it blank.",
        sqref=f"{present}{rows.heading_row + 1}:{signature}{last}",
    )
    sheet.add_data_validation(hint)


def _protect(workbook: Workbook) -> None:
    """Locks, without a password, what was issued: nobody changes it unawares. Filters and widths stay free."""
    workbook.security = WorkbookProtection(lockStructure=True)
    for sheet in workbook.worksheets:
        lock = sheet.protection
        lock.sheet = lock.objects = lock.scenarios = True
        lock.autoFilter = lock.formatColumns = lock.formatRows = False


def _signatures(sheet: Worksheet, register: AttendanceRegister, row: int, rows: Rows) -> int:
    """Places to sign from `row` on; returns the last row used."""
    last = len(rows.columns) - 1
    put(sheet, row, 1, "Members present", "register_value")
    put(sheet, row, 3, None, "register_sign")
    put(sheet, row, 4, f"  Quorum of {register.quorum} reached:  yes  /  no", "register_kind")
    merge(sheet, row, 4, last)
    put(sheet, row + 1, 1, "Presiding officer", "register_value")
    put(sheet, row + 1, 5, "Branch secretary", "register_value")
    merge(sheet, row + 1, 5, 6)
    for offset, title in enumerate(("Name", "Signature", "Date"), 2):
        put(sheet, row + offset, 1, title, "register_label")
        put(sheet, row + offset, 5, title, "register_label")
        for column in (3, 4, *range(6, last + 1)):
            put(sheet, row + offset, column, None, "register_sign")
    for each in range(row, row + 5):
        merge(sheet, each, 1, 2)
        sheet.row_dimensions[each].height = SIGNED_ROW
    return row + 4
