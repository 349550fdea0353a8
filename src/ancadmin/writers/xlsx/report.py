"""A report as a workbook: its facts, and a sheet for each table with charts of the sheet's own figures
(docs/rules.md, section 10).
"""

import re
from collections.abc import Sequence
from fractions import Fraction

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.text import RichText
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ancadmin.domain.reports import NOT_ANY, Chart, Kind, ReportPaper, Table, Value
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
from ancadmin.writers.xlsx.charts import (
    colour_bars,
    colour_lines,
    head,
    plain_axes,
    share_axis,
    top_down,
)

_HEADING_ROW = 4
_STYLES = {Kind.TEXT: "text", Kind.COUNT: "number", Kind.MONEY: "money", Kind.SHARE: "percent"}
_LEAST_WIDTH = {Kind.COUNT: 11.0, Kind.MONEY: 16.0, Kind.SHARE: 14.0, Kind.DAYS: 12.0, Kind.RATIO: 11.0}
# The least a sheet is wide, in characters, and what a character takes on paper, in centimetres.
_LEAST_ACROSS, _CHARACTER = 92.0, 0.19
# So many times the longest bar is a chart of bars wide.
_BEHIND_BARS = 1.25
# A sheet of so few rows is printed on one page.
_ON_ONE_PAGE = 60
# A sheet's name in Excel: at most 31 characters, and none of these.
_NOT_IN_NAMES = re.compile(r"[\\/*?:\[\]]")


def rendered(paper: ReportPaper) -> bytes:
    """The file. Equal arguments give equal bytes."""
    workbook = new_workbook(f"{paper.title} {paper.about}", f"{paper.title} on {paper.about}", paper.day)
    _summary(first_sheet(workbook, "Summary"), paper)
    for table in paper.tables:
        _sheet(workbook.create_sheet(_NOT_IN_NAMES.sub(" ", table.title)[:31]), paper, table)
    return written(workbook)


def _summary(sheet: Worksheet, paper: ReportPaper) -> None:
    head(sheet, paper.title, paper.about, 2)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 26, 60
    for row, (name, value) in enumerate(paper.facts, _HEADING_ROW):
        put(sheet, row, 1, name, "plain")
        put(sheet, row, 2, value, "value")
        fit_row(sheet, row, (value, 56), (name, 26))
    last = _HEADING_ROW + len(paper.facts)
    for row, table in enumerate(filter(lambda one: one.explained, paper.tables), last + 1):
        put(sheet, row, 1, table.title, "note")
        put(sheet, row, 2, table.explained, "note")
        fit_row(sheet, row, (table.explained, 66), (table.title, 26))
        last = row
    set_up_page(sheet, heading_row=None, last_row=last, columns=2, head=paper.title, foot=paper.about)


def _sheet(sheet: Worksheet, paper: ReportPaper, table: Table) -> None:
    columns = [
        Column(one.title, _width(table, at), _STYLES.get(one.kind, one.kind)) for at, one in enumerate(table.columns)
    ]
    across = sum(column.width for column in columns)
    count = len(columns)
    if across < _LEAST_ACROSS:
        # One empty column more makes room for the title and the charts.
        count += 1
        sheet.column_dimensions[get_column_letter(count)].width = _LEAST_ACROSS - across
    head(sheet, f"{paper.title} · {table.title}", paper.about, count)
    put_headings(sheet, _HEADING_ROW, columns)
    row = _HEADING_ROW
    for cells in table.rows:
        row += 1
        put_row(sheet, row, columns, _written(table, cells))
        texts = (
            (str(cell), column.width)
            for cell, column, told in zip(cells, columns, table.columns, strict=True)
            if told.kind is Kind.TEXT
        )
        fit_row(sheet, row, *texts)
    end = row
    if table.total:
        row += 1
        for at, (column, value) in enumerate(zip(columns, _written(table, table.total), strict=True), 1):
            put(sheet, row, at, value, "total" if column.style == "text" else f"total_{column.style}")
    last = row
    if table.rows:
        for chart in table.charts:
            last = _draw(sheet, table, chart, end, last + 2, max(across, _LEAST_ACROSS) * _CHARACTER)
    set_up_page(
        sheet,
        heading_row=_HEADING_ROW,
        last_row=last,
        table_end=end,
        columns=count,
        wide=across > _LEAST_ACROSS + 10,
        head=f"{paper.title} · {table.title}",
        foot=paper.about,
    )
    if last <= _ON_ONE_PAGE:
        sheet.page_setup.fitToHeight = 1


def _width(table: Table, at: int) -> float:
    column = table.columns[at]
    if column.kind is not Kind.TEXT:
        return _LEAST_WIDTH[column.kind]
    longest = max((len(str(cells[at] or "")) for cells in table.rows), default=0)
    return min(max(longest * 1.15 + 2, 12.0), 46.0)


def _written(table: Table, cells: Sequence[Value]) -> list[str | int | float | None]:
    return [_cell(column.kind, value) for column, value in zip(table.columns, cells, strict=True)]


def _cell(kind: Kind, value: Value) -> str | int | float | None:
    """Money in rands, fractions as numbers."""
    if value is None:
        return None if kind is Kind.TEXT else NOT_ANY
    if kind is Kind.MONEY and isinstance(value, int):
        return value / 100
    if isinstance(value, Fraction):
        return float(value)
    return value if isinstance(value, int | float) else str(value)


def _draw(sheet: Worksheet, table: Table, chart: Chart, end: int, at: int, across: float) -> int:
    """Puts the chart under the table, its top in row `at`, `across` centimetres wide; returns the last row it takes."""
    drawn = LineChart() if chart.lines else _bars()
    drawn.title = chart.title
    high = 9.0 if chart.lines else 2.2 + 0.85 * len(table.rows)
    drawn.width, drawn.height = min(across, 30.0), high
    for value in chart.values:
        drawn.add_data(Reference(sheet, min_col=value + 1, min_row=_HEADING_ROW, max_row=end), titles_from_data=True)
    # Of a code and a name, the name.
    named = sum(column.kind is Kind.TEXT for column in table.columns)
    drawn.set_categories(Reference(sheet, min_col=named, min_row=_HEADING_ROW + 1, max_row=end))
    if isinstance(drawn, LineChart):
        if table.columns[chart.values[0]].kind is Kind.COUNT:
            drawn.y_axis.scaling.min, drawn.y_axis.number_format = 0, "#,##0"
            plain_axes(drawn)
        else:
            share_axis(drawn, least=0)
        colour_lines(drawn)
    else:
        plain_axes(drawn)
        drawn.y_axis.delete = True
        drawn_values = [_cell(table.columns[one].kind, cells[one]) for cells in table.rows for one in chart.values]
        highest = max((value for value in drawn_values if isinstance(value, int | float)), default=0)
        if not any(_below_zero(value) for value in drawn_values):
            drawn.y_axis.scaling.min = 0
            if highest:
                # The figure behind the longest bar stands inside the frame too.
                drawn.y_axis.scaling.max = highest * _BEHIND_BARS
        colour_bars(drawn)
    sheet.add_chart(drawn, f"A{at}")
    return at + round(high * 28.35 / 15) + 1


def _below_zero(value: Value) -> bool:
    return isinstance(value, int | float) and value < 0


def _bars() -> BarChart:
    """Bars from the top down, each with its amount at its end."""
    drawn = BarChart()
    top_down(drawn)
    drawn.legend = None
    drawn.y_axis.majorGridlines = None
    drawn.dataLabels = DataLabelList()
    drawn.dataLabels.showVal = True
    # Small, or they would be wrapped.
    small = ParagraphProperties(defRPr=CharacterProperties(sz=700))
    drawn.dataLabels.txPr = RichText(p=[Paragraph(pPr=small, endParaRPr=CharacterProperties(sz=700))])
    for name in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
        setattr(drawn.dataLabels, name, False)
    return drawn
