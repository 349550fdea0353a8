"""A wrong ID number that is another person's is freed: it finds the corrected record no more, its person can apply."""

from dataclasses import replace

import pytest
from tests.services.deposits.working import (
    MOKOENA,
    NAIDOO,
    deposits,
    match,
    register,
    session,
    statement,
    take_in,
    undo,
)
from tests.services.member.test_merge_registers import person
from tests.services.member.test_renumber import RIGHT, RIGHTER, WHY, as_registered, clean, record, renumber
from tests.tamper import sql

from ancadmin.domain.roles import Role
from ancadmin.services.member.numbers.release import release_number


@pytest.fixture
def begun(office):
    return office.after(as_registered)


def release(office, number, *words, code=0):
    return office("member", "release", number, *WHY, "--json", *words, code=code)


def apply(office, number=MOKOENA, code=0):
    words = ["--surname", "Dlamini", "--branch", "79700012", "--on", "2020-01-05"]
    return office("member", "apply", number, *words, *WHY, "--json", code=code)


def accept(office, number=MOKOENA):
    return office("member", "accept", number, "--on", "2020-01-06", *WHY, "--json")


def freed_at_once(office):
    return renumber(office, MOKOENA, RIGHT, "--release").json["batch"]


def freed_later(office):
    renumber(office, MOKOENA, RIGHT)
    return release(office, MOKOENA).json["batch"]


@pytest.mark.parametrize("freed", [freed_at_once, freed_later])
def test_its_person_applies_and_what_is_paid_under_it_from_then_on_is_theirs(begun, freed):
    take_in(begun, statement(begun, "one.csv", [("2019-01-10", 2000, f"FEE {MOKOENA}")]), account="A")
    match(begun)
    number = freed(begun)
    assert "nobody on record" in begun("member", "show", MOKOENA, code=3).err
    assert begun("member", "show", RIGHT, "--json").json["former_numbers"] == []
    told = [one["what"] for one in begun("member", "history", RIGHT, "--json").json if one["batch"] == number]
    assert "former ID number 800101****087: released, it leads here no more" in told
    apply(begun)
    accept(begun)
    take_in(begun, statement(begun, "two.csv", [("2020-02-10", 2000, f"FEE {MOKOENA}")]), account="A")
    match(begun)
    assert [[one["id_number"] for one in row["members"]] for row in deposits(begun)] == [[RIGHT], [MOKOENA]]
    answer = register(begun, [person(RIGHT, joined_on="2014-01-01") | {"cell": "0821234567"}], "later.csv")
    assert (answer["updated"], answer["changed"]) == (1, {"cell": 1})
    clean(begun)


@pytest.mark.parametrize("freed", [freed_at_once, freed_later])
def test_an_undo_lets_it_lead_again_unless_it_is_somebodys(begun, freed):
    before = sql(begun, "SELECT * FROM member ORDER BY id")
    number = freed(begun)
    applied = apply(begun).json["batch"]
    kept = undo(begun, number)["kept"]
    assert {one["why"] for one in kept} <= {
        "somebody is on record under it since: undo that first",
        "the old number is somebody's since: undo that first",
    }
    assert kept
    assert record(begun)[0] == RIGHT
    assert begun("member", "show", MOKOENA, "--json").json["surname"] == "Dlamini"
    undo(begun, applied)
    assert undo(begun, number)["kept"] == []
    if freed is freed_later:
        assert begun("member", "show", MOKOENA, "--json").json["former_numbers"] == [MOKOENA]
        told = [one["what"] for one in begun("member", "history", RIGHT, "--json").json]
        assert told[-1] == "former ID number 800101****087: leads here again"
        undo(begun, number - 1)
    assert sql(begun, "SELECT * FROM member ORDER BY id") == before
    clean(begun)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_correction_stays_while_its_old_number_is_free(begun):
    number = freed_later(begun)
    assert undo(begun, number - 1)["kept"][0]["why"] == (
        f"the old number was released since, in batch {number}: undo that first"
    )
    assert record(begun)[0] == RIGHT
    second = renumber(begun, RIGHT, RIGHTER).json["batch"]
    assert undo(begun, number)["kept"] == []
    assert undo(begun, second)["kept"] == []
    assert undo(begun, number - 1)["kept"] == []
    assert record(begun)[0] == MOKOENA
    clean(begun)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_merged_and_taken_apart_since_it_leads_to_whom_it_should(begun):
    number = freed_later(begun)
    merged = begun("member", "merge", NAIDOO, RIGHT, *WHY, "--json").json["batch"]
    assert "its record was merged into another since" in undo(begun, number)["kept"][0]["why"]
    assert undo(begun, merged)["kept"] == []
    assert undo(begun, number)["kept"] == []
    assert begun("member", "show", MOKOENA, "--json").json["id_number"] == RIGHT
    clean(begun)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_merge_after_the_correction_is_taken_apart_though_the_number_was_released(begun):
    renumber(begun, MOKOENA, RIGHT)
    merged = begun("member", "merge", NAIDOO, RIGHT, *WHY, "--json").json["batch"]
    number = release(begun, MOKOENA).json["batch"]
    assert undo(begun, merged)["kept"] == []
    assert undo(begun, number)["kept"] == []
    assert begun("member", "show", MOKOENA, "--json").json["id_number"] == RIGHT
    clean(begun)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (MOKOENA, "has this number, it is no former one"),
        (RIGHT, "leads to nobody"),
        ("8001015009088", "not an ID number: checksum"),
    ],
)
@pytest.mark.parametrize("engine", ["sqlite"])
def test_only_a_former_number_is_released(begun, number, said):
    assert said in release(begun, number, code=3).err


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_a_secretary_asks_waits_for_an_officer_above(begun):
    renumber(begun, MOKOENA, RIGHT)
    anna = replace(session(begun), account="anna", sole_operator=False, roles=((Role.BRANCH_SECRETARY, "79700012"),))
    asked = release_number(anna, MOKOENA, why="ID document seen")
    assert asked.waits
    assert begun("member", "show", MOKOENA, "--json").json["former_numbers"] == [MOKOENA]
    (waiting,) = begun("approvals", "list", "--json").json
    assert (waiting["kind"], waiting["senders"]) == ("member release", [RIGHT])
    begun("operator", "add", "anna", "--name", "Anna", "--role", "branch_secretary", "--place", "79700012")
    begun("approvals", "approve", asked.request, *WHY)
    assert "nobody on record" in begun("member", "show", MOKOENA, code=3).err
    apply(begun)
    clean(begun)
