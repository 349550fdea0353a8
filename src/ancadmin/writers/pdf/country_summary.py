"""The cover of the registers of many branches on A4 (docs/rules.md, section 6)."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ancadmin.domain.country_summary import CountrySummary, Covered, Part, Totals
from ancadmin.writers.pdf.base import BOLD, FAINT, Block, Canvas, Paper, mm, paragraph, put, running_head, space
from ancadmin.writers.pdf.parts import as_bytes, facts, headline
from ancadmin.writers.pdf.table import Column, Look, row, shared, table

_LOOK = Look(size=8.5, row_height=5.2 * mm)
_TITLES = ("Registers", "In good standing", "Quorum", "Below minimum", "Nobody")
_SHARES = (22, 76, 22, 27, 20, 25, 18)
# The officer goes through these one by one; more of them would bury the totals.
_NAMED = 200


def rendered(summary: CountrySummary) -> bytes:
    """The summary's file. Equal arguments give equal bytes."""
    when = f"{summary.meeting} {summary.meeting_date} · cut-off {summary.cut_off}"
    across = Paper("", "", summary.day).width

    def foot(canvas: Canvas, left: float, bottom: float, page: int, pages: int) -> None:
        said = f"Made on {summary.day} · trail head {summary.trail_head[:16]}"
        if summary.sole_operator:
            said += " · under a sole operator: one person may approve their own work"
        put(canvas, said, left, bottom, size=7)
        put(canvas, f"Page {page} of {pages}", left + across, bottom, size=8.5, align="right")

    paper = Paper(
        title=f"Attendance registers {summary.meeting} {summary.meeting_date} {summary.place}",
        subject=f"{summary.place}, {when}",
        keywords=summary.trail_head,
        day=summary.day,
        head=running_head(f"Attendance registers · {summary.place}", when, across),
        foot=foot,
        foot_height=8 * mm,
    )
    blocks = [
        *_header(summary, across),
        *_differing(summary, across),
        *_parts(summary, across),
        *_superseding(summary, across),
    ]
    return as_bytes(paper, blocks)


def _header(summary: CountrySummary, across: float) -> list[Block]:
    whole = summary.totals
    pairs = [
        ("Place", summary.place),
        ("In good standing", _many(whole.members)),
        ("Meeting date", summary.meeting_date.isoformat()),
        ("Quorum, all branches", _many(whole.quorum)),
        ("Cut-off day", summary.cut_off.isoformat()),
        (f"Below the minimum of {summary.minimum}", _branches(whole.below)),
        ("Registers", _many(whole.registers)),
        ("With nobody in good standing", _branches(whole.empty)),
        ("First serial", summary.registers[0].serial if summary.registers else "–"),
        ("Superseding another", _many(len(summary.superseding))),
        ("Last serial", summary.registers[-1].serial if summary.registers else "–"),
        ("Left since the cut-off", _left(summary)),
    ]
    return [
        paragraph("Attendance registers", across, font=BOLD, size=18, after=1),
        paragraph(f"{summary.meeting.words} ({summary.meeting}): summary", across, size=12, after=8),
        facts(pairs, across, shares=(5, 6)),
        space(4),
        paragraph(_in_thousands(summary.reconciliation.words), across, font=BOLD, size=9.5, after=10),
    ]


def _in_thousands(words: str) -> str:
    return re.sub(r"\d+", lambda count: _many(int(count[0])), words)


def _left(summary: CountrySummary) -> str:
    if not summary.died and not summary.expelled:
        return "nobody"
    return f"{_many(summary.died)} died, {_many(summary.expelled)} expelled"


def _differing(summary: CountrySummary, across: float) -> list[Block]:
    differing = summary.reconciliation.differing
    if not differing:
        return []
    columns = _columns(("Branch", "On its register", "On record"), (30, 30, 30), across * 0.6, texts=1)
    rows = [
        (one.branch, "no register" if one.registers is None else _many(one.registers), _many(one.store))
        for one in differing[:_NAMED]
    ]
    why = "Something was recorded while the registers were issued. Run it again: what changed is issued anew."
    return [
        headline("Branches that differ", across),
        paragraph(why, across, size=8, grey=FAINT, after=4, with_next=True),
        *table(columns, rows, _LOOK),
        *_more(len(differing), across),
        space(10),
    ]


def _parts(summary: CountrySummary, across: float) -> list[Block]:
    columns = _columns(("Code", "Name", *_TITLES), _SHARES, across, texts=2)
    provinces = summary.provinces
    total = _total(columns, summary.totals)
    blocks: list[Block] = []
    if len(provinces) > 1:
        rows = [_cells(part) for part in provinces]
        blocks += [headline("By province", across), *table(columns, rows, _LOOK), total, space(12)]
    blocks.append(headline("By region", across))
    heading, *_ = table(columns, [], _LOOK)
    again = replace(heading, with_next=False)
    blocks.append(heading)
    for province in provinces:
        blocks += [row(columns, _cells(part), _LOOK, heading=again) for part in province.parts]
        blocks.append(row(columns, _cells(province), _LOOK, heading=again, bold=True, rule_above=True))
    return [*blocks, space(12)] if len(provinces) == 1 else [*blocks, total, space(12)]


def _total(columns: Sequence[Column], whole: Totals) -> Block:
    return row(columns, ("", "Together", *_counts(whole)), _LOOK, bold=True, rule_above=True)


def _superseding(summary: CountrySummary, across: float) -> list[Block]:
    superseding = summary.superseding
    if not superseding:
        return []
    titles = ("Branch", "Register", "Supersedes", "What it says otherwise")
    columns = _columns(titles, (46, 42, 42, 50), across, texts=4)
    return [
        headline("Registers that supersede another", across),
        *table(columns, [_superseded(one) for one in superseding[:_NAMED]], _LOOK),
        *_more(len(superseding), across),
    ]


def _superseded(one: Covered) -> tuple[str, str, str, str]:
    return f"{one.place.name} ({one.place.code})", one.serial, one.supersedes or "", one.differs or "–"


def _more(count: int, across: float) -> list[Block]:
    more = count - _NAMED
    return [paragraph(f"and {_many(more)} more", across, size=8, grey=FAINT)] if more > 0 else []


def _columns(titles: Sequence[str], shares: Sequence[float], across: float, *, texts: int) -> list[Column]:
    """The first `texts` columns are of text, the others of figures."""
    widths = shared(across, *shares)
    aligns = ["left"] * texts + ["right"] * (len(titles) - texts)
    return [Column(*column) for column in zip(titles, widths, aligns, strict=True)]


def _cells(part: Part) -> tuple[str, ...]:
    return part.code, part.name, *_counts(part.totals)


def _counts(one: Totals) -> tuple[str, ...]:
    return tuple(_many(count) for count in (one.registers, one.members, one.quorum, one.below, one.empty))


def _branches(count: int) -> str:
    return "1 branch" if count == 1 else f"{_many(count)} branches"


def _many(count: int) -> str:
    """A count that is not broken between its thousands."""
    return f"{count:,}".replace(",", "\N{NO-BREAK SPACE}")
