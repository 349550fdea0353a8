"""Tables: a heading repeated on every page, rows never split, long texts wrapped in their cell."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from ancadmin.writers.pdf.base import FAINT, HAIR, INK, LEADING, Block, Canvas
from ancadmin.writers.pdf.canvas import Text
from ancadmin.writers.pdf.text import BOLD, REGULAR, width, wrapped

PADDING = 4.0
_ABOVE = 2.0  # free above and below the lines of a cell


@dataclass(frozen=True)
class Column:
    """A column `across` points wide. `align` is left, right or center; `box` draws lines on both sides (a place to
    write in). `size` is that of its text where it is not the table's.
    """

    title: str
    across: float
    align: str = "left"
    font: str = REGULAR
    box: bool = False
    size: float | None = None


@dataclass(frozen=True)
class Look:
    """How a table looks: size of its text, least height of a row, whether rows are ruled off, what is free on both
    sides of a text.
    """

    size: float = 8.5
    row_height: float = 14.0
    ruled: bool = True
    heading_size: float = 8.0
    padding: float = PADDING


def shared(total: float, *shares: float) -> list[float]:
    """`total` divided in proportion to `shares`."""
    return [total * share / sum(shares) for share in shares]


def table(columns: Sequence[Column], rows: Iterable[Sequence[str]], look: Look | None = None) -> list[Block]:
    """The heading and a block for each row; a row higher than `row_height` grows."""
    grid = Grid(tuple(columns), look or Look())
    heading = grid.heading()
    first = Block(heading.height, heading.draw, with_next=True)
    return [first, *(grid.row(cells, heading=heading) for cells in rows)]


def heading_row(columns: Sequence[Column], look: Look) -> Block:
    """The column headings on grey, wrapped where they must be."""
    return Grid(tuple(columns), look).heading()


def row(
    columns: Sequence[Column],
    cells: Sequence[str],
    look: Look,
    *,
    heading: Block | None = None,
    bold: bool = False,
    rule_above: bool = False,
) -> Block:
    """One row. `bold` for totals, `rule_above` for the line a sum stands under."""
    return Grid(tuple(columns), look).row(cells, heading=heading, bold=bold, rule_above=rule_above)


@dataclass(frozen=True)
class _Cell:
    """A column as rows need it, for every one of them: `left` counts from the table's edge."""

    left: float
    across: float
    align: str
    font: str
    size: float
    fits: float


@dataclass(frozen=True)
class Grid:
    """The columns of a table and its look, to draw rows in."""

    columns: tuple[Column, ...]
    look: Look

    @cached_property
    def across(self) -> float:
        """The table from side to side."""
        return sum(column.across for column in self.columns)

    def heading(self) -> Block:
        """The column headings on grey, wrapped where they must be."""
        size, total = self.look.heading_size, self.across
        cells = [self._cell(number, BOLD, size) for number in range(len(self.columns))]
        lines = [wrapped(column.title, BOLD, size, cell.fits) for column, cell in zip(self.columns, cells, strict=True)]
        height = max(len(texts) for texts in lines) * size * LEADING + 2 * _ABOVE

        def draw(canvas: Canvas, left: float, top: float) -> None:
            canvas.setFillGray(0.88)
            canvas.rect(left, top - height, total, height, stroke=0, fill=1)
            canvas.setFillGray(INK)
            canvas.setStrokeGray(INK)
            canvas.setLineWidth(0.8)
            canvas.line(left, top - height, left + total, top - height)
            canvas.show(self._placed(cells, lines, left, top, height))

        return Block(height, draw)

    def row(
        self,
        texts: Sequence[str],
        *,
        heading: Block | None = None,
        bold: bool = False,
        rule_above: bool = False,
        mark: str = "",
    ) -> Block:
        """One row. `bold` for totals, `rule_above` for the line a sum stands under; `mark` is the block's."""
        cells = self._bold if bold else self._plain
        lines = [wrapped(text, cell.font, cell.size, cell.fits) for text, cell in zip(texts, cells, strict=True)]
        height = self.look.row_height
        for cell, own in zip(cells, lines, strict=True):
            height = max(height, len(own) * cell.size * LEADING + 2 * _ABOVE)

        def draw(canvas: Canvas, left: float, top: float) -> None:
            if self.look.ruled:
                canvas.addLiteral(self._rules(left, top, height))
            if rule_above:
                canvas.setStrokeGray(INK)
                canvas.setLineWidth(0.8)
                canvas.line(left, top, left + self.across, top)
            canvas.show(self._placed(cells, lines, left, top, height))

        return Block(height, draw, heading, mark=mark)

    @cached_property
    def _plain(self) -> list[_Cell]:
        return [self._cell(number, column.font, None) for number, column in enumerate(self.columns)]

    @cached_property
    def _bold(self) -> list[_Cell]:
        return [self._cell(number, BOLD, None) for number in range(len(self.columns))]

    def _cell(self, number: int, font: str, size: float | None) -> _Cell:
        column = self.columns[number]
        left = sum(other.across for other in self.columns[:number])
        size = size or column.size or self.look.size
        return _Cell(left, column.across, column.align, font, size, column.across - 2 * self.look.padding)

    @cached_property
    def _edges(self) -> list[float]:
        """Where lines stand beside places to write in, from the table's edge."""
        boxed = [number for number, column in enumerate(self.columns) if column.box]
        return sorted({self._plain[at].left + side for at in boxed for side in (0.0, self.columns[at].across)})

    def _rules(self, left: float, top: float, height: float) -> str:
        """The line under a row and those of its boxes, hair thin."""
        above, below = f"{top:.2f}", f"{top - height:.2f}"
        lines = [f"{HAIR:g} G .4 w {left:.2f} {below} m {left + self.across:.2f} {below} l"]
        lines += [f"{left + edge:.2f} {above} m {left + edge:.2f} {below} l" for edge in self._edges]
        return " ".join([*lines, "S"])

    def _placed(
        self, cells: Sequence[_Cell], lines: Sequence[Sequence[str]], left: float, top: float, height: float
    ) -> Iterator[Text]:
        """All texts of a row, each cell centred on the row's height."""
        for cell, texts in zip(cells, lines, strict=True):
            step = cell.size * LEADING
            base = top - (height - len(texts) * step) / 2 - cell.size * 1.02
            for line in texts:
                if line:
                    yield cell.font, cell.size, left + self._start(cell, line), base, line
                base -= step

    def _start(self, cell: _Cell, line: str) -> float:
        if cell.align == "left":
            return cell.left + self.look.padding
        used = width(line, cell.font, cell.size)
        if cell.align == "right":
            return cell.left + cell.across - self.look.padding - used
        return cell.left + (cell.across - used) / 2


__all__ = ["FAINT", "Column", "Grid", "Look", "heading_row", "row", "shared", "table"]
