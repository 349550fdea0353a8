"""Standing as it was known on an earlier day: what counts from which moment, what is told, and to whom."""

from datetime import date, time, timedelta

import pytest
from tests.clock import turned_by_hand
from tests.services.deposits.working import MOKOENA, NAIDOO, NOBODY, match, register, statement, take_in
from tests.services.operator.test_roles import add, stranger  # noqa: F401 - a fixture

from ancadmin.policy import policy_text

WHY = ("--why", "as minuted")
PAID = {"last_payment_on": "2024-03-01", "last_payment": "20.00"}


@pytest.fixture
def clock(monkeypatch):
    return turned_by_hand(monkeypatch)


def explained(office, number, *words, code=0):
    return office("member", "explain", number, *words, "--json", code=code).json


def status(office, number, known, on="2025-06-01"):
    return explained(office, number, "--on", on, "--known", known)["status"]


def pay(office, number, day, name="one.csv"):
    take_in(office, statement(office, name, [(day, 2000, number)]), account="A")
    match(office)


def test_money_counts_from_the_batch_that_matched_it_to_the_one_that_took_it_back(office, clock):
    first = clock.turn(1)
    register(office, [{"id_number": MOKOENA, **PAID}])
    second = clock.turn(3)
    pay(office, MOKOENA, "2025-02-20")
    third = clock.turn(3)
    office("deposits", "reverse", 1, *WHY)
    fourth = clock.turn(3)
    office("batch", "undo", office("batch", "list", "--json").json[0]["batch"])
    clock.turn(3)
    assert [status(office, MOKOENA, day) for day in (first, second, third, fourth)] == [
        "not_in_good_standing",
        "good_standing",
        "not_in_good_standing",
        "good_standing",
    ]
    payments = {day: explained(office, MOKOENA, "--known", day)["facts"]["payments"] for day in (first, second, third)}
    assert payments[first] == []
    assert [one["why_not"] for one in payments[second]] == [None]
    assert [one["why_not"][:10] for one in payments[third]] == ["taken back"]


def test_a_batch_is_of_the_day_it_began_in_johannesburg(office, clock):
    clock.turn(1)
    register(office, [{"id_number": MOKOENA, **PAID}])
    before = clock.turn(2, time(23, 59))
    after = clock.turn(1, time(0, 1))
    assert clock.now.date() == before  # in Greenwich
    pay(office, MOKOENA, "2025-02-20")
    assert status(office, MOKOENA, before) == "not_in_good_standing"
    assert status(office, MOKOENA, after) == "good_standing"


def test_decisions_fields_and_merges_are_as_they_were(office, clock):
    first = clock.turn(1)
    register(office, [{"id_number": MOKOENA, **PAID}, {"id_number": NAIDOO, "joined_on": "2009-05-01"}])
    second = clock.turn(1)
    office("member", "discipline", MOKOENA, "--kind", "suspended", "--on", "2025-05-01", *WHY)
    third = clock.turn(1)
    office("member", "discipline", MOKOENA, "--lift", "2025-05-20", *WHY)
    register(office, [{"id_number": MOKOENA, "branch": "10501001", **PAID, "last_payment_on": "2025-01-15"}], "new.csv")
    clock.turn(1)
    office("member", "merge", MOKOENA, NAIDOO, *WHY)
    assert [status(office, MOKOENA, day) for day in (first, second, third)] == [
        "not_in_good_standing",
        "suspended",
        "good_standing",
    ]
    facts = {day: explained(office, MOKOENA, "--known", day)["facts"] for day in (second, third)}
    assert [facts[day]["branch"] for day in (second, third)] == ["79700012", "10501001"]
    assert facts[second]["opening"]["paid_on"] == "2024-03-01"
    other = explained(office, NAIDOO, "--known", third)["facts"]
    assert (other["id_number"], other["listed_from"], other["merged_numbers"]) == (NAIDOO, "2009-05-01", [])
    now = explained(office, NAIDOO)["facts"]
    assert (now["id_number"], now["listed_from"], now["merged_numbers"]) == (MOKOENA, "2009-05-01", [NAIDOO])
    listed = office("member", "list", "--known", first, "--branch", "79700012", "--json").json
    assert sorted(row["id_number"] for row in listed) == sorted([MOKOENA, NAIDOO])
    assert office("member", "list", "--known", clock.today, "--json").json == office("member", "list", "--json").json


def test_a_number_corrected_since_finds_who_had_it(office, clock):
    first = clock.turn(1)
    register(office, [{"id_number": MOKOENA, **PAID}, {"id_number": NAIDOO, "joined_on": "2009-05-01"}])
    second = clock.turn(1)
    office("member", "renumber", NAIDOO, NOBODY, *WHY)
    third = clock.turn(1)
    office("member", "merge", MOKOENA, NOBODY, *WHY)
    clock.turn(1)
    asked = {
        day: [explained(office, number, "--known", day)["facts"]["id_number"] for number in (NAIDOO, NOBODY)]
        for day in (first, second, third)
    }
    assert asked == {first: [NAIDOO, NAIDOO], second: [NOBODY, NOBODY], third: [MOKOENA, MOKOENA]}
    assert explained(office, NAIDOO, "--known", first)["facts"]["listed_from"] == "2009-05-01"


FIRST, SECOND, THIRD = "2025-05-01", "2025-07-01", "2025-03-01"


@pytest.mark.parametrize(
    ("undone", "left"), [((5, 4), [SECOND, FIRST]), ((4, 5), [THIRD, FIRST])], ids=["last first", "one between first"]
)
def test_an_entry_that_an_import_undone_since_had_corrected(office, clock, undone, left):
    days = []
    for begins_on in (FIRST, SECOND, THIRD):
        days.append(clock.turn(1))
        register(office, [{"id_number": MOKOENA, **PAID, "status": "expelled", "status_on": begins_on}], "any.csv")
    for number in undone:
        days.append(clock.turn(1))
        office("batch", "undo", number)
    clock.turn(1)
    entries = [explained(office, MOKOENA, "--known", day, "--on", "2025-08-01")["facts"]["decisions"] for day in days]
    assert [[one["begins_on"] for one in known] for known in entries] == [[on] for on in (FIRST, SECOND, THIRD, *left)]


def test_the_policy_in_force_then_holds(office, clock):
    known = clock.turn(1)
    covered = {"last_payment_on": str(known - timedelta(days=365 + 60)), "last_payment": "20.00"}  # over for 60 days
    register(office, [{"id_number": MOKOENA, **covered}])
    clock.turn(1)
    shorter = office.write("shorter.toml", policy_text(None).replace("grace_months = 3", "grace_months = 1"))
    office("--policy", shorter, "sweep")
    told = [
        office("--policy", shorter, "member", "explain", MOKOENA, "--on", known, *words, "--json").json["status"]
        for words in ([], ["--known", known])
    ]
    assert told == ["not_in_good_standing", "grace"]
    assert status(office, MOKOENA, known, known) == "grace"  # whatever policy is given
    listed = office("member", "list", "--known", known, "--json").json
    assert [row["status"] for row in listed] == ["grace"]


def test_the_day_is_named_and_parts_what_was_from_what_was_to_come(office, clock):
    clock.turn(1)
    paid = {"last_payment_on": str(clock.today), "last_payment": "20.00"}
    register(office, [{"id_number": MOKOENA, **paid}])
    known = clock.turn(10)
    clock.turn(800)
    told = explained(office, MOKOENA, "--known", known)
    assert (told["on"], told["known_on"], told["status"]) == (str(known), str(known), "good_standing")
    assert told["sentences"][0].startswith(f"As known on {known.day} ")
    assert "is in good standing on" in told["sentences"][0]
    assert "becomes `grace` unless the next fee is paid before" in told["sentences"][2]
    assert f"as known on\t{known}" in office("member", "explain", MOKOENA, "--known", known).out


def test_who_was_not_on_record_yet_and_days_to_come_are_refused(office, clock):
    first = clock.turn(1)
    register(office, [{"id_number": MOKOENA, **PAID}])
    clock.turn(5)
    register(office, [{"id_number": NAIDOO, **PAID}], "new.csv")
    refused = office("member", "explain", NAIDOO, "--known", first, code=3)
    assert "nobody was on record yet" in refused.err
    assert "nobody on record" in office("member", "explain", NOBODY, "--known", first, code=3).err
    assert [row["id_number"] for row in office("member", "list", "--known", first, "--json").json] == [MOKOENA]
    for long_ago in (date(900, 1, 1), date(1900, 1, 1)):
        assert office("member", "list", "--known", long_ago, "--json").json == []
    for command in (["explain", MOKOENA], ["list"]):
        refused = office("member", *command, "--known", date(2999, 1, 1), code=3)
        assert "nothing is known yet" in refused.err


def test_an_auditor_may_ask_and_nothing_is_written(office, stranger):  # noqa: F811
    add(office, stranger, "auditor")
    register(office, [{"id_number": MOKOENA, **PAID}])
    today = office("member", "explain", MOKOENA, "--json").json["on"]
    before = len(office("batch", "list", "--json").json)
    assert stranger("member", "explain", MOKOENA, "--known", today, "--json").json["known_on"] == today
    assert len(stranger("member", "list", "--known", today, "--json").json) == 1
    assert len(office("batch", "list", "--json").json) == before
    reads = [row for row in office("audit", "log", "--reads", "--json").json if row["operator"] == stranger.account]
    assert [row["action"] for row in reads[:2]] == ["member list", "member explain"]
    assert all(f'"known": "{today}"' in str(row["detail"]).replace("'", '"') for row in reads[:2])


def test_the_branch_then_says_who_may_ask(office, stranger, clock):  # noqa: F811
    add(office, stranger, "membership_officer", "EKU")
    register(office, [{"id_number": MOKOENA, **PAID}])
    known = clock.turn(1)
    clock.turn(1)
    register(office, [{"id_number": MOKOENA, "branch": "30901001", **PAID}], "moved.csv")
    stranger("member", "explain", MOKOENA, code=7)
    stranger("member", "explain", MOKOENA, "--known", known)
