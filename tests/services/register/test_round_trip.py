"""Rows held back, out to a workbook and in again: only what was changed is taken, checked as if it were imported."""

import pytest
from openpyxl import load_workbook
from tests.services.register.making import PRIYA, THABO, file, imported, members, number, row
from tests.tamper import sql

from ancadmin.writers.xlsx.held_back import ACCEPT, DISMISS, HEADING_ROW, THEIRS

WRONG = "8001015019087"
PARTS = ("unchanged", "decided_before", "changed")
CHANGED = ("accepted", "updated", "already_known", "dismissed", "still_held")


@pytest.fixture
def held(placed):
    """Seven rows held back, six of them different kinds of wrong, beside one member on record."""
    imported(placed, file(placed, row(cell="")))
    rows = [
        row(id_number=WRONG),
        row(id_number=PRIYA, surname="NAIDOO", branch="Katlehng"),
        row(id_number=number(5), surname=""),
        row(id_number="", surname="=cmd|' /C calc'!A1", first_names="-2+3"),
        row(id_number=number(6), surname="NKOSI"),
        row(id_number=number(6), surname="ZULU"),
        row(id_number="N/A", surname="TOTAL OF PAGE 3"),
    ]
    result = imported(placed, file(placed, *rows, name="second.csv"))
    assert result["quarantined"] == 7
    return placed


@pytest.fixture
def book(held):
    return Book(held)


class Book:
    """The workbook as somebody edits it in a spreadsheet program."""

    def __init__(self, office):
        self.office, self.path = office, office.folder / "held-back.xlsx"
        self.exported = office("register", "quarantine", "export", self.path, "--json").json
        self.load()

    def load(self):
        self.workbook = load_workbook(self.path)
        self.sheet = self.workbook["Held back"]
        headings = [cell.value for cell in self.sheet[HEADING_ROW]]
        self.column = {heading: at for at, heading in enumerate(headings, 1)}

    def rows(self):
        return range(HEADING_ROW + 1, self.sheet.max_row + 1)

    def at(self, place):
        """The row of the workbook for a row of the register."""
        return next(one for one in self.rows() if self.cell(one, "Row").value == place)

    def cell(self, at, heading):
        return self.sheet.cell(at, self.column[heading])

    def put(self, place, **values):
        for heading, value in values.items():
            self.cell(self.at(place), heading.replace("_", " ")).value = value

    def apply(self, *words, code=0):
        self.workbook.save(self.path)
        answer = self.office("register", "quarantine", "apply", self.path, *words, "--json", code=code)
        if code:
            return answer.err
        result = answer.json
        assert result["read"] == sum(result[part] for part in PARTS), result
        assert result["changed"] == sum(result[part] for part in CHANGED), result
        return result


def waiting(office):
    return [one["row"] for one in office("register", "quarantine", "--json").json]


def test_what_is_wrong_stands_beside_each_cell_and_only_these_are_open(book):
    assert (book.exported["rows"], book.sheet.sheet_state) == (7, "visible")
    first = book.at(2)
    assert "check digit" in book.cell(first, "What is wrong").value
    assert f"1. ID number {THABO}" in book.cell(first, "Proposed").value
    assert "check digit" in book.cell(first, "ID number").comment.text
    assert book.sheet.protection.sheet
    assert book.sheet.auto_filter.ref.startswith("A2:")
    assert book.sheet.freeze_panes.endswith("3")
    open_ones = {heading for heading in book.column if not book.cell(first, heading).protection.locked}
    assert open_ones >= {"ID number", "Surname", "Branch", "Decision", "Why"}
    assert not open_ones & {"row key", "seal", "offer", "File", "Row", "What is wrong", "Proposed"}
    assert all(book.sheet.column_dimensions[letter].hidden for letter in "ABC")
    lists = {one.formula1 for one in book.sheet.data_validations.dataValidation}
    assert "Branches!$A$1:$A$4" in lists
    assert any(ACCEPT in one for one in lists)


def test_nothing_in_the_workbook_is_a_formula(book):
    at = book.at(5)
    assert book.cell(at, "Surname").value == "=cmd|' /C calc'!A1"
    assert book.cell(at, "Surname").data_type == "s"
    assert book.cell(at, "Surname").quotePrefix
    assert all(cell.data_type != "f" for row in book.sheet.iter_rows() for cell in row)


def test_a_workbook_nobody_touched_changes_nothing(book):
    before = sql(book.office, "SELECT * FROM member"), waiting(book.office)
    result = book.apply()
    assert (result["read"], result["unchanged"], result["changed"]) == (7, 7, 0)
    assert (sql(book.office, "SELECT * FROM member"), waiting(book.office)) == before


def test_what_was_changed_is_taken_in_one_batch_and_can_be_undone(book):
    office = book.office
    book.put(2, Decision=ACCEPT)
    book.put(3, Branch="79700012 Katlehong")
    book.put(4, Surname="DLAMINI", First_names="SIPHO")
    book.put(5, ID_number=f"{number(9)[:6]} {number(9)[6:]}", Surname="O'NEIL", First_names="")
    book.put(6, Decision=THEIRS)
    book.put(8, Decision=DISMISS, Why="a total")
    rehearsed = book.apply("--dry-run")
    assert waiting(office) == [2, 3, 4, 5, 6, 7, 8]
    result = book.apply()
    assert {key: value for key, value in rehearsed.items() if key != "batch"} == {
        key: value for key, value in result.items() if key != "batch"
    }
    assert (result["read"], result["unchanged"], result["changed"]) == (7, 1, 6)
    assert {part: result[part] for part in CHANGED} == {
        "accepted": 4,
        "updated": 1,
        "already_known": 0,
        "dismissed": 1,
        "still_held": 0,
    }
    assert dict(members(office, "id_number", "surname")) == {
        THABO: "Mokoena",
        PRIYA: "Naidoo",
        number(5): "Dlamini",
        number(9): "O'Neil",
        number(6): "Nkosi",
    }
    assert members(office, "cell")[0]
    assert waiting(office) == [7]
    office("audit", "verify")
    # The same workbook again: what it says was decided just so.
    again = book.apply()
    assert (again["decided_before"], again["changed"]) == (6, 0)
    undone = office("batch", "undo", result["batch"], "--json").json
    assert undone["kept"] == []
    assert members(office, "id_number", "cell") == [(THABO, None)]
    assert waiting(office) == [2, 3, 4, 5, 6, 7, 8]
    office("check")


def test_what_is_wrong_still_waits_and_is_named(book):
    book.put(2, ID_number="8001015009088")
    book.put(3, Branch="Nowhere at all")
    book.put(4, Surname="DLAMINI")
    result = book.apply()
    assert (result["changed"], result["accepted"], result["still_held"]) == (3, 1, 2)
    assert result["problems"] == {"checksum": 1, "branch_unknown": 1}
    assert [(one["row"], one["at"], one["problems"]) for one in result["held"]] == [
        (2, book.at(2), ["checksum"]),
        (3, book.at(3), ["branch_unknown"]),
    ]
    assert waiting(book.office) == [2, 3, 5, 6, 7, 8]


def test_rows_of_the_workbook_are_held_against_each_other(book):
    book.put(2, ID_number=number(8))
    book.put(4, ID_number=number(8), Surname="ANOTHER")
    assert book.apply()["problems"] == {"id_shared": 2}


def test_a_row_decided_meanwhile_is_refused_with_its_place(book):
    other = Book(book.office)
    other.path = book.office.folder / "other.xlsx"
    other.put(4, Surname="DLAMINI")
    other.apply()
    book.put(4, Surname="KHUMALO")
    book.put(3, Branch="79700012 Katlehong")
    said = book.apply(code=3)
    assert f"held-back.xlsx Held back row {book.at(4)} column Decision: decided meanwhile" in said
    assert 3 in waiting(book.office), "refused whole"


def test_a_row_in_another_officers_hand_is_refused(book):
    key = book.cell(book.at(2), "row key").value
    sql(book.office, f"INSERT INTO claim VALUES ('quarantine', {key}, 'thandi', '2999-01-01T00:00:00Z')")
    book.put(2, Decision=ACCEPT)
    assert "Ask thandi" in book.apply(code=3)


@pytest.mark.parametrize(
    ("heading", "value"),
    [("What is wrong", "nothing"), ("Row", 3), ("offer", '{"0": "8001015009087"}'), ("seal", "x"), ("row key", 999)],
)
@pytest.mark.parametrize("engine", ["sqlite"])
def test_locked_cells_that_were_changed_are_refused_with_their_column(book, heading, value):
    at = book.at(4)
    book.cell(at, heading).value = value
    said = book.apply(code=3)
    assert f"held-back.xlsx Held back row {at} column {heading}: " in said


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_row_given_twice_and_a_decision_without_a_reason_are_refused(book):
    source, target = book.at(2), book.sheet.max_row + 1
    for heading, column in book.column.items():
        book.sheet.cell(target, column).value = book.cell(source, heading).value
    book.put(8, Decision=DISMISS)
    book.put(7, Decision="whatever")
    said = book.apply(code=3)
    assert f"row {target} column row key: row twice" in said
    assert "column Why: reason missing" in said
    assert "column Decision: no such decision (whatever)" in said


@pytest.mark.parametrize("engine", ["sqlite"])
def test_another_workbook_is_refused(held):
    path = held.folder / "other.xlsx"
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.active.append(["ID number", "Surname"])
    workbook.active.append([THABO, "Mokoena"])
    workbook.save(path)
    assert "not a workbook of rows held back" in held("register", "quarantine", "apply", path, code=3).err


@pytest.mark.parametrize("engine", ["sqlite"])
def test_only_one_imports_rows(held):
    imported(held, file(held, row(id_number="", surname="XABA"), name="third.csv"))
    path = held.folder / "one.xlsx"
    batch = held("batch", "list", "--json").json[0]["batch"]
    assert held("register", "quarantine", "export", path, "--batch", batch, "--json").json["rows"] == 1
    assert "no such batch" in held("register", "quarantine", "export", path, "--batch", 99, code=3).err
    held("register", "quarantine", "export", held.folder / "x.csv", code=2)


@pytest.mark.parametrize(
    ("heading", "now"),
    [
        ("Surname", "Last name"),
        ("Decision", None),
        ("Why", "Reason"),
        ("First names", "Surname"),
        ("E-mail", "Branch"),
    ],
)
def test_a_heading_that_was_changed_is_refused_with_its_column(book, heading, now):
    book.put(4, Surname="DLAMINI")
    book.sheet.cell(HEADING_ROW, book.column[heading]).value = now
    before = sql(book.office, "SELECT max(number) FROM batch")
    said = book.apply(code=3)
    assert f"held-back.xlsx Held back row {HEADING_ROW} column {heading}: heading missing" in said
    assert "Put the heading back as it was, or export again." in said
    assert sql(book.office, "SELECT max(number) FROM batch") == before
    assert waiting(book.office) == [2, 3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_heading_that_stands_twice_is_refused_and_a_column_of_ones_own_is_not(book):
    book.put(4, Surname="DLAMINI")
    own = book.sheet.max_column + 1
    book.sheet.cell(HEADING_ROW, own).value = "My notes"
    book.sheet.cell(book.at(4), own).value = "asked the branch"
    assert book.apply("-n")["changed"] == 1
    book.sheet.cell(HEADING_ROW, own).value = "Surname"
    assert f"row {HEADING_ROW} column Surname: heading twice" in book.apply(code=3)


def test_what_is_more_than_a_workbook_is_good_for_is_left_out_and_said(held, monkeypatch):
    monkeypatch.setattr("ancadmin.services.register.quarantine.handing_out._MOST_ROWS", 3)
    path = held.folder / "held-back.xlsx"
    rows = []
    for part, left in ((1, 4), (2, 4), (3, 6)):
        answer = held("register", "quarantine", "export", path, "--part", part, "--strict", code=10)
        assert f"{left} of the 7 rows are left out" in answer.err
        assert "--part 1 to --part 3" in answer.err
        sheet = load_workbook(path)["Held back"]
        rows += [one[5].value for one in sheet.iter_rows(min_row=HEADING_ROW + 1) if one[0].value]
    assert rows == [2, 3, 4, 5, 6, 7, 8]
    told = held("register", "quarantine", "export", path, "--json").json
    assert (told["rows"], told["left_out"], told["parts"]) == (3, 4, 3)
    assert "there is no part 4" in held("register", "quarantine", "export", path, "--part", 4, code=3).err
    monkeypatch.setattr("ancadmin.services.register.quarantine.handing_out._MOST_ROWS", 7)
    answer = held("register", "quarantine", "export", path, "--strict")
    assert "left out" not in answer.err
