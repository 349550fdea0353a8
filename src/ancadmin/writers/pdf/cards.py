"""Membership cards (docs/rules.md, section 6): one on a page of its own size, or ten to an A4 page with cut marks.

Nothing stands within 4 mm of a card's edge: what is cut a little beside the mark still looks whole.
"""

import io
from collections.abc import Sequence
from datetime import date

from reportlab.lib.pagesizes import A4

from ancadmin.domain.cards import Card, CardKind, CardSheet
from ancadmin.writers.pdf.base import BOLD, FAINT, HAIR, INK, LEADING, REGULAR, Canvas, Paper, mm, opened, put
from ancadmin.writers.pdf.parts import qr_code
from ancadmin.writers.pdf.text import fitted, width, wrapped

SIZE = (85.6 * mm, 54 * mm)
_EDGE = 4.5 * mm
_ACROSS, _DOWN = 2, 5
_QR = 21 * mm
# What is under the QR code, and the width beside it with the 2 mm a reader needs free around it.
_FOOT = 4 * mm
_BESIDE = SIZE[0] - 2 * _EDGE - _QR - 2.5 * mm
# One pattern for all: looking for the best takes longer than the rest of a card, and a hash has no large areas.
_MASK = 4
_LABEL = 14.5 * mm
_BETWEEN = 1.2
_NAME_HIGH = 10.5 * mm
# Sizes of text, the largest first; names of more than a hundred letters take the last.
_NAME = (11.0, 10.0, 9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0)
_VALUE = (7.0, 6.5, 6.0, 5.5, 5.0, 4.5, 4.0, 3.5, 3.0, 2.0)
_MARK, _GAP = 5 * mm, 1.5 * mm


def card_rendered(card: Card) -> bytes:
    """The file of one card. Equal arguments give equal bytes."""
    paper = Paper(
        title=f"Membership card {card.issued_on}",
        subject=f"{card.place.name} ({card.place.code})",
        keywords=card.code,
        day=date.fromisoformat(card.issued_on),
    )
    to = io.BytesIO()
    canvas = opened(to, paper, SIZE)
    _card(canvas, card, 0, SIZE[1])
    canvas.showPage()
    canvas.save()
    return to.getvalue()


def sheet_rendered(sheet: CardSheet) -> bytes:
    """The file of a branch's cards, of which there may be none. Equal arguments give equal bytes."""
    place, day = sheet.place, sheet.day
    title = f"Membership cards · {place.name} ({place.code}) · {day}"
    paper = Paper(title=title, subject=f"{place.name} ({place.code})", keywords=sheet.content_hash(), day=day)
    to = io.BytesIO()
    canvas = opened(to, paper, A4)
    each = _ACROSS * _DOWN
    pages = max(1, -(-len(sheet.cards) // each))
    for page in range(pages):
        _page_says(canvas, title, page + 1, pages)
        cards = sheet.cards[page * each : (page + 1) * each]
        if cards:
            _cut_marks(canvas)
        else:
            put(canvas, "Nobody is in probation or in good standing: no cards.", A4[0] / 2, A4[1] / 2, align="center")
        for number, card in enumerate(cards):
            down, across = divmod(number, _ACROSS)
            _card(canvas, card, _LEFT + across * SIZE[0], _TOP - down * SIZE[1])
        canvas.showPage()
    canvas.save()
    return to.getvalue()


_LEFT = (A4[0] - _ACROSS * SIZE[0]) / 2
_TOP = A4[1] - (A4[1] - _DOWN * SIZE[1]) / 2


def _page_says(canvas: Canvas, title: str, page: int, pages: int) -> None:
    """What sheet it is, under the cards and between their marks: it is cut off."""
    canvas.setFillGray(FAINT)
    said = f"{title} · page {page} of {pages}"
    put(canvas, said, _LEFT + _GAP, 6 * mm, size=fitted(said, REGULAR, 7, SIZE[0] - 2 * _GAP, least=3))
    canvas.setFillGray(INK)


def _cut_marks(canvas: Canvas) -> None:
    """Lines beside the cards, and small crosses where four of them meet."""
    canvas.setStrokeGray(INK)
    canvas.setLineWidth(0.3)
    right, bottom = _LEFT + _ACROSS * SIZE[0], _TOP - _DOWN * SIZE[1]
    for number in range(_ACROSS + 1):
        at = _LEFT + number * SIZE[0]
        canvas.line(at, _TOP + _GAP, at, _TOP + _GAP + _MARK)
        canvas.line(at, bottom - _GAP, at, bottom - _GAP - _MARK)
    for number in range(_DOWN + 1):
        at = _TOP - number * SIZE[1]
        canvas.line(_LEFT - _GAP, at, _LEFT - _GAP - _MARK, at)
        canvas.line(right + _GAP, at, right + _GAP + _MARK, at)
    canvas.setStrokeGray(HAIR)
    arm = 2 * mm
    for down in range(1, _DOWN):
        across, up = _LEFT + SIZE[0], _TOP - down * SIZE[1]
        canvas.line(across - arm, up, across + arm, up)
        canvas.line(across, up - arm, across, up + arm)


def _card(canvas: Canvas, card: Card, left: float, top: float) -> None:
    """One card, its upper left corner at (left, top)."""
    left, right = left + _EDGE, left + SIZE[0] - _EDGE
    bottom = top - SIZE[1] + _EDGE
    _head(canvas, card, left, right, top - _EDGE)
    _name(canvas, card, left, top - _EDGE - 8 * mm)
    _facts(canvas, card, left, bottom + _FOOT + _QR)
    qr_code(card.code, _QR, mask=_MASK)(canvas, right - _QR, bottom + _FOOT)
    canvas.setFillGray(FAINT)
    put(canvas, card.code, right, bottom, size=5.6, align="right")
    canvas.setFillGray(INK)


def _head(canvas: Canvas, card: Card, left: float, right: float, top: float) -> None:
    """The title, and the kind of card: of a full one white on black, of a provisional one framed."""
    put(canvas, "MEMBERSHIP CARD", left, top - 10, font=BOLD, size=10)
    words = card.kind.words.upper()
    wide = width(words, BOLD, 7) + 10
    full = card.kind is CardKind.FULL
    canvas.setStrokeGray(INK)
    canvas.setLineWidth(0.8)
    canvas.roundRect(right - wide, top - 13, wide, 13, 3, stroke=1, fill=1 if full else 0)
    canvas.setFillGray(1 if full else INK)
    put(canvas, words, right - wide / 2, top - 9.1, font=BOLD, size=7, align="center")
    canvas.setFillGray(INK)
    canvas.line(left, top - 6.2 * mm, right, top - 6.2 * mm)


def _name(canvas: Canvas, card: Card, left: float, top: float) -> None:
    """The name over the whole card, as large as its place allows."""
    across = SIZE[0] - 2 * _EDGE
    size, (lines,) = _fitting([card.name], across, _NAME_HIGH, _NAME)
    base = top - size * 1.02
    for line in lines:
        put(canvas, line, left, base, font=BOLD, size=size)
        base -= size * LEADING


def _facts(canvas: Canvas, card: Card, left: float, top: float) -> None:
    """Labels and values beside the code, all as large as the place allows."""
    said = {
        "Member no": card.membership_number,
        "Branch": f"{card.place.name} ({card.place.code})",
        "Region": card.place.region,
        "Valid until": card.valid_until,
        "Issued on": card.issued_on,
    }
    size, values = _fitting(list(said.values()), _BESIDE - _LABEL, _QR - len(said) * _BETWEEN, _VALUE)
    base = top - size
    for label, lines in zip(said, values, strict=True):
        canvas.setFillGray(FAINT)
        put(canvas, label, left, base, size=min(size, 6.2))
        canvas.setFillGray(INK)
        for line in lines:
            put(canvas, line, left + _LABEL, base, font=BOLD, size=size)
            base -= size * LEADING
        base -= _BETWEEN


def _fitting(texts: Sequence[str], across: float, high: float, sizes: Sequence[float]) -> tuple[float, list[list[str]]]:
    """The first of `sizes` at which the texts, wrapped and one under the other, take no more than `high`; and their
    lines. The last size takes whatever a record may hold.
    """
    for size in sizes:
        lines = [wrapped(text, BOLD, size, across) for text in texts]
        if sum(map(len, lines)) * size * LEADING <= high:
            break
    return size, lines
