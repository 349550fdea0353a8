"""Listing, finding and showing members, and the history of one."""

import pytest
from tests.accounts import STRANGER, as_stranger, open_to_all

PLACES = """province,region_code,region,branch_code,branch,ward
GP,EKU,Ekurhuleni,79700012,Tembisa,79700012
GP,EKU,Ekurhuleni,79700013,Daveyton,79700013
NC,DC9,Frances Baard,30901001,Galeshewe,30901001
"""
REGISTER = """ID Number,Surname,First Names,Branch Code,Cell,Joined,Last Payment Date,Amount
8001015009087,Mokoena,Thabo Johannes,79700012,082 123 4567,2010-01-01,2019-12-15,20.00
7501151234085,Naidoo,Priya,79700013,083 987 6543,2010-01-01,2019-06-01,20.00
2002295001089,van der Merwe,Müller,30901001,,2010-01-01,2018-03-01,20.00
6405064999084,Mokoena-Nkosi,Nomsa,79700012,071 111 2222,2010-01-01,N/A,N/A
"""
THABO, PRIYA, MARIA, NOMSA = "8001015009087", "7501151234085", "2002295001089", "6405064999084"


@pytest.fixture
def members(office):
    office("db", "places", "import", office.write("places.csv", PLACES))
    office("register", "import", office.write("register.csv", REGISTER))
    return office


def ids(answer):
    return [row["id_number"] for row in answer.json]


def test_the_list_is_by_branch_and_name_with_the_agreed_fields(members):
    rows = members("member", "list", "--on", "2020-06-01", "--json").json
    assert rows == [
        row(MARIA, "van der Merwe", "Müller", "30901001", "not_in_good_standing", "2019-03-01", 4000),
        row(THABO, "Mokoena", "Thabo Johannes", "79700012", "good_standing", "2020-12-15", 0),
        row(NOMSA, "Mokoena-Nkosi", "Nomsa", "79700012", "not_in_good_standing", None, 0),
        row(PRIYA, "Naidoo", "Priya", "79700013", "grace", "2020-06-01", 2000),
    ]


def row(id_number, surname, first_names, branch, status, paid_until, arrears):
    names = ("id_number", "surname", "first_names", "branch", "status", "paid_until", "arrears_cents")
    return dict(zip(names, (id_number, surname, first_names, branch, status, paid_until, arrears), strict=True))


def test_the_list_of_one_place_or_one_status(members):
    on = ("--on", "2020-06-01", "--json")
    assert ids(members("member", "list", "--branch", "79700012", *on)) == [THABO, NOMSA]
    assert ids(members("member", "list", "--region", "EKU", *on)) == [THABO, NOMSA, PRIYA]
    assert ids(members("member", "list", "--province", "NC", *on)) == [MARIA]
    assert ids(members("member", "list", "--status", "grace", *on)) == [PRIYA]
    assert ids(members("member", "list", "--on", "2009-12-31", "--json")) == []
    assert "no branch" in members("member", "list", "--branch", "1", code=3).err
    assert "give one of" in members("member", "list", "--branch", "79700012", "--region", "EKU", code=2).err.lower()


def test_a_day_beyond_the_calendar_is_refused(members):
    assert "reckoned up to" in members("member", "list", "--on", "2199-01-01", code=3).err


def test_a_table_masks_the_numbers_and_the_trail_says_who_took_them_whole(members):
    shown = members("member", "list", "--on", "2020-06-01").out
    assert THABO not in shown
    assert "800101****087" in shown
    members("member", "show", THABO)
    members("member", "show", THABO, "--json")
    trail = members("audit", "log", "--reads", "--json").json
    taken = [link["detail"]["full_ids"] for link in trail if link["action"] == "member show"]
    assert sorted(taken) == [False, True]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (THABO, [THABO]),
        ("800101 5009 087", [THABO]),
        ("800101", [THABO]),
        ("0821234567", [THABO]),
        ("+27 83 987 6543", [PRIYA]),
        ("mokoena", [THABO, NOMSA]),
        ("koena", [THABO, NOMSA]),
        ("NKOSI", [NOMSA]),
        ("van der", [MARIA]),
        ("thabo mokoena", [THABO]),
        ("MÜLLER merwe", [MARIA]),
        ("%", None),
        ("100%", []),
        ("Zulu", []),
    ],
)
def test_finding(members, text, found):
    if found is None:
        assert "too short" in members("member", "find", text, code=3).err
        return
    assert ids(members("member", "find", text, "--json")) == found


def test_showing_one(members):
    shown = members("member", "show", "800101-5009-087", "--json").json
    assert (shown["id_number"], shown["branch_name"], shown["region"]) == (THABO, "Tembisa", "Ekurhuleni")
    assert (shown["last_payment_on"], shown["last_payment_cents"]) == ("2019-12-15", 2000)
    assert (shown["status"], shown["recorded_status"]) == ("not_in_good_standing", None)
    assert "member find" in members("member", "show", "9303035123081", code=3).err


def deposits(office):
    return office("deposits", "list", "--json").json


def test_the_history_tells_everything_in_order(members):
    statement = f"Date,Amount,Description\n2020-12-01,20.00,{THABO}\n2019-01-05,20.00,{THABO}\n"
    members("deposits", "import", members.write("s.csv", statement), "--bank", "csv", "--account", "FNB")
    members("deposits", "match")
    (late, early) = (one["deposit"] for one in sorted(deposits(members), key=lambda one: one["value_date"])[::-1])
    members("sweep", "--on", "2020-12-20")
    members("member", "discipline", THABO, "--kind", "suspended", "--on", "2021-01-10", "--why", "DC 4")
    members("member", "contact", THABO, "--cell", "0820000001", "--why", "Phoned")
    members("deposits", "reverse", late, "--why", "Bank took it back")
    members("sweep", "--on", "2021-01-10")
    events = members("member", "history", THABO, "--json").json
    assert [event["on"] for event in events] == sorted(event["on"] for event in events)
    assert all(event["who"] and event["recorded_at"] and event["batch"] for event in events)
    told = " | ".join(f"{event['on']} {event['what']} {event['why']}" for event in events)
    for part in (
        "register.csv row 2: accepted",
        f"2019-01-05 deposit {early}: R20.00 not credited (in opening)",
        f"2020-12-01 deposit {late}: R20.00 credited (matched by ID number)",
        "2019-12-15 status: none → good standing",
        "2021-01-10 decision 1: suspended",
        "DC 4",
        "cell: +27821234567 → +27820000001",
        f"deposit {late}: R20.00 taken back Bank took it back",
        "2021-01-10 status: good standing → suspended",
    ):
        assert part in told, f"{part}\n{told}"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_officer_sees_the_members_of_the_own_places(members):
    members("operator", "add", STRANGER, "--name", "Ann", "--role", "membership_officer", "--place", "EKU")
    open_to_all(members.folder)
    assert ids(as_stranger(members, "member", "list", "--on", "2020-06-01", "--json")) == [THABO, NOMSA, PRIYA]
    assert ids(as_stranger(members, "member", "find", "merwe", "--json")) == []
    assert as_stranger(members, "member", "show", MARIA).code == 7
    assert as_stranger(members, "member", "explain", THABO, "--json").code == 0
