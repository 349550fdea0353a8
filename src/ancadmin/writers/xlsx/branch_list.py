"""The branch list as a workbook (docs/rules.md, section 6): the members on one sheet, the counts on another."""

from datetime import date

from openpyxl.worksheet.worksheet import Worksheet

from ancadmin.domain.branch_list import BranchList, ListedMember
from ancadmin.domain.standing import Status
from ancadmin.writers.xlsx.base import (
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
    Column("No", 6, "centre"),
    Column("Status", 20),
    Column("ID number", 15.5, "code"),
    Column("Surname", 24),
    Column("First names", 27),
    Column("Last paid", 12.5, "date"),
    Column("Amount", 12, "money"),
    Column("Paid up to", 12.5, "date"),
    Column("Arrears", 15, "money"),
)
_COUNTS = (Column("Status", 30), Column("Members", 14, "number"), Column("Arrears", 18, "money"))
_HEADING_ROW = 8
_NOT_CAPTURED = "N/A"


def rendered(branch_list: BranchList) -> bytes:
    """The list's file. Equal arguments give equal bytes."""
    place, day = branch_list.place, branch_list.day
    digest = branch_list.content_hash()
    workbook = new_workbook(
        f"Branch list {place.code} {day}", f"{place.name} ({place.code}) on {day}", day, keywords=digest
    )
    sheet = first_sheet(workbook, "Branch list")
    _header(sheet, branch_list)
    put_headings(sheet, _HEADING_ROW, _COLUMNS)
    row, surname, first_names = _HEADING_ROW, _COLUMNS[3], _COLUMNS[4]
    for status, members in branch_list.groups():
        for one in members:
            row += 1
            put_row(sheet, row, _COLUMNS, _cells(row - _HEADING_ROW, status, one))
            fit_row(sheet, row, (one.surname, surname.width), (one.first_names, first_names.width))
    total = row + 1
    for column in range(1, len(_COLUMNS) + 1):
        put(sheet, total, column, None, "total")
    put(sheet, total, 2, "Total", "total")
    put(sheet, total, 3, len(branch_list.members), "total_number")
    put(sheet, total, 9, branch_list.arrears_cents / 100, "total_money")
    head = f"Branch list {day} · {place.code} {place.name}"
    foot = f"content {digest[:16]}"
    set_up_page(
        sheet,
        heading_row=_HEADING_ROW,
        last_row=total,
        table_end=row,
        columns=len(_COLUMNS),
        wide=True,
        head=head,
        foot=foot,
    )
    _counts(workbook.create_sheet("Counts"), branch_list, head, foot)
    return written(workbook)


def _header(sheet: Worksheet, branch_list: BranchList) -> None:
    place = branch_list.place
    put(sheet, 1, 1, "Branch list", "title")
    left = (
        ("Province", place.province),
        ("Region", f"{place.region} ({place.region_code})"),
        ("Branch", f"{place.name} ({place.code})"),
        ("Ward", place.ward_words),
    )
    right: tuple[tuple[str, date | int | float, str], ...] = (
        ("On", branch_list.day, "value_date"),
        ("Members listed", len(branch_list.members), "value_number"),
        ("In good standing", branch_list.in_good_standing, "value_number"),
        ("Arrears", branch_list.arrears_cents / 100, "value_money"),
    )
    for row, ((label, value), (other, answer, style)) in enumerate(zip(left, right, strict=True), 2):
        put(sheet, row, 1, label, "label")
        put(sheet, row, 3, value, "value")
        put(sheet, row, 6, other, "label")
        put(sheet, row, 8, answer, style)
        for pair in ("A{0}:B{0}", "C{0}:E{0}", "F{0}:G{0}"):
            sheet.merge_cells(pair.format(row))
        fit_row(sheet, row, (value, sum(column.width for column in _COLUMNS[2:5])))
    reached = "reaches" if branch_list.reaches_minimum else "does not reach"
    put(sheet, 6, 1, f"The branch {reached} the minimum of {branch_list.minimum} members in good standing.", "value")
    sheet.merge_cells("A1:I1")
    sheet.merge_cells("A6:I6")
    sheet.row_dimensions[1].height = 24


def _cells(number: int, status: Status, one: ListedMember) -> tuple[str | int | float | date | None, ...]:
    return (
        number,
        status.words.capitalize(),
        one.id_number,
        one.surname,
        one.first_names,
        one.last_payment_on or _NOT_CAPTURED,
        _NOT_CAPTURED if one.last_payment_cents is None else one.last_payment_cents / 100,
        one.paid_up_to or "–",
        one.arrears_cents / 100,
    )


def _counts(sheet: Worksheet, branch_list: BranchList, head: str, foot: str) -> None:
    put(sheet, 1, 1, "Members by status", "title")
    sheet.merge_cells("A1:C1")
    put_headings(sheet, 3, _COUNTS)
    row = 3
    for status, members in branch_list.groups():
        row += 1
        owed = sum(one.arrears_cents for one in members) / 100
        put_row(sheet, row, _COUNTS, (status.words.capitalize(), len(members), owed))
    row += 1
    put(sheet, row, 1, "Total", "total")
    put(sheet, row, 2, len(branch_list.members), "total_number")
    put(sheet, row, 3, branch_list.arrears_cents / 100, "total_money")
    set_up_page(sheet, heading_row=3, last_row=row, table_end=row - 1, columns=len(_COUNTS), head=head, foot=foot)
