"""The lines of a cost-comparison sheet as a sheet of its workbook: inputs to change, amounts by formula."""

from dataclasses import dataclass

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ancadmin.domain.cost_paper import CostPaper
from ancadmin.domain.cost_workbook import LINE_TITLES, LINES
from ancadmin.domain.costs import Line, LineKind, Option
from ancadmin.writers.xlsx.base import Column, lines_needed, put, put_headings, set_up_page
from ancadmin.writers.xlsx.live import Formulas
from ancadmin.writers.xlsx.vague import folded_formula, folded_text, found_vague, is_vague_formula

SHEET = LINES
_COLUMNS = (
    Column(LINE_TITLES["option"], 8, "input_centre"),
    Column(LINE_TITLES["line"], 6, "centre"),
    Column(LINE_TITLES["kind"], 12.5, "input"),
    Column(LINE_TITLES["part_number"], 15, "input_code"),
    Column(LINE_TITLES["description"], 36, "input"),
    Column(LINE_TITLES["quantity"], 10.5, "input_number"),
    Column(LINE_TITLES["unit"], 13, "input_money"),
    Column(LINE_TITLES["handling"], 9.5, "input_percent"),
    Column("Costed", 13.5, "money"),
    Column(LINE_TITLES["invoice"], 13, "input_money"),
    Column(LINE_TITLES["discount"], 12, "input_money"),
    Column(LINE_TITLES["allowance"], 13, "input_money"),
    Column("Amount", 14, "money"),
    Column("of which refundable", 12.5, "money"),
    Column("Missing", 25, "text"),
)
HEADING_ROW = 5
# Columns the program reckons with and nobody needs to see: part number and description as they are compared.
_PART, _DESCRIPTION = 17, 18
_WIDE = len(_COLUMNS)


@dataclass(frozen=True)
class Extent:
    """Which rows of the sheet hold lines."""

    first: int
    last: int

    def range(self, column: str) -> str:
        """A column's cells, as the other sheet's formulas name them."""
        return f"{SHEET}!${column}${self.first}:${column}${self.last}"


def extent(paper: CostPaper, *, at_least: int, free: int) -> Extent:
    """The rows of the lines, with room for those an office adds by hand: `free` rows, and `at_least` so many in all."""
    lines = sum(len(option.lines) for option in paper.sheet.options)
    return Extent(HEADING_ROW + 1, HEADING_ROW + max(at_least, lines + free))


def write_lines(
    sheet: Worksheet,
    paper: CostPaper,
    formulas: Formulas,
    rows: Extent,
    letters: str,
    title: str,
    head: str,
    foot: str,
) -> None:
    """Fills the sheet; `letters` is the range that names the options."""
    put(sheet, 1, 1, title, "title")
    notes = (
        "Yellow cells may be changed, and free rows filled in. Costed = quantity × unit cost × (1 + handling), to the "
        "nearest cent, half a cent up.",
        "A contractor's claim is paid at the lower of the invoice less its discount and the region's own allowance, "
        "which is the amount given, or else what was costed.",
    )
    for row, note in enumerate(notes, 2):
        put(sheet, row, 1, note, "label")
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=_WIDE)
    put_headings(sheet, HEADING_ROW, _COLUMNS)
    sheet.row_dimensions[HEADING_ROW].height = 40
    row = rows.first
    for option in paper.sheet.options:
        for line in option.lines:
            _inputs(sheet, row, option, line)
            _formulas(sheet, row, formulas, line)
            row += 1
    for free in range(row, rows.last + 1):
        for number, column in enumerate(_COLUMNS, 1):
            put(sheet, free, number, None, column.style)
        _formulas(sheet, free, formulas, None)
    for hidden in ("Q", "R"):
        sheet.column_dimensions[hidden].hidden = True
    _checks(sheet, rows, letters)
    set_up_page(sheet, heading_row=HEADING_ROW, last_row=rows.last, columns=_WIDE, wide=True, head=head, foot=foot)


def _inputs(sheet: Worksheet, row: int, option: Option, line: Line) -> None:
    values = (
        option.letter,
        f"{option.letter}{line.position}",
        line.kind.words,
        line.part_number or None,
        line.description or None,
        None if line.quantity is None else float(line.quantity),
        _rands(line.unit_cents),
        float(line.handling_percent / 100) if line.handling_percent else None,
        None,
        _rands(line.invoice_cents),
        _rands(line.discount_cents or None),
        _rands(line.allowance_cents),
    )
    for number, (column, value) in enumerate(zip(_COLUMNS[: len(values)], values, strict=True), 1):
        put(sheet, row, number, value, column.style)
    needed = max(
        lines_needed(line.description, 36), lines_needed(line.part_number, 15), lines_needed(missing(line), 25)
    )
    sheet.row_dimensions[row].height = max(15.0, 13.0 * needed + 3)


def _rands(cents: int | None) -> float | None:
    return None if cents is None else cents / 100


def _formulas(sheet: Worksheet, row: int, formulas: Formulas, line: Line | None) -> None:
    """The worked-out cells of a row. Everything is reckoned in whole numbers (hundredths, cents, hundredths of a
    percent), so that half a cent is half a cent and not a double just below it.
    """
    f, g, h, i, j, k, own = (f"{column}{row}" for column in "FGHIJKL")
    costed = f"ROUND(ROUND({f}*100,0)*ROUND({g}*100,0)*ROUND((1+{h})*10000,0)/1000000,0)/100"
    formulas.put(sheet, row, 9, f'=IF(OR({f}="",{g}=""),"",{costed})', _value(line.costed_cents if line else None))
    paid = f'ROUND(MIN({j}-{k},IF({own}="",{i},{own})),2)'
    amount = f'=IF({j}="",{i},IF(AND({own}="",{i}=""),"",{paid}))'
    formulas.put(sheet, row, 13, amount, _value(line.cents if line else None))
    core = line is not None and line.kind is LineKind.CORE
    refundable = f'=IF(C{row}="{LineKind.CORE.words}",M{row},"")'
    formulas.put(sheet, row, 14, refundable, _value(line.cents if line and core else None))
    formulas.put(sheet, row, 15, _missing_formula(row), missing(line) if line else "", "text")
    part, description = (line.part_number, line.description) if line else ("", "")
    formulas.put(sheet, row, _PART, folded_formula(f"D{row}"), folded_text(part), "text")
    formulas.put(sheet, row, _DESCRIPTION, folded_formula(f"E{row}"), folded_text(description), "text")


def _value(cents: int | None) -> float | str:
    return "" if cents is None else cents / 100


def _missing_formula(row: int) -> str:
    def said(test: str, words: str, otherwise: str = '""') -> str:
        return f'IF({test},"{words}. ",{otherwise})'

    labour = f'C{row}="{LineKind.LABOUR.words}"'
    part = f'C{row}="{LineKind.PART.words}"'
    vague_part = said(is_vague_formula(f"Q{row}"), "part number says nothing")
    unit = said(f'J{row}=""', "unit cost blank", '"own allowance blank. "')
    parts = (
        said(f'A{row}=""', "option blank"),
        said(f'C{row}=""', "kind blank"),
        f'IF(Q{row}="",{said(part, "part number blank")},{vague_part})',
        said(f'R{row}=""', "description blank", said(is_vague_formula(f"R{row}"), "description says nothing")),
        f'IF(F{row}="",{said(labour, "hours blank", chr(34) + "quantity blank. " + chr(34))},"")',
        f'IF(AND(G{row}="",L{row}=""),{said(f"AND({labour},J{row}={chr(34) * 2})", "rate blank", unit)},"")',
        said(f'AND(N(H{row})<>0,C{row}<>"{LineKind.PART.words}")', "handling is for parts"),
    )
    return f'=IF(COUNTA(A{row}:H{row},J{row}:L{row})=0,"",TRIM({"&".join(parts)}))'


def missing(line: Line) -> str:
    """What the formula says of a line."""
    said: list[str] = []
    if not folded_text(line.part_number):
        said += ["part number blank"] * (line.kind is LineKind.PART)
    elif found_vague(line.part_number):
        said.append("part number says nothing")
    if not folded_text(line.description):
        said.append("description blank")
    elif found_vague(line.description):
        said.append("description says nothing")
    labour = line.kind is LineKind.LABOUR
    if line.quantity is None:
        said.append("hours blank" if labour else "quantity blank")
    if line.unit_cents is None and line.allowance_cents is None:
        claim = line.invoice_cents is not None
        said.append("own allowance blank" if claim else "rate blank" if labour else "unit cost blank")
    return " ".join(f"{words}." for words in said)


def _checks(sheet: Worksheet, rows: Extent, letters: str) -> None:
    """Drop-downs and limits for what is typed in, and red for what is missing."""
    kinds = ",".join(kind.words for kind in LineKind)
    lists = (("A", letters, "an option of the first sheet"), ("C", f'"{kinds}"', "one of the kinds listed"))
    for column, values, words in lists:
        rule = DataValidation("list", formula1=values, allow_blank=True, showErrorMessage=True)
        rule.errorTitle, rule.error = "Not on the list", f"Choose {words}."
        sheet.add_data_validation(rule)
        rule.add(f"{column}{rows.first}:{column}{rows.last}")
    for column, most in (("F", 10_000_000), ("G", 100_000_000), ("H", 10), ("J", 10**9), ("K", 10**9), ("L", 10**9)):
        rule = DataValidation("decimal", formula1="0", formula2=str(most), allow_blank=True, showErrorMessage=True)
        rule.errorTitle, rule.error = "Not an amount", "Type a number, not less than nothing."
        sheet.add_data_validation(rule)
        rule.add(f"{column}{rows.first}:{column}{rows.last}")
    red = FormulaRule(formula=[f"LEN($O{rows.first})>0"], font=Font(color="FFC00000"))
    sheet.conditional_formatting.add(f"O{rows.first}:O{rows.last}", red)
