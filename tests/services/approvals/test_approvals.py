"""docs/rules.md, section 7: above an amount a refund, a move or a reversal waits until somebody else approves it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from tests.accounts import on_record
from tests.errors.refusal import contents
from tests.services.deposits.working import (
    MOKOENA,
    NAIDOO,
    NOBODY,
    deposits,
    holds,
    match,
    register,
    session,
    statement,
    take_in,
    undo,
)
from tests.tamper import sql

from ancadmin.db.schema import refund
from ancadmin.domain.roles import Role
from ancadmin.errors import InputRefused, NotAllowed
from ancadmin.services.approvals.deciding import approve, refuse
from ancadmin.services.approvals.listing import listed
from ancadmin.services.batch.undo import undo_batch
from ancadmin.services.deposits.officer import allocate, refund_deposit, reverse
from ancadmin.services.deposits.suspense.moving import move


def money_in(office):
    """Deposit 1: nobody's, R600. Deposit 2: nobody's, R500. Deposit 3: credited to Mokoena, R700."""
    register(office, [{"id_number": MOKOENA}, {"id_number": NAIDOO}])
    lines = [("2020-03-02", 60000, NOBODY), ("2020-03-03", 50000, NOBODY), ("2020-03-04", 70000, NOBODY)]
    policy = office.write("policy.toml", _policy(100))
    take_in(office, statement(office, "one.csv", lines))
    office("--policy", policy, "deposits", "match")
    allocate(session(office), 3, MOKOENA, None, "Her slip")
    for account in ("thandi", "sipho", "lerato"):
        on_record(office, account, ("membership_officer", "EKU"))  # what each test gives them is no less


@pytest.fixture
def working(office):
    return office.after(money_in)


def _policy(fees):
    """The policy as it is shipped, but for large deposits, which are not bulk ones here."""
    from ancadmin.policy import policy_text

    return policy_text(None).replace("amount_fees = 10 ", f"amount_fees = {fees} ")


def someone(office, account):
    return replace(session(office), account=account, sole_operator=False, roles=((Role.NATIONAL_OFFICER, "national"),))


def after(office, number):
    row = next(row for row in deposits(office) if row["deposit"] == number)
    return row["state"], row["reason"], [(one["id_number"], one["cents"]) for one in row["members"]]


def whys(office, table):
    with session(office).store.connect() as connection:
        return list(connection.scalars(select(table.c.why).order_by(table.c.id)))


@pytest.mark.parametrize("engine", ["sqlite"])
def test_up_to_the_amount_one_officer_decides_alone(working):
    done = refund_deposit(someone(working, "thandi"), 2, "Wrong account")
    assert (done.state, done.request, done.waits) == ("refunded", None, False)
    assert listed(session(working), decided=True) == []


def test_above_it_waits_and_is_done_exactly_as_asked_when_somebody_else_approves(working):
    thandi, sipho = someone(working, "thandi"), someone(working, "sipho")
    asked = [
        refund_deposit(thandi, 1, "Wrong account"),
        move(thandi, 3, MOKOENA, NAIDOO, 60000, "His slip"),
    ]
    assert [(one.cents, one.waits) for one in asked] == [(60000, True), (60000, True)]
    assert after(working, 1) == ("unallocated", "id_not_registered", [])
    assert after(working, 3) == ("matched", "officer", [(MOKOENA, 70000)])
    waiting = listed(sipho, decided=False)
    assert [(one["kind"], one["subject"], one["cents"], one["asked_by"]) for one in waiting] == [
        ("deposits refund", "1", 60000, "thandi"),
        ("deposits move", "3", 60000, "thandi"),
    ]
    for one in asked:
        with pytest.raises(NotAllowed, match="nobody approves their own"):
            approve(thandi, one.request, "Looks right")
        assert approve(sipho, one.request, "Seen the letter")["own_work"] is False
        with pytest.raises(NotAllowed, match="was approved by sipho"):
            approve(sipho, one.request, "Once more")
    assert after(working, 1) == ("refunded", "refund", [])
    assert after(working, 3) == ("matched", "officer", [(MOKOENA, 10000), (NAIDOO, 60000)])
    said = f"(request {asked[0].request} of thandi, approved by sipho: Seen the letter)"
    assert whys(working, refund) == [f"Wrong account {said}"]
    assert holds(working)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_reversal_waits_too_and_is_refused_with_a_reason(working):
    asked = reverse(someone(working, "thandi"), 3, "Another slip")
    sipho = someone(working, "sipho")
    assert refuse(sipho, asked.request, "The slip is hers")["verdict"] == "refused"
    assert after(working, 3)[2] == [(MOKOENA, 70000)]
    (one,) = listed(sipho, decided=True)
    assert (one["decided_by"], one["decided_why"]) == ("sipho", "The slip is hers")
    with pytest.raises(NotAllowed, match="was refused"):
        approve(sipho, asked.request, "After all")
    with pytest.raises(InputRefused, match="no request of this number"):
        approve(sipho, 99, "Which")


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_same_is_not_asked_for_twice_nor_what_could_not_be_done(working):
    thandi = someone(working, "thandi")
    refund_deposit(thandi, 1, "Wrong account")
    with pytest.raises(NotAllowed, match="waits for approval already"):
        refund_deposit(thandi, 1, "Wrong account")
    with pytest.raises(InputRefused, match="nothing of deposit 3 is unallocated"):
        refund_deposit(thandi, 3, "Wrong account")


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_request_that_no_longer_fits_is_refused_with_what_changed(working):
    thandi, sipho = someone(working, "thandi"), someone(working, "sipho")
    asked = refund_deposit(thandi, 1, "Wrong account")
    allocate(sipho, 1, NAIDOO, None, "His slip")
    with pytest.raises(
        NotAllowed, match=r"deposit 1 changed since request \d+ was made: it is matched now \(officer\)"
    ):
        approve(sipho, asked.request, "Seen the letter")
    assert after(working, 1) == ("matched", "officer", [(NAIDOO, 60000)])


def test_requests_approvals_and_refusals_are_undone_one_by_one(working):
    thandi, sipho = someone(working, "thandi"), someone(working, "sipho")
    asked = refund_deposit(thandi, 1, "Wrong account")
    refused = refuse(sipho, asked.request, "Not yet")
    (kept,) = undo(working, asked.batch)["kept"]
    assert kept["why"] == f"it was refused since, in batch {refused['batch']}: undo that first"
    undo(working, refused["batch"])
    approved = approve(sipho, asked.request, "Seen the letter")
    undo(working, approved["batch"])
    assert after(working, 1) == ("unallocated", "id_not_registered", [])
    assert len(listed(sipho, decided=False)) == 1
    undo(working, asked.batch)
    assert listed(sipho, decided=True) == []
    assert holds(working)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_approval_later_work_stands_on_is_kept(working):
    thandi, sipho = someone(working, "thandi"), someone(working, "sipho")
    asked = move(thandi, 3, MOKOENA, NAIDOO, None, "His slip")
    approved = approve(sipho, asked.request, "Seen the slip")
    back = move(thandi, 3, NAIDOO, MOKOENA, 100, "A part of it hers")
    assert undo(working, approved["batch"])["kept"][0]["why"] == "it was decided about again since: undo that first"
    assert listed(sipho, decided=True)[0]["verdict"] == "approved"
    undo(working, back.batch)
    undo(working, approved["batch"])
    assert after(working, 3)[2] == [(MOKOENA, 70000)]
    assert listed(sipho, decided=True)[0]["verdict"] is None


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_sole_operator_approves_in_the_same_breath_and_the_entry_says_so(working):
    done = working("deposits", "refund", 1, "--why", "Wrong account", "--json")
    assert (done.json["state"], done.json["waits"]) == ("refunded", False)
    assert "own work of the sole operator" in done.err
    (why,) = whys(working, refund)
    assert f"request {done.json['request']}, own work of the sole operator" in why
    (row,) = working("approvals", "list", "--all", "--json").json
    assert (row["verdict"], row["own_work"]) == ("approved", True)
    undo(working, done.json["batch"])
    assert working("approvals", "list", "--all", "--json").json == []
    assert after(working, 1)[0] == "unallocated"
    again = working("deposits", "refund", 1, "--why", "Wrong account", "--json").json
    assert again["state"] == "refunded"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_commands_say_what_waits(working):
    refund_deposit(someone(working, "thandi"), 1, "Wrong account")
    waiting = working("approvals", "list", "--strict", code=10).out
    assert "deposits refund 1\t\tR600.00\t\t\tthandi" in waiting
    number = working("approvals", "list", "--json").json[0]["request"]
    assert working("approvals", "approve", number, "--why", "Seen", "-n", "--json").json["state"] == "refunded"
    assert "approved and done" in working("approvals", "approve", number, "--why", "Seen").err
    assert working("approvals", "list", "--strict").out.count("\n") == 1
    assert "is blank" in working("approvals", "refuse", number, "--why", " ", code=3).err


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_copy_of_the_policy_made_before_there_was_an_amount_has_the_shipped_one(office):
    from ancadmin.policy import load_policy, policy_text

    old = policy_text(None).split("[approval]")[0].replace("paid_twice_days = 3", "")
    own = f"{old}\n[approval]\nalone_cents = 7\n"
    for name, text, cents in (("old.toml", old, 50_000), ("own.toml", own, 7)):
        assert load_policy(office.write(name, text)).on(date(2025, 1, 1)).alone_cents == cents


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_one_who_approves_decides_about_members_there(working):
    asked = move(someone(working, "thandi"), 3, MOKOENA, NAIDOO, None, "His slip")
    elsewhere = replace(someone(working, "sipho"), roles=((Role.MEMBERSHIP_OFFICER, "BUF"),))
    with pytest.raises(NotAllowed, match="may not credit members of branch"):
        approve(elsewhere, asked.request, "Seen")
    assert match(working)["looked_at"] == 0


@pytest.mark.parametrize("engine", ["sqlite"])
def test_where_nobody_is_the_sole_operator_the_command_says_what_it_waits_for(working):
    sql(working, "DELETE FROM setting WHERE key = 'sole_operator'")
    answer = working("deposits", "refund", 1, "--why", "Wrong account", "--json")
    number = answer.json["request"]
    assert (answer.json["waits"], answer.json["state"]) == (True, "unallocated")
    line = f'deposit 1: R600.00 waits for approval {number} → ancadmin approvals approve {number} --why "…"'
    assert answer.err.strip() == line
    assert "nobody approves their own" in working("approvals", "approve", number, "--why", "Seen", code=7).err
    assert "(deposits refund) refused" in working("approvals", "refuse", number, "--why", "Withdrawn").err


def five_and_three(office):
    """Deposit 3 (R700) is Mokoena's with R500 and Naidoo's with R200."""
    move(session(office), 3, MOKOENA, NAIDOO, 20000, "A part of it his")


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_waits_at_once_waits_bit_by_bit_too_when_moved(working):
    thandi, sipho = someone(working, "thandi"), someone(working, "sipho")
    first = move(thandi, 3, MOKOENA, NAIDOO, 50000, "His slip")
    assert not first.waits
    rest = move(sipho, 3, MOKOENA, NAIDOO, 10000, "His slip")  # whoever moves it
    assert (rest.waits, rest.cents) == (True, 10000)
    approve(thandi, rest.request, "Seen the slip")
    assert move(thandi, 3, MOKOENA, NAIDOO, 1, "His slip").waits  # what was approved does not count, the R500 do


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_waits_at_once_waits_bit_by_bit_too_when_taken_back(working):
    thandi = someone(working, "thandi")
    five_and_three(working)
    assert not reverse(thandi, 3, "Another slip", MOKOENA).waits
    assert reverse(thandi, 3, "Another slip", NAIDOO).waits


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_waits_at_once_waits_bit_by_bit_too_when_given_back(working):
    thandi = someone(working, "thandi")
    allocate(thandi, 1, MOKOENA, 20000, "Her slip")
    given = refund_deposit(thandi, 1, "Wrong account")
    assert (given.waits, given.cents) == (False, 40000)
    assert not reverse(thandi, 1, "Not hers").waits
    assert refund_deposit(thandi, 1, "Wrong account").waits


def test_what_waits_at_once_waits_deposit_by_deposit_too(working):
    """R500 a day alone, of each kind of work: the day's sum, of whatever deposits."""
    thandi, sipho = someone(working, "thandi"), someone(working, "sipho")
    allocate(thandi, 1, MOKOENA, 30000, "Her slip")  # leaves R300 of deposit 1
    first = refund_deposit(thandi, 1, "Wrong account")
    assert not first.waits
    rest = refund_deposit(thandi, 2, "Wrong account")
    assert (rest.waits, rest.cents, rest.before_cents) == (True, 50000, 30000)
    assert not move(thandi, 3, MOKOENA, NAIDOO, 40000, "His slip").waits  # another kind of work
    assert reverse(thandi, 3, "Another slip", NAIDOO).waits is False
    assert reverse(thandi, 1, "Another slip", MOKOENA).before_cents == 40000
    approve(sipho, rest.request, "Seen the letter")  # what was approved is nobody's alone
    undo(working, first.batch)
    assert not refund_deposit(thandi, 1, "Wrong account").waits
    assert holds(working)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_another_officer_and_another_day_begin_anew(working):
    thandi, sipho = someone(working, "thandi"), someone(working, "sipho")
    allocate(thandi, 2, NAIDOO, None, "His slip")
    assert not move(thandi, 3, MOKOENA, NAIDOO, 50000, "His slip").waits
    assert move(thandi, 2, NAIDOO, MOKOENA, 100, "Her slip").waits
    assert not move(sipho, 2, NAIDOO, MOKOENA, 100, "Her slip").waits
    assert not move(tomorrow(thandi), 2, NAIDOO, MOKOENA, 100, "Her slip").waits


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_command_says_what_counts_with_it(working):
    sql(working, "DELETE FROM setting WHERE key = 'sole_operator'")
    working("deposits", "refund", 2, "--why", "Wrong account")
    told = working("deposits", "refund", 1, "--why", "Wrong account", "--json")
    assert told.json["before_cents"] == 50000
    assert "R600.00 waits for approval 1 (with R500.00 before: of this deposit, or by you today) →" in told.err


def officer(office, account="thandi"):
    return replace(someone(office, account), roles=((Role.MEMBERSHIP_OFFICER, "EKU"),))


def tomorrow(work):
    return replace(work, today=work.today + timedelta(days=1))


def test_an_undo_of_earlier_work_takes_no_more_from_members_than_one_officer_may_alone(working):
    thandi = officer(working)
    small = allocate(thandi, 1, MOKOENA, 30000, "Her slip")
    large = allocate(thandi, 2, MOKOENA, None, "Her slip")
    assert undo_batch(tomorrow(thandi), small.batch).kept == []
    before = contents(working)
    told = r"takes R500\.00 from members, which makes R800\.00 today: .* takes back up to R500\.00 alone"
    with pytest.raises(NotAllowed, match=told):
        undo_batch(tomorrow(thandi), large.batch)
    assert contents(working) == before
    assert undo_batch(tomorrow(someone(working, "sipho")), large.batch).kept == []  # a national officer
    assert after(working, 2)[0] == "unallocated"
    assert holds(working)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_slip_is_put_right_the_same_day_and_what_is_given_back_takes_from_nobody(working):
    thandi = officer(working)
    slip = allocate(thandi, 1, MOKOENA, None, "Her slip")
    assert undo_batch(thandi, slip.batch).kept == []
    again = allocate(thandi, 1, MOKOENA, None, "Her slip")
    with pytest.raises(NotAllowed, match=r"takes R600\.00 from members"):
        undo_batch(tomorrow(thandi), again.batch)
    back = reverse(someone(working, "thandi"), 3, "Another slip")
    done = approve(officer(working, "sipho"), back.request, "Seen the slip")
    assert undo_batch(tomorrow(officer(working, "sipho")), done["batch"]).kept == []
    assert after(working, 3)[2] == [(MOKOENA, 70000)]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_was_undone_no_longer_counts_but_what_an_undo_kept_does(working):
    thandi = someone(working, "thandi")
    first = move(thandi, 3, MOKOENA, NAIDOO, 50000, "His slip")
    undo(working, first.batch)
    second = move(thandi, 3, MOKOENA, NAIDOO, 30000, "His slip")
    assert not second.waits
    assert not move(thandi, 3, MOKOENA, NAIDOO, 10000, "His slip").waits
    assert len(undo(working, second.batch)["kept"]) == 1
    assert move(thandi, 3, MOKOENA, NAIDOO, 20000, "His slip").waits


@pytest.mark.parametrize("engine", ["sqlite"])
def test_money_given_back_that_came_again_is_given_back_alone_again(working):
    thandi = someone(working, "thandi")
    for _ in range(2):
        assert not refund_deposit(thandi, 2, "Wrong account").waits
        reverse(thandi, 2, "It came back")


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_reversal_takes_from_nobody_out_of_reach_of_who_asks_or_approves(working):
    thandi = someone(working, "thandi")
    elsewhere = replace(someone(working, "sipho"), roles=((Role.MEMBERSHIP_OFFICER, "BUF"),))
    with pytest.raises(NotAllowed, match="may not credit members of branch 79700012"):
        reverse(elsewhere, 3, "Another slip")
    asked = reverse(thandi, 3, "Another slip")
    with pytest.raises(NotAllowed, match="may not credit members of branch 79700012"):
        approve(elsewhere, asked.request, "Seen the slip")
    assert after(working, 3)[2] == [(MOKOENA, 70000)]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_list_says_whose_money_goes_to_whom(working):
    thandi = someone(working, "thandi")
    five_and_three(working)
    refund_deposit(thandi, 1, "Wrong account")
    given = reverse(thandi, 3, "Another slip")
    asked = move(replace(thandi, account="sipho"), 3, MOKOENA, NAIDOO, None, "His slip")
    told = {row["kind"]: (row["senders"], row["receiver"]) for row in working("approvals", "list", "--json").json}
    assert told == {
        "deposits refund": ([], None),
        "deposits reverse": ([NAIDOO, MOKOENA], None),
        "deposits move": ([MOKOENA], NAIDOO),
    }
    shown = working("approvals", "list").out
    assert "\tdeposits reverse 3\t750115****085, 800101****087\tR700.00\t" in shown
    assert "\tdeposits move 3\t800101****087 → 750115****085\t" in shown
    assert MOKOENA not in shown
    assert asked.waits
    approve(someone(working, "lerato"), given.request, "Seen the slip")
    (done,) = (row for row in listed(thandi, decided=True) if row["request"] == given.request)
    assert done["senders"] == [NAIDOO, MOKOENA]  # of whom it was taken, though nobody has it now
