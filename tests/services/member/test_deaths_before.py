"""A death before somebody joined is for a person to look at; who is a member elsewhere is not for a file to tell."""

import pytest
from tests.accounts import on_record, pretending
from tests.services.member.test_deaths import HEAD, counts, imported, people
from tests.services.member.test_decide import MARIA, PRIYA, THABO, applied, placed, status

__all__ = ["people", "placed"]
NOBODY = "8506305555086"
sqlite_only = pytest.mark.parametrize("engine", ["sqlite"])


def codes(answer):
    return [one["code"] for one in answer["problem_rows"]]


def test_a_death_before_joining_is_shown_and_recorded_once_somebody_says_so(people):
    rows = HEAD + f"{THABO};x;2020-01-09\n{PRIYA};y;2020-01-10\n{MARIA};z;2019-12-31\n"
    answer = imported(people, rows)
    assert (counts(answer), codes(answer)) == ([3, 1, 0, 0, 2, 0], ["died_before_joining"] * 2)
    assert all("since 2020-01-10" in one["remedy"] for one in answer["problem_rows"])
    assert status(people, THABO, "2020-06-01") == "applicant"
    answer = imported(people, rows, "--accept-day", THABO)
    assert (counts(answer), codes(answer)) == ([3, 1, 1, 0, 1, 0], ["died_before_joining"])
    assert status(people, THABO, "2020-06-01") == "deceased"
    assert counts(imported(people, rows, "--accept-day", MARIA)) == [3, 1, 2, 0, 0, 0]


@sqlite_only
def test_a_day_before_joining_is_told_with_a_name_that_disagrees_and_never_taken_before_birth(people):
    rows = f"ID number,Surname,Date of death\n{THABO},Pillay,2019-06-01\n{PRIYA},Naidoo,1970-01-01\n"
    answer = imported(people, rows, "--accept-day", PRIYA)
    assert codes(answer) == ["died_before_joining", "name_disagrees", "died_before_birth"]
    assert imported(people, rows, "--accept-day", THABO, "--accept-names")["applied"] == 1


@sqlite_only
def test_a_day_the_file_does_not_tell_may_not_be_before_joining_either(people):
    rows = f"IDNUMBER,LIFE_STATUS,DATE_OF_DEATH\n{THABO},DECEASED,00000000\n"
    assert codes(imported(people, rows, "--on", "2020-01-09")) == ["died_before_joining"]


@pytest.fixture
def elsewhere(placed):
    applied(placed, PRIYA, surname="Naidoo", branch="30901001")
    applied(placed, THABO)
    for account, role, place in (
        ("omar", "membership_officer", "EKU"),
        ("sarah", "branch_secretary", "79700012"),
        ("agnes", "call_centre_agent", "national"),
    ):
        on_record(placed, account, (role, place))
    return placed


def told(answer, *of):
    """What a file's answer says, but for where the rows stand and whose number it is."""
    rows = [{**one, "row": 0, "value": ""} for one in answer["problem_rows"]]
    return [answer[name] for name in of], rows


@pytest.mark.parametrize("account", ["omar", "sarah"])
@sqlite_only
def test_who_may_not_see_somebody_reads_of_them_what_is_said_of_nobody(elsewhere, account):
    def about(number, day="2020-06-01"):
        with pretending(account):
            return imported(elsewhere, f"ID number,Surname,Date of death\n{number},Other,{day}\n")

    for day in ("2020-06-01", "2020-01-01", "1960-01-01"):
        both = [told(about(number, day), "applied", "unknown", "refused") for number in (PRIYA, NOBODY)]
        assert both == [([0, 1, 0], [])] * 2
    own = about(THABO)
    assert own["unknown"] == 0
    with pretending("agnes"):  # who sees everybody is told why
        assert codes(imported(elsewhere, HEAD + f"{PRIYA};x;2020-06-01\n")) == ["out_of_reach"]


@pytest.mark.parametrize("account", ["omar", "sarah"])
@pytest.mark.parametrize("decision", ["accept", "resign", "expel", "lift", "contact", "object", "transfer"])
@sqlite_only
def test_nor_does_a_file_of_decisions_tell(elsewhere, account, decision):
    head = "ID number,Decision,Date,To,Cell,Why\n"

    def about(number):
        to = "30901001" if decision == "transfer" else ""
        text = head + f"{number},{decision},2020-03-01,{to},0831111111,Minutes\n"
        with pretending(account):
            path = elsewhere.write("minutes.csv", text)
            return elsewhere("member", "decisions", "import", path, "--json").json

    both = [told(about(number), "refused") for number in (PRIYA, NOBODY)]
    assert both[0] == both[1]
    assert both[0][1][-1]["code"] in ("not_on_record", "decision_unknown")
