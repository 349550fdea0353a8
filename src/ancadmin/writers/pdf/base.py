"""Blocks put on A4 pages, one under the other. All lengths are points (1/72 inch), positions count from the top.

A paper is a list of blocks. A block is drawn whole or moved to the next page; one that starts a page brings its
`heading` with it, which is how a table repeats its column headings. Pages are laid out before anything is drawn, so
that every page knows how many there are. Equal blocks give equal bytes.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from reportlab import rl_config
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm

from ancadmin.writers.pdf.canvas import Canvas
from ancadmin.writers.pdf.text import BOLD, REGULAR, fitted, width, wrapped

# Streams as bytes: reportlab's default spells them out in ASCII, a quarter larger and a third slower.
rl_config.useA85 = 0

MARGIN = 15 * mm
INK = 0.0
FAINT = 0.35
HAIR = 0.6
LEADING = 1.3

__all__ = [
    "BOLD",
    "FAINT",
    "HAIR",
    "INK",
    "LEADING",
    "MARGIN",
    "REGULAR",
    "Block",
    "Canvas",
    "Paper",
    "mm",
    "opened",
    "paragraph",
    "put",
    "running_head",
    "space",
    "stacked",
    "write_pdf",
]


@dataclass(frozen=True)
class Block:
    """Something of a known height. `draw(canvas, left, top)` draws it downwards from `top` (counted up the page).

    `heading` is repeated above the block when it is the first on a page; `with_next` keeps it off the foot of a page.
    `mark` is what a page's `span` calls it by.
    """

    height: float
    draw: Callable[[Canvas, float, float], None]
    heading: "Block | None" = None
    with_next: bool = False
    mark: str = ""


@dataclass(frozen=True)
class Paper:
    """What a document says of itself, and the bands drawn on its pages.

    `day` is the document's date (never the clock). `head` is drawn on every page but the first, `foot(canvas, left,
    bottom, page, pages)` on every page, upwards from `bottom`, in the lowest `foot_height` of it. `span(canvas, left,
    top, first, last)` is drawn at the top of every page with marked blocks: the marks of the first and the last.
    """

    title: str
    subject: str
    day: date
    keywords: str = ""
    wide: bool = False
    head: Block | None = None
    foot: "Callable[[Canvas, float, float, int, int], None] | None" = None
    foot_height: float = 0.0
    span: "Callable[[Canvas, float, float, str, str], None] | None" = None

    @property
    def width(self) -> float:
        """What blocks have from side to side."""
        return float(self.size[0] - 2 * MARGIN)

    @property
    def size(self) -> tuple[float, float]:
        """The page: A4, upright or `wide`."""
        across, up = landscape(A4) if self.wide else A4
        return float(across), float(up)


def write_pdf(to: Path | BinaryIO, paper: Paper, blocks: Iterable[Block]) -> int:
    """Writes the paper and returns its number of pages (at least one). A block higher than a page is a defect."""
    _, up = paper.size
    full = up - 2 * MARGIN - paper.foot_height
    head = paper.head.height if paper.head else 0.0
    pages = laid_out(list(blocks), full, full - head)
    canvas = opened(to, paper, paper.size)
    for number, page in enumerate(pages, 1):
        top = up - MARGIN
        if number > 1 and paper.head:
            paper.head.draw(canvas, MARGIN, top)
            top -= paper.head.height
        for offset, block in page:
            block.draw(canvas, MARGIN, top - offset)
        marks = [block.mark for _, block in page if block.mark] if paper.span else []
        if paper.span and marks:
            paper.span(canvas, MARGIN, up - MARGIN, marks[0], marks[-1])
        if paper.foot:
            paper.foot(canvas, MARGIN, MARGIN, number, len(pages))
        canvas.showPage()
    canvas.save()
    return len(pages)


def opened(to: Path | BinaryIO, paper: Paper, size: tuple[float, float]) -> Canvas:
    """An empty file with pages of a size, which says of itself what the paper does; equal drawings give equal bytes."""
    canvas = Canvas(
        str(to) if isinstance(to, Path) else to,
        pagesize=size,
        invariant=1,
        pageCompression=1,
        lang="en-ZA",
    )
    canvas.setTitle(paper.title)
    canvas.setSubject(paper.subject)
    canvas.setKeywords(paper.keywords)
    canvas.setAuthor("ancadmin")
    canvas.setCreator("ancadmin")
    canvas.setDateFormatter(lambda *_: f"D:{paper.day:%Y%m%d}000000+02'00'")
    return canvas


def laid_out(blocks: Sequence[Block], first: float, others: float) -> list[list[tuple[float, Block]]]:
    """Blocks by page, each with its distance from the top; `first` and `others` are what the pages hold."""
    pages: list[list[tuple[float, Block]]] = [[]]
    used, holds = 0.0, first
    for index, block in enumerate(blocks):
        if pages[-1] and used + _kept_together(blocks, index) > holds:
            pages.append([])
            used, holds = 0.0, others
        if not pages[-1] and block.heading and len(pages) > 1:
            pages[-1].append((used, block.heading))
            used += block.heading.height
        pages[-1].append((used, block))
        used += block.height
    return pages


def _kept_together(blocks: Sequence[Block], index: int) -> float:
    height = blocks[index].height
    while blocks[index].with_next and index + 1 < len(blocks):
        index += 1
        height += blocks[index].height
    return height


def put(
    canvas: Canvas, text: str, left: float, base: float, *, font: str = REGULAR, size: float = 9, align: str = "left"
) -> None:
    """One line of text on the base line `base`; `left` is its left end, its middle or its right end by `align`."""
    if align != "left":
        left -= width(text, font, size) * (1 if align == "right" else 0.5)
    else:
        width("", font, size)  # makes the font known
    canvas.setFont(font, size)
    canvas.drawString(left, base, text)


def space(height: float) -> Block:
    """Nothing, `height` high."""
    return Block(height, lambda canvas, left, top: None)


def paragraph(
    text: str,
    across: float,
    *,
    font: str = REGULAR,
    size: float = 9,
    align: str = "left",
    grey: float = INK,
    after: float = 0,
    with_next: bool = False,
) -> Block:
    """A text wrapped to `across`, with `after` free below it."""
    lines = wrapped(text, font, size, across)
    step = size * LEADING

    def draw(canvas: Canvas, left: float, top: float) -> None:
        canvas.setFillGray(grey)
        at = left + {"left": 0.0, "center": across / 2, "right": across}[align]
        for number, line in enumerate(lines):
            put(canvas, line, at, top - number * step - size * 1.02, font=font, size=size, align=align)
        canvas.setFillGray(INK)

    return Block(len(lines) * step + after, draw, with_next=with_next)


def stacked(*blocks: Block) -> Block:
    """Blocks under one another as one that is not parted."""

    def draw(canvas: Canvas, left: float, top: float) -> None:
        for block in blocks:
            block.draw(canvas, left, top)
            top -= block.height

    return Block(sum(block.height for block in blocks), draw)


def running_head(left_text: str, right_text: str, across: float = A4[0] - 2 * MARGIN) -> Block:
    """The line at the top of every page but the first: what the paper is, and what it is for."""

    def draw(canvas: Canvas, left: float, top: float) -> None:
        end = left + across
        right_start = end - width(right_text, REGULAR, 8) - 12
        put(canvas, left_text, left, top - 8, font=BOLD, size=fitted(left_text, BOLD, 8, right_start - left, least=5))
        put(canvas, right_text, end, top - 8, size=8, align="right")
        canvas.setStrokeGray(HAIR)
        canvas.setLineWidth(0.4)
        canvas.line(left, top - 13, end, top - 13)

    return Block(20, draw)
