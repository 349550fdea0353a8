"""The attendance register on A4 (docs/rules.md, section 6), made for a hall: large enough, and findable by its edge."""

import io
from collections.abc import Callable
from dataclasses import replace

from ancadmin.domain.attendance import USUAL, AttendanceRegister, Seal, Style
from ancadmin.writers.pdf.attendance_register_before import boxed, who_differs
from ancadmin.writers.pdf.attendance_register_rows import Print, Rows, print_of
from ancadmin.writers.pdf.base import (
    BOLD,
    FAINT,
    HAIR,
    INK,
    REGULAR,
    Block,
    Canvas,
    Paper,
    mm,
    paragraph,
    put,
    space,
    write_pdf,
)
from ancadmin.writers.pdf.parts import facts, qr_code, signatures
from ancadmin.writers.pdf.text import fitted

_QR = 17 * mm
_HEAD = 27.0
# Of the page's width, for the names that stand on it.
_SPAN = 0.42
_LONGEST = 24


def rendered(register: AttendanceRegister, seal: Seal, style: Style = USUAL) -> bytes:
    """The register's file. Equal arguments give equal bytes."""
    place = register.place
    wide = style.large or style.scan
    sizes = print_of(style)
    across = Paper("", "", seal.issued_on, wide=wide).width
    paper = Paper(
        title=f"Attendance register {seal.serial}",
        subject=f"{place.name} ({place.code}), {register.meeting.words}, {register.meeting_date}",
        keywords=f"{seal.serial} {seal.content_hash}",
        day=seal.issued_on,
        wide=wide,
        head=_head(register, across),
        foot=_foot(seal, sizes, across),
        foot_height=_QR + 5 * mm,
        span=_span(style, across),
    )
    *rows, last = Rows(register, style, across).blocks()
    # A page of signatures without a name above them would prove nothing.
    blocks = [*_header(register, seal, sizes, across), *rows, replace(last, with_next=True)]
    blocks += _end(register, sizes, across)
    if seal.supersedes:
        blocks += who_differs(seal.supersedes, style, sizes, across)
    to = io.BytesIO()
    write_pdf(to, paper, blocks)
    return to.getvalue()


def _header(register: AttendanceRegister, seal: Seal, sizes: Print, across: float) -> list[Block]:
    place = register.place
    return [
        paragraph("Attendance register", across, font=BOLD, size=sizes.facts + 8, after=1),
        paragraph(f"{register.meeting.words} ({register.meeting})", across, size=sizes.facts + 2.5, after=8),
        facts(
            [
                ("Province", place.province),
                ("Meeting date", register.meeting_date.isoformat()),
                ("Region", f"{place.region} ({place.region_code})"),
                ("Cut-off day", register.cut_off.isoformat()),
                ("Branch", f"{place.name} ({place.code})"),
                ("In good standing", f"{len(register.attendees)}"),
                ("Ward", place.ward_words),
                ("Quorum", f"{register.quorum}"),
            ],
            across,
            shares=(3, 2),
            size=sizes.facts,
        ),
        space(7),
        *(boxed(seal.supersedes, across, sizes.facts) if seal.supersedes else ()),
    ]


def _end(register: AttendanceRegister, sizes: Print, across: float) -> list[Block]:
    """What stands together after the last row: the count taken at the meeting, and who signs for it."""
    count = f"Members present: ____________     Quorum of {register.quorum} reached:  yes  /  no"
    size = sizes.facts + 0.5

    def draw(canvas: Canvas, left: float, top: float) -> None:
        put(canvas, count, left, top - 14, size=size)

    return [
        replace(space(10), with_next=True),
        Block(28, draw, with_next=True),
        signatures(("Presiding officer", "Branch secretary"), across),
    ]


def _head(register: AttendanceRegister, across: float) -> Block:
    """At the top of every page but the first: what the paper is, and what it is for."""
    what = f"Attendance register · {register.place.name} ({register.place.code})"
    when = f"{register.meeting} {register.meeting_date} · cut-off {register.cut_off}"

    def draw(canvas: Canvas, left: float, top: float) -> None:
        size = fitted(what, BOLD, 9, across * (1 - _SPAN) - 12, least=5)
        put(canvas, what, left, top - 7, font=BOLD, size=size)
        put(canvas, when, left, top - 17.5, size=8.5)
        canvas.setStrokeGray(HAIR)
        canvas.setLineWidth(0.4)
        canvas.line(left, top - 21.5, left + across, top - 21.5)

    return Block(_HEAD, draw)


def _span(style: Style, across: float) -> Callable[[Canvas, float, float, str, str], None]:
    """At the top right of every page, as in a telephone book: the first and the last name on it, or voting district."""

    def draw(canvas: Canvas, left: float, top: float, first: str, last: str) -> None:
        words = " – ".join(_short(name) for name in dict.fromkeys((first, last)))
        if style.by_voting_district:
            words = f"Voting district {words}"
        size = fitted(words, BOLD, 14, across * _SPAN, least=5)
        put(canvas, words, left + across, top - 13.5, font=BOLD, size=size, align="right")

    return draw


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…"


def _foot(seal: Seal, sizes: Print, across: float) -> Callable[[Canvas, float, float, int, int], None]:
    code = qr_code(seal.code, _QR)
    size = min(sizes.rest - 1.5, 8.5)
    lines = [
        (BOLD, min(sizes.rest, 11), seal.serial),
        (REGULAR, size, f"Content {seal.content_hash[:16]}"),
        (REGULAR, size, f"Trail head {seal.trail_head[:16]}"),
    ]
    if seal.sole_operator:
        lines.append((REGULAR, size, "Issued under a sole operator: one person may approve their own work."))

    def draw(canvas: Canvas, left: float, bottom: float, page: int, pages: int) -> None:
        code(canvas, left, bottom)
        top = bottom + _QR
        for font, high, text in lines:
            top -= high * 1.3
            canvas.setFillGray(INK if font == BOLD else FAINT)
            put(canvas, text, left + _QR + 4 * mm, top, font=font, size=high)
        canvas.setFillGray(INK)
        put(canvas, f"Page {page} of {pages}", left + across, bottom, size=sizes.rest, align="right")

    return draw
