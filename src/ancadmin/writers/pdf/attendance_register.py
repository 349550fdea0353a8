"""The attendance register on A4 (docs/rules.md, section 6)."""

import io
from collections.abc import Callable
from dataclasses import replace

from ancadmin.domain.attendance import USUAL, AttendanceRegister, Seal, Style
from ancadmin.domain.papers import cell_words
from ancadmin.writers.pdf.base import (
    BOLD,
    FAINT,
    INK,
    REGULAR,
    Block,
    Canvas,
    Paper,
    mm,
    paragraph,
    put,
    running_head,
    space,
    write_pdf,
)
from ancadmin.writers.pdf.parts import facts, qr_code, signatures
from ancadmin.writers.pdf.table import Column, Look, shared, table

_QR = 17 * mm
_LOOK = Look(size=8.5, row_height=9 * mm)


def rendered(register: AttendanceRegister, seal: Seal, style: Style = USUAL) -> bytes:
    """The register's file. Equal arguments give equal bytes."""
    place = register.place
    paper = Paper(
        title=f"Attendance register {seal.serial}",
        subject=f"{place.name} ({place.code}), {register.meeting.words}, {register.meeting_date}",
        keywords=f"{seal.serial} {seal.content_hash}",
        day=seal.issued_on,
        head=running_head(
            f"Attendance register · {place.name} ({place.code})",
            f"{register.meeting} {register.meeting_date} · cut-off {register.cut_off}",
        ),
        foot=_foot(seal),
        foot_height=_QR + 5 * mm,
    )
    to = io.BytesIO()
    write_pdf(to, paper, [*_header(register, paper.width), *_rows(register, paper.width), *_end(register, paper.width)])
    return to.getvalue()


def _header(register: AttendanceRegister, across: float) -> list[Block]:
    place = register.place
    return [
        paragraph("Attendance register", across, font=BOLD, size=18, after=1),
        paragraph(f"{register.meeting.words} ({register.meeting})", across, size=12, after=8),
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
        ),
        space(7),
    ]


def _rows(register: AttendanceRegister, across: float) -> list[Block]:
    titles = ("No", "ID number", "Surname", "First names", "Voting district", "Cell", "Signature")
    widths = shared(across, 9, 26, 33, 36, 17, 22, 37)
    aligns = ("right", *["left"] * 6)
    columns = [
        Column(title, width, align, box=title == "Signature")
        for title, width, align in zip(titles, widths, aligns, strict=True)
    ]
    rows = (
        (
            str(number),
            one.id_number,
            one.surname,
            one.first_names,
            one.voting_district or "",
            cell_words(one.cell),
            "",
        )
        for number, one in enumerate(register.attendees, 1)
    )
    blocks = table(columns, rows, _LOOK)
    if not register.attendees:
        blocks.append(paragraph("Nobody was in good standing on the cut-off day.", across, size=9, after=8))
    # A page of signatures without a name above them would prove nothing.
    return [*blocks[:-1], replace(blocks[-1], with_next=True)]


def _end(register: AttendanceRegister, across: float) -> list[Block]:
    """What stands together after the last row: the count taken at the meeting, and who signs for it."""
    count = f"Members present: ____________     Quorum of {register.quorum} reached:  yes  /  no"
    return [
        replace(space(10), with_next=True),
        Block(26, lambda canvas, left, top: put(canvas, count, left, top - 12, size=9.5), with_next=True),
        signatures(("Presiding officer", "Branch secretary"), across),
    ]


def _foot(seal: Seal) -> Callable[[Canvas, float, float, int, int], None]:
    code = qr_code(seal.code, _QR)
    across = Paper("", "", seal.issued_on).width
    lines = [
        (BOLD, 9.0, seal.serial),
        (REGULAR, 7.0, f"Content {seal.content_hash[:16]}"),
        (REGULAR, 7.0, f"Trail head {seal.trail_head[:16]}"),
    ]
    if seal.sole_operator:
        lines.append((REGULAR, 7.0, "Issued under a sole operator: one person may approve their own work."))

    def draw(canvas: Canvas, left: float, bottom: float, page: int, pages: int) -> None:
        code(canvas, left, bottom)
        top = bottom + _QR
        for font, size, text in lines:
            top -= size * 1.3
            canvas.setFillGray(INK if font == BOLD else FAINT)
            put(canvas, text, left + _QR + 4 * mm, top, font=font, size=size)
        canvas.setFillGray(INK)
        put(canvas, f"Page {page} of {pages}", left + across, bottom, size=8.5, align="right")

    return draw
