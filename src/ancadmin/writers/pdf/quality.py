"""The quality of the register on A4, and how it went import by import (docs/rules.md, section 3, Quality)."""

from collections.abc import Sequence
from dataclasses import replace

from ancadmin.domain.quality import WORST_SHOWN, Imported, Kind, Line, QualityPaper, TrendPaper, percent
from ancadmin.writers.pdf.base import BOLD, FAINT, Block, mm, paragraph, space
from ancadmin.writers.pdf.charts import Series, bars, lines
from ancadmin.writers.pdf.parts import as_bytes, facts, headline, report_page
from ancadmin.writers.pdf.table import Column, Look, row, shared, table

_LOOK = Look(size=8, row_height=5.4 * mm)
_SHARES = (
    ("Valid ID numbers", "valid_share"),
    ("Contactable", "contactable_share"),
    ("Payments captured", "captured_share"),
)
# A chart of more imports would be a scribble; the table has them all.
_IMPORTS_DRAWN = 60
_CODES_NAMED = 6


def quality_rendered(paper: QualityPaper) -> bytes:
    """The file of the branches' quality. Equal arguments give equal bytes."""
    day = paper.day.isoformat()
    about = report_page(f"Quality of the register · {paper.place}", day, paper.day)
    blocks = [*_header(paper, about.width), *_worst(paper, about.width), *_branches(paper, about.width)]
    return as_bytes(about, blocks)


def trend_rendered(paper: TrendPaper) -> bytes:
    """The file of the imports. Equal arguments give equal bytes."""
    about = report_page("Quality of the register · import by import", paper.day.isoformat(), paper.day)
    across = about.width
    blocks = [paragraph("Quality of the register, import by import", across, font=BOLD, size=18, after=8)]
    if not paper.imports:
        blocks.append(paragraph("No register was imported.", across))
        return as_bytes(about, blocks)
    drawn = paper.imports[-_IMPORTS_DRAWN:]
    series = [Series(title, [getattr(one, name) for one in drawn]) for title, name in _SHARES]
    blocks += [
        lines([f"{one.batch}" for one in drawn], series, across),
        paragraph(_EACH_IMPORT, across, size=8, grey=FAINT, after=10),
        *_imports(paper.imports, across),
    ]
    return as_bytes(about, blocks)


_EACH_IMPORT = (
    "The numbers below the lines are those of the batches. Each import as it was counted then: valid ID numbers of all "
    "rows that are somebody's, contacts and payments of the rows taken. Imports that were undone are left out."
)


def _header(paper: QualityPaper, across: float) -> list[Block]:
    whole = paper.total.quality
    pairs = [
        ("Place", paper.place),
        ("On", paper.day.isoformat()),
        ("Members", _many(whole.members)),
        ("Held back", f"{_many(whole.held)}, {_many(whole.id_problems)} for their ID number"),
        ("Branches", _many(sum(line.kind is Kind.BRANCH for line in paper.lines))),
        ("Possible duplicates", "1 pair" if whole.duplicates == 1 else f"{_many(whole.duplicates)} pairs"),
    ]
    totals = [getattr(whole, name) for _, name in _SHARES]
    blocks = [
        paragraph("Quality of the register", across, font=BOLD, size=18, after=8),
        facts(pairs, across, shares=(1, 1)),
        space(8),
        replace(headline("All together", across), with_next=True),
        bars([title for title, _ in _SHARES], [Series("", totals)], across, thick=11),
    ]
    if whole.notes:
        blocks += [space(10), *_notes(paper, across)]
    return blocks


def _notes(paper: QualityPaper, across: float) -> list[Block]:
    """Notes by code, in two columns side by side."""
    found = paper.total.quality.notes.most_common()
    cells = [(code.replace("_", " "), _many(count)) for code, count in found]
    half = -(-len(cells) // 2)
    left, right = cells[:half], [*cells[half:], *[("", "")] * (2 * half - len(cells))]
    columns = [
        Column(title, width, align)
        for title, width, align in zip(
            ("Note", "Rows", "Note", "Rows"), shared(across, 60, 28, 60, 28), ("left", "right") * 2, strict=True
        )
    ]
    rows = [(*one, *other) for one, other in zip(left, right, strict=True)]
    return [headline("Notes on the rows taken", across), *table(columns, rows, _LOOK), space(10)]


def _worst(paper: QualityPaper, across: float) -> list[Block]:
    worst = paper.worst()
    if len(worst) < 2:
        return []
    labels = [f"{line.code} {_short(line.name)}" for line in worst]
    series = [Series(title, [getattr(line.quality, name) for line in worst]) for title, name in _SHARES]
    title = f"The worst {len(worst)} branches" if len(worst) == WORST_SHOWN else "The branches, the worst first"
    judged = "By the mean of the three shares; branches without members are left out."
    return [
        headline(title, across),
        paragraph(judged, across, size=8, grey=FAINT, after=4, with_next=True),
        bars(labels, series, across),
        space(10),
    ]


def _branches(paper: QualityPaper, across: float) -> list[Block]:
    titles = ("Code", "Name", "Region", "Members", *(title for title, _ in _SHARES), "Pairs", "Held back", "Notes")
    widths = shared(across, 20, 37, 14, 17, 17, 23, 19, 12, 13, 15)
    aligns = ("left", "left", "left", *["right"] * 7)
    columns = [Column(*column) for column in zip(titles, widths, aligns, strict=True)]
    total = _cells(paper.total, "Total")
    return [
        *table(columns, (_cells(line, line.code) for line in paper.lines), _LOOK),
        row(columns, total, _LOOK, bold=True, rule_above=True),
        space(4),
        paragraph(_EACH_BRANCH, across, size=8, grey=FAINT),
    ]


_EACH_BRANCH = (
    "Valid ID numbers: of the members and the rows held back together. Contactable: members with a cell number or an "
    "e-mail address. Payments captured: members with a last payment in the register or money allocated since. Pairs: "
    "possible duplicates nobody has decided about. Shares are rounded down: 100.0% means every single one."
)


def _cells(line: Line, code: str) -> tuple[str, ...]:
    one = line.quality
    shares = (percent(getattr(one, name)) for _, name in _SHARES)
    counts = (_many(count) for count in (one.duplicates, one.held, one.notes.total()))
    name = "" if line.kind is Kind.TOTAL else line.words
    return code, name, line.region, _many(one.members), *shares, *counts


def _imports(imports: Sequence[Imported], across: float) -> list[Block]:
    titles = ("Batch", "When", "By", "Files", "Read", "Taken", "Held back", "Valid IDs", "Contact", "Payment")
    widths = shared(across, 13, 19, 20, 40, 17, 17, 15, 16, 16, 17)
    aligns = ("right", "left", "left", "left", *["right"] * 6)
    columns = [Column(*column) for column in zip(titles, widths, aligns, strict=True)]
    rows = [
        (
            str(one.batch),
            one.at[:10],
            one.operator,
            ", ".join(one.files),
            *(_many(count) for count in (one.read, one.taken, one.quarantined)),
            *(percent(getattr(one, name)) for _, name in _SHARES),
        )
        for one in imports
    ]
    codes = [
        Column(*column)
        for column in zip(
            ("Batch", "Problems", "Notes"), shared(across, 14, 88, 88), ("right", "left", "left"), strict=True
        )
    ]
    what = [(str(one.batch), _named(one.problems), _named(one.notes)) for one in imports]
    return [
        headline("Imports", across),
        *table(columns, rows, _LOOK),
        space(10),
        headline("What was found in them", across),
        *table(codes, what, _LOOK),
    ]


def _named(codes: dict[str, int]) -> str:
    """The commonest codes, and how many more there are."""
    named = [f"{code.replace('_', ' ')} {_many(count)}" for code, count in list(codes.items())[:_CODES_NAMED]]
    more = len(codes) - len(named)
    return ", ".join([*named, f"{more} more"] if more else named) or "–"


def _short(name: str) -> str:
    return name if len(name) <= 24 else f"{name[:23]}…"


def _many(count: int) -> str:
    """A count that is not broken between its thousands."""
    return f"{count:,}".replace(",", "\N{NO-BREAK SPACE}")
