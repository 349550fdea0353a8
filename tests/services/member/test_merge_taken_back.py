"""Money taken back while two records were one, and given back once they are two again: to whom it was credited."""

import pytest
from tests.services.deposits.working import (
    MOKOENA,
    NAIDOO,
    VAN_DER_MERWE,
    match,
    numbered,
    register,
    session,
    statement,
    take_in,
)
from tests.tamper import sql

from ancadmin.services.batch.undo import undo_batch
from ancadmin.services.check.run import check_store

SLIP = ("--why", "slip seen")
STEPS = {
    "deposits reverse": ("deposits", "reverse", 1),
    "deposits move": ("deposits", "move", 1, "--from", NAIDOO, "--to", VAN_DER_MERWE),
}


def _does(office, *words):
    return office(*words, *SLIP, "--json").json["batch"]


def _mine(office):
    """Whom deposit 1 names, and who is credited with it."""
    ((named,),) = sql(
        office, "SELECT member.id_number FROM deposit JOIN member ON member.id = deposit.member WHERE deposit.id = 1"
    )
    return named, [row["id_number"] for row in numbered(office, "X")["members"] if row["cents"]]


@pytest.fixture
def credited(office):
    """Three members; deposit 1 is credited to the first, in the batch given."""
    register(office, [{"id_number": number} for number in (MOKOENA, NAIDOO, VAN_DER_MERWE)])
    take_in(office, statement(office, "one.csv", [("2020-03-06", 2000, "X")]))
    match(office)
    return office, _does(office, "deposits", "allocate", 1, "--to", MOKOENA)


def _sound(office):
    assert check_store(session(office)) == []
    assert office("sweep", "--verify", "--json").json["wrong"] == 0


@pytest.mark.parametrize("step", STEPS)
def test_money_taken_back_while_two_were_one_is_given_back_to_whom_it_was_credited(credited, step):
    office, allocated = credited
    merged = _does(office, "member", "merge", NAIDOO, MOKOENA)
    taken = _does(office, *STEPS[step])
    assert undo_batch(session(office), merged).kept == []
    assert undo_batch(session(office), taken).kept == []
    assert _mine(office) == (MOKOENA, [MOKOENA])
    _sound(office)
    assert undo_batch(session(office), allocated).kept == []
    assert numbered(office, "X")["unallocated_cents"] == 2000


@pytest.mark.parametrize("engine", ["sqlite"])
def test_of_two_merges_undone_the_money_goes_back_through_both(credited):
    office, _ = credited
    first = _does(office, "member", "merge", NAIDOO, MOKOENA)
    second = _does(office, "member", "merge", VAN_DER_MERWE, NAIDOO)
    taken = _does(office, "deposits", "reverse", 1)
    undo_batch(session(office), second)
    undo_batch(session(office), taken)
    assert _mine(office) == (NAIDOO, [NAIDOO])
    taken = _does(office, "deposits", "reverse", 1)
    undo_batch(session(office), first)
    undo_batch(session(office), taken)
    assert _mine(office) == (MOKOENA, [MOKOENA])
    _sound(office)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_money_made_again_while_two_were_one_is_given_back_to_whom_it_was_credited(credited):
    office, _ = credited
    taken = _does(office, "deposits", "reverse", 1)
    merged = _does(office, "member", "merge", NAIDOO, MOKOENA)
    undo_batch(session(office), taken)
    assert _mine(office) == (NAIDOO, [NAIDOO])
    taken = _does(office, "deposits", "reverse", 1)
    undo_batch(session(office), merged)
    undo_batch(session(office), taken)
    assert _mine(office) == (MOKOENA, [MOKOENA])
    _sound(office)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_money_credited_to_the_record_kept_stays_with_it(credited):
    office, _ = credited
    _does(office, "deposits", "reverse", 1)
    merged = _does(office, "member", "merge", NAIDOO, MOKOENA)
    _does(office, "deposits", "allocate", 1, "--to", NAIDOO)
    taken = _does(office, "deposits", "reverse", 1)
    undo_batch(session(office), merged)
    undo_batch(session(office), taken)
    assert _mine(office) == (NAIDOO, [NAIDOO])


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_deposit_that_only_named_the_other_record_names_it_again(office):
    register(office, [{"id_number": MOKOENA}, {"id_number": NAIDOO, "status": "expelled", "status_on": "2019-01-01"}])
    take_in(office, statement(office, "one.csv", [("2020-03-06", 2000, NAIDOO)]))
    match(office)
    assert sql(office, "SELECT member.id_number FROM member JOIN deposit ON deposit.member = member.id") == [(NAIDOO,)]
    merged = _does(office, "member", "merge", MOKOENA, NAIDOO)
    given = _does(office, "deposits", "refund", 1)
    undo_batch(session(office), merged)
    undo_batch(session(office), given)
    assert sql(office, "SELECT member.id_number FROM member JOIN deposit ON deposit.member = member.id") == [(NAIDOO,)]
