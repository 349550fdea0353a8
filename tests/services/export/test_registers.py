"""Attendance registers: who is on them, that they are kept as issued, and that many of them survive being stopped."""

import csv
import hashlib
import io
import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from tests.services.export.records import CUT_OFF, MEETING, PEOPLE, decide, session_of, set_up

from ancadmin.db.schema import access_event, paper, paper_file
from ancadmin.domain.attendance import Meeting
from ancadmin.domain.roles import Role
from ancadmin.errors import NotAllowed
from ancadmin.services.export import drawing
from ancadmin.services.export.contents import ForMeeting
from ancadmin.services.export.lists import export_lists
from ancadmin.services.export.registers.issue import issue_registers
from ancadmin.services.export.registers.reprint import reprint
from ancadmin.services.export.scope import Scope


@pytest.fixture
def organisation(office, monkeypatch):
    set_up(office)
    monkeypatch.chdir(office.folder)
    return office


def issue(office, *words, code=0, days=("--cut-off", CUT_OFF, "--meeting-date", MEETING)):
    return office("export", "attendance-register", *days, *words, "--json", code=code)


def texts(path: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def in_store(office) -> list:
    with session_of(office.db).store.connect() as connection:
        query = select(paper, paper_file.c.file_hash).join(paper_file, paper_file.c.serial == paper.c.serial)
        return list(connection.execute(query.order_by(paper_file.c.id)).mappings())


def test_only_good_standing_on_the_cut_off_day_by_surname(organisation):
    said = issue(organisation, "--branch", "EKU001", "-o", "r.pdf").json
    assert (said["members"], said["quorum"], said["since_cut_off"]) == (4, 3, [])
    text = texts(Path("r.pdf"))
    order = [text.index(name) for name in ("=1+1", "Coetzée", "thabethe", "Ṱhavhana")]
    assert order == sorted(order)
    assert "Mokoena" not in text
    assert "8001015000001" in text, "the ID number in full"
    assert "082 123 4567" in text


def test_the_cut_off_day_is_the_end_of_that_day(organisation):
    # Paid on 2019-12-15: the last covered day is 2020-12-14.
    days = ("--meeting-date", "2020-12-31", "--cut-off")
    last = issue(organisation, "--branch", "EKU002", days=(*days, "2020-12-14")).json
    after = issue(organisation, "--branch", "EKU002", days=(*days, "2020-12-15")).json
    assert (last["members"], last["quorum"]) == (2, 2)
    assert (after["members"], after["quorum"]) == (0, 1)


def test_header_and_foot_say_what_the_rules_ask_for(organisation):
    said = issue(organisation, "--branch", "EKU001", "--meeting", "BBGM", "-o", "r.pdf").json
    text = texts(Path("r.pdf"))
    for part in (
        "Branch Biennial General Meeting (BBGM)", "Gauteng", "Ekurhuleni (EKU)", "Tembisa (EKU001)", "79700012",
        CUT_OFF, MEETING, "Presiding officer", "Branch secretary", "Page 1 of 1", said["serial"], "sole operator",
        said["content_hash"][:16],
    ):  # fmt: skip
        assert part in text, part


def test_the_trail_head_on_the_paper_is_one_that_audit_verify_knows(organisation):
    issue(organisation, "--branch", "EKU001", "-o", "r.pdf")
    (head,) = re.findall(r"Trail head ([0-9a-f]{16})", texts(Path("r.pdf")))
    organisation("audit", "verify", "--head", head)
    organisation("audit", "verify", "--head", head[::-1], code=10)


def test_deaths_and_expulsions_since_stay_on_it_and_are_reported_beside_it(organisation):
    decide(organisation, 1, "deceased", "2020-04-10")
    decide(organisation, 3, "expelled", "2020-04-11")
    decide(organisation, 4, "deceased", CUT_OFF)
    decide(organisation, 5, "deceased", "2020-04-12")
    answer = issue(organisation, "--branch", "EKU001", "-o", "r.pdf", "--strict", code=10)
    left = [(one["id_number"], one["what"], one["on"]) for one in answer.json["since_cut_off"]]
    assert left == [("8001015000001", "deceased", "2020-04-10"), ("8001015000003", "expelled", "2020-04-11")]
    assert "800101****001 Ṱhavhana, Tshifhiwa (EKU001) died on 2020-04-10" in answer.err
    assert "8001015000001" not in answer.err
    text = texts(Path("r.pdf"))
    assert "Ṱhavhana" in text
    assert "died" not in text
    assert "=1+1" not in text, "whoever died on the cut-off day was not in good standing at its end"


def test_a_reprint_is_the_same_to_the_byte(organisation):
    for form in ("pdf", "xlsx"):
        said = issue(organisation, "--branch", "EKU001", "-o", f"r.{form}").json
        organisation("export", "reprint", said["serial"], "-o", f"again.{form}")
        assert Path(f"again.{form}").read_bytes() == Path(f"r.{form}").read_bytes()
        assert hashlib.sha256(Path(f"r.{form}").read_bytes()).hexdigest() == said["file_hash"]
        assert Path(f"r.{form}").stat().st_mode & 0o777 == 0o600


def test_another_form_or_style_is_the_same_register_under_the_same_serial(organisation):
    one = issue(organisation, "--branch", "EKU001", "-o", "r.pdf").json
    for words in (("-o", "r.xlsx"), ("-o", "large.pdf", "--large")):
        other = issue(organisation, "--branch", "EKU001", *words).json
        same = ("serial", "content_hash", "members", "quorum", "batch")
        assert [other[name] for name in same] == [one[name] for name in same]
        assert not other["new"]
    assert len(in_store(organisation)) == 3
    both = issue(organisation, "--branch", "EKU001", "--as", "xlsx", "--as", "pdf").json
    assert [(file["form"], file["file"]) for file in both["papers"]] == [
        ("pdf", f"{one['serial']}.pdf"),
        ("xlsx", f"{one['serial']}.xlsx"),
    ]
    for form in ("pdf", "xlsx"):
        assert Path(f"{one['serial']}.{form}").read_bytes() == Path(f"r.{form}").read_bytes()


def test_a_later_register_says_which_it_supersedes_and_what_differs(organisation):
    first = issue(organisation, "--branch", "EKU001", "-o", "r.pdf").json
    assert (first["supersedes"], first["differs"]) == (None, None)
    decide(organisation, 1, "deceased", "2020-01-01")
    second = issue(organisation, "--branch", "EKU001", "-o", "s.pdf").json
    assert (second["supersedes"], second["differs"]) == (first["serial"], "1 removed")
    assert issue(organisation, "--branch", "EKU001", "-o", "s.pdf").json == {**second, "new": False}
    organisation("batch", "undo", second["batch"])
    assert issue(organisation, "--branch", "EKU001", "-o", "t.pdf").json["supersedes"] == first["serial"]
    other_meeting = ("--cut-off", CUT_OFF, "--meeting-date", "2020-06-01")
    assert issue(organisation, "--branch", "EKU001", days=other_meeting).json["supersedes"] is None


def test_issuing_again_gives_the_issued_register_until_what_it_says_changes(organisation):
    first = issue(organisation, "--branch", "EKU001").json
    assert first["file"] == f"{first['serial']}.pdf"
    bytes_first = Path(first["file"]).read_bytes()
    Path(first["file"]).unlink()
    again = issue(organisation, "--branch", "EKU001").json
    assert again == {**first, "new": False}
    assert Path(first["file"]).read_bytes() == bytes_first
    decide(organisation, 1, "deceased", "2020-01-01")
    changed = issue(organisation, "--branch", "EKU001").json
    assert changed["new"]
    assert changed["members"] == first["members"] - 1
    assert [row["serial"] for row in in_store(organisation)] == [first["serial"], changed["serial"]]
    assert first["serial"].startswith("AR-EKU001-")
    assert (first["serial"][-2:], changed["serial"][-2:]) == ("-1", "-2")


def test_a_dry_run_issues_nothing(organisation):
    said = issue(organisation, "--branch", "EKU001", "-n", "-o", "r.pdf").json
    assert (said["members"], said["file"], said["new"]) == (4, None, True)
    assert not Path("r.pdf").exists()
    assert in_store(organisation) == []


def test_a_file_that_cannot_be_written_issues_nothing(organisation):
    Path("taken").write_text("a file, not a folder")
    answer = issue(organisation, "--branch", "EKU001", "-o", "taken/r.pdf", code=3)
    assert "cannot be written" in answer.err
    assert in_store(organisation) == []


def test_many_one_file_a_branch_with_a_manifest_whose_sum_is_reported(organisation):
    said = issue(organisation, "--all", "-o", "papers").json
    files = [
        "papers/GP/EKU/EKU001.pdf",
        "papers/GP/EKU/EKU002.pdf",
        "papers/GP/TSH/TSH001.pdf",
        "papers/LIM/VHE/VHE001.pdf",
    ]
    assert [one["file"] for one in said["papers"]] == files
    rows = list(csv.DictReader(io.StringIO(Path("papers/manifest.csv").read_text())))
    assert list(rows[0])[:4] == ["serial", "branch", "members", "quorum"]
    assert [(row["branch"], row["members"], row["quorum"]) for row in rows] == [
        ("EKU001", "4", "3"), ("EKU002", "2", "2"), ("TSH001", "1", "1"), ("VHE001", "0", "1"),
    ]  # fmt: skip
    for row in rows:
        assert hashlib.sha256(Path("papers", row["file"]).read_bytes()).hexdigest() == row["hash"]
    good = [one for one in PEOPLE if one[5].get("last_payment_on") == "2019-12-15"]
    assert said["members"] == sum(int(row["members"]) for row in rows) == len(good)


def test_a_region_and_a_province_are_their_branches(organisation):
    assert [one["branch"] for one in issue(organisation, "--region", "EKU", "-o", "a").json["papers"]] == [
        "EKU001",
        "EKU002",
    ]
    said = issue(organisation, "--province", "GP", "-o", "b").json
    assert [one["branch"] for one in said["papers"]] == ["EKU001", "EKU002", "TSH001"]
    assert said["new"] == 1, "those of the region are issued already"


def test_stopped_between_two_batches_it_carries_on(organisation, monkeypatch):
    monkeypatch.setattr("ancadmin.services.export.registers.issue.BRANCHES_A_BATCH", 1)
    draw, drawn = drawing.draw_register, []

    def until_power_fails(sheet):
        if len(drawn) == 2:
            raise KeyboardInterrupt
        drawn.append(sheet.register.place.code)
        return draw(sheet)

    monkeypatch.setattr(drawing, "draw_register", until_power_fails)
    issue(organisation, "--all", "-o", "papers", code=130)
    assert [row["branch"] for row in in_store(organisation)] == ["EKU001", "EKU002"]
    assert [path for path in Path("papers").rglob("*") if ".part" in path.name] == []
    # The file of one that is issued was lost with the power; another was half-copied by someone.
    Path("papers/GP/EKU/EKU001.pdf").unlink()
    Path("papers/GP/EKU/EKU002.pdf").write_bytes(b"half")
    drawn.clear()
    said = issue(organisation, "--all", "-o", "papers").json
    assert drawn == ["TSH001", "VHE001"]
    assert (said["registers"], said["new"]) == (4, 2)
    stored = {row["branch"]: row["file_hash"] for row in in_store(organisation)}
    assert len(stored) == len(in_store(organisation)) == 4
    for row in csv.DictReader(io.StringIO(Path("papers/manifest.csv").read_text())):
        assert (
            hashlib.sha256(Path("papers", row["file"]).read_bytes()).hexdigest() == stored[row["branch"]] == row["hash"]
        )
    assert issue(organisation, "--all", "-o", "papers").json["new"] == 0


def test_what_left_and_for_whom_is_in_the_access_trail(organisation):
    issue(organisation, "--branch", "EKU001", "-o", "r.pdf")
    with registers_trail(organisation) as connection:
        events = connection.execute(select(access_event).order_by(access_event.c.seq)).mappings().all()
    last = [event for event in events if event["action"] == "export attendance-register"][-1]
    assert last["operator"]
    detail = json.loads(last["detail"])
    assert (detail["place"], detail["cut_off"], detail["to"]) == ("EKU001", CUT_OFF, "r.pdf")


def registers_trail(office):
    from ancadmin.db.access import access_chain

    return access_chain(session_of(office.db).store)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "which branches is not clear"),
        (("--all", "--branch", "EKU001"), 2, "which branches is not clear"),
        (("--branch", "NOWHERE"), 3, "no branch is on record there"),
        (("--branch", "EKU001", "-o", "r.docx"), 2, "no form goes with"),
        (("--branch", "EKU001", "--as", "pdf", "-o", "r.xlsx"), 2, "say different things"),
    ],
)
@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_makes_no_sense_is_refused(organisation, words, code, said):
    assert said in issue(organisation, *words, code=code).err
    assert in_store(organisation) == []


@pytest.mark.parametrize("engine", ["sqlite"])
def test_days_that_make_no_sense_are_refused(organisation):
    after = ("--cut-off", "2020-05-03", "--meeting-date", MEETING)
    assert "after the meeting" in issue(organisation, "--branch", "EKU001", days=after, code=2).err
    future = ("--cut-off", "2999-01-01", "--meeting-date", "2999-01-02")
    assert "has not come yet" in issue(organisation, "--branch", "EKU001", days=future, code=2).err


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_officer_takes_papers_of_the_own_place_only(organisation):
    asked = ForMeeting(Meeting.BGM, date.fromisoformat(MEETING), date.fromisoformat(CUT_OFF))
    whole = session_of(organisation.db)
    officer = replace(whole, roles=((Role.MEMBERSHIP_OFFICER, "EKU"),))
    agent = replace(whole, roles=((Role.CALL_CENTRE_AGENT, "EKU"),))
    assert issue_registers(officer, Scope(region="EKU"), asked, target=Path("a")).members == 6
    for session, scope in [
        (officer, Scope(branch="TSH001")),
        (officer, Scope(province="GP")),
        (officer, Scope(everything=True)),
        (agent, Scope(branch="EKU001")),
    ]:
        with pytest.raises(NotAllowed):
            issue_registers(session, scope, asked, target=Path("b.pdf"))
    assert export_lists(agent, Scope(branch="EKU001"), asked.cut_off, target=Path("c.pdf")).members == 7
    with pytest.raises(NotAllowed):
        export_lists(agent, Scope(branch="TSH001"), asked.cut_off, target=Path("c.pdf"))
    foreign = replace(whole, roles=((Role.MEMBERSHIP_OFFICER, "TSH"),))
    serial = in_store(organisation)[0]["serial"]
    with pytest.raises(NotAllowed):
        reprint(foreign, serial, Path("d.pdf"))
    assert not Path("d.pdf").exists()


@pytest.mark.parametrize("engine", ["sqlite"])
def test_one_pdf_does_not_pay_for_workbooks_and_tables_of_data(organisation):
    words = ["--db", organisation.db, "export", "attendance-register", "--branch", "EKU001"]
    words += ["--cut-off", CUT_OFF, "--meeting-date", MEETING, "-o", "r.pdf"]
    program = (
        f"import sys; from ancadmin.cli.app import run; assert run({words!r}) == 0; "
        "print([name for name in ('pandas', 'pyarrow', 'openpyxl', 'sqlmodel', 'alembic') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
