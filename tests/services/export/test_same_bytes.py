"""What was issued is the same to the byte, whatever happened since: years, changes, a new schema, another zone."""

import base64
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Boolean, MetaData, insert, text
from tests.services.export.records import CUT_OFF, MEETING, PLACES, decide, pay, set_up
from tests.tamper import sql

from ancadmin.db.access import access_chain
from ancadmin.db.identity import calling_account
from ancadmin.db.schema import access_event
from ancadmin.db.store import create_sqlite_file, store_at
from ancadmin.db.upgrade import alembic_config

DAYS = ("--cut-off", CUT_OFF, "--meeting-date", MEETING)
FORMS = ("pdf", "xlsx")
# Made by the program as it was when 0006 was the schema, with three registers issued; bytes stand in base 85.
EARLIER = Path(__file__).parents[2] / "data" / "papers" / "store-0006.json"


@pytest.fixture
def organisation(office, monkeypatch):
    office.after(set_up)
    monkeypatch.chdir(office.folder)
    return office


def sha256(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def test_reprints_are_equal_after_imports_sweeps_transfers_and_undo(organisation):
    said = [
        organisation("export", "attendance-register", "--branch", "EKU001", *DAYS, "-o", f"first.{form}", "--json").json
        for form in FORMS
    ]
    serial = said[0]["serial"]
    register = "ID Number,Surname,First Names,Branch,Cell\n8001015009087,Zulu,Bongani,EKU001,0829990000\n"
    redrawn = PLACES.replace("Tembisa", "Thembisa").replace("Ekurhuleni", "Ekurhuleni Metro")

    def same(after):
        for form in FORMS:
            organisation("export", "reprint", serial, "--as", form, "-o", f"again.{form}")
            assert Path(f"again.{form}").read_bytes() == Path(f"first.{form}").read_bytes(), (after, form)
        assert (
            organisation("export", "verify", "again.pdf", "--json", code=verdicts[after][1]).json["verdict"]
            == (verdicts[after][0])
        )

    genuine, superseded = ("genuine", 0), ("superseded", 10)
    verdicts = dict.fromkeys(("import", "places", "sweep", "transfer", "money"), genuine)
    verdicts |= {"issued anew": superseded, "undone": genuine}
    organisation("register", "import", organisation.write("more.csv", register), "--reading-date", "2020-03-01")
    same("import")
    organisation("db", "places", "import", organisation.write("redrawn.csv", redrawn))
    same("places")
    organisation("sweep", "--on", "2024-05-01", "--yes")
    same("sweep")
    sql(organisation, "UPDATE member SET branch = 'EKU002', surname = 'Elsewhere' WHERE id = 2")
    same("transfer")
    pay(organisation, 5, ("2019-05-01", 5000))
    same("money")
    decide(organisation, 1, "expelled", "2020-01-01")
    later = organisation("export", "attendance-register", "--branch", "EKU001", *DAYS, "--json").json
    assert later["supersedes"] == serial
    same("issued anew")
    organisation("batch", "undo", later["batch"])
    same("undone")


def at_0006(office):
    """The office's store as an earlier version made it, with what the file has; the one operator is this account."""
    if office.db.startswith("sqlite"):
        path = office.folder / "store.db"
        path.unlink()
        create_sqlite_file(path)
    else:
        sql(office, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public", "SELECT 1")
    told = json.loads(EARLIER.read_text(encoding="utf-8"))
    store = store_at(office.db)
    account = calling_account(store)
    for row in (*told["operator"], *told["operator_role"]):
        row["account"] = account
    told["operator_role"][0]["begins_on"] = "2018-02-15"
    next(row for row in told["setting"] if row["key"] == "sole_operator")["value"] = account
    with store.write() as connection:
        command.upgrade(alembic_config(connection), "0006")
        tables = MetaData()
        tables.reflect(connection)
        for table in tables.sorted_tables:
            rows = told.get(table.name)
            if rows and table.name != access_event.name:
                connection.execute(table.delete())
                connection.execute(insert(table), [_typed(table, row) for row in rows])
                counted = table.autoincrement_column
                if store.path is None and counted is not None:
                    name = f"pg_get_serial_sequence('{table.name}', '{counted.name}')"
                    connection.execute(text(f"SELECT setval({name}, (SELECT max({counted.name}) FROM {table.name}))"))
    with access_chain(store) as connection:
        connection.execute(insert(access_event), told["access_event"])
    return told["paper"]


def _typed(table, row):
    plain = {
        name: base64.b85decode(value["bytes"]) if isinstance(value, dict) else value for name, value in row.items()
    }
    return {
        name: bool(value) if value is not None and isinstance(table.c[name].type, Boolean) else value
        for name, value in plain.items()
    }


def test_papers_of_an_earlier_schema_are_the_same_to_the_byte_after_an_upgrade(office, monkeypatch):
    monkeypatch.chdir(office.folder)
    papers = at_0006(office)
    assert [(one["branch"], one["form"]) for one in papers] == [
        ("EKU001", "pdf"),
        ("EKU002", "xlsx"),
        ("EKU001", "pdf"),
    ]
    answer = office("db", "upgrade", "--json").json
    assert answer["before"] == "0006"
    for one in papers:
        path = f"{one['serial']}.{one['form']}"
        again = office("export", "reprint", one["serial"], "--json").json
        assert (again["file"], again["file_hash"]) == (path, one["file_hash"])
        assert sha256(path) == one["file_hash"]
    first, workbook, later = papers
    found = office("export", "verify", f"{first['serial']}.pdf", "--json", code=10).json
    assert (found["verdict"], found["superseded_by"], found["superseded_differs"]) == (
        "superseded", later["serial"], None
    )  # fmt: skip
    for one in (workbook, later):
        found = office("export", "verify", f"{one['serial']}.{one['form']}", "--json").json
        assert (found["verdict"], found["members"]) == ("genuine", one["members"])
        code = f"{one['serial']} {one['content_hash']}".upper()
        assert office("export", "verify", code, "--json").json["verdict"] == "genuine"
        flipped = bytearray(Path(f"{one['serial']}.{one['form']}").read_bytes())
        flipped[-30] ^= 1
        Path("flipped").write_bytes(flipped)
        assert office("export", "verify", "flipped", "--json", code=10).json["verdict"] == "altered"
    assert office("audit", "verify", "--json").json["flaws"] == []


PROGRAM = """
import hashlib, locale, sys, time
from datetime import date
from ancadmin.domain.attendance import AttendanceRegister, Attendee, Meeting, Seal, Style
from ancadmin.domain.papers import BranchPlace, Form
from ancadmin.services.export.drawing import Sheet, draw_register
try:
    locale.setlocale(locale.LC_ALL, "")
except locale.Error:
    pass
place = BranchPlace("EKU001", "Tembisa", "EKU", "Ekurhuleni", "GP", "Gauteng", "79700012", 2021)
people = tuple(Attendee(f"{8001015000000 + n}", "Ṱhavhana", "Zoë", "32840001", "+27821234567") for n in range(30))
register = AttendanceRegister(place, Meeting.BGM, date(2020, 5, 2), date(2020, 3, 31), people)
seal = Seal("AR-EKU001-2020-1", register.content_hash(), "0" * 64, True, date(2020, 4, 1))
styles = Style(), Style(large=True, by_voting_district=True, scan=True, mask_ids=True)
drawn = [draw_register(Sheet(register, seal, form, style)) for form in Form for style in styles]
print(time.strftime("%z"), *(hashlib.sha256(one).hexdigest() for one in drawn))
"""


def test_another_time_zone_locale_and_day_draw_the_same_bytes(tmp_path):
    zones = (("Pacific/Auckland", "C"), ("America/Los_Angeles", "af_ZA.UTF-8"), ("UTC", "C.UTF-8"))
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "TZ": zone, "LC_ALL": locale, "LANG": locale, "PYTHONHASHSEED": str(seed)},
            stdout=subprocess.PIPE,
            cwd=tmp_path,
            text=True,
        )
        for seed, (zone, locale) in enumerate(zones)
    ]
    offsets, hashes = zip(*(one.communicate()[0].split(" ", 1) for one in running), strict=True)
    assert len(set(offsets)) == 3, "the zones are known and differ"
    assert len(set(hashes)) == 1
    assert len(hashes[0].split()) == 4
