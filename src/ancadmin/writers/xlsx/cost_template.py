"""A cost-comparison sheet as a workbook to fill in and bring back: what is asked is open, everything else locked."""

from collections.abc import Sequence
from dataclasses import replace

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ancadmin.domain.cost_paper import CostPaper
from ancadmin.domain.cost_workbook import HEADINGS, KIND, LINE_TITLES, LINES, NOTES, TITLE, stamp
from ancadmin.domain.costs import Option, OptionKind
from ancadmin.writers.xlsx import cost_lines
from ancadmin.writers.xlsx.base import Column, fit_row, put, put_headings, put_row, set_up_page
from ancadmin.writers.xlsx.cost_comparison import Drawing, drawn
from ancadmin.writers.xlsx.cost_options import FIRST, Grid
from ancadmin.writers.xlsx.cost_verdict import merged

REGIONS = "Regions"
# Room for so many options, and so many more than there are; for so many lines, and so many more.
_OPTIONS, _MORE_OPTIONS = 5, 2
_LINES, _MORE_LINES = 40, 25
_TALL = 30.0
_ASKED = {
    "subject": "What it is about, and where it stands: Card printer, Braamfontein office.",
    "region": "The region whose it is.",
    "name": "Whose it is. Left blank, the region's own name is taken.",
    "address": "Street and town, as on a letter.",
    "concern": "What is wrong, as whoever works with it sees it: Cards come out with a white line.",
    "cause": "Why it is so: The print head is scratched by dust from recycled card stock.",
    "correction": "What is to be done about it: Fit a new print head and clean the rollers.",
    "not_serviced": "Only if the maker or supplier gave notice that a part is not serviced any more: which notice, of "
    "what day, about which part. It may stand in for the repair option.",
    "explanation": "Only if that notice stands in for the repair option: why the part forces a replacement.",
}
_ASKED_OF_OPTIONS = {
    KIND: "Repair, replace or contract out. There is at least one to repair and one to replace, and as many others as "
    "there are. Clear the cell, and the lines, of an option that is none.",
    TITLE: "May stay blank where the way to go says enough; the second option of one kind needs it.",
}
_ASKED_OF_LINES = {
    "option": "The letter of the option the line belongs to.",
    "line": "Given by the program: leave it as it is. To take a line out, clear all its yellow cells; a new line goes "
    "into a free row.",
    "kind": "Part, labour, assembly, core charge (a deposit that comes back with the old part) or other.",
    "part_number": "Of parts.",
    "description": "What it is.",
    "quantity": "How many, or the hours of labour, with two decimals at most.",
    "unit": "What one costs, or the hourly rate, in rands and cents.",
    "handling": "Percent on top, of parts alone: 12.5%.",
    "invoice": "Of a contractor's claim: what the invoice says. The lower of the invoice less its discount and the "
    "region's own allowance is paid.",
    "discount": "What the invoice takes off, in rands.",
    "allowance": "What the region itself allows for the same work; or leave it blank and give quantity and unit cost.",
}
_BACK = "Then bring it back: ancadmin costs import FILE"
_HOW = (
    "Fill in the yellow cells of the sheets Comparison and Lines; everything else is worked out from them.",
    "Nothing stays blank, and no text says nothing (repair, broken, faulty unit): what is missing is said in red.",
    f"{_BACK}. It may be brought back half filled in, and again later.",
)


def rendered(paper: CostPaper, spare: int) -> bytes:
    """The workbook of a draft. `spare`: the position its next option will have. Equal arguments give equal bytes."""
    grid = _grid(paper, spare)
    said = stamp(paper.number, paper.state, paper.content_hash())
    notes = (_HOW[0], f"{_BACK} · {said}")
    drawing = drawn(paper, grid, f"Cost comparison {paper.number}", notes, paper.sheet.subject, said)
    return _finished(drawing, grid, f"Cost comparison {paper.number}")


def empty(paper: CostPaper, regions: Sequence[str]) -> bytes:
    """A workbook for a sheet that is not on record yet: `paper` says nothing but its day, `regions` are those to
    choose from.
    """
    begun = (Option(1, OptionKind.REPAIR), Option(2, OptionKind.REPLACE))
    blank = replace(paper, sheet=replace(paper.sheet, options=begun))
    grid = _grid(blank, len(begun) + 1)
    drawing = drawn(blank, grid, "Cost comparison", (_HOW[0], _HOW[2]), "to fill in", "")
    _choose_region(drawing, regions)
    return _finished(drawing, grid, "Cost comparison")


def _grid(paper: CostPaper, spare: int) -> Grid:
    options = max(_OPTIONS, len(paper.sheet.options) + _MORE_OPTIONS)
    return Grid(options, cost_lines.extent(paper, at_least=_LINES, free=_MORE_LINES), spare)


def _finished(drawing: Drawing, grid: Grid, head: str) -> bytes:
    sheet = drawing.comparison
    rows = [FIRST + number for number, (_, field) in enumerate(HEADINGS) if field not in ("subject", "region", "name")]
    for row in (*rows, grid.title, grid.complete):
        sheet.row_dimensions[row].height = max(_TALL, sheet.row_dimensions[row].height or 0)
    for row, (label, field) in enumerate(HEADINGS, FIRST):
        if field != "region":
            prompt = DataValidation(promptTitle=label[:32], prompt=_ASKED[field], showInputMessage=True)
            sheet.add_data_validation(prompt)
            prompt.add(f"B{row}")
    set_up_page(sheet, heading_row=None, last_row=grid.checks + 3, columns=grid.check, head=head)
    sheet.freeze_panes = f"B{FIRST}"
    _notes(drawing.workbook.create_sheet(NOTES, 2))
    for each in drawing.workbook.worksheets:
        _protect(each)
    return drawing.whole()


def _choose_region(drawing: Drawing, regions: Sequence[str]) -> None:
    places = drawing.workbook.create_sheet(REGIONS)
    places.sheet_state = "hidden"
    for row, text in enumerate(regions, 1):
        put(places, row, 1, text)
    row = FIRST + [field for _, field in HEADINGS].index("region")
    rule = DataValidation("list", formula1=f"{REGIONS}!$A$1:$A${max(len(regions), 1)}", allow_blank=True)
    rule.promptTitle, rule.prompt, rule.showInputMessage = "Region", _ASKED["region"], True
    drawing.comparison.add_data_validation(rule)
    rule.add(f"B{row}")


def _notes(sheet: Worksheet) -> None:
    """What is asked, cell by cell."""
    columns = (Column("Where", 34), Column("What is asked", 92))
    put(sheet, 1, 1, "How to fill in a cost comparison", "title")
    for row, text in enumerate(_HOW, 2):
        put(sheet, row, 1, text, "note")
        merged(sheet, row, 1, len(columns))
    first = len(_HOW) + 3
    put_headings(sheet, first, columns)
    asked = {
        **{label: _ASKED[field] for label, field in HEADINGS},
        **_ASKED_OF_OPTIONS,
        **{f"{LINES}: {LINE_TITLES[field]}": text for field, text in _ASKED_OF_LINES.items()},
    }
    for row, texts in enumerate(asked.items(), first + 1):
        put_row(sheet, row, columns, texts)
        fit_row(sheet, row, *((text, column.width) for text, column in zip(texts, columns, strict=True)))
    set_up_page(sheet, heading_row=None, last_row=first + len(asked), columns=len(columns), wide=True)


def _protect(sheet: Worksheet) -> None:
    """Everything locked but the yellow cells; widths, heights and filters stay possible. No password: what comes back
    is checked.
    """
    protection = sheet.protection
    protection.sheet = True
    protection.autoFilter = protection.sort = protection.formatColumns = protection.formatRows = False
