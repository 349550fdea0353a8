"""docs/rules.md, section 4.2: money nobody is credited with, by reason and age, on any day as it was known then."""

from dataclasses import replace
from datetime import date

import pytest
from tests.services.deposits.working import MOKOENA, NAIDOO, NOBODY, match, register, session, statement, take_in, undo

from ancadmin.services.batch.undo import undo_batch
from ancadmin.services.deposits.matching.match import match_deposits
from ancadmin.services.deposits.officer import allocate, refund_deposit, reverse
from ancadmin.services.deposits.statements.importing import import_statements
from ancadmin.services.deposits.suspense.ageing import By, suspense

LINES = [
    ("2020-01-01", 1000, "X"),
    ("2020-01-31", 2000, NOBODY),
    ("2020-02-29", 3000, ""),
    ("2020-03-30", 4000, NOBODY),
    ("2020-03-30", 2000, MOKOENA),
    ("2020-03-30", -500, "FEE"),
]


def on(office, day):
    return replace(session(office), today=date.fromisoformat(day))


def told(office, day, by=None):
    rows = suspense(session(office), by, date.fromisoformat(day))
    keys = ("reason", "age") if by is None else (by.value,)
    return {tuple(row[key] for key in keys): (row["deposits"], row["cents"]) for row in rows}


def money_in(office):
    register(office, [{"id_number": MOKOENA}, {"id_number": NAIDOO}])
    import_statements(on(office, "2020-03-31"), [statement(office, "one.csv", LINES)], account="A")
    match_deposits(on(office, "2020-04-01"))


@pytest.fixture
def waiting(office):
    return office.after(money_in)


def test_by_reason_and_age_of_the_value_date(waiting):
    assert told(waiting, "2020-04-29") == {
        ("id_not_registered", "0-30"): (1, 4000),
        ("id_not_registered", "61-90"): (1, 2000),
        ("no_match", "over 90"): (1, 1000),
        ("no_reference", "31-60"): (1, 3000),
    }
    assert told(waiting, "2020-04-30", By.AGE) == {
        ("31-60",): (1, 4000),
        ("61-90",): (2, 5000),
        ("over 90",): (1, 1000),
    }
    assert told(waiting, "2020-04-30", By.ACCOUNT) == {("A",): (4, 10000)}


def test_a_past_day_is_told_as_it_was_known_then(waiting):
    number = {row["cents"]: row["deposit"] for row in waiting("deposits", "list", "--json").json}
    allocate(on(waiting, "2020-04-10"), number[4000], MOKOENA, 1500, "Her slip")
    refund_deposit(on(waiting, "2020-04-12"), number[3000], "Wrong account")
    given = reverse(on(waiting, "2020-04-20"), number[4000], "Not hers")
    undo_batch(on(waiting, "2020-04-25"), given.batch)
    by_reason = {day: told(waiting, day, By.REASON) for day in ("2020-03-30", "2020-03-31", "2020-04-09", "2020-04-11")}
    assert by_reason["2020-03-30"] == {}  # the statement was not in yet
    assert by_reason["2020-03-31"] == {("open",): (5, 12000)}
    assert by_reason["2020-04-09"][("id_not_registered",)] == (2, 6000)
    assert by_reason["2020-04-11"][("officer",)] == (1, 2500)
    assert by_reason["2020-04-11"][("no_reference",)] == (1, 3000)
    assert ("no_reference",) not in told(waiting, "2020-04-12", By.REASON)
    assert told(waiting, "2020-04-20", By.REASON)[("reversed",)] == (1, 4000)
    assert told(waiting, "2020-04-25", By.REASON) == told(waiting, "2020-04-12", By.REASON)
    assert told(waiting, "2099-12-31", By.REASON) == told(waiting, "2020-04-25", By.REASON)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_import_undone_since_was_there_then(waiting):
    imported = min(
        row["batch"] for row in waiting("batch", "list", "--json").json if row["command"] == "deposits import"
    )
    matched = max(row["batch"] for row in waiting("batch", "list", "--json").json)
    before = told(waiting, "2020-04-05")
    undo_batch(on(waiting, "2020-05-01"), matched)
    undo_batch(on(waiting, "2020-05-02"), imported)
    assert told(waiting, "2020-05-02") == {}
    assert sum(cents for _, cents in told(waiting, "2020-05-01").values()) == 12000
    assert sum(cents for _, cents in told(waiting, "2020-04-05").values()) == sum(cents for _, cents in before.values())


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_command_adds_up_and_says_when_something_waits(waiting):
    shown = waiting("deposits", "suspense", "--by", "reason", "--strict", code=10).out.splitlines()
    assert shown[0].startswith("R100.00 in 4 deposits")
    assert shown[1:] == [
        "reason\tdeposits\tamount\toldest",
        "id_not_registered\t2\tR60.00\t2020-01-31",
        "no_match\t1\tR10.00\t2020-01-01",
        "no_reference\t1\tR30.00\t2020-02-29",
    ]
    rows = waiting("deposits", "suspense", "--json").json
    balance = waiting("deposits", "balance", "--json").json
    assert sum(row["cents"] for row in rows) == sum(row["unallocated_cents"] for row in balance)


# A deposit whose ID number is on record later is offered again by itself.


@pytest.mark.parametrize("engine", ["sqlite"])
def test_money_of_a_number_that_registers_later_is_credited_by_the_next_match(office):
    register(office, [{"id_number": MOKOENA}])
    take_in(office, statement(office, "one.csv", [("2020-03-02", 2000, NAIDOO), ("2020-03-02", 2000, NOBODY)]))
    match(office)
    register(office, [{"id_number": NAIDOO}], "later.csv")
    apply = ("member", "apply", NOBODY, "--surname", "Dlamini", "--branch", "79700012", "--on", "2020-01-10")
    office(*apply, "--why", "A form was handed in")
    first = match(office)
    assert first["reasons"] == {"id_reference": 1, "not_accepted_yet": 1}
    assert match(office)["looked_at"] == 0
    accepted = office("member", "accept", NOBODY, "--on", "2020-01-12", "--why", "The BEC", "--json").json["batch"]
    second = match(office)
    assert (second["looked_at"], second["matched"]) == (1, 1)
    assert office("deposits", "suspense", "--json").json == []
    undo(office, second["batch"])
    undo(office, accepted)
    match(office)
    assert [row["reason"] for row in office("deposits", "suspense", "--json").json] == ["not_accepted_yet"]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_money_with_a_cell_number_that_becomes_a_member_s_is_suggested_by_the_next_match(office):
    register(office, [{"id_number": MOKOENA}])
    take_in(office, statement(office, "one.csv", [("2020-03-02", 2000, "SUBS 0821234567")]))
    assert match(office)["reasons"] == {"no_match": 1}
    office("member", "contact", MOKOENA, "--cell", "082 123 4567", "--why", "She rang")
    assert match(office)["reasons"] == {"phone": 1}
    (row,) = office("deposits", "suspense", "--json").json  # nothing is credited before an officer accepts it
    assert (row["reason"], row["cents"]) == ("phone", 2000)
