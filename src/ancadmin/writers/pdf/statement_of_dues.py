"""A member's statement of dues on A4 (docs/rules.md, section 6)."""

import io
from collections.abc import Sequence

from ancadmin.domain.dues_paper import Line, StatementOfDues
from ancadmin.domain.money import rands as plain_rands
from ancadmin.writers.pdf.base import (
    BOLD,
    FAINT,
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
from ancadmin.writers.pdf.parts import facts
from ancadmin.writers.pdf.table import Column, Look, row, shared, table

_LOOK = Look(size=8.5, row_height=6 * mm)


def rendered(statement: StatementOfDues) -> bytes:
    """The statement's file. Equal arguments give equal bytes."""
    day, digest = statement.day.isoformat(), statement.content_hash()
    across = Paper("", "", statement.day).width

    def foot(canvas: Canvas, left: float, bottom: float, page: int, pages: int) -> None:
        put(canvas, f"Statement of dues · {day} · content {digest[:16]}", left, bottom, size=7)
        put(canvas, f"Page {page} of {pages}", left + across, bottom, size=8.5, align="right")

    paper = Paper(
        title=f"Statement of dues {day}",
        subject=f"{statement.place.name} ({statement.place.code})",
        keywords=digest,
        day=statement.day,
        head=running_head(f"Statement of dues · {statement.name}", day),
        foot=foot,
        foot_height=8 * mm,
    )
    to = io.BytesIO()
    write_pdf(to, paper, [*_header(statement, across), *_periods(statement, across), *_rest(statement, across)])
    return to.getvalue()


def _header(statement: StatementOfDues, across: float) -> list[Block]:
    place = statement.place
    pairs = [
        ("Member", statement.name),
        ("On", statement.day.isoformat()),
        ("ID number", statement.id_number),
        ("Standing", statement.status.words.capitalize()),
        ("Branch", f"{place.name} ({place.code})"),
        ("Paid up to", statement.paid_up_to or "–"),
        ("Region", f"{place.region} ({place.region_code})"),
        ("Arrears", _rands(statement.arrears_cents)),
        ("Province", place.province),
        ("Credit ahead", _rands(statement.ahead_cents)),
    ]
    blocks = [
        paragraph("Statement of dues", across, font=BOLD, size=18, after=8),
        facts(pairs, across, shares=(3, 2)),
        space(6),
    ]
    if statement.opening is not None:
        blocks.append(paragraph(statement.opening.words, across, size=9, grey=FAINT, after=6))
    return blocks


def _periods(statement: StatementOfDues, across: float) -> list[Block]:
    if not statement.lines:
        return [paragraph("No period of dues has begun by this day.", across, after=8)]
    titles = ("From", "To", "Fee", "Paid", "Owing", "Settled on", "Paid by (day, amount, reference)")
    widths = shared(across, 20, 20, 19, 19, 19, 21, 62)
    aligns = ("center", "center", "right", "right", "right", "center", "left")
    columns = [Column(*one) for one in zip(titles, widths, aligns, strict=True)]
    blocks = table(columns, (_cells(statement, line) for line in statement.lines), _LOOK)
    sums = (statement.fees_cents, statement.paid_cents, statement.arrears_cents)
    total = ("Total", "", *map(_rands, sums), "", "")
    return [*blocks, row(columns, total, _LOOK, bold=True, rule_above=True), space(10)]


def _cells(statement: StatementOfDues, line: Line) -> Sequence[str]:
    return (
        line.begins_on,
        line.ends_on,
        _rands(line.fee_cents),
        _rands(line.paid_cents),
        _rands(statement.owing_cents(line)),
        line.settled_on or "–",
        line.payment_words,
    )


def _rest(statement: StatementOfDues, across: float) -> list[Block]:
    """Money on record that counts for no period."""
    if not statement.not_counted:
        return []
    widths = shared(across, 24, 24, 132)
    columns = [Column("Received", widths[0], "center"), Column("Amount", widths[1], "right"), Column("Why", widths[2])]
    rows = [(one.on, _rands(one.cents), one.why) for one in statement.not_counted]
    title = paragraph("Payments that do not count", across, font=BOLD, size=10.5, after=3, with_next=True)
    return [title, *table(columns, rows, _LOOK)]


def _rands(cents: int) -> str:
    """An amount that is not broken between its thousands."""
    return plain_rands(cents).replace(" ", "\N{NO-BREAK SPACE}")
