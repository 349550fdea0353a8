"""People on record twice: who is offered, who is not, why, and how often that is right."""

import sys
from dataclasses import replace

import pytest
from benchmarks.truth import KINDS, scored, write_pile
from tests.services.deposits.working import session
from tests.services.register.making import file, imported, row, with_check_digit
from tests.tamper import sql

from ancadmin.domain.roles import Role
from ancadmin.errors import NotAllowed
from ancadmin.services.export.scope import Scope
from ancadmin.services.register.desk.deciding import two_people
from ancadmin.services.register.duplicates.search import find_duplicates

PLAIN = {"email": "", "joined_on": "", "last_payment_on": "", "last_payment_cents": "", "gender": ""}
KEPT, OFF, SWAPPED, SECOND = (with_check_digit(f"8001015{end}") for end in ("00908", "01908", "09008", "76508"))


def someone(id_number, surname="Sibanyoni", first_names="Thabo Johannes", **more):
    return row(id_number=id_number, surname=surname, first_names=first_names, **PLAIN) | more


def searched(office, *words):
    return office("register", "duplicates", *words, "--json").json


def numbers(rows):
    return [{one["member"]["id_number"], one["other"]["id_number"]} for one in rows]


def says(one):
    return {entry["field"]: entry["says"] for entry in one["evidence"]}


@pytest.mark.parametrize("engine", ["sqlite"])
def test_on_a_pile_whose_truth_is_known_it_is_nearly_always_right(office):
    pile = write_pile(office.folder, 5_000, seed=7)
    assert set(pile.truth.values()) == set(KINDS)
    office("db", "places", "import", pile.places)
    assert imported(office, pile.register)["quarantined"] == 0
    found = office.folder / "found.ndjson"
    office("register", "duplicates", "-o", found)
    score = scored(pile, found)
    assert score.true > 200
    assert score.precision >= 0.95
    assert score.recall >= 0.90
    assert min(score.by_kind.values()) >= 0.75


def test_a_number_with_a_digit_off_is_explained_field_by_field(placed):
    imported(placed, file(placed, someone(KEPT), someone(OFF, cell="")))
    answer = placed("register", "duplicates", "--json")
    (one,) = answer.json
    assert (one["member"]["id_number"], one["other"]["id_number"]) == (KEPT, OFF)
    assert one["member"]["surname"] == one["other"]["surname"] == "Sibanyoni"
    assert one["kind"] == "digit_off"
    assert 0.99 < one["score"] <= 1
    told = says(one)
    assert (told["number"], told["surname"], told["first_names"], told["cell"]) == (
        "nearly",
        "agree",
        "agree",
        "unknown",
    )
    for entry in one["evidence"]:
        assert entry["words"]
        assert ("likelier" in entry["worth"]) == (entry["bits"] >= 0.5)
    assert 'ancadmin member merge A B --why "..."' in answer.err
    kept = sql(placed, "SELECT kind, score, batch FROM duplicate")
    assert kept == [("digit_off", one["score"], 4)]
    assert placed("check").out == ""


def test_one_person_under_two_numbers(placed):
    imported(placed, file(placed, someone(KEPT), someone(SECOND, first_names="T J")))
    (one,) = searched(placed)
    assert (one["kind"], says(one)["first_names"]) == ("two_numbers", "nearly")


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    "other",
    [
        someone(OFF, first_names="Sipho"),  # twins: numbers next to each other
        someone(with_check_digit("550413521208")),  # a father, with all his names
        someone(with_check_digit("820304012308"), first_names="Nomsa"),  # a wife, with the same cell
        someone(SECOND, surname="Khumalo", first_names="Bheki", cell="0835550000", branch="10501001"),
    ],
    ids=["twins", "father and son", "family", "born on one day"],
)
def test_relatives_and_strangers_are_not_offered(placed, other):
    imported(placed, file(placed, someone(KEPT), other))
    assert searched(placed) == []


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_common_surname_proves_less_than_a_rare_one(placed):
    people = [
        someone(with_check_digit(f"{60 + place}0101{5100 + place * 7}08"), "Dlamini", f"Jabu{place}", cell="")
        for place in range(30)
    ]
    pairs = {"Dlamini": ("810505500108", "810505655008"), "Qwabe": ("820505500108", "820505655008")}
    for surname, both in pairs.items():
        people += [someone(with_check_digit(twelve), surname, "Themba", cell="") for twelve in both]
    imported(placed, file(placed, *people))
    worth = {
        one["member"]["surname"]: next(entry["bits"] for entry in one["evidence"] if entry["field"] == "surname")
        for one in searched(placed)
    }
    assert worth["Qwabe"] > worth["Dlamini"] + 3


def test_two_people_under_one_number_are_listed(placed):
    imported(placed, file(placed, someone(KEPT)))
    imported(placed, file(placed, someone(KEPT, surname="Naidoo", first_names="Priya"), name="two.csv"))
    answer = placed("register", "duplicates", "--json")
    (one,) = answer.json
    assert (one["kind"], one["score"], says(one)) == ("id_shared", 1.0, {"number": "agree", "surname": "differ"})
    assert (one["member"]["surname"], one["other"]["surname"]) == ("Sibanyoni", "Naidoo")
    assert (one["other"]["file"], one["other"]["row"], one["other"]["id_number"]) == ("two.csv", 2, KEPT)
    assert "ancadmin register quarantine" in answer.err
    placed("register", "duplicates", "--strict", code=10)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_two_rows_held_back_are_listed_beside_each_other(placed):
    imported(placed, file(placed, someone(KEPT), someone(KEPT, surname="Naidoo"), someone(KEPT, surname="Zulu")))
    assert [(one["member"]["row"], one["other"]["row"]) for one in searched(placed)] == [(2, 3), (2, 4)]


def listed(office):
    return sql(office, "SELECT member, other, kind, score, evidence, batch FROM duplicate ORDER BY member, other")


def test_every_search_takes_the_place_of_the_last_until_it_is_undone(placed):
    imported(placed, file(placed, someone(KEPT), someone(OFF)))
    assert len(searched(placed, "-n")) == 1
    assert listed(placed) == []
    lists, searches = [], []
    for least in ("0.9", "0.8", "0.999999"):
        searched(placed, "--score", least)
        lists.append(listed(placed))
        searches += sql(placed, "SELECT max(number) FROM batch")[0]
    first, second, third = searches
    assert [[one[-1] for one in found] for found in lists] == [[first], [second], []]
    assert placed("batch", "undo", third, "--json").json["pairs_restored"] == 1
    assert listed(placed) == lists[1]
    undone = placed("batch", "undo", second, "--json").json
    assert (undone["pairs_removed"], undone["pairs_restored"], undone["kept"]) == (1, 1, [])
    assert listed(placed) == lists[0]
    placed("batch", "undo", first)
    assert listed(placed) == []
    placed("check")


@pytest.mark.parametrize("engine", ["sqlite"])
def test_searches_are_undone_in_turn(placed):
    imported(placed, file(placed, someone(KEPT), someone(OFF)))
    searched(placed)
    first = listed(placed)
    searched(placed)
    second = listed(placed)
    named = {"what": "the pairs found by batch 4", "why": "batch 5 searched again since"}
    for number, kept, left in ((4, [named], second), (5, [], first), (4, [], [])):
        assert placed("batch", "undo", number, "--json").json["kept"] == kept
        assert listed(placed) == left


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_undone_search_puts_nobody_back_who_is_gone(placed):
    path = file(placed, someone(KEPT), someone(OFF))
    imported(placed, path)
    searched(placed)
    searched(placed)
    placed("batch", "undo", 3)
    imported(placed, path)  # the same members under the same numbers of our own
    placed("batch", "undo", 5)
    assert listed(placed) == []
    placed("check")


def test_what_an_officer_decided_is_not_offered_again(placed):
    imported(placed, file(placed, someone(KEPT), someone(OFF), someone(SECOND)))
    assert len(searched(placed)) == 3
    placed("member", "merge", KEPT, SECOND, "--why", "both ID documents seen")
    assert numbers(searched(placed)) == [{KEPT, OFF}]
    sql(
        placed,
        "INSERT INTO desk_decision (kind, subject, other, verdict, why, operator, decided_at, batch) "
        "SELECT 'duplicate', member, other, 'different', '', 'x', 'x', 3 FROM duplicate",
    )
    assert searched(placed) == []
    sql(placed, "UPDATE desk_decision SET reversed_by = 3")
    assert len(searched(placed)) == 1


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_import_undone_takes_its_pairs_along(placed):
    imported(placed, file(placed, someone(KEPT), someone(OFF)))
    searched(placed)
    assert placed("batch", "undo", 3, "--json").json["kept"] == []
    assert sql(placed, "SELECT count(*) FROM duplicate") == [(0,)]
    assert placed("check").out == ""


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_place_keeps_to_the_pairs_with_a_member_there(placed):
    at_paarl = {"surname": "Qwabe", "first_names": "Bheki", "branch": "10501001", "cell": ""}
    paarl = [someone(with_check_digit(f"550413612{end}08"), **at_paarl) for end in "34"]
    imported(placed, file(placed, someone(KEPT), someone(OFF, branch="79700013"), *paarl))
    assert len(searched(placed)) == 2
    assert numbers(searched(placed, "--branch", "79700013")) == [{KEPT, OFF}]
    assert len(searched(placed, "--region", "WIN")) == 1
    # A search of one place leaves what was found elsewhere.
    assert sql(placed, "SELECT count(*) FROM duplicate") == [(2,)]
    placed("register", "duplicates", "--region", "WIN", "--branch", "79700013", code=2)
    assert "no branch is on record there" in placed("register", "duplicates", "--branch", "x", code=3).err


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_officer_sees_only_pairs_of_members_within_reach(placed):
    imported(placed, file(placed, someone(KEPT), someone(OFF, branch="10501001")))

    def found_by(role, *held, scope=None):
        officer = replace(session(placed), roles=tuple((role, place) for place in held), sole_operator=False)
        return len(find_duplicates(officer, scope, 0.9).pairs)

    assert found_by(Role.MEMBERSHIP_OFFICER, "EKU") == 0
    assert found_by(Role.MEMBERSHIP_OFFICER, "EKU", "WIN") == 1
    assert found_by(Role.PROVINCIAL_OFFICER, "GP", "WC", scope=Scope(region="WIN")) == 1
    with pytest.raises(NotAllowed, match="look for duplicates in WIN"):
        found_by(Role.MEMBERSHIP_OFFICER, "EKU", scope=Scope(region="WIN"))
    with pytest.raises(NotAllowed, match="may not look for duplicates"):
        found_by(Role.CALL_CENTRE_AGENT, "national")


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_screen_masks_the_numbers(placed):
    imported(placed, file(placed, someone(KEPT), someone(OFF)))
    answer = placed("register", "duplicates")
    assert "800101****" in answer.out
    assert "a number with a digit off" in answer.out
    assert KEPT not in answer.out + answer.err
    assert OFF not in answer.out + answer.err


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_score_that_is_none_and_a_library_that_is_missing_are_said(placed, monkeypatch):
    assert "between 0 and 1" in placed("register", "duplicates", "--score", "1.5", code=2).err
    monkeypatch.setitem(sys.modules, "splink", None)
    refused = placed("register", "duplicates", code=4)
    assert 'pip install "ancadmin[duplicates]"' in refused.err
    assert sql(placed, "SELECT count(*) FROM batch") == [(2,)]


def test_who_comes_after_an_undone_import_is_offered_whatever_was_said_of_those_before(placed):
    path = file(placed, someone(KEPT), someone(OFF))
    imported(placed, path)
    searched(placed)
    ((pair,),) = sql(placed, "SELECT id FROM duplicate")
    two_people(session(placed), pair, why="both seen")
    assert searched(placed) == []
    assert placed("batch", "undo", 3, "--json").json["kept"] == []
    imported(placed, path)  # under the same numbers of our own
    assert numbers(searched(placed)) == [{KEPT, OFF}]
