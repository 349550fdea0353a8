"""Charts as blocks: shares and amounts as bars lying down, shares and counts over time as lines, in three colours."""

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.graphics import renderPDF
from reportlab.graphics.charts.barcharts import HorizontalBarChart
from reportlab.graphics.charts.linecharts import HorizontalLineChart
from reportlab.graphics.shapes import Drawing, Rect, String
from reportlab.graphics.widgets.markers import makeMarker
from reportlab.lib.colors import HexColor

from ancadmin.domain.quality import percent
from ancadmin.writers.pdf.base import Block, Canvas, space
from ancadmin.writers.pdf.text import REGULAR, width, widths

_COLOURS = tuple(map(HexColor, ("#1F4E79", "#D9822B", "#A3B1BF")))
_MARKERS = ("FilledCircle", "FilledSquare", "FilledDiamond")
_GRID = HexColor("#D0D0D0")
_SIZE = 7.5
_LEGEND = 18.0
_FOOT = 14.0
_GAP = 4.5


@dataclass(frozen=True)
class Series:
    """A share (0 to 1, None where there is none) for each of the chart's labels; of lines of `counts`, a number."""

    title: str
    shares: Sequence[float | None]


def bars(labels: Sequence[str], series: Sequence[Series], across: float, *, thick: float = 4.5) -> Block:
    """For each label a bar of each series, the first label on top, from 0 to 100%. One series says its shares at its
    bars and needs no legend.
    """
    alone = len(series) == 1
    legend = 0.0 if alone else _LEGEND
    group = len(series) * thick + _GAP
    high = group * len(labels) + legend + _FOOT
    named = max(width(label, REGULAR, _SIZE) for label in labels) + 10
    chart = HorizontalBarChart()
    # The chart counts upwards; what is said first stands on top.
    chart.data = [[(share or 0.0) * 100 for share in reversed(one.shares)] for one in reversed(series)]
    chart.x, chart.y, chart.width, chart.height = named, _FOOT, across - named - 36, group * len(labels)
    chart.barWidth, chart.groupSpacing, chart.barSpacing = thick, _GAP, 0
    chart.bars.strokeColor = None
    for place in range(len(series)):
        chart.bars[place].fillColor = _COLOURS[len(series) - 1 - place]
    chart.categoryAxis.categoryNames = list(reversed(labels))
    chart.categoryAxis.labels.boxAnchor = "e"
    chart.categoryAxis.labels.dx = -4
    chart.categoryAxis.visibleTicks = False
    chart.barLabels.fontName, chart.barLabels.fontSize = REGULAR, _SIZE
    if alone:
        chart.barLabelFormat = "values"
        chart.barLabelArray = [[percent(share) for share in reversed(series[0].shares)]]
        chart.barLabels.boxAnchor, chart.barLabels.dx = "w", 4
        chart.barLabels.nudge = 0
    _share_axis(chart.valueAxis, least=0)
    chart.valueAxis.visibleGrid = not alone
    _plain(chart.categoryAxis)
    drawing = _drawing(across, high)
    drawing.add(chart)
    if not alone:
        _legend(drawing, series, named, high - _LEGEND + 8)
    return _block(drawing)


def amounts(
    labels: Sequence[str], values: Sequence[int], words: Sequence[str], across: float, *, thick: float = 9
) -> Block:
    """For each label a bar as long as its value, the first on top, and what `words` say of it at its end."""
    group = thick + _GAP
    named = max(width(label, REGULAR, _SIZE) for label in labels) + 10
    said = max(width(text, REGULAR, _SIZE) for text in words) + 8
    least, most = min(0, *values), max(1, *values)
    below = said if least < 0 else 0
    chart = HorizontalBarChart()
    chart.data = [list(reversed(values))]
    chart.x, chart.y, chart.height = named + below, 2, group * len(labels)
    chart.width = across - named - said - below
    chart.barWidth, chart.groupSpacing = thick, _GAP
    chart.bars.strokeColor = None
    chart.bars[0].fillColor = _COLOURS[0]
    chart.categoryAxis.categoryNames = list(reversed(labels))
    chart.categoryAxis.labels.boxAnchor = "e"
    chart.categoryAxis.labels.dx = -4
    chart.categoryAxis.labelAxisMode = "low"
    chart.categoryAxis.visibleTicks = False
    chart.barLabels.fontName, chart.barLabels.fontSize = REGULAR, _SIZE
    chart.barLabelFormat = "values"
    chart.barLabelArray = [list(reversed(words))]
    chart.barLabels.boxAnchor, chart.barLabels.dx, chart.barLabels.nudge = "w", 4, 0
    for place, value in enumerate(reversed(values)):
        if value < 0:
            chart.barLabels[(0, place)].boxAnchor, chart.barLabels[(0, place)].dx = "e", -4
    chart.valueAxis.valueMin, chart.valueAxis.valueMax = least, most
    chart.valueAxis.visible = False
    _plain(chart.categoryAxis)
    drawing = _drawing(across, group * len(labels) + 6)
    drawing.add(chart)
    return _block(drawing)


def lines(
    labels: Sequence[str], series: Sequence[Series], across: float, *, high: float = 190, counts: bool = False
) -> Block:
    """Shares over time, or `counts`: a line for each series, from left to right in the order of the labels. The scale
    of shares begins below the least of them, so that what changed shows. A series without any share has no line;
    without any line the block is empty.
    """
    scale = 1 if counts else 100
    drawn = [place for place, one in enumerate(series) if any(share is not None for share in one.shares)]
    if not drawn:
        return space(0)
    chart = HorizontalLineChart()
    chart.data = [[None if share is None else share * scale for share in series[place].shares] for place in drawn]
    left = 52 if counts else 34
    chart.x, chart.y, chart.width, chart.height = left, 30, across - left - 16, high - 30 - _LEGEND - 6
    chart.joinedLines = 1
    for line, place in enumerate(drawn):
        chart.lines[line].strokeColor = _COLOURS[place]
        chart.lines[line].strokeWidth = 1.6
        chart.lines[line].symbol = makeMarker(_MARKERS[place], size=5, fillColor=_COLOURS[place], strokeColor=None)
    # As many labels as there is room for, the last always among them.
    step = max(1, -(-len(labels) * 34 // int(chart.width)))
    last = len(labels) - 1
    chart.categoryAxis.categoryNames = [
        label if (last - place) % step == 0 else "" for place, label in enumerate(labels)
    ]
    chart.categoryAxis.labels.dy = -3
    chart.categoryAxis.visibleTicks = False
    known = [share for one in series for share in one.shares if share is not None]
    if counts:
        _count_axis(chart.valueAxis, round(max(known, default=0)))
    else:
        _share_axis(chart.valueAxis, least=max(0, int(min(known, default=0) * 10 - 0.5) * 10))
    _plain(chart.categoryAxis)
    drawing = _drawing(across, high)
    drawing.add(chart)
    _legend(drawing, series, left, high - _LEGEND + 8)
    return _block(drawing)


def _count_axis(axis: object, most: int) -> None:
    """From nothing to a round number over the most, in four or five steps."""
    rough = max(most, 1) / 4
    power = 10 ** (len(str(int(rough))) - 1)
    step = max(1, next(one for one in (power, 2 * power, 5 * power, 10 * power) if one >= rough * 0.999))
    for name, value in {
        "valueMin": 0,
        "valueMax": -(-max(most, 1) // step) * step,
        "valueStep": step,
        "labelTextFormat": lambda value: f"{round(value):,}".replace(",", " "),
        "visibleGrid": True,
        "gridStrokeColor": _GRID,
        "gridStrokeWidth": 0.4,
        "visibleTicks": False,
    }.items():
        setattr(axis, name, value)
    _plain(axis)


def _share_axis(axis: object, *, least: int) -> None:
    """From `least` to 100%, with a few lines across."""
    for name, value in {
        "valueMin": least,
        "valueMax": 100,
        "valueStep": 20 if least < 40 else 10 if least < 80 else 5,
        "labelTextFormat": "%d%%",
        "visibleGrid": True,
        "gridStrokeColor": _GRID,
        "gridStrokeWidth": 0.4,
        "visibleTicks": False,
    }.items():
        setattr(axis, name, value)
    _plain(axis)


def _plain(axis: "object") -> None:
    axis.labels.fontName, axis.labels.fontSize = REGULAR, _SIZE  # type: ignore[attr-defined]
    axis.strokeWidth = 0.5  # type: ignore[attr-defined]


def _drawing(across: float, high: float) -> Drawing:
    widths(REGULAR)  # makes the font known
    return Drawing(across, high)


def _legend(drawing: Drawing, series: Sequence[Series], left: float, base: float) -> None:
    for place, one in enumerate(series):
        drawing.add(Rect(left, base - 1, 7, 7, fillColor=_COLOURS[place], strokeColor=None))
        drawing.add(String(left + 10, base, one.title, fontName=REGULAR, fontSize=8))
        left += width(one.title, REGULAR, 8) + 28


def _block(drawing: Drawing) -> Block:
    def draw(canvas: Canvas, left: float, top: float) -> None:
        renderPDF.draw(drawing, canvas, left, top - drawing.height)

    return Block(drawing.height, draw)
