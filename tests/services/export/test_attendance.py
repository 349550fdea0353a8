"""After the meeting: present against quorum, strangers, doubles; every line of a file accounted for."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from time import process_time

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from tests.services.export.records import CUT_OFF, MEETING, decide, session_of, set_up
from tests.tamper import sql

from ancadmin.domain.attendance import AttendanceRegister, Meeting
from ancadmin.domain.papers import BranchPlace
from ancadmin.domain.roles import Role
from ancadmin.services.export.attendance.showing import Person, Turnout, turnout

# On the register of EKU001, in its order: =1+1, Coetzée, thabethe, Ṱhavhana.
FORMULA, COETZEE, THABETHE, THAVHANA = (f"800101500000{number}" for number in (4, 3, 2, 1))
IN_GRACE, ELSEWHERE, UNKNOWN = "8001015000005", "8001015000008", "8001015009087"


@pytest.fixture
def register(office, monkeypatch):
    set_up(office)
    monkeypatch.chdir(office.folder)
    words = ("--branch", "EKU001", "--cut-off", CUT_OFF, "--meeting-date", MEETING, "--json")
    return office, office("export", "attendance-register", *words, "-o", "r.xlsx").json


def taken_in(office, path, *words, code=0):
    return office("export", "attendance", "import", path, *words, "--json", code=code).json


def shown(office, serial):
    return office("export", "attendance", "show", serial, "--json").json


def accounted(said):
    return said["read"] == sum(
        said[name] for name in ("present", "doubles", "strangers", "unreadable", "not_signed", "blank")
    )


def test_the_register_itself_handed_back_with_signed_rows(register):
    office, issued = register
    workbook = load_workbook("r.xlsx")
    sheet = workbook.worksheets[0]
    heading = next(row for row in sheet.iter_rows() if row[0].value == "No")
    signed = next(cell.column for cell in heading if cell.value == "Signature")
    for number in (1, 2, 4):
        sheet.cell(heading[0].row + number, signed, "signed")
    workbook.save("signed.xlsx")
    said = taken_in(office, "signed.xlsx")
    assert (said["serial"], said["present"], said["not_signed"]) == (issued["serial"], 3, 1)
    assert (said["quorum"], said["quorum_reached"]) == (3, True)
    assert accounted(said)
    found = shown(office, issued["serial"])
    assert [one["number"] for one in found["present"]] == [1, 2, 4]
    assert [one["surname"] for one in found["present"]] == ["=1+1", "Coetzée", "Ṱhavhana"]


def test_what_a_scanner_read(register):
    office, issued = register
    lines = (
        f"{issued['serial']} {issued['content_hash']}".upper(),
        f"2020-05-02 09:12:33,{COETZEE}",
        f"NKOSI|T|M|RSA|{THABETHE}|01 JAN 1980|CITIZEN",
        f"2020-05-02 09:15:00,{COETZEE}",
        IN_GRACE, ELSEWHERE, UNKNOWN, UNKNOWN,
        "80010150",
    )  # fmt: skip
    path = office.write("scan.txt", "\n".join(lines) + "\n")
    said = taken_in(office, path, "--strict", code=10)
    assert (said["serial"], said["present"], said["doubles"], said["strangers"]) == (issued["serial"], 2, 2, 3)
    assert (said["unreadable"], said["blank"], said["quorum_reached"]) == (1, 1, False)
    assert accounted(said)
    found = shown(office, issued["serial"])
    assert [(one["id_number"], one["seen_at"], one["times"]) for one in found["present"]] == [
        (COETZEE, "2020-05-02 09:12:33", 2),
        (THABETHE, None, 1),
    ]
    assert [(one["id_number"], one["what"]) for one in found["strangers"]] == [
        (IN_GRACE, "grace, EKU001"),
        (ELSEWHERE, "good standing, EKU002"),
        (UNKNOWN, "not on record"),
    ]
    assert found["unreadable"] == [{"line": 9, "as_read": "80010150"}]


def test_a_second_file_adds_to_the_first_and_an_undo_takes_only_its_own_away(register):
    office, issued = register
    serial = issued["serial"]
    first = taken_in(office, office.write("door-1.txt", f"{COETZEE}\n{THABETHE}\n"), "--serial", serial)
    second = taken_in(office, office.write("door-2.txt", f"{COETZEE}\n{FORMULA}\n"), "--serial", serial.lower())
    assert (first["all_present"], second["present"], second["doubles"], second["all_present"]) == (2, 1, 1, 3)
    assert shown(office, serial)["quorum_reached"]
    office("batch", "undo", first["batch"])
    found = shown(office, serial)
    assert [one["id_number"] for one in found["present"]] == [FORMULA, COETZEE]
    assert (found["doubles"], found["quorum_reached"]) == ([], False)
    assert taken_in(office, office.folder / "door-1.txt", "--serial", serial)["all_present"] == 3


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_bar_codes_of_a_register_with_masked_numbers_are_those_of_its_rows(register):
    office, issued = register
    path = office.write("scan.txt", "2020-05-02 09:12:33,000002\n000004\n000009\n")
    said = taken_in(office, path, "--serial", issued["serial"])
    assert (said["present"], said["unreadable"]) == (2, 1)
    found = shown(office, issued["serial"])["present"]
    assert [(one["number"], one["seen_at"]) for one in found] == [(2, "2020-05-02 09:12:33"), (4, None)]


def test_the_same_file_twice_is_refused_and_a_dry_run_records_nothing(register):
    office, issued = register
    path = office.write("door.txt", f"{COETZEE}\n")
    assert taken_in(office, path, "--serial", issued["serial"], "-n")["present"] == 1
    assert shown(office, issued["serial"])["present"] == []
    batch = taken_in(office, path, "--serial", issued["serial"])["batch"]
    refused = office("export", "attendance", "import", path, "--serial", issued["serial"], code=3)
    assert f"taken in already, in batch {batch}" in refused.err
    assert shown(office, issued["serial"])["present_count"] == 1


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_register_that_supersedes_another_is_taken_in_as_itself(register):
    office, issued = register
    decide(office, 3, "deceased", "2020-01-01")
    words = ("--branch", "EKU001", "--cut-off", CUT_OFF, "--meeting-date", MEETING, "--json", "-o", "new.xlsx")
    new = office("export", "attendance-register", *words).json
    assert new["supersedes"] == issued["serial"]
    assert taken_in(office, "new.xlsx")["serial"] == new["serial"]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_quorum_of_the_day_stays_what_it_was(register):
    office, issued = register
    taken_in(office, office.write("door.txt", f"{COETZEE}\n{THABETHE}\n{FORMULA}\n"), "--serial", issued["serial"])
    before = shown(office, issued["serial"])
    decide(office, 3, "deceased", "2020-01-01")
    later = ("--branch", "EKU001", "--cut-off", CUT_OFF, "--meeting-date", MEETING, "--json")
    new = office("export", "attendance-register", *later).json
    assert new["supersedes"] == issued["serial"]
    after = shown(office, issued["serial"])
    assert after == {**before, "superseded_by": new["serial"]}
    warned = office("export", "attendance", "import", office.write("late.txt", THAVHANA), "--serial", issued["serial"])
    assert f"superseded by {new['serial']}" in warned.err


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    ("text", "present", "unreadable"),
    [
        (f"ID number,Surname\n{COETZEE},whatever\n", [2], 0),
        ("No,Present\n1,x\n2,\n4,yes\n", [1, 4], 0),
        ("Surname,First names\ncoetzee,Zoe\nThavhana,Tshifhiwa\nNobody,Here\n", [2, 4], 1),
        (f"No,ID number,Present\n1,{COETZEE},x\n", [2], 0),
        (f"No,ID number,Surname,Present\n2,80010150,Coetzée,x\n,{THABETHE},,x\n", [3], 1),
        (f"No,ID number,Present\n2,{COETZEE[:6]}****{COETZEE[10:]},x\n1,{COETZEE[:6]}****{COETZEE[10:]},x\n", [2], 1),
        ("No,Surname,First names,Present\n2,Thabethe,Sipho,x\n3,Thabethe,Sipho,x\n9,,,x\n", [3], 2),
    ],
    ids=["id", "rows", "names", "id-beats-row", "bad-id-not-made-up-for", "masked", "row-against-name"],
)
def test_who_a_line_is_about(register, text, present, unreadable):
    office, issued = register
    said = taken_in(office, office.write("list.csv", text), "--serial", issued["serial"])
    assert said["unreadable"] == unreadable
    assert accounted(said)
    assert [one["number"] for one in shown(office, issued["serial"])["present"]] == present


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_is_refused(register):
    office, issued = register
    door = office.write("door.txt", f"{COETZEE}\n")
    says = office("export", "attendance", "import", door, code=2).err
    assert "does not say of which register" in says
    assert "--serial" in says
    assert (
        "no register was issued"
        in office("export", "attendance", "import", door, "--serial", "AR-X-2020-1", code=3).err
    )
    other = office.write("other.txt", f"AR-EKU002-2026-1 ABC\n{COETZEE}\n")
    assert (
        "names another register"
        in office("export", "attendance", "import", other, "--serial", issued["serial"], code=3).err
    )
    empty = office.write("empty.csv", "ID number,Present\n")
    assert (
        "nobody is named" in office("export", "attendance", "import", empty, "--serial", issued["serial"], code=3).err
    )
    office("batch", "undo", issued["batch"])
    withdrawn = office("export", "attendance", "import", door, "--serial", issued["serial"], code=7)
    assert "was withdrawn" in withdrawn.err


def test_who_is_a_member_elsewhere_is_told_to_those_who_see_her_there(register):
    office, issued = register
    taken_in(office, office.write("door.txt", f"{IN_GRACE}\n{ELSEWHERE}\n{UNKNOWN}\n"), "--serial", issued["serial"])
    session = replace(session_of(office.db), roles=((Role.BRANCH_SECRETARY, "EKU001"),))
    found = [(one.id_number, one.surname, one.what) for one in turnout(session, issued["serial"]).strangers]
    assert found == [
        (IN_GRACE, "Mokoena", "grace, EKU001"),
        (ELSEWHERE, "", "not on record in your places"),
        (UNKNOWN, "", "not on record in your places"),
    ]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_report_as_a_paper_masks_numbers_and_screens_do(register):
    office, issued = register
    path = office.write(
        "door.txt", f"{COETZEE}\n{COETZEE}\n{ELSEWHERE}\n8001015009\n2020-05-02 09:12,80 01 01/5009.0\n"
    )
    taken_in(office, path, "--serial", issued["serial"])
    for form in ("pdf", "xlsx"):
        office("export", "attendance", "show", issued["serial"], "-o", f"a.{form}")
    text = "\n".join(page.extract_text() for page in PdfReader("a.pdf").pages)
    for part in (
        "No quorum: 1 present, 3 needed, 2 short.",
        "800101****003",
        "EKU002",
        "800101****",
        "2020-05-02 09:12 800101****",
    ):
        assert part in text, part
    assert COETZEE not in text
    values = [cell for row in load_workbook("a.xlsx").worksheets[0].values for cell in row]
    assert COETZEE not in values
    screen = office("export", "attendance", "show", issued["serial"])
    assert COETZEE not in screen.out + screen.err
    assert "5009" not in screen.out + text, "digits meant for an ID number, however they are parted"
    assert "No quorum: 1 present" in screen.err
    assert Path("a.pdf").stat().st_mode & 0o777 == 0o600


def test_a_register_issued_before_what_it_says_was_kept_is_known_by_its_content(register):
    office, issued = register
    serial = issued["serial"]
    sql(office, "UPDATE paper SET said = NULL")
    assert taken_in(office, office.write("door.txt", f"{COETZEE}\n"), "--serial", serial)["present"] == 1
    assert shown(office, serial)["present"][0]["surname"] == "Coetzée"
    decide(office, 3, "deceased", "2020-01-01")
    refused = office("export", "attendance", "show", serial, code=3).err
    assert "the record says something else by now" in refused
    late = office.write("late.txt", f"{THABETHE}\n")
    assert "issue a register anew" in office("export", "attendance", "import", late, "--serial", serial, code=3).err


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_number_corrected_since_finds_whom_it_was(register):
    office, _ = register
    office("member", "renumber", COETZEE, UNKNOWN, "--why", "read wrongly from the form")
    words = ("--branch", "EKU001", "--cut-off", CUT_OFF, "--meeting-date", MEETING, "--json")
    serial = office("export", "attendance-register", *words).json["serial"]
    taken_in(office, office.write("door.txt", f"{COETZEE}\n"), "--serial", serial)
    (stranger,) = shown(office, serial)["strangers"]
    assert (stranger["surname"], stranger["what"]) == ("Coetzée", "good standing, EKU001, as 800101****087")


@pytest.mark.parametrize("engine", ["sqlite"])
def test_however_many_strangers_there_are_each_is_looked_up(register, monkeypatch):
    monkeypatch.setattr("ancadmin.services.export.attendance.strangers._NUMBERS_A_QUERY", 2)
    office, issued = register
    strangers = (ELSEWHERE, UNKNOWN, IN_GRACE, "8001015000010", "8001015009186")
    taken_in(office, office.write("door.txt", "\n".join(strangers)), "--serial", issued["serial"])
    assert [one["what"] for one in shown(office, issued["serial"])["strangers"]] == [
        "good standing, EKU002", "not on record", "grace, EKU001", "good standing, TSH001", "not on record",
    ]  # fmt: skip


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_report_says_where_the_register_no_longer_stands(register):
    office, issued = register
    taken_in(office, office.write("door.txt", f"{COETZEE}\n"), "--serial", issued["serial"])
    decide(office, 3, "deceased", "2020-01-01")
    words = ("--branch", "EKU001", "--cut-off", CUT_OFF, "--meeting-date", MEETING, "--json")
    new = office("export", "attendance-register", *words).json["serial"]
    assert f"{issued['serial']}, superseded by {new}" in office("export", "attendance", "show", issued["serial"]).out
    office("batch", "undo", issued["batch"])
    office("export", "attendance", "show", issued["serial"], "-o", "a.xlsx")
    cells = [str(cell) for row in load_workbook("a.xlsx").worksheets[0].values for cell in row]
    assert any(f"{issued['serial']}, withdrawn in batch " in cell and new in cell for cell in cells)


def test_a_hundred_times_the_people_take_about_a_hundred_times_as_long():
    people = tuple(Person(f"{8001015000000 + at}", "", "", at) for at in range(20_000))
    place = BranchPlace("EKU001", "Tembisa", "EKU", "Ekurhuleni", "GP", "Gauteng")
    on = AttendanceRegister(place, Meeting.BGM, date(2020, 5, 2), date(2020, 3, 31), ())
    begun = process_time()
    paper = Turnout("AR-EKU001-2020-1", on, None, None, (), people, ()).paper()
    assert len(paper.tables[0].rows) == len(people)
    assert process_time() - begun < 5, "looking through everybody for each of them takes half a minute"
