"""How branches stand, from the register: a month at a time as the rules give it, and all of a region at once."""

import csv
import hashlib
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import Engine, event, select, update
from tests.services.export.records import decide, pay, session_of
from tests.services.export.records import set_up as put_on_record
from tests.services.register.making import number

from ancadmin.db.access import access_reader
from ancadmin.db.schema import access_event, member
from ancadmin.policy import policy_text

DAY = "2020-04-15"
TSHIFHIWA, SIPHO, LERATO, NAIDOO = 1, 2, 5, 6


def set_up(office):
    """The people of the records. Four of EKU001, two of EKU002 and one of TSH001 paid on 2019-12-15; Lerato's dues fell
    due on 2020-02-15, Naidoo is behind since 2018.
    """
    put_on_record(office)
    pay(office, LERATO, ("2020-03-20", 2000))


@pytest.fixture
def organisation(office, monkeypatch):
    office.after(set_up)
    monkeypatch.chdir(office.folder)
    return office


def health(office, *words, on=DAY, code=0):
    return office("export", "branch-health", *words, "--on", on, "--json", code=code)


def month(told, name):
    return next(one for one in told["months"] if one["month"] == name)


def test_members_by_status_at_the_end_of_each_month_as_the_rules_give_it(organisation):
    decide(organisation, SIPHO, "deceased", "2020-01-20")
    told = health(organisation, "--branch", "EKU001", "-o", "h.pdf").json
    assert [one["to"] for one in told["months"]][::11] == ["2019-05-31", DAY]
    assert len(told["months"]) == 12
    assert month(told, "2019-11")["statuses"] == {"good_standing": 1, "not_in_good_standing": 6}
    assert month(told, "2019-12")["statuses"] == {"good_standing": 5, "not_in_good_standing": 2}
    assert month(told, "2020-01")["statuses"] == {"deceased": 1, "good_standing": 4, "not_in_good_standing": 2}
    february = {"deceased": 1, "good_standing": 3, "grace": 1, "not_in_good_standing": 2}
    assert month(told, "2020-02")["statuses"] == february
    assert told["statuses"] == month(told, "2020-04")["statuses"] == month(told, "2020-01")["statuses"]
    assert (told["members"], told["good_standing"]) == (7, 4)


def test_renewals_are_of_those_who_were_paid_until_then(organisation):
    told = health(organisation, "--branch", "EKU001", "-o", "h.pdf").json
    assert (told["due"], told["renewed"]) == (1, 1)
    assert month(told, "2020-02")["renewed"] == {"in_time": 0, "in_grace": 1, "later": 0, "not": 0}
    before = health(organisation, "--branch", "EKU001", "-o", "h.pdf", on="2020-03-19").json
    assert month(before, "2020-02")["renewed"] == {"in_time": 0, "in_grace": 0, "later": 0, "not": 1}
    pay(organisation, TSHIFHIWA, ("2020-11-01", 4000))
    pay(organisation, SIPHO, ("2021-06-01", 2000))
    decide(organisation, 3, "deceased", "2020-12-14")
    year_on = health(organisation, "--branch", "EKU001", "-o", "h.pdf", on="2021-07-31").json
    assert month(year_on, "2020-12")["renewed"] == {"in_time": 1, "in_grace": 0, "later": 1, "not": 1}
    assert month(year_on, "2021-02")["renewed"] == {"in_time": 0, "in_grace": 0, "later": 0, "not": 1}
    two_on = health(organisation, "--branch", "EKU001", "-o", "h.pdf", on="2021-12-31").json
    assert month(two_on, "2021-12")["renewed"] == {"in_time": 1, "in_grace": 0, "later": 0, "not": 1}


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_falls_due_in_the_next_months(organisation):
    told = health(organisation, "--branch", "EKU001", "-o", "h.pdf", on="2020-10-15").json
    assert told["expected"] == [
        {"month": "2020-10", "members": 0, "left": 5},
        {"month": "2020-11", "members": 0, "left": 5},
        {"month": "2020-12", "members": 4, "left": 1},
        {"month": "2021-01", "members": 0, "left": 1},
    ]


def test_the_place_is_among_the_branches_of_the_region_and_the_minimum_that_of_the_day(organisation):
    policy = organisation.write("policy.toml", policy_text(None) + f"\n[[changes]]\nfrom = {DAY}\nbranch_minimum = 6\n")
    told = health(organisation, "--branch", "EKU002", "-o", "h.pdf", "--policy", policy).json
    assert (told["place"], told["branches"], told["tied"]) == (2, 2, 0)
    assert (told["minimum"], told["lacking"], told["reaches_minimum"]) == (6, 4, False)
    first = health(organisation, "--branch", "EKU001", "-o", "h.pdf", on="2020-04-14").json
    assert (first["place"], first["minimum"], first["lacking"]) == (1, 100, 95)
    alone = health(organisation, "--branch", "VHE001", "-o", "h.pdf").json
    assert (alone["place"], alone["branches"], alone["members"], alone["due"]) == (1, 1, 0, 0)


def test_a_past_month_counts_in_the_branch_of_then(organisation):
    with session_of(organisation.db).batch("test numbers") as batch:
        batch.connection.execute(update(member).where(member.c.id == SIPHO).values(id_number=number(SIPHO)))
    organisation("member", "transfer", number(SIPHO), "--to", "EKU002", "--on", "2020-03-10", "--why", "moved house")
    told = health(organisation, "--region", "EKU", "-o", "h").json["papers"]
    counted = {one["branch"]: [month(one, name)["members"] for name in ("2020-02", "2020-03")] for one in told}
    assert counted == {"EKU001": [7, 6], "EKU002": [2, 3]}


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_record_is_counted_as_the_quality_report_counts_it(organisation):
    told = health(organisation, "--branch", "EKU001", "-o", "h.pdf").json["quality"]
    said = organisation("register", "quality", "--branch", "EKU001", "--format", "csv").out
    (line,) = (row for row in csv.DictReader(io.StringIO(said)) if row["kind"] == "branch")
    same = {name: int(value) for name, value in line.items() if name in told and value.isdigit()}
    assert same == {name: told[name] for name in same}
    assert len(same) > 5, same
    assert (told["cell"], told["email"], told["voting_district"], told["members"]) == (2, 0, 3, 7)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_pdf_and_workbook_say_the_same(organisation):
    told = health(organisation, "--branch", "EKU001", "-o", "h.pdf").json
    text = "\n".join(page.extract_text() for page in PdfReader("h.pdf").pages)
    for said in (
        "Tembisa (EKU001)",
        "1st of 2 in the region",
        "not reached: 95 lacking",
        "1 of 1 due in twelve months",
    ):
        assert said in text, said
    assert hashlib.sha256(Path("h.pdf").read_bytes()).hexdigest() == told["file_hash"]
    assert health(organisation, "--branch", "EKU001", "-o", "h.xlsx").json["content_hash"] == told["content_hash"]
    rows = list(load_workbook("h.xlsx")["Members by status"].iter_rows(min_row=5, max_row=16, values_only=True))
    assert [row[-2] for row in rows] == [one["members"] for one in told["months"]]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_many_under_a_folder_are_carried_on_and_agree_with_one_by_one(organisation):
    told = health(organisation, "--all", "-o", "health").json
    assert (told["branches"], told["new"], told["members"], told["good_standing"]) == (4, 4, 11, 8)
    before = {path: path.read_bytes() for path in Path("health").rglob("*.pdf")}
    Path("health/GP/EKU/EKU001.pdf").write_bytes(b"half")
    assert health(organisation, "--all", "-o", "health").json["new"] == 1
    assert {path: path.read_bytes() for path in Path("health").rglob("*.pdf")} == before
    rows = list(csv.DictReader(io.StringIO(Path("health/manifest.csv").read_text())))
    assert [(row["branch"], row["members"], row["place"]) for row in rows] == [
        ("EKU001", "7", "1"), ("EKU002", "2", "2"), ("TSH001", "2", "1"), ("VHE001", "0", "1"),
    ]  # fmt: skip
    for paper in told["papers"]:
        alone = health(organisation, "--branch", paper["branch"], "-o", "one.pdf").json
        assert alone["content_hash"] == paper["content_hash"]
        assert Path("one.pdf").read_bytes() == Path(paper["file"]).read_bytes()


@pytest.mark.parametrize("engine", ["sqlite"])
def test_more_branches_are_not_more_queries(organisation):
    def asked(*words):
        found = []

        def keep(*about):
            found.append(about[2])

        event.listen(Engine, "before_cursor_execute", keep)
        try:
            health(organisation, *words)
        finally:
            event.remove(Engine, "before_cursor_execute", keep)
        return len(found)

    assert asked("--region", "EKU", "-o", "health") <= asked("--branch", "EKU001", "-o", "h.pdf") + 1


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_trail_says_what_left_and_a_day_to_come_is_refused(organisation):
    health(organisation, "--branch", "EKU001", "-o", "h.xlsx")
    session = session_of(organisation.db)
    with session.reading("test") as connection, access_reader(session.store, connection) as trail:
        (told,) = [row.detail for row in trail.execute(select(access_event)) if row.action == "export branch-health"]
    for said in ('"place":"EKU001"', f'"on":"{DAY}"', '"form":"xlsx"', '"to":"h.xlsx"'):
        assert said in told.replace(" ", ""), said
    assert "not come yet" in health(organisation, "--branch", "EKU001", on="2099-01-01", code=2).err
    said = organisation("export", "branch-health", "--branch", "EKU001", "--on", DAY)
    assert "1st of 2 in the region" in said.out
    assert "health of 1 branch, 1 under the minimum → branch-health-EKU001" in said.err
