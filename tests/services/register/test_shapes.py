"""Registers in any shape: read whole, every row accounted for, the right members on record."""

import zipfile

import pytest
from tests.services.register import shapes
from tests.services.register.making import file, imported, members, outcome, row

KEPT = ("id_number", "surname", "first_names", "branch", "joined_on", "last_payment_on", "last_payment_cents")
# Blank are the rows above the headings, those of nothing but totals and those with nothing in them.
SHAPES = {
    shapes.semicolons_in_cp1252: 0,
    shapes.unicode_text: 0,
    shapes.unicode_without_mark: 0,
    shapes.pipes_with_titles: 3 + 7,
    shapes.a_mac_of_old: 0,
    shapes.grouped_headings: 4,
    shapes.merged_downwards: 1,
    shapes.a_sheet_a_branch: 1,
    shapes.formulas: 0,
    shapes.old_workbook: 2,
    shapes.open_document: 3 * 2,
    shapes.misnamed: 4,
    shapes.compressed: 0,
}


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(("shape", "blank"), SHAPES.items(), ids=[shape.__name__ for shape in SHAPES])
def test_a_file_of_any_shape(placed, shape, blank):
    path = shape(placed.folder)
    result = imported(placed, path)
    assert outcome(result) == {"accepted": 6} | ({"blank": blank} if blank else {})
    assert "date_doubtful" not in result["notes"]
    assert members(placed, *KEPT) == sorted(shapes.AS_KEPT)
    assert outcome(imported(placed, path)) == {"unchanged": 6} | ({"blank": blank} if blank else {})


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_archive_of_several_files(placed):
    path = shapes.archive(placed.folder)
    answer = placed("register", "import", path, "--json")
    assert answer.json["read"] == 14
    assert outcome(answer.json) == {"accepted": 6, "unchanged": 6, "blank": 2}
    assert answer.json["left_out"] == ["branches.zip/letter.pdf", "branches.zip/read me.txt"]
    assert "branches.zip/letter.pdf: no table, left out" in answer.err
    assert members(placed, *KEPT) == sorted(shapes.AS_KEPT)
    inputs = placed("batch", "show", answer.json["batch"], "--json").json["inputs"]
    assert [one["file"] for one in inputs][:1] == ["branches.zip/read me.txt"]
    assert {one["file"] for one in inputs[1:]} == {"branches.zip/region 0/lys.xls", "branches.zip/region 1/excel.csv"}
    assert imported(placed, path)["unchanged"] == 12


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_folder_at_once(placed):
    result = imported(placed, shapes.folder_of_all(placed.folder))
    assert outcome(result) == {"accepted": 6, "unchanged": 6, "blank": 10 + 6}
    assert result["left_out"] == ["photo.jpg"]
    assert [(one["file"], one["sheet"], one["rows"]) for one in result["hidden"]] == [
        ("deeper/open.ods", "Noord", 1),
        ("deeper/open.ods", "Suid", 1),
    ]
    assert members(placed, *KEPT) == sorted(shapes.AS_KEPT)


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    ("shape", "said"),
    [
        (shapes.grouped_headings, "groups.xlsx Lede: 2 hidden rows read like the others"),
        (shapes.old_workbook, "lys.xls Lys van lede: 1 hidden row read like the others"),
        (shapes.open_document, "open.ods Suid: the sheet is hidden; it was looked at like the others"),
        (shapes.a_sheet_a_branch, "sheets.xlsx Branch 2: the sheet is hidden; it was looked at like the others"),
    ],
)
def test_what_the_screen_does_not_show_is_read_and_said(placed, shape, said):
    assert said in placed("register", "import", shape(placed.folder)).err.splitlines()


@pytest.mark.parametrize("engine", ["sqlite"])
def test_formulas_nobody_has_worked_out_are_said(placed):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["ID Number", "Surname", "Branch", "Amount"])
    book.active.append([shapes.PEOPLE[0][0], "Mokoena", "79700012", "=10+10"])
    book.save(placed.folder / "new.xlsx")
    said = "new.xlsx Sheet: 1 formula without a value, read as blank: open it in the spreadsheet program and save it"
    assert said in placed("register", "import", placed.folder / "new.xlsx").err


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_order_of_dates_is_the_columns_and_what_is_left_open_is_noted(placed):
    days = {"joined_on": ["25/12/2010", "26/12/2010", "03/04/2011"], "last_payment_on": ["01/02/2019"] * 3}
    rows = [
        row(id_number=one[0], surname=one[1], joined_on=joined, last_payment_on=paid)
        for one, joined, paid in zip(shapes.PEOPLE, *days.values(), strict=False)
    ]
    result = imported(placed, file(placed, *rows))
    assert result["notes"]["date_doubtful"] == 3
    taken = members(placed, "joined_on", "last_payment_on")
    assert sorted(taken) == [("2010-12-25", "2019-02-01"), ("2010-12-26", "2019-02-01"), ("2011-04-03", "2019-02-01")]


def zipped(path, **inside):
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in inside.items():
            packed.writestr(name.replace("_", "."), content)
    return path


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_cannot_be_taken_is_refused_by_name(placed):
    folder = placed.folder
    whole = shapes.archive(folder).read_bytes()
    (folder / "cut.zip").write_bytes(whole[: len(whole) // 2])
    (folder / "broken.zip").write_bytes(whole[:60] + bytes(40) + whole[100:])
    (folder / "empty").mkdir()
    locked = whole.replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01")
    locked = locked.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
    (folder / "locked.zip").write_bytes(locked)
    zipped(folder / "other.zip", colours_csv="COLOUR,SIZE\nred,3\n")
    zipped(folder / "bare.zip")
    zipped(folder / "twice.zip", other_zip="PK")
    for name, said in {
        "cut.zip": "cut.zip: the archive is damaged",
        "broken.zip": "is damaged or cut off",
        "empty": "there is no table in it",
        "locked.zip": "is locked with a password",
        "other.zip": "other.zip/colours.csv: no row of headings",
        "bare.zip": "there is no table in it",
        "twice.zip": "an archive inside the archive: other.zip",
        "nowhere.zip": "nowhere.zip: cannot be read",
    }.items():
        assert said in placed("register", "import", folder / name, code=3).err
    assert members(placed, "id") == []
