"""Membership cards from the register: one, or a file a branch; and what a card's code is worth later."""

import csv
import hashlib
import io
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import insert, select, update
from tests.services.export.records import decide, pay, session_of
from tests.services.export.records import set_up as put_on_record
from tests.services.register.making import number

from ancadmin.db.access import access_reader
from ancadmin.db.schema import access_event, allocation, batch, change, member
from ancadmin.domain.roles import Role
from ancadmin.services.export.cards.verify import CardVerdict, is_card_code, verify_code
from ancadmin.services.standing.settle import settle

DAY = "2020-03-31"
TSHIFHIWA, SIPHO, LERATO, NAIDOO, NEW = 1, 2, 5, 6, 20


def set_up(office):
    """The people of the records under numbers that can be typed, and one in probation since 2020-02-01."""
    put_on_record(office)
    with session_of(office.db).batch("test numbers") as now:
        for person in (TSHIFHIWA, SIPHO, LERATO, NAIDOO):
            change_of = update(member).where(member.c.id == person)
            now.connection.execute(change_of.values(id_number=number(person)))
        row = {"id": NEW, "id_number": number(NEW), "branch": "EKU001", "surname": "Zulu", "first_names": "Thandi"}
        rest = {"gender": "female", "born": "1990-01-01", "origin": "application", "batch": now.number}
        now.connection.execute(insert(member).values(**row, **rest))
    for kind, on in (("applied", "2020-01-10"), ("accepted", "2020-01-20")):
        decide(office, NEW, kind, on)
    pay(office, NEW, ("2020-02-01", 2000))


@pytest.fixture
def organisation(office, monkeypatch):
    office.after(set_up)
    monkeypatch.chdir(office.folder)
    return office


def card(office, *words, code=0):
    return office("export", "card", *words, "--json", code=code)


def one(office, person, *words, on=DAY, code=0):
    return card(office, number(person), "--on", on, "-o", "card.pdf", *words, code=code)


def text_of(path):
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def test_a_full_card_is_valid_until_the_last_day_paid_for(organisation):
    told = one(organisation, TSHIFHIWA).json
    assert (told["kind"], told["valid_until"], told["on"]) == ("full", "2020-12-14", DAY)
    text = text_of("card.pdf")
    for part in ("FULL MEMBER", "Tshifhiwa Ṱhavhana", "Tembisa (EKU001)", "Ekurhuleni", "2020-12-14", told["code"]):
        assert part in text, part
    assert number(TSHIFHIWA) not in text
    assert f"{number(TSHIFHIWA)[:6]}****{number(TSHIFHIWA)[10:]}" in text
    assert hashlib.sha256(Path("card.pdf").read_bytes()).hexdigest() == told["file_hash"]


def test_a_provisional_card_is_valid_until_the_last_day_of_probation(organisation):
    told = one(organisation, NEW).json
    assert (told["kind"], told["valid_until"]) == ("provisional", "2020-07-31")
    assert "PROVISIONAL MEMBER" in text_of("card.pdf")


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_number_stands_in_full_only_when_asked_and_the_trail_says_so(organisation):
    one(organisation, TSHIFHIWA, "--full-ids")
    assert number(TSHIFHIWA) in text_of("card.pdf")
    session = session_of(organisation.db)
    with session.reading("test") as connection, access_reader(session.store, connection) as trail:
        (told,) = [row.detail for row in trail.execute(select(access_event)) if row.action == "export card"]
    assert '"full_ids":true' in told.replace(" ", "")
    assert f'"member":{TSHIFHIWA}' in told.replace(" ", "")
    assert "card.pdf" in told
    assert number(TSHIFHIWA) not in told


@pytest.mark.parametrize("engine", ["sqlite"])
def test_whoever_has_no_card_is_told_why(organisation):
    assert "in grace" in one(organisation, LERATO, code=3).err
    refused = one(organisation, NAIDOO, code=3).err
    assert "not in good standing" in refused
    assert "statement-of-dues" in refused
    decide(organisation, TSHIFHIWA, "expelled", DAY)
    assert "expelled" in one(organisation, TSHIFHIWA, code=3).err
    assert "nobody is listed" in one(organisation, SIPHO, on="2014-12-31", code=3).err
    assert not Path("card.pdf").exists()


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_cannot_be_is_refused_kindly(organisation):
    assert "no workbook" in card(organisation, number(SIPHO), "--as", "xlsx", code=2).err
    assert "no workbook" in card(organisation, "--branch", "EKU001", "-o", "cards.xlsx", code=2).err
    assert "not come yet" in card(organisation, number(SIPHO), "--on", "2099-01-01", code=2).err
    assert "whose cards is not clear" in card(organisation, code=2).err
    assert "whose cards is not clear" in card(organisation, number(SIPHO), "--branch", "EKU001", code=2).err
    assert "--branch CODE" in card(organisation, "--branch", "EKU001", "--region", "EKU", code=2).err


def test_a_branch_is_a_file_of_its_members_in_order(organisation):
    told = card(organisation, "--branch", "EKU001", "--on", DAY).json
    assert (told["cards"], told["full"], told["provisional"]) == (5, 4, 1)
    assert told["file"] == f"membership-cards-EKU001-{DAY}.pdf"
    text = text_of(told["file"])
    order = [text.index(name) for name in ("@SUM(A1)", "Coetzée", "thabethe", "Ṱhavhana", "Zulu")]
    assert order == sorted(order)
    own = one(organisation, TSHIFHIWA).json["code"]
    assert own in text, "a card says the same wherever it is printed"


def test_many_under_a_folder_are_carried_on(organisation):
    told = card(organisation, "--all", "--on", DAY, "-o", "cards").json
    assert (told["files"], told["new"], told["cards"]) == (4, 4, 8)
    before = {path: path.read_bytes() for path in Path("cards").rglob("*.pdf")}
    Path("cards/GP/EKU/EKU001.pdf").write_bytes(b"half")
    assert card(organisation, "--all", "--on", DAY, "-o", "cards").json["new"] == 1
    assert {path: path.read_bytes() for path in Path("cards").rglob("*.pdf")} == before
    rows = list(csv.DictReader(io.StringIO(Path("cards/manifest.csv").read_text())))
    assert [(row["branch"], row["cards"]) for row in rows] == [
        ("EKU001", "5"), ("EKU002", "2"), ("TSH001", "1"), ("VHE001", "0"),
    ]  # fmt: skip
    for row in rows:
        assert hashlib.sha256(Path("cards", row["file"]).read_bytes()).hexdigest() == row["hash"]


# What codes are worth: cards of today, as they are made.


def today(office) -> str:
    return session_of(office.db).today.isoformat()


def paid_up(office, person=TSHIFHIWA):
    """In good standing today; the code of the card."""
    pay(office, person, (today(office), 20_000))
    return one(office, person, on=today(office)).json["code"]


def verdict(office, code):
    return verify_code(session_of(office.db), code)


def test_a_card_is_genuine_masked_and_in_full(organisation):
    code = paid_up(organisation)
    full = one(organisation, TSHIFHIWA, "--full-ids", on=today(organisation)).json["code"]
    assert code != full
    for typed in (code, full, code.lower(), code.replace("0", "O").replace("1", "l")):
        assert is_card_code(typed), typed
        found = verdict(organisation, typed)
        assert (found.verdict, found.member, found.kind) == (CardVerdict.GENUINE, TSHIFHIWA, "full")
        assert found.status == "good_standing"


def test_a_card_of_somebody_who_died_or_was_expelled_since_is_over(organisation):
    code = one(organisation, SIPHO).json["code"]
    decide(organisation, SIPHO, "deceased", "2020-06-01")
    found = verdict(organisation, code)
    assert (found.verdict, found.status) == (CardVerdict.OVER, "deceased")
    assert "deceased by now" in found.why


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_card_whose_last_day_is_past_is_over(organisation):
    found = verdict(organisation, one(organisation, SIPHO).json["code"])
    assert (found.verdict, found.why) == (CardVerdict.OVER, "as the register says, but it was valid until 2020-12-14")


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_was_never_said_is_unknown(organisation):
    code = paid_up(organisation)
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    other_day = code.replace(today(organisation).replace("-", ""), "20200331")
    nobody = code.replace("MC-1-", "MC-999-")
    ahead = code.replace(today(organisation).replace("-", ""), "20990101")
    for text in (wrong, other_day, nobody, ahead):
        assert text != code
        found = verdict(organisation, text)
        assert (found.verdict, found.member, found.name) == (CardVerdict.UNKNOWN, None, None), text


def moved_back(office, day: str):
    """The batches so far are of an earlier day: what comes now was not known on it."""
    with session_of(office.db).store.write() as connection:
        connection.execute(update(batch).values(started_at=f"{day}T08:00:00Z"))


def change_name(office):
    with session_of(office.db).batch("test correction") as now:
        now.connection.execute(update(member).where(member.c.id == TSHIFHIWA).values(surname="Muḓau"))
        fields = {"table_name": "member", "key": str(TSHIFHIWA), "field": "surname"}
        now.connection.execute(insert(change).values(**fields, old="Ṱhavhana", new="Muḓau", batch=now.number))


def reverse_payment(office):
    with session_of(office.db).batch("test reversal") as now:
        now.connection.execute(update(allocation).values(reversed_by=now.number))
        settle(now, select(member.c.id))


def expel_from_before(office):
    decide(office, TSHIFHIWA, "expelled", "2020-03-30")


@pytest.mark.parametrize(
    ("what", "differs", "said"),
    [
        (change_name, ("surname",), "the register says otherwise by now: surname"),
        (reverse_payment, ("valid_until",), "valid until"),
        (expel_from_before, ("kind",), "no card for that day any more"),
    ],
)
def test_a_card_the_register_would_write_otherwise_by_now_says_in_what(organisation, what, differs, said):
    """As it was known on its own day it was right: it is told apart from what was made up."""
    pay(organisation, TSHIFHIWA, ("2020-03-01", 2000))
    code = one(organisation, TSHIFHIWA).json["code"]
    moved_back(organisation, "2020-03-20")
    what(organisation)
    found = verdict(organisation, code)
    assert (found.verdict, found.differs, found.member) == (CardVerdict.DIFFERS, differs, TSHIFHIWA)
    assert said in found.why
    assert found.name == "Tshifhiwa Ṱhavhana"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_is_recorded_on_the_day_after_a_card_was_printed_makes_it_no_forgery(organisation):
    code = paid_up(organisation)
    moved_back(organisation, "2020-03-20")
    change_name(organisation)
    found = verdict(organisation, code)
    assert (found.verdict, found.differs) == (CardVerdict.DIFFERS, ("surname",))


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_transfer_after_its_day_leaves_a_card_as_it_was(organisation):
    code = one(organisation, TSHIFHIWA).json["code"]
    moved = (number(TSHIFHIWA), "--to", "TSH001", "--on", "2020-05-01", "--why", "moved house")
    organisation("member", "transfer", *moved)
    found = verdict(organisation, code)
    assert (found.verdict, found.branch) == (CardVerdict.OVER, "EKU001"), "the branch of the day of the card"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_who_does_not_reach_the_member_learns_the_verdict_alone(organisation):
    code = one(organisation, SIPHO).json["code"]
    near = session_of(organisation.db)
    far = replace(near, roles=((Role.BRANCH_SECRETARY, "VHE001"),))
    assert verify_code(near, code).name == "Sipho thabethe"
    found = verify_code(far, code)
    assert found.verdict is CardVerdict.OVER
    assert (found.name, found.member, found.status, found.branch) == (None,) * 4
    assert "not valid any more" in found.why


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_card_of_a_record_merged_into_another_says_so(organisation):
    code = one(organisation, SIPHO).json["code"]
    moved_back(organisation, "2020-03-20")
    organisation("member", "merge", number(TSHIFHIWA), number(SIPHO), "--why", "one person")
    found = verdict(organisation, code)
    assert (found.verdict, found.member, found.name) == (CardVerdict.DIFFERS, SIPHO, "Sipho thabethe")
    assert found.differs[0] == "member"
    assert one(organisation, SIPHO).json["code"].startswith(f"MC-{TSHIFHIWA}-"), "its card is the kept record's"
