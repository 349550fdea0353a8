"""The registers of a whole country: drawn on all cores, held against the record, covered by a summary."""

import json
import os
import signal
import time
from datetime import date
from multiprocessing import active_children
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import func, insert, select, update
from tests.services.export.country import BRANCHES, country, started
from tests.services.export.records import CUT_OFF, MEETING, decide, session_of, set_up
from tests.writers.made_up import people, register, seal

from ancadmin.cli import export_registers
from ancadmin.db.schema import batch, member, paper, transfer
from ancadmin.domain.attendance import USUAL, Meeting
from ancadmin.domain.country_summary import Covered, Differing, by_province, reconciliation, totals
from ancadmin.domain.papers import BranchPlace, Form
from ancadmin.errors import InputRefused
from ancadmin.services.export import drawing, pens
from ancadmin.services.export.contents import ForMeeting
from ancadmin.services.export.drawing import Sheet, draw_register
from ancadmin.services.export.registers import reconciling
from ancadmin.services.export.registers.kept import file_content, said_by


@pytest.fixture
def organisation(office, monkeypatch):
    office.after(set_up)
    monkeypatch.chdir(office.folder)
    monkeypatch.setattr("ancadmin.services.export.registers.issue.BRANCHES_A_BATCH", 1)
    return office


@pytest.fixture
def drawn(monkeypatch):
    """The branches whose files are drawn, in order; `drawn.then` is called after each with how many there are."""
    draw = drawing.draw_register

    class Drawn(list):
        then = staticmethod(lambda count: None)

    branches = Drawn()

    def noted(sheet):
        branches.append(sheet.register.place.code)
        branches.then(len(branches))
        return draw(sheet)

    monkeypatch.setattr(drawing, "draw_register", noted)
    return branches


def issue(office, *words, code=0):
    days = ("--cut-off", CUT_OFF, "--meeting-date", MEETING)
    return office("export", "attendance-register", *days, "-o", "papers", *(words or ("--all",)), "--json", code=code)


def batches(office) -> int:
    with session_of(office.db).store.connect() as connection:
        return connection.scalar(select(func.count()).select_from(batch))


def sheet(form: Form = Form.PDF) -> Sheet:
    said = register(*people(3))
    return Sheet(said, seal(said), form, USUAL)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_files_drawn_on_all_cores_are_those_one_process_draws_and_are_not_drawn_again(office, drawn):
    office.after(country)
    done = started(office)
    out, err = done.communicate(timeout=60)
    assert (done.returncode, err) == (
        0,
        f"{BRANCHES} registers, {BRANCHES} new, 54 members in good standing → {summary(office)}\n",
    )
    said, before, written = json.loads(out), batches(office), summary(office).read_bytes()
    with session_of(office.db).store.connect() as connection:
        for one in said["papers"][::5]:
            kept = file_content(connection, one["serial"], Form(one["form"]), "")
            assert kept == Path(one["file"]).read_bytes()
            assert kept == draw_register(Sheet(*said_by(connection, one["serial"]), Form(one["form"]), USUAL))
    words = ("--all", "--as", "pdf", "--as", "xlsx", "-o", office.folder / "papers")
    again = issue(office, *words).json
    assert (again["new"], again["reconciled"], batches(office), drawn) == (0, True, before, [])
    assert [one["file_hash"] for one in again["papers"]] == [one["file_hash"] for one in said["papers"]]
    assert summary(office).read_bytes() == written


def summary(office) -> Path:
    return office.folder / "papers" / "summary.pdf"


def test_few_files_are_drawn_by_the_process_that_asks_and_only_once_waited_for(drawn):
    with pens.pens(2 * pens.FILES_A_PROCESS - 1) as draw:
        begun = draw([sheet(Form.PDF), sheet(Form.XLSX)])
        assert drawn == []
        assert begun() == [draw_register(sheet(Form.PDF)), draw_register(sheet(Form.XLSX))]
        assert active_children() == []


def test_a_process_the_system_ends_is_said_and_no_other_is_left(monkeypatch):
    monkeypatch.setattr(pens, "_cores", lambda: 2)

    def draw_and_lose() -> None:
        with pens.pens(2 * pens.FILES_A_PROCESS) as draw:
            draw([sheet()])()
            for process in active_children():
                os.kill(process.pid, signal.SIGKILL)
            for _ in range(100):  # a while passes before it shows
                draw([sheet()])()
                time.sleep(0.02)

    with pytest.raises(InputRefused, match="the system ended a process"):
        draw_and_lose()
    assert active_children() == []


def test_what_is_recorded_while_registers_are_issued_shows_and_running_again_sets_it_right(organisation, drawn):
    def meanwhile(count):
        if count == 3:  # EKU001 and EKU002 are issued by then
            decide(organisation, 1, "deceased", "2020-01-01")

    drawn.then = meanwhile
    answer = issue(organisation, code=10)
    assert (answer.json["reconciled"], answer.json["members"], answer.json["good_standing"]) == (False, 7, 6)
    assert answer.json["differing"] == [{"branch": "EKU001", "registers": 4, "store": 3}]
    assert "EKU001: 4 on its register, 3 on record" in answer.err
    assert "Run it again" in answer.err
    text = PdfReader("papers/summary.pdf").pages[0].extract_text()
    assert "NOT reconciled: the registers add up to 7, 6 in good standing on record; 1 branch differs." in text
    assert "Branches that differ" in text
    again = issue(organisation).json
    assert (again["reconciled"], again["new"], again["members"], again["good_standing"]) == (True, 1, 6, 6)
    assert "Supersed" in PdfReader("papers/summary.pdf").pages[0].extract_text()


def test_what_is_recorded_between_reading_and_issuing_is_on_the_register(organisation, drawn):
    def meanwhile(count):
        if count == 1:  # EKU002 has been read by then, too
            decide(organisation, 8, "deceased", "2020-01-01")

    drawn.then = meanwhile
    said = issue(organisation).json
    assert [(one["branch"], one["members"]) for one in said["papers"]] == [
        ("EKU001", 4), ("EKU002", 1), ("TSH001", 1), ("VHE001", 0),
    ]  # fmt: skip
    assert said["reconciled"]
    # EKU001 was not drawn again: what was recorded is not about it. EKU002 was, as nobody else could write any more.
    assert drawn == ["EKU001", "EKU002", "EKU002", "TSH001", "VHE001"]
    for one in said["papers"]:
        organisation("export", "verify", one["file"])


@pytest.mark.parametrize("engine", ["sqlite"])
def test_somebody_else_issuing_the_same_at_the_same_time_issues_nothing_twice(organisation, drawn, monkeypatch):
    def meanwhile(count):
        if count == 1:
            monkeypatch.setattr(drawing, "draw_register", draw_register)
            issue(organisation, "--branch", "EKU002", "-o", "other.pdf")

    drawn.then = meanwhile
    said = issue(organisation).json
    assert (said["registers"], said["new"], said["reconciled"]) == (4, 3, True)
    with session_of(organisation.db).store.connect() as connection:
        serials = list(connection.scalars(select(paper.c.serial)))
    assert len(serials) == len({serial.split("-")[1] for serial in serials}) == 4
    assert Path("papers/GP/EKU/EKU002.pdf").read_bytes() == Path("other.pdf").read_bytes()


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_dry_run_of_the_country_writes_nothing_and_says_what_would_be(organisation):
    before = batches(organisation)
    said = issue(organisation, "--all", "-n").json
    assert (said["registers"], said["new"], said["members"], said["reconciled"]) == (4, 4, 7, True)
    assert (said["manifest"], said["summary"], batches(organisation)) == (None, None, before)
    assert not Path("papers").exists()


def test_the_summary_covers_the_registers(organisation):
    issue(organisation)
    decide(organisation, 3, "expelled", "2020-04-11")
    decide(organisation, 8, "deceased", "2020-01-01")
    said = issue(organisation).json
    (page,) = (" ".join(page.extract_text().split()) for page in PdfReader(said["summary"]).pages)
    for part in (
        "All branches", CUT_OFF, MEETING, "Branch General Meeting (BGM)", "AR-EKU001-", "AR-VHE001-",
        "0 died, 1 expelled", "Reconciled: the registers add up to 6, 6 in good standing on record.",
        "EKU Ekurhuleni 2 5 4 2 0", "GP Gauteng 3 6 5 3 0", "LIM Limpopo 1 0 1 1 1", "Together 4 6 6 4 1",
        "1 removed", "sole operator", "Page 1 of 1",
    ):  # fmt: skip
        assert part in page, f"{part} in {page}"
    organisation("audit", "verify", "--head", page.split("trail head ")[1].split()[0])


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_province_and_a_region_have_summaries_of_their_own_in_the_same_folder(organisation):
    province, region = (issue(organisation, *words).json for words in (("--province", "GP"), ("--region", "VHE")))
    assert [province["summary"], region["summary"]] == ["papers/summary-GP.pdf", "papers/summary-VHE.pdf"]
    assert (province["good_standing"], region["good_standing"]) == (7, 0)
    assert province["reconciled"]
    assert region["reconciled"]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_very_many_are_shown_as_totals(organisation, monkeypatch):
    monkeypatch.setattr(export_registers, "_PAPERS_SHOWN", 3)
    days = ("--cut-off", CUT_OFF, "--meeting-date", MEETING, "-o", "papers")
    shown = organisation("export", "attendance-register", "--all", *days)
    assert shown.out.splitlines() == [
        "province\tregisters\tmembers\tquorum\tbelow minimum\tnobody",
        "Gauteng (GP)\t3\t7\t6\t3\t0",
        "Limpopo (LIM)\t1\t0\t1\t1\t1",
        "Together\t4\t7\t7\t4\t1",
    ]
    assert shown.err == "4 registers, 4 new, 7 members in good standing → papers/summary.pdf\n"
    quiet = organisation("-q", "export", "attendance-register", "--all", *days)
    assert (quiet.out, quiet.err) == ("", "")


def moved(office, number: int, left: str, to: str, on: str) -> None:
    with session_of(office.db).batch("test transfer") as work:
        said = {"why": "moved", "asked_by": "someone", "decided_at": "2021-01-01T00:00:00Z", "cause": "transfer"}
        said |= {"policy_version": work.policy.version, "batch": work.number}
        work.connection.execute(
            insert(transfer).values(member=number, from_branch=left, to_branch=to, moved_on=on, **said)
        )
        work.connection.execute(update(member).where(member.c.id == number).values(branch=to))


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_count_takes_the_branch_of_the_cut_off_day(organisation):
    issue(organisation)
    moved(organisation, 1, "EKU001", "TSH001", "2021-01-01")
    said = issue(organisation).json
    assert (said["new"], said["reconciled"]) == (0, True)
    session = session_of(organisation.db)
    asked = ForMeeting(Meeting.BGM, date.fromisoformat(MEETING), date.fromisoformat(CUT_OFF))
    with session.store.connect() as connection:
        counted = reconciling.good_standing(session, connection, reconciling.Scope(province="GP"), asked.cut_off)
    assert counted == {"EKU001": 4, "EKU002": 2, "TSH001": 1}


def test_branches_that_differ_are_named_also_where_the_sums_agree():
    held = reconciliation({"A": 4, "B": 2, "E": 0}, {"A": 3, "B": 3, "C": 1})
    assert held.differing == (Differing("A", 4, 3), Differing("B", 2, 3), Differing("C", None, 1))
    assert (held.registers, held.good_standing, held.holds) == (6, 7, False)
    assert reconciliation({"A": 4, "E": 0}, {"A": 4}).holds


def test_totals_by_province_and_region():
    def covered(province: str, region: str, code: str, members: int) -> Covered:
        place = BranchPlace(code, code, region, f"Region {region}", province, f"Province {province}")
        return Covered(place, f"AR-{code}", members, members // 2 + 1)

    registers = [covered("A", "A1", "x", 100), covered("A", "A2", "y", 99), covered("B", "B1", "z", 0)]
    whole = totals(registers, 100)
    assert (whole.registers, whole.members, whole.quorum, whole.below, whole.empty) == (3, 199, 102, 2, 1)
    first, second = by_province(registers, 100)
    assert [(part.code, part.totals.members) for part in (first, *first.parts)] == [("A", 199), ("A1", 100), ("A2", 99)]
    assert [(part.code, part.totals.empty) for part in (second, *second.parts)] == [("B", 1), ("B1", 1)]
