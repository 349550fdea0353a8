"""The cost-comparison sheet as a workbook that goes on reckoning (docs/rules.md, section 8): the comparison, the
lines it is worked out from, and the list of vague texts.
"""

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ancadmin.domain.cost_paper import CostPaper
from ancadmin.domain.costs import OptionKind
from ancadmin.writers.xlsx import cost_lines, vague
from ancadmin.writers.xlsx.base import (
    FONT,
    RANDS,
    first_sheet,
    lines_needed,
    new_workbook,
    put,
    set_up_page,
    written,
)
from ancadmin.writers.xlsx.cost_options import CHECK, FIRST, HEADINGS, LABEL, Grid, write_options
from ancadmin.writers.xlsx.cost_verdict import merged, write_decisions, write_verdict
from ancadmin.writers.xlsx.live import Formulas

SHEET = "Comparison"
_HEADINGS = (
    ("About", "subject"),
    ("Region", "region"),
    ("Name", "name"),
    ("Address", "address"),
    ("Concern", "concern"),
    ("Cause", "cause"),
    ("Proposed correction", "correction"),
    ("Notice: part not serviced", "not_serviced"),
    ("Why that forces a replacement", "explanation"),
)


def rendered(paper: CostPaper, *, sole_operator: bool) -> bytes:
    """The sheet's file. Equal arguments give equal bytes."""
    digest = paper.content_hash()
    subject = paper.sheet.subject
    workbook = new_workbook(f"Cost comparison {paper.number}", subject, paper.day, keywords=digest)
    for style in _styles():
        workbook.add_named_style(style)
    formulas = Formulas()
    sheet = first_sheet(workbook, SHEET)
    grid = Grid(max(len(paper.sheet.options), 2))
    head = f"Cost comparison {paper.number} · {subject}"
    foot = f"{paper.state} · content {digest[:16]}"
    _headings(sheet, grid, paper, formulas)
    write_options(sheet, grid, paper, formulas)
    write_verdict(sheet, grid, paper, formulas)
    last = write_decisions(sheet, grid, paper, sole_operator=sole_operator)
    for column in range(1, grid.check + 1):
        wide = LABEL if column == 1 else CHECK if column == grid.check else grid.width
        sheet.column_dimensions[get_column_letter(column)].width = wide
    sheet.column_dimensions[get_column_letter(grid.check + 1)].hidden = True
    set_up_page(sheet, heading_row=None, last_row=last, columns=grid.check, head=head, foot=foot)
    sheet.freeze_panes = f"B{FIRST}"
    letters = f"{SHEET}!{grid.across(grid.letters)}"
    cost_lines.write_lines(workbook.create_sheet(cost_lines.SHEET), paper, formulas, letters, head, foot)
    vague.write_sheet(workbook.create_sheet(vague.SHEET))
    return formulas.filled_in(written(workbook), workbook.sheetnames)


def _styles() -> list[NamedStyle]:
    hair = Side(style="hair", color="FF808080")
    ruled = Border(top=hair, bottom=hair, left=hair, right=hair)
    yellow = PatternFill("solid", fgColor="FFFFF8D6")

    def style(name: str, across: str | None = None, number_format: str = "General", *, wrap: bool = True) -> NamedStyle:
        return NamedStyle(
            name=name,
            font=Font(name=FONT, size=10),
            alignment=Alignment(horizontal=across, vertical="center", wrap_text=wrap),
            fill=yellow,
            border=ruled,
            number_format=number_format,
        )

    return [
        style("input"),
        style("input_centre", "center"),
        style("input_number", "right", "#,##0.00", wrap=False),
        style("input_money", "right", RANDS, wrap=False),
        style("input_percent", "right", "0.00%", wrap=False),
        NamedStyle(
            name="remark",
            font=Font(name=FONT, size=9, color="FFC00000"),
            alignment=Alignment(vertical="center", wrap_text=True),
        ),
    ]


def _headings(sheet: Worksheet, grid: Grid, paper: CostPaper, formulas: Formulas) -> None:
    put(sheet, 1, 1, f"Cost comparison {paper.number}", "title")
    opened = f"Opened on {paper.opened_on} by {paper.opened_by} · {paper.state}"
    put(sheet, 2, 1, f"{opened} · yellow cells may be changed, everything else is worked out from them", "label")
    merged(sheet, 2, 1, grid.check)
    helper = grid.check + 1
    fold, notice = get_column_letter(helper), FIRST + HEADINGS - 2
    for row, (label, field) in enumerate(_HEADINGS, FIRST):
        place = f"{paper.region_name} ({paper.sheet.region}), {paper.province}"
        text = place if field == "region" else getattr(paper.sheet, field)
        put(sheet, row, 1, label, "plain")
        put(sheet, row, 2, text or None, "text" if field == "region" else "input")
        merged(sheet, row, 2, grid.last, "text" if field == "region" else "input")
        lines = lines_needed(text, grid.width * grid.options)
        sheet.row_dimensions[row].height = 3 + 13.5 * lines
        if field == "region":
            continue
        formulas.put(sheet, row, helper, vague.folded_formula(f"B{row}"), vague.folded_text(text), "plain")
        blank = f'{fold}{row}=""'
        needed = True
        if field == "not_serviced":
            needed, blank = False, "FALSE"
        elif field == "explanation":
            needed = paper.sheet.notice_stands_in
            repair = OptionKind.REPAIR.words
            blank = f'AND({blank},{fold}{notice}<>"",COUNTIF({grid.across(grid.kind)},"{repair}")=0)'
        check = f'=IF({blank},"blank",IF({vague.is_vague_formula(f"{fold}{row}")},"says nothing",""))'
        said = "says nothing" if vague.found_vague(text) else ""
        said = "blank" if needed and not vague.folded_text(text) else said
        formulas.put(sheet, row, grid.check, check, said, "remark")
