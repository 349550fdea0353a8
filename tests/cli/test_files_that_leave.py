"""Every command that lets papers leave: what left for whom is on record, and its files are whole, and the owner's."""

import errno
from pathlib import Path

import pytest
import typer
from tests.services.export.records import CUT_OFF, MEETING, set_up
from tests.tamper import sql

from ancadmin.cli.export import app as export
from ancadmin.cli.report import app as report

pytestmark = pytest.mark.parametrize("engine", ["sqlite"])
REGISTER = ("export", "attendance-register", "--cut-off", CUT_OFF, "--meeting-date", MEETING)
DAY = ("--on", CUT_OFF)
PERIOD = ("--from", "2020-01-01", "--to", "2020-03-31")
MANY = ("--region", "EKU")
# What each command is typed with; what it writes is named after it, or its form where it writes a folder.
PAPERS = {
    "export branch-list": [("--branch", "EKU001", "-o", "a.xlsx"), (*MANY, "-o", "a")],
    "export attendance-register": [
        (*REGISTER[2:], "--branch", "EKU001", "-o", "b.pdf"),
        (*REGISTER[2:], *MANY, "--as", "pdf", "--as", "xlsx", "-o", "b"),
    ],
    "export branch-health": [("--branch", "EKU001", "-o", "c.pdf"), (*MANY, "-o", "c")],
    "export card": [
        ("8001015009087", *DAY, "-o", "d.pdf"),
        ("--branch", "EKU001", *DAY, "-o", "d2.pdf"),
        (*MANY, *DAY, "-o", "d"),
    ],
    "export statement-of-dues": [("8001015009087", "-o", "e.pdf")],
    "export cost-comparison": [("1", "-o", "f.xlsx")],
    "export reprint": [("{serial}", "-o", "g.pdf")],
    "export attendance show": [("{serial}", "-o", "h.pdf")],
    "report ageing": [("-o", "i.pdf")],
    "report receivables": [(*PERIOD, "-o", "j.xlsx")],
    "report cash": [(*PERIOD, "-o", "k.pdf")],
    "report standing": [(*PERIOD, "-o", "l.pdf")],
}
NO_PAPERS = {"export verify", "export attendance import"}


def _records(office):
    set_up(office)
    sql(office, "UPDATE member SET id_number = '8001015009087' WHERE id = 1", "SELECT 1")
    office("costs", "new", "--region", "EKU", "--subject", "Printer")
    office(*REGISTER, "--branch", "EKU002", "-o", office.folder / "issued.pdf")


@pytest.fixture
def organisation(office, monkeypatch):
    office.after(_records)
    monkeypatch.chdir(office.folder)
    Path("password").write_text("vier woorde is maklik\n")
    Path("password").chmod(0o600)
    return office


def typed(office, command, words):
    (serial,) = {row[0] for row in sql(office, "SELECT serial FROM paper WHERE branch = 'EKU002'")[:1]}
    return [*command.split(), *(word.format(serial=serial) for word in words)]


def named(group, path):
    """Every command of a group, by the words that call it."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from named(command, f"{path} {name}")
        else:
            yield f"{path} {name}"


def test_no_command_that_writes_papers_is_missing_here(engine):
    there = {*named(typer.main.get_command(export), "export"), *named(typer.main.get_command(report), "report")}
    assert there - NO_PAPERS == set(PAPERS)


def written(words):
    """The files under what a command was to write."""
    target = Path(words[words.index("-o") + 1])
    return [path for path in target.rglob("*") if path.is_file()] if target.is_dir() else [target]


@pytest.mark.parametrize("command", PAPERS)
def test_it_is_whole_the_owners_and_on_record_with_for_whom(organisation, command):
    for words in PAPERS[command]:
        line = typed(organisation, command, words)
        organisation(*line, "--for", "Cde Nkosi", "--password-file", "password")
        files = written(line)
        assert files
        assert {path.stat().st_mode & 0o777 for path in files} == {0o600}, files
        assert all(_protected(path) for path in files if path.suffix != ".csv")
        rows = organisation("audit", "log", "--reads", "--limit", "3", "--json").json
        (left,) = (row["detail"] for row in rows if row["action"] == "papers left")
        assert (left["for"], left["protected"]) == ("Cde Nkosi", True)
        assert left["files"] == len([path for path in files if path.suffix != ".csv" and "summary" not in path.name])
        assert left["sha256"]
    assert [path for path in organisation.folder.rglob("*") if ".part" in path.name] == []


def _protected(path):
    content = path.read_bytes()
    return content.startswith(b"\xd0\xcf\x11\xe0") or (content.startswith(b"%PDF") and b"/Encrypt" in content)


@pytest.mark.parametrize("command", PAPERS)
def test_a_disk_that_fills_up_leaves_no_half_of_a_paper(organisation, command, monkeypatch):
    whole = Path.write_bytes

    def until_full(path, content):
        whole(path, content[: len(content) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    lines = [typed(organisation, command, words) for words in PAPERS[command]]
    issued = sql(organisation, "SELECT count(*) FROM paper_file")
    monkeypatch.setattr(Path, "write_bytes", until_full)
    for line in lines:
        refused = organisation(*line, code=3)
        assert "No space left on device" in refused.err
        assert [path for path in written(line) if path.exists()] == []
    assert [path for path in organisation.folder.rglob("*") if ".part" in path.name] == []
    assert sql(organisation, "SELECT count(*) FROM paper_file") == issued
