"""Branch lists: everyone listed on the day, by status, with what was paid and what is owed."""

import csv
import hashlib
import io
import re
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from tests.services.export.records import CUT_OFF, decide, pay, session_of, set_up

from ancadmin.domain.standing import Status
from ancadmin.policy import policy_text
from ancadmin.services.export import lists
from ancadmin.services.export.contents import branch_lists
from ancadmin.services.export.scope import Scope, places


@pytest.fixture
def organisation(office, monkeypatch):
    set_up(office)
    monkeypatch.chdir(office.folder)
    return office


def export(office, *words, code=0):
    return office("export", "branch-list", *words, "--json", code=code)


def contents(office, branch: str, day: str):
    session = session_of(office.db)
    with session.store.connect() as connection:
        found = places(session, connection, Scope(branch=branch), list(session.roles[0][:1]), "look")
        return branch_lists(connection, session.policy, found, date.fromisoformat(day))[0]


def test_everyone_by_status_with_counts_and_totals(organisation):
    said = export(organisation, "--branch", "EKU001", "--on", CUT_OFF, "-o", "list.pdf").json
    assert said["statuses"] == {"good_standing": 4, "grace": 1, "not_in_good_standing": 2}
    assert (said["members"], said["good_standing"], said["reaches_minimum"]) == (7, 4, False)
    text = "\n".join(page.extract_text() for page in PdfReader("list.pdf").pages)
    for part in (
        "Good standing: 4",
        "Grace: 1",
        "Not in good standing: 2",
        "7 members in all",
        "does not reach the minimum of 100",
        "N/A",
    ):
        assert part in text, part
    assert text.index("Good standing: 4") < text.index("Grace: 1") < text.index("Not in good standing: 2")


@pytest.mark.parametrize(("day", "reached"), [("2020-03-30", False), (CUT_OFF, True)])
def test_the_minimum_is_the_one_in_force_on_the_day_of_the_list(organisation, day, reached):
    changes = f"\n[[changes]]\nfrom = {CUT_OFF}\nbranch_minimum = 4\n"
    policy = organisation.write("policy.toml", policy_text(None) + changes)
    said = export(organisation, "--branch", "EKU001", "--on", day, "-o", "list.pdf", "--policy", policy).json
    assert (said["good_standing"], said["reaches_minimum"]) == (4, reached)


def test_the_list_agrees_with_the_members_that_member_list_shows(organisation):
    made = contents(organisation, "EKU001", CUT_OFF)
    good = [one for one in made.members if one.status is Status.GOOD_STANDING]
    assert {one.paid_until for one in good} == {date(2020, 12, 15)}
    assert {one.paid_up_to for one in good} == {date(2020, 12, 14)}
    grace = next(one for one in made.members if one.status is Status.GRACE)
    assert (grace.paid_up_to, grace.arrears_cents) == (date(2020, 2, 14), 2000)
    assert made.arrears_cents == sum(one.arrears_cents for one in made.members) > 0


def test_the_last_payment_is_the_latest_allocation_up_to_the_day_else_the_opening_payment(organisation):
    pay(organisation, 5, ("2020-03-10", 1500), ("2020-03-10", 500), ("2020-03-30", 300), ("2020-04-01", 700))

    def last(day: str, number: int = 5):
        one = next(
            row for row in contents(organisation, "EKU001", day).members if row.id_number.endswith(f"00{number}")
        )
        return one.last_payment_on, one.last_payment_cents

    assert last("2020-03-09") == (date(2019, 2, 15), 2000)
    assert last("2020-03-10") == (date(2020, 3, 10), 2000), "what came in on one day counts together"
    assert last("2020-03-31") == (date(2020, 3, 30), 300)
    assert last("2020-04-01") == (date(2020, 4, 1), 700)
    assert last("2019-02-14") == (None, None), "on days before the register's payment the register is silent"
    assert last("2020-03-31", 7) == (None, None)


def test_a_death_moves_a_member_to_the_first_group(organisation):
    decide(organisation, 2, "deceased", CUT_OFF)
    made = contents(organisation, "EKU001", CUT_OFF)
    assert next(status.value for status, _ in made.groups()) == "deceased"


def test_a_name_that_is_a_formula_stays_a_name(organisation):
    export(organisation, "--branch", "EKU001", "--on", CUT_OFF, "-o", "list.xlsx")
    cells = [cell for row in load_workbook("list.xlsx").worksheets[0].iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert {"=1+1", "@SUM(A1)"} <= {cell.value for cell in cells}


def test_many_under_a_folder_and_a_second_run_leaves_whole_files_alone(organisation, monkeypatch):
    said = export(organisation, "--all", "--on", CUT_OFF, "-o", "lists").json
    assert (said["lists"], said["new"], said["members"], said["good_standing"]) == (4, 4, 11, 7)
    before = {path: path.read_bytes() for path in Path("lists").rglob("*.pdf")}
    Path("lists/GP/EKU/EKU001.pdf").write_bytes(b"half")
    drawn = []
    draw = lists.draw_list
    monkeypatch.setattr(lists, "draw_list", lambda made, form: drawn.append(made.place.code) or draw(made, form))
    assert export(organisation, "--all", "--on", CUT_OFF, "-o", "lists").json["new"] == 1
    assert drawn == ["EKU001"]
    assert {path: path.read_bytes() for path in Path("lists").rglob("*.pdf")} == before, "the same to the byte"
    rows = list(csv.DictReader(io.StringIO(Path("lists/manifest.csv").read_text())))
    assert [row["branch"] for row in rows] == ["EKU001", "EKU002", "TSH001", "VHE001"]
    for row in rows:
        assert hashlib.sha256(Path("lists", row["file"]).read_bytes()).hexdigest() == row["hash"]


def test_without_o_the_file_says_whose_and_when(organisation):
    assert (
        export(organisation, "--branch", "EKU002", "--on", CUT_OFF).json["file"] == f"branch-list-EKU002-{CUT_OFF}.pdf"
    )
    answer = organisation("export", "branch-list", "--branch", "EKU002", "--on", CUT_OFF)
    assert re.search(r"1 branch list, 2 members → branch-list-EKU002", answer.err)


def test_a_manifest_that_is_something_else_is_not_written_over(organisation):
    Path("lists").mkdir()
    Path("lists/manifest.csv").write_bytes(b"\xff\xfe\x00")
    assert "not a manifest" in export(organisation, "--all", "--on", CUT_OFF, "-o", "lists", code=3).err
    assert Path("lists/manifest.csv").read_bytes() == b"\xff\xfe\x00"
