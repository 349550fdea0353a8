"""An ID number found wrong is corrected: birth date and gender follow it, and the old one keeps finding the member."""

from dataclasses import replace

import pytest
from tests.clock import turned_by_hand
from tests.services.deposits.working import (
    MOKOENA,
    NAIDOO,
    VAN_DER_MERWE,
    deposits,
    match,
    register,
    session,
    statement,
    take_in,
    undo,
)
from tests.services.member.test_merge_registers import person
from tests.tamper import sql

from ancadmin.domain.roles import Role
from ancadmin.services.member.numbers.renumber import renumber_member

RIGHT, RIGHTER = "8002025009083", "8101015009085"
WOMAN = "8001010009082"
WHY = ["--why", "ID document seen"]


def as_registered(office):
    """Mokoena and Naidoo with a payment each; batches 2 and 3."""
    people = [person(MOKOENA, joined_on="2014-01-01"), person(NAIDOO, surname="Naidoo", joined_on="2014-01-01")]
    register(office, people)


@pytest.fixture
def begun(office):
    return office.after(as_registered)


def renumber(office, old, new, *words, code=0):
    return office("member", "renumber", old, new, *WHY, "--json", *words, code=code)


def record(office):
    return sql(office, "SELECT id_number, born, gender FROM member WHERE surname = 'Mokoena' AND origin = 'register'")[
        0
    ]


def clean(office):
    assert office("check").out == ""
    assert office("sweep", "--verify", "--json").json["wrong"] == 0


def test_the_record_has_the_new_number_and_both_find_it(begun):
    done = renumber(begun, MOKOENA, WOMAN).json
    assert (done["former_number"], done["id_number"], done["born"], done["gender"]) == (
        MOKOENA,
        WOMAN,
        "1980-01-01",
        "F",
    )
    for number in (MOKOENA, WOMAN):
        shown = begun("member", "show", number, "--json").json
        assert (shown["id_number"], shown["gender"], shown["former_numbers"]) == (WOMAN, "F", [MOKOENA])
        assert shown["merged_numbers"] == []
        assert [one["id_number"] for one in begun("member", "find", number, "--json").json] == [WOMAN]
    told = begun("member", "explain", MOKOENA).err
    assert "was corrected in batch 4; it leads to member 800101****082" in told
    assert {row["id_number"] for row in begun("member", "list", "--json").json} == {WOMAN, NAIDOO}
    clean(begun)


def test_deposits_under_either_number_are_the_members(begun):
    lines = [("2019-01-10", 2000, f"FEE {MOKOENA}"), ("2019-06-10", 2000, f"FEE {RIGHT}")]
    take_in(begun, statement(begun, "one.csv", lines), account="A")
    match(begun)
    assert [row["reason"] for row in deposits(begun)] == ["id_reference", "id_not_registered"]
    renumber(begun, MOKOENA, RIGHT)
    match(begun)
    more = [("2020-01-10", 2000, f"FEE {MOKOENA}"), ("2020-06-10", 2000, f"FEE {RIGHT}")]
    take_in(begun, statement(begun, "two.csv", more), account="A")
    match(begun)
    assert [[one["id_number"] for one in row["members"]] for row in deposits(begun)] == [[RIGHT]] * 4
    clean(begun)


def test_a_register_that_lists_the_old_number_still_is_about_the_member(begun):
    renumber(begun, MOKOENA, RIGHT)
    again = begun("register", "import", begun.folder / "register.csv", "--json").json
    assert (again["unchanged"], again["quarantined"]) == (2, 0)
    old, new = person(MOKOENA, joined_on="2014-01-01"), person(RIGHT, joined_on="2014-01-01")
    answer = register(begun, [old | {"cell": "0821234567"}, new | {"old_reference": "R7"}], "later.csv")
    assert (answer["updated"], answer["changed"]) == (2, {"cell": 1, "old_reference": 1})
    assert sql(begun, f"SELECT cell, old_reference FROM member WHERE id_number = '{RIGHT}'") == [("+27821234567", "R7")]
    assert sql(begun, "SELECT count(*) FROM member") == [(3,)]
    clean(begun)
    assert undo(begun, answer["batch"])["kept"] == []
    assert record(begun) == (RIGHT, "1980-02-02", "M")


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("8002025009084", "not an ID number: checksum"),
        ("8002035009083", "not an ID number: checksum"),
        (NAIDOO, "somebody is on record under the new number"),
        (MOKOENA, "has this ID number already"),
    ],
)
@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_cannot_be_the_number_is_refused(begun, new, said):
    assert said in renumber(begun, MOKOENA, new, code=3).err


def test_a_batch_takes_it_back_and_in_order_only(begun):
    before = sql(begun, "SELECT * FROM member ORDER BY id")
    first = renumber(begun, MOKOENA, RIGHT).json["batch"]
    assert f"batch undo {first}" in renumber(begun, RIGHT, MOKOENA, code=3).err
    second = renumber(begun, MOKOENA, RIGHTER).json["batch"]
    assert "the number was corrected again since" in undo(begun, first)["kept"][0]["why"]
    assert record(begun) == (RIGHTER, "1981-01-01", "M")
    assert undo(begun, second)["kept"] == []
    assert record(begun) == (RIGHT, "1980-02-02", "M")
    assert undo(begun, first)["kept"] == []
    assert sql(begun, "SELECT * FROM member ORDER BY id") == before
    clean(begun)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_stands_on_the_new_number_keeps_it(begun):
    number = renumber(begun, MOKOENA, RIGHT).json["batch"]
    take_in(begun, statement(begun, "one.csv", [("2020-06-10", 2000, f"FEE {RIGHT}")]), account="A")
    matched = match(begun)["batch"]
    kept = undo(begun, number)["kept"]
    assert [(one["why"], one["id_number"]) for one in kept] == [
        (f"a deposit came in under it since, in batch {matched}: undo that first", RIGHT)
    ]
    undo(begun, matched)
    assert undo(begun, number)["kept"] == []
    assert record(begun)[0] == MOKOENA
    listed = renumber(begun, MOKOENA, RIGHT).json["batch"]
    imported = register(begun, [person(RIGHT, joined_on="2014-01-01")], "new.csv")["batch"]
    assert f"a register lists the member since, in batch {imported}" in undo(begun, listed)["kept"][0]["why"]
    clean(begun)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_merged_since_every_number_leads_to_the_record_kept(begun):
    register(begun, [person(VAN_DER_MERWE, surname="van der Merwe", joined_on="2014-01-01")], "third.csv")
    number = renumber(begun, MOKOENA, RIGHT).json["batch"]
    merge = begun("member", "merge", VAN_DER_MERWE, MOKOENA, *WHY, "--json").json["batch"]
    for typed in (MOKOENA, RIGHT, VAN_DER_MERWE):
        assert begun("member", "show", typed, "--json").json["id_number"] == VAN_DER_MERWE
    clean(begun)
    assert "the record was merged into another since" in undo(begun, number)["kept"][0]["why"]
    assert undo(begun, merge)["kept"] == []
    assert begun("member", "show", MOKOENA, "--json").json["id_number"] == RIGHT
    assert undo(begun, number)["kept"] == []
    assert record(begun)[0] == MOKOENA
    clean(begun)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_import_that_brought_the_member_cannot_go_before_the_correction(begun):
    number = renumber(begun, MOKOENA, RIGHT).json["batch"]
    assert [one["why"] for one in undo(begun, 3)["kept"]] == ["their record was changed since"]
    clean(begun)
    undo(begun, number)
    undo(begun, 3)
    assert sql(begun, "SELECT count(*) FROM member") == [(0,)]


def test_as_known_before_the_correction_the_member_has_the_old_number(begun, monkeypatch):
    clock = turned_by_hand(monkeypatch)
    before = clock.today
    clock.turn(3)
    renumber(begun, MOKOENA, RIGHT)
    for typed in (MOKOENA, RIGHT):
        for known, number in ((before, MOKOENA), (clock.today, RIGHT)):
            told = begun("member", "explain", typed, "--known", known, "--json").json
            assert told["facts"]["id_number"] == number
    listed = begun("member", "list", "--known", before, "--json").json
    assert {row["id_number"] for row in listed} == {MOKOENA, NAIDOO}


def test_a_correction_that_was_undone_is_found_as_known_before(begun, monkeypatch):
    clock = turned_by_hand(monkeypatch)
    clock.turn(3)
    number, corrected = renumber(begun, MOKOENA, RIGHT).json["batch"], clock.today
    clock.turn(3)
    undo(begun, number)
    for known, was in ((corrected, RIGHT), (clock.today, MOKOENA)):
        for typed in (MOKOENA, RIGHT):
            told = begun("member", "explain", typed, "--known", known, "--json").json
            assert told["facts"]["id_number"] == was
    assert "nobody on record" in begun("member", "explain", RIGHT, code=3).err


def test_a_number_that_was_released_is_found_as_known_before(begun, monkeypatch):
    clock = turned_by_hand(monkeypatch)
    before = clock.today
    clock.turn(3)
    renumber(begun, MOKOENA, RIGHT, "--release")
    told = begun("member", "explain", MOKOENA, "--known", before, "--json").json
    assert told["facts"]["id_number"] == MOKOENA


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_a_secretary_asks_waits_for_an_officer_above(begun):
    someone = replace(session(begun), account="anna", sole_operator=False, roles=((Role.BRANCH_SECRETARY, "79700012"),))
    asked = renumber_member(someone, MOKOENA, RIGHT, why="ID document seen")
    assert (asked.waits, record(begun)[0]) == (True, MOKOENA)
    (waiting,) = begun("approvals", "list", "--json").json
    assert (waiting["kind"], waiting["senders"], waiting["receiver"]) == ("member renumber", [MOKOENA], RIGHT)
    assert RIGHT not in begun("approvals", "list").out
