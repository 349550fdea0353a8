"""A class of suggestions accepted at once: never a tie, never who may not be credited; and undone as one."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.services.deposits.reviewing import at_desk, suggest
from tests.services.deposits.working import (
    MOKOENA,
    NAIDOO,
    VAN_DER_MERWE,
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

from ancadmin.domain.deposits import Reason
from ancadmin.errors import NotAllowed
from ancadmin.services.deposits.listing import Wanted
from ancadmin.services.deposits.review import accepting, deciding

RUNG = "legacy_reference"
APPLICANT = "9010106001084"


def accept(office, least=90, among=None, reason=Reason.LEGACY_REFERENCE, **more):
    return accepting.accept_class(
        session(office) if not more else at_desk(office, **more).session,
        reason,
        least=least,
        why="the old book was checked",
        among=among or Wanted(),
    )


def many_alike(office):
    """Deposits REF 1… of 2021-03-01 and on, with nobody suggested yet, and who may be."""
    register(
        office,
        [
            {"id_number": MOKOENA, "last_payment_on": "2020-06-01", "last_payment": "20.00"},
            {"id_number": NAIDOO, "last_payment_on": "2021-03-04", "last_payment": "20.00", "branch": "10501001"},
            {"id_number": VAN_DER_MERWE, "status": "deceased", "status_on": "2020-02-01"},
        ],
    )
    apply = ("member", "apply", APPLICANT, "--surname", "Dlamini", "--branch", "79700012", "--on", "2020-01-10")
    office(*apply, "--why", "A form was handed in")
    lines = [(f"2021-03-0{day}", 2000, f"REF {day}") for day in range(1, 10)]
    take_in(office, statement(office, "one.csv", lines))
    match(office)


@pytest.fixture
def many(office):
    return office.after(many_alike)


def outcome(office):
    """State, reason and who is credited, by narrative."""
    return {
        row["narrative"]: (row["state"], row["reason"], *(one["id_number"] for one in row["members"] if one["cents"]))
        for row in deposits(office)
    }


def test_only_the_sole_likeliest_of_the_class_from_the_score_on_is_credited(many):
    suggest(many, "REF 1", (MOKOENA, 95, RUNG), (NAIDOO, 3, RUNG))
    suggest(many, "REF 2", (MOKOENA, 93, RUNG))
    suggest(many, "REF 3", (MOKOENA, 89, RUNG))
    suggest(many, "REF 4", (MOKOENA, 95, RUNG), (NAIDOO, 95, RUNG))
    suggest(many, "REF 5", (MOKOENA, 99, "near_miss"))
    before, picture = deposits(many), outcome(many)
    result = accept(many)
    assert result.as_dict() | {"batch": 0, "sample": 0} == {
        "batch": 0,
        "looked_at": 4,
        "accepted": 2,
        "cents": 4000,
        "ties": 1,
        "below_score": 1,
        "left": {},
        "learnt": 0,
        "sample": 0,
    }
    assert [one["score"] for one in result.sample] == [0.93, 0.95], "the least likely are shown first"
    assert all(one["evidence"] for one in result.sample), "with what speaks for them"
    credited = ("matched", RUNG, MOKOENA)
    assert outcome(many) == picture | {"REF 1": credited, "REF 2": credited}
    assert (
        sql(many, "SELECT reason, why, batch, cents FROM allocation ORDER BY deposit")
        == [(RUNG, "the old book was checked", result.batch, 2000)] * 2
    )
    # Both fees count: a year each after the register's.
    facts = many("member", "explain", MOKOENA, "--on", "2021-03-02", "--json").json["facts"]
    assert facts["paid_until"] == "2023-06-01"
    assert holds(many)
    many("check")
    assert accept(many).accepted == 0, "run twice, nothing more is credited"
    undone = undo(many, result.batch)
    assert (undone["kept"], undone["suggested_again"]) == ([], 2)
    assert deposits(many) == before
    assert accept(many).accepted == 2
    many("check")
    many("audit", "verify")


def test_who_may_not_be_credited_and_what_others_are_at_is_left(many):
    suggest(many, "REF 1", (VAN_DER_MERWE, 95, RUNG))
    suggest(many, "REF 2", (APPLICANT, 95, RUNG))
    suggest(many, "REF 3", (NAIDOO, 95, RUNG))
    suggest(many, "REF 5", (NAIDOO, 95, RUNG))
    number = suggest(many, "REF 6", (NAIDOO, 95, RUNG))
    deciding.mark(session(many), number, why="ask the branch")
    suggest(many, "REF 7", (MOKOENA, 95, RUNG))
    among = Wanted(first_day=datetime(2021, 3, 2, tzinfo=UTC).date(), last_day=datetime(2021, 3, 7, tzinfo=UTC).date())
    other = at_desk(many, account="other")
    other.next()
    assert accept(many, among=among).left == {"in_hand": 2, "in_opening": 1, "marked": 1, "not_accepted_yet": 1}
    other.close()
    left = accept(many, among=among, account="other").left
    assert left == {"in_opening": 1, "marked": 1, "not_accepted_yet": 1}
    assert accept(many).left == {"in_opening": 1, "marked": 1, "member_excluded": 1, "not_accepted_yet": 1}
    assert [one[0] for one in sql(many, "SELECT count(*) FROM allocation")] == [2]
    assert holds(many)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_organisation_may_want_members_with_old_references_to_pay_again(many):
    number = suggest(many, "REF 1", (MOKOENA, 95, RUNG))
    suggest(many, "REF 2", (MOKOENA, 95, "near_miss"))
    at = session(many)
    strict = replace(at, policy=replace(at.policy, old_references=False))
    ((who,),) = sql(many, f"SELECT id FROM member WHERE id_number = '{MOKOENA}'")
    with pytest.raises(NotAllowed, match="old reference"):
        deciding.accept(strict, number, who)
    with pytest.raises(NotAllowed, match="old reference"):
        accepting.accept_class(strict, Reason.LEGACY_REFERENCE, least=0, why="x", among=Wanted())
    assert accepting.accept_class(strict, Reason.NEAR_MISS, least=0, why="x", among=Wanted()).accepted == 1


@pytest.mark.parametrize("engine", ["sqlite"])
def test_who_was_merged_into_another_is_no_rival_of_theirs(many):
    suggest(many, "REF 5", (MOKOENA, 95, RUNG), (NAIDOO, 95, RUNG))
    many("member", "merge", MOKOENA, NAIDOO, "--why", "one person")
    result = accept(many, least=0)
    assert (result.accepted, result.ties) == (1, 0)
    assert outcome(many)["REF 5"] == ("matched", RUNG, MOKOENA)


def test_what_was_decided_since_is_kept_when_a_class_is_undone(many):
    one = suggest(many, "REF 1", (MOKOENA, 95, RUNG))
    suggest(many, "REF 2", (MOKOENA, 95, RUNG))
    batch = accept(many).batch
    many("deposits", "reverse", one, "--why", "the bank took it back")
    assert undo(many, batch)["kept"] == [
        {"what": f"deposit {one}", "why": "it was decided about again since: undo that first"}
    ]
    assert outcome(many)["REF 1"] == ("unallocated", "reversed")
    assert outcome(many)["REF 2"] == ("suggested", RUNG)
    assert holds(many)
