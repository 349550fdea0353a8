"""Which heading is which field, written down, kept by name, and known again by the headings."""

import tomllib

import pytest
from tests.services.register.making import NOMSA, PRIYA, THABO, imported, members, outcome
from tests.tamper import sql

# Headings nobody could guess: K1 is the ID number, K2 the branch, K4 looks like a surname and is a place.
ODD = """Printed,,,,,
K1,K2,Ref,K4,K5,K6
8001015009087,79700012,Mokoena,Germiston,Thabo,03/04/2015
7501151234085,79700013,Naidoo,Boksburg,Priya,05/06/2016
"""
ODD_MAPPING = """
[[sheet]]
[sheet.fields]
id_number = "K1"
surname = "Ref"
first_names = "K5"
branch = 2
joined_on = "k 6"
[sheet.date_orders]
joined_on = "month-day-year"
"""
PLAIN = "ID Number,Surname,Name,Branch,Joined,Remarks\n8001015009087,Mokoena,Thabo,79700012,25/12/2010,x\n"


def test_a_mapping_is_suggested_as_toml_with_confidence_and_the_order_of_dates(placed):
    text = placed("register", "profile", "suggest", placed.write("plain.csv", PLAIN)).out
    (sheet,) = tomllib.loads(text)["sheet"]
    assert sheet["fields"] == {
        "id_number": "ID Number",
        "surname": "Surname",
        "first_names": "Name",
        "branch": "Branch",
        "joined_on": "Joined",
    }
    assert sheet["headings"] == ["ID Number", "Surname", "Name", "Branch", "Joined", "Remarks"]
    assert sheet["date_orders"] == {"joined_on": "day-month-year"}
    assert 'first_names = "Name"  # sure 0.80' in text
    assert "# headings in row 1, sure 1.00" in text
    assert '# not taken: "Remarks"' in text


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_suggestion_has_an_entry_a_sheet_and_names_columns_without_a_heading_by_number(placed):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = 'North "A"'
    for cells in (["ID", "Surname", None], [THABO, "Mokoena", "0821234567"]):
        book.active.append(cells)
    book.create_sheet("Colours").append(["Colour", "Size"])
    book.create_sheet("South").append(["Van", "Voorname", "Tak"])
    path = placed.folder / "two.xlsx"
    book.save(path)
    text = placed("register", "profile", "suggest", path).out
    north, south = tomllib.loads(text)["sheet"]
    assert (north["name"], north["fields"]["cell"]) == ('North "A"', 3)
    assert (south["name"], south["fields"]) == (
        "South",
        {"surname": "Van", "first_names": "Voorname", "branch_name": "Tak"},
    )
    assert '# The sheet "Colours" has no row of headings and would be set aside.' in text
    assert '# id_number = "?"' in text


def test_a_profile_is_saved_shown_listed_and_removed(placed):
    mapping = placed.write("odd.toml", ODD_MAPPING)
    saved = placed("register", "profile", "save", "odd", mapping, "--json").json
    assert (saved["name"], saved["became"], saved["sheets"], saved["headings"]) == ("odd", "new", 1, 4)
    assert placed("register", "profile", "show", "odd").out == ODD_MAPPING
    (row,) = placed("register", "profile", "list", "--json").json
    assert (row["name"], row["headings"], row["batch"]) == ("odd", ["K1", "Ref", "K5", "k 6"], saved["batch"])
    assert placed("register", "profile", "save", "odd", mapping, "--json").json["became"] == "unchanged"
    placed("register", "profile", "remove", "odd", "--dry-run")
    placed("register", "profile", "remove", "odd")
    assert placed("register", "profile", "list", "--json").json == []
    assert "no such profile (odd)" in placed("register", "profile", "show", "odd", code=3).err
    assert "no such profile (odd)" in placed("register", "profile", "remove", "odd", code=3).err


def test_an_import_by_a_profile(placed):
    placed("register", "profile", "save", "odd", placed.write("odd.toml", ODD_MAPPING))
    path = placed.write("odd.csv", ODD)
    result = imported(placed, path, "--profile", "odd")
    assert outcome(result) == {"accepted": 2, "blank": 1}
    assert result["profiles"] == [{"file": "odd.csv", "sheet": "", "profile": "odd"}]
    assert "date_doubtful" not in result["notes"]
    assert members(placed, "surname", "first_names", "branch", "joined_on") == [
        ("Naidoo", "Priya", "79700013", "2016-05-06"),
        ("Mokoena", "Thabo", "79700012", "2015-03-04"),
    ]


def test_a_saved_profile_is_known_again_by_its_headings_wherever_they_stand(placed):
    placed("register", "profile", "save", "odd", placed.write("odd.toml", ODD_MAPPING))
    other = "\n\nPart two,,,,,\n" + ODD.split("\n", 1)[1].replace("K1", "k1").replace(THABO, NOMSA)
    answer = placed("register", "import", placed.write("odd.csv", ODD), placed.write("other.csv", other), "--json")
    assert outcome(answer.json) == {"accepted": 3, "unchanged": 1, "blank": 4}
    assert answer.err.splitlines()[:2] == [
        "odd.csv: read by the profile odd",
        "other.csv: read by the profile odd",
    ]
    assert members(placed, "surname") == [("Mokoena",), ("Naidoo",), ("Mokoena",)]


def test_a_sheet_with_a_further_field_is_not_of_the_profile(placed):
    mapping = placed("register", "profile", "suggest", placed.write("plain.csv", PLAIN)).out
    placed("register", "profile", "save", "plain", placed.write("plain.toml", mapping))
    same = PLAIN.replace("Remarks", "Remarks,Old shoe size")
    assert imported(placed, placed.write("same.csv", same))["profiles"] != []
    more = PLAIN.replace("Remarks", "Remarks,Cell No").replace(",x", ",x,0821234567")
    assert imported(placed, placed.write("more.csv", more))["profiles"] == []
    assert members(placed, "cell") == [("+27821234567",)]


def test_the_profile_that_knows_most_headings_counts_then_the_latest(placed):
    few = '[[sheet]]\n[sheet.fields]\nid_number = "K1"\nsurname = "Ref"\nbranch = "K2"\n'
    many = few + 'first_names = "K5"\n'
    for name, text in {"many": many, "few": few, "later": many.replace("first_names", "full_name")}.items():
        placed("register", "profile", "save", name, placed.write("one.toml", text))
    path = placed.write("odd.csv", ODD)
    assert [one["profile"] for one in imported(placed, path)["profiles"]] == ["later"]
    placed("register", "profile", "remove", "later")
    assert [one["profile"] for one in imported(placed, path)["profiles"]] == ["many"]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_another_profile_reads_the_same_file_anew(placed):
    by_place = ODD_MAPPING.replace('"Ref"', '"K4"')
    for name, text in {"odd": ODD_MAPPING, "places": by_place}.items():
        placed("register", "profile", "save", name, placed.write("one.toml", text))
    path = placed.write("odd.csv", ODD)
    first = imported(placed, path, "--profile", "odd")
    assert imported(placed, path, "--profile", "odd")["same_as"] == first["batch"]
    assert imported(placed, path, "--profile", "places")["problems"] == {"id_shared": 2}


def test_a_profile_that_does_not_fit_is_refused_with_the_headings_there_are(placed):
    placed("register", "profile", "save", "odd", placed.write("odd.toml", ODD_MAPPING))
    path = placed.write("plain.csv", PLAIN)
    refused = placed("register", "import", path, "--profile", "odd", code=3)
    assert (
        "plain.csv row 1: the profile odd does not fit: no heading K1, Ref, K5, k 6; the headings are: ID Number"
        in (refused.err)
    )
    assert "no such profile (none)" in placed("register", "import", path, "--profile", "none", code=3).err
    assert members(placed, "id") == []


def test_undo_takes_back_what_was_saved_and_what_was_removed(placed):
    def contents():
        return [placed("register", "profile", "show", one["name"]).out for one in listed()]

    def listed():
        return placed("register", "profile", "list", "--json").json

    other = ODD_MAPPING + "# corrected\n"
    first = placed("register", "profile", "save", "odd", placed.write("1.toml", ODD_MAPPING), "--json").json["batch"]
    second = placed("register", "profile", "save", "odd", placed.write("2.toml", other), "--json").json["batch"]
    (kept,) = placed("batch", "undo", first, "--json").json["kept"]
    assert kept["what"] == "profile odd"
    assert contents() == [other]
    assert placed("batch", "undo", second, "--json").json["kept"] == []
    assert contents() == [ODD_MAPPING]
    placed("register", "profile", "remove", "odd")
    assert contents() == []
    removed = placed("batch", "list", "--json").json[0]["batch"]
    placed("batch", "undo", removed)
    assert contents() == [ODD_MAPPING]
    placed("batch", "undo", first)
    assert contents() == []
    assert sql(placed, "SELECT count(*) FROM profile WHERE reversed_by IS NULL") == [(0,)]


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[sheet", "not valid TOML"),
        ("name = 1", "an entry `[[sheet]]`"),
        ('[[sheet]]\n[sheet.fields]\nsurname = "Van"', "no column of ID numbers is named"),
        ('[[sheet]]\n[sheet.fields]\nid_number = "ID"\nshoes = "Size"', "no such field (shoes)"),
        ('[[sheet]]\n[sheet.fields]\nid_number = "ID"\nsurname = 0', "`surname` names no column (0)"),
        ('[[sheet]]\n[sheet.fields]\nid_number = "ID"\nsurname = "I.D."', "`surname` and `id_number` name the same"),
        ("[[sheet]]\n[sheet.fields]\nid_number = 1", "every column goes by its number"),
        (
            '[[sheet]]\n[sheet.fields]\nid_number = "ID"\n[sheet.date_orders]\njoined_on = "backwards"',
            "`joined_on` has no such order of dates (backwards)",
        ),
    ],
)
def test_a_file_that_is_no_mapping_is_refused(placed, text, said):
    path = placed.write("wrong.toml", text)
    refused = placed("register", "profile", "save", "wrong", path, code=3)
    assert said in refused.err
    assert str(path) in refused.err
    assert placed("register", "profile", "list", "--json").json == []


@pytest.mark.parametrize("engine", ["sqlite"])
def test_check_says_how_a_file_would_be_read(placed):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "Lede"
    for cells in (["Members"], ["ID", "Surname", "Branch", "Joined", "Remarks"], [], ["Total", 2]):
        book.active.append(cells)
    for number, joined in ((THABO, "25/12/2010"), (PRIYA, "26/12/2010"), (NOMSA, "03/04/2010")):
        book.active.append([number, "Mokoena", "79700012", joined, "x"])
    book.active.row_dimensions[6].hidden = True
    book.create_sheet("Notes").append(["Please complete"])
    path = placed.folder / "lede.xlsx"
    book.save(path)
    rows = placed("register", "profile", "check", path, "--json").json
    assert [(row["heading"], row["field"]) for row in rows[:5]] == [
        ("ID", "id_number"),
        ("Surname", "surname"),
        ("Branch", "branch"),
        ("Joined", "joined_on"),
        ("Remarks", None),
    ]
    first, joined = rows[0], rows[3]
    assert {name: first[name] for name in ("file", "sheet", "header_row", "rows", "blank", "hidden", "filled")} == {
        "file": "lede.xlsx",
        "sheet": "Lede",
        "header_row": 2,
        "rows": 6,
        "blank": 3,
        "hidden": 1,
        "filled": 3,
    }
    assert 0.9 < first["header_confidence"] <= 1
    assert (joined["date_order"], joined["doubtful"]) == ("day-month-year", 0)
    assert first["samples"] == ["800101****087", "750115****085", "640506****084"]
    assert [row["sheet"] for row in rows[5:]] == ["Notes"]
    shown = placed("register", "profile", "check", path).out.splitlines()
    assert shown[0] == "lede.xlsx Lede: headings in row 2 (sure 0.93), 6 rows, 3 blank, 1 hidden"
    assert shown[1] == "lede.xlsx Notes: no column of ID numbers, set aside with its 1 rows"
    counted = imported(placed, path)
    assert (counted["read"], counted["blank"]) == (6 + 1, 3 + 1)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_check_by_a_profile_or_a_mapping(placed):
    path, mapping = placed.write("odd.csv", ODD), placed.write("odd.toml", ODD_MAPPING)
    by_file = placed("register", "profile", "check", path, "--mapping", mapping, "--json").json
    assert [row["field"] for row in by_file] == ["id_number", "branch", "surname", None, "first_names", "joined_on"]
    assert {row["confidence"] for row in by_file} == {1.0, None}
    assert by_file[0]["header_row"] == 2
    placed("register", "profile", "save", "odd", mapping)
    by_name = placed("register", "profile", "check", path, "--profile", "odd", "--json").json
    by_headings = placed("register", "profile", "check", path, "--json").json
    assert by_name == by_headings == [{**row, "profile": "odd"} for row in by_file]
    placed("register", "profile", "check", path, "--profile", "odd", "--mapping", mapping, code=2)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_import_says_which_columns_it_is_not_sure_of(placed):
    path = placed.write("dates.csv", PLAIN.replace("Joined", "Date"))
    answer = placed("register", "import", path, "--json")
    unsure = {"file": "dates.csv", "sheet": "", "heading": "Date", "field": "last_payment_on", "confidence": 0.5}
    assert answer.json["unsure"] == [unsure]
    said = "dates.csv: `Date` taken for last_payment_on, sure 0.50: see ancadmin register profile check FILE"
    assert said in answer.err.splitlines()
    mapping = placed("register", "profile", "suggest", path).out.replace("last_payment_on", "joined_on")
    placed("register", "profile", "save", "dates", placed.write("dates.toml", mapping))
    assert imported(placed, path)["unsure"] == []
    assert members(placed, "joined_on") == [("2010-12-25",)]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_cells_that_may_be_the_rest_of_a_number_are_masked(placed):
    path = placed.write("short.csv", "ID Number,Surname,Branch,Cell\n571027977,Mokoena,79700012,628451067\n")
    (number, surname, branch, cell) = placed("register", "profile", "check", path, "--json").json
    assert (number["samples"], cell["samples"]) == (["571027****"], ["628451****"])
    assert (surname["samples"], branch["samples"]) == (["Mokoena"], ["79700012"])
    (sample,) = placed("register", "import", path, "--dry-run", "--json").json["samples"]
    assert (sample["code"], sample["value"]) == ("wrong_length", "571027****")
