"""The sample is the same from the same seed, whole or in pieces, and damaged in exactly the ways it says."""

import csv
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ancadmin.domain.id_numbers import read_id_number
from ancadmin.policy import load_policy
from ancadmin.services.demo import national, plan, statements
from ancadmin.services.demo.damage import KINDS, Damage
from ancadmin.services.demo.generate import generate
from ancadmin.services.demo.people import People
from ancadmin.services.demo.plan import REGISTER_DAY, make_plan

COMMITTED = Path(__file__).parents[3] / "sample_data"


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample")
    generate(folder, truth=True)
    return folder


def test_the_committed_sample_is_what_the_generator_makes(sample):
    made = {path.name for path in sample.iterdir()}
    assert made == {path.name for path in COMMITTED.iterdir()} - {"README.md"}
    for name in made:
        assert _content(sample / name) == _content(COMMITTED / name), f"{name} is stale: run `make docs`"


def _content(path):
    if path.suffix != ".xlsx":
        return path.read_bytes()
    # Compressed bytes may differ between versions of zlib; what is compressed may not.
    with ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist()}


def test_everyone_has_an_id_number_of_their_own_that_reads_as_it_was_meant():
    people = People(make_plan(5000, 1), np.arange(5000))
    policy = load_policy()
    assert len(set(people.id_number.tolist())) == 5000
    births = set()
    for number, born, woman, joined in zip(people.id_number, people.born, people.woman, people.joined, strict=True):
        day = REGISTER_DAY if np.isnat(joined) else joined.item()
        reading = read_id_number(f"{number:013d}", day, policy)
        assert (reading.problem, reading.born, reading.gender) == (None, born.item(), "F" if woman else "M")
        births.add(reading.born.year // 10)
    assert births == set(range(192, 201)), "all ages, the births of 1920 to 1939 among them"


@settings(max_examples=30, deadline=None)
@given(
    members=st.integers(100, 200_000),
    seed=st.integers(0, 2**32),
    at=st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=20),
)
def test_any_row_can_be_made_without_the_others(members, seed, at):
    whole = make_plan(members, seed)
    rows = np.array([int(place * members) for place in at], dtype=np.int64)
    together, damage = People(whole, rows), Damage(People(whole, rows))
    for place, row in enumerate(rows.tolist()):
        alone = People(whole, np.array([row]))
        for column in ("id_number", "surname", "branch", "joined", "last_payment", "last_cents", "cell"):
            assert str(getattr(together, column)[place]) == str(getattr(alone, column)[0]), column
        assert damage.problems(place) == Damage(alone).problems(0)


def test_the_country_is_the_same_in_pieces_of_any_size(tmp_path, monkeypatch):
    monkeypatch.setattr(plan, "NATIONAL", 500)
    made = []
    for piece in (100_000, 333):
        monkeypatch.setattr(national, "PIECE", piece)
        monkeypatch.setattr(statements, "PIECE", piece)
        folder = tmp_path / str(piece)
        folder.mkdir()
        generate(folder, 2000, 7)
        made.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert set(made[0]) == {"places.csv", "register-national.csv", "statement-national.csv"}
    assert made[0] == made[1]


def test_each_damage_is_read_as_the_rules_say():
    people = People(make_plan(20_000, 3), np.arange(20_000))
    policy = load_policy()
    damage = Damage(people)
    seen = set()
    for place, written in damage.damaged().items():
        kind = KINDS[int(damage.kind[place])]
        reading = read_id_number(written, REGISTER_DAY, policy)
        assert (reading.problem or "") == kind.problem, (kind.name, written)
        if not kind.problem:
            assert reading.id_number == f"{int(damage.id_as_read[place]):013d}", (kind.name, written)
            if kind.repair and reading.repairs:
                assert kind.repair in reading.repairs, (kind.name, written)
        seen.add(kind.name)
    assert seen == {kind.name for kind in KINDS}, "at 20,000 members every kind of damage is there"


def test_who_shares_a_number_is_held_back_on_both_sides(sample):
    rows = list(csv.DictReader((sample / "truth-registers.csv").open(encoding="utf-8")))
    shared = [row for row in rows if "id_shared" in row["problems"].split()]
    assert len(shared) >= 10
    people = [int(row["person"]) for row in shared]
    assert all(person - 1 in people or person + 1 in people for person in people)


def test_the_registers_are_as_different_as_three_offices(sample):
    first = (sample / "register-1-inland.csv").read_bytes()
    lines = first.decode("cp1252").splitlines()
    assert lines[3].startswith("ID NO.;SURNAME;")
    assert any(line.startswith(";SUBTOTAL ") for line in lines)
    north = (sample / "register-3-north.csv").read_bytes()
    assert north.startswith(b"\xef\xbb\xbfIdentity Number,")
    assert "Muḓau" in north.decode("utf-8")
    from openpyxl import load_workbook

    book = load_workbook(sample / "register-2-kaap.xlsx")
    assert len(book.sheetnames) > 1
    sheet = book.worksheets[0]
    assert "A1:L1" in [str(merged) for merged in sheet.merged_cells.ranges]
    assert sheet["A3"].value == "Id_Nommer"
    kinds = {type(cell.value).__name__ for cell in sheet["A"][3:] if cell.value}
    assert kinds == {"int", "str"}, "ID numbers partly as numbers"
    assert {type(cell.value).__name__ for cell in sheet["J"][3:] if cell.value} >= {"datetime", "int", "str"}


def test_the_balances_of_every_statement_add_up(sample):
    history = (sample / "statement-1-fnb-history.csv").read_text(encoding="utf-8").splitlines()
    closing = _cents(history[4].split(", ")[1])
    lines = [line.split(", ", 3) for line in history[7:]]
    assert _cents(lines[0][2]) == closing, "newest first"
    balances = [_cents(line[2]) for line in lines]
    amounts = [_cents(line[1]) for line in lines]
    assert [newer - amount for newer, amount in zip(balances, amounts, strict=True)][:-1] == balances[1:]
    other = list(csv.DictReader((sample / "statement-3-other.csv").open(encoding="utf-8"), delimiter=";"))
    before = None
    for line in other:
        amount = _cents(line["Credit"] or "0.00") - _cents(line["Debit"] or "0.00")
        assert before is None or before + amount == _cents(line["Balance"])
        before = _cents(line["Balance"])
    # The days both statements cover are there twice, line for line.
    both = {(day.replace("/", "-"), balance, words) for day, _, balance, words in lines if day >= "2025/04/15"}
    assert both
    assert both <= {(line["Posting Date"], line["Balance"], line["Details"]) for line in other}


def _cents(text: str) -> int:
    return int(text.replace(".", ""))


def test_the_deposits_are_of_every_kind(sample):
    rows = list(csv.DictReader((sample / "truth-deposits.csv").open(encoding="utf-8")))
    assert len({(row["account"], row["account_row"]) for row in rows}) == 3000
    assert {row["kind"] for row in rows} == set(statements.KINDS)
    reasons = {row["reason"] for row in rows}
    assert reasons == {
        *("id_reference", "id_not_registered", "in_opening", "member_excluded", "no_match", "no_reference"),
        *("bulk_words", "several_ids", "bulk_amount", "debit", "near_miss", "phone", "name"),
    }
    first = [row for row in rows if row["file"] == "statement-1-fnb-history.csv"]
    twins = len(first) - len(
        {(row["value_date"], row["id_number"] or row["account_row"], row["kind"]) for row in first}
    )
    assert twins >= 3, "some lines are there twice, and are two payments"


def test_many_pay_at_one_terminal_on_one_day(sample):
    codes: dict[tuple[str, str], int] = {}
    for line in (sample / "statement-1-fnb-history.csv").read_text(encoding="utf-8").splitlines():
        day, _, narrative = line.partition(", ")
        if "ADT CASH DEPO " in narrative:
            code = narrative.split("ADT CASH DEPO ")[1][:8]
            codes[day, code] = codes.get((day, code), 0) + 1
    assert max(codes.values()) >= 5
