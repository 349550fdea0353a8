"""What stands where on a paper: a PDF's and a workbook's texts with their places, as text that can be kept and read.

Lengths are points, from the left and from the top of the page.
"""

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar, LTCurve, LTFigure, LTLine, LTRect
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage

# A gap of more than this share of the size of the letters parts two texts.
_GAP = 0.6


@dataclass(frozen=True)
class Text:
    """A run of letters of one font on one line. `top` and `bottom` are those of capitals and of the line they stand on:
    what hangs below or is put on top may reach into the free room around.
    """

    left: float
    right: float
    base: float
    size: float
    font: str
    text: str

    @property
    def top(self) -> float:
        return self.base - 0.72 * self.size


@dataclass(frozen=True)
class Page:
    """A page: its size, its texts from the top down, and what is drawn."""

    across: float
    high: float
    texts: tuple[Text, ...]
    drawn: tuple[tuple[str, float, float, float, float], ...]


def pages_of(content: bytes) -> list[Page]:
    """The pages of a PDF."""
    resources = PDFResourceManager()
    device = PDFPageAggregator(resources, laparams=None)
    interpreter = PDFPageInterpreter(resources, device)
    found = []
    for page in PDFPage.get_pages(io.BytesIO(content)):
        interpreter.process_page(page)
        layout = device.get_result()
        items = list(_within(layout))
        texts = sorted(_texts(items, layout.height), key=lambda one: (round(one.base, 1), one.left))
        drawn = tuple(_drawn(items, layout.height))
        found.append(Page(layout.width, layout.height, tuple(texts), drawn))
    return found


def _within(items: Any) -> Iterator[Any]:
    for item in items:
        if isinstance(item, LTFigure):
            yield item
            yield from (one for one in _within(item) if isinstance(one, LTChar))
        else:
            yield item


def _texts(items: list[Any], high: float) -> Iterator[Text]:
    run: list[LTChar] = []
    for item in items:
        if not isinstance(item, LTChar):
            continue
        if run and not _goes_on(run[-1], item):
            yield from _text(run, high)
            run = []
        run.append(item)
    yield from _text(run, high)


def _goes_on(last: LTChar, new: LTChar) -> bool:
    same = last.fontname == new.fontname and last.size == new.size and abs(last.y0 - new.y0) < 0.01
    return same and -0.1 <= new.x0 - last.x1 <= _GAP * new.size


def _text(run: list[LTChar], high: float) -> Iterator[Text]:
    said = "".join(one.get_text() for one in run)
    if said.strip():
        first = run[0]
        base = high - first.matrix[5]
        yield Text(first.x0, run[-1].x1, base, first.size, first.fontname.split("+")[-1], said)


def _drawn(items: list[Any], high: float) -> Iterator[tuple[str, float, float, float, float]]:
    kinds = ((LTFigure, "form"), (LTRect, "box"), (LTLine, "line"), (LTCurve, "curve"))
    for item in items:
        for kind, name in kinds:
            if isinstance(item, kind):
                yield name, item.x0, high - item.y1, item.x1 - item.x0, item.y1 - item.y0
                break


def told_pdf(content: bytes, *, only: tuple[int, ...] = ()) -> str:
    """The pages (of `only`: positions among them, -1 for the last) as text: each text with its place, and what is
    drawn, boxes and lines counted by their lengths.
    """
    pages = pages_of(content)
    lines = [f"{len(pages)} pages"]
    chosen = sorted({at % len(pages) for at in only}) if only else range(len(pages))
    for at in chosen:
        page = pages[at]
        lines.append(f"page {at + 1}: {page.across:.0f} x {page.high:.0f}")
        lines += [
            f"  {one.left:6.1f} {one.base:6.1f} {one.right - one.left:6.1f}  {one.size:4.1f} {one.font:17} {one.text}"
            for one in page.texts
        ]
        counted = Counter((kind, round(wide, 1), round(tall, 1)) for kind, _, _, wide, tall in page.drawn)
        lines += [f"  {count} {kind} {wide} x {tall}" for (kind, wide, tall), count in sorted(counted.items())]
    return "\n".join(lines) + "\n"


def faults_of(content: bytes, *, margin: float = 14.0) -> list[str]:
    """What must not be on any paper: a text over another, or nearer to the edge of the page than printers print."""
    found = []
    for number, page in enumerate(pages_of(content), 1):
        beyond = [one for one in page.texts if not _within_margins(one, page, margin)]
        found += [f"page {number}: {one.text!r} is outside the margins" for one in beyond]
        found += [f"page {number}: {a.text!r} lies over {b.text!r}" for a, b in _overlaps(page.texts)]
    return found


def _within_margins(one: Text, page: Page, margin: float) -> bool:
    across = margin <= one.left and one.right <= page.across - margin
    return across and margin <= one.top and one.base <= page.high - margin


def _overlaps(texts: tuple[Text, ...]) -> Iterator[tuple[Text, Text]]:
    ordered = sorted(texts, key=lambda one: one.top)
    for at, one in enumerate(ordered):
        for other in ordered[at + 1 :]:
            if other.top >= one.base - 0.2:
                break
            if min(one.right, other.right) - max(one.left, other.left) > 0.3:
                yield one, other


def told_xlsx(content: bytes, *, rows: int | None = None) -> str:
    """The sheets as text: set-up, widths, and every cell (of the first and the last `rows`) with its style."""
    workbook = load_workbook(io.BytesIO(content))
    about = workbook.properties
    lines = [f"title {about.title!r} subject {about.subject!r} keywords {about.keywords!r}"]
    for sheet in workbook.worksheets:
        lines += _sheet(sheet, rows)
    return "\n".join(lines) + "\n"


def _sheet(sheet: Worksheet, rows: int | None) -> Iterator[str]:
    yield f"sheet {sheet.title!r} {sheet.dimensions} {sheet.sheet_state}"
    page, setup = sheet.page_setup, sheet.sheet_properties.pageSetUpPr
    fit = f"{page.fitToWidth} x {page.fitToHeight}" if setup and setup.fitToPage else "no"
    yield f"  page {page.paperSize} {page.orientation} fit {fit} area {sheet.print_area}"
    yield f"  titles {sheet.print_title_rows}"
    yield f"  frozen {sheet.freeze_panes} filter {sheet.auto_filter.ref} protected {sheet.protection.sheet}"
    parts = (sheet.oddHeader.left, sheet.oddHeader.right, sheet.oddFooter.left, sheet.oddFooter.right)
    yield f"  head and foot {[part.text for part in parts]}"
    yield f"  widths { ({name: round(one.width, 1) for name, one in sorted(sheet.column_dimensions.items())}) }"
    yield f"  merged {sorted(map(str, sheet.merged_cells.ranges))}"
    yield f"  pictures {len(sheet._images)} charts {len(sheet._charts)}"
    for rule in sheet.data_validations.dataValidation:
        yield f"  to choose {rule.sqref} {rule.type} {rule.formula1}"
    last = sheet.max_row
    for number, row in enumerate(sheet.iter_rows(), 1):
        if rows is None or number <= rows or number > last - rows:
            yield from _row(sheet, number, row)


def _row(sheet: Worksheet, number: int, row: tuple[Any, ...]) -> Iterator[str]:
    high = sheet.row_dimensions[number].height
    filled = [cell for cell in row if cell.value is not None]
    if filled:
        yield f"  row {number} high {high if high is None else round(high, 1)}"
    for cell in filled:
        marks = [
            f"{cell.font.sz:g}",
            *(["bold"] if cell.font.b else []),
            *([cell.number_format] if cell.number_format != "General" else []),
            *([cell.data_type] if cell.data_type != "s" else []),
            *(["quoted"] if cell.quotePrefix else []),
            *(["open"] if not cell.protection.locked else []),
            *([f"-> {cell.hyperlink.location or cell.hyperlink.target}"] if cell.hyperlink else []),
        ]
        yield f"    {cell.coordinate:6} {cell.value!r} [{' '.join(marks)}]"
