"""What a cost-comparison workbook concludes: the recommendation and the checks by formula, the approval as recorded."""

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ancadmin.domain.cost_paper import OWN_WORK, SOLE_OPERATOR, CostPaper, decision_words, option_words, unbroken_rands
from ancadmin.domain.cost_workbook import HEADINGS
from ancadmin.domain.costs import OptionKind
from ancadmin.domain.vague import is_blank
from ancadmin.writers.xlsx import cost_lines
from ancadmin.writers.xlsx.base import SIGNED_ROW, lines_needed, put
from ancadmin.writers.xlsx.cost_options import CHECK, FIRST, LABEL, Grid
from ancadmin.writers.xlsx.live import Formulas


def merged(sheet: Worksheet, row: int, first: int, last: int, style: str | None = None) -> None:
    """One cell out of those of a row from column `first` to `last`, with the borders of `style` all round."""
    if style:
        for column in range(first + 1, last + 1):
            put(sheet, row, column, None, style)
    if last > first:
        sheet.merge_cells(start_row=row, start_column=first, end_row=row, end_column=last)


def write_verdict(sheet: Worksheet, grid: Grid, paper: CostPaper, formulas: Formulas) -> None:
    """The recommendation, whether the sheet is complete, and the checks that say why not."""
    orders, notice = grid.across(grid.order), f"{get_column_letter(grid.check + 1)}{FIRST + len(HEADINGS) - 2}"
    best = paper.recommended
    at = get_column_letter(grid.check + 1)
    found = f"${at}${grid.recommendation}"
    place = f'=IF(COUNT({orders})=0,"",MATCH(MIN({orders}),{orders},0))'
    number = paper.sheet.options.index(best) + 1 if best else ""
    formulas.put(sheet, grid.recommendation, grid.check + 1, place, number, "plain")
    name, title, kind = (f"INDEX({grid.across(row)},{found})" for row in (grid.letters, grid.title, grid.kind))
    words = f'{name}&": "&IF({title}="",{kind},{title})&", the cheapest complete option"'
    said = f"{option_words(best)}, the cheapest complete option" if best else "None yet: no option is complete"
    put(sheet, grid.recommendation, 1, "Recommendation", "total")
    merged(sheet, grid.recommendation, 2, grid.last, "total")
    formulas.put(
        sheet, grid.recommendation, 2, f'=IF({found}="","None yet: no option is complete",{words})', said, "total"
    )
    cheapest = f'=IF({found}="","",MIN({grid.across(grid.candidate)}))'
    cents = best.total_cents / 100 if best else ""
    formulas.put(sheet, grid.recommendation, grid.check, cheapest, cents, "total_money")
    sheet.row_dimensions[grid.recommendation].height = 5 + 13.5 * lines_needed(said, grid.width * grid.options * 0.9)

    checks = _checks(grid, paper, notice)
    put(sheet, grid.checks - 1, 1, "Completeness", "heading")
    merged(sheet, grid.checks - 1, 1, grid.last, "heading")
    put(sheet, grid.checks - 1, grid.check, "Check", "heading_centre")
    for row, (label, test, true) in enumerate(checks, grid.checks):
        put(sheet, row, 1, label, "text")
        merged(sheet, row, 1, grid.last, "text")
        formulas.put(sheet, row, grid.check, f'=IF({test},"yes","no")', "yes" if true else "no", "centre")
    column = get_column_letter(grid.check)
    answers = f"${column}${grid.checks}:${column}${grid.checks + len(checks) - 1}"
    complete = all(true for _, _, true in checks)
    holds, fails = "complete", "not complete: it cannot be approved"
    verdict = f'=IF(COUNTIF({answers},"no")=0,"{holds}","{fails}")'
    put(sheet, grid.verdict, 1, "This sheet is", "total")
    merged(sheet, grid.verdict, 2, grid.check, "total")
    formulas.put(sheet, grid.verdict, 2, verdict, holds if complete else fails, "total")


def _checks(grid: Grid, paper: CostPaper, notice: str) -> list[tuple[str, str, bool]]:
    """What must hold: in words, as a formula, and whether it does."""
    kinds = {option.kind for option in paper.sheet.options}
    faulty = {fault.where for fault in paper.faults}
    in_headings = any(fault.where == "sheet" and fault.code != "missing_option" for fault in paper.faults)
    across = grid.across(grid.kind)
    repair, replace = OptionKind.REPAIR.words, OptionKind.REPLACE.words
    return [
        (
            "There is a repair option, or a notice that a part is not serviced",
            f'OR(COUNTIF({across},"{repair}")>0,{notice}<>"")',
            OptionKind.REPAIR in kinds or not is_blank(paper.sheet.not_serviced),
        ),
        ("There is a replace option", f'COUNTIF({across},"{replace}")>0', OptionKind.REPLACE in kinds),
        (
            "The headings above are filled in, and none says nothing",
            f"SUMPRODUCT(--(LEN({grid.headings(grid.check)})>0))=0",
            not in_headings,
        ),
        (
            f"Every option is itemised, nothing blank, no vague text (line by line on the sheet {cost_lines.SHEET})",
            f'SUMPRODUCT(--(LEFT({grid.across(grid.complete)},2)="no"))=0',
            faulty <= {"sheet"},
        ),
    ]


def write_decisions(sheet: Worksheet, grid: Grid, paper: CostPaper, *, sole_operator: bool) -> int:
    """The approval as it is on record, and lines to sign on. Returns the last row."""
    row = grid.checks + 5
    # What was decided stands under the first half of the options, why under the others and the checks.
    half = 1 + grid.options // 2
    widths = (LABEL, grid.width * (half - 1), grid.width * (grid.options + 1 - half) + CHECK)

    def put_three(texts: tuple[str, str, str], style: str) -> None:
        for column, last, text in zip((1, 2, half + 1), (1, half, grid.check), texts, strict=True):
            put(sheet, row, column, text, style)
            merged(sheet, row, column, last, style)

    put_three(("Approval: when and who", "What", "Why"), "heading")
    for decided in paper.decisions:
        row += 1
        why = "\n".join(text for text in (decided.why, OWN_WORK if decided.own_work else "") if text)
        texts = (f"{decided.when}\n{decided.who}", decision_words(paper, decided, unbroken_rands), why)
        put_three(texts, "text")
        needed = max(lines_needed(text, width) for text, width in zip(texts, widths, strict=True))
        sheet.row_dimensions[row].height = 3 + 13.5 * needed
    if not paper.decisions:
        row += 1
        put(sheet, row, 1, "Not submitted yet; nobody has approved it.", "text")
        merged(sheet, row, 1, grid.check, "text")
    if sole_operator:
        row += 1
        put(sheet, row, 1, SOLE_OPERATOR, "note")
        merged(sheet, row, 1, grid.check)
    row += 2
    for column, words in enumerate(("", "Name", "Signature", "Date"), 1):
        put(sheet, row, column, words, "note")
    for words in ("Prepared by", "Checked by", "Approved by"):
        row += 1
        put(sheet, row, 1, words, "value")
        for column in range(2, 5):
            put(sheet, row, column, None, "signature")
        sheet.row_dimensions[row].height = SIGNED_ROW
    return row
