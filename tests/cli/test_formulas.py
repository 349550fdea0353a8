"""Nothing people's data says becomes a formula, in CSV or in a workbook; and what scripts read stays readable."""

import csv
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.services.export.records import CUT_OFF, MEETING, set_up
from tests.services.register.making import PLACES, PRIYA, THABO

from ancadmin.services.export.folder import read_manifest, write_manifest

pytestmark = pytest.mark.parametrize("engine", ["sqlite"])
ODD = '=HYPERLINK("x")'


@pytest.fixture
def organisation(office, monkeypatch):
    office.after(set_up)
    monkeypatch.chdir(office.folder)
    return office


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_marks_what_would_reckon_and_json_says_it_as_it_is(organisation):
    words = ("member", "list", "--on", CUT_OFF, "--branch", "EKU001")
    organisation(*words, "-o", "members.csv")
    for text in (organisation(*words, "--format", "csv").out, Path("members.csv").read_text(encoding="utf-8")):
        (odd,) = (row for row in rows_of(text) if row["id_number"] == "8001015000004")
        assert (odd["surname"], odd["first_names"]) == ("'=1+1", "'@SUM(A1)")
    (odd,) = (row for row in organisation(*words, "--json").json if row["id_number"] == "8001015000004")
    assert (odd["surname"], odd["first_names"]) == ("=1+1", "@SUM(A1)")


def register(surname, other=THABO):
    return f"ID NO.,SURNAME,FIRST NAMES,BRANCH CODE,CELL NO.\n{other},{surname},THABO,79700012,+27821234567\n"


def test_our_own_csv_read_again_says_what_was_meant(office):
    office("db", "places", "import", office.write("places.csv", PLACES))
    quoted = ODD.replace('"', '""')
    office("register", "import", office.write("one.csv", register(f'"{quoted}"')), "--reading-date", "2020-01-01")
    told = rows_of(office("member", "list", "--format", "csv").out)
    assert told[0]["surname"].startswith("'=HYPERLINK")
    again = told[0]["surname"].replace('"', '""')
    path = office.write("two.csv", register(f'"{again}"'))
    assert office("register", "import", path, "--reading-date", "2020-01-01", "--json").json["unchanged"] == 1


def test_rows_held_back_go_out_and_come_back_as_they_were(office):
    office("db", "places", "import", office.write("places.csv", PLACES))
    wrong = register("=Mokoena", THABO[:-1] + "0")
    office("register", "import", office.write("one.csv", wrong), "--reading-date", "2020-01-01")
    office("register", "quarantine", "export", office.folder / "held.xlsx")
    sheet = load_workbook(office.folder / "held.xlsx")["Held back"]
    (cell,) = (cell for row in sheet.iter_rows() for cell in row if cell.value == "=Mokoena")
    assert (cell.data_type, cell.quotePrefix) != ("f", False)
    workbook = load_workbook(office.folder / "held.xlsx")
    for row in workbook["Held back"].iter_rows():
        for cell in row:
            if cell.value == THABO[:-1] + "0":
                cell.value = PRIYA
            elif cell.value == "=Mokoena":
                cell.data_type = "s"
    workbook.save(office.folder / "mended.xlsx")
    office("register", "quarantine", "apply", office.folder / "mended.xlsx")
    assert [row["surname"] for row in office("member", "list", "--json").json] == ["=Mokoena"]


def test_a_manifest_is_read_as_it_was_written(tmp_path, engine):
    columns = ["branch", "file"]
    write_manifest(tmp_path, columns, [{"branch": "=EKU", "file": "-a/@b.pdf"}, {"branch": "EKU", "file": "c.pdf"}])
    text = (tmp_path / "manifest.csv").read_text()
    assert text == "branch,file\n'=EKU,'-a/@b.pdf\nEKU,c.pdf\n"
    assert {file: row["branch"] for file, row in read_manifest(tmp_path).items()} == {
        "-a/@b.pdf": "=EKU",
        "c.pdf": "EKU",
    }
    write_manifest(tmp_path, columns, [{"branch": "=EKU", "file": "-a/@b.pdf"}])
    assert (tmp_path / "manifest.csv").read_text() == text


@pytest.mark.parametrize(
    "words",
    [
        ("export", "branch-list", "--branch", "EKU001", "--on", CUT_OFF),
        ("export", "attendance-register", "--branch", "EKU001", "--cut-off", CUT_OFF, "--meeting-date", MEETING),
        ("export", "branch-health", "--branch", "EKU001", "--on", CUT_OFF),
        ("report", "ageing", "--on", CUT_OFF),
        ("register", "quality"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_no_workbook_reckons_with_what_people_wrote(organisation, words):
    from tests.tamper import sql

    sql(organisation, "UPDATE branch SET name = '=2+2' WHERE code = 'EKU001'", "SELECT 1")
    organisation(*words, "-o", "paper.xlsx")
    told = [cell for sheet in load_workbook("paper.xlsx") for row in sheet.iter_rows() for cell in row]
    odd = [cell for cell in told if str(cell.value).startswith(("=1+1", "=2+2", "@SUM"))]
    assert all(cell.data_type != "f" or cell.quotePrefix for cell in odd)
    formulas = [str(cell.value) for cell in told if cell.data_type == "f" and not cell.quotePrefix]
    assert [one for one in formulas if "1+1" in one or "2+2" in one or "SUM(A1)" in one] == []
