"""The quality of the register as a workbook, with charts of its own figures (docs/rules.md, section 3, Quality)."""

from collections.abc import Sequence

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.worksheet.worksheet import Worksheet

from ancadmin.domain.quality import Imported, Kind, Line, QualityPaper, TrendPaper
from ancadmin.writers.xlsx.base import (
    Column,
    first_sheet,
    fit_row,
    new_workbook,
    put,
    put_headings,
    put_row,
    set_up_page,
    written,
)
from ancadmin.writers.xlsx.charts import colour_bars, colour_lines, head, share_axis, top_down

_COLUMNS = (
    Column("Code", 12, "code"),
    Column("Name", 28),
    Column("Region", 9, "code"),
    Column("Members", 10, "number"),
    Column("Valid ID numbers", 10, "percent"),
    Column("Contact-able", 10, "percent"),
    Column("Payments captured", 10.5, "percent"),
    Column("Possible duplicates", 11, "number"),
    Column("Held back", 9, "number"),
    Column("for their ID number", 10.5, "number"),
    Column("Notes", 9, "number"),
)
_HEADING_ROW = 4
_SHARE_TITLES = ("Valid ID numbers", "Contactable", "Payments captured")


def quality_rendered(paper: QualityPaper) -> bytes:
    """The file of the branches' quality. Equal arguments give equal bytes."""
    title, day = f"Quality of the register · {paper.place}", paper.day
    workbook = new_workbook(f"{title} {day}", f"{title} on {day}", day)
    _at_a_glance(first_sheet(workbook, "At a glance"), paper, title)
    _branches(workbook.create_sheet("Branches"), paper, title)
    codes = [code for code, _ in paper.total.quality.notes.most_common()]
    if codes:
        _notes(workbook.create_sheet("Notes"), paper, title, codes)
    return written(workbook)


def trend_rendered(paper: TrendPaper) -> bytes:
    """The file of the imports. Equal arguments give equal bytes."""
    title, day = "Quality of the register, import by import", paper.day
    workbook = new_workbook(f"{title} {day}", f"{title} on {day}", day)
    _imports(first_sheet(workbook, "Imports"), paper, title)
    for name, what in (
        ("Problems", [one.problems for one in paper.imports]),
        ("Notes", [one.notes for one in paper.imports]),
    ):
        if any(what):
            _codes(workbook.create_sheet(name), paper, f"{name} import by import", what)
    return written(workbook)


def _at_a_glance(sheet: Worksheet, paper: QualityPaper, title: str) -> None:
    """The totals, and the worst branches, each with its chart beside it."""
    columns = (
        Column("Place", 34),
        *(Column(name, 13, "percent") for name in _SHARE_TITLES),
        Column("Members", 11, "number"),
    )
    # The charts stand over ten columns of the usual width.
    across = 15
    head(sheet, title, f"On {paper.day}", across)
    put_headings(sheet, _HEADING_ROW, columns)
    whole = paper.total.quality
    put_row(sheet, 5, columns, (paper.place, *_shares(paper.total), whole.members))
    counts = (
        ("Rows held back", whole.held),
        ("of them for their ID number", whole.id_problems),
        ("Possible duplicates, pairs", whole.duplicates),
        ("Notes on the rows taken", whole.notes.total()),
    )
    for row, (name, count) in enumerate(counts, 7):
        put(sheet, row, 1, name)
        put(sheet, row, 2, count, "number")
    sheet.add_chart(_bar_chart(sheet, "All together", heading=4, first=5, last=5, high=5.5), "F4")
    worst = paper.worst()
    last = 17
    if len(worst) > 1:
        heading = 18
        last = heading + len(worst)
        put(sheet, 16, 1, "The worst branches by the mean of the three shares", "value")
        sheet.merge_cells("A16:E16")
        put_headings(sheet, heading, columns)
        for row, line in enumerate(worst, heading + 1):
            put_row(sheet, row, columns, (f"{line.code} {line.name}", *_shares(line), line.quality.members))
            fit_row(sheet, row, (f"{line.code} {line.name}", columns[0].width))
        high = max(7.0, 1.5 + 0.95 * len(worst))
        sheet.add_chart(_bar_chart(sheet, "The worst branches", heading, heading + 1, last, high), f"F{heading}")
        last = max(last, heading + round(high * 28.35 / 15))
    set_up_page(sheet, heading_row=None, last_row=last, columns=across, head=title, foot=f"{paper.day}")


def _bar_chart(sheet: Worksheet, title: str, heading: int, first: int, last: int, high: float) -> BarChart:
    """A bar of each share for each of the rows, in their order from the top."""
    chart = BarChart()
    chart.title, chart.height, chart.width = title, high, 15.5
    chart.add_data(Reference(sheet, min_col=2, max_col=4, min_row=heading, max_row=last), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=first, max_row=last))
    top_down(chart)
    share_axis(chart, least=0)
    colour_bars(chart)
    return chart


def _branches(sheet: Worksheet, paper: QualityPaper, title: str) -> None:
    head(sheet, title, f"On {paper.day}", len(_COLUMNS))
    put_headings(sheet, _HEADING_ROW, _COLUMNS)
    row = _HEADING_ROW
    for line in paper.lines:
        row += 1
        put_row(sheet, row, _COLUMNS, _cells(line))
        fit_row(sheet, row, (line.words, _COLUMNS[1].width))
    total = row + 1
    styles = {"percent": "total_percent", "number": "total_number"}
    for number, (column, value) in enumerate(zip(_COLUMNS, _cells(paper.total), strict=True), 1):
        put(sheet, total, number, "Total" if number == 1 else value, styles.get(column.style, "total"))
    set_up_page(
        sheet,
        heading_row=_HEADING_ROW,
        last_row=total,
        table_end=row,
        columns=len(_COLUMNS),
        wide=True,
        head=title,
        foot=f"{paper.day}",
    )


def _cells(line: Line) -> tuple[str | int | float | None, ...]:
    one = line.quality
    name = "" if line.kind is Kind.TOTAL else line.words
    counts = (one.duplicates, one.held, one.id_problems, one.notes.total())
    return line.code, name, line.region, one.members, *_shares(line), *counts


def _shares(line: Line | Imported) -> tuple[float | None, ...]:
    one = line.quality if isinstance(line, Line) else line
    return one.valid_share, one.contactable_share, one.captured_share


def _notes(sheet: Worksheet, paper: QualityPaper, title: str, codes: Sequence[str]) -> None:
    """Notes by branch and code; places without any are left out."""
    columns = (*_COLUMNS[:3], *(Column(code.replace("_", " "), 11, "number") for code in codes))
    head(sheet, f"{title} · notes on the rows taken", f"On {paper.day}", len(columns))
    put_headings(sheet, _HEADING_ROW, columns)
    row = _HEADING_ROW
    for line in paper.lines:
        if line.quality.notes:
            row += 1
            put_row(sheet, row, columns, (line.code, line.words, line.region, *_counts(line, codes)))
            fit_row(sheet, row, (line.words, columns[1].width))
    total = row + 1
    for number, value in enumerate(("Total", None, None, *_counts(paper.total, codes)), 1):
        put(sheet, total, number, value, "total_number" if number > 3 else "total")
    set_up_page(
        sheet,
        heading_row=_HEADING_ROW,
        last_row=total,
        table_end=row,
        columns=len(columns),
        wide=True,
        head=title,
        foot=f"{paper.day}",
    )


def _counts(line: Line, codes: Sequence[str]) -> list[int]:
    return [line.quality.notes[code] for code in codes]


def _imports(sheet: Worksheet, paper: TrendPaper, title: str) -> None:
    columns = (
        Column("Batch", 8, "centre"),
        *(Column(name, 11, "percent") for name in _SHARE_TITLES),
        Column("When", 12, "centre"),
        Column("By", 14),
        Column("Files", 34),
        *(Column(name, 11, "number") for name in ("Read", "Accepted", "Updated", "Unchanged", "Held back", "Blank")),
    )
    head(sheet, title, f"On {paper.day}", len(columns))
    put_headings(sheet, _HEADING_ROW, columns)
    row = _HEADING_ROW
    for one in paper.imports:
        row += 1
        files = ", ".join(one.files)
        counts = (one.read, one.accepted, one.updated, one.unchanged, one.quarantined, one.blank)
        put_row(sheet, row, columns, (str(one.batch), *_shares(one), one.at[:10], one.operator, files, *counts))
        fit_row(sheet, row, (files, columns[6].width), (one.operator, columns[5].width))
    last = row
    if paper.imports:
        chart = LineChart()
        chart.title, chart.height, chart.width = "Shares by batch", 9, 28
        chart.add_data(Reference(sheet, min_col=2, max_col=4, min_row=_HEADING_ROW, max_row=row), titles_from_data=True)
        chart.set_categories(Reference(sheet, min_col=1, min_row=_HEADING_ROW + 1, max_row=row))
        known = [share for one in paper.imports for share in _shares(one) if share is not None]
        share_axis(chart, least=max(0, int(min(known, default=0) * 10 - 0.5) / 10))
        colour_lines(chart)
        sheet.add_chart(chart, f"A{row + 2}")
        last = row + 20
    set_up_page(
        sheet,
        heading_row=_HEADING_ROW,
        last_row=last,
        table_end=row,
        columns=len(columns),
        wide=True,
        head=title,
        foot=f"{paper.day}",
    )


def _codes(sheet: Worksheet, paper: TrendPaper, title: str, what: Sequence[dict[str, int]]) -> None:
    """Counts by import and code, the commonest code first."""
    totals = {code: sum(one.get(code, 0) for one in what) for one in what for code in one}
    codes = sorted(totals, key=lambda code: (-totals[code], code))
    columns = (Column("Batch", 8, "centre"), *(Column(code.replace("_", " "), 12, "number") for code in codes))
    head(sheet, title, f"On {paper.day}", len(columns))
    put_headings(sheet, _HEADING_ROW, columns)
    row = _HEADING_ROW
    for one, counts in zip(paper.imports, what, strict=True):
        row += 1
        put_row(sheet, row, columns, (str(one.batch), *(counts.get(code, 0) for code in codes)))
    set_up_page(
        sheet,
        heading_row=_HEADING_ROW,
        last_row=row,
        columns=len(columns),
        wide=True,
        head=title,
        foot=f"{paper.day}",
    )
