"""The cost-comparison sheet as PDF: everything on it, on A4, with page numbers and lines to sign on."""

import io
from dataclasses import replace
from decimal import Decimal

import pytest
from pypdf import PdfReader
from tests.writers.cost_sheets import APPROVED, CLAIM, SHEET, SUBMITTED, paper

from ancadmin.domain.costs import Line, LineKind, Option, OptionKind
from ancadmin.writers.pdf.cost_comparison import rendered


def read(sheet=SHEET, decisions=(), *, sole_operator=False):
    pages = PdfReader(io.BytesIO(rendered(paper(sheet, decisions), sole_operator=sole_operator))).pages
    return [" ".join(page.extract_text().replace("\u00a0", " ").split()) for page in pages]


def test_everything_the_sheet_says_stands_on_it():
    text = " ".join(read())
    for words in (
        "Cost comparison 7", SHEET.subject, SHEET.concern, SHEET.cause, SHEET.correction, SHEET.address, "Gauteng",
        "Greater Johannesburg (GP01)", "Sipho Ṱhavhana", "ZP-300", "12.5 %", "R4 781.25", "Core charge (refundable)",
        "Dearer than the cheapest by", "Option C: Cards printed by a bureau (contract out)",
        "Recommendation: A: New print head, fitted by us, at R6 859.31 the cheapest complete option.",
        "Complete: every option is itemised, nothing is blank, no text is vague.", "Not submitted yet",
        "Prepared by", "Checked by", "Approved by", "Signature",
    ):  # fmt: skip
        assert words in text, words
    assert "Claim: invoice R9 100.00 less discount R455.00; the region's own allowance R8 600.00." in text


def test_what_is_missing_is_said_line_by_line():
    text = " ".join(
        read(replace(SHEET, cause="broken", options=(Option(1, OptionKind.REPAIR, "", (Line(1, LineKind.PART),)),)))
    )
    for words in ("draft, not complete", "sheet the cause says nothing: broken", "A1 the unit cost is blank",
                  "sheet there is no replace option", "None yet: no option is complete."):  # fmt: skip
        assert words in text, words


def test_the_approval_trail_has_names_dates_roles_and_reasons():
    text = " ".join(read(decisions=[SUBMITTED, replace(APPROVED, own_work=True)], sole_operator=True))
    assert "2026-05-04 09:15 batch 9" in text
    assert "2026-05-06 00:30 batch 10" in text, "moments are those of Johannesburg"
    assert "Thandi Nkosi, provincial officer" in text
    assert APPROVED.why in text
    assert "Own work: approved by the sole operator." in text
    assert "one person may approve their own work" in text
    assert "R22 864.67 dearer than the recommendation" in text


def test_a_long_sheet_repeats_its_headings_and_counts_its_pages():
    lines = tuple(Line(n, LineKind.OTHER, "", f"Ribbon number {n}", Decimal(1), 100) for n in range(1, 121))
    options = tuple(Option(n, OptionKind.CONTRACT_OUT, f"Bureau number {n}", lines[:60]) for n in range(3, 9))
    pages = read(replace(SHEET, options=(*SHEET.options[:2], *options)))
    assert len(pages) > 5
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
        assert number == 1 or "Cost comparison 7 · Card printer, Braamfontein office" in page
    assert sum("Line Kind Part number Description" in page for page in pages) >= len(pages) - 2


def test_it_is_a4_and_the_same_to_the_byte():
    content = rendered(paper(decisions=[SUBMITTED]), sole_operator=False)
    assert content == rendered(paper(decisions=[SUBMITTED]), sole_operator=False)
    box = PdfReader(io.BytesIO(content)).pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)


@pytest.mark.parametrize(("count", "tables"), [(1, [1]), (4, [4]), (5, [5]), (6, [3, 3]), (11, [4, 4, 3])])
def test_up_to_five_options_stand_side_by_side_and_more_under_one_another(count, tables):
    options = tuple(Option(n, OptionKind.CONTRACT_OUT, f"Bureau {n}", CLAIM.lines) for n in range(1, count + 1))
    text = " ".join(read(replace(SHEET, options=options)))
    assert [row.count("Contract out") for row in text.split("Way to go")[1:]] == tables
