"""The quality of the register: each share by branch and place, what waits for someone, and how the imports went."""

import csv
import io
import json
import sys
from dataclasses import replace

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from tests.services.register.making import HEADINGS, MARIA, NOMSA, PRIYA, THABO, file, imported, number, row
from tests.tamper import sql

from ancadmin.domain.quality import Sort
from ancadmin.domain.roles import Role
from ancadmin.errors import NotAllowed
from ancadmin.services.export.scope import Scope
from ancadmin.services.register.quality.report import quality
from ancadmin.services.session import open_session
from ancadmin.settings import load_settings

FIELDS = (*HEADINGS, "region")
NOWHERE = "99999999"
NO_NUMBER = "8001015009078"


def lines(office, *words):
    """The lines of the answer by code; those without one by what they are."""
    rows = office("register", "quality", *words, "--json").json
    return {one["code"] if one["kind"] in ("branch", "region") else one["kind"]: one for one in rows}


def some(line, *names):
    return tuple(line[name] for name in names)


@pytest.fixture
def register(placed):
    """Katlehong: three members, one out of reach, and one row without a valid number. Vosloorus: a member who never
    paid. Two rows name a branch nobody knows, one of them in Ekurhuleni.
    """
    path = file(
        placed,
        row(),
        row(id_number=PRIYA, surname="NAIDOO", cell="N/A", email="", gender="F"),
        row(id_number=NOMSA, surname="ZULU", cell="", gender="F", joined_on=""),
        row(id_number=NO_NUMBER, surname="DLAMINI"),
        row(id_number=MARIA, surname="VAN WYK", branch="79700013", gender="F", last_payment_cents="N/A"),
        row(id_number=number(1), surname="NKOSI", branch=NOWHERE, region="Ekurhuleni"),
        row(id_number=number(2), surname="KHUMALO", branch=NOWHERE),
        fields=FIELDS,
    )
    imported(placed, path)
    return placed


def test_each_share_by_branch_and_in_all(register):
    found = lines(register)
    katlehong = found["79700012"]
    assert some(katlehong, "members", "read", "valid", "held") == (3, 4, 3, 1)
    assert some(katlehong, "valid_share", "contactable", "contactable_share") == (0.75, 2, 0.6667)
    assert some(katlehong, "captured", "captured_share", "overall") == (3, 1.0, round((0.75 + 2 / 3 + 1) / 3, 4))
    assert katlehong["notes"]["contact_missing"] == 1
    assert katlehong["notes"]["joined_missing"] == 1
    assert some(found["79700013"], "members", "captured", "captured_share", "valid_share") == (1, 0, 0.0, 1.0)
    assert some(found["10501001"], "members", "read", "valid_share", "overall") == (0, 0, None, None)
    total = found["total"]
    assert some(total, "members", "read", "valid", "held", "contactable", "captured") == (4, 7, 6, 3, 3, 3)
    for name in ("members", "read", "valid", "held", "contactable", "captured"):
        assert total[name] == sum(one[name] for one in found.values() if one is not total), name


@pytest.mark.parametrize("engine", ["sqlite"])
def test_rows_held_back_stand_under_the_branch_they_name_else_the_region_else_nowhere(register):
    found = lines(register)
    assert some(found["EKU"], "kind", "held", "valid") == ("region", 1, 1)
    assert some(found["unplaced"], "code", "held", "valid", "members") == ("", 1, 1, 0)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_row_of_an_earlier_version_is_placed_by_its_headings(register):
    before = lines(register)
    sql(register, "UPDATE register_source SET reading = NULL")
    assert lines(register) == before


def test_a_place_has_its_own_branches_and_no_others(register):
    assert list(lines(register, "--region", "EKU", "--sort", "code")) == ["79700012", "79700013", "EKU", "total"]
    assert list(lines(register, "--province", "GP", "--sort", "code")) == ["79700012", "79700013", "EKU", "total"]
    branch = lines(register, "--branch", "79700012")
    assert list(branch) == ["79700012", "total"]
    assert branch["79700012"] == lines(register)["79700012"]
    assert lines(register, "--province", "WC")["total"]["members"] == 0
    assert "no branch is on record there" in register("register", "quality", "--region", "XX", code=3).err
    register("register", "quality", "--region", "EKU", "--branch", "79700012", code=2)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_worst_come_first_and_lines_that_are_no_branch_last(register):
    assert list(lines(register)) == ["79700013", "79700012", "10501001", "10501002", "EKU", "unplaced", "total"]
    by_code = ["10501001", "10501002", "79700012", "79700013", "EKU", "unplaced", "total"]
    assert list(lines(register, "--sort", "code")) == by_code


def test_an_import_that_was_undone_counts_nowhere(register):
    before = lines(register)
    again = imported(register, file(register, row(id_number=number(3)), row(id_number="12"), name="second.csv"))
    assert lines(register)["total"]["read"] == 9
    register("batch", "undo", again["batch"])
    assert lines(register) == before


def test_notes_are_those_of_the_last_row_taken(register):
    path = file(register, row(id_number=NOMSA, surname="ZULU", gender="M", joined_on="2011-02-03"), name="second.csv")
    second = imported(register, path)
    assert lines(register)["79700012"]["notes"] == {"contact_missing": 1, "gender_conflict": 1}
    register("batch", "undo", second["batch"])
    assert lines(register)["79700012"]["notes"] == {"contact_missing": 1, "joined_missing": 1}


def decide(office, kind, subject, verdict, other="NULL"):
    """What the desk writes about a piece of work."""
    sql(
        office,
        "INSERT INTO desk_decision (kind, subject, other, verdict, why, operator, decided_at, batch) "
        f"VALUES ('{kind}', {subject}, {other}, '{verdict}', '', 'x', '2026-01-01T00:00:00Z', 1)",
    )


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_note_somebody_decided_about_is_no_longer_counted(register):
    ((noted,),) = sql(register, "SELECT id FROM register_row WHERE notes LIKE '%joined_missing%'")
    decide(register, "note", noted, "marked")
    assert "joined_missing" in lines(register)["79700012"]["notes"], "what is marked waits on"
    decide(register, "note", noted, "accepted")
    assert lines(register)["79700012"]["notes"] == {"contact_missing": 1}
    sql(register, "UPDATE desk_decision SET reversed_by = 1")
    assert lines(register)["79700012"]["notes"]["joined_missing"] == 1


def of(office, id_number):
    return sql(office, f"SELECT id FROM member WHERE id_number = '{id_number}'")[0][0]


def pair(office, one, other):
    """Two members who may be one person."""
    first, second = sorted((of(office, one), of(office, other)))
    columns = "(member, other, kind, score, evidence, batch)"
    sql(office, f"INSERT INTO duplicate {columns} VALUES ({first}, {second}, 'two_numbers', 0.9, '{{}}', 1)")
    return first, second


def test_a_pair_counts_for_both_branches_and_once_in_all_until_it_is_decided(register):
    first, second = pair(register, THABO, MARIA)
    pair(register, THABO, PRIYA)

    def pairs():
        found = lines(register)
        return tuple(found[code]["duplicates"] for code in ("79700012", "79700013", "10501001", "total"))

    assert pairs() == (2, 1, 0, 2)
    assert lines(register, "--branch", "79700013")["total"]["duplicates"] == 1
    assert lines(register, "--province", "WC")["total"]["duplicates"] == 0
    decide(register, "duplicate", first, "marked", second)
    assert pairs() == (2, 1, 0, 2), "what is marked waits on"
    decide(register, "duplicate", first, "different", second)
    assert pairs() == (1, 0, 0, 1)


def test_a_record_merged_into_another_counts_nowhere(register):
    pair(register, THABO, PRIYA)
    sql(register, f"UPDATE member SET merged_into = {of(register, THABO)} WHERE id_number = '{PRIYA}'")
    assert some(lines(register)["79700012"], "members", "contactable", "duplicates") == (2, 2, 0)
    assert "contact_missing" not in lines(register)["79700012"]["notes"]


def test_money_allocated_is_a_payment_captured_until_it_is_reversed(register):
    columns = "(deposit, member, cents, value_date, reason, batch)"
    sql(register, f"INSERT INTO allocation {columns} VALUES (1, {of(register, MARIA)}, 2000, '2025-01-01', 'x', 1)")
    assert lines(register)["79700013"]["captured"] == 1
    sql(register, "UPDATE allocation SET reversed_by = 1")
    assert lines(register)["79700013"]["captured"] == 0


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_table_in_a_pipe_has_no_bars_and_a_terminal_has(register, monkeypatch):
    table = register("register", "quality", "--sort", "code").out
    head, *rows = csv.reader(io.StringIO(table), delimiter="\t")
    assert head == ["code", "name", "members", "valid IDs", "contactable", "payments", "pairs", "held", "notes"]
    assert rows[2] == ["79700012", "Katlehong", "3", "75.0%", "66.6%", "100.0%", "0", "1", "2"]
    assert rows[0][3:6] == ["", "", ""]
    assert rows[-1][:3] == ["", "Total: All branches", "4"]
    monkeypatch.setattr("ancadmin.cli.register_quality.room", lambda output: 114)
    (line,) = (line for line in register("register", "quality").out.splitlines() if "Katlehong" in line)
    assert "██████    75.0%\t█████▍    66.6%\t████████ 100.0%" in line
    monkeypatch.setattr("ancadmin.cli.register_quality.room", lambda output: 80)
    (line,) = (line for line in register("register", "quality").out.splitlines() if "Katlehong" in line)
    assert "███   75%\t██▋   66%\t████ 100%" in line


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_file_has_no_bars_even_from_a_terminal(register, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    path = register.folder / "quality.txt"
    register("register", "quality", "-o", path)
    assert "█" not in path.read_text(encoding="utf-8")


def test_the_trend_has_every_import_that_stands(register):
    path = file(register, row(id_number=number(3), email="nobody"), row(id_number="12"), name="second.csv")
    imported(register, path)
    third = imported(register, file(register, row(id_number=number(4)), name="third.csv"))
    register("batch", "undo", third["batch"])
    first, second = register("register", "quality", "--trend", "--json").json
    assert first["files"] == ["register.csv"]
    assert some(first, "read", "accepted", "quarantined", "blank", "valid") == (7, 4, 3, 0, 6)
    assert first["problems"] == {"branch_unknown": 2, "checksum": 1}
    assert some(first, "valid_share", "contactable", "captured") == (round(6 / 7, 4), 3, 3)
    assert some(second, "valid_share", "contactable_share", "captured_share") == (0.5, 0.0, 1.0)
    assert second["notes"] == {"contact_malformed": 1, "gender_conflict": 1}
    assert "--trend without a place" in register("register", "quality", "--trend", "--region", "EKU", code=2).err
    told = register("register", "quality", "--trend").out
    assert "branch_unknown 2, checksum 1" in told


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_read_is_on_record(register):
    register("register", "quality", "--region", "EKU", "--as", "pdf", "-o", register.folder / "q.pdf")
    ((detail,),) = sql(
        register,
        "SELECT detail FROM access_event WHERE action = 'register quality' ORDER BY seq DESC LIMIT 1",
        access=register.db.startswith("sqlite"),
    )
    assert {"place": "EKU", "form": "pdf"}.items() <= json.loads(detail).items()


@pytest.mark.parametrize("engine", ["sqlite"])
def test_only_who_reaches_the_place_sees_it(register):
    session = open_session(load_settings(register.db))
    held = replace(session, roles=((Role.AUDITOR, "EKU"),))
    assert len(quality(held, Scope(region="EKU"), Sort.CODE).lines) == 3
    assert quality(held, Scope(branch="79700013"), Sort.CODE).total.quality.members == 1
    for scope in (Scope(region="WIN"), Scope(province="GP"), Scope(everything=True)):
        with pytest.raises(NotAllowed):
            quality(held, scope, Sort.CODE)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_papers_say_what_the_rows_say(register):
    pdf, xlsx = register.folder / "q.pdf", register.folder / "q.xlsx"
    said = register("register", "quality", "-o", pdf, "--json").json
    assert some(said, "members", "held", "form", "file") == (4, 3, "pdf", str(pdf))
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(pdf).pages).split())
    for part in ("Katlehong", "66.6%", "contact missing", "Page 1 of", "Ekurhuleni, no branch named"):
        assert part in text, part
    register("register", "quality", "--as", "xlsx", "-o", xlsx)
    sheet = load_workbook(xlsx)["Branches"]
    rows = {one[0]: one for one in sheet.iter_rows(min_row=5, values_only=True)}
    assert rows["79700012"][3:] == (3, 0.75, pytest.approx(2 / 3), 1, 0, 1, 1, 2)
    assert rows["Total"][3] == 4
    trend = register.folder / "trend.pdf"
    register("register", "quality", "--trend", "-o", trend)
    assert "register.csv" in PdfReader(trend).pages[0].extract_text()
    register("register", "quality", "--as", "pdf", "-o", xlsx, code=2)
