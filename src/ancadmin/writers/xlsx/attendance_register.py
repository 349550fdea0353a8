"""The attendance register as a workbook (docs/rules.md, section 6)."""

import io
from datetime import date

import segno
from openpyxl.drawing.image import Image
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.utils.units import pixels_to_EMU
from openpyxl.worksheet.worksheet import Worksheet

from ancadmin.domain.attendance import USUAL, AttendanceRegister, Seal, Style
from ancadmin.domain.papers import cell_words
from ancadmin.writers.xlsx.base import (
    SIGNED_ROW,
    Column,
    first_sheet,
    fit_row,
    new_workbook,
    put,
    put_headings,
    put_row,
    set_up_page,
    written,
)

_COLUMNS = (
    Column("No", 5.5, "centre"),
    Column("ID number", 15, "code"),
    Column("Surname", 17.5),
    Column("First names", 19.5),
    Column("Voting district", 10.5, "code"),
    Column("Cell", 13.5, "code"),
    Column("Signature", 19),
)
_HEADING_ROW = 8
_QR_PIXELS = 100


def rendered(register: AttendanceRegister, seal: Seal, style: Style = USUAL) -> bytes:
    """The register's file. Equal arguments give equal bytes."""
    place = register.place
    workbook = new_workbook(
        f"Attendance register {seal.serial}",
        f"{place.name} ({place.code}), {register.meeting.words}, {register.meeting_date}",
        seal.issued_on,
        keywords=f"{seal.serial} {seal.content_hash}",
    )
    sheet = first_sheet(workbook, "Attendance register")
    _header(sheet, register, seal)
    put_headings(sheet, _HEADING_ROW, _COLUMNS)
    row, surname, first_names = _HEADING_ROW, _COLUMNS[2], _COLUMNS[3]
    for number, one in enumerate(register.attendees, 1):
        row += 1
        cells = (number, one.id_number, one.surname, one.first_names, one.voting_district, cell_words(one.cell), None)
        put_row(sheet, row, _COLUMNS, cells)
        fit_row(sheet, row, (one.surname, surname.width), (one.first_names, first_names.width), least=SIGNED_ROW)
    end = _signatures(sheet, register, row + 2)
    set_up_page(
        sheet,
        heading_row=_HEADING_ROW,
        last_row=end,
        table_end=row,
        columns=len(_COLUMNS),
        head=f"{register.meeting} {register.meeting_date} · {place.code} {place.name}",
        foot=f"{seal.serial} · content {seal.content_hash[:16]} · trail head {seal.trail_head[:16]}",
    )
    return written(workbook)


def _header(sheet: Worksheet, register: AttendanceRegister, seal: Seal) -> None:
    place = register.place
    put(sheet, 1, 1, "Attendance register", "title")
    put(sheet, 2, 1, f"{register.meeting.words} ({register.meeting})", "plain")
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
    for row, ((label, value), (other, answer)) in enumerate(zip(left, right, strict=True), 3):
        put(sheet, row, 1, label, "label")
        put(sheet, row, 3, value, "value")
        put(sheet, row, 5, other, "label")
        put(sheet, row, 6, answer, "value_date" if row < 5 else "value_number")
        for pair in ("A{0}:B{0}", "C{0}:D{0}"):
            sheet.merge_cells(pair.format(row))
        fit_row(sheet, row, (value, _COLUMNS[2].width + _COLUMNS[3].width))
    issued = f"Serial {seal.serial}"
    if seal.sole_operator:
        issued += " · issued under a sole operator: one person may approve their own work"
    put(sheet, 7, 1, issued, "note")
    for row in (1, 2, 7):
        sheet.merge_cells(f"A{row}:F{row}")
    picture = io.BytesIO()
    segno.make(seal.code, error="m", boost_error=False, micro=False).save(picture, kind="png", scale=4, border=2)
    code = Image(picture)
    code.width = code.height = _QR_PIXELS
    side = pixels_to_EMU(_QR_PIXELS)
    # At the right edge of the last column, so that the facts beside it stay free.
    edge = AnchorMarker(col=len(_COLUMNS) - 1, colOff=pixels_to_EMU(36), row=0, rowOff=pixels_to_EMU(4))
    code.anchor = OneCellAnchor(_from=edge, ext=XDRPositiveSize2D(side, side))
    sheet.add_image(code)
    sheet.row_dimensions[1].height, sheet.row_dimensions[2].height = 24, 18


def _signatures(sheet: Worksheet, register: AttendanceRegister, row: int) -> int:
    """Places to sign from `row` on; returns the last row used."""
    put(sheet, row, 1, "Members present", "plain")
    put(sheet, row, 3, None, "signature")
    put(sheet, row, 4, f"  Quorum of {register.quorum} reached:  yes  /  no", "plain")
    sheet.merge_cells(f"D{row}:F{row}")
    put(sheet, row + 1, 1, "Presiding officer", "value")
    put(sheet, row + 1, 5, "Branch secretary", "value")
    sheet.merge_cells(f"E{row + 1}:F{row + 1}")
    for offset, title in enumerate(("Name", "Signature", "Date"), 2):
        put(sheet, row + offset, 1, title, "label")
        put(sheet, row + offset, 5, title, "label")
        for column in (3, 4, 6, 7):
            put(sheet, row + offset, column, None, "signature")
    for each in range(row, row + 5):
        sheet.merge_cells(f"A{each}:B{each}")
        sheet.row_dimensions[each].height = SIGNED_ROW
    return row + 4
