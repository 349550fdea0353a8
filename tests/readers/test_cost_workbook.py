"""What is written to a cost sheet's workbook is read from it again (docs/how-to/cost-sheets.md)."""

import io
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from tests.writers.cost_sheets import SHEET, paper, sheets

from ancadmin.domain.cost_workbook import region_code, stamped
from ancadmin.domain.vague import folded
from ancadmin.errors import InputRefused
from ancadmin.readers.cost_workbook import read_cost_workbook
from ancadmin.services.costs.rows import stored, tidy
from ancadmin.writers.xlsx.cost_comparison import rendered as printed
from ancadmin.writers.xlsx.cost_template import empty, rendered

REGION = "Greater Johannesburg (GP01), Gauteng"

FULL = rendered(paper(), 4)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("workbooks")


def read(folder, content, **cells):
    """The workbook read, once someone typed `cells` into it (`Lines_F6=2`)."""
    file = folder / "sheet.xlsx"
    if cells:
        book = openpyxl.load_workbook(io.BytesIO(content))
        for where, value in cells.items():
            sheet, cell = where.split("_")
            book[sheet][cell] = value
        book.save(file)
    else:
        file.write_bytes(content)
    return read_cost_workbook(file)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(sheets())
def test_what_a_workbook_is_filled_with_is_read_from_it_again(folder, sheet):
    written = paper(sheet)
    for content in (rendered(written, 9), printed(written, sole_operator=False)):
        found = read(folder, content)
        assert found.problems == []
        assert (found.number, found.state, found.content) == (7, "draft", written.content_hash()[:16])
        assert found.region == "GP01"
        assert found.headings == {name: tidy(getattr(sheet, name)) for name in found.headings}
        assert [(one.letter, one.kind) for one in found.options] == [(o.letter, o.kind) for o in sheet.options]
        for option, one in zip(sheet.options, found.options, strict=True):
            assert one.title == ("" if folded(option.title) == folded(option.kind) else tidy(option.title))
            assert {at.name: stored(at.line) for at in one.lines} == {
                f"{option.letter}{line.position}": stored(line) for line in option.lines
            }


def test_an_empty_one_says_nothing_but_the_two_ways_there_always_are(folder):
    found = read(folder, empty(paper(replace(SHEET, subject="", region="", options=())), [REGION]))
    assert [(one.letter, str(one.kind), one.lines) for one in found.options] == [
        ("A", "repair", []),
        ("B", "replace", []),
    ]
    assert (found.number, found.region, found.read, found.problems) == (None, "", 0, [])


def problems(folder, **cells):
    return [(p.sheet, p.row, p.column, p.value, p.code) for p in read(folder, FULL, **cells).problems]


def test_every_cell_that_cannot_be_read_is_named_with_what_to_do(folder):
    found = read(
        folder,
        FULL,
        Comparison_B15="Hire",
        Lines_F7=2.125,
        Lines_G8="R1,234",
        Lines_H9=0.05,
        Lines_C10="Deposit",
        Lines_A11="Z",
        Lines_K12="9999999",
    )
    assert [(p.sheet, p.row, p.column, p.value, p.code) for p in found.problems] == [
        ("Comparison", 15, "option A", "Hire", "way_unknown"),
        ("Lines", 7, "Quantity or hours", "2.125", "quantity_malformed"),
        ("Lines", 8, "Unit cost or rate", "R1,234", "amount_malformed"),
        ("Lines", 9, "Handling", "0.05", "handling_not_of_parts"),
        ("Lines", 10, "Kind", "Deposit", "kind_unknown"),
        ("Lines", 11, "Option", "Z", "option_unknown"),
        ("Lines", 12, "Discount on it", "9999999", "more_than_the_invoice"),
    ]
    assert all(p.remedy.endswith(".") and p.file == "sheet.xlsx" for p in found.problems)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"Lines_G6": -5}, "amount_malformed"),
        ({"Lines_G6": 10.005}, "amount_malformed"),
        ({"Lines_F6": 0}, "not_positive"),
        ({"Lines_H6": 12.5}, "handling_too_much"),
        ({"Lines_H6": "a bit"}, "handling_malformed"),
        ({"Lines_K6": 5}, "no_invoice"),
        ({"Lines_L6": 5}, "no_invoice"),
        ({"Lines_L12": 5}, "allowance_twice"),
        ({"Lines_G6": 10**14}, "too_large"),
        ({"Lines_A6": None}, "option_missing"),
        ({"Lines_C6": None}, "kind_missing"),
        ({"Lines_B7": "A1"}, "line_twice"),
        ({"Comparison_C14": "A"}, "letter_twice"),
        ({"Comparison_E16": "Hired from a bureau"}, "way_missing"),
        ({"Comparison_B15": None, "Comparison_B16": None}, "way_missing"),
        ({"Lines_A20": "D", "Lines_E20": "Hire"}, "way_missing"),
    ],
)
def test_what_makes_no_sense_is_named(folder, cells, code):
    assert code in {problem[-1] for problem in problems(folder, **cells)}


@pytest.mark.parametrize(
    ("cells", "line", "field", "value"),
    [
        ({"Lines_G6": "R4 250,00"}, 0, "unit_cents", 425000),
        ({"Lines_G6": 0.1 + 0.2}, 0, "unit_cents", 30),
        ({"Lines_H6": "12,5 %"}, 0, "handling_percent", 12.5),
        ({"Lines_H6": 0.07}, 0, "handling_percent", 7),
        ({"Lines_F6": 4000}, 0, "quantity", 4000),
        ({"Lines_D6": "007"}, 0, "part_number", "007"),
        ({"Lines_C8": "labour"}, 2, "kind", "labour"),
    ],
)
def test_cells_are_read_as_people_fill_them_in(folder, cells, line, field, value):
    found = read(folder, FULL, **cells)
    assert found.problems == []
    assert getattr(found.options[0].lines[line].line, field) == value


def test_a_row_whose_cells_were_cleared_is_no_line(folder):
    cleared = dict.fromkeys(("Lines_A6", "Lines_C6", "Lines_D6", "Lines_E6", "Lines_F6", "Lines_G6", "Lines_H6"))
    found = read(folder, FULL, **cleared)
    assert (found.problems, found.read, found.blank) == ([], 7, 1)
    assert [one.name for one in found.options[0].lines] == ["A2", "A3", "A4", "A5"]


def test_another_file_is_refused_with_where_to_begin(folder):
    book = openpyxl.Workbook()
    book.save(folder / "other.xlsx")
    (folder / "sheet.csv").write_text("Option;Line\n")
    for name in ("other.xlsx", "sheet.csv", "absent.xlsx"):
        with pytest.raises(InputRefused) as refused:
            read_cost_workbook(folder / name)
        assert refused.value.remedy
    for cells, what in (
        ({"Comparison_A8": None}, "the row `Concern`"),
        ({"Lines_H5": "Extra"}, "the column `Handling`"),
        ({"Lines_A5": "Way"}, "the column `Option`"),
    ):
        with pytest.raises(InputRefused, match=what):
            read(folder, FULL, **cells)


def test_the_region_is_read_as_it_is_chosen_or_typed():
    for text in (REGION, "GP01", " GP01 ", "Greater Johannesburg (GP01)", "A (the old one) (GP01), Gauteng"):
        assert region_code(text) == "GP01"
    assert stamped("Then bring it back · sheet 7 · draft · content 0123456789abcdef") == (
        7,
        "draft",
        "0123456789abcdef",
    )
    assert stamped("sheet 7") is None


def test_every_code_is_explained():
    from ancadmin.readers.cost_workbook import REMEDIES as OF_CELLS
    from ancadmin.services.costs.importing import REMEDIES as OF_THE_SHEET

    page = (Path(__file__).parents[2] / "docs" / "codes.md").read_text(encoding="utf-8")
    assert [code for code in {**OF_CELLS, **OF_THE_SHEET} if f"`{code}`" not in page] == []
