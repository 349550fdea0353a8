"""Chains of registers of one meeting: which one stands, whatever was withdrawn in between."""

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from tests.services.export.records import CUT_OFF, MEETING, PLACES, decide, set_up

DAYS = ("--branch", "EKU001", "--cut-off", CUT_OFF, "--meeting-date", MEETING)


@pytest.fixture
def organisation(office, monkeypatch):
    office.after(set_up)
    monkeypatch.chdir(office.folder)
    return office


def issue(office, *words):
    return office("export", "attendance-register", *DAYS, *words, "--json").json


def show(office, issued):
    """Which register `export attendance show` says stands in the place of one."""
    return office("export", "attendance", "show", issued["serial"], "--json").json["superseded_by"]


def three(office):
    """Registers of one meeting: a death, then another, is recorded between them."""
    first = issue(office)
    decide(office, 3, "deceased", "2020-01-01")
    second = issue(office)
    decide(office, 2, "deceased", "2020-01-01")
    third = issue(office)
    assert [one["supersedes"] for one in (first, second, third)] == [None, first["serial"], second["serial"]]
    return first, second, third


@pytest.mark.parametrize("engine", ["sqlite"])
def test_with_one_between_withdrawn_the_last_still_stands_for_the_first(organisation):
    first, second, third = three(organisation)
    assert [show(organisation, one) for one in (first, second, third)] == [third["serial"], third["serial"], None]
    organisation("batch", "undo", second["batch"])
    assert show(organisation, first) == third["serial"]
    late = organisation(
        "export", "attendance", "import", organisation.write("late.txt", "8001015000001"), "--serial", first["serial"]
    )
    assert f"superseded by {third['serial']}" in late.err


@pytest.mark.parametrize("engine", ["sqlite"])
def test_with_the_last_withdrawn_the_one_before_stands_again(organisation):
    first, second, third = three(organisation)
    organisation("batch", "undo", third["batch"])
    assert [show(organisation, one) for one in (first, second)] == [second["serial"], None]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_same_people_of_a_branch_that_lies_elsewhere_now(organisation):
    first = issue(organisation)
    moved = PLACES.replace("GP,EKU,Ekurhuleni,EKU001,Tembisa,79700012", "GP,TSH,Tshwane,EKU001,Tembisa East,79700012")
    organisation("db", "places", "import", organisation.write("moved.csv", moved))
    second = issue(organisation)
    assert (second["supersedes"], second["differs"]) == (
        first["serial"],
        "the same people; another branch name, region",
    )
    text = "".join(page.extract_text() for page in PdfReader(second["file"]).pages)
    assert "the same people; another branch name, region." in " ".join(text.split())
    workbook = issue(organisation, "--as", "xlsx")
    assert workbook["serial"] == second["serial"]
    cells = [cell for row in load_workbook(workbook["file"]).worksheets[0].values for cell in row]
    assert any("the same people; another branch name, region." in str(cell) for cell in cells), "as it was sealed"
