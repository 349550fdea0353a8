"""Charts of a sheet's own figures, in the colours of the papers."""

from openpyxl.chart import BarChart, LineChart
from openpyxl.worksheet.worksheet import Worksheet

from ancadmin.writers.xlsx.base import put

COLOURS = ("1F4E79", "D9822B", "A3B1BF")


def head(sheet: Worksheet, title: str, about: str, columns: int) -> None:
    """The two lines over a sheet: its title, and of what day or days it is."""
    put(sheet, 1, 1, title, "title")
    put(sheet, 2, 1, about, "note")
    for row in (1, 2):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=columns)
    sheet.row_dimensions[1].height = 24


def plain_axes(chart: BarChart | LineChart) -> None:
    """What the library leaves out unless it is said, and then is drawn by nobody."""
    chart.title.overlay = False
    if chart.legend is not None:
        chart.legend.position, chart.legend.overlay = "b", False
    chart.x_axis.delete = chart.y_axis.delete = False


def share_axis(chart: BarChart | LineChart, *, least: float) -> None:
    """A scale of shares, from `least` to all."""
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = least, 1
    chart.y_axis.number_format = "0%"
    plain_axes(chart)


def top_down(chart: BarChart) -> None:
    """Bars from the top down, and the scale at the foot all the same."""
    chart.type, chart.grouping, chart.gapWidth = "bar", "clustered", 40
    chart.x_axis.scaling.orientation, chart.y_axis.crosses = "maxMin", "max"


def colour_bars(chart: BarChart) -> None:
    """A colour for each series."""
    for series, colour in zip(chart.series, COLOURS, strict=False):
        series.graphicalProperties.solidFill = colour
        series.graphicalProperties.line.noFill = True


def colour_lines(chart: LineChart) -> None:
    """A colour and round marks for each series."""
    for series, colour in zip(chart.series, COLOURS, strict=False):
        series.graphicalProperties.line.solidFill = colour
        series.marker.symbol, series.smooth = "circle", False
        series.marker.graphicalProperties.solidFill = colour
        series.marker.graphicalProperties.line.solidFill = colour
