"""Reminder letters of a branch on A4, one a page; the address stands where the window of a DL envelope shows it."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ancadmin.domain.papers import BranchPlace
from ancadmin.writers.pdf.base import (
    BOLD,
    FAINT,
    HAIR,
    INK,
    MARGIN,
    REGULAR,
    Block,
    Canvas,
    Paper,
    mm,
    paragraph,
    put,
    write_pdf,
)
from ancadmin.writers.pdf.text import fitted, width, wrapped

# From the edges of the page: the window of a DL envelope begins 20 mm in and 45 mm down, when folded in three.
_WINDOW_LEFT, _WINDOW_TOP, _WINDOW_WIDE, _WINDOW_HIGH = 20 * mm, 45 * mm, 90 * mm, 40 * mm
_FOLD = 99 * mm
_LEFT, _RIGHT = 25 * mm, 20 * mm
_SIZE = 10.5


@dataclass(frozen=True)
class Letter:
    """What one letter says. `address` has a line for each line; the ID number is shown masked."""

    address: str
    subject: str
    text: str
    id_number: str
    paid_up_to: str
    reference: str


def rendered(place: BranchPlace, letters: Sequence[Letter], day: str) -> bytes:
    """The branch's file: a page a letter, dated `day`. Equal arguments give equal bytes."""
    paper = Paper(
        title=f"Reminders {place.code} {day}",
        subject=f"{place.name} ({place.code}), {len(letters)} letters",
        day=date.fromisoformat(day),
    )
    high = paper.size[1] - 2 * MARGIN
    to = io.BytesIO()
    write_pdf(to, paper, [_page(place, one, day, paper.size, high) for one in letters])
    return to.getvalue()


def _page(place: BranchPlace, letter: Letter, day: str, size: tuple[float, float], high: float) -> Block:
    across, up = size

    def draw(canvas: Canvas, _left: float, _top: float) -> None:
        _head(canvas, place, across, up)
        _window(canvas, place, letter, up)
        _fold(canvas, up)
        _about(canvas, letter, day, across, up)
        _body(canvas, place, letter, across, up - 108 * mm)

    return Block(high, draw)


def _head(canvas: Canvas, place: BranchPlace, across: float, up: float) -> None:
    name = f"{place.name} ({place.code})"
    put(canvas, name, _LEFT, up - 22 * mm, font=BOLD, size=fitted(name, BOLD, 15, across - _LEFT - _RIGHT, least=8))
    canvas.setFillGray(FAINT)
    put(canvas, f"{place.region} · {place.province}", _LEFT, up - 28 * mm, size=9)
    canvas.setFillGray(INK)
    canvas.setStrokeGray(HAIR)
    canvas.setLineWidth(0.6)
    canvas.line(_LEFT, up - 32 * mm, across - _RIGHT, up - 32 * mm)


def _window(canvas: Canvas, place: BranchPlace, letter: Letter, up: float) -> None:
    """Who sends it, small, and to whom: nothing else may show."""
    left, wide = _WINDOW_LEFT + 5 * mm, _WINDOW_WIDE - 10 * mm
    top = up - _WINDOW_TOP
    sender = f"{place.name} ({place.code}), {place.region}"
    small = fitted(sender, REGULAR, 7, wide, least=4.5)
    canvas.setFillGray(FAINT)
    put(canvas, sender, left, top - 4 * mm, size=small)
    canvas.setStrokeGray(HAIR)
    canvas.setLineWidth(0.3)
    canvas.line(left, top - 5 * mm, left + min(wide, width(sender, REGULAR, small)), top - 5 * mm)
    canvas.setFillGray(INK)
    base = top - 11.5 * mm
    for number, line in enumerate(letter.address.split("\n")):
        font = REGULAR if number else BOLD
        size = fitted(line, font, _SIZE, wide, least=8)
        for part in wrapped(line, font, size, wide):
            put(canvas, part, left, base, font=font, size=size)
            base -= 5.2 * mm if size == _SIZE else 4.2 * mm


def _fold(canvas: Canvas, up: float) -> None:
    canvas.setStrokeGray(HAIR)
    canvas.setLineWidth(0.4)
    for number in (1, 2):
        canvas.line(5 * mm, up - number * _FOLD, 9 * mm, up - number * _FOLD)


def _about(canvas: Canvas, letter: Letter, day: str, across: float, up: float) -> None:
    """Beside the window: the date, whose account, our reference."""
    pairs = (
        ("Date", day),
        ("Member", f"{letter.id_number[:6]}****{letter.id_number[10:]}"),
        ("Paid up to", letter.paid_up_to),
        ("Our reference", letter.reference),
    )
    base = up - _WINDOW_TOP - 11.5 * mm
    start = across - _RIGHT - 58 * mm
    for label, value in pairs:
        canvas.setFillGray(FAINT)
        put(canvas, label, start, base, size=9)
        canvas.setFillGray(INK)
        put(canvas, value, start + 27 * mm, base, font=BOLD, size=9)
        base -= 5.2 * mm


def _body(canvas: Canvas, place: BranchPlace, letter: Letter, across: float, top: float) -> None:
    wide = across - _LEFT - _RIGHT
    blocks = [
        paragraph(letter.subject, wide, font=BOLD, size=13, after=6 * mm),
        paragraph(letter.text, wide, size=_SIZE, after=10 * mm),
        paragraph("Yours in service,", wide, size=_SIZE, after=16 * mm),
        paragraph("Branch Secretary", wide, font=BOLD, size=_SIZE),
        paragraph(f"{place.name} ({place.code})", wide, size=_SIZE),
    ]
    for block in blocks:
        block.draw(canvas, _LEFT, top)
        top -= block.height
