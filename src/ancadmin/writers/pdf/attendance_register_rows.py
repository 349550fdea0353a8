"""The rows of an attendance register on A4, in every style: columns, groups, letters at the edge, bar codes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from ancadmin.domain.attendance import AttendanceRegister, Attendee, Style
from ancadmin.domain.attendance_room import Numbered, by_voting_district, first_letter
from ancadmin.domain.papers import cell_words, masked
from ancadmin.writers.code128 import QUIET, modules_of, widths_of
from ancadmin.writers.pdf.base import BOLD, INK, REGULAR, Block, Canvas, mm, paragraph, put, stacked
from ancadmin.writers.pdf.table import Column, Grid, Look
from ancadmin.writers.pdf.text import width

# Beside the table, and no nearer to the edge of the paper than printers print.
_TAB_FROM, _TAB, _TAB_HIGH = 2.2 * mm, 6.5 * mm, 8 * mm
_PADDING = 3.0
NO_DISTRICT = "none on record"


@dataclass(frozen=True)
class Print:
    """Sizes: of names, of what else stands in a row, of headings and the facts above; a row's least height, the width
    to sign in, the thinnest bar of a bar code.
    """

    name: float
    rest: float
    heading: float
    facts: float
    row: float
    signature: float
    module: float = 0.33 * mm


def print_of(style: Style) -> Print:
    """Names are read at arm's length by lamp light; a bar code needs free paper above and below it."""
    if style.large:
        return Print(14, 13, 11.5, 12.5, 14 * mm, (48 if style.scan else 55) * mm, 0.3 * mm)
    return Print(10.5, 9.5, 9, 10, (12 if style.scan else 10) * mm, (50 if style.scan else 40) * mm)


@dataclass(frozen=True)
class Rows:
    """The table of a register, `across` points wide."""

    register: AttendanceRegister
    style: Style
    across: float

    def blocks(self) -> list[Block]:
        """Heading and rows; of people by voting district each group with its heading and subtotal, and the total."""
        heading = self._grid.heading()
        numbered = list(enumerate(self.register.attendees, 1))
        blocks = [replace(heading, with_next=True)]
        if not numbered:
            blocks.append(paragraph("Nobody was in good standing on the cut-off day.", self.across, size=10, after=8))
        elif self.style.by_voting_district:
            for district, people in by_voting_district(numbered):
                blocks += self._group(district or NO_DISTRICT, people, heading)
            blocks.append(self._sum(f"All voting districts: {_members(len(numbered))}", heading))
        else:
            blocks += self._people(numbered, heading)
        return blocks

    def _group(self, district: str, people: list[Numbered], heading: Block) -> Iterator[Block]:
        title = f"Voting district {district}"
        counted = _members(len(people))
        opening = self._band(f"{title}: {counted}")
        yield replace(_beginning(opening, title, district, 0), heading=heading, with_next=True)
        *most, last = self._people(people, stacked(heading, self._band(f"{title}: {counted} (continued)")), district)
        yield from most
        yield replace(last, with_next=True)
        yield replace(self._sum(f"{title}: {counted}", heading), mark=district)

    def _people(self, people: Iterable[Numbered], heading: Block, district: str | None = None) -> Iterator[Block]:
        """A row each. Where a letter begins it stands at the edge of the page, and at the top of pages it goes on."""
        for letter, own in groupby(people, lambda one: first_letter(one[1].surname)):
            again = self._with_tab(heading, letter, begins=False)
            begins = True
            for number, one in own:
                row = self._row(number, one, heading if begins else again, district or one.surname)
                if begins:
                    row = self._with_tab(row, letter, begins=True)
                    row = _beginning(row, letter, f"{district or ''}/{number}", 0 if district is None else 1)
                    begins = False
                yield row

    def _row(self, number: int, one: Attendee, heading: Block, mark: str) -> Block:
        texts = [
            str(number),
            masked(one.id_number) if self.style.mask_ids else one.id_number,
            one.surname,
            one.first_names,
            one.voting_district or "",
            cell_words(one.cell),
            "",
        ]
        if not self.style.scan:
            return self._grid.row(texts, heading=heading, mark=mark)
        texts.insert(-1, "")
        row = self._grid.row(texts, heading=heading, mark=mark)
        # A masked number is not given away by its bars: these say which row it is.
        said = f"{number:06}" if self.style.mask_ids else one.id_number
        return self._with_bars(row, said)

    @cached_property
    def _print(self) -> Print:
        return print_of(self.style)

    @cached_property
    def _grid(self) -> Grid:
        fits = self._print

        def wide(sample: str) -> float:
            return width(sample, REGULAR, fits.rest) + 2 * _PADDING + 0.5

        columns = [
            Column("No", wide("0" * max(3, len(str(len(self.register.attendees))))), "right"),
            Column("ID number", wide("0" * 13)),
            Column("Voting district", wide("0" * 8)),
            Column("Cell", wide("000 000 0000")),
            Column("Signature", fits.signature, box=True),
        ]
        if self.style.scan:
            modules = modules_of("0" * (6 if self.style.mask_ids else 13)) + 2 * QUIET
            title = "Bar code of No" if self.style.mask_ids else "Bar code"
            columns.insert(-1, Column(title, modules * fits.module + 2))
        left = self.across - sum(column.across for column in columns)
        columns[2:2] = [
            Column("Surname", left * 0.49, font=BOLD, size=fits.name),
            Column("First names", left * 0.51, size=fits.name),
        ]
        look = Look(fits.rest, fits.row, heading_size=fits.heading, padding=_PADDING)
        return Grid(tuple(columns), look)

    def _band(self, text: str) -> Block:
        """The heading of a group, on grey from side to side."""
        height, size, across = self._print.rest * 2.1, self._print.rest + 1, self.across

        def draw(canvas: Canvas, left: float, top: float) -> None:
            canvas.setFillGray(0.94)
            canvas.rect(left, top - height, across, height, stroke=0, fill=1)
            canvas.setFillGray(INK)
            canvas.setStrokeGray(INK)
            canvas.setLineWidth(0.5)
            canvas.line(left, top - height, left + across, top - height)
            put(canvas, text, left + _PADDING, top - height * 0.5 - size * 0.35, font=BOLD, size=size)

        return Block(height, draw)

    def _sum(self, text: str, heading: Block) -> Block:
        line = paragraph(text, self.across - _PADDING, font=BOLD, size=self._print.rest + 0.5, align="right", after=8)
        under = stacked(Block(4, lambda canvas, left, top: None), line)
        return replace(under, heading=heading)

    def _with_tab(self, block: Block, letter: str, *, begins: bool) -> Block:
        """A letter at the edge of the page: white on black where it begins, framed where it goes on."""
        at = self.across + _TAB_FROM
        high = min(_TAB_HIGH, block.height)

        def draw(canvas: Canvas, left: float, top: float) -> None:
            block.draw(canvas, left, top)
            canvas.setStrokeGray(INK)
            canvas.setLineWidth(0.6)
            canvas.rect(left + at, top - high, _TAB, high, stroke=1, fill=int(begins))
            canvas.setFillGray(1 if begins else INK)
            put(canvas, letter, left + at + _TAB / 2, top - high / 2 - 4.3, font=BOLD, size=12, align="center")
            canvas.setFillGray(INK)

        return replace(block, draw=draw)

    def _with_bars(self, row: Block, digits: str) -> Block:
        module = self._print.module
        at = sum(column.across for column in self._grid.columns[:-2]) + 1 + QUIET * module
        high = self._print.row - 4 * mm
        bars = bars_of(digits)

        def draw(canvas: Canvas, left: float, top: float) -> None:
            row.draw(canvas, left, top)
            base = top - (row.height + high) / 2
            canvas.addLiteral(f"q {module:.4f} 0 0 {high:.2f} {left + at:.2f} {base:.2f} cm {bars} f Q")

        return replace(row, draw=draw)


def bars_of(digits: str) -> str:
    """The bars of a bar code as rectangles in modules, 1 high."""
    drawn, at = [], 0
    for number, across in enumerate(map(int, widths_of(digits))):
        if number % 2 == 0:
            drawn.append(f"{at} 0 {across} 1 re")
        at += across
    return " ".join(drawn)


def _beginning(block: Block, title: str, key: str, level: int) -> Block:
    """The block, with an entry in the outline that leads to it."""

    def draw(canvas: Canvas, left: float, top: float) -> None:
        canvas.bookmarkHorizontal(key, 0, top + 4)
        canvas.addOutlineEntry(title, key, level, closed=level == 0)
        block.draw(canvas, left, top)

    return replace(block, draw=draw)


def _members(count: int) -> str:
    return "1 member" if count == 1 else f"{count} members"
