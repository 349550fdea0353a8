"""Papers under a password: they open with it and with nothing else, and are held to the byte all the same."""

import csv
import hashlib
import io
import json
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.services.export.records import CUT_OFF, MEETING, set_up

from ancadmin.readers.shown import workbook_within

PASSWORD = "vier woorde is maklik: goëd"
SQLITE = pytest.mark.parametrize("engine", ["sqlite"])
FORMS = pytest.mark.parametrize("form", ["pdf", "xlsx"])
DAYS = ("--cut-off", CUT_OFF, "--meeting-date", MEETING)


@pytest.fixture
def organisation(office, monkeypatch):
    office.after(set_up)
    monkeypatch.chdir(office.folder)
    put_password("password")
    return office


def put_password(name, text=f"{PASSWORD}\nnot read\n", mode=0o600):
    Path(name).write_text(text, encoding="utf-8")
    Path(name).chmod(mode)


def under(path, password=PASSWORD) -> bytes | None:
    """What a paper says under a password; None where that does not open it."""
    content = Path(path).read_bytes()
    if content.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(content))
        assert reader.is_encrypted
        if not reader.decrypt(password.encode()):
            return None
        return "\n".join(page.extract_text() for page in reader.pages).encode()
    assert content.startswith(b"\xd0\xcf\x11\xe0")
    return workbook_within(content, password)


def sha256(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def issue(office, *words):
    return office("export", "attendance-register", *DAYS, *words, "--password-file", "password", "--json").json


@FORMS
def test_it_opens_with_the_password_alone_and_the_store_keeps_it_plain(organisation, form):
    said = issue(organisation, "--branch", "EKU001", "-o", f"paper.{form}")
    assert under(f"paper.{form}", "another password") is None
    found = under(f"paper.{form}")
    organisation("export", "reprint", said["serial"], "-o", f"plain.{form}")
    assert sha256(f"plain.{form}") == said["file_hash"]
    if form == "xlsx":
        assert found == Path("plain.xlsx").read_bytes()
    else:
        assert found.decode() == "\n".join(page.extract_text() for page in PdfReader("plain.pdf").pages)
    assert b"8001015000001" not in Path(f"paper.{form}").read_bytes()
    assert said["hash"] == sha256(f"paper.{form}") != said["file_hash"]
    assert Path(f"paper.{form}").stat().st_mode & 0o777 == 0o600


@FORMS
@SQLITE
def test_it_is_genuine_under_the_password_and_one_changed_byte_is_found(organisation, form):
    said = issue(organisation, "--branch", "EKU001", "-o", f"paper.{form}")
    verify = ("export", "verify", f"paper.{form}")
    assert "--password-file" in organisation(*verify, code=3).err
    put_password("other", "some other password")
    assert "does not open it" in organisation(*verify, "--password-file", "other", code=3).err
    found = organisation(*verify, "--password-file", "password", "--json").json
    assert (found["verdict"], found["serial"], found["protected"]) == ("genuine", said["serial"], True)
    content = bytearray(Path(f"paper.{form}").read_bytes())
    content[len(content) // 2] ^= 1
    Path(f"paper.{form}").write_bytes(content)
    refused = organisation(*verify, "--password-file", "password", "--json", code=10).json
    assert refused["verdict"] in ("altered", "unknown")


@SQLITE
def test_every_byte_of_a_protected_pdf_counts(organisation):
    from ancadmin.writers.protected_pdf import opens, protected, same_under

    issue(organisation, "--branch", "EKU002", "-o", "paper.pdf")
    organisation("export", "reprint", serial_in("paper.pdf"), "-o", "plain.pdf")
    plain, shown = Path("plain.pdf").read_bytes(), Path("paper.pdf").read_bytes()
    assert same_under(shown, PASSWORD, plain)
    assert not same_under(shown, PASSWORD + "x", plain)
    for at in [*range(0, len(shown), 211), *range(len(shown) - 1200, len(shown), 7)]:
        flipped = bytearray(shown)
        flipped[at] ^= 1
        assert not same_under(bytes(flipped), PASSWORD, plain), at
    twice = protected(plain, PASSWORD), protected(plain, PASSWORD)
    assert twice[0] != twice[1], "another key each time"
    assert all(opens(one, PASSWORD) and not opens(one, "vier woorde") for one in twice)


def serial_in(path):
    reader = PdfReader(path)
    reader.decrypt(PASSWORD.encode())
    return reader.metadata["/Title"].removeprefix("Attendance register ")


@SQLITE
def test_an_altered_paper_under_the_password_is_told_where(organisation):
    from pypdf import PdfWriter

    issue(organisation, "--branch", "EKU001", "-o", "paper.pdf")
    reader = PdfReader("paper.pdf")
    reader.decrypt(PASSWORD.encode())
    writer = PdfWriter(clone_from=reader)
    writer.add_blank_page()
    writer.encrypt(PASSWORD, algorithm="AES-256")
    writer.write("more.pdf")
    found = organisation("export", "verify", "more.pdf", "--password-file", "password", "--json", code=10).json
    assert (found["verdict"], found["protected"]) == ("altered", True)
    assert [one["where"] for one in found["differences"]] == ["page 2"]


def many(office, command, *words):
    return office("export", *command, "--region", "EKU", *words, "--json").json


@SQLITE
@pytest.mark.parametrize(
    "command",
    [
        ("attendance-register", *DAYS, "--as", "pdf"),
        ("branch-list", "--on", CUT_OFF, "--as", "xlsx"),
        ("branch-health", "--on", CUT_OFF),
    ],
    ids=lambda command: " ".join(command[:1] + command[-1:]),
)
def test_a_run_carried_on_leaves_what_is_whole_under_the_same_password_alone(organisation, command):
    locked = ("-o", "papers", "--password-file", "password")
    first = many(organisation, command, *locked)
    files = [one["file"] for one in first["papers"]]
    rows = {row["file"]: row for row in csv.DictReader(io.StringIO(Path("papers/manifest.csv").read_text()))}
    for file in files:
        assert rows[Path(file).relative_to("papers").as_posix()]["hash"] == sha256(file)
        assert under(file) is not None
    before = {file: sha256(file) for file in files}
    Path(files[1]).write_bytes(b"cut off")
    many(organisation, command, *locked)
    assert {file: sha256(file) == before[file] for file in files} == {file: file != files[1] for file in files}
    assert under(files[1]) is not None
    put_password("other", "some other password")
    many(organisation, command, "-o", "papers", "--password-file", "other")
    assert [under(file, "some other password") is not None for file in files] == [True] * len(files)
    many(organisation, command, "-o", "papers")
    assert b"/Encrypt" not in Path(files[0]).read_bytes()
    assert not Path(files[0]).read_bytes().startswith(b"\xd0\xcf")


@SQLITE
@pytest.mark.parametrize(
    ("text", "mode", "said"),
    [
        (PASSWORD, 0o644, "others may read this password (mode 0644)"),
        (PASSWORD, 0o660, "others may read"),
        ("seven77", 0o600, "fewer than 8"),
        ("\nin the second line", 0o600, "fewer than 8"),
        (" begins with a space", 0o600, "a space"),
        ("with\ttab in it", 0o600, "nobody can type it"),
        ("long" * 40, 0o600, "longer than 127 bytes"),
        ("half of it: ½", 0o600, "not every program reads alike"),
        (None, 0o600, "cannot be read"),
    ],
)
def test_a_password_file_that_cannot_serve_is_refused_without_saying_it(organisation, text, mode, said):
    if text is None:
        Path("password").unlink()
    else:
        put_password("password", text, mode)
    words = ("--branch", "EKU001", "-o", "paper.pdf", "--password-file", "password")
    refused = organisation("export", "branch-list", *words, code=3)
    assert said in refused.err
    if said.startswith("others"):
        assert "chmod 600 password" in refused.err
    assert text is None or text.strip() not in refused.err + refused.out
    assert not Path("paper.pdf").exists()


@FORMS
@SQLITE
def test_an_accent_that_is_a_sign_of_its_own_in_the_file_is_the_letter_people_type(organisation, form):
    put_password("password", "goe\N{COMBINING DIAERESIS}d en wel")
    issue(organisation, "--branch", "EKU001", "-o", f"paper.{form}")
    assert under(f"paper.{form}", "goëd en wel") is not None
    organisation("export", "verify", f"paper.{form}", "--password-file", "password")


@SQLITE
def test_the_password_is_in_no_trail_and_no_batch(organisation):
    issue(organisation, "--branch", "EKU001", "-o", "paper.pdf", "--for", "Cde Nkosi, regional secretary")
    for words in (("audit", "log", "--reads"), ("audit", "log"), ("batch", "list")):
        assert PASSWORD not in organisation(*words, "--json").out
    rows = organisation("audit", "log", "--reads", "--json").json
    asked = next(row["detail"] for row in rows if row["action"] == "export attendance-register")
    assert (asked["for"], asked["protected"], asked["to"]) == ("Cde Nkosi, regional secretary", True, "paper.pdf")
    left = next(row["detail"] for row in rows if row["action"] == "papers left")
    assert left["sha256"] == [sha256("paper.pdf")]
    assert (left["by"], left["place"], left["files"], left["members"]) == ("export attendance-register", "EKU001", 1, 4)
    assert (left["for"], left["protected"]) == ("Cde Nkosi, regional secretary", True)
    assert json.dumps(rows).count("8001015000") == 0


@SQLITE
def test_for_whom_names_somebody_and_no_id_number(organisation):
    words = ("export", "branch-list", "--branch", "EKU001", "-o", "list.pdf", "--for")
    assert "--for names nobody" in organisation(*words, " ", code=2).err
    organisation(*words, "Nkosi 8001015009087")
    told = organisation("audit", "log", "--reads", "--json").out
    assert "Nkosi 800101****087" in told
    assert "8001015009087" not in told


@SQLITE
def test_a_file_named_after_an_id_number_puts_none_into_the_trail(organisation):
    organisation("export", "branch-list", "--branch", "EKU001", "-o", "8001015009087.pdf")
    organisation("export", "verify", "8001015009087.pdf", code=10)
    told = organisation("audit", "log", "--reads", "--json").out
    assert told.count("800101****087.pdf") == 3
    assert "8001015009087" not in told
