"""Tables: a heading repeated on every page, rows never split, long texts wrapped in their cell."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from ancadmin.writers.pdf.base import FAINT, HAIR, INK, LEADING, Block
from ancadmin.writers.pdf.text import BOLD, REGULAR, width, widths, wrapped

PADDING = 4.0
_ABOVE = 2.0  # free above and below the lines of a cell


@dataclass(frozen=True)
class Column:
    """A column `across` points wide. `align` is left, right or center; `box` draws lines on both sides (a place to
    write in).
    """

    title: str
    across: float
    align: str = "left"
    font: str = REGULAR
    box: bool = False


@dataclass(frozen=True)
class Look:
    """How a table looks: size of its text, least height of a row, whether rows are shaded in turn or ruled."""

    size: float = 8.5
    row_height: float = 14.0
    ruled: bool = True
    heading_size: float = 8.0


def shared(total: float, *shares: float) -> list[float]:
    """`total` divided in proportion to `shares`."""
    return [total * share / sum(shares) for share in shares]


def table(columns: Sequence[Column], rows: Iterable[Sequence[str]], look: Look | None = None) -> list[Block]:
    """The heading and a block for each row; a row higher than `row_height` grows."""
    look = look or Look()
    heading = heading_row(columns, look)
    first = Block(heading.height, heading.draw, with_next=True)
    return [first, *(row(columns, cells, look, heading=heading) for cells in rows)]


def heading_row(columns: Sequence[Column], look: Look) -> Block:
    """The column headings on grey, wrapped where they must be."""
    size = look.heading_size
    lines = [wrapped(column.title, BOLD, size, column.across - 2 * PADDING) for column in columns]
    height = max(len(texts) for texts in lines) * size * LEADING + 2 * _ABOVE
    total = sum(column.across for column in columns)

    def draw(canvas: Canvas, left: float, top: float) -> None:
        canvas.setFillGray(0.88)
        canvas.rect(left, top - height, total, height, stroke=0, fill=1)
        canvas.setFillGray(INK)
        canvas.setStrokeGray(INK)
        canvas.setLineWidth(0.8)
        canvas.line(left, top - height, left + total, top - height)
        _cells(canvas, columns, lines, left, top, height, size, [BOLD] * len(columns))

    return Block(height, draw)


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
    fonts = [BOLD if bold else column.font for column in columns]
    lines = [
        wrapped(text, font, look.size, column.across - 2 * PADDING)
        for text, font, column in zip(cells, fonts, columns, strict=True)
    ]
    most = max(len(texts) for texts in lines)
    height = max(look.row_height, most * look.size * LEADING + 2 * _ABOVE)
    total = sum(column.across for column in columns)

    def draw(canvas: Canvas, left: float, top: float) -> None:
        if look.ruled:
            canvas.setStrokeGray(HAIR)
            canvas.setLineWidth(0.4)
            canvas.line(left, top - height, left + total, top - height)
            _boxes(canvas, columns, left, top, height)
        if rule_above:
            canvas.setStrokeGray(INK)
            canvas.setLineWidth(0.8)
            canvas.line(left, top, left + total, top)
        _cells(canvas, columns, lines, left, top, height, look.size, fonts)

    return Block(height, draw, heading=heading)


def _boxes(canvas: Canvas, columns: Sequence[Column], left: float, top: float, height: float) -> None:
    for column in columns:
        if column.box:
            canvas.line(left, top, left, top - height)
            canvas.line(left + column.across, top, left + column.across, top - height)
        left += column.across


def _cells(
    canvas: Canvas,
    columns: Sequence[Column],
    lines: Sequence[Sequence[str]],
    left: float,
    top: float,
    height: float,
    size: float,
    fonts: Sequence[str],
) -> None:
    """All texts of a row in one text object, each cell centred on the row's height."""
    text = canvas.beginText()
    step = size * LEADING
    font_set = ""
    for column, texts, font in zip(columns, lines, fonts, strict=True):
        base = top - (height - len(texts) * step) / 2 - size * 1.02
        if font != font_set:
            widths(font)  # makes the font known
            text.setFont(font, size)
            font_set = font
        for line in texts:
            if line:
                text.setTextOrigin(_start(column, line, font, size, left), base)
                text.textLine(line)  # textOut would measure it once more
            base -= step
        left += column.across
    canvas.drawText(text)


def _start(column: Column, line: str, font: str, size: float, left: float) -> float:
    if column.align == "left":
        return left + PADDING
    used = width(line, font, size)
    if column.align == "right":
        return left + column.across - PADDING - used
    return left + (column.across - used) / 2


__all__ = ["FAINT", "Column", "Look", "heading_row", "row", "shared", "table"]
