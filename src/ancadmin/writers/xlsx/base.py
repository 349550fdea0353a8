"""Workbooks an office prints without touching up: styles, A4 set-up, and bytes that do not change between runs.

Row heights are points, column widths Excel's characters. What goes in through `put` never becomes a formula; a live
formula is written on purpose with `put_formula`.
"""

import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

# On every office machine, with all the letters; LibreOffice takes Liberation Sans, which is as wide, in its place.
FONT = "Arial"
RANDS = '"R"#,##0.00;[Red]-"R"#,##0.00'
DAY = "yyyy-mm-dd"
# High enough to sign in (9 mm) after a sheet has been shrunk a little to its page.
SIGNED_ROW = 29.0

_HEADINGS = {
    "number": "heading_right",
    "percent": "heading_right",
    "days": "heading_right",
    "ratio": "heading_right",
    "money": "heading_right",
    "date": "heading_centre",
    "centre": "heading_centre",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CODED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_CORE = "docProps/core.xml"


@dataclass(frozen=True)
class Column:
    """A column: heading, width in characters, and the style its cells get (`text`, `number`, `money`, `date`, …)."""

    title: str
    width: float
    style: str = "text"


def new_workbook(
    title: str, subject: str, day: date, keywords: str = "", styles: Iterable[NamedStyle] | None = None
) -> Workbook:
    """A workbook with the styles below, or `styles` in their place, and one empty sheet; `day` is the document's date
    (never the clock).
    """
    workbook = Workbook()
    # Widths of columns are counted in characters of the first font: one that programs put a wide one in the place of
    # would shrink every page.
    workbook._fonts[0] = Font(name=FONT, size=10)  # noqa: SLF001 - openpyxl has no other way to it
    about = workbook.properties
    about.title, about.subject, about.keywords = map(as_text, (title, subject, keywords))
    about.creator = "ancadmin"
    about.created = about.modified = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a day, in no zone
    for style in _styles() if styles is None else styles:
        workbook.add_named_style(style)
    return workbook


def first_sheet(workbook: Workbook, title: str) -> Worksheet:
    """The workbook's first sheet, named `title`."""
    sheet = workbook.worksheets[0]
    sheet.title = title
    return sheet


def _styles() -> list[NamedStyle]:
    hair = Side(style="hair", color="FF808080")
    thin = Side(style="thin", color="FF000000")
    ruled = Border(bottom=hair, left=hair, right=hair)
    headed = Border(top=thin, bottom=thin, left=hair, right=hair)
    summed = Border(top=thin, bottom=thin)
    grey = PatternFill("solid", fgColor="FFE0E0E0")

    def style(
        name: str, *, size: float = 10, bold: bool = False, across: str | None = None, **more: object
    ) -> NamedStyle:
        wrap = name not in ("title", "money", "date", "number", "code")
        shrink = name in ("code", "total_money")
        return NamedStyle(
            name=name,
            font=Font(name=FONT, size=size, bold=bold),
            alignment=Alignment(horizontal=across, vertical="center", wrap_text=wrap, shrink_to_fit=shrink),
            **more,
        )

    return [
        style("title", size=14, bold=True),
        style("plain"),
        style("label", size=8.5),
        style("value", bold=True),
        style("value_date", bold=True, across="left", number_format=DAY),
        style("value_number", bold=True, across="left", number_format="#,##0"),
        style("value_money", bold=True, across="left", number_format=RANDS),
        style("note", size=9),
        *(
            style(f"heading{name}", bold=True, across=across, fill=grey, border=headed)
            for name, across in (("", None), ("_centre", "center"), ("_right", "right"))
        ),
        style("text", border=ruled),
        style("centre", across="center", border=ruled),
        # ID numbers, cell numbers, codes: text that is shrunk rather than wrapped, and never counted with.
        style("code", border=ruled, number_format="@"),
        style("number", across="right", border=ruled, number_format="#,##0"),
        style("percent", across="right", border=ruled, number_format="0.0%"),
        style("days", across="right", border=ruled, number_format="#,##0.0"),
        style("ratio", across="right", border=ruled, number_format="#,##0.00"),
        style("money", across="right", border=ruled, number_format=RANDS),
        style("date", across="center", border=ruled, number_format=DAY),
        style("total", bold=True, border=summed),
        style("total_number", bold=True, across="right", border=summed, number_format="#,##0"),
        style("total_percent", bold=True, across="right", border=summed, number_format="0.0%"),
        style("total_days", bold=True, across="right", border=summed, number_format="#,##0.0"),
        style("total_ratio", bold=True, across="right", border=summed, number_format="#,##0.00"),
        style("total_money", bold=True, across="right", border=summed, number_format=RANDS),
        style("signature", border=Border(bottom=thin)),
    ]


def put(sheet: Worksheet, row: int, column: int, value: str | int | float | date | None, style: str = "text") -> None:
    """Writes a value. Text stays text: what would begin a formula is marked as text for whoever edits it too.

    Money goes in as rands (a number), with the style `money`.
    """
    cell = sheet.cell(row, column)
    cell.style = style
    if isinstance(value, str):
        cell.value = as_text(value)
        cell.data_type = "s"
        if is_like_formula(value):
            cell.quotePrefix = True
    elif value is not None:
        cell.value = value


def as_text(value: str) -> str:
    """What of a text a workbook can hold: other characters show as a box, and what would be read as the code of a
    character (`_x0041_`) shows as it is written.
    """
    plain = value if value.isprintable() else _NOT_XML.sub("\ufffd", value)
    return _CODED.sub("_x005F_", plain) if "_x" in plain else plain


def is_like_formula(value: str) -> bool:
    """Whether a text would be a formula for whoever edits its cell."""
    return value.startswith(_FORMULA)


def put_formula(sheet: Worksheet, row: int, column: int, formula: str, style: str = "money") -> None:
    """Writes a live formula; `formula` is the program's own text, never a person's."""
    cell = sheet.cell(row, column)
    cell.style = style
    cell.value = formula


def put_row(
    sheet: Worksheet, row: int, columns: Sequence[Column], values: Sequence[str | int | float | date | None]
) -> None:
    """A row of values in their columns' styles."""
    for number, (column, value) in enumerate(zip(columns, values, strict=True), 1):
        put(sheet, row, number, value, column.style)


def merge(sheet: Worksheet, row: int, first: int, last: int) -> None:
    """Makes one cell of those of a row; openpyxl's own way also looks through their borders, which takes long."""
    sheet.merged_cells.add(f"{get_column_letter(first)}{row}:{get_column_letter(last)}{row}")


def fit_row(sheet: Worksheet, row: int, *cells: tuple[str, float], least: float = 15.0) -> None:
    """Makes a row high enough for texts that wrap, each given with the width of its column in characters."""
    sheet.row_dimensions[row].height = max(least, *(13.0 * lines_needed(text, width) + 3 for text, width in cells))


def put_headings(sheet: Worksheet, row: int, columns: Sequence[Column]) -> None:
    """The column headings, and the columns' widths."""
    for number, column in enumerate(columns, 1):
        put(sheet, row, number, column.title, _HEADINGS.get(column.style, "heading"))
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.row_dimensions[row].height = 28


def lines_needed(text: str, width: float) -> int:
    """About how many lines a text takes in a column `width` characters wide; rather one too many."""
    lines = 0
    for part in text.split("\n"):
        used, lines = 0.0, lines + 1
        for word in part.replace("-", "- ").split(" "):
            long = sum(1.25 if letter.isupper() or letter in "mwMW" else 1.0 for letter in word) * 1.05
            if used and used + 1 + long > width:
                used, lines = 0.0, lines + 1
            lines += int(long // width)
            used += long % width + 1
    return lines


def set_up_page(
    sheet: Worksheet,
    *,
    heading_row: int | None,
    last_row: int,
    columns: int,
    wide: bool = False,
    head: str = "",
    foot: str = "",
    table_end: int | None = None,
) -> None:
    """A4, one page wide, page x of y at the foot; with `heading_row`, that row frozen, filtered (down to `table_end`,
    or the last row) and printed again on every page. `head` and `foot` are short texts for the top and the foot.
    """
    page = sheet.page_setup
    page.paperSize = 9
    page.orientation = "landscape" if wide else "portrait"
    page.fitToWidth, page.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins
    margins.left = margins.right = 0.5
    margins.top, margins.bottom = 0.7, 0.75
    margins.header = margins.footer = 0.3
    sheet.print_options.horizontalCentered = True
    last = get_column_letter(columns)
    sheet.print_area = f"A1:{last}{last_row}"
    if heading_row is not None:
        sheet.freeze_panes = f"A{heading_row + 1}"
        sheet.print_title_rows = f"{heading_row}:{heading_row}"
        sheet.auto_filter.ref = f"A{heading_row}:{last}{max(table_end or last_row, heading_row)}"
    sheet.oddHeader.right.text = header_text(head)
    sheet.oddFooter.left.text = header_text(foot)
    sheet.oddFooter.right.text = "Page &P of &N"
    for part in (sheet.oddHeader.right, sheet.oddFooter.left, sheet.oddFooter.right):
        part.size = 8


def header_text(text: str) -> str:
    """A text as Excel's headers and footers take it: `&` begins a code there, and 255 characters is the most."""
    return _NOT_XML.sub("", text)[:100].replace("&", "&&")


def written(workbook: Workbook, *late: Callable[[dict[str, bytes]], None]) -> bytes:
    """The workbook's file. The same workbook gives the same bytes: no clock in it, members in a fixed order. `late` is
    given the members' names and contents, to put in what is quicker written as text.
    """
    loose = io.BytesIO()
    ExcelWriter(workbook, ZipFile(loose, "w", ZIP_STORED)).save()
    with ZipFile(loose) as source:
        members = {name: source.read(name) for name in source.namelist()}
    for put_into in late:
        put_into(members)
    whole = io.BytesIO()
    with ZipFile(whole, "w") as to:
        for name, content in members.items():
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 0
            # What the document says of itself stays readable without a workbook program, even in a damaged file.
            entry.compress_type = ZIP_STORED if name == _CORE else ZIP_DEFLATED
            to.writestr(entry, content)
    return whole.getvalue()
