"""The cost-comparison sheet as a workbook that goes on reckoning (docs/rules.md, section 8): the comparison, the
lines it is worked out from, and the list of vague texts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ancadmin.domain.cost_paper import CostPaper
from ancadmin.domain.cost_workbook import COMPARISON, HEADINGS, LINES, region_words, stamp
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
from ancadmin.writers.xlsx.cost_options import CHECK, FIRST, LABEL, Grid, write_options
from ancadmin.writers.xlsx.cost_verdict import merged, write_decisions, write_verdict
from ancadmin.writers.xlsx.live import Formulas


@dataclass(frozen=True)
class Drawing:
    """A workbook as far as every kind of it is the same."""

    workbook: Workbook
    comparison: Worksheet
    lines: Worksheet
    formulas: Formulas

    def whole(self) -> bytes:
        """The workbook's file."""
        return self.formulas.filled_in(written(self.workbook), self.workbook.sheetnames)


def rendered(paper: CostPaper, *, sole_operator: bool) -> bytes:
    """The sheet's file. Equal arguments give equal bytes."""
    options = paper.sheet.options
    spare = max((option.position for option in options), default=0) + 1
    grid = Grid(max(len(options), 2), cost_lines.extent(paper, at_least=22, free=8), spare)
    title = f"Cost comparison {paper.number}"
    opened = f"Opened on {paper.opened_on} by {paper.opened_by} · {paper.state}"
    notes = (
        f"{opened} · yellow cells may be changed, everything else is worked out from them",
        stamp(paper.number, paper.state, paper.content_hash()),
    )
    head = f"{title} · {paper.sheet.subject}"
    foot = f"{paper.state} · content {paper.content_hash()[:16]}"
    drawing = drawn(paper, grid, title, notes, head, foot)
    last = write_decisions(drawing.comparison, grid, paper, sole_operator=sole_operator)
    set_up_page(drawing.comparison, heading_row=None, last_row=last, columns=grid.check, head=head, foot=foot)
    drawing.comparison.freeze_panes = f"B{FIRST}"
    return drawing.whole()


def drawn(paper: CostPaper, grid: Grid, title: str, notes: Sequence[str], head: str, foot: str) -> Drawing:
    """The comparison up to its verdict under `title` and two `notes`, the lines, and the vague texts."""
    workbook = new_workbook(title, paper.sheet.subject, paper.day, keywords=paper.content_hash())
    for style in _styles():
        workbook.add_named_style(style)
    formulas = Formulas()
    sheet = first_sheet(workbook, COMPARISON)
    put(sheet, 1, 1, title, "title")
    for row, note in enumerate(notes, 2):
        put(sheet, row, 1, note, "label")
        merged(sheet, row, 1, grid.check)
    sheet.row_dimensions[FIRST - 1].height = 20
    _headings(sheet, grid, paper, formulas)
    write_options(sheet, grid, paper, formulas)
    write_verdict(sheet, grid, paper, formulas)
    for column in range(1, grid.check + 1):
        wide = LABEL if column == 1 else CHECK if column == grid.check else grid.width
        sheet.column_dimensions[get_column_letter(column)].width = wide
    sheet.column_dimensions[get_column_letter(grid.check + 1)].hidden = True
    lines = workbook.create_sheet(LINES)
    letters = f"{COMPARISON}!{grid.across(grid.letters)}"
    cost_lines.write_lines(lines, paper, formulas, grid.rows, letters, f"{title}: lines", head, foot)
    vague.write_sheet(workbook.create_sheet(vague.SHEET))
    return Drawing(workbook, sheet, lines, formulas)


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
            protection=Protection(locked=False),
        )

    return [
        style("input"),
        # A part number stays as it is typed: 1-2 is no day, 007 no seven.
        style("input_code", number_format="@"),
        style("input_centre", "center"),
        style("input_number", "right", "#,##0.00", wrap=False),
        style("input_money", "right", RANDS, wrap=False),
        style("input_percent", "right", "0.00%", wrap=False),
        NamedStyle(
            name="remark",
            font=Font(name=FONT, size=9, color="FFC00000"),
            alignment=Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1),
        ),
    ]


def _headings(sheet: Worksheet, grid: Grid, paper: CostPaper, formulas: Formulas) -> None:
    helper = grid.check + 1
    fold, notice = get_column_letter(helper), FIRST + len(HEADINGS) - 2
    for row, (label, field) in enumerate(HEADINGS, FIRST):
        text = getattr(paper.sheet, field)
        if field == "region" and text:
            text = region_words(paper.region_name, text, paper.province)
        style = "text" if field == "region" and text else "input"
        put(sheet, row, 1, label, "plain")
        put(sheet, row, 2, text or None, style)
        merged(sheet, row, 2, grid.last, style)
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
        elif field == "name" and not paper.sheet.region:
            needed, blank = False, "FALSE"  # the region still to be chosen gives its own
        check = f'=IF({blank},"blank",IF({vague.is_vague_formula(f"{fold}{row}")},"says nothing",""))'
        said = "says nothing" if vague.found_vague(text) else ""
        said = "blank" if needed and not vague.folded_text(text) else said
        formulas.put(sheet, row, grid.check, check, said, "remark")
