"""A report on A4: its facts, and each table under the charts drawn of it (docs/rules.md, section 10).

A number is never broken: a report with a table too wide for an upright page lies down, and its text becomes smaller
where that is not enough.
"""

from collections.abc import Sequence
from dataclasses import replace

from ancadmin.domain.reports import Chart, Kind, ReportPaper, Table, Value
from ancadmin.writers.pdf.base import BOLD, FAINT, Block, mm, paragraph, space
from ancadmin.writers.pdf.charts import Series, amounts, lines
from ancadmin.writers.pdf.parts import as_bytes, facts, headline, report_page
from ancadmin.writers.pdf.table import PADDING, Column, Look, row, shared, table
from ancadmin.writers.pdf.text import width

_SIZES = (7.5, 7.0, 6.5, 6.0, 5.5, 5.0)
# What a column of texts takes at most before they wrap, in points.
_WIDEST_TEXT = 110.0
# A table of so few rows is not parted over two pages.
_KEPT_WHOLE = 12


def rendered(paper: ReportPaper) -> bytes:
    """The file. Equal arguments give equal bytes."""
    upright = report_page(paper.title, paper.about, paper.day)
    wide = any(sum(_needed(one, _SIZES[0])) > upright.width for one in paper.tables)
    page = report_page(paper.title, paper.about, paper.day, wide=wide)
    blocks = [
        paragraph(paper.title, page.width, font=BOLD, size=16, after=8),
        facts(paper.facts, page.width, shares=(1, 1)),
        space(10),
    ]
    for one in paper.tables:
        blocks += _table(one, page.width)
    return as_bytes(page, blocks)


def _table(one: Table, across: float) -> list[Block]:
    blocks: list[Block] = []
    titled = False
    for chart in one.charts:
        drawn = _chart(one, chart, across)
        if drawn is not None:
            blocks += [headline(chart.title, across), drawn, space(8)]
            titled = titled or chart.title == one.title
    if not titled:
        blocks.append(headline(one.title, across))
    size = next((size for size in _SIZES if sum(_needed(one, size)) <= across), _SIZES[-1])
    look = Look(size=size, row_height=5.2 * mm, heading_size=size)
    needed = _needed(one, size)
    left = shared(max(across - sum(needed), 0.0), *(column.share for column in one.columns))
    columns = [
        Column(column.title, least + more, "left" if column.kind is Kind.TEXT else "right")
        for column, least, more in zip(one.columns, needed, left, strict=True)
    ]
    body = table(columns, (_cells(one, cells) for cells in one.rows), look)
    if one.total:
        body.append(row(columns, _cells(one, one.total), look, bold=True, rule_above=True))
    kept = len(body) if len(one.rows) <= _KEPT_WHOLE else 2
    if one.explained:
        body += [space(4), paragraph(one.explained, across, size=7.5, grey=FAINT)]
        kept += 2
    # The total does not stand alone on a page, nor does what explains it.
    body[-kept:-1] = [replace(block, with_next=True) for block in body[-kept:-1]]
    return [*blocks, *body, space(12)]


def _needed(one: Table, size: float) -> list[float]:
    """What each column takes: numbers whole, texts up to a measure, headings by their longest word."""
    told = [_cells(one, cells) for cells in (*one.rows, *([one.total] if one.total else []))]
    found = []
    for at, column in enumerate(one.columns):
        widest = max((width(cells[at], BOLD, size) for cells in told), default=0.0)
        if column.kind is Kind.TEXT:
            widest = min(widest, _WIDEST_TEXT)
        heading = max(width(word, BOLD, size) for word in column.title.split())
        found.append(max(widest, heading) + 2 * PADDING + 0.5)
    return found


def _cells(one: Table, cells: Sequence[Value]) -> list[str]:
    """Words, with numbers that are not broken between their thousands."""
    words = [column.kind.words(value) for column, value in zip(one.columns, cells, strict=True)]
    return [
        text if column.kind is Kind.TEXT else text.replace(" ", "\N{NO-BREAK SPACE}")
        for column, text in zip(one.columns, words, strict=True)
    ]


def _chart(one: Table, chart: Chart, across: float) -> Block | None:
    """The chart, if there is anything to draw."""
    if chart.lines:
        series = [
            Series(one.columns[at].title, [None if cells[at] is None else _number(cells[at]) for cells in one.rows])
            for at in chart.values
        ]
        return lines(one.labels(), series, across, counts=one.columns[chart.values[0]].kind is Kind.COUNT)
    (at,) = chart.values
    values = [round(_number(cells[at])) for cells in one.rows]
    if not any(values):
        return None
    return amounts(one.labels(), values, [one.columns[at].kind.words(value) for value in values], across)


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
