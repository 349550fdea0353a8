"""`export verify FILE`: genuine, superseded, withdrawn, altered (where) or unknown; one byte is enough."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader, PdfWriter
from sqlalchemy import insert, select
from tests.services.export.records import CUT_OFF, GOOD, MEETING, decide, session_of, set_up

from ancadmin.db.schema import member
from ancadmin.domain.attendance import USUAL
from ancadmin.domain.papers import Form
from ancadmin.services.export.drawing import Sheet, draw_register
from ancadmin.services.export.registers.kept import said_by
from ancadmin.services.standing.settle import settle

FORMS = pytest.mark.parametrize("form", ["pdf", "xlsx"])
SQLITE = pytest.mark.parametrize("engine", ["sqlite"])


@pytest.fixture
def organisation(office, monkeypatch):
    office.after(set_up)
    monkeypatch.chdir(office.folder)
    return office


def issued(office, form="pdf", name="paper", *words):
    words = ("--branch", "EKU001", "--cut-off", CUT_OFF, "--meeting-date", MEETING, "-o", f"{name}.{form}", *words)
    return office("export", "attendance-register", *words, "--json").json


def verified(office, *words, code=10):
    return office("export", "verify", *words, "--json", code=code).json


def redrawn(office, serial, form, **change):
    """The register as a forger draws it: the first attendee changed, and everything else as issued."""
    with session_of(office.db).store.connect() as connection:
        register, seal = said_by(connection, serial)
    first, *rest = register.attendees
    forged = replace(register, attendees=(replace(first, **change), *rest))
    return draw_register(Sheet(forged, seal, Form(form), USUAL))


@FORMS
@SQLITE
def test_as_issued_it_is_genuine_and_one_changed_byte_is_found(organisation, form):
    said = issued(organisation, form)
    found = verified(organisation, f"paper.{form}", code=0)
    assert (found["verdict"], found["serial"], found["members"]) == ("genuine", said["serial"], 4)
    content = Path(f"paper.{form}").read_bytes()
    for at in (0, len(content) // 2, len(content) - 1):
        flipped = bytearray(content)
        flipped[at] ^= 1
        Path(f"flipped.{form}").write_bytes(flipped)
        found = verified(organisation, f"flipped.{form}")
        assert (found["verdict"], found["serial"]) == ("altered", said["serial"]), at
        assert found["issued_hash"] == said["file_hash"] != found["file_hash"]
        assert found["first_differing_byte"] == at or at == 0


@FORMS
def test_an_altered_name_is_found_where_it_stands(organisation, form):
    said = issued(organisation, form)
    Path(f"forged.{form}").write_bytes(redrawn(organisation, said["serial"], form, surname="Nkosa"))
    found = verified(organisation, f"forged.{form}")
    assert (found["verdict"], found["serial"]) == ("altered", said["serial"])
    assert found["differing"] == len(found["differences"])
    one = next(one for one in found["differences"] if one["issued"] == "=1+1")
    where = {"pdf": "page 1, line ", "xlsx": "sheet Attendance register, C"}[form]
    assert one["where"].startswith(where)
    assert one["here"] == "Nkosa"
    answer = organisation("export", "verify", f"forged.{form}", code=10)
    assert "its text differs in " in answer.err
    assert f"export reprint {said['serial']}" in answer.err
    assert where in answer.out


@FORMS
@SQLITE
def test_id_numbers_are_masked_on_screens_and_whole_in_json(organisation, form):
    said = issued(organisation, form)
    Path(f"forged.{form}").write_bytes(redrawn(organisation, said["serial"], form, id_number="8001015000994"))
    found = verified(organisation, f"forged.{form}")["differences"]
    assert ("8001015000004", "8001015000994") in [(one["issued"], one["here"]) for one in found]
    shown = organisation("export", "verify", f"forged.{form}", code=10)
    assert "800101****004" in shown.out
    assert "800101****994" in shown.out
    assert "8001015000" not in shown.out + shown.err


@SQLITE
def test_many_differences_are_counted_and_the_first_twenty_shown(organisation):
    said = issued(organisation, "xlsx")
    workbook = load_workbook("paper.xlsx")
    for number in range(40):
        workbook.worksheets[0][f"ZZ{number + 1}"] = f"added {number}"
    workbook.save("saved.xlsx")
    found = verified(organisation, "saved.xlsx")
    assert (found["verdict"], found["serial"]) == ("altered", said["serial"])
    assert (found["differing"], len(found["differences"])) == (40, 20)
    assert found["differences"][0] == {
        "where": "sheet Attendance register, ZZ1", "issued": None, "here": "added 0", "after": None
    }  # fmt: skip


@FORMS
@SQLITE
def test_saved_again_by_another_program_its_text_reads_the_same(organisation, form):
    said = issued(organisation, form)
    if form == "pdf":
        writer = PdfWriter(clone_from="paper.pdf")
        writer.compress_identical_objects()
        writer.write("saved.pdf")
    else:
        load_workbook("paper.xlsx").save("saved.xlsx")
    found = verified(organisation, f"saved.{form}")
    assert (found["verdict"], found["serial"], found["differing"]) == ("altered", said["serial"], 0)
    assert "its text reads as issued" in found["why"]
    assert f"from byte {found['first_differing_byte']} on" in found["why"]


@SQLITE
def test_a_page_taken_out_is_named(organisation):
    issued(organisation)
    writer = PdfWriter(clone_from="paper.pdf")
    writer.add_blank_page()
    writer.write("more.pdf")
    assert [one["where"] for one in verified(organisation, "more.pdf")["differences"]] == ["page 2"]


@SQLITE
def test_pages_taken_out_or_put_elsewhere_are_named_and_not_every_line_behind_them(organisation):
    with session_of(organisation.db).batch("test members") as batch:
        more = {"branch": "EKU001", "first_names": "Nomvula", "gender": "female", "born": "1990-01-01"}
        more |= {"origin": "register", "joined_on": "2015-01-01", "batch": batch.number, **GOOD}
        rows = [{**more, "id": n, "id_number": f"{9001015000000 + n}", "surname": f"S{n}"} for n in range(100, 160)]
        batch.connection.execute(insert(member), rows)
        settle(batch, select(member.c.id))
    issued(organisation)
    pages = PdfReader("paper.pdf").pages
    last = len(pages) - 1
    assert last > 1
    for order, told in (
        ([0, *range(2, last + 1)], [("page 2", True, False)]),
        ([*range(1, last + 1)], [("page 1", True, False)]),
        ([0, 1, 1, *range(2, last + 1)], [("page 3", False, True)]),
        ([1, 0, *range(2, last + 1)], [("page 1", False, True), ("page 2", True, False)]),
    ):
        writer = PdfWriter()
        for at in order:
            writer.add_page(pages[at])
        writer.add_metadata(PdfReader("paper.pdf").metadata)
        writer.write("other.pdf")
        found = verified(organisation, "other.pdf")["differences"]
        assert [(one["where"], bool(one["issued"]), bool(one["here"])) for one in found] == told, order


@SQLITE
def test_a_file_is_held_against_the_style_it_is_nearest_to(organisation):
    said = issued(organisation)
    issued(organisation, "pdf", "large", "--large")
    Path("cut.pdf").write_bytes(Path("large.pdf").read_bytes() + b"\n")
    found = verified(organisation, "cut.pdf")
    assert (found["serial"], found["style"], found["differing"]) == (said["serial"], "large", 0)


@SQLITE
def test_a_form_it_was_never_given_out_in_is_altered(organisation):
    said = issued(organisation)
    Path("own.xlsx").write_bytes(redrawn(organisation, said["serial"], "xlsx"))
    found = verified(organisation, "own.xlsx")
    assert (found["verdict"], found["serial"], found["form"]) == ("altered", said["serial"], None)
    assert "never given out as such a file" in found["why"]


@SQLITE
def test_a_serial_in_the_name_counts_only_where_the_file_names_none(organisation):
    said = issued(organisation)
    decide(organisation, 1, "deceased", "2020-01-01")
    later = issued(organisation, "pdf", "later")
    Path(f"{later['serial']}.pdf").write_bytes(Path("paper.pdf").read_bytes() + b"\n")
    found = verified(organisation, f"{later['serial']}.pdf")
    assert (found["serial"], found["superseded_by"]) == (said["serial"], later["serial"])
    Path(f"{said['serial']}.pdf").write_bytes(b"%PDF-1.4 nothing more")
    found = verified(organisation, f"{said['serial']}.pdf")
    assert (found["verdict"], found["serial"], found["differing"]) == ("altered", said["serial"], None)
    assert "cannot be read" in found["why"]


def test_superseded_says_by_which_and_what_differs(organisation):
    first = issued(organisation)
    decide(organisation, 1, "deceased", "2020-01-01")
    second = issued(organisation, "pdf", "second")
    decide(organisation, 3, "deceased", "2020-01-01")
    third = issued(organisation, "pdf", "third")
    found = verified(organisation, "paper.pdf")
    assert (found["verdict"], found["serial"]) == ("superseded", first["serial"])
    assert (found["superseded_by"], found["superseded_differs"]) == (third["serial"], "2 removed")
    assert verified(organisation, "third.pdf", code=0)["verdict"] == "genuine"
    assert "the same to the byte" not in organisation("export", "verify", "paper.pdf", code=10).err
    for one in (third, second):
        organisation("batch", "undo", one["batch"])
    assert verified(organisation, "paper.pdf", code=0)["verdict"] == "genuine", "the others were withdrawn"
    assert verified(organisation, "third.pdf")["verdict"] == "withdrawn"


@SQLITE
def test_what_was_never_issued_here_is_unknown(organisation):
    organisation.write("other.pdf", "%PDF-1.4 AR-ELSEWHERE-2020-1")
    found = verified(organisation, "other.pdf")
    assert (found["verdict"], found["serial"]) == ("unknown", None)
    assert "there is no such file" in organisation("export", "verify", "missing.pdf", code=3).err
    assert "cannot be read" in organisation("export", "verify", organisation.folder, code=3).err
    assert "not a file" in organisation("export", "verify", "/dev/zero", code=3).err
    assert "too long" in organisation("export", "verify", "9" * 400, code=3).err


@SQLITE
def test_what_an_issued_register_says_is_told_to_nobody_out_of_its_reach(organisation):
    """A made-up file that names a serial must not draw out what was issued under it."""
    from ancadmin.domain.roles import Role
    from ancadmin.services.export.registers.verify import verify

    said = issued(organisation)
    Path("forged.pdf").write_bytes(redrawn(organisation, said["serial"], "pdf", surname="Nkosa"))
    foreign = replace(session_of(organisation.db), roles=((Role.MEMBERSHIP_OFFICER, "TSH"),))
    found = verify(foreign, Path("forged.pdf"))
    assert (found.verdict, found.serial, found.differences) == ("altered", said["serial"], ())
    # Nor how near a guess has come: a cell more or less that differs would say who is on the register.
    Path("less.pdf").write_bytes(Path("paper.pdf").read_bytes()[:-1])
    nearer = verify(foreign, Path("less.pdf"))
    assert nearer == replace(found, file="less.pdf", file_hash=nearer.file_hash)
    assert (found.differing, found.first_differing_byte, found.content_hash, found.issued_hash) == (None,) * 4


def bomb(office):
    """A workbook whose sheet is very much larger than its file."""
    path = office.folder / "bomb.xlsx"
    whole = io.BytesIO()
    with zipfile.ZipFile("paper.xlsx") as source, zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as to:
        for name in source.namelist():
            content = source.read(name)
            before, end, after = content.partition(b"</sheetData>")
            with to.open(name, "w") as part:
                part.write(before)
                if end:
                    part.write(b'<row r="900"><c r="A900" t="inlineStr"><is><t>')
                    for _ in range(300):
                        part.write(b"A" * 1_000_000)
                    part.write(b"</t></is></c></row>")
                part.write(end + after)
    path.write_bytes(whole.getvalue())
    return path


@SQLITE
def test_a_workbook_that_unpacks_without_end_is_only_altered(organisation, monkeypatch):
    said = issued(organisation, "xlsx")
    monkeypatch.setattr("ancadmin.readers.shown.MOST_MEMORY", 400_000_000)
    found = verified(organisation, bomb(organisation))
    assert (found["verdict"], found["serial"], found["differing"]) == ("altered", said["serial"], None)
    assert "cannot be read" in found["why"]


@SQLITE
def test_a_pdf_that_takes_too_long_is_only_altered(organisation, monkeypatch):
    said = issued(organisation)
    Path("slow.pdf").write_bytes(Path("paper.pdf").read_bytes() + b"\n")
    monkeypatch.setattr("ancadmin.readers.shown.MOST_SECONDS", 0.001)
    found = verified(organisation, "slow.pdf")
    assert (found["verdict"], found["serial"], found["differing"]) == ("altered", said["serial"], None)
    assert "takes longer than any paper" in found["why"]


def test_an_undone_batch_withdraws_its_registers_and_keeps_them(organisation):
    said = issued(organisation)
    answer = organisation("batch", "undo", said["batch"], "--json").json
    assert answer["papers_withdrawn"] == 1
    assert [one["what"] for one in answer["kept"]] == [f"attendance register {said['serial']}"]
    found = verified(organisation, "paper.pdf")
    assert (found["verdict"], found["withdrawn_in"]) == ("withdrawn", answer["batch"])
    organisation("export", "reprint", said["serial"], "-o", "again.pdf")
    assert Path("again.pdf").read_bytes() == Path("paper.pdf").read_bytes()
    anew = issued(organisation)
    assert anew["new"]
    assert anew["serial"] != said["serial"]


@SQLITE
def test_a_serial_never_issued_and_a_wrong_suffix_are_refused(organisation):
    said = issued(organisation)
    assert "no paper was issued" in organisation("export", "reprint", "AR-X-2020-1", code=3).err
    assert "issued as pdf" in organisation("export", "reprint", said["serial"], "-o", "x.xlsx", code=2).err
    organisation("export", "reprint", said["serial"].lower(), "-o", "lower.pdf")


@SQLITE
def test_a_paper_changed_in_the_store_is_not_printed(organisation):
    from tests.tamper import sql

    said = issued(organisation)
    sql(organisation, "UPDATE paper_file SET content = x'00'")
    assert "not what was issued" in organisation("export", "reprint", said["serial"], code=5).err


@SQLITE
def test_what_was_held_up_is_in_the_access_trail(organisation):
    issued(organisation)
    verified(organisation, "paper.pdf", code=0)
    rows = organisation("audit", "log", "--reads", "--json").json
    detail = next(row["detail"] for row in rows if row["action"] == "export verify")
    assert detail["file"] == "paper.pdf"
    assert len(detail["sha256"]) == 64
    assert json.dumps(rows).count("8001015000") == 0


@SQLITE
def test_every_font_is_in_the_file(organisation):
    issued(organisation)
    named = set()
    for page in PdfReader("paper.pdf").pages:
        for font in page["/Resources"]["/Font"].get_object().values():
            font = font.get_object()
            named.add(font["/BaseFont"])
            assert "/FontFile2" in font["/FontDescriptor"].get_object(), font["/BaseFont"]
    assert named
