"""Two records of one person made one, and taken apart again: nothing is lost, and every cent stands somewhere once."""

import pytest
from tests.accounts import as_stranger, open_to_all
from tests.services.deposits.working import MOKOENA, NAIDOO, VAN_DER_MERWE, holds, match, register, statement, take_in
from tests.tamper import sql

WHY = ["--why", "both ID documents seen"]
MASKED = "800101****087"


def person(number, **more):
    return {"id_number": number, "surname": "Mokoena", "first_names": "Thabo", **more}


@pytest.fixture
def twice(office):
    """Someone on record twice, as MOKOENA and as NAIDOO, with money under each number and a suspension of the second;
    and somebody else. Batch 2 the places, 3 the register, 4 and 5 the deposits, 6 the suspension, 7 the sweep.
    """
    register(
        office,
        [
            person(MOKOENA, last_payment_on="2015-03-01", last_payment="20.00", joined_on="2014-01-01"),
            person(NAIDOO, last_payment_on="2016-05-01", last_payment="20.00", joined_on="2012-06-01"),
            person(VAN_DER_MERWE, surname="van der Merwe", last_payment_on="2016-05-01", last_payment="20.00"),
        ],
    )
    lines = [
        ("2017-01-10", 2000, f"FEE {MOKOENA}"),
        ("2017-06-10", 2000, f"FEE {NAIDOO}"),
        ("2018-02-10", 4000, f"FEE {NAIDOO}"),
        ("2010-02-10", 2000, f"FEE {NAIDOO}"),
        ("2018-03-10", 2000, f"FEE {VAN_DER_MERWE}"),
    ]
    take_in(office, statement(office, "one.csv", lines), account="A")
    match(office)
    words = ["--kind", "suspended", "--on", "2019-01-01", "--until", "2019-02-01", "--why", "x"]
    office("member", "discipline", NAIDOO, *words)
    office("sweep", "--on", "2020-01-01")
    return office


def merge(office, *words, code=0):
    return office("member", "merge", MOKOENA, NAIDOO, *WHY, *words, code=code)


def undo(office, number):
    return office("batch", "undo", number, "--json").json


def in_force(office):
    """Money by deposit and member, the decisions that hold, and whom deposits name."""
    return {
        "money": sql(
            office,
            "SELECT deposit, member, cents, value_date, reason FROM allocation "
            "WHERE reversed_by IS NULL ORDER BY deposit, member",
        ),
        "decisions": sql(
            office,
            "SELECT member, kind, begins_on, ends_on, why FROM decision WHERE reversed_by IS NULL ORDER BY 1, 2, 3",
        ),
        "named": sql(office, "SELECT id, member, state, reason, unallocated_cents FROM deposit ORDER BY id"),
        "members": sql(office, "SELECT * FROM member ORDER BY id"),
    }


def standing(office):
    columns = "member, listed_from, opening_on, first_day, money_cents, money_on, status, status_on"
    return sql(office, f"SELECT {columns} FROM standing ORDER BY member")


def clean(office):
    assert office("check").out == ""
    assert holds(office)
    assert office("sweep", "--on", "2020-01-01", "--verify", "--json").json["wrong"] == 0


def id_of(office, number):
    return sql(office, f"SELECT id FROM member WHERE id_number = '{number}'")[0][0]


def test_the_first_record_has_the_money_and_the_days_of_both(twice):
    answer = merge(twice, "--json").json
    assert (answer["kept"], answer["gone"]) == (MOKOENA, NAIDOO)
    assert (answer["allocations"], answer["cents"], answer["decisions"]) == (2, 6000, 1)
    assert sorted(answer["fields"]) == ["joined_on", "last_payment_on"]
    kept, gone = id_of(twice, MOKOENA), id_of(twice, NAIDOO)
    assert sql(twice, f"SELECT id FROM allocation WHERE member = {gone} AND reversed_by IS NULL") == []
    mine = sql(
        twice, f"SELECT value_date, cents FROM allocation WHERE member = {kept} AND reversed_by IS NULL ORDER BY 1"
    )
    assert mine == [("2017-01-10", 2000), ("2017-06-10", 2000), ("2018-02-10", 4000)]
    shown = twice("member", "show", MOKOENA, "--json").json
    assert (shown["joined_on"], shown["last_payment_on"], shown["merged_numbers"]) == (
        "2012-06-01",
        "2016-05-01",
        [NAIDOO],
    )
    # The opening covers to May 2017, and four fees four years more.
    assert (
        twice("member", "explain", MOKOENA, "--on", "2019-06-01", "--json").json["facts"]["paid_until"] == "2021-05-01"
    )
    assert twice("member", "explain", MOKOENA, "--on", "2019-01-15", "--json").json["status"] == "suspended"
    assert len(twice("member", "list", "--json").json) == 2
    clean(twice)


def test_the_other_number_finds_the_record_kept(twice):
    merge(twice)
    for verb in ("show", "explain", "history", "find"):
        answer = twice("member", verb, NAIDOO, "--json")
        assert "750115****085 was merged into member 800101****087 in batch 8" in answer.err, verb
    assert twice("member", "show", NAIDOO, "--json").json["id_number"] == MOKOENA
    (found,) = twice("member", "find", NAIDOO, "--json").json
    assert found["id_number"] == MOKOENA
    assert len(twice("member", "find", "Mokoena", "--json").json) == 1
    shown = twice("member", "show", NAIDOO)
    assert MOKOENA not in shown.out + shown.err
    assert NAIDOO not in shown.out + shown.err
    assert twice("member", "resign", NAIDOO, "--on", "2020-05-01", *WHY, "--json").json["id_number"] == MOKOENA
    refused = twice(
        "member", "apply", NAIDOO, "--surname", "Mokoena", "--branch", "79700012", "--on", "2020-06-01", *WHY, code=3
    )
    assert "is on record already" in refused.err


@pytest.mark.parametrize("engine", ["sqlite"])
def test_history_tells_the_merge_and_both_pasts(twice):
    merge(twice)
    events = twice("member", "history", MOKOENA, "--json").json
    told = [event["what"] for event in events]
    assert any("750115****085 merged into member 800101****087 (approved by" in what for what in told)
    assert any(what.startswith("under member 750115****085: register register.csv row 3: accepted") for what in told)
    assert any(what.startswith("under member 750115****085: decision 1: suspended") for what in told)
    assert any(what.startswith("under member 750115****085: status:") for what in told)
    assert "both ID documents seen" in {event["why"] for event in events}
    undo(twice, 8)
    assert any("taken apart again" in event["what"] for event in twice("member", "history", NAIDOO, "--json").json)


def test_undone_everything_is_as_it_was(twice):
    before, days = in_force(twice), standing(twice)
    merge(twice)
    assert in_force(twice) != before
    answer = undo(twice, 8)
    assert (answer["merges_undone"], answer["allocations_returned"], answer["kept"]) == (1, 2, [])
    assert in_force(twice) == before
    assert standing(twice) == days
    clean(twice)
    merge(twice)  # and again
    clean(twice)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_dry_run_merges_nothing(twice):
    before = in_force(twice)
    assert merge(twice, "-n", "--json").json["allocations"] == 2
    assert in_force(twice) == before


def test_deposits_under_the_other_number_are_the_kept_ones(twice):
    merge(twice)
    take_in(twice, statement(twice, "two.csv", [("2019-09-09", 2000, f"FEE {NAIDOO}")]), account="A")
    assert match(twice)["matched"] == 1
    kept = id_of(twice, MOKOENA)
    assert sql(twice, "SELECT member FROM allocation WHERE value_date = '2019-09-09'") == [(kept,)]
    clean(twice)
    # Which stands on the merge: it stays with the record kept until the matching is undone.
    answer = undo(twice, 8)
    (left,) = answer["kept"]
    assert "in batch 10: undo that first" in left["why"]
    assert left["id_number"] == MOKOENA
    clean(twice)
    undo(twice, 10)
    match(twice)
    money = sql(twice, "SELECT member FROM allocation WHERE value_date = '2019-09-09' AND reversed_by IS NULL")
    assert money == [(id_of(twice, NAIDOO),)]
    clean(twice)


def test_a_row_that_says_something_new_under_the_other_number_is_held_back(twice):
    merge(twice)
    again = twice("register", "import", twice.folder / "register.csv", "--json").json
    assert (again["unchanged"], again["quarantined"]) == (3, 0)
    line = f"ID Number,Surname,First Names,Branch Code\n{NAIDOO},Mokoena,Thabo Johannes,79700012\n"
    result = twice("register", "import", twice.write("new.csv", line), "--json").json
    assert result["problems"] == {"number_merged": 1}
    assert sql(twice, f"SELECT first_names FROM member WHERE id_number = '{NAIDOO}'") == [("Thabo",)]
    undo(twice, 8)
    assert twice("register", "import", twice.folder / "new.csv", "--json").json["updated"] == 1
    clean(twice)


def test_merged_on_and_on_every_number_finds_the_last(twice):
    merge(twice)
    before = in_force(twice)
    twice("member", "merge", VAN_DER_MERWE, MOKOENA, *WHY)
    assert twice("member", "show", NAIDOO, "--json").json["id_number"] == VAN_DER_MERWE
    shown = twice("member", "show", VAN_DER_MERWE, "--json").json
    assert sorted(shown["merged_numbers"]) == sorted([MOKOENA, NAIDOO])
    clean(twice)
    merged = in_force(twice)
    refused = twice("batch", "undo", 8, code=7)
    assert "the merge of batch 8 stays" in refused.err
    assert "went into member 200229****089 in batch 9" in refused.err
    assert "ancadmin batch undo 9" in refused.err
    assert in_force(twice) == merged
    undo(twice, 9)
    assert in_force(twice) == before
    clean(twice)
    assert undo(twice, 8)["kept"] == []
    clean(twice)
    assert sql(twice, "SELECT count(*) FROM standing") == [(3,)]


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("first", ["merge", "match"])
def test_undone_in_either_order_the_matching_leaves_nothing_credited(twice, first):
    merge(twice)
    for number in (8, 5) if first == "merge" else (5, 8):
        undo(twice, number)
        clean(twice)
    assert sql(twice, "SELECT count(*) FROM allocation WHERE reversed_by IS NULL") == [(0,)]
    assert sql(twice, "SELECT count(*) FROM deposit WHERE state <> 'open'") == [(0,)]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_officers_credit_to_the_gone_record_is_undone_wherever_it_went(twice):
    (deposit,) = sql(twice, "SELECT id FROM deposit WHERE value_date = '2010-02-10'")[0]
    given = twice("deposits", "allocate", deposit, "--to", NAIDOO, *WHY, "--json").json["batch"]
    before = in_force(twice)
    made = merge(twice, "--json").json["batch"]
    undo(twice, given)
    assert sql(twice, f"SELECT count(*) FROM allocation WHERE deposit = {deposit} AND reversed_by IS NULL") == [(0,)]
    assert sql(twice, f"SELECT state, unallocated_cents FROM deposit WHERE id = {deposit}") == [("unallocated", 2000)]
    clean(twice)
    undo(twice, made)
    assert [row for row in in_force(twice)["money"] if row[0] != deposit] == [
        row for row in before["money"] if row[0] != deposit
    ]
    clean(twice)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_reversal_undone_after_the_merge_credits_the_record_kept(twice):
    (deposit,) = sql(twice, "SELECT id FROM deposit WHERE value_date = '2017-06-10'")[0]
    taken = twice("deposits", "reverse", deposit, *WHY, "--json").json["batch"]
    merge(twice)
    undo(twice, taken)
    kept = id_of(twice, MOKOENA)
    assert sql(twice, f"SELECT member FROM allocation WHERE deposit = {deposit} AND reversed_by IS NULL") == [(kept,)]
    assert sql(twice, f"SELECT member FROM deposit WHERE id = {deposit}") == [(kept,)]
    clean(twice)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_decision_taken_back_holds_for_neither(twice):
    made = merge(twice, "--json").json["batch"]
    undo(twice, 6)
    assert twice("member", "explain", MOKOENA, "--on", "2019-01-15", "--json").json["status"] != "suspended"
    clean(twice)
    undo(twice, made)
    assert twice("member", "explain", NAIDOO, "--on", "2019-01-15", "--json").json["status"] != "suspended"
    clean(twice)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_register_of_merged_members_is_undone_only_after_the_merge(office):
    register(office, [person(MOKOENA), person(NAIDOO)])
    made = merge(office, "--json").json["batch"]
    kept = undo(office, 3)["kept"]
    assert [one["why"] for one in kept] == ["they were merged with another record"] * 2
    assert office("check").out == ""
    undo(office, made)
    assert undo(office, 3)["kept"] == []
    assert sql(office, "SELECT count(*) FROM member") == [(0,)]
    assert office("check").out == ""


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_cannot_be_merged_is_refused_with_a_remedy(twice):
    same = twice("member", "merge", MOKOENA, MOKOENA, *WHY, code=3)
    assert "both numbers are of one record" in same.err
    assert "reason is blank" in twice("member", "merge", MOKOENA, NAIDOO, "--why", " ", code=3).err
    merge(twice)
    for words in ((NAIDOO, VAN_DER_MERWE), (VAN_DER_MERWE, NAIDOO)):
        refused = twice("member", "merge", *words, *WHY, code=3)
        assert f"750115****085 is merged into member {MASKED} already" in refused.err
        assert MOKOENA not in refused.err
    undo(twice, 8)
    died = twice.write("deaths.csv", f"ID Number,Date of Death\n{NAIDOO},2019-05-05\n")
    twice("member", "deceased", "import", died)
    assert "on record as deceased" in merge(twice, code=3).err
    died = twice.write("deaths.csv", f"ID Number,Date of Death\n{MOKOENA},2019-05-05\n")
    twice("member", "deceased", "import", died)
    merge(twice)
    assert twice("member", "show", MOKOENA, "--json").json["status"] == "deceased"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_applicant_is_not_kept_in_the_place_of_a_member(twice):
    number = "6405064999084"
    words = ["--surname", "Mokoena", "--branch", "79700012", "--on", "2019-06-01"]
    twice("member", "apply", number, *words, *WHY)
    assert "the other way round" in twice("member", "merge", number, MOKOENA, *WHY, code=3).err
    assert twice("member", "merge", MOKOENA, number, *WHY, "--json").json["decisions"] == 0
    clean(twice)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_only_who_decides_about_both_branches_merges(twice):
    sql(twice, f"UPDATE member SET branch = '63703001' WHERE id_number = '{NAIDOO}'")
    twice("operator", "add", "nobody", "--name", "N", "--role", "membership_officer", "--place", "EKU")
    open_to_all(twice.folder)
    answer = as_stranger(twice, "member", "merge", MOKOENA, NAIDOO, *WHY)
    assert answer.code == 7
    assert "merge members of branch 63703001" in answer.err


def decided(office, number, *words):
    return office("member", "discipline", number, *words, "--why", "x", "--json").json["batch"]


def status(office, number, day):
    return office("member", "explain", number, "--on", day, "--json").json["status"]


def test_one_expulsion_of_two_undone_leaves_the_other(twice):
    first = decided(twice, MOKOENA, "--kind", "expelled", "--on", "2019-03-01")
    decided(twice, NAIDOO, "--kind", "expelled", "--on", "2019-04-01")
    merge(twice)
    undo(twice, first)
    assert status(twice, MOKOENA, "2019-05-01") == "expelled"
    clean(twice)


def test_a_long_suspension_is_not_lost_beside_a_short_one(twice):
    decided(twice, MOKOENA, "--kind", "suspended", "--on", "2019-03-01", "--until", "2019-04-01")
    decided(twice, NAIDOO, "--kind", "suspended", "--on", "2019-03-20", "--until", "2023-03-20")
    merge(twice)
    assert status(twice, MOKOENA, "2020-01-01") == "suspended"
    decided(twice, MOKOENA, "--lift", "2020-01-01")
    assert status(twice, MOKOENA, "2020-01-02") != "suspended"
    clean(twice)


def test_what_is_decided_while_they_are_one_is_named_when_they_are_not(twice):
    merged = merge(twice, "--json").json["batch"]
    later = decided(twice, NAIDOO, "--kind", "expelled", "--on", "2019-10-01")
    (kept,) = undo(twice, merged)["kept"]
    assert "expelled on 2019-10-01" in kept["what"]
    assert f"in batch {later}: undo that if it is of the other one" in kept["why"]


def test_a_payment_that_covers_nothing_does_not_replace_one_that_does(office):
    register(
        office,
        [
            person(MOKOENA, last_payment_on="2019-09-01", last_payment="20.00"),
            person(NAIDOO, last_payment_on="2019-10-01", last_payment="5.00"),
        ],
    )
    merge(office)
    assert status(office, MOKOENA, "2020-01-01") == "good_standing"


def test_one_not_accepted_does_not_swallow_one_accepted(office):
    register(office, [person(VAN_DER_MERWE, surname="van der Merwe")])
    branch = sql(office, "SELECT code FROM branch ORDER BY code")[0][0]
    for number, on in ((MOKOENA, "2018-01-01"), (NAIDOO, "2018-02-01")):
        words = ["--surname", "Mokoena", "--first-names", "Thabo", "--branch", branch, "--on", on]
        office("member", "apply", number, *words, "--why", "A form")
    office("member", "accept", NAIDOO, "--on", "2018-03-01", "--why", "Decided")
    office("member", "refuse", MOKOENA, "--on", "2018-03-05", "--why", "Decided")
    assert "the other way round" in merge(office, code=3).err
    office("member", "merge", NAIDOO, MOKOENA, *WHY)
    assert status(office, MOKOENA, "2018-04-01") == "awaiting_payment"
