"""docs/rules.md, section 4.2: who pays for others, and how many are in good standing only through it."""

import json

import pytest
from tests.services.deposits.working import match, register, statement, take_in

from ancadmin.domain.id_numbers import check_digit_holds


def numbered(count):
    """So many valid ID numbers of people born in 1980."""
    bases = [f"800101{5000 + at:04d}08" for at in range(count)]
    return [next(base + digit for digit in "0123456789" if check_digit_holds(base + digit)) for base in bases]


PEOPLE = numbered(8)
TERMINAL = "12345678"


@pytest.fixture
def paid(office):
    """Six of eight members paid for on 2020-03-02 at one terminal, two of them paid up without it; one pays alone."""
    lapsed, current = ("2018-09-01", "2019-12-01")
    register(
        office,
        [
            {
                "id_number": one,
                "last_payment_on": current if at < 2 else lapsed,
                "last_payment": "20.00",
                "joined_on": "2020-02-21" if at == 5 else "2010-01-01",
                "branch": "10501001" if at == 7 else "79700012",
            }
            for at, one in enumerate(PEOPLE)
        ],
    )
    day = [("2020-03-02", 2000, f"CASH {TERMINAL} {one}") for one in PEOPLE[:6]]
    take_in(
        office, statement(office, "one.csv", [*day, ("2020-03-02", 2000, PEOPLE[6]), ("2020-03-03", 4000, PEOPLE[2])])
    )
    assert match(office)["bulk_pattern"] == 6
    return office


def test_who_when_how_many_how_much_how_new_and_only_through_it(paid):
    (row,) = paid("deposits", "patterns", "--on", "2020-03-31", "--json").json
    people = {one["id_number"]: one for one in row.pop("people")}
    assert row == {
        "value_date": "2020-03-02",
        "kind": "terminal",
        "code": TERMINAL,
        "branch": None,
        "deposits": 6,
        "cents": 12000,
        "members": 6,
        "joined_days": 3713,
        "last_paid_days": 548,
        "never_paid": 0,
        "only_through": 3,  # not the two paid up, nor the one who paid for herself the day after
    }
    assert sorted(people) == sorted(PEOPLE[:6])
    for number, one in people.items():
        now = paid("member", "explain", number, "--on", "2020-03-31", "--json").json
        assert one["status"] == now["status"]
    assert people[PEOPLE[3]]["status_without"] == "not_in_good_standing"
    assert [people[one]["only_through"] for one in PEOPLE[:6]] == [False, False, False, True, True, True]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_without_it_is_as_if_the_deposits_were_taken_back(paid):
    (row,) = paid("deposits", "patterns", "--on", "2020-03-31", "--json").json
    for deposit in range(1, 9):
        narrative = paid("deposits", "list", "--json").json[deposit - 1]["narrative"]
        if TERMINAL in narrative:
            paid("deposits", "reverse", deposit, "--why", "As if it were not there")
    for one in row["people"]:
        then = paid("member", "explain", one["id_number"], "--on", "2020-03-31", "--json").json
        assert then["status"] == one["status_without"]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_by_day_and_by_branch_and_as_a_table(paid):
    def days(*flags):
        return [row["value_date"] for row in paid("deposits", "patterns", *flags, "--json").json]

    assert days("--from", "2020-03-02", "--to", "2020-03-02") == ["2020-03-02"]
    assert days("--from", "2020-03-03") == days("--to", "2020-03-01") == days("--branch", "10501001") == []
    assert days("--branch", "79700012") == ["2020-03-02"]
    table = paid("deposits", "patterns", "--strict", code=10).out
    assert f"2020-03-02\tterminal\t{TERMINAL}\t\t6\tR120.00\t6" in table
    assert not any(one in table for one in PEOPLE)
    lines = paid("deposits", "patterns", "--format", "csv").out.splitlines()
    assert lines[0].startswith("value_date,kind,code,branch,deposits,cents")
    assert "people" not in lines[0]
    assert json.loads(paid("deposits", "patterns", "--from", "2021-01-01", "--json").out) == []


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_code_of_a_branch_on_record_is_named(office):
    register(office, [{"id_number": one} for one in PEOPLE])
    lines = [("2020-03-02", 2000, f"BR 79700012 {one}") for one in PEOPLE[:5]]
    take_in(office, statement(office, "one.csv", lines))
    match(office)
    rows = office("deposits", "patterns", "--json").json
    assert [(row["code"], row["branch"]) for row in rows if row["kind"] == "branch"] == [("79700012", "Tembisa")]
