"""Parts that several papers share: a band of facts, titles, signature lines, a QR code, the page of a report."""

import hashlib
import io
from collections.abc import Callable, Sequence
from datetime import date
from itertools import groupby

from reportlab.lib.units import mm

from ancadmin.writers.pdf.base import FAINT, INK, LEADING, Block, Canvas, Paper, paragraph, put, running_head, write_pdf
from ancadmin.writers.pdf.table import shared
from ancadmin.writers.pdf.text import BOLD, REGULAR, fitted, width, wrapped
from ancadmin.writers.qr import qr_of


def facts(
    pairs: Sequence[tuple[str, str]], across: float, *, shares: Sequence[float] = (1, 1), size: float = 9
) -> Block:
    """Labels and values in as many columns as there are `shares` of the width, read across. Values wrap; each column
    stands by itself, so that a long value parts nothing beside it.
    """
    step = size * LEADING
    columns = []
    for number, each in enumerate(shared(across, *shares)):
        own = pairs[number :: len(shares)]
        label = max((width(name, REGULAR, size - 1) for name, _ in own), default=0) + 12
        columns.append((each, label, [(name, wrapped(value, BOLD, size, each - label - 8)) for name, value in own]))
    height = max(sum(len(lines) * step + 2.5 for _, lines in cells) for _, _, cells in columns)

    def draw(canvas: Canvas, left: float, top: float) -> None:
        for each, label, cells in columns:
            base = top - size * 1.02
            for name, lines in cells:
                canvas.setFillGray(FAINT)
                put(canvas, name, left, base, size=size - 1)
                canvas.setFillGray(INK)
                for line in lines:
                    put(canvas, line, left + label, base, font=BOLD, size=size)
                    base -= step
                base -= 2.5
            left += each

    return Block(height, draw)


def report_page(title: str, about: str, day: date, *, wide: bool = False) -> Paper:
    """The page of a report: at its head and foot what it is and of what day or days, and page x of y."""
    across = Paper("", "", day, wide=wide).width

    def foot(canvas: Canvas, left: float, bottom: float, page: int, pages: int) -> None:
        said = f"{title} · {about}"
        put(canvas, said, left, bottom, size=fitted(said, REGULAR, 7, across - 60, least=5))
        put(canvas, f"Page {page} of {pages}", left + across, bottom, size=8.5, align="right")

    return Paper(
        title=f"{title} {about}",
        subject=f"{title} on {about}",
        day=day,
        wide=wide,
        head=running_head(title, about, across),
        foot=foot,
        foot_height=8 * mm,
    )


def as_bytes(page: Paper, blocks: Sequence[Block]) -> bytes:
    """The paper's file."""
    to = io.BytesIO()
    write_pdf(to, page, blocks)
    return to.getvalue()


def headline(text: str, across: float) -> Block:
    """What a table or a chart is of, kept with it."""
    return paragraph(text, across, font=BOLD, size=10.5, after=4, with_next=True)


def signatures(titles: Sequence[str], across: float, *, lines: Sequence[str] = ("Name", "Signature", "Date")) -> Block:
    """Side by side, for each of `titles`, lines to write a name, a signature and a date on."""
    gap = 10 * mm
    each = (across - gap * (len(titles) - 1)) / len(titles)
    step = 11 * mm
    height = 6 * mm + step * len(lines)

    def draw(canvas: Canvas, left: float, top: float) -> None:
        for title in titles:
            canvas.setFillGray(INK)
            put(canvas, title, left, top - 4 * mm, font=BOLD, size=9)
            canvas.setStrokeGray(INK)
            canvas.setLineWidth(0.5)
            for number, line in enumerate(lines, 1):
                base = top - 5 * mm - number * step
                canvas.setFillGray(FAINT)
                put(canvas, line, left, base + 1, font=REGULAR, size=8)
                canvas.line(left + 17 * mm, base, left + each, base)
            left += each + gap
        canvas.setFillGray(INK)

    return Block(height, draw)


def qr_code(text: str, side: float, *, mask: int | None = None) -> Callable[[Canvas, float, float], None]:
    """Draws `text` as a QR code (error correction M), `side` points square, its lower left corner at (left, bottom).

    The quiet zone a reader needs is left out: the caller keeps 2 mm free around it. A document holds the code once,
    however many of its pages show it. `mask` as for `qr_of`.
    """
    matrix = qr_of(text, mask=mask).matrix
    module = side / len(matrix)
    name = f"qr{hashlib.sha256(text.encode()).hexdigest()[:16]}"

    def define(canvas: Canvas) -> None:
        canvas.beginForm(name, 0, 0, side, side)
        canvas.setFillGray(INK)
        path = canvas.beginPath()
        for number, line in enumerate(reversed(matrix)):
            at = 0
            for dark, run in groupby(line):
                length = len(list(run))
                if dark:
                    path.rect(at * module, number * module, length * module, module)
                at += length
        canvas.drawPath(path, stroke=0, fill=1)
        canvas.endForm()

    def draw(canvas: Canvas, left: float, bottom: float) -> None:
        if not canvas.hasForm(name):
            define(canvas)
        canvas.saveState()
        canvas.translate(left, bottom)
        canvas.doForm(name)
        canvas.restoreState()

    return draw
