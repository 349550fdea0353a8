"""A cost sheet out to a workbook, filled in by an office, and back (docs/how-to/cost-sheets.md)."""

import json
from collections import Counter

import openpyxl
import pytest
from openpyxl.cell.cell import MergedCell
from tests.services.costs.sheet import BUREAU, HEAD, HEADINGS, as_someone, filled, opened, places, shown
from tests.writers.cost_sheets import paper
from tests.writers.drawn_cost_sheets import DRAWN

from ancadmin.domain.costs import recommended
from ancadmin.domain.roles import Role
from ancadmin.errors import NotAllowed
from ancadmin.services.costs.decide import approve
from ancadmin.services.costs.importing import import_workbook
from ancadmin.services.costs.template import write_template
from ancadmin.writers.xlsx.cost_template import rendered

REGION = "Greater Johannesburg (GP01), Gauteng"


@pytest.fixture(autouse=True)
def on_record(office):
    places(office)


def template(office, *number, name="sheet.xlsx", **cells):
    """The workbook a command writes, with what someone typed into it."""
    file = office.folder / name
    office("costs", "template", *number, "-o", file)
    return typed(file, **cells)


def typed(file, **cells):
    if cells:
        book = openpyxl.load_workbook(file)
        for where, value in cells.items():
            sheet, cell = where.split("_")
            book[sheet][cell] = value
        book.save(file)
    return file


def brought(office, file, *words, **more):
    return office("costs", "import", file, *words, "--json", **more).json


def facts(office, number):
    """What the sheet says, apart from its number and when and by whom."""
    sheet = shown(office, number)
    return {key: value for key, value in sheet.items() if key not in ("sheet", "decisions")}


NEW = {
    "Comparison_B4": HEADINGS["subject"],
    "Comparison_B5": REGION,
    "Comparison_B7": HEADINGS["address"],
    "Comparison_B8": HEADINGS["concern"],
    "Comparison_B9": HEADINGS["cause"],
    "Comparison_B10": HEADINGS["correction"],
    "Comparison_D15": "Contract out",
}
LINES = (
    {"A": "A", "C": "Part", "D": "ZP-300", "E": "Head", "F": 1, "G": 4250, "H": 0.125},
    {"A": "A", "C": "Labour", "E": "Fitting", "F": 2.5, "G": 380},
    {"A": "B", "C": "Part", "D": "ZC-350", "E": "Printer", "F": 1, "G": "R28 999,00"},
    {"A": "C", "C": "Other", "E": "Cards", "F": 1, "J": 9100, "K": 455, "L": 8600},
)
ROWS = {f"Lines_{column}{row}": value for row, line in enumerate(LINES, 6) for column, value in line.items()}


def test_an_empty_workbook_filled_in_is_the_sheet_that_would_have_been_typed(office):
    by_hand = filled(office)
    done = brought(office, template(office, **NEW, **ROWS), "--new", "--strict")
    assert {name: done[name] for name in ("new", "read", "added", "changed", "unchanged", "blank", "removed")} == {
        "new": True,
        "read": 4,
        "added": 4,
        "changed": 0,
        "unchanged": 0,
        "blank": 0,
        "removed": 0,
    }
    assert (done["complete"], done["recommended"], done["recommended_cents"]) == (True, "A", 573125)
    assert facts(office, done["sheet"]) == facts(office, by_hand)
    office("costs", "submit", done["sheet"])
    counts = office("batch", "show", done["batch"], "--json").json["counts"]
    assert (counts["sheet"], counts["added"]) == (done["sheet"], 4)


def test_it_is_one_batch_and_undo_takes_all_of_it_back(office):
    done = brought(office, template(office, **NEW, **ROWS))
    assert office("batch", "undo", done["batch"], "--json").json["kept"] == []
    assert office("costs", "list", "--json").json == []


def test_a_draft_brought_back_unchanged_changes_nothing(office):
    number = filled(office, not_serviced="Notice 14/2024: head RH-9", explanation="")
    office("costs", "remove", number, "A2")
    office("costs", "line", number, "--option", "B", "--kind", "core")
    before = shown(office, number)
    for _ in range(2):
        done = brought(office, template(office, number))
        assert (done["sheet"], done["new"], done["changes"]) == (number, False, [])
        assert (done["read"], done["unchanged"], done["removed"]) == (4, 4, 0)
    office("export", "cost-comparison", number, "-o", office.folder / "printed.xlsx")
    assert brought(office, office.folder / "printed.xlsx")["changes"] == [], "the printed workbook is one of its kind"
    assert shown(office, number) == before


def said(office, number):
    """The options of a sheet on record: kind, title, total and lines, in whatever order."""
    return [
        (o["kind"], o["title"], o["total_cents"], o["recommended"], Counter(line["cents"] for line in o["lines"]))
        for o in shown(office, number)["options"]
    ]


def meant(sheet):
    """The same of a sheet that was drawn."""
    best = recommended(sheet.options)
    return [(o.kind, o.title, o.total_cents, o == best, Counter(line.cents for line in o.lines)) for o in sheet.options]


@pytest.mark.parametrize(("one", "other"), [(0, 1), (2, 3)])
def test_any_sheet_goes_through_a_workbook_and_takes_the_place_of_any_other(office, one, other):
    file = office.folder / "drawn.xlsx"
    file.write_bytes(rendered(paper(DRAWN[one]), 9))
    number = brought(office, file, "--new")["sheet"]
    assert said(office, number) == meant(DRAWN[one])
    assert brought(office, template(office, number))["changes"] == []
    file.write_bytes(rendered(paper(DRAWN[other]), 9))
    typed(file, Comparison_A3=None)
    done = brought(office, file, "--sheet", number)
    lines = [line for option in DRAWN[other].options for line in option.lines]
    assert done["added"] + done["changed"] + done["unchanged"] + done["blank"] == done["read"] == len(lines)
    assert said(office, number) == meant(DRAWN[other])
    assert brought(office, file, "--sheet", number)["changes"] == []
    assert office("batch", "undo", done["batch"], "--json").json["kept"] == []
    assert said(office, number) == meant(DRAWN[one])


EDITED = {
    "Comparison_B9": "Dust from recycled card stock",
    "Comparison_C16": "A printer of the same make",
    "Comparison_E15": "Repair",
    "Comparison_E16": "Head from Ekurhuleni",
    "Lines_G6": 4300,
    **{f"Lines_{column}7": None for column in "CEFG"},
    "Lines_A10": "D",
    "Lines_C10": "Other",
    "Lines_E10": "Courier",
    "Lines_F10": 1,
    "Lines_G10": 310.5,
}


def test_a_draft_is_brought_to_what_the_workbook_says_and_every_change_is_told(office):
    number = filled(office)
    before = facts(office, number)
    file = template(office, number, **EDITED)
    dry = brought(office, file, "-n")
    assert facts(office, number) == before
    done = brought(office, file)
    assert {**dry, "batch": 0} == {**done, "batch": 0}
    assert [done[name] for name in ("read", "added", "changed", "unchanged", "blank", "removed")] == [5, 1, 1, 2, 1, 1]
    assert done["changes"] == [
        {"where": "sheet", "what": "changed", "fields": ["cause"]},
        {"where": "A2", "what": "removed", "fields": []},
        {"where": "A1", "what": "changed", "fields": ["unit_cents"]},
        {"where": "B", "what": "changed", "fields": ["title"]},
        {"where": "D", "what": "added", "fields": []},
        {"where": "D1", "what": "added", "fields": []},
    ]
    sheet = shown(office, number)
    assert [(o["option"], o["title"], o["total_cents"]) for o in sheet["options"]] == [
        ("A", "", 483750),
        ("B", "A printer of the same make", 2899900),
        ("C", "", 860000),
        ("D", "Head from Ekurhuleni", 31050),
    ]
    assert office("batch", "undo", done["batch"], "--json").json["kept"] == []
    assert facts(office, number) == before


def test_an_option_whose_cells_were_cleared_goes_with_its_lines(office):
    number = filled(office)
    done = brought(office, template(office, number, Comparison_D15=None, **{f"Lines_{c}9": None for c in "ACEFJKL"}))
    assert (done["removed"], done["changes"]) == (1, [{"where": "C", "what": "removed", "fields": []}])
    office("batch", "undo", done["batch"])
    assert len(shown(office, number)["options"]) == 3


def test_one_cell_that_cannot_be_read_refuses_the_workbook_and_each_is_named(office):
    number = filled(office)
    before = shown(office, number)
    cells = {"Lines_G6": 10.005, "Lines_C7": "Work", "Comparison_D15": "Hire"}
    answer = office("costs", "import", template(office, number, **cells), code=3)
    for line in (
        "sheet.xlsx Comparison row 15 column option C: way unknown (Hire)",
        "sheet.xlsx Lines row 6 column Unit cost or rate: amount malformed (10.005)",
        "sheet.xlsx Lines row 7 column Kind: kind unknown (Work)",
        "Write rands and cents, such as 1234.50.",
    ):
        assert line in answer.err
    assert shown(office, number) == before


def test_what_a_sheet_cannot_do_without_is_named(office):
    answer = office("costs", "import", template(office), code=3)
    assert "Comparison row 4 column About: subject missing" in answer.err
    assert "Comparison row 5 column Region: region missing" in answer.err
    for cells, said in (
        ({**NEW, "Comparison_B5": "XX99"}, "column Region: region unknown (XX99)"),
        ({**NEW, "Comparison_D15": "Repair", "Comparison_B16": "Head", "Comparison_D16": " HEAD"}, "option twice"),
    ):
        assert said in office("costs", "import", template(office, **cells), code=3).err
    number = filled(office)
    other = template(office, number, Comparison_B5="Ekurhuleni (GP02), Gauteng")
    assert "region differs (GP02)" in office("costs", "import", other, code=3).err
    assert "subject missing" in office("costs", "import", template(office, number, Comparison_B4=None), code=3).err
    error = office("costs", "import", template(office, number), "--sheet", number + 1, code=3).err
    assert f"of sheet {number}, not of sheet {number + 1}" in error
    office("costs", "import", template(office, number), "--sheet", number, "--new", code=2)


def test_a_sheet_that_was_submitted_is_neither_handed_out_nor_brought_back(office):
    number = filled(office)
    file = template(office, number, Lines_G6=1)
    office("costs", "submit", number)
    office("export", "cost-comparison", number, "-o", office.folder / "printed.xlsx")
    for words in (["template", number], ["import", file], ["import", office.folder / "printed.xlsx"]):
        assert "stands as it is" in office("costs", *words, code=7).err
    office("batch", "undo", office("batch", "list", "--json").json[0]["batch"])
    assert "as it was submitted" in office("costs", "import", office.folder / "printed.xlsx", code=7).err
    again = brought(office, office.folder / "printed.xlsx", "--new")
    assert facts(office, again["sheet"])["options"] == facts(office, number)["options"]


def test_what_others_changed_since_is_not_lost_unasked(office):
    number = filled(office)
    file = template(office, number, Lines_G6=4300)
    office("costs", "line", number, *BUREAU.split())
    assert "was changed since this workbook was written" in office("costs", "import", file, code=7).err
    assert shown(office, number)["options"][0]["lines"][0]["unit_cents"] == 425000
    done = brought(office, file, "--yes")
    assert (done["changed"], done["removed"]) == (1, 1)
    # Filled in further and brought back again, it is known for what it is.
    assert brought(office, typed(file, Lines_G6=4400))["changed"] == 1
    assert brought(office, file)["changes"] == []
    office("costs", "change", number, "--cause", "Dust from the card stock")
    office("costs", "import", file, code=7)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_of_two_peoples_workbooks_the_second_does_not_undo_the_first_unasked(office):
    number = filled(office)
    mine = template(office, number, name="mine.xlsx", Lines_G6=4300)
    theirs = template(office, number, name="theirs.xlsx", Lines_E7="Fitting and cleaning")
    assert brought(office, mine)["changed"] == 1
    assert "was changed since this workbook was written" in office("costs", "import", theirs, code=7).err
    assert shown(office, number)["options"][0]["lines"][0]["unit_cents"] == 430000
    assert brought(office, typed(mine, Lines_G6=4400))["changed"] == 1
    with pytest.raises(NotAllowed, match="was changed since"):
        import_workbook(as_someone(office, "thandi", (Role.MEMBERSHIP_OFFICER, "GP01")), typed(mine, Lines_G6=4500))


def test_an_empty_workbook_brought_back_twice_does_not_make_two_sheets(office):
    file = template(office, **NEW, **ROWS)
    number = brought(office, file)["sheet"]
    assert f"sheet {number} of GP01 is about the same" in office("costs", "import", file, code=7).err
    assert brought(office, typed(file, Lines_G6=4300), "--sheet", number)["changed"] == 0
    assert brought(office, file, "--sheet", number)["changes"] == []
    assert len(office("costs", "list", "--json").json) == 1
    assert brought(office, file, "--new")["sheet"] != number


def test_a_free_column_has_the_letter_its_option_will_get(office):
    number = filled(office)
    office("costs", "remove", number, "C")
    file = template(office, number)
    letters = [cell.value for cell in openpyxl.load_workbook(file)["Comparison"][14]][:6]
    assert letters == ["The options side by side", "A", "B", "D", "E", "F"]
    cells = {"Comparison_D15": "Contract out", "Lines_A9": "D", "Lines_C9": "Other", "Lines_E9": "Cards", "Lines_F9": 1}
    done = brought(office, typed(file, **cells))
    assert [change["where"] for change in done["changes"]] == ["D", "D1"]
    assert [fault["where"] for fault in done["faults"]] == ["D1"]


def test_a_line_changed_since_stays_when_what_entered_it_is_undone(office):
    number = opened(office)
    entered = office("costs", "line", number, *HEAD.split(), "--json").json["batch"]
    changed = brought(office, template(office, number, Lines_G6=4300))["batch"]
    kept = office("batch", "undo", entered, "--json").json["kept"]
    assert "they were changed since" in json.dumps(kept)
    assert shown(office, number)["options"][0]["lines"][0]["unit_cents"] == 430000
    office("batch", "undo", changed)
    assert shown(office, number)["options"][0]["lines"][0]["unit_cents"] == 425000
    office("batch", "undo", entered)
    assert shown(office, number)["options"] == []


def test_only_those_who_fill_in_sheets_there_hand_out_and_bring_back(office):
    number = filled(office)
    file = template(office, number, Lines_G6=1)
    empty = template(office, name="empty.xlsx", **NEW)
    for role in ((Role.MEMBERSHIP_OFFICER, "GP02"), (Role.REGIONAL_ORGANISER, "GP01")):
        stranger = as_someone(office, "thandi", role)
        with pytest.raises(NotAllowed):
            import_workbook(stranger, file)
        with pytest.raises(NotAllowed):
            import_workbook(stranger, empty, new=True)
        with pytest.raises(NotAllowed):
            write_template(stranger, number, office.folder / "out.xlsx")
    with pytest.raises(NotAllowed):
        write_template(as_someone(office, "thandi", (Role.BRANCH_SECRETARY, "GP0101")), None)
    neighbour = as_someone(office, "thandi", (Role.MEMBERSHIP_OFFICER, "GP02"))
    write_template(neighbour, None, office.folder / "theirs.xlsx")
    regions = openpyxl.load_workbook(office.folder / "theirs.xlsx")["Regions"]
    assert [row[0].value for row in regions] == ["Ekurhuleni (GP02), Gauteng"]


def test_only_the_yellow_cells_are_open_and_what_is_asked_is_said(office):
    file = template(office, filled(office))
    book = openpyxl.load_workbook(file)
    assert file.stat().st_mode & 0o077 == 0
    assert all(sheet.protection.sheet for sheet in book)
    for sheet in ("Comparison", "Lines"):
        for row in book[sheet]:
            for cell in (cell for cell in row if not isinstance(cell, MergedCell)):
                yellow = cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb == "FFFFF8D6"
                assert cell.protection.locked == (not yellow), (sheet, cell.coordinate)
    notes = {row[0].value: row[1].value for row in book["How to fill in"].iter_rows(min_row=6) if row[1].value}
    assert {"About", "Notice: part not serviced", "Way to go", "Lines: Handling"} <= notes.keys()
    prompts = [rule.prompt for rule in book["Comparison"].data_validations.dataValidation if rule.prompt]
    assert len(prompts) == 8
    office("costs", "template", "-o", office.folder / "sheet.pdf", code=2)


def test_who_brought_a_workbook_back_has_worked_on_the_sheet(office):
    number = filled(office)
    thandi = as_someone(office, "thandi", (Role.NATIONAL_OFFICER, "national"))
    import_workbook(thandi, template(office, number, Lines_G6=4300))
    office("costs", "submit", number)
    with pytest.raises(NotAllowed, match="thandi has worked on sheet"):
        approve(thandi, number, option=None, why="Cards again before the conference")
