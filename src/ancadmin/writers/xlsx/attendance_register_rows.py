"""The rows of an attendance register as a workbook, in every style: columns, groups, letters at the edge, bar codes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ancadmin.domain.attendance import AttendanceRegister, Attendee, Style
from ancadmin.domain.attendance_room import Numbered, by_voting_district, first_letter
from ancadmin.domain.papers import cell_words, masked
from ancadmin.writers.xlsx.bar_codes import BarCodes
from ancadmin.writers.xlsx.base import DAY, FONT, Column, lines_needed, put
from ancadmin.writers.xlsx.long_table import LongTable

# In millimetres; the sheet may be shrunk by a third before its bars are too thin for a scanner.
_BAR_MODULE, _BAR_HIGH = 0.36, 8.0
# How much of a column's width the widest letters take.
_WIDEST = 1.32


@dataclass(frozen=True)
class Print:
    """Sizes of names, of what else stands in a row, of the facts above, in points; and a row's least height."""

    name: float
    rest: float
    facts: float
    row: float


def print_of(style: Style) -> Print:
    """Sheets are shrunk a little to the width of their page: these are larger by as much."""
    if style.large:
        return Print(14.5, 13.5, 12.5, 44)
    return Print(10.5, 10, 10, 37 if style.scan else 33.5)


def columns_of(style: Style) -> list[Column]:
    """The table's columns; the last is the edge, where letters stand."""
    widths: tuple[float, ...]
    if style.large and style.scan:
        widths = (6.5, 20, 20, 22, 12.5, 17.5, 10.5, 24, 3.4)
    elif style.large:
        widths = (7, 20, 24, 27, 12.5, 17.5, 10.5, 27, 3.4)
    elif style.scan:
        widths = (5.5, 15, 20, 22, 10, 13, 8.5, 25, 2.8)
    else:
        widths = (5, 14.8, 15.6, 17, 9.8, 12.6, 8, 21.6, 2.8)
    titles = ("No", "ID number", "Surname", "First names", "Voting district", "Cell", "Present", "Signature", "")
    styles = ("centre", "code", "surname", "text", "code", "code", "free", "free", "edge")
    columns = [Column(*column) for column in zip(titles, widths, map(_own, styles), strict=True)]
    if style.scan and style.mask_ids:
        columns.insert(6, Column("Bar code of No", 18, _own("centre")))
    elif style.scan:
        columns.insert(6, Column("Bar code", 28.5, _own("centre")))
    return columns


def _own(style: str) -> str:
    return f"register_{style}"


def styles_of(style: Style) -> list[NamedStyle]:
    """The register's own styles. Only what is filled in at the meeting is not locked."""
    sizes = print_of(style)
    hair, thin = Side(style="hair", color="FF808080"), Side(style="thin", color="FF000000")
    ruled = Border(bottom=hair, left=hair, right=hair)
    white = Side(style="medium", color="FFFFFFFF")
    between = Border(top=white, bottom=white)
    open_to_all = Protection(locked=False)

    def made(
        name: str, size: float, across: str | None = None, *, bold: bool = False, wrap: bool = False,
        color: str = "FF000000", **more: object,
    ) -> NamedStyle:  # fmt: skip
        font = Font(name=FONT, size=size, bold=bold, color=color)
        alignment = Alignment(
            horizontal=across, vertical="center", wrap_text=wrap, shrink_to_fit=name in ("code", "label")
        )
        return NamedStyle(name=_own(name), font=font, alignment=alignment, **more)

    grey, pale, black = (PatternFill("solid", fgColor=shade) for shade in ("FFE0E0E0", "FFF0F0F0", "FF000000"))
    headed = Border(top=thin, bottom=thin, left=hair, right=hair)
    return [
        made("title", sizes.facts + 6, bold=True),
        made("kind", sizes.facts + 1.5),
        made("label", sizes.facts - 1.5),
        made("value", sizes.facts, bold=True, wrap=True),
        made("day", sizes.facts, "left", bold=True, number_format=DAY),
        made("count", sizes.facts, "left", bold=True, number_format="#,##0"),
        made("note", sizes.facts - 1, wrap=True),
        made("box", sizes.facts, bold=True, wrap=True, border=Border(top=thin, bottom=thin, left=thin, right=thin)),
        made("heading", sizes.rest, bold=True, wrap=True, fill=grey, border=headed),
        made("centre", sizes.rest, "center", border=ruled),
        made("code", sizes.rest, border=ruled, number_format="@"),
        made("surname", sizes.name, bold=True, wrap=True, border=ruled),
        made("text", sizes.name, wrap=True, border=ruled),
        made("free", sizes.rest, "center", wrap=True, border=ruled, protection=open_to_all),
        made("edge", sizes.name + 1, "center", bold=True, color="FFFFFFFF", fill=black, border=between),
        made("group", sizes.rest, bold=True, fill=pale, border=Border(bottom=thin)),
        made("sum", sizes.rest, bold=True, border=Border(bottom=thin)),
        made("sign", sizes.rest, border=Border(bottom=thin), protection=open_to_all),
        made("jump", 11, "center", bold=True, color="FF0000C0"),
    ]


def put_titles(sheet: Worksheet, row: int, columns: Sequence[Column], sizes: Print) -> None:
    """The column headings, and the columns' widths."""
    for number, column in enumerate(columns, 1):
        if column.title:
            put(sheet, row, number, column.title, _own("heading"))
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.row_dimensions[row].height = sizes.rest * 3


@dataclass
class Rows:
    """The table of a register under the heading row of a sheet, and what leads to its parts."""

    sheet: Worksheet
    register: AttendanceRegister
    style: Style
    heading_row: int
    columns: list[Column] = field(init=False)
    table: LongTable = field(init=False)
    bars: BarCodes = field(init=False)

    def __post_init__(self) -> None:
        self.columns = columns_of(self.style)
        self.table = LongTable(self.sheet, self.heading_row)
        self.bars = BarCodes(self.sheet, _BAR_MODULE, _BAR_HIGH)
        self._sizes = print_of(self.style)
        self._jumps: list[tuple[str, int]] = []
        self._styles = [column.style for column in self.columns]

    def write(self) -> None:
        """Heading, rows and, by voting district, a heading and a subtotal for each, and the total."""
        put_titles(self.sheet, self.heading_row, self.columns, self._sizes)
        numbered = list(enumerate(self.register.attendees, 1))
        if not self.style.by_voting_district:
            self._people(numbered)
        else:
            for district, people in by_voting_district(numbered):
                title = f"Voting district {district or 'none on record'}"
                self._line(title, "group", district)
                self._jumps.append((district or "none", self.table.row))
                self._people(people)
                self._line(f"{title}: {_members(len(people))}", "sum", district)
            self._line(f"All voting districts: {_members(len(numbered))}", "sum")
        self._put_jumps()

    def _people(self, people: Sequence[Numbered]) -> None:
        for letter, own in groupby(people, lambda one: first_letter(one[1].surname)):
            if not self.style.by_voting_district:
                self._jumps.append((letter, self.table.row + 1))
            edge: tuple[str, ...] = (letter,)
            for number, one in own:
                self._row(number, one, edge)
                edge = ()

    def _row(self, number: int, one: Attendee, edge: tuple[str, ...]) -> None:
        hidden = self.style.mask_ids
        high = max(self._high(one.surname, 2), self._high(one.first_names, 3), self._sizes.row)
        values: list[str | int | None] = [
            number,
            masked(one.id_number) if hidden else one.id_number,
            one.surname,
            one.first_names,
            one.voting_district,
            cell_words(one.cell),
            *((None,) if self.style.scan else ()),
            None,
            None,
            *edge,
        ]
        self.table.add(values, self._styles[: len(values)], high)
        if self.style.scan:
            # A masked number is not given away by its bars: these say which row it is.
            self.bars.add(f"{number:06}" if hidden else one.id_number, 7, self.table.row, high)

    def _high(self, text: str, column: int) -> float:
        """What a name needs that is wrapped in its column."""
        fits = self.columns[column].width * 10 / self._sizes.name
        if len(text) * _WIDEST <= fits:
            return 0.0
        return self._sizes.name * 1.3 * lines_needed(text, fits) + 4

    def _line(self, text: str, style: str, district: str | None = None) -> None:
        """A heading or a sum; it carries its voting district, so that a filter shows it with its people."""
        values = [text, None, None, None, district, *[None] * (len(self.columns) - 6)]
        self.table.add(values, [_own(style)] * len(values), self._sizes.rest * 2.2)

    def _put_jumps(self) -> None:
        """Right of the table, where nothing is printed: what jumps to where a letter or a voting district begins."""
        from openpyxl.worksheet.hyperlink import Hyperlink

        wide = 11.0 if self.style.by_voting_district else 3.6
        for number, (label, row) in enumerate(self._jumps, len(self.columns) + 2):
            put(self.sheet, self.heading_row, number, label, _own("jump"))
            cell = self.sheet.cell(self.heading_row, number)
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{self.sheet.title}'!B{row}")
            self.sheet.column_dimensions[get_column_letter(number)].width = wide


def _members(count: int) -> str:
    return "1 member" if count == 1 else f"{count} members"
