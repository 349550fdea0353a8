"""A member's statement of dues as a workbook (docs/rules.md, section 6): periods on one sheet, payments on another."""

from datetime import date

from openpyxl.worksheet.worksheet import Worksheet

from ancadmin.domain.dues_paper import Line, StatementOfDues
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
    Column("From", 12.5, "date"),
    Column("To", 12.5, "date"),
    Column("Fee", 13, "money"),
    Column("Paid", 13, "money"),
    Column("Owing", 13, "money"),
    Column("Settled on", 12.5, "date"),
    Column("Paid by (day, amount, reference)", 38),
)
_PAYMENTS = (
    Column("Period from", 13, "date"),
    Column("Deposit", 10, "centre"),
    Column("Received", 13, "date"),
    Column("Amount", 14, "money"),
    Column("Reference", 16, "code"),
    Column("Does not count, because", 44),
)
_HEADING_ROW = 9


def rendered(statement: StatementOfDues) -> bytes:
    """The statement's file. Equal arguments give equal bytes."""
    day, digest = statement.day, statement.content_hash()
    workbook = new_workbook(
        f"Statement of dues {day}",
        f"{statement.place.name} ({statement.place.code})",
        day,
        keywords=digest,
    )
    sheet = first_sheet(workbook, "Dues")
    _header(sheet, statement)
    put_headings(sheet, _HEADING_ROW, _COLUMNS)
    row = _HEADING_ROW
    for line in statement.lines:
        row += 1
        cells = _cells(statement, line)
        put_row(sheet, row, _COLUMNS, cells)
        fit_row(sheet, row, (str(cells[-1]), _COLUMNS[-1].width))
    total = row + 1
    for column in range(1, len(_COLUMNS) + 1):
        put(sheet, total, column, None, "total")
    put(sheet, total, 1, "Total", "total")
    for column, cents in enumerate((statement.fees_cents, statement.paid_cents, statement.arrears_cents), 3):
        put(sheet, total, column, cents / 100, "total_money")
    head, foot = f"Statement of dues {day} · {statement.name}", f"content {digest[:16]}"
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
    _payments(workbook.create_sheet("Payments"), statement, head, foot)
    return written(workbook)


def _header(sheet: Worksheet, statement: StatementOfDues) -> None:
    place = statement.place
    put(sheet, 1, 1, "Statement of dues", "title")
    sheet.row_dimensions[1].height = 24
    left = (
        ("Member", statement.name),
        ("ID number", statement.id_number),
        ("Branch", f"{place.name} ({place.code})"),
        ("Region", f"{place.region} ({place.region_code})"),
        ("Province", place.province),
    )
    right: tuple[tuple[str, date | float | str, str], ...] = (
        ("On", statement.day, "value_date"),
        ("Standing", statement.status.words.capitalize(), "value"),
        ("Paid up to", date.fromisoformat(statement.paid_up_to) if statement.paid_up_to else "–", "value_date"),
        ("Arrears", statement.arrears_cents / 100, "value_money"),
        ("Credit ahead", statement.ahead_cents / 100, "value_money"),
    )
    for row, ((label, value), (other, answer, style)) in enumerate(zip(left, right, strict=True), 2):
        put(sheet, row, 1, label, "label")
        put(sheet, row, 2, value, "value")
        put(sheet, row, 6, other, "label")
        put(sheet, row, 7, answer, style)
        sheet.merge_cells(f"B{row}:E{row}")
        fit_row(sheet, row, (value, sum(column.width for column in _COLUMNS[1:5])))
    if statement.opening is not None:
        put(sheet, 7, 1, statement.opening.words, "note")
    sheet.merge_cells("A1:G1")
    sheet.merge_cells("A7:G7")


def _cells(statement: StatementOfDues, line: Line) -> tuple[str | int | float | date | None, ...]:
    return (
        date.fromisoformat(line.begins_on),
        date.fromisoformat(line.ends_on),
        line.fee_cents / 100,
        line.paid_cents / 100,
        statement.owing_cents(line) / 100,
        date.fromisoformat(line.settled_on) if line.settled_on else "–",
        line.payment_words,
    )


def _payments(sheet: Worksheet, statement: StatementOfDues, head: str, foot: str) -> None:
    put(sheet, 1, 1, "Payments", "title")
    sheet.merge_cells("A1:F1")
    put_headings(sheet, 3, _PAYMENTS)
    row = 3
    for line in statement.lines:
        for one in line.payments:
            row += 1
            begins, on = date.fromisoformat(line.begins_on), date.fromisoformat(one.on)
            put_row(sheet, row, _PAYMENTS, (begins, one.deposit, on, one.cents / 100, one.reference, None))
    for lost in statement.not_counted:
        row += 1
        put_row(sheet, row, _PAYMENTS, (None, None, date.fromisoformat(lost.on), lost.cents / 100, None, lost.why))
    set_up_page(sheet, heading_row=3, last_row=row, columns=len(_PAYMENTS), wide=True, head=head, foot=foot)
