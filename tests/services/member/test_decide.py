"""Decisions about members, through the commands: what each makes of a member's standing, and that nothing is lost."""

import pytest
from tests.accounts import as_stranger, open_to_all
from tests.tamper import sql

from ancadmin.services.session import today_in_johannesburg

PLACES = """province,region_code,region,branch_code,branch,ward
GP,EKU,Ekurhuleni,79700012,Tembisa,79700012
NC,DC9,Frances Baard,30901001,Galeshewe,30901001
"""
THABO, PRIYA, MARIA = "8001015009087", "7501151234085", "2002295001089"
WHY = ["--why", "BEC meeting"]


def with_places(office):
    office("db", "places", "import", office.write("places.csv", PLACES))


@pytest.fixture
def placed(office):
    return office.after(with_places)


def applied(office, number=THABO, on="2020-01-10", surname="Mokoena", branch="79700012", code=0, more=()):
    words = ["member", "apply", number, "--surname", surname, "--first-names", "Thabo", "--branch", branch, "--on", on]
    return office(*words, *WHY, *more, "--json", code=code)


def member(office, verb, number, *words, code=0):
    return office("member", verb, number, *words, *WHY, *(() if code else ["--json"]), code=code)


def status(office, number, on):
    return office("member", "explain", number, "--on", on, "--json").json["status"]


def decisions(office, number=THABO):
    """Kind, begins, ends, why, batch and the batch that reversed it, in the order they were recorded."""
    return sql(
        office,
        "SELECT kind, begins_on, ends_on, why, decision.batch, reversed_by FROM decision "
        f"JOIN member ON member.id = decision.member WHERE id_number = '{number}' ORDER BY decision.id",
    )


def test_an_application_puts_a_person_on_record(placed):
    answer = applied(placed, "800101 5009 087", surname="MOKOENA", more=["--cell", "0821234567"]).json
    me = answer["asked_by"]
    assert answer == {
        "batch": 3,
        "id_number": THABO,
        "decision": "applied",
        "on": "2020-01-10",
        "until": None,
        "why": "BEC meeting",
        "asked_by": me,
        "approved_by": me,  # the sole operator approves their own work
        "decided_at": answer["decided_at"],
        "request": None,
        "waits": False,
    }
    columns = "surname, first_names, gender, born, branch, cell, origin, batch"
    (person,) = sql(placed, f"SELECT {columns} FROM member")
    assert person == ("Mokoena", "Thabo", "M", "1980-01-01", "79700012", "+27821234567", "application", 3)
    (policy,) = sql(placed, "SELECT policy_version FROM decision")[0]
    assert policy == placed("config", "policy", "--json").json["version"]


def test_the_way_of_an_applicant(placed):
    applied(placed)
    assert status(placed, THABO, "2020-01-30") == "applicant"
    member(placed, "accept", THABO, "--on", "2020-01-31")
    assert status(placed, THABO, "2020-01-30") == "applicant"
    assert status(placed, THABO, "2020-01-31") == "awaiting_payment"


def test_who_is_refused_may_apply_again(placed):
    applied(placed)
    member(placed, "refuse", THABO, "--on", "2020-02-01")
    assert status(placed, THABO, "2020-02-01") == "rejected"
    assert "someone else is on record" in applied(placed, on="2020-03-01", surname="Nkosi", code=3).err
    again = applied(placed, on="2020-03-01", branch="30901001").json
    assert placed("batch", "show", again["batch"], "--json").json["changed_fields"] == {"member": 1}
    assert status(placed, THABO, "2020-02-29") == "rejected"
    assert status(placed, THABO, "2020-03-01") == "applicant"
    member(placed, "accept", THABO, "--on", "2020-03-02")
    assert status(placed, THABO, "2020-03-02") == "awaiting_payment"


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"number": "8001015009088"}, "checksum"),
        ({"number": THABO, "on": "1997-06-01"}, "younger than 18"),
        ({"number": THABO, "on": "2999-01-01"}, "still to come"),
        ({"surname": "N/A"}, "surname is missing"),
        ({"branch": "nowhere"}, "no such branch"),
        ({"more": ["--cell", "12"]}, "not a cell"),
        ({"more": ["--email", "x"]}, "not a email"),
    ],
)
def test_a_form_that_cannot_be_taken_is_refused_with_a_remedy(placed, change, said):
    refused = applied(placed, **{"number": THABO, **change, "code": 3})
    assert said in refused.err.splitlines()[0].replace("an email", "a email")
    assert len(refused.err.splitlines()) == 2
    assert sql(placed, "SELECT count(*) FROM member") == [(0,)]


def test_someone_on_record_does_not_apply(placed):
    applied(placed)
    assert "is on record already (applied on 2020-01-10)" in applied(placed, code=3).err


def test_an_objection_is_lodged_and_settled_and_both_rows_stay(placed):
    applied(placed)
    member(placed, "accept", THABO, "--on", "2020-01-31")
    member(placed, "object", THABO, "--on", "2020-02-01")
    member(placed, "object", THABO, "--settled", "2020-02-10")
    lodged, settled = decisions(placed)[2:]
    assert lodged == ("objection", "2020-02-01", None, "BEC meeting", 5, 6)
    assert settled == ("objection", "2020-02-01", "2020-02-10", "BEC meeting (settled: BEC meeting)", 6, None)
    member(placed, "object", THABO, "--on", "2020-02-11")
    assert "is open already" in member(placed, "object", THABO, "--on", "2020-02-12", code=3).err
    assert "needed, not both" in member(placed, "object", THABO, code=2).err


@pytest.mark.parametrize(("first", "second"), [("expelled", "suspended"), ("suspended", "expelled")])
def test_of_two_entries_of_one_day_lifting_one_changes_no_past_day(placed, first, second):
    applied(placed)
    member(placed, "accept", THABO, "--on", "2020-01-31")
    for kind in (first, second):
        member(placed, "discipline", THABO, "--kind", kind, "--on", "2020-06-01")
    assert status(placed, THABO, "2020-06-15") == second
    lift = member(placed, "discipline", THABO, "--lift", "2020-07-01", "--kind", first, "--json").json["batch"]
    assert status(placed, THABO, "2020-06-15") == second
    placed("batch", "undo", lift)
    assert status(placed, THABO, "2020-06-15") == second
    assert status(placed, THABO, "2020-07-15") == second
    assert placed("check").out == ""


def test_discipline_begins_ends_and_is_lifted(placed):
    applied(placed)
    member(placed, "accept", THABO, "--on", "2020-01-31")
    member(placed, "discipline", THABO, "--kind", "suspended", "--on", "2020-06-01", "--until", "2020-08-01")
    assert [status(placed, THABO, day) for day in ("2020-05-31", "2020-06-01", "2020-07-31", "2020-08-01")] == [
        "awaiting_payment",
        "suspended",
        "suspended",
        "awaiting_payment",
    ]
    member(placed, "discipline", THABO, "--lift", "2020-07-01")
    assert status(placed, THABO, "2020-07-01") == "awaiting_payment"
    assert [(ends, by) for _, _, ends, _, _, by in decisions(placed)[2:]] == [("2020-08-01", 6), ("2020-07-01", None)]
    member(placed, "discipline", THABO, "--kind", "expelled", "--on", "2020-09-01")
    assert status(placed, THABO, "2030-01-01") == "expelled"
    for words in (["--lift", "2020-09-02", "--until", "2020-09-03"], ["--on", "2020-09-01"], ["--kind", "expelled"]):
        member(placed, "discipline", THABO, *words, code=2)


@pytest.mark.parametrize(("verb", "becomes"), [("resign", "resigned"), ("defect", "defected"), ("lapse", "lapsed")])
def test_leaving(placed, verb, becomes):
    applied(placed)
    member(placed, "accept", THABO, "--on", "2020-01-31")
    member(placed, verb, THABO, "--on", "2020-06-01")
    assert status(placed, THABO, "2020-05-31") == "awaiting_payment"
    assert status(placed, THABO, "2020-06-01") == becomes
    assert f"is {becomes} already" in member(placed, verb, THABO, "--on", "2020-06-02", code=3).err


@pytest.mark.parametrize("engine", ["sqlite"])
def test_nobody_and_no_number_are_told_apart(placed):
    assert "nobody on record" in member(placed, "resign", PRIYA, "--on", "2020-01-01", code=3).err
    assert "not an ID number: wrong length" in member(placed, "resign", "123", "--on", "2020-01-01", code=3).err
    applied(placed)
    blank = placed("member", "resign", THABO, "--on", "2020-06-01", "--why", " ", code=3)
    assert "reason is blank" in blank.err
    assert "still to come" in member(placed, "resign", THABO, "--on", "2999-06-01", code=3).err


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_dry_run_decides_nothing(placed):
    applied(placed)
    member(placed, "accept", THABO, "--on", "2020-01-31", "-n")
    assert [row[0] for row in decisions(placed)] == ["applied"]
    assert status(placed, THABO, "2020-02-01") == "applicant"


def test_contacts_are_changed_and_the_old_ones_stay_on_record(placed):
    applied(placed, more=["--cell", "0821234567"])
    answer = member(placed, "contact", THABO, "--cell", "071 234 5678", "--email", "T@Example.org").json
    assert answer == {"batch": 4, "id_number": THABO, "changed": ["cell", "email"], "request": None, "waits": False}
    changes = sql(placed, "SELECT field, old, new FROM change WHERE batch = 4 ORDER BY field")
    assert changes == [("cell", "+27821234567", "+27712345678"), ("email", None, "t@example.org")]
    assert member(placed, "contact", THABO, "--cell", "0712345678").json["changed"] == []
    placed("member", "contact", THABO, "--why", "x", code=2)
    placed("batch", "undo", 4)
    assert sql(placed, "SELECT cell, email FROM member") == [("+27821234567", None)]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_who_may_not_decide_alone_asks_and_who_is_out_of_reach_does_neither(placed):
    """What a branch secretary captures waits for approval, and so does what an officer dates back too far."""
    applied(placed)
    open_to_all(placed.folder)
    words = ["member", "accept", THABO, *WHY, "--json"]
    for role, place, on, code, waits in (
        ("call_centre_agent", "national", "2020-01-31", 7, None),
        ("membership_officer", "DC9", "2020-01-31", 7, None),
        ("branch_secretary", "79700012", "2020-01-31", 0, True),
        ("membership_officer", "EKU", "2020-01-31", 0, True),
        ("membership_officer", "EKU", str(today_in_johannesburg()), 0, False),
    ):
        placed("operator", "add", "nobody", "--name", "N", "--role", role, "--place", place)
        open_to_all(placed.folder)
        answer = as_stranger(placed, *words, "--on", on)
        assert answer.code == code, (role, answer)
        if code:
            assert "Ask a branch secretary, membership officer, regional secretary" in answer.err
        else:
            assert answer.json["waits"] is waits
            assert answer.json["approved_by"] is None  # nobody approves their own
        if waits:
            placed("approvals", "refuse", answer.json["request"], "--why", "next")
        placed("operator", "revoke", "nobody", "--why", "next")
