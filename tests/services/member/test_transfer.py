"""Transfers: the receiving branch accepts; the standing on a past day counts in the branch of that day."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import insert
from tests.services.deposits.working import MOKOENA, NAIDOO, register, session, undo
from tests.services.member.test_merge_registers import person

from ancadmin.db.schema import operator, operator_role
from ancadmin.domain.roles import Role
from ancadmin.errors import InputRefused, NotAllowed
from ancadmin.services.approvals.deciding import approve, refuse
from ancadmin.services.approvals.listing import listed
from ancadmin.services.export.dues import export_dues
from ancadmin.services.member.list import Wanted
from ancadmin.services.member.list import listed as members_listed
from ancadmin.services.member.moving.transfer import transfer_member

HERE, THERE, BEYOND = "79700012", "10501001", "29300005"
DAY, BEFORE = "2020-06-01", "2020-05-31"
WHY = ["--why", "moved house"]


def as_registered(office):
    """Mokoena and Naidoo in good standing in 2020, of one branch; batches 2 and 3."""
    paid = {"joined_on": "2014-01-01", "last_payment_on": "2020-01-01", "last_payment": "20.00"}
    register(office, [person(MOKOENA, **paid), person(NAIDOO, surname="Naidoo", **paid)])
    with session(office).store.write() as connection:
        for account, place in (("anna", HERE), ("bongi", THERE)):
            connection.execute(insert(operator).values(account=account, name=account, batch=3))
            role = {"account": account, "role": "branch_secretary", "place": place, "begins_on": "2010-01-01"}
            connection.execute(insert(operator_role).values({**role, "batch": 3}))


@pytest.fixture
def begun(office):
    return office.after(as_registered)


def move(office, to=THERE, on=DAY, who=MOKOENA, code=0):
    answer = office("member", "transfer", who, "--to", to, "--on", on, *WHY, "--json", code=code)
    return answer.json if code == 0 else answer.err


def placed(office, *words):
    rows = office("member", "list", *words, "--json").json
    return {row["id_number"]: row["branch"] for row in rows}


def someone(office, account, role, place):
    return replace(session(office), account=account, sole_operator=False, roles=((role, place),))


def secretaries(office):
    """Of both branches, a month after the day: they move nobody long after it."""
    both = [someone(office, name, Role.BRANCH_SECRETARY, code) for name, code in (("anna", HERE), ("bongi", THERE))]
    return [replace(one, today=_day("2020-07-01")) for one in both]


def clean(office):
    assert office("check").out == ""
    assert office("sweep", "--verify", "--json").json["wrong"] == 0


def test_a_member_moves_and_the_batch_can_be_undone(begun):
    done = move(begun)
    assert (done["from_branch"], done["to_branch"], done["on"], done["waits"]) == (HERE, THERE, DAY, False)
    assert placed(begun)[MOKOENA] == THERE
    assert "is of that branch already" in move(begun, on="2020-07-01", code=3)
    assert "moved to the present branch on 2020-06-01" in move(begun, BEYOND, BEFORE, code=3)
    clean(begun)
    assert undo(begun, done["batch"])["kept"] == []
    assert placed(begun, "--on", "2020-07-01") == {MOKOENA: HERE, NAIDOO: HERE}


def test_a_past_day_counts_in_the_branch_of_that_day(begun):
    move(begun)
    move(begun, BEYOND, "2020-09-01")
    for day, code in (
        (BEFORE, HERE),
        (DAY, THERE),
        ("2020-08-31", THERE),
        ("2020-09-01", BEYOND),
        ("2035-01-01", BEYOND),
    ):
        assert placed(begun, "--on", day)[MOKOENA] == code
        for branch in (HERE, THERE, BEYOND):
            there = placed(begun, "--on", day, "--branch", branch)
            assert (MOKOENA in there, set(there.values()) <= {branch}) == (branch == code, True)
        told = begun("member", "explain", MOKOENA, "--on", day, "--json").json
        assert told["facts"]["branch"] == code
        assert told["sentences"][0].startswith(f"Thabo Mokoena of branch {code} ")
    assert placed(begun, "--on", BEFORE, "--region", "EKU").keys() == {MOKOENA, NAIDOO}
    assert placed(begun, "--on", DAY, "--province", "EC").keys() == {MOKOENA}


def test_papers_and_reports_of_a_day_too(begun):
    move(begun)
    counts, meeting = {}, ["--meeting", "BGM", "--meeting-date", "2020-07-01"]
    for day in (BEFORE, DAY):
        for branch in (HERE, THERE):
            words = ["--branch", branch, "--json", "-o", begun.folder / "paper.pdf"]
            listed_there = begun("export", "branch-list", *words, "--on", day).json["members"]
            on_register = begun("export", "attendance-register", *words, "--cut-off", day, *meeting).json["members"]
            counts[branch, day] = (listed_there, on_register)
    assert counts == {(HERE, BEFORE): (2, 2), (THERE, BEFORE): (0, 0), (HERE, DAY): (1, 1), (THERE, DAY): (1, 1)}
    move(begun, BEYOND, "2022-01-01")
    assert _owing(begun, "2021-12-31", HERE, THERE, BEYOND) == [1, 1, 0]
    assert _owing(begun, "2022-01-01", HERE, THERE, BEYOND) == [2, 0, 2]
    dues = [session(begun), MOKOENA, _day(BEFORE), None, begun.folder / "dues.xlsx"]
    export_dues(*dues)
    assert "Tembisa" in _texts(begun.folder / "dues.xlsx")


def test_a_register_that_names_the_former_branch_does_not_move_her_back(begun):
    move(begun)
    row = person(MOKOENA, joined_on="2014-01-01", last_payment_on="2020-01-01", last_payment="20.00")
    answer = register(begun, [row | {"cell": "0821234567"}], "later.csv")
    assert (answer["changed"], answer["notes"]) == ({"cell": 1}, {"branch_transferred": 1})
    answer = register(begun, [row | {"cell": "082 123 4567", "branch": HERE}], "same.csv")
    answer = register(begun, [row | {"old_reference": ""}], "again.csv")
    assert (answer["unchanged"], placed(begun)[MOKOENA]) == (1, THERE)
    told = begun("member", "history", MOKOENA, "--json").json
    assert any("branch_transferred" in (event["why"] or "") for event in told)
    answer = register(begun, [row | {"branch": BEYOND}], "third.csv")
    assert (answer["changed"], placed(begun)[MOKOENA]) == ({"branch": 1}, BEYOND)
    assert placed(begun, "--on", BEFORE)[MOKOENA] == HERE
    clean(begun)


def test_the_receiving_branch_accepts_what_a_secretary_asks(begun):
    anna, bongi = secretaries(begun)
    asked = transfer_member(anna, MOKOENA, to=THERE, on=_day(DAY), why="moved house")
    assert (asked.waits, placed(begun)[MOKOENA]) == (True, HERE)
    (waiting,) = listed(bongi, decided=False, full_ids=True)
    assert (waiting["from_branch"], waiting["to_branch"], waiting["senders"]) == (HERE, THERE, [MOKOENA])
    assert f"{HERE} → {THERE}" in begun("approvals", "list").out
    third = someone(begun, "carl", Role.BRANCH_SECRETARY, BEYOND)
    for who in (anna, third, someone(begun, "dora", Role.MEMBERSHIP_OFFICER, "EKU")):
        with pytest.raises(NotAllowed):
            approve(who, asked.request, "welcome")
    done = approve(bongi, asked.request, "welcome")
    assert (done["to_branch"], done["asked_by"], done["approved_by"]) == (THERE, "anna", "bongi")
    assert placed(begun)[MOKOENA] == THERE
    told = begun("member", "history", MOKOENA, "--json").json
    (moved,) = (one for one in told if one["what"].startswith("transfer: "))
    assert moved["on"] == DAY
    assert moved["what"] == f"transfer: branch {HERE} → {THERE} (asked by anna, approved by bongi)"
    assert (moved["why"], moved["who"]) == ("moved house", "bongi")
    assert all(moved[name] for name in ("recorded_at", "policy_version"))
    words = [(one["what"], one["who"], one["why"]) for one in told if one["what"].startswith("request")]
    assert words == [
        (f"request 1: member transfer, branch {HERE} → {THERE}, for {DAY}", "anna", "moved house"),
        ("request 1: approved", "bongi", "welcome"),
    ]
    undo(begun, done["batch"])
    assert placed(begun)[MOKOENA] == HERE
    assert [one["request"] for one in listed(bongi, decided=False)] == [1]
    assert refuse(bongi, 1, "not of this ward")["verdict"] == "refused"
    clean(begun)


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("meanwhile", ["moved", "died"])
def test_what_happened_meanwhile_is_named_and_the_request_stands(begun, meanwhile):
    anna, bongi = secretaries(begun)
    asked = transfer_member(anna, MOKOENA, to=THERE, on=_day(DAY), why="moved house")
    if meanwhile == "moved":
        move(begun, BEYOND)
        said, error = f"she was of branch {HERE}, now she is of {BEYOND}", NotAllowed
    else:
        begun("member", "deceased", "import", _result(begun))
        said, error = "died on 2021-01-01, and stays in the branch of that day", InputRefused
    with pytest.raises(error, match=said):
        approve(bongi, asked.request, "welcome")
    assert [one["request"] for one in listed(bongi, decided=False)] == [asked.request]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_who_reaches_a_branch_sees_who_belonged_to_it_on_the_day(begun):
    anna, bongi = secretaries(begun)
    move(begun)
    for who, day, seen in ((anna, BEFORE, 2), (anna, DAY, 1), (bongi, BEFORE, 0), (bongi, DAY, 1)):
        with members_listed(who, Wanted(_day(day)), full_ids=False) as rows:
            assert len(list(rows)) == seen


@pytest.mark.parametrize("engine", ["sqlite"])
def test_only_the_last_move_can_be_undone_and_the_others_after_it(begun):
    first, second, back = move(begun)["batch"], move(begun, BEYOND)["batch"], move(begun, THERE)["batch"]
    assert "changed again since" in undo(begun, first)["kept"][0]["why"]
    assert placed(begun)[MOKOENA] == THERE
    for number, code in ((back, BEYOND), (second, THERE), (first, HERE)):
        assert undo(begun, number)["kept"] == []
        assert placed(begun)[MOKOENA] == code
    clean(begun)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_in_a_merge_the_place_of_the_record_kept_stands_and_history_tells_both(begun):
    move(begun, who=NAIDOO)
    begun("member", "merge", MOKOENA, NAIDOO, *WHY)
    assert placed(begun) == {MOKOENA: HERE}
    told = [one["what"] for one in begun("member", "history", MOKOENA, "--json").json]
    assert any(what.startswith(f"under member 750115****085: transfer: branch {HERE} → {THERE}") for what in told)
    move(begun, BEYOND)
    assert placed(begun, "--on", BEFORE) == {MOKOENA: HERE}
    clean(begun)


def _day(text):
    return date.fromisoformat(text)


def _owing(office, day, *branches):
    """What is owed in each branch, in fees."""
    rows = office("report", "ageing", "--on", day, "--by", "branch", "--json").json
    owed = {row["code"]: row["receivable_cents"] // 2000 for row in rows if row["kind"] == "branch"}
    return [owed[branch] for branch in branches]


def _texts(path):
    from openpyxl import load_workbook

    return " ".join(str(cell.value) for sheet in load_workbook(path) for row in sheet.iter_rows() for cell in row)


def _result(office):
    return office.write("hanis.csv", f"ID Number,Date of Death\n{MOKOENA},2021-01-01\n")
