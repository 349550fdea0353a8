"""The options of a cost-comparison sheet side by side in its workbook, everything by formula."""

from dataclasses import dataclass

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ancadmin.domain.cost_paper import CostPaper
from ancadmin.domain.cost_workbook import HEADINGS, KIND, LETTERS, TITLE
from ancadmin.domain.costs import LineKind, Option, OptionKind, letter, option_faults
from ancadmin.writers.xlsx import cost_lines, vague
from ancadmin.writers.xlsx.base import lines_needed, put
from ancadmin.writers.xlsx.live import Formulas, Value

# The row of the first heading of the sheet.
FIRST = 4
# Widths in characters: of the labels, of the checks, and what the options share.
LABEL, CHECK, ACROSS = 27.0, 13.0, 74.0
_KINDS = (
    ("Parts", LineKind.PART),
    ("Labour", LineKind.LABOUR),
    ("Assembly", LineKind.ASSEMBLY),
    ("Core charge (refundable)", LineKind.CORE),
    ("Other", LineKind.OTHER),
)


@dataclass(frozen=True)
class Grid:
    """Where things stand: rows from 1, one column an option from column B, then the column of checks. `rows` are those
    of the lines, `spare` the position that the first option still to be filled in would have.
    """

    options: int
    rows: cost_lines.Extent
    spare: int

    letters = FIRST + len(HEADINGS) + 1
    kind = letters + 1
    title = letters + 2
    amounts = letters + 3
    total = amounts + len(_KINDS)
    refundable = total + 1
    net = total + 2
    dearer = total + 3
    complete = total + 4
    mark = total + 5
    candidate, order, folded = total + 6, total + 7, total + 8
    recommendation = total + 9
    verdict = total + 10
    checks = total + 13

    @property
    def last(self) -> int:
        """The last option's column."""
        return 1 + self.options

    @property
    def check(self) -> int:
        """The column that says what is missing."""
        return self.last + 1

    @property
    def width(self) -> float:
        """Of an option's column."""
        return max(15.0, ACROSS / self.options)

    def across(self, row: int) -> str:
        """A row's cells, of all options."""
        return f"$B${row}:${get_column_letter(self.last)}${row}"

    def headings(self, column: int) -> str:
        """A column's cells beside the headings."""
        name = get_column_letter(column)
        return f"${name}${FIRST}:${name}${FIRST + len(HEADINGS) - 1}"


def write_options(sheet: Worksheet, grid: Grid, paper: CostPaper, formulas: Formulas) -> None:
    """The options, a column each, and columns to fill in where there are fewer than the grid has."""
    labels = {
        grid.letters: LETTERS,
        grid.kind: KIND,
        grid.title: TITLE,
        **{grid.amounts + number: words for number, (words, _) in enumerate(_KINDS)},
        grid.total: "Total",
        grid.refundable: "of which refundable",
        grid.net: "Total after the refund",
        grid.dearer: "Dearer than the cheapest by",
        grid.complete: "Complete",
        grid.mark: "",
    }
    for row, words in labels.items():
        styles = {grid.letters: "heading", grid.total: "total"}
        put(sheet, row, 1, words, styles.get(row, "text"))
    put(sheet, grid.letters, grid.check, None, "heading")
    there = len(paper.sheet.options)
    for column, option in enumerate(paper.sheet.options, 2):
        _option(sheet, grid, column, option, option.letter, paper, formulas)
    for free in range(grid.options - there):
        _option(sheet, grid, there + free + 2, None, letter(grid.spare + free), paper, formulas)
    titles = [option.title for option in paper.sheet.options]
    most = max((lines_needed(title, grid.width) for title in titles), default=1)
    sheet.row_dimensions[grid.title].height = 3 + 13.5 * most
    said = max((lines_needed(_complete(option), grid.width) for option in paper.sheet.options), default=1)
    sheet.row_dimensions[grid.complete].height = 3 + 13.5 * said
    for row in (grid.candidate, grid.order, grid.folded):
        sheet.row_dimensions[row].hidden = True
    rule = DataValidation("list", formula1=f'"{",".join(kind.words for kind in OptionKind)}"', showErrorMessage=True)
    rule.errorTitle, rule.error = "Not on the list", "Choose repair, replace or contract out."
    sheet.add_data_validation(rule)
    rule.add(grid.across(grid.kind).replace("$", ""))
    best = f'AND(B${grid.order}<>"",B${grid.order}=MIN({grid.across(grid.order)}))'
    green = FormulaRule(formula=[best], fill=PatternFill("solid", bgColor="FFDDF0DD"))
    last = get_column_letter(grid.last)
    sheet.conditional_formatting.add(f"B{grid.total}:{last}{grid.total}", green)
    sheet.conditional_formatting.add(f"B{grid.mark}:{last}{grid.mark}", green)


def _option(
    sheet: Worksheet, grid: Grid, column: int, option: Option | None, name: str, paper: CostPaper, formulas: Formulas
) -> None:
    """One option's column: its amounts summed from the lines, its place in the comparison."""
    at = get_column_letter(column)
    rows = grid.rows
    mine = f"{rows.range('A')},{at}${grid.letters}"
    best = paper.recommended
    complete = option is not None and not option_faults(option)

    def cell(row: int, formula: str, value: Value, style: str = "money") -> None:
        formulas.put(sheet, row, column, formula, value, style)

    put(sheet, grid.letters, column, name, "heading_centre")
    put(sheet, grid.kind, column, option.kind.words if option else None, "input")
    put(sheet, grid.title, column, (option and option.title) or None, "input")
    for row, (_, kind) in enumerate(_KINDS, grid.amounts):
        summed = f'=ROUND(SUMIFS({rows.range("M")},{mine},{rows.range("C")},"{kind.words}"),2)'
        cell(row, summed, option.cents_of(kind) / 100 if option else 0)
    total, back = (option.total_cents, option.refundable_cents) if option else (0, 0)
    cell(grid.total, f"=ROUND(SUMIFS({rows.range('M')},{mine}),2)", total / 100, "total_money")
    cell(grid.refundable, f"=ROUND(SUMIFS({rows.range('N')},{mine}),2)", back / 100)
    cell(grid.net, f"=ROUND({at}{grid.total}-{at}{grid.refundable},2)", (total - back) / 100)
    cheapest = f"MIN({grid.across(grid.candidate)})"
    dearer = (total - best.total_cents) / 100 if best and complete else ""
    yes = f'{at}{grid.complete}="yes"'
    cell(grid.dearer, f'=IF({yes},ROUND({at}{grid.total}-{cheapest},2),"")', dearer)
    cell(grid.complete, _complete_formula(grid, at, rows), _complete(option), "centre")
    recommended = best is not None and option is not None and best.position == option.position
    first = f"MIN({grid.across(grid.order)})"
    approved = paper.approved is not None and option is not None and paper.approved.position == option.position
    words = ("RECOMMENDED, APPROVED", "APPROVED") if approved else ("RECOMMENDED", "")
    mark = f'=IF({at}{grid.order}="","{words[1]}",IF({at}{grid.order}={first},"{words[0]}","{words[1]}"))'
    cell(grid.mark, mark, words[0] if recommended else words[1], "heading_centre")
    cell(grid.candidate, f'=IF({yes},{at}{grid.total},"")', total / 100 if complete else "")
    tied = complete and best is not None and option is not None and option.total_cents == best.total_cents
    kinds = ",".join(f'"{kind.words}"' for kind in OptionKind)
    order = f"MATCH({at}{grid.kind},{{{kinds}}},0)*1000+COLUMN()"
    place = (list(OptionKind).index(option.kind) + 1) * 1000 + column if option and tied else ""
    cell(grid.order, f'=IF({yes},IF({at}{grid.total}={cheapest},{order},""),"")', place)
    title = option.title if option else ""
    cell(grid.folded, vague.folded_formula(f"{at}{grid.title}"), vague.folded_text(title), "plain")


def _complete_formula(grid: Grid, at: str, rows: cost_lines.Extent) -> str:
    lines = f"COUNTIF({rows.range('A')},{at}${grid.letters})"
    bad = f"SUMPRODUCT(({rows.range('A')}={at}${grid.letters})*(LEN({rows.range('O')})>0))"
    title = vague.is_vague_formula(f"{at}{grid.folded}")
    return (
        f'=IF({at}{grid.kind}="",IF({lines}=0,"","no: way to go"),IF({lines}=0,"no: nothing itemised",'
        f'IF({bad}>0,"no: see "&{bad}&" on {cost_lines.SHEET}",IF({title},"no: what it is says nothing","yes"))))'
    )


def _complete(option: Option | None) -> str:
    if option is None:
        return ""
    if not option.lines:
        return "no: nothing itemised"
    bad = sum(1 for line in option.lines if cost_lines.missing(line))
    if bad:
        return f"no: see {bad} on {cost_lines.SHEET}"
    return "no: what it is says nothing" if vague.found_vague(option.title) else "yes"
