"""`export verify`: genuine, withdrawn, altered or unknown; one byte is enough."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.services.export.records import CUT_OFF, MEETING, set_up


@pytest.fixture
def organisation(office, monkeypatch):
    set_up(office)
    monkeypatch.chdir(office.folder)
    return office


def issued(office, form):
    words = ("--branch", "EKU001", "--cut-off", CUT_OFF, "--meeting-date", MEETING, "-o", f"paper.{form}", "--json")
    return office("export", "attendance-register", *words).json


@pytest.mark.parametrize("form", ["pdf", "xlsx"])
def test_as_issued_it_is_genuine_and_one_changed_byte_is_found(organisation, form):
    said = issued(organisation, form)
    found = organisation("export", "verify", f"paper.{form}", "--json").json
    assert (found["verdict"], found["serial"], found["members"]) == ("genuine", said["serial"], 4)
    content = Path(f"paper.{form}").read_bytes()
    for at in (0, len(content) // 3, len(content) // 2, len(content) - 1):
        flipped = bytearray(content)
        flipped[at] ^= 1
        Path(f"flipped.{form}").write_bytes(flipped)
        found = organisation("export", "verify", f"flipped.{form}", "--json", code=10).json
        assert (found["verdict"], found["serial"]) == ("altered", said["serial"]), at
        assert found["issued_hash"] == said["file_hash"] != found["file_hash"]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_workbook_saved_again_by_another_program_is_altered(organisation):
    said = issued(organisation, "xlsx")
    workbook = load_workbook("paper.xlsx")
    workbook.worksheets[0]["C9"] = "Someone Else"
    workbook.save("saved.xlsx")
    found = organisation("export", "verify", "saved.xlsx", "--json", code=10).json
    assert (found["verdict"], found["serial"]) == ("altered", said["serial"])


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_was_never_issued_here_is_unknown(organisation):
    organisation.write("other.pdf", "%PDF-1.4 AR-ELSEWHERE-2020-1")
    found = organisation("export", "verify", "other.pdf", "--json", code=10).json
    assert (found["verdict"], found["serial"]) == ("unknown", None)
    assert "there is no such file" in organisation("export", "verify", "missing.pdf", code=3).err
    assert "cannot be read" in organisation("export", "verify", organisation.folder, code=3).err


def test_an_undone_batch_withdraws_its_registers_and_keeps_them(organisation):
    said = issued(organisation, "pdf")
    answer = organisation("batch", "undo", said["batch"], "--json").json
    assert answer["papers_withdrawn"] == 1
    assert [one["what"] for one in answer["kept"]] == [f"attendance register {said['serial']}"]
    found = organisation("export", "verify", "paper.pdf", "--json", code=10).json
    assert (found["verdict"], found["withdrawn_in"]) == ("withdrawn", answer["batch"])
    organisation("export", "reprint", said["serial"], "-o", "again.pdf")
    assert Path("again.pdf").read_bytes() == Path("paper.pdf").read_bytes()
    anew = issued(organisation, "pdf")
    assert anew["new"]
    assert anew["serial"] != said["serial"]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_serial_never_issued_and_a_wrong_suffix_are_refused(organisation):
    said = issued(organisation, "pdf")
    assert "no paper was issued" in organisation("export", "reprint", "AR-X-2020-1", code=3).err
    assert "issued as pdf" in organisation("export", "reprint", said["serial"], "-o", "x.xlsx", code=2).err


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_paper_changed_in_the_store_is_not_printed(organisation):
    from tests.tamper import sql

    said = issued(organisation, "pdf")
    sql(organisation, "UPDATE paper_file SET content = x'00'")
    assert "not what was issued" in organisation("export", "reprint", said["serial"], code=5).err
