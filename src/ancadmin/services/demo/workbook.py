"""The second register: a workbook with a sheet for each municipality, Afrikaans headings and numbers for text."""

from datetime import date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from ancadmin.services.demo.plan import REGISTER_DAY, Plan
from ancadmin.services.demo.registers import Entry, Register, entries, people_of
from ancadmin.writers.xlsx.base import written

_HEADINGS = (
    "Id_Nommer",
    "Van",
    "Voorname",
    "Geslag",
    "Wyknommer",
    "Stemdistrik",
    "Selfoon",
    "E-pos",
    "Ou lidnommer",
    "Datum aangesluit",
    "Laaste betaling",
    "Bedrag",
)
_WIDTHS = (18, 20, 24, 8, 12, 12, 14, 24, 14, 16, 16, 10)


def write_second(plan: Plan, folder: Path) -> Register:
    """Merged titles, ID numbers partly as numbers (their first zeros lost), Excel dates, blank and total rows."""
    register = Register(folder / "register-2-kaap.xlsx")
    book = Workbook()
    book.remove(book.worksheets[0])
    rows = entries(plan, people_of(plan, 2))
    for name, block in groupby(sorted(rows, key=_municipality), key=_municipality):
        _write_sheet(book.create_sheet(name), name, list(block), register)
    if not book.worksheets:
        book.create_sheet("Leeg").append(_HEADINGS)
    # The same bytes from the same seed: no time of writing in them.
    book.properties.created = book.properties.modified = datetime.combine(REGISTER_DAY, time())
    register.path.write_bytes(written(book))
    return register


def _municipality(entry: Entry) -> str:
    """The region and the two digits of a ward's number that say the municipality."""
    return f"{entry.home.region.name} {entry.home.code[3:5]}"


def _write_sheet(sheet: Worksheet, name: str, block: list[Entry], register: Register) -> None:
    sheet.append([f"Lederegister {name} soos op 31 Maart 2025"])
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(_HEADINGS))
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.append([])
    sheet.append(_HEADINGS)
    for cell in sheet[3]:
        cell.font = Font(bold=True)
    for letter, width in zip("ABCDEFGHIJKL", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    number = 3
    for place, entry in enumerate(block):
        if place and place % 40 == 0:
            number += 1  # a blank row, where a page of the old book ended
        number += 1
        for column, value in enumerate(_cells(entry), start=1):
            sheet.cell(number, column, value)
        register.note(entry, number, sheet.title)
    sheet.cell(number + 2, 1, "Totaal")
    sheet.cell(number + 2, 12, sum(entry.cents for entry in block) / 100)


def _cells(entry: Entry) -> list[Any]:
    as_number = entry.plain and entry.variant % 2 == 0
    return [
        int(entry.id_number) if as_number else entry.id_number,
        entry.surname,
        entry.first_names,
        {"F": "V", "M": "M"}[entry.gender],
        int(entry.branch),
        int(entry.voting_district),
        entry.cell // (1000 if entry.cell_cut else 1) if entry.cell else None,
        entry.email or None,
        entry.old_reference,
        _date(entry.joined, entry.variant),
        _date(entry.last_payment, entry.variant // 3) or "N/A",
        entry.cents / 100 if entry.cents else "N/A",
    ]


def _date(day: date | None, variant: int) -> Any:
    if day is None:
        return None
    if variant % 3 == 2:
        return f"{day:%Y/%m/%d}"
    if variant % 3 == 1:
        return (day - date(1899, 12, 30)) // timedelta(days=1)  # a date whose cell lost its format
    return datetime.combine(day, time())
