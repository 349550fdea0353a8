"""A sheet that says in its titles, not in its rows, which branch it is of: said once, carried into each row."""

import openpyxl
import pytest
from tests.services.register.making import file, imported, members, number, outcome, row

HEADINGS = ["ID No", "Surname", "First names", "Cell"]
PLACES = """province,region_code,region,branch_code,branch,ward
GP,JHB,Johannesburg,GP-JHB-014,Dube Ward 14,
GP,JHB,Johannesburg,GP-JHB-015,Orlando,79800015
GP,JHB,Johannesburg,GP-JHB-016,Zone 1,
GP,JHB,Johannesburg,GP-JHB-017,Zone 1,
GP,JHB,Johannesburg,GP-JHB-018,Johannesburg,
GP,JHB,Johannesburg,14,Diepkloof,
"""
engine_of_one = pytest.mark.parametrize("engine", ["sqlite"])


@pytest.fixture
def johannesburg(placed):
    placed("db", "places", "import", placed.write("places-jhb.csv", PLACES))
    return placed


def person(at):
    return [number(at), "Mokoena", "Thabo", "0821234567"]


def workbook(office, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for cells in rows:
            sheet.append(cells)
    book.save(office.folder / "branches.xlsx")
    return office.folder / "branches.xlsx"


def branches(office):
    return [branch for (branch,) in members(office, "branch")]


@engine_of_one
@pytest.mark.parametrize(
    "titles",
    [
        [["BRANCH: Dube Ward 14 (GP-JHB-014)"]],
        [["ANC JOHANNESBURG", "", "Printed on", "2020-12-31"], ["Branch:", "Dube Ward 14"]],
        [["Branch", "DUBE WARD 14", "Region", "Johannesburg"]],
        [["List of members"], ["Takkode", "", "gp-jhb-014"]],
        [["Dube Ward 14"], []],
        [["Dube Ward 14 branch"], ["Members in good standing"]],
        [["Branch: Dube Ward 14 (GP-JHB-014)"], ["Ward: 14"]],
        [["Branch: Dube"], ["Branch code: GP-JHB-014"]],
        [["Members of Dube Ward 14 - GP-JHB-014"]],
        [["Form NEC-12", "20201231"], ["Dube Ward 14"]],
        [["Branch: Zone 1 (GP-JHB-014)"]],
    ],
    ids=str,
)
def test_the_rows_over_the_headings_name_the_branch(johannesburg, titles):
    path = workbook(johannesburg, Lys=[*titles, HEADINGS, person(1), person(2)])
    answer = johannesburg("register", "import", path, "--json")
    assert outcome(answer.json) == {"accepted": 2, "blank": len(titles)}
    assert branches(johannesburg) == ["GP-JHB-014"] * 2
    (one,) = answer.json["titled"]
    assert (one["file"], one["sheet"], one["branch"], one["row"]) == ("branches.xlsx", "Lys", "GP-JHB-014", 0)
    said = [line for line in answer.err.splitlines() if "no column of branches" in line]
    assert said == [
        f"branches.xlsx Lys: no column of branches; its rows are of branch GP-JHB-014, as {one['said_by']} says"
    ]
    assert outcome(imported(johannesburg, path)) == {"unchanged": 2, "blank": len(titles)}


@engine_of_one
def test_the_name_of_a_sheet_names_the_branch_each_sheet_its_own(johannesburg):
    sheets = {"Dube Ward 14": [HEADINGS, person(1)], "Tak GP-JHB-015": [HEADINGS, person(2)], "Lede": [HEADINGS]}
    result = imported(johannesburg, workbook(johannesburg, **sheets))
    assert outcome(result) == {"accepted": 2}
    assert branches(johannesburg) == ["GP-JHB-014", "GP-JHB-015"]
    assert [(one["sheet"], one["said_by"]) for one in result["titled"]] == [
        ("Dube Ward 14", "its name"),
        ("Tak GP-JHB-015", "its name"),
    ]


@engine_of_one
@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Lys", "Branch: Zone 1"),  # two branches have that name
        ("Lys", "Branch: Dube Ward 14 (GP-JHB-015)"),  # the code is another branch's
        ("Lys", "Branch: Dube Ward 14 (GP-JHB-999)"),  # the code is nobody's
        ("Orlando", "Branch: Dube Ward 14"),  # the sheet says another
        ("Orlando", "Branch: Nowhere"),  # the sheet says another, perhaps
        ("Orlando", "Zone 1"),  # the sheet says another than either of the two
        ("Lys", "Orlando, Dube Ward 14"),
        ("Lys", "Johannesburg"),  # the region, or the branch of that name
        ("Lys", "Printed at: Orlando"),  # no branch's label
        ("Lys", "Branch secretary: Orlando"),
        ("Lys", "Region: Orlando"),
        ("Lys", "Members 2020"),
        ("Lys 14", "Page 14"),  # 14 is a branch's code
        ("Lys", "Branch: Ward 14 Meadowlands"),
    ],
)
def test_nothing_is_guessed(johannesburg, name, title):
    result = imported(johannesburg, workbook(johannesburg, **{name: [[title], HEADINGS, person(1)]}))
    assert outcome(result) == {"quarantined": 1, "blank": 1}
    assert result["problems"] == {"branch_missing": 1}
    assert result["titled"] == []


@engine_of_one
def test_a_short_code_counts_where_a_label_says_it_is_one(johannesburg):
    path = workbook(johannesburg, Lys=[["Branch code: 14"], HEADINGS, person(1)])
    assert outcome(imported(johannesburg, path)) == {"accepted": 1, "blank": 1}
    assert branches(johannesburg) == ["14"]


@engine_of_one
def test_a_surname_that_is_a_branchs_name_begins_no_rows_of_that_branch(johannesburg):
    rows = [["Branch: Dube Ward 14"], HEADINGS, person(1), ["", "Orlando"], person(2)]
    assert outcome(imported(johannesburg, workbook(johannesburg, Lys=rows))) == {"accepted": 2, "blank": 2}
    assert branches(johannesburg) == ["GP-JHB-014"] * 2


@engine_of_one
@pytest.mark.parametrize("second_line", ["Orlando", "GP-JHB-015", "Zone 1"])
def test_the_second_line_of_an_address_begins_no_rows_of_that_branch(johannesburg, second_line):
    titled = [["Branch: Dube Ward 14"], [*HEADINGS, "Address"]]
    people = [[*person(1), "12 Main St"], ["", "", "", "", second_line], [*person(2), "3 High St"]]
    section = [["79800015"], [*person(3), "1 Low St"], ["", "", "", "", second_line], [*person(4), "2 Low St"]]
    path = workbook(johannesburg, Lys=[*titled, *people, *section])
    assert outcome(imported(johannesburg, path)) == {"accepted": 4, "blank": 4}
    assert branches(johannesburg) == ["GP-JHB-014"] * 2 + ["GP-JHB-015"] * 2


@engine_of_one
def test_a_title_stands_where_the_table_begins_though_no_heading_is_over_the_column_before_it(johannesburg):
    rows = [["", *HEADINGS], [1, *person(1)], ["", "Orlando"], [2, *person(2)], ["Dube Ward 14"], [3, *person(3)]]
    result = imported(johannesburg, workbook(johannesburg, **{"Dube Ward 14": rows}))
    assert outcome(result) == {"accepted": 3, "blank": 2}
    assert branches(johannesburg) == ["GP-JHB-014", "GP-JHB-015", "GP-JHB-014"]


@engine_of_one
def test_a_label_makes_a_regions_name_a_branchs(johannesburg):
    path = workbook(johannesburg, Lys=[["Branch: Johannesburg"], ["Region: Johannesburg"], HEADINGS, person(1)])
    assert outcome(imported(johannesburg, path)) == {"accepted": 1, "blank": 2}
    assert branches(johannesburg) == ["GP-JHB-018"]


@engine_of_one
def test_a_column_of_branches_goes_before_every_title(johannesburg):
    rows = [["BRANCH: Dube Ward 14"], [*HEADINGS, "Branch"], [*person(1), "GP-JHB-015"], [*person(2), ""]]
    result = imported(johannesburg, workbook(johannesburg, **{"Dube Ward 14": rows}))
    assert outcome(result) == {"accepted": 1, "quarantined": 1, "blank": 1}
    assert branches(johannesburg) == ["GP-JHB-015"]
    assert result["titled"] == []


def test_titles_among_the_rows_name_the_branch_of_what_follows(johannesburg):
    rows = [
        ["JOHANNESBURG REGION"],
        HEADINGS,
        ["Dube Ward 14 (GP-JHB-014)"],
        person(1),
        person(2),
        ["Total", "Dube Ward 14"],
        HEADINGS,
        ["", "BRANCH:", "Orlando"],
        person(3),
        ["", "Orlando total: 1"],
        ["79800015"],
        person(4),
        ["Zone 1"],
        person(5),
    ]
    path = workbook(johannesburg, Lys=rows)
    answer = johannesburg("register", "import", path, "--json")
    assert outcome(answer.json) == {"accepted": 4, "quarantined": 1, "blank": 8}
    assert branches(johannesburg) == ["GP-JHB-014"] * 2 + ["GP-JHB-015"] * 2
    assert [(one["branch"], one["row"]) for one in answer.json["titled"]] == [
        ("GP-JHB-014", 3),
        ("GP-JHB-015", 8),
        ("GP-JHB-015", 11),
    ]
    said = "branches.xlsx Lys: no column of branches; the rows under row 8 are of branch GP-JHB-015, as row 8 says"
    assert said in answer.err.splitlines()
    assert outcome(imported(johannesburg, path)) == {"unchanged": 4, "quarantined": 1, "blank": 8}


@engine_of_one
def test_a_title_that_names_a_branch_nobody_knows_ends_the_sheets_own(johannesburg):
    rows = [["Branch: Orlando"], HEADINGS, person(1), ["Branch: Nowhere"], person(2)]
    result = imported(johannesburg, workbook(johannesburg, Lys=rows))
    assert outcome(result) == {"accepted": 1, "quarantined": 1, "blank": 2}
    assert branches(johannesburg) == ["GP-JHB-015"]


@engine_of_one
def test_other_rows_of_one_cell_do_not_end_the_sheets_own(johannesburg):
    rows = [["Branch: Orlando"], HEADINGS, ["Youth league"], person(1), ["Page 2"], person(2)]
    assert outcome(imported(johannesburg, workbook(johannesburg, Lys=rows))) == {"accepted": 2, "blank": 3}


@engine_of_one
def test_a_row_held_back_keeps_its_sheets_branch(johannesburg):
    damaged = [number(1)[:-1] + str((int(number(1)[-1]) + 1) % 10), *person(1)[1:]]
    imported(johannesburg, workbook(johannesburg, Lys=[["Branch: Orlando"], HEADINGS, damaged]))
    back = johannesburg.folder / "back.xlsx"
    johannesburg("register", "quarantine", "export", back)
    book = openpyxl.load_workbook(back)
    cells = [(cell.row, cell.column, cell.value) for line in book.active.iter_rows() for cell in line]
    assert any(value == "GP-JHB-015" for *_, value in cells)
    at = next((line, column) for line, column, value in cells if value == damaged[0])
    book.active.cell(*at).value = number(1)
    book.save(back)
    johannesburg("register", "quarantine", "apply", back)
    assert branches(johannesburg) == ["GP-JHB-015"]


@engine_of_one
def test_rows_held_back_for_a_branch_that_was_not_on_record_yet_wait_no_longer_once_it_is(placed):
    path = workbook(placed, Lys=[["Branch: Orlando"], HEADINGS, person(1)])
    assert outcome(imported(placed, path)) == {"quarantined": 1, "blank": 1}
    placed("db", "places", "import", placed.write("places-jhb.csv", PLACES))
    assert outcome(imported(placed, path)) == {"accepted": 1, "blank": 1}
    assert placed("register", "quarantine", "--json").json == []


TWO_MORE = PLACES + "GP,JHB,Johannesburg,GP-JHB-019,Orlando,\n"


def test_rows_that_were_taken_stay_known_when_another_branch_gets_the_name_in_their_title(johannesburg):
    rows = [["Branch: Orlando"], HEADINGS, person(1), person(2), ["Branch: Dube Ward 14"], person(3)]
    path = workbook(johannesburg, Lys=rows)
    imported(johannesburg, path)
    johannesburg("db", "places", "import", johannesburg.write("places-more.csv", TWO_MORE))
    assert outcome(imported(johannesburg, path)) == {"unchanged": 3, "blank": 2}
    assert branches(johannesburg) == ["GP-JHB-015"] * 2 + ["GP-JHB-014"]


@pytest.mark.parametrize("title", ["Branch: Orlando", "Orlando"])
def test_a_row_waits_once_when_the_branch_in_its_title_gets_on_record(placed, title):
    rows = [[title], HEADINGS, person(1), ["800", "Naidoo", "Priya", "0837654321"]]
    path = workbook(placed, Lys=rows)
    assert outcome(imported(placed, path)) == {"quarantined": 2, "blank": 1}
    placed("db", "places", "import", placed.write("places-jhb.csv", PLACES))
    again = imported(placed, path)
    assert outcome(again) == {"accepted": 1, "quarantined": 1, "blank": 1}
    held = placed("register", "quarantine", "--json").json
    assert [(one["batch"], one["row"], one["problems"]) for one in held] == [(again["batch"], 4, ["wrong_length"])]
    placed("batch", "undo", again["batch"])
    held = placed("register", "quarantine", "--json").json
    assert [one["problems"] for one in held] == [["branch_missing"], ["wrong_length", "branch_missing"]]


@engine_of_one
def test_the_list_of_another_branch_moves_who_stands_in_it_in_the_same_words(johannesburg):
    for name, result in (("Orlando", "accepted"), ("Dube Ward 14", "updated")):
        path = workbook(johannesburg, Lys=[[f"Branch: {name}"], HEADINGS, person(1)])
        assert outcome(imported(johannesburg, path)) == {result: 1, "blank": 1}
    assert branches(johannesburg) == ["GP-JHB-014"]


@engine_of_one
def test_a_text_file_with_a_title(johannesburg):
    path = file(johannesburg, row(id_number=number(1)), fields=("id_number", "surname", "gender"))
    path.write_text("TAK: Orlando;;\n" + path.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    assert outcome(imported(johannesburg, path)) == {"accepted": 1, "blank": 1}
    assert branches(johannesburg) == ["GP-JHB-015"]
