"""What happened between asking and approving: who asked, and whom it is about, as they are by then."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.accounts import on_record
from tests.services.deposits.working import MOKOENA, NAIDOO, register, session
from tests.services.member.test_merge_registers import person
from tests.tamper import sql

from ancadmin.domain.decisions import Kind
from ancadmin.domain.roles import Role
from ancadmin.errors import InputRefused, NotAllowed
from ancadmin.services.approvals.deciding import approve, refuse
from ancadmin.services.approvals.listing import listed
from ancadmin.services.batch.undo import undo_batch
from ancadmin.services.member.decide import decide
from ancadmin.services.member.moving.transfer import transfer_member

HERE, THERE = "79700012", "10501001"


def as_registered(office):
    """Mokoena and Naidoo, of the branch of anna; dora asks for discipline anywhere."""
    paid = {"joined_on": "2014-01-01", "last_payment_on": "2020-01-01", "last_payment": "20.00"}
    register(office, [person(MOKOENA, **paid), person(NAIDOO, surname="Naidoo", **paid)])
    on_record(office, "anna", ("branch_secretary", HERE))
    on_record(office, "dora", ("membership_officer", "national"))


@pytest.fixture
def begun(office):
    return office.after(as_registered)


def someone(office, account, role, place):
    return replace(session(office), account=account, sole_operator=False, roles=((role, place),))


def anna(office):
    return someone(office, "anna", Role.BRANCH_SECRETARY, HERE)


def national(office):
    return someone(office, "thandi", Role.NATIONAL_OFFICER, "national")


def asked(office, who, kind):
    """Who asks that such an entry is made about Mokoena; returns the answer, which waits."""
    answer = decide(who, MOKOENA, kind, on=session(office).today - timedelta(days=30), why="Letter")
    assert answer.waits
    return answer


def moved_on(office):
    """Meanwhile Mokoena moves."""
    day = (session(office).today - timedelta(days=60)).isoformat()
    office("member", "transfer", MOKOENA, "--to", THERE, "--on", day, "--why", "moved house")


def region(office, code=HERE):
    return sql(office, f"SELECT region FROM branch WHERE code = '{code}'")[0][0]


def verdicts(office):
    return [row["verdict"] for row in listed(national(office), decided=True)]


def test_what_the_branch_she_left_asked_for_is_not_approved(begun):
    number = asked(begun, anna(begun), Kind.RESIGNED).request
    moved_on(begun)
    officer = someone(begun, "sipho", Role.MEMBERSHIP_OFFICER, region(begun))
    for who in (national(begun), someone(begun, "x", Role.MEMBERSHIP_OFFICER, region(begun, THERE))):
        with pytest.raises(NotAllowed):
            approve(who, number, "Seen")
    with pytest.raises(NotAllowed, match=f"anna, who asked for this, has no say in branch {THERE} any more"):
        approve(national(begun), number, "Seen")
    assert verdicts(begun) == [None]
    assert refuse(officer, number, "She moved")["verdict"] == "refused"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_who_approves_reaches_the_branch_she_is_of_by_then(begun):
    number = asked(begun, someone(begun, "dora", Role.MEMBERSHIP_OFFICER, "national"), Kind.SUSPENDED).request
    moved_on(begun)
    left = someone(begun, "lerato", Role.REGIONAL_SECRETARY, region(begun))
    with pytest.raises(NotAllowed, match=f"lerato may not approve .* in branch {THERE}"):
        approve(left, number, "Seen")
    assert approve(national(begun), number, "Seen")["decision"] == "suspended"


def test_who_asked_is_held_to_the_place_at_the_approval_too(begun):
    number = asked(begun, anna(begun), Kind.RESIGNED).request
    sql(begun, f"UPDATE operator_role SET place = '{THERE}' WHERE account = 'anna'")
    with pytest.raises(NotAllowed, match=f"anna, who asked for this, has no say in branch {HERE} any more"):
        approve(national(begun), number, "Seen")
    assert verdicts(begun) == [None]
    sql(begun, f"UPDATE operator_role SET place = '{region(begun)}' WHERE account = 'anna'")
    assert approve(national(begun), number, "Seen")["decision"] == "resigned"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_transfer_may_be_asked_for_by_either_branch(begun):
    on_record(begun, "bongi", ("branch_secretary", THERE))
    day = session(begun).today - timedelta(days=30)
    for account, mine in (("anna", HERE), ("bongi", THERE)):
        who = someone(begun, account, Role.BRANCH_SECRETARY, mine)
        number = transfer_member(who, MOKOENA, to=THERE, on=day, why="moved").request
        done = approve(someone(begun, "carl", Role.BRANCH_SECRETARY, THERE), number, "welcome")
        undo_batch(national(begun), done["batch"])
        refuse(national(begun), number, "Not now")


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_request_taken_back_is_not_approved(begun):
    answer = asked(begun, anna(begun), Kind.RESIGNED)
    undo_batch(anna(begun), answer.batch)
    with pytest.raises(InputRefused, match="no request of this number"):
        approve(national(begun), answer.request, "Seen")


@pytest.mark.parametrize("engine", ["sqlite"])
def test_who_is_not_on_record_any_more_is_not_decided_about(begun):
    applied = begun(
        *("member", "apply", "8506305555086", "--surname", "Khumalo", "--first-names", "A", "--branch", HERE),
        *("--on", "2020-01-10", "--why", "Form", "--json"),
    ).json
    day = session(begun).today - timedelta(days=30)
    number = decide(anna(begun), "8506305555086", Kind.ACCEPTED, on=day, why="BEC").request
    begun("batch", "undo", applied["batch"])
    with pytest.raises(NotAllowed, match=f"request {number} is about is not on record any more"):
        approve(national(begun), number, "Seen")
    (told,) = begun("approvals", "list", "--json").json
    assert (told["request"], told["senders"]) == (number, [])
    refuse(national(begun), number, "Entry undone")


@pytest.mark.parametrize("engine", ["sqlite"])
def test_two_secretaries_move_nobody_for_a_meeting_long_past(begun):
    """Accepting a transfer is held to how far back its day lies, like every approval."""
    bongi = someone(begun, "bongi", Role.BRANCH_SECRETARY, THERE)
    day = session(begun).today - timedelta(days=181)
    number = transfer_member(anna(begun), MOKOENA, to=THERE, on=day, why="moved").request
    with pytest.raises(NotAllowed, match=f"bongi may not approve what concerns transfer, effective on {day}"):
        approve(bongi, number, "welcome")
    assert approve(national(begun), number, "Seen the minutes")["to_branch"] == THERE


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_the_record_does_not_allow_any_more_is_told_to_who_approves(begun):
    number = asked(begun, anna(begun), Kind.RESIGNED).request
    died = session(begun).today - timedelta(days=90)
    begun("member", "deceased", "import", begun.write("d.csv", f"ID number,Date of death\n{MOKOENA},{died}\n"))
    refused = begun("approvals", "approve", number, "--why", "Seen", code=3)
    assert f"died on {died}" in refused.err.splitlines()[0]
    assert f"ancadmin approvals refuse {number}" in refused.err
    assert verdicts(begun) == [None]


def yours(who):
    return any(row["yours"] for row in listed(who))


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_list_calls_yours_what_an_approval_would_be_allowed(begun):
    number = asked(begun, someone(begun, "dora", Role.MEMBERSHIP_OFFICER, "national"), Kind.SUSPENDED).request
    left = someone(begun, "lerato", Role.REGIONAL_SECRETARY, region(begun))
    came = someone(begun, "sipho", Role.REGIONAL_SECRETARY, region(begun, THERE))
    assert [yours(who) for who in (left, national(begun))] == [True, True]
    moved_on(begun)
    assert [yours(who) for who in (left, came, national(begun))] == [False, False, True]
    for who in (left, came):
        with pytest.raises(NotAllowed):
            approve(who, number, "Seen")
    sql(begun, f"UPDATE operator_role SET place = '{region(begun)}' WHERE account = 'dora'")
    assert yours(national(begun)) is False  # who asked has no say there any more
    with pytest.raises(NotAllowed, match="dora, who asked for this, has no say"):
        approve(national(begun), number, "Seen")
