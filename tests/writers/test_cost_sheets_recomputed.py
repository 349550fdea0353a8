"""Many sheets drawn from a seed, each worked out four times: by the rules, as the file carries it, by an evaluator of
formulas written for the tests, and by LibreOffice. All four agree to the cent (docs/rules.md, section 8).
"""

import io
import re
import shutil
import subprocess
from decimal import Decimal
from zipfile import ZipFile

import pytest
from openpyxl.utils import range_boundaries
from python_calamine import CalamineWorkbook
from tests.spreadsheet import Book
from tests.writers.cost_sheets import paper
from tests.writers.drawn_cost_sheets import DRAWN, MOST_LINES, MOST_OPTIONS, SHEETS

from ancadmin.domain.costs import LineKind, OptionKind, exact_cents, faults, option_faults, recommended
from ancadmin.readers.cost_workbook import read_cost_workbook
from ancadmin.services.costs.rows import stored
from ancadmin.writers.xlsx.cost_comparison import rendered

FIRST_LINE = 6


def test_the_sheets_drawn_are_of_every_kind_that_could_go_wrong():
    lines = [line for sheet in DRAWN for option in sheet.options for line in option.lines]
    costed = [line for line in lines if line.quantity is not None and line.unit_cents is not None]
    halves = [
        line
        for line in costed
        if exact_cents(line.quantity, line.unit_cents, line.handling_percent) % 1 == Decimal("0.5")
    ]
    assert len(halves) > 50
    assert len([line for line in lines if line.invoice_cents is not None and line.discount_cents]) > 50
    assert len([line for line in lines if line.kind is LineKind.CORE]) > 50
    assert len([line for line in lines if line.handling_percent]) > 50
    best = [recommended(sheet.options) for sheet in DRAWN]
    ties = [
        one
        for one, sheet in zip(best, DRAWN, strict=True)
        if one and sum(o.total_cents == one.total_cents and not option_faults(o) for o in sheet.options) > 1
    ]
    assert len(ties) > 5
    assert {OptionKind.REPAIR, OptionKind.REPLACE} <= {one.kind for one in ties}
    assert 0 < best.count(None) < SHEETS / 4
    assert max(len(sheet.options) for sheet in DRAWN) == MOST_OPTIONS
    assert max(len(option.lines) for sheet in DRAWN for option in sheet.options) == MOST_LINES


# --- worked out ----------------------------------------------------------------------------------------------------


class Values:
    """The values a file carries, by sheet and cell."""

    def __init__(self, content):
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = book.sheet_names
        self._rows = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in names}

    def __call__(self, sheet, cell):
        column, row, _, _ = range_boundaries(cell)
        cells = self._rows[sheet][row - 1] if row <= len(self._rows[sheet]) else []
        return (cells[column - 1] if column <= len(cells) else "") or ""

    def row_of(self, label):
        return next(at for at, cells in enumerate(self._rows["Comparison"], 1) if cells[0] == label)


@pytest.fixture(scope="module")
def files():
    return [rendered(paper(sheet), sole_operator=False) for sheet in DRAWN]


@pytest.fixture(scope="module")
def carried(files):
    return [Values(content) for content in files]


@pytest.fixture(scope="module")
def books(files):
    return [Book(content) for content in files]


def rands(cents):
    return (cents or 0) / 100 or ""


def expected(sheet, values):
    """What the rules say of each cell: sheet, cell, value."""
    row = FIRST_LINE
    for option in sheet.options:
        for line in option.lines:
            yield "Lines", f"B{row}", f"{option.letter}{line.position}"
            yield "Lines", f"I{row}", rands(line.costed_cents)
            yield "Lines", f"M{row}", rands(line.cents)
            yield "Lines", f"N{row}", rands(line.refundable_cents)
            row += 1
    rows = {label: values.row_of(label) for label in ("Parts", "Total", "Dearer than the cheapest by", "Complete")}
    best = recommended(sheet.options)
    for column, option in zip("BCDEFGHIJK", sheet.options, strict=False):
        for number, kind in enumerate(LineKind):
            yield "Comparison", f"{column}{rows['Parts'] + number}", rands(option.cents_of(kind))
        yield "Comparison", f"{column}{rows['Total']}", rands(option.total_cents)
        yield "Comparison", f"{column}{rows['Total'] + 1}", rands(option.refundable_cents)
        yield "Comparison", f"{column}{rows['Total'] + 2}", rands(option.total_cents - option.refundable_cents)
        dearer = option.total_cents - best.total_cents if best and not option_faults(option) else 0
        yield "Comparison", f"{column}{rows['Dearer than the cheapest by']}", rands(dearer)
        yield "Comparison", f"{column}{rows['Complete'] + 1}", "RECOMMENDED" if option == best else ""
    at = values.row_of("Recommendation")
    said = f"{best.letter}: {best.name}, the cheapest complete option" if best else "None yet: no option is complete"
    yield "Comparison", f"B{at}", said
    check = "BCDEFGHIJK"[max(len(sheet.options), 2)]
    yield "Comparison", f"{check}{at}", rands(best.total_cents if best else 0)
    verdict = "complete" if not faults(sheet) else "not complete: it cannot be approved"
    yield "Comparison", f"B{values.row_of('This sheet is')}", verdict


def test_the_file_carries_what_the_rules_say(carried):
    for sheet, values in zip(DRAWN, carried, strict=True):
        for where, cell, value in expected(sheet, values):
            assert values(where, cell) == value, (where, cell)


def test_the_evaluator_comes_to_what_the_file_carries(books, carried):
    for book, values in zip(books, carried, strict=True):
        assert len(book.formulas()) > 150
        for where, cell in book.formulas():
            assert (book.value(where, cell) or "") == values(where, cell), (where, cell)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_comes_to_what_the_file_carries(files, books, carried, tmp_path):
    for number, content in enumerate(files):
        (tmp_path / f"{number}.xlsx").write_bytes(without_values(content))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "out")]
    names = [f"{number}.xlsx" for number in range(len(files))]
    subprocess.run([*command, *(tmp_path / name for name in names)], check=True, capture_output=True, timeout=300)
    for name, book, values in zip(names, books, carried, strict=True):
        worked_out = Values((tmp_path / "out" / name).read_bytes())
        for where, cell in book.formulas():
            assert worked_out(where, cell) == values(where, cell), (name, where, cell)
    for sheet, name in zip(DRAWN[:10], names, strict=False):
        saved = read_cost_workbook(tmp_path / "out" / name)
        assert saved.problems == [], "and what it saved can be brought back"
        assert {one.name: stored(one.line) for option in saved.options for one in option.lines} == {
            f"{option.letter}{line.position}": stored(line) for option in sheet.options for line in option.lines
        }


def without_values(content):
    """The workbook as if no value had ever been worked out."""
    stripped = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as source, ZipFile(stripped, "w") as to:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename.startswith("xl/worksheets/"):
                data, taken = re.subn(rb"</f><v>[^<]*</v>", b"</f>", data)
                assert taken or b"<f>" not in data
            to.writestr(entry, data)
    return stripped.getvalue()
