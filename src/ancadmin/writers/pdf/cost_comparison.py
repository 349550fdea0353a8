"""The cost-comparison sheet on A4 (docs/rules.md, section 8)."""

import io
from collections.abc import Sequence
from dataclasses import replace

from ancadmin.domain.cost_paper import (
    OWN_WORK,
    SOLE_OPERATOR,
    CostPaper,
    decision_words,
    recommendation_words,
)
from ancadmin.domain.cost_paper import unbroken_rands as rands
from ancadmin.domain.costs import Line, LineKind, Option, option_faults
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
from ancadmin.writers.pdf.parts import facts, signatures
from ancadmin.writers.pdf.table import Column, Look, row, shared, table

_LOOK = Look(size=8, row_height=5.6 * mm)
_SIDE_BY_SIDE = 5  # more options than these stand under one another


def rendered(paper: CostPaper, *, sole_operator: bool) -> bytes:
    """The sheet's file. Equal arguments give equal bytes."""
    about = f"Cost comparison {paper.number} · {paper.sheet.subject}"
    digest = paper.content_hash()
    across = Paper("", "", paper.day).width

    def foot(canvas: Canvas, left: float, bottom: float, page: int, pages: int) -> None:
        said = f"Cost comparison {paper.number} · {paper.state} · content {digest[:16]}"
        if sole_operator:
            put(canvas, SOLE_OPERATOR, left, bottom + 9, size=7)
        put(canvas, said, left, bottom, size=7)
        put(canvas, f"Page {page} of {pages}", left + across, bottom, size=8.5, align="right")

    frame = Paper(
        title=f"Cost comparison {paper.number}",
        subject=paper.sheet.subject,
        keywords=digest,
        day=paper.day,
        head=running_head(about, paper.sheet.region),
        foot=foot,
        foot_height=11 * mm,
    )
    blocks = [
        *_header(paper, across),
        *_comparison(paper, across),
        *_recommendation(paper, across),
        *(block for option in paper.sheet.options for block in _option(option, across)),
        *_completeness(paper, across),
        *_decisions(paper, across),
        *_end(across),
    ]
    to = io.BytesIO()
    write_pdf(to, frame, blocks)
    return to.getvalue()


def _or_dash(cents: int) -> str:
    return rands(cents) if cents else "–"


def _header(paper: CostPaper, across: float) -> list[Block]:
    sheet = paper.sheet
    pairs = [
        ("Region", f"{paper.region_name} ({sheet.region})"),
        ("Opened on", paper.opened_on),
        ("Province", paper.province),
        ("Opened by", paper.opened_by),
        ("Name", sheet.name),
        ("State", _state(paper)),
        ("Address", sheet.address or "–"),
        ("Approved", f"{paper.approved.letter} at {rands(paper.approved.total_cents)}" if paper.approved else "–"),
    ]
    texts = [
        ("Concern", sheet.concern),
        ("Cause", sheet.cause),
        ("Proposed correction", sheet.correction),
        ("Not serviced", sheet.not_serviced),
        ("Replacement forced", sheet.explanation),
    ]
    columns = [Column("", across * 0.2, font=BOLD), Column("", across * 0.8)]
    rows = [(name, text or "–") for name, text in texts if text or name not in ("Not serviced", "Replacement forced")]
    return [
        paragraph(f"Cost comparison {paper.number}", across, font=BOLD, size=18, after=1),
        paragraph(sheet.subject, across, size=12, after=8),
        facts(pairs, across),
        space(5),
        *(row(columns, cells, replace(_LOOK, size=8.5)) for cells in rows),
        space(10),
    ]


def _state(paper: CostPaper) -> str:
    return str(paper.state) if not paper.faults else f"{paper.state}, not complete"


def _title(text: str, across: float) -> Block:
    return paragraph(text, across, font=BOLD, size=10.5, after=3, with_next=True)


def _comparison(paper: CostPaper, across: float) -> list[Block]:
    """The options side by side, a few at a time where there are many."""
    options = paper.sheet.options
    blocks: list[Block] = []
    tables = -(-len(options) // _SIDE_BY_SIDE)
    each = -(-len(options) // tables) if tables else 1
    for start in range(0, len(options), each):
        blocks += _beside(paper, options[start : start + each], max(each, 2), across)
    return [_title("The options side by side", across), *blocks] if blocks else []


def _beside(paper: CostPaper, options: Sequence[Option], places: int, across: float) -> list[Block]:
    """Some options side by side, where there is room for so many."""
    best = paper.recommended
    label = across * 0.24
    each = (across - label) / places
    titles = [f"{option.letter}  {option.name}" for option in options]
    columns = [Column("", label), *(Column(title, each, "right") for title in titles)]

    def line(what: str, values: Sequence[str], *, bold: bool = False, rule: bool = False) -> Block:
        return replace(row(columns, [what, *values], _LOOK, bold=bold, rule_above=rule), with_next=True)

    blocks = [line("Way to go", [option.kind.words for option in options])]
    kinds = [kind for kind in LineKind if any(e.kind is kind for option in paper.sheet.options for e in option.lines)]
    blocks += [line(_kind_words(kind), [_or_dash(option.cents_of(kind)) for option in options]) for kind in kinds]
    blocks.append(line("Total", [rands(option.total_cents) for option in options], bold=True, rule=True))
    if any(option.refundable_cents for option in paper.sheet.options):
        blocks.append(line("of which refundable", [_or_dash(option.refundable_cents) for option in options]))
        after = [rands(option.total_cents - option.refundable_cents) for option in options]
        blocks.append(line("Total after the refund", after))
    complete = [not option_faults(option) for option in options]
    least = best.total_cents if best else 0
    more = [_or_dash(o.total_cents - least if ok else 0) for o, ok in zip(options, complete, strict=True)]
    blocks.append(line("Dearer than the cheapest by", more))
    blocks.append(line("Complete", ["yes" if ok else "no" for ok in complete]))
    marks = [_marks(paper, option) for option in options]
    if any(marks):
        blocks.append(line("", marks, bold=True))
    heading = table(columns, [], _LOOK)
    return [*heading, *blocks[:-1], replace(blocks[-1], with_next=False), space(8)]


def _kind_words(kind: LineKind) -> str:
    plural = {LineKind.PART: "Parts", LineKind.CORE: "Core charge (refundable)"}
    return plural.get(kind, kind.words)


def _marks(paper: CostPaper, option: Option) -> str:
    best, approved = paper.recommended, paper.approved
    marks = ["recommended"] if best and best.position == option.position else []
    if approved and approved.position == option.position:
        marks.append("approved")
    return " and ".join(marks).capitalize()


def _recommendation(paper: CostPaper, across: float) -> list[Block]:
    words = f"Recommendation: {recommendation_words(paper, rands)}"
    return [paragraph(words, across, font=BOLD, size=9.5, after=12)]


def _option(option: Option, across: float) -> list[Block]:
    widths = shared(across, 11, 22, 27, 58, 18, 22, 19, 25)
    titles = (
        "Line",
        "Kind",
        "Part number",
        "Description",
        "Quantity or hours",
        "Unit cost or rate",
        "Handling",
        "Amount",
    )
    aligns = ("left", "left", "left", "left", "right", "right", "right", "right")
    columns = [Column(*column) for column in zip(titles, widths, aligns, strict=True)]
    kind = "" if option.name == option.kind.words else f" ({option.kind.words.lower()})"
    heading = _title(f"Option {option.letter}: {option.name}{kind}", across)
    blocks = table(columns, [_cells(option, line) for line in option.lines], _LOOK)
    total = ("", "", "", "Total", "", "", "", rands(option.total_cents))
    sums = [row(columns, total, _LOOK, bold=True, rule_above=True)]
    if option.refundable_cents:
        back = ("", "", "", "of which refundable", "", "", "", rands(option.refundable_cents))
        sums.append(row(columns, back, _LOOK))
    if not option.lines:
        blocks.append(paragraph("No lines: nothing is itemised yet.", across, size=8, grey=FAINT, after=2))
    last = replace(blocks[-1], with_next=True)
    return [heading, *blocks[:-1], last, *(replace(s, with_next=s is not sums[-1]) for s in sums), space(10)]


def _cells(option: Option, line: Line) -> Sequence[str]:
    quantity = "–" if line.quantity is None else f"{line.quantity.normalize():,f}".replace(",", "\u00a0")
    handling = f"{line.handling_percent.normalize():f} %" if line.handling_percent else ""
    return (
        f"{option.letter}{line.position}",
        line.kind.words,
        line.part_number or ("–" if line.kind is LineKind.PART else ""),
        "\n".join([line.description or "–", *_claim(line)]),
        quantity,
        "–" if line.unit_cents is None else rands(line.unit_cents),
        handling,
        "–" if line.cents is None else rands(line.cents),
    )


def _claim(line: Line) -> list[str]:
    if line.invoice_cents is None:
        return []
    less = f" less discount {rands(line.discount_cents)}" if line.discount_cents else ""
    own = "blank" if line.comparable_cents is None else rands(line.comparable_cents)
    return [f"Claim: invoice {rands(line.invoice_cents)}{less}; the region's own allowance {own}. The lower is paid."]


def _completeness(paper: CostPaper, across: float) -> list[Block]:
    if not paper.faults:
        words = "Complete: every option is itemised, nothing is blank, no text is vague."
        return [_title("Completeness", across), paragraph(words, across, size=9, after=10)]
    columns = [Column("In", across * 0.12), Column("Missing", across * 0.88)]
    rows = [(fault.where, fault.what) for fault in paper.faults]
    words = "Not complete, so it cannot be approved. What is missing, line by line:"
    return [
        _title("Completeness", across),
        replace(paragraph(words, across, size=9, after=3), with_next=True),
        *table(columns, rows, _LOOK),
        space(10),
    ]


def _decisions(paper: CostPaper, across: float) -> list[Block]:
    columns = [
        Column(title, width)
        for title, width in zip(("When", "Who", "What", "Why"), shared(across, 26, 40, 56, 58), strict=True)
    ]
    rows = [
        (
            decided.when.replace(", ", "\n"),
            decided.who,
            decision_words(paper, decided, rands),
            "\n".join(text for text in (decided.why, OWN_WORK if decided.own_work else "") if text) or "–",
        )
        for decided in paper.decisions
    ]
    if not rows:
        words = "Not submitted yet; nobody has approved it."
        return [_title("Approval", across), paragraph(words, across, size=9, grey=FAINT, after=8)]
    return [_title("Approval", across), *table(columns, rows, _LOOK), space(8)]


def _end(across: float) -> list[Block]:
    return [space(4), signatures(("Prepared by", "Checked by", "Approved by"), across)]
