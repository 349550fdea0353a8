"""Every paper as it looks, in both forms: each text with its place stands in `snapshots/` beside this file.

After a change that is meant: `ANCADMIN_WRITE=1 pytest tests/writers/test_snapshots.py`, and read what changed.
"""

import io
import os
import re
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.writers.geometry import faults_of, told_pdf, told_xlsx
from tests.writers.papers import AWKWARD, BOTH, PDF_ALONE, XLSX_ALONE

from ancadmin.domain.papers import Form
from ancadmin.writers.pdf.base import Block, Paper, put, write_pdf

KEPT = Path(__file__).parent / "snapshots"
# Of the longest papers the first two pages and the last, and as many rows at both ends, say how all look.
_PAGES, _ROWS = (0, 1, -1), 15
CASES = [
    *((paper, case, form) for paper, cases in BOTH.items() for case in cases for form in Form),
    *((paper, case, Form.PDF) for paper, cases in PDF_ALONE.items() for case in cases),
    *((paper, case, Form.XLSX) for paper, cases in XLSX_ALONE.items() for case in cases),
]


@pytest.fixture(scope="module")
def drawn():
    """The file of a case, drawn once."""
    made: dict[tuple[str, str, Form], bytes] = {}

    def file(paper: str, case: str, form: Form) -> bytes:
        if (paper, case, form) not in made:
            made[paper, case, form] = {**BOTH, **PDF_ALONE, **XLSX_ALONE}[paper][case](form)
        return made[paper, case, form]

    return file


@pytest.mark.parametrize(("paper", "case", "form"), CASES)
def test_a_paper_looks_as_it_did(drawn, paper, case, form):
    content = drawn(paper, case, form)
    many = case == "3000"
    told = (
        told_pdf(content, only=_PAGES if many else ())
        if form is Form.PDF
        else told_xlsx(content, rows=_ROWS if many else None)
    )
    path = KEPT / f"{paper}-{case}-{form}.txt"
    if os.environ.get("ANCADMIN_WRITE"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(told, encoding="utf-8")
    assert told == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("paper", "case"), [(paper, case) for paper, case, form in CASES if form is Form.PDF])
def test_nothing_lies_over_anything_or_beyond_what_printers_print(drawn, paper, case):
    if case != "3000":
        assert faults_of(drawn(paper, case, Form.PDF), margin=6 if paper == "card" else 14) == []


def test_what_lies_over_something_or_too_near_the_edge_is_seen():
    def drawn(*blocks: Block) -> list[str]:
        to = io.BytesIO()
        write_pdf(to, Paper("A paper", "for a test", date(2026, 5, 2)), blocks)
        return faults_of(to.getvalue())

    def line(text: str, left: float) -> Block:
        return Block(20, lambda canvas, _left, top: put(canvas, text, left, top - 10))

    over = Block(0, lambda canvas, _left, top: put(canvas, "another", 102, top - 9))
    assert drawn(line("one", 100), line("two", 100)) == []
    assert drawn(over, line("a text", 100)) == ["page 1: 'another' lies over 'a text'"]
    assert drawn(line("cut off", 5)) == ["page 1: 'cut off' is outside the margins"]


@pytest.mark.parametrize(("paper", "case"), [(paper, case) for paper, case, form in CASES if form is Form.XLSX])
def test_no_name_becomes_a_formula(drawn, paper, case):
    workbook = load_workbook(io.BytesIO(drawn(paper, case, Form.XLSX)))
    theirs = {name for names in AWKWARD for name in names if re.match(r"[=+\-@]", name)}
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and any(name in cell.value for name in theirs):
                    assert cell.data_type == "s", f"{sheet.title} {cell.coordinate}: {cell.value}"
                    assert cell.quotePrefix or cell.value[0] not in "=+-@", f"{sheet.title} {cell.coordinate}"


def test_every_snapshot_is_of_a_case():
    assert {path.name for path in KEPT.iterdir()} == {f"{paper}-{case}-{form}.txt" for paper, case, form in CASES}
