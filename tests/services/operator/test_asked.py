"""docs/rules.md, section 7: who may not give a role may ask for it; nobody gives one to themselves, by whatever way."""

import psycopg
import pytest
from tests.accounts import on_record, pretending
from tests.services.operator.test_roles import PLACES, Login, add
from tests.tamper import sql

from ancadmin.policy import policy_text
from ancadmin.services.session import today_in_johannesburg

TODAY = today_in_johannesburg().isoformat()
AS_SECRETARY = ["--role", "branch_secretary", "--place", "79700012"]
LET_SIPHO_IN = ["operator", "add", "sipho", "--name", "Sipho Dlamini", *AS_SECRETARY]
LONG = "2099-01-01"
sqlite_only = pytest.mark.parametrize("engine", ["sqlite"])


def a_region(office):
    """Regina is the secretary of a region, Petrus an officer of its province, Bongi the secretary of a branch there."""
    office("db", "places", "import", office.write("places.csv", PLACES))
    on_record(office, "regina", ("regional_secretary", "EKU"))
    on_record(office, "petrus", ("provincial_officer", "GP"))
    on_record(office, "bongi", ("branch_secretary", "79700012"))


@pytest.fixture
def region(office):
    return office.after(a_region)


def typed_as(office, account, *words, code=0):
    with pretending(account):
        return office(*words, code=code)


def asked(office, *words):
    """Regina asks; returns the request."""
    answer = typed_as(office, "regina", *words, "--json")
    assert answer.json["waits"]
    assert f"waits for approval, as request {answer.json['request']}" in answer.err
    return answer.json


def decide(office, account, verb, request, code=0):
    return typed_as(
        office, account, "approvals", verb, request["request"], "--why", "Minutes seen", "--json", code=code
    )


def held(office, account):
    rows = office("operator", "list", "--json").json
    return [(row["role"], row["place"], row["until"], row["given_by"]) for row in rows if row["account"] == account]


@sqlite_only
def test_somebody_is_let_in_once_who_gives_the_role_approves(region):
    request = asked(region, *LET_SIPHO_IN, "--until", LONG, "--why", "Elected by the BGM")
    assert held(region, "sipho") == []
    typed_as(region, "sipho", "member", "list", code=7)
    done = decide(region, "petrus", "approve", request).json
    assert (done["kind"], done["account"], done["own_work"]) == ("operator add", "sipho", False)
    assert held(region, "sipho") == [("branch_secretary", "79700012", LONG, "petrus")]
    typed_as(region, "sipho", "member", "list")
    (row,) = region("approvals", "list", "--all", "--json").json
    assert (row["asked_by"], row["decided_by"], row["why"]) == ("regina", "petrus", "Elected by the BGM")
    assert (row["account"], row["name"], row["role"], row["until"]) == (
        *("sipho", "Sipho Dlamini", "branch_secretary", LONG),
    )


@sqlite_only
def test_the_list_says_it_in_words_to_those_it_concerns(region):
    asked(region, *LET_SIPHO_IN, "--until", LONG)
    asked(region, "operator", "revoke", "bongi", "--why", "Moved away")
    on_record(region, "far", ("provincial_officer", "NC"))
    assert typed_as(region, "far", "approvals", "list", "--json").json == []
    shown = typed_as(region, "petrus", "approvals", "list", "--format", "table")
    assert f"operator add sipho as branch secretary of 79700012 until {LONG}\tSipho Dlamini\t" in shown.out
    assert "operator revoke bongi as branch secretary of 79700012\t" in shown.out
    assert "2 for you to decide" in shown.err
    mine = typed_as(region, "regina", "approvals", "list", "--json").json
    assert [row["yours"] for row in mine] == [False, False]


@sqlite_only
def test_a_request_for_a_wider_place_than_a_branch_is_shown_to_those_of_that_place(region):
    asked(region, "operator", "grant", "bongi", "--role", "branch_secretary", "--place", "EKU")
    (row,) = typed_as(region, "petrus", "approvals", "list", "--json").json
    assert (row["place"], row["yours"]) == ("EKU", True)
    assert typed_as(region, "bongi", "approvals", "list", "--json").json == []


@sqlite_only
def test_a_further_role_is_asked_for_and_one_taken_back(region):
    further = asked(region, "operator", "grant", "bongi", "--role", "branch_secretary", "--place", "EKU")
    decide(region, "petrus", "approve", further)
    assert [place for _, place, *_ in held(region, "bongi")] == ["79700012", "EKU"]
    several = typed_as(region, "regina", "operator", "revoke", "bongi", "--why", "Left", code=3)
    assert "each is asked for by itself" in several.err
    back = asked(region, "operator", "revoke", "bongi", "--role", "branch_secretary", "--place", "EKU", "--why", "Left")
    assert (back["roles"], back["left"], len(held(region, "bongi"))) == (["branch secretary of EKU"], 1, 2)
    taken = decide(region, "petrus", "approve", back).json
    assert [place for _, place, *_ in held(region, "bongi")] == ["79700012"]
    typed_as(region, "petrus", "batch", "undo", taken["batch"])
    assert [place for _, place, *_ in held(region, "bongi")] == ["79700012", "EKU"]


def test_an_approval_undone_takes_the_role_back_and_the_request_waits_again(region, engine):
    who = "sipho" if engine == "sqlite" else "pg_monitor"  # a server has to know the login
    let_in = [who if word == "sipho" else word for word in LET_SIPHO_IN]
    request = asked(region, *let_in)
    done = decide(region, "petrus", "approve", request).json
    assert len(held(region, who)) == 1
    region("batch", "undo", done["batch"])
    assert held(region, who) == []
    waiting = typed_as(region, "petrus", "approvals", "list", "--json").json
    assert [(row["request"], row["yours"]) for row in waiting] == [(request["request"], True)]
    typed_as(region, "regina", "batch", "undo", request["batch"])
    assert typed_as(region, "petrus", "approvals", "list", "--json").json == []


@sqlite_only
def test_who_neither_gives_nor_asks_is_refused(region):
    for account, role, place in [
        ("bongi", "branch_secretary", "79700012"),
        ("regina", "branch_secretary", "30901001"),
        ("regina", "membership_officer", "EKU"),
        ("regina", "national_officer", "national"),
    ]:
        words = ["operator", "add", "sipho", "--name", "S", "--role", role, "--place", place]
        assert f"{account} may not give the role of" in typed_as(region, account, *words, code=7).err
    words = ["operator", "revoke", "petrus", "--why", "W"]
    assert "may not take the role of provincial officer" in typed_as(region, "regina", *words, code=7).err
    assert region("approvals", "list", "--all", "--json").json == []


@sqlite_only
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["operator", "add", "bongi", "--name", "B", *AS_SECRETARY], 3, "is an operator already"),
        (["operator", "grant", "bongi", *AS_SECRETARY], 3, "is branch secretary for 79700012 already"),
        (["operator", "grant", "sipho", *AS_SECRETARY], 3, "not an operator"),
        ([*LET_SIPHO_IN, "--until", TODAY], 3, "would have ended before it began"),
        ([*LET_SIPHO_IN[:-1], "nowhere"], 3, "no such place"),
        (["operator", "revoke", "bongi", "--role", "auditor", "--why", "W"], 3, "holds no such role"),
    ],
)
def test_what_could_not_be_done_is_not_asked_for(region, words, code, said):
    assert said in typed_as(region, "regina", *words, code=code).err
    assert region("approvals", "list", "--all", "--json").json == []


@sqlite_only
def test_the_same_is_not_asked_for_twice_and_nobody_approves_their_own(region):
    request = asked(region, *LET_SIPHO_IN)
    assert "waits for approval already" in typed_as(region, "regina", *LET_SIPHO_IN, code=7).err
    assert (
        "may not approve what concerns the role of branch secretary"
        in decide(region, "regina", "approve", request, code=7).err
    )
    sql(region, "UPDATE operator_role SET role = 'provincial_officer', place = 'GP' WHERE account = 'regina'")
    assert "nobody approves their own" in decide(region, "regina", "approve", request, code=7).err
    assert decide(region, "regina", "refuse", request).json["verdict"] == "refused"
    assert held(region, "sipho") == []


@sqlite_only
def test_nobody_gives_themselves_a_role_by_asking_approving_or_giving(region):
    own = ["--role", "branch_secretary", "--place", "79700012"]
    on_record(region, "nomsa", ("national_officer", "national"))
    for account in ("regina", "petrus", "nomsa"):
        refused = typed_as(region, account, "operator", "grant", account, *own, code=7)
        assert "nobody gives themselves a role" in refused.err
    request = asked(region, "operator", "grant", "petrus", *own)
    (row,) = typed_as(region, "petrus", "approvals", "list", "--json").json
    assert not row["yours"]
    assert "nobody gives themselves a role" in decide(region, "petrus", "approve", request, code=7).err
    assert [role for role, *_ in held(region, "petrus")] == ["provincial_officer"]
    decide(region, "nomsa", "approve", request)
    assert [role for role, *_ in held(region, "petrus")] == ["provincial_officer", "branch_secretary"]


@sqlite_only
@pytest.mark.parametrize(
    ("lost", "said"),
    [
        ("UPDATE operator_role SET place = 'DC9' WHERE account = 'regina'", "has no say in 79700012 any more"),
        ("UPDATE operator_role SET role = 'regional_organiser' WHERE account = 'regina'", "is no regional secretary"),
    ],
)
def test_who_asked_still_has_to_be_one_who_may(region, lost, said):
    request = asked(region, *LET_SIPHO_IN)
    sql(region, lost)
    assert said in decide(region, "petrus", "approve", request, code=7).err
    assert held(region, "sipho") == []


@sqlite_only
def test_what_was_done_meanwhile_is_told_to_who_approves(region):
    added = asked(region, *LET_SIPHO_IN)
    taken = asked(region, "operator", "revoke", "bongi", "--why", "Moved")
    region(*LET_SIPHO_IN)
    region("operator", "revoke", "bongi", "--why", "Moved")
    for request, said in ((added, "sipho is an operator already"), (taken, "not an operator")):
        refused = decide(region, "petrus", "approve", request, code=3)
        assert said in refused.err
        assert f"ancadmin approvals refuse {request['request']}" in refused.err


@sqlite_only
def test_who_asks_for_which_role_is_the_policys(region):
    text = policy_text(None).replace('[authorisation.asks]\nregional_secretary = ["branch_secretary"]', "")
    own = region.write("own.toml", text + '\n[authorisation.asks]\nmembership_officer = ["branch_secretary"]\n')
    compared = region("config", "policy", "diff", own, "--json").json["changes"]
    assert [(one["key"], one["old"], one["new"]) for one in compared] == [
        ("authorisation.asks.regional_secretary", "branch_secretary", None),
        ("authorisation.asks.membership_officer", None, "branch_secretary"),
    ]
    shown = {row["role"]: row for row in region("--policy", own, "config", "policy", "--json").json["roles"]}
    assert shown["branch_secretary"]["ask"] == ["membership_officer"]
    region("--policy", own, "config", "policy", "adopt")
    on_record(region, "martha", ("membership_officer", "EKU"))
    with pretending("martha"):
        assert region("--policy", own, *LET_SIPHO_IN, "--json").json["waits"]
    with pretending("regina"):
        assert "may not give" in region("--policy", own, *LET_SIPHO_IN, code=7).err


@sqlite_only
def test_who_is_no_role_asks_for_none(region):
    own = region.write("own.toml", policy_text(None).replace('regional_secretary = ["branch_secretary"]', "boss = 3"))
    (wrong,) = region("config", "policy", "check", own, "--json", code=4).json
    assert (wrong["key"], wrong["line"] is not None) == ("authorisation.asks.boss", True)


@pytest.fixture
def logins(office):
    """Three logins of the server; the first is the one that passes rights on."""
    found = [Login(office) for _ in range(3)]
    yield found
    with psycopg.connect(office.db) as connection:
        for login in found:
            for kind in ("TABLES", "SEQUENCES"):
                connection.execute(f"REVOKE ALL ON ALL {kind} IN SCHEMA public FROM {login.account} CASCADE")
            connection.execute(f"DROP ROLE {login.account}")


@pytest.mark.parametrize("engine", ["postgresql"])
def test_on_the_server_the_login_of_who_approves_gives_the_rights(office, logins):
    """Who asks needs no more than any writer; the rights are granted and taken back by who approves."""
    office("db", "places", "import", office.write("places.csv", PLACES))
    petrus, regina, sipho = logins
    add(office, regina, "regional_secretary", "EKU")
    add(office, petrus, "provincial_officer", "GP")
    words = ["operator", "add", sipho.account, "--name", "Sipho", *AS_SECRETARY]
    request = regina(*words, "--json").json["request"]
    for statement in (
        "INSERT INTO operator (account, name, batch) VALUES ('x', 'x', 1)",
        "UPDATE operator_role SET place = 'national'",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            regina.psql(statement)
    sipho("member", "list", code=7)
    petrus("approvals", "approve", request, "--why", "Elected")
    sipho("member", "list")
    with psycopg.connect(office.db) as connection:
        granted = "SELECT DISTINCT grantor FROM information_schema.role_table_grants WHERE grantee = %s"
        assert connection.execute(granted, [sipho.account]).fetchall() == [(petrus.account,)]
    request = regina("operator", "revoke", sipho.account, "--why", "Left", "--json").json["request"]
    sipho("member", "list")
    done = petrus("approvals", "approve", request, "--why", "Seen the letter", "--json").json
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        sipho.psql("SELECT * FROM member")
    petrus("batch", "undo", done["batch"])
    sipho("member", "list")


@pytest.mark.parametrize("engine", ["postgresql"])
def test_who_gave_roles_by_an_earlier_matrix_loses_what_that_took(office, logins):
    """As it was released first a regional secretary gave roles; what they passed on is given again by the owner."""
    office("db", "places", "import", office.write("places.csv", PLACES))
    regina, bongi, third = logins
    add(office, regina, "regional_secretary", "EKU")
    add(office, bongi, "branch_secretary", "79700012")
    add(office, third, "auditor")
    with psycopg.connect(office.db) as connection:
        connection.execute(f"REVOKE ALL ON member FROM {bongi.account}")
        connection.execute(
            f"GRANT SELECT, INSERT, UPDATE ON operator, operator_role, member TO {regina.account} WITH GRANT OPTION"
        )
    regina.psql(f"GRANT SELECT, UPDATE ON member TO {bongi.account}")
    office("operator", "revoke", third.account, "--why", "Done")
    regina.psql("UPDATE member SET surname = surname")
    bongi.psql("UPDATE member SET surname = surname")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        regina.psql("UPDATE operator_role SET place = place")
    with psycopg.connect(office.db) as connection:
        passed = "SELECT has_table_privilege(%s, 'member', 'SELECT WITH GRANT OPTION')"
        assert connection.execute(passed, [regina.account]).fetchone() == (False,)
