"""Registers nobody here would have made: the same members in files of every shape, each written by another program."""

import gzip
import re
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableProperties
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P
from tests.services.register.making import number

# ID number, surname, first names, branch, date joined, last payment, cents.
PEOPLE = [
    (number(1), "Mokoena", "Thabo", "79700012", date(2010, 1, 2), date(2019, 12, 20), 2000),
    (number(2), "Naidoo", "Priya", "79700012", date(2011, 3, 4), date(2019, 5, 6), 2000),
    (number(3), "van Wyk", "Piet", "79700013", date(2012, 7, 31), date(2018, 11, 30), 2400),
    (number(4), "Molefe", "Zoë", "79700013", date(2009, 10, 13), date(2019, 2, 28), 2000),
    (number(5), "Dlamini", "Sipho", "10501001", date(2015, 6, 7), date(2020, 1, 15), 4000),
    (number(6), "Nkosi", "Nomsa", "10501001", date(2016, 8, 9), date(2019, 9, 10), 2000),
]
AS_KEPT = [(*one[:4], one[4].isoformat(), one[5].isoformat(), one[6]) for one in PEOPLE]
SERIAL_ZERO = date(1899, 12, 30)


def rands(cents: int, point: str = ".") -> str:
    return f"{cents // 100}{point}{cents % 100:02}"


def serial(day: date) -> int:
    """The number a spreadsheet has for a day."""
    return (day - SERIAL_ZERO).days


def text(path: Path, rows: list[list[str]], separator: str, encoding: str, line_end: str = "\r\n") -> Path:
    path.write_bytes("".join(separator.join(row) + line_end for row in rows).encode(encoding))
    return path


def semicolons_in_cp1252(folder: Path) -> Path:
    """As Excel saves CSV in South Africa: semicolons, decimal commas, the code page of Windows, days first."""
    rows = [["ID NO.", "SURNAME", "FIRST NAMES", "BRANCH CODE", "DATE JOINED", "DATE LAST PAID", "AMOUNT PAID"]]
    for number_, surname, first, branch, joined, paid, cents in PEOPLE:
        rows.append(
            [number_, surname, first, branch, f"{joined:%d/%m/%Y}", f"{paid:%d/%m/%Y}", f"R {rands(cents, ',')}"]
        )
    return text(folder / "excel.csv", rows, ";", "cp1252")


def unicode_text(folder: Path) -> Path:
    """Excel's `Unicode Text`: UTF-16 with a mark, tabs; days as their month's name."""
    rows = [["Identity Number", "Van", "Voorname", "Takkode", "Aangesluit", "Laaste betaling", "Bedrag"]]
    for number_, surname, first, branch, joined, paid, cents in PEOPLE:
        rows.append([number_, surname, first, branch, f"{joined:%d %b %Y}", f"{paid:%d-%b-%y}", rands(cents)])
    return text(folder / "unicode.txt", rows, "\t", "utf-16")


def unicode_without_mark(folder: Path) -> Path:
    """The same from a program that leaves the mark out."""
    path = unicode_text(folder)
    path.write_bytes(path.read_bytes()[2:])
    return path.rename(folder / "no mark.txt")


def pipes_with_titles(folder: Path) -> Path:
    """An export of an old program: pipes, UTF-8 with a mark, titles above, a subtotal a branch, month first."""
    rows = [["EKURHULENI REGION"], ["Printed on", "12/31/2020"], []]
    rows += [["No", "ID Number", "Surname and names", "Branch", "", "Join date", "Last payment date", "Last amount"]]
    for place, (number_, surname, first, branch, joined, paid, cents) in enumerate(PEOPLE, start=1):
        days = [f"{day.month}/{day.day}/{day.year}" for day in (joined, paid)]
        rows.append([str(place), number_, f"{surname}, {first}", branch, "", *days, rands(cents)])
        if place % 2 == 0:
            rows += [["", "Subtotal", "", "", "", "", "", "R40.00"], []]
    rows += [["", "Grand total", "6", "", "", "", "", "R144.00"]]
    return text(folder / "export.psv", rows, "|", "utf-8-sig", "\n")


def a_mac_of_old(folder: Path) -> Path:
    """Commas, bare returns at the line ends, whole names with the first name in front."""
    rows = [["RSA ID", "Full Name", "Ward", "Member since", "Last paid", "Amt"]]
    for number_, surname, first, branch, joined, paid, cents in PEOPLE:
        rows.append([number_, f"{first} {surname}", branch, joined.isoformat(), f"{paid:%Y/%m/%d}", rands(cents)])
    return text(folder / "mac.csv", rows, ",", "utf-8", "\r")


def grouped_headings(folder: Path) -> Path:
    """A workbook with a merged title, groups merged over their headings, blank columns, hidden rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Lede"
    sheet["B2"] = "ANC EKURHULENI: register of members"
    sheet.merge_cells("B2:J2")
    for cell, heading in {"B4": "Member", "G4": "Last payment", "I4": "Fees due"}.items():
        sheet[cell] = heading
    for cells in ("B4:E4", "G4:H4", "I4:J4"):
        sheet.merge_cells(cells)
    for column, heading in zip("BCDEFGHIJ", HEADINGS_BELOW, strict=True):
        sheet[f"{column}5"] = heading
    for row, (number_, surname, first, branch, joined, paid, cents) in enumerate(PEOPLE, start=6):
        cells = (int(number_), surname, first, branch, joined, paid, cents / 100, date(2021, 1, 1), 99)
        for column, value in zip("BCDEFGHIJ", cells, strict=True):
            sheet[f"{column}{row}"] = value
    for row in (7, 9):
        sheet.row_dimensions[row].hidden = True
    book.save(folder / "groups.xlsx")
    return folder / "groups.xlsx"


HEADINGS_BELOW = ["ID No", "Surname", "Names", "Branch", "Joined", "Date", "Amount", "Date", "Amount"]


def merged_downwards(folder: Path) -> Path:
    """Headings merged over two rows, but for the payment's, which has its own two below it."""
    book = openpyxl.Workbook()
    sheet = book.active
    for column, heading in zip("ABCDEFG", ["ID NO", "SURNAME", "NAMES", "BR", "JOINED", "LAST PAYMENT"], strict=False):
        sheet[f"{column}1"] = heading
    for column in "ABCDE":
        sheet.merge_cells(f"{column}1:{column}2")
    sheet.merge_cells("F1:G1")
    sheet["F2"], sheet["G2"] = "DATE", "AMOUNT"
    for one in PEOPLE:
        sheet.append([*one[:4], serial(one[4]), serial(one[5]), one[6] / 100])
    book.save(folder / "merged.xlsx")
    return folder / "merged.xlsx"


def a_sheet_a_branch(folder: Path) -> Path:
    """Several sheets with headings of their own, one of them hidden, notes and an empty sheet among them."""
    book = openpyxl.Workbook()
    book.active.title = "Read me"
    book.active.append(["Please fill in every sheet"])
    headings = (
        ["ID", "Surname", "Name", "Branch", "Joined", "Last Payment Date", "Amount"],
        ["Branch Code", "Joining date", "Payment date", "Payment amount", "SA ID", "Van", "Naam"],
        ["Family name", "Forenames", "I.D. Number", "Tak", "Start date", "Date paid", "Fee paid"],
    )
    order = ((0, 1, 2, 3, 4, 5, 6), (3, 4, 5, 6, 0, 1, 2), (1, 2, 0, 3, 4, 5, 6))
    for place in range(3):
        sheet = book.create_sheet(f"Branch {place + 1}")
        sheet.append(headings[place])
        for one in PEOPLE[place * 2 : place * 2 + 2]:
            cells = [*one[:6], one[6] / 100]
            sheet.append([cells[at] for at in order[place]])
    book.create_sheet("Empty")
    book["Branch 2"].sheet_state = "hidden"
    book.save(folder / "sheets.xlsx")
    return folder / "sheets.xlsx"


def formulas(folder: Path) -> Path:
    """A workbook whose cells are worked out, with the values the spreadsheet program left beside the formulas."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["ID Number", "Surname", "First names", "Branch", "Joined", "Last payment date", "Amount"])
    for row, one in enumerate(PEOPLE, start=2):
        sheet.append([f'="{one[0][:6]}"&"{one[0][6:]}"', *one[1:6], f"=20+{one[6] // 100 - 20}"])
        sheet.cell(row, 4).value = f"=VALUE({one[3]})"
    book.save(folder / "formulas.xlsx")
    _work_out(folder / "formulas.xlsx", {f"{column}{row}": value for row, column, value in _values()})
    return folder / "formulas.xlsx"


def _values() -> list[tuple[int, str, str]]:
    cells = [(row, one) for row, one in enumerate(PEOPLE, start=2)]
    texts = [(row, "A", one[0]) for row, one in cells]
    return texts + [(row, "D", one[3]) for row, one in cells] + [(row, "G", str(one[6] // 100)) for row, one in cells]


def _work_out(path: Path, values: dict[str, str]) -> None:
    """Puts values beside the formulas of a workbook, as a spreadsheet program does when it saves."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    place = "xl/worksheets/sheet1.xml"
    sheet = parts[place].decode()
    for cell, value in values.items():
        kind = ' t="str"' if cell.startswith("A") else ""
        sheet = re.sub(
            rf'<c r="{cell}"[^>]*><f>(.*?)</f><v ?/?>(?:</v>)?</c>',
            rf'<c r="{cell}"{kind}><f>\1</f><v>{value}</v></c>',
            sheet,
        )
    parts[place] = sheet.encode()
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)


def old_workbook(folder: Path) -> Path:
    """An .xls: numbers as floats, days as cells with a date format, a merged title, a hidden row."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Lys van lede")
    day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    sheet.write_merge(0, 0, 0, 6, "LEDELYS")
    headings = ["Id_Nommer", "VAN", "VOLLE VOORNAME", "TAK KODE", "AANSLUITDATUM", "LAASTE BETAALDATUM", "BEDRAG"]
    for column, heading in enumerate(headings):
        sheet.write(2, column, heading)
    for row, (number_, surname, first, branch, joined, paid, cents) in enumerate(PEOPLE, start=3):
        for column, value in enumerate([float(number_), surname, first, int(branch)]):
            sheet.write(row, column, value)
        sheet.write(row, 4, joined, day)
        sheet.write(row, 5, paid, day)
        sheet.write(row, 6, cents / 100)
    sheet.row(4).hidden = True
    book.save(str(folder / "lys.xls"))
    return folder / "lys.xls"


def open_document(folder: Path) -> Path:
    """An .ods: covered cells under a merged title, a repeated blank row, a filtered row, a hidden sheet."""
    document = OpenDocumentSpreadsheet()
    hidden = Style(name="unseen", family="table")
    hidden.addElement(TableProperties(display="false"))
    document.automaticstyles.addElement(hidden)
    for place, (name, people) in enumerate({"Noord": PEOPLE[:4], "Suid": PEOPLE[4:]}.items()):
        table = Table(name=name, stylename=hidden) if place else Table(name=name)
        title = TableRow()
        title.addElement(_cell("Register of members", numbercolumnsspanned=7))
        title.addElement(CoveredTableCell(numbercolumnsrepeated=6))
        table.addElement(title)
        blank = TableRow(numberrowsrepeated=2)
        blank.addElement(TableCell(numbercolumnsrepeated=7))
        table.addElement(blank)
        table.addElement(_row(["Identity No", "Surname", "First name", "Branch", "Date joined", "Date paid", "Amount"]))
        for at, one in enumerate(people):
            table.addElement(_row([*one[:6], one[6] / 100], filtered=at == 1))
        document.spreadsheet.addElement(table)
    document.save(str(folder / "open.ods"))
    return folder / "open.ods"


def _row(values: list, *, filtered: bool = False) -> TableRow:
    row = TableRow(visibility="filter") if filtered else TableRow()
    for value in values:
        row.addElement(_cell(value))
    return row


def _cell(value, **more) -> TableCell:
    if isinstance(value, date):
        cell = TableCell(valuetype="date", datevalue=value.isoformat(), **more)
    elif isinstance(value, float):
        cell = TableCell(valuetype="float", value=value, **more)
    else:
        cell = TableCell(valuetype="string", **more)
    cell.addElement(P(text=str(value)))
    return cell


def misnamed(folder: Path) -> Path:
    """An .xlsx saved under the name of an .xls."""
    return grouped_headings(folder).rename(folder / "saved-as.xls")


def archive(folder: Path) -> Path:
    """A zip of several files in folders, with what packers and officers leave in them."""
    inside = folder / "inside"
    inside.mkdir()
    with zipfile.ZipFile(folder / "branches.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for place, made in enumerate((old_workbook(inside), semicolons_in_cp1252(inside))):
            packed.write(made, f"region {place}/{made.name}")
        packed.writestr("__MACOSX/region 0/._lys.xls", b"\x00\x05\x16\x07")
        packed.writestr("letter.pdf", b"%PDF-1.4")
        packed.writestr("read me.txt", "Dear colleague,\r\nhere are the lists.\r\nRegards\r\n")
    return folder / "branches.zip"


def compressed(folder: Path) -> Path:
    """One file, gzipped."""
    made = unicode_text(folder)
    (folder / "unicode.txt.gz").write_bytes(gzip.compress(made.read_bytes()))
    return folder / "unicode.txt.gz"


def folder_of_all(folder: Path) -> Path:
    """A folder with folders in it."""
    inside = folder / "all"
    (inside / "deeper").mkdir(parents=True)
    pipes_with_titles(inside)
    open_document(inside / "deeper")
    (inside / ".DS_Store").write_bytes(b"\x00")
    (inside / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    return inside
