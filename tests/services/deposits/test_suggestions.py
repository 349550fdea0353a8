"""docs/rules.md, section 4.2: rungs 6 to 8, whom a deposit may be meant for that names nobody plainly."""

import re

import pytest
from tests.services.deposits.working import (
    MOKOENA,
    NAIDOO,
    deposits,
    holds,
    match,
    numbered,
    register,
    session,
    statement,
    take_in,
    undo,
)

from ancadmin.db.schema import suggestion
from ancadmin.domain.id_numbers import check_digit_holds

DAY = "2020-03-06"
WHY = ("--why", "The paper was looked at")


def sound(first_twelve):
    """The number with its check digit."""
    return next(first_twelve + digit for digit in "0123456789" if check_digit_holds(first_twelve + digit))


def paid(office, *narratives, name="statement.csv", cents=2000, day=DAY):
    """Deposits with these narratives taken in and matched: the answer, and the rows by narrative."""
    take_in(office, statement(office, name, [(day, cents, text) for text in narratives]))
    answer = match(office)
    return answer, {row["narrative"]: row for row in deposits(office)}


def _neighbours(read):
    """Numbers that differ from this one in one digit of the sequence, and are sound."""
    changed = (read[:at] + digit + read[at + 1 :] for at in range(7, 10) for digit in "0123456789")
    return sorted({number for number in changed if number != read and check_digit_holds(number)})


def whom(row):
    """The reason and the numbers suggested, the likeliest first."""
    return row["reason"], [one["id_number"] for one in row["members"]]


def test_a_suggestion_has_a_score_and_says_why_and_credits_nothing(office):
    register(office, [{"id_number": MOKOENA}, {"id_number": NAIDOO, "surname": "Naidoo", "first_names": "Priya"}])
    wrong = MOKOENA[:8] + "1" + MOKOENA[9:]
    answer, found = paid(office, wrong, "7501151324085 P NAIDOO BRANCH 79700012")
    assert (answer["suggested"], answer["matched"], answer["matched_cents"]) == (2, 0, 0)
    assert answer["reasons"] == {"near_miss": 2}
    assert whom(found[wrong]) == ("near_miss", [MOKOENA])
    assert found[wrong]["state"] == "suggested"
    assert found[wrong]["evidence"] == [["digit 9 is 1, the number on record has 0", "the amount is one fee"]]
    (one,) = found[wrong]["members"]
    (other,) = found["7501151324085 P NAIDOO BRANCH 79700012"]["members"]
    assert one["cents"] == other["cents"] == 0
    assert 0.5 < one["score"] < other["score"] < 1
    assert found["7501151324085 P NAIDOO BRANCH 79700012"]["evidence"] == [
        [
            "digits 8 and 9 are swapped",
            "the surname Naidoo is in the text, with the initials",
            "branch 79700012 is in the text, the member's own",
            "the amount is one fee",
        ]
    ]
    assert [row["unallocated_cents"] for row in deposits(office)] == [2000, 2000]
    assert holds(office)
    table = office("deposits", "list", "--state", "suggested").out
    assert f"{one['score']:.2f}" in table
    assert MOKOENA not in table


def test_equal_candidates_stand_side_by_side_in_the_order_of_their_numbers(office):
    read, near = next(
        (read, near) for tail in range(10_000) if len(near := _neighbours(read := f"8001015{tail:04d}80")) > 1
    )
    register(office, [{"id_number": number} for number in near])
    _, found = paid(office, read)
    reason, numbers = whom(found[read])
    scores = [one["score"] for one in found[read]["members"]]
    assert reason == "near_miss"
    assert set(numbers) == set(near)
    assert [number for _, number in sorted(zip([-score for score in scores], numbers, strict=True))] == numbers
    assert sum(scores) < 1
    assert all(f"{len(near)} members may be meant" in said for said in found[read]["evidence"])


@pytest.mark.parametrize("engine", ["sqlite"])
def test_of_many_candidates_five_are_kept(office):
    same = [sound(f"80010{day}500908") for day in range(1, 8)]
    register(office, [{"id_number": number, "cell": "0790000009"} for number in same])
    _, found = paid(office, "0790000009")
    assert whom(found["0790000009"]) == ("phone", same[:5])
    assert len({one["score"] for one in found["0790000009"]["members"]}) == 1
    assert not re.search(r"\d{7}", str(found["0790000009"]["evidence"]))


@pytest.mark.parametrize("engine", ["sqlite"])
def test_who_was_dead_or_expelled_on_the_value_date_is_not_suggested(office):
    register(office, [{"id_number": MOKOENA, "status": "deceased", "status_on": DAY, "old_reference": "EKU000123"}])
    _, found = paid(office, "8001015019087", "EKU000123")
    assert [row["reason"] for row in found.values()] == ["no_match", "no_match"]
    _, found = paid(office, "8001015019087 X", name="before.csv", day="2020-03-05")
    assert whom(found["8001015019087 X"]) == ("near_miss", [MOKOENA])


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_old_reference_is_one_member_s_or_nobody_s(office):
    register(
        office,
        [
            {"id_number": MOKOENA, "old_reference": "BOJ 9001"},
            {"id_number": NAIDOO, "old_reference": "eku-77/5"},
            *({"id_number": sound(f"80010{day}500908"), "old_reference": "TWICE12"} for day in (2, 3)),
        ],
    )
    ways = ["BOJ9001", "boj 9001", "SUBS BOJ-9001 2020"]
    _, found = paid(office, *ways, "EKU775", "TWICE12", "BOJ9002")
    assert [whom(found[way]) for way in ways] == [("legacy_reference", [MOKOENA])] * 3
    assert whom(found["EKU775"]) == ("legacy_reference", [NAIDOO])
    assert found["EKU775"]["evidence"][0][0] == "the old reference eku-77/5 is in the text"
    assert found["EKU775"]["members"][0]["score"] >= 0.9
    assert [found[text]["reason"] for text in ("TWICE12", "BOJ9002")] == ["no_match", "no_match"]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_cell_number_is_found_however_it_is_written(office):
    register(office, [{"id_number": MOKOENA, "cell": "0790000009"}])
    ways = [
        "0790000009", "079 000 0009", "079-000-0009 SUBS", "+27790000009", "+27 (0)79 000 0009", "0027790000009",
        "27790000009", "790000009", "REF0790000009", "CELL:079.000.0009",
    ]  # fmt: skip
    others = ["0790000019", "10790000009", "07900000091", "0860000009"]
    _, found = paid(office, *ways, *others)
    assert {way: whom(found[way]) for way in ways} == dict.fromkeys(ways, ("phone", [MOKOENA]))
    assert [found[text]["reason"] for text in others] == ["no_match"] * 4


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_name_counts_where_it_is_the_only_one_of_the_branch_named(office):
    mokoenas = [
        {"id_number": MOKOENA, "first_names": "Lerato Anna", "branch": "63703001"},
        {"id_number": sound("800102500908"), "first_names": "Thabo", "branch": "63703001"},
        {"id_number": sound("800103500908"), "first_names": "Themba", "branch": "63703001"},
        {"id_number": NAIDOO, "surname": "van der Merwe", "first_names": "M.J.", "branch": "10501001"},
    ]
    register(office, mokoenas)
    one = ["L MOKOENA BRANCH 63703001", "MOKOENA LA 63703001", "LERATO MOKOENA BRANCH 63703001 SUBS"]
    other = ["MJ VAN DER MERWE BRANCH 10501001"]
    none = ["T MOKOENA BRANCH 63703001", "MOKOENA BRANCH 63703001", "X MOKOENA BRANCH 63703001", "L MOKOENA",
            "L MOKOENA BRANCH 79700012", "L MOKOENA BRANCH 99999999"]  # fmt: skip
    _, found = paid(office, *one, *other, *none)
    assert {text: whom(found[text]) for text in one} == dict.fromkeys(one, ("name", [MOKOENA]))
    assert whom(found[other[0]]) == ("name", [NAIDOO])
    assert {text: found[text]["reason"] for text in none} == dict.fromkeys(none, "no_match")


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_led_to_a_member_is_not_counted_twice(office):
    register(
        office,
        [
            {"id_number": MOKOENA, "first_names": "Lerato", "old_reference": "MOKOENA12"},
            {"id_number": NAIDOO, "surname": "Naidoo", "first_names": "Priya", "old_reference": "EKU000123"},
        ],
    )
    texts = ["L MOKOENA BRANCH 79700012", "LERATO MOKOENA BRANCH 79700012", "SUBS MOKOENA12", "SUBS EKU000123",
             "P NAIDOO EKU000123"]  # fmt: skip
    _, found = paid(office, *texts)
    scores = [found[text]["members"][0]["score"] for text in texts]
    # A name 4 or a reference 9, one fee 1.3: beyond the initials a first name counts, nothing else a second time.
    weights = [4 * 1.3, 4 * 1.3 * 20 / 15, 9 * 1.3, 9 * 1.3, 9 * 1.3 * 15]
    assert scores == [round(weight / (1 + weight), 2) for weight in weights]
    assert found[texts[0]]["evidence"][0][1:3] == [
        "the surname Mokoena is in the text, with the initials",
        "branch 79700012 is in the text, the member's own",
    ]
    assert found[texts[2]]["evidence"][0][1] == "the surname Mokoena is in the text"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_first_rung_that_holds_is_the_one(office):
    register(
        office, [{"id_number": MOKOENA, "old_reference": "EKU000123"}, {"id_number": NAIDOO, "cell": "0790000009"}]
    )
    _, found = paid(office, "EKU000123 0790000009", "8001015019087 0790000009", f"{NAIDOO} EKU000123")
    assert whom(found["EKU000123 0790000009"]) == ("legacy_reference", [MOKOENA])
    assert whom(found["8001015019087 0790000009"]) == ("near_miss", [MOKOENA])
    assert whom(found[f"{NAIDOO} EKU000123"]) == ("id_reference", [NAIDOO])


def test_what_is_owed_that_day_speaks_for_it(office):
    owing = {"id_number": MOKOENA, "last_payment_on": "2016-12-20", "last_payment": "20.00"}
    register(office, [owing])
    _, found = paid(office, "8001015019087", cents=8000)  # periods from 2017-12-20 on: three begun by that day
    assert found["8001015019087"]["evidence"][0][1] == "the amount is 4 fees"
    _, found = paid(office, "8001015019087 X", cents=6000, name="owed.csv")
    assert found["8001015019087 X"]["evidence"][0][1] == "the amount is 3 fees, what was owed that day"
    assert found["8001015019087 X"]["members"][0]["score"] > found["8001015019087"]["members"][0]["score"]
    _, found = paid(office, "8001015019087 Y", cents=1500, name="odd.csv")
    assert found["8001015019087 Y"]["evidence"][0][1] == "the amount is no number of fees of R20.00"


def test_an_applicant_is_suggested_and_one_merged_is_the_one_she_was_merged_into(office):
    register(office, [{"id_number": MOKOENA}, {"id_number": NAIDOO, "cell": "0790000009"}])
    young = sound("880101500908")
    office("member", "apply", young, "--surname", "Sithole", "--branch", "79700012", "--on", "2020-01-10", *WHY)
    office("member", "merge", MOKOENA, NAIDOO, *WHY)
    wrong = young[:8] + str((int(young[8]) + 1) % 10) + young[9:]
    _, found = paid(office, wrong, "7501151324085", "0790000009")
    assert whom(found[wrong]) == ("near_miss", [young])
    assert "not accepted yet" in found[wrong]["evidence"][0]
    assert whom(found["7501151324085"]) == ("near_miss", [MOKOENA])
    assert whom(found["0790000009"]) == ("phone", [MOKOENA])


def test_what_may_be_answered_otherwise_by_now_is_offered_again_and_what_may_not_is_left_alone(office):
    register(office, [{"id_number": NAIDOO}])
    paid(office, "8001015019087", "0790000009", "7501151324085")
    assert (match(office)["looked_at"], match(office)["offered_again"]) == (0, 0)
    batch = register(office, [{"id_number": MOKOENA}], "later.csv")["batch"]
    answer = match(office)
    assert (answer["looked_at"], answer["reasons"], answer["offered_again"]) == (1, {"near_miss": 1}, 3)
    office("member", "contact", MOKOENA, "--cell", "0790000009", *WHY)
    answer = match(office)
    assert (answer["looked_at"], answer["reasons"], answer["offered_again"]) == (1, {"phone": 1}, 3)
    before = deposits(office)
    assert match(office)["offered_again"] == 0
    office("member", "contact", NAIDOO, "--cell", "0820000009", *WHY)
    assert (match(office)["looked_at"], deposits(office)) == (0, before)
    assert undo(office, batch)["kept"] != []  # her cell number was changed since


def test_a_death_takes_a_suggestion_back_and_its_undo_brings_it_again(office):
    register(office, [{"id_number": MOKOENA}])
    paid(office, "8001015019087")
    died = office.write("hanis.csv", f"ID number,Date of death\n{MOKOENA},2020-03-01\n")
    deaths = office("member", "deceased", "import", died, "--json").json["batch"]
    assert match(office)["reasons"] == {"no_match": 1}
    assert whom(numbered(office, "8001015019087")) == ("no_match", [])
    undo(office, deaths)
    assert match(office)["reasons"] == {"near_miss": 1}


def test_an_undo_takes_suggestions_back_with_their_batch_and_with_their_member(office):
    batch = register(office, [{"id_number": MOKOENA}])["batch"]
    register(office, [{"id_number": NAIDOO}], "other.csv")
    first, _ = paid(office, "8001015019087", "7501151324085")
    undo(office, first["batch"])
    assert {row["state"] for row in deposits(office)} == {"open"}
    assert {len(row["members"]) for row in deposits(office)} == {0}
    assert match(office)["reasons"] == {"near_miss": 2}
    assert undo(office, batch)["kept"] == []
    assert numbered(office, "8001015019087")["state"] == "open"
    assert whom(numbered(office, "7501151324085")) == ("near_miss", [NAIDOO])
    answer = match(office)
    assert (answer["looked_at"], answer["reasons"]) == (1, {"no_match": 1})
    office("check")


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_officer_s_decision_taken_back_brings_the_suggestion_back(office):
    register(office, [{"id_number": MOKOENA}])
    paid(office, "8001015019087")
    decided = office("deposits", "allocate", 1, "--to", MOKOENA, *WHY, "--json").json["batch"]
    assert numbered(office, "8001015019087")["state"] == "matched"
    assert numbered(office, "8001015019087")["evidence"] == [[]]
    undo(office, decided)
    assert whom(numbered(office, "8001015019087")) == ("near_miss", [MOKOENA])
    assert holds(office)


def test_a_number_of_an_impossible_age_is_suggested_for_until_it_is_on_record(office):
    young = sound("031204093108")  # 16 then; with 09 read as 90 it is as sound
    swapped = young.replace("4093", "4903")
    register(office, [{"id_number": swapped, "joined_on": "2022-01-01"}])
    _, found = paid(office, young)
    assert whom(found[young]) == ("near_miss", [swapped])
    register(office, [{"id_number": young, "joined_on": "2022-01-01", "surname": "Other"}], "later.csv")
    assert match(office)["reasons"] == {"id_reference": 1}
    assert whom(numbered(office, young)) == ("id_reference", [young])
    assert match(office)["looked_at"] == 0


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_number_that_stands_alone_in_a_longer_string_of_digits_is_no_number_of_its_own(office):
    extra = next(
        long
        for digit in "0123456789"
        for at in range(6, 12)
        if check_digit_holds((long := MOKOENA[:at] + digit + MOKOENA[at:])[:13]) and long[10] <= "2"
    )
    register(office, [{"id_number": MOKOENA}])
    _, found = paid(office, extra, f"{extra[:13]} X")
    assert whom(found[extra]) == ("near_miss", [MOKOENA])
    assert whom(found[f"{extra[:13]} X"]) == ("id_not_registered", [])
    assert match(office)["looked_at"] == 0


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_dry_run_leaves_no_suggestion(office):
    register(office, [{"id_number": MOKOENA}])
    take_in(office, statement(office, "one.csv", [(DAY, 2000, "8001015019087")]))
    assert office("deposits", "match", "--dry-run", "--json").json["suggested"] == 1
    with session(office).reading("test") as connection:
        assert connection.execute(suggestion.select()).all() == []
