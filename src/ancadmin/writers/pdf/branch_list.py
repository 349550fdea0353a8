"""The branch list on A4 (docs/rules.md, section 6)."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ancadmin.domain.branch_list import BranchList, ListedMember
from ancadmin.domain.money import rands
from ancadmin.domain.standing import Status
from ancadmin.writers.pdf.base import (
    BOLD,
    Block,
    Canvas,
    Paper,
    mm,
    paragraph,
    put,
    running_head,
    space,
    stacked,
    write_pdf,
)
from ancadmin.writers.pdf.parts import facts
from ancadmin.writers.pdf.table import Column, Look, heading_row, row, shared, table

_LOOK = Look(size=8, row_height=5.6 * mm)
NOT_CAPTURED = "N/A"


def rendered(branch_list: BranchList) -> bytes:
    """The list's file. Equal arguments give equal bytes."""
    place, day = branch_list.place, branch_list.day.isoformat()
    across = Paper("", "", branch_list.day).width
    digest = branch_list.content_hash()

    def foot(canvas: Canvas, left: float, bottom: float, page: int, pages: int) -> None:
        put(canvas, f"{place.code} · {day} · content {digest[:16]}", left, bottom, size=7)
        put(canvas, f"Page {page} of {pages}", left + across, bottom, size=8.5, align="right")

    paper = Paper(
        title=f"Branch list {place.code} {day}",
        subject=f"{place.name} ({place.code}) on {day}",
        keywords=digest,
        day=branch_list.day,
        head=running_head(f"Branch list · {place.name} ({place.code})", day),
        foot=foot,
        foot_height=8 * mm,
    )
    to = io.BytesIO()
    blocks = _header(branch_list, across)
    if branch_list.members:
        blocks += [*_summary(branch_list, across), space(10), *_groups(branch_list, across)]
    else:
        blocks.append(paragraph("Nobody is listed on this day.", across))
    write_pdf(to, paper, blocks)
    return to.getvalue()


def _header(branch_list: BranchList, across: float) -> list[Block]:
    place = branch_list.place
    reached = "reaches" if branch_list.reaches_minimum else "does not reach"
    pairs = [
        ("Province", place.province),
        ("On", branch_list.day.isoformat()),
        ("Region", f"{place.region} ({place.region_code})"),
        ("Members listed", str(len(branch_list.members))),
        ("Branch", f"{place.name} ({place.code})"),
        ("In good standing", f"{branch_list.in_good_standing}"),
        ("Ward", place.ward_words),
        ("Arrears", _rands(branch_list.arrears_cents)),
    ]
    verdict = f"The branch {reached} the minimum of {branch_list.minimum} members in good standing."
    return [
        paragraph("Branch list", across, font=BOLD, size=18, after=8),
        facts(pairs, across, shares=(3, 2)),
        space(3),
        paragraph(verdict, across, font=BOLD, size=9.5, after=8),
    ]


def _summary(branch_list: BranchList, across: float) -> list[Block]:
    widths = shared(across * 0.6, 5, 2, 3)
    columns = [
        Column("Status", widths[0]),
        Column("Members", widths[1], "right"),
        Column("Arrears", widths[2], "right"),
    ]
    rows = [(heading(status), str(len(members)), _arrears(members)) for status, members in branch_list.groups()]
    total = ("Total", str(len(branch_list.members)), _rands(branch_list.arrears_cents))
    return [*table(columns, rows, _LOOK), row(columns, total, _LOOK, bold=True)]


def _groups(branch_list: BranchList, across: float) -> list[Block]:
    titles = ("No", "ID number", "Surname", "First names", "Last paid", "Amount", "Paid up to", "Arrears")
    widths = shared(across, 10, 26, 34, 38, 19, 15, 19, 20)
    aligns = ("right", "left", "left", "left", "center", "right", "center", "right")
    columns = [Column(*column) for column in zip(titles, widths, aligns, strict=True)]
    headings = heading_row(columns, _LOOK)
    blocks: list[Block] = []
    number = 0
    for status, members in branch_list.groups():
        title = f"{heading(status)}: {len(members)}"
        again = stacked(_title(f"{title} (continued)", across), headings)
        blocks += [_title(title, across), replace(headings, with_next=True)]
        for one in members:
            number += 1
            blocks.append(row(columns, _cells(number, one), _LOOK, heading=again))
        owed = ("", "", _members(len(members)), "", "", "", "", _arrears(members))
        blocks += [row(columns, owed, _LOOK, bold=True, heading=again), space(9)]
    total = ("", "", f"{_members(number)} in all", "", "", "", "", _rands(branch_list.arrears_cents))
    return [*blocks, row(columns, total, _LOOK, bold=True, rule_above=True)]


def _title(text: str, across: float) -> Block:
    return paragraph(text, across, font=BOLD, size=10.5, after=3, with_next=True)


def _cells(number: int, one: ListedMember) -> Sequence[str]:
    amount = NOT_CAPTURED if one.last_payment_cents is None else _rands(one.last_payment_cents)
    return (
        str(number),
        one.id_number,
        one.surname,
        one.first_names,
        _day(one.last_payment_on, NOT_CAPTURED),
        amount,
        _day(one.paid_up_to, "–"),
        _rands(one.arrears_cents),
    )


def _rands(cents: int) -> str:
    """An amount that is not broken between its thousands."""
    return rands(cents).replace(" ", "\N{NO-BREAK SPACE}")


def _day(day: date | None, otherwise: str) -> str:
    return otherwise if day is None else day.isoformat()


def _arrears(members: Sequence[ListedMember]) -> str:
    return _rands(sum(one.arrears_cents for one in members))


def _members(count: int) -> str:
    return "1 member" if count == 1 else f"{count} members"


def heading(status: Status) -> str:
    """A status as a heading: `good_standing` → `Good standing`."""
    return status.words.capitalize()
