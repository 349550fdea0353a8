"""The cost-comparison workbook: its formulas come to what the rules say, whatever is typed into it."""

import io
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.spreadsheet import Book, work_out
from tests.writers.cost_sheets import APPROVED, SHEET, SUBMITTED, paper, sheets

from ancadmin.domain.cost_entry import refusal
from ancadmin.domain.costs import Line, LineKind, Option, OptionKind, faults, option_faults, recommended
from ancadmin.domain.vague import VAGUE
from ancadmin.writers.xlsx.cost_comparison import rendered
from ancadmin.writers.xlsx.vague import folded_formula, folded_text

COSTED = "I6"
FIRST_FREE = 13  # of the complete sheet: seven lines from row 6 on


def workbook(sheet=SHEET, decisions=(), **more):
    return rendered(paper(sheet, decisions), sole_operator=False, **more)


def in_file(content):
    """The values the file carries, as a program reads them without working anything out."""
    read = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    return lambda sheet, cell: read[sheet][cell].value or ""


def same(one, other):
    return (one or "") == (other or "")


def costed_formula():
    return openpyxl.load_workbook(io.BytesIO(workbook()))["Lines"][COSTED].value


FORMULA = costed_formula()


# --- the same cents ------------------------------------------------------------------------------------------------


@settings(max_examples=200)
@given(
    st.decimals("0.01", 99999, places=2),
    st.integers(0, 10**10),
    st.one_of(st.just(Decimal(0)), st.decimals(0, 250, places=2)),
)
def test_the_formula_of_a_line_comes_to_the_same_cents(quantity, unit, handling):
    line = Line(1, LineKind.PART, "P", "d", quantity, unit, handling)
    assume(refusal(line) is None)
    cells = {"F6": float(quantity), "G6": unit / 100, "H6": float(handling / 100)}
    assert work_out(FORMULA, cells) == line.cents / 100


@settings(max_examples=200)
@given(st.integers(0, 10**9), st.integers(1, 400))
def test_half_a_cent_goes_up_in_the_workbook_too(half_cents, hundredths):
    """Lines that come to exactly half a cent: where doubles that are not whole numbers go wrong."""
    quantity = Decimal(hundredths) / 100
    unit = (2 * half_cents + 1) * 50
    line = Line(1, LineKind.PART, "P", "d", quantity, unit, Decimal(0))
    assume(refusal(line) is None)
    assert work_out(FORMULA, {"F6": float(quantity), "G6": unit / 100}) == line.cents / 100


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(sheets())
def test_every_formula_comes_to_the_value_in_the_file_and_that_is_what_the_rules_say(sheet):
    content = workbook(sheet)
    book, carried = Book(content), in_file(content)
    for where, cell in book.formulas():
        assert same(book.value(where, cell), carried(where, cell)), (where, cell)
    total, complete = book.row_of("Comparison", "Total"), book.row_of("Comparison", "Complete")
    for column, option in zip("BCDEFGHIJK", sheet.options, strict=False):
        assert (carried("Comparison", f"{column}{total}") or 0) == option.total_cents / 100
        assert (carried("Comparison", f"{column}{total + 1}") or 0) == option.refundable_cents / 100
        assert (carried("Comparison", f"{column}{complete}") == "yes") == (not option_faults(option))
    best = recommended(sheet.options)
    said = carried("Comparison", f"B{book.row_of('Comparison', 'Recommendation')}")
    assert said.startswith(f"{best.letter}: {best.name}," if best else "None yet")
    verdict = carried("Comparison", f"B{book.row_of('Comparison', 'This sheet is')}")
    assert (verdict == "complete") == (not faults(sheet))


# --- what an office types into it ----------------------------------------------------------------------------------


def recommendation(book):
    return book.value("Comparison", f"B{book.row_of('Comparison', 'Recommendation')}")


def test_another_price_moves_the_recommendation():
    content = workbook()
    book = Book(content)
    assert recommendation(book).startswith("A: New print head")
    book.set("Lines", "G11", 6_000)  # the printer to buy
    assert recommendation(book).startswith("B: Replace")
    book.set("Lines", "J12", 100)  # the bureau's invoice, under the discount and the allowance
    book.set("Lines", "K12", None)
    assert recommendation(book).startswith("C: Cards printed by a bureau")


def test_a_blank_or_vague_cell_takes_an_option_out_and_says_which():
    content = workbook()
    book = Book(content)
    book.set("Lines", "E6", "faulty  UNIT.")
    assert book.value("Lines", "O6") == "description says nothing."
    assert recommendation(book).startswith("C: Cards")
    book.set("Lines", "E6", None)
    book.set("Lines", "G6", None)
    assert book.value("Lines", "O6") == "description blank. unit cost blank."
    assert book.value("Comparison", f"B{book.row_of('Comparison', 'This sheet is')}").startswith("not complete")


def test_a_line_written_in_a_free_row_counts():
    content = workbook()
    book = Book(content)
    before = book.value("Comparison", f"B{book.row_of('Comparison', 'Total')}")
    row = {"A": "A", "C": "Other", "E": "Courier of the head", "F": 2, "G": 310.555}
    for column, value in row.items():
        book.set("Lines", f"{column}{FIRST_FREE}", value)
    assert book.value("Comparison", f"B{book.row_of('Comparison', 'Total')}") == round(before + 621.12, 2)
    assert book.value("Lines", f"O{FIRST_FREE}") == ""


def test_a_tie_goes_to_repair_then_replace_then_contract_out():
    line = (Line(1, LineKind.OTHER, "", "All of it", Decimal(1), 5000),)
    kinds = [OptionKind.CONTRACT_OUT, OptionKind.REPLACE, OptionKind.REPAIR]
    content = workbook(replace(SHEET, options=tuple(Option(n, kind, "", line) for n, kind in enumerate(kinds, 1))))
    book = Book(content)
    assert recommendation(book).startswith("C: Repair")
    book.set("Comparison", f"D{book.row_of('Comparison', 'Way to go')}", "Contract out")
    assert recommendation(book).startswith("B: Replace")


def test_a_heading_made_vague_is_said_beside_it():
    content = workbook()
    book = Book(content)
    book.set("Comparison", f"B{book.row_of('Comparison', 'Cause')}", "Wear and tear")
    assert book.value("Comparison", f"E{book.row_of('Comparison', 'Cause')}") == "says nothing"


@pytest.mark.parametrize("text", [*VAGUE, "Faulty  Unit.", "N/A!", "“repair”", "it's broken", "-", ""])
def test_texts_are_compared_as_the_rules_compare_them(text):
    from ancadmin.domain.vague import folded

    assert work_out(folded_formula("D6"), {"D6": text}) == folded_text(text) == folded(text)


# --- as an office prints it ----------------------------------------------------------------------------------------


def test_equal_sheets_give_equal_bytes():
    assert workbook(decisions=[SUBMITTED, APPROVED]) == workbook(decisions=[SUBMITTED, APPROVED])


def test_what_people_wrote_is_never_a_formula():
    tricky = Option(1, OptionKind.REPAIR, "=2+2", (Line(1, LineKind.PART, "=HYPERLINK(1)", "@SUM(1)", Decimal(1), 5),))
    content = workbook(replace(SHEET, concern="=cmd()", options=(tricky,)))
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book["Lines"]["D6"].value == "=HYPERLINK(1)"
    typed = [book["Lines"]["D6"], book["Lines"]["E6"], book["Comparison"]["B8"]]
    assert [cell.data_type for cell in typed] == ["s"] * 3


def test_print_set_up_frozen_panes_and_drop_downs():
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    comparison, lines = book["Comparison"], book["Lines"]
    for sheet, orientation in ((comparison, "portrait"), (lines, "landscape")):
        assert sheet.page_setup.paperSize == 9
        assert sheet.page_setup.orientation == orientation
        assert sheet.page_setup.fitToWidth == 1
        assert "&P of &N" in sheet.oddFooter.right.text
        assert sheet.freeze_panes
    assert lines.print_title_rows == "$5:$5"
    lists = [rule.formula1 for rule in lines.data_validations.dataValidation if rule.type == "list"]
    assert lists == ["Comparison!$B$14:$D$14", '"Part,Labour,Assembly,Core charge,Other"']
    assert [rule.formula1 for rule in comparison.data_validations.dataValidation] == ['"Repair,Replace,Contract out"']
    assert book["Vague texts"].sheet_state == "hidden"
    assert lines["F6"].fill.fgColor.rgb == comparison["B4"].fill.fgColor.rgb == "FFFFF8D6"
    assert lines["I6"].fill.fill_type is None


def test_the_trail_the_remark_and_the_signature_lines_are_on_it():
    content = rendered(paper(decisions=[SUBMITTED, APPROVED]), sole_operator=True)
    cells = [
        cell.value for row in openpyxl.load_workbook(io.BytesIO(content))["Comparison"] for cell in row if cell.value
    ]
    who = "2026-05-06 00:30, batch 10\nThandi Nkosi, provincial officer"
    assert who in cells, "moments are those of Johannesburg"
    assert "Approved B: Replace, R22\u00a0864.67 dearer than the recommendation" in cells
    assert APPROVED.why in cells
    assert {"Prepared by", "Checked by", "Approved by", "Signature"} <= set(map(str, cells))
    assert any("sole operator" in str(cell) for cell in cells)
