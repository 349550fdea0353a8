"""Suggestions reviewed one by one: what is accepted is credited, what is refused is nobody's, and all of it undone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.services.deposits.reviewing import MISTYPED, OLD_REFERENCE, WORDS, at_desk, suggest, waiting
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

from ancadmin.errors import InputRefused, NotAllowed
from ancadmin.services.deposits.review import deciding

SQLITE = pytest.mark.parametrize("engine", ["sqlite"])


def standing(office, number):
    """State, reason, members credited, and what is unallocated of a deposit."""
    (row,) = (row for row in deposits(office) if row["deposit"] == number)
    return row["state"], row["reason"], [one["id_number"] for one in row["members"] if one["cents"]]


def row_of(office, id_number):
    ((row,),) = sql(office, f"SELECT id FROM member WHERE id_number = '{id_number}'")
    return row


def aliases(office):
    return sql(office, "SELECT kind, key, reversed_by FROM alias ORDER BY id")


def test_the_likeliest_comes_first_with_score_evidence_standing_and_dues(office):
    waiting(office)
    desk = at_desk(office)
    piece = desk.next()
    assert (piece.narrative, piece.cents, piece.value_date, piece.tie) == (OLD_REFERENCE, 2000, "2021-03-01", False)
    first, second = piece.candidates
    assert (first.id_number, first.score, first.reason) == (MOKOENA, 93, "legacy_reference")
    assert first.evidence == ("legacy reference speaks for it", "the amount is one fee")
    assert (first.branch_name, first.status) == ("Tembisa", "not_in_good_standing")
    assert first.arrears_cents > 0
    assert (second.id_number, second.branch_name) == (NAIDOO, "Mdantsane")
    assert (desk.left().deposits, desk.left().marked) == (3, 0)
    desk.close()


def test_a_suggestion_accepted_is_credited_and_settled_with_its_rung_and_evidence(office):
    number = waiting(office)[OLD_REFERENCE]
    desk = at_desk(office)
    decided = desk.accept(desk.next())
    assert (decided.deposit, decided.cents, decided.learnt) == (number, 2000, "XYZ00423")
    assert standing(office, number) == ("matched", "legacy_reference", [MOKOENA])
    assert sql(office, "SELECT reason, why FROM allocation") == [
        ("legacy_reference", "legacy reference speaks for it; the amount is one fee")
    ]
    explained = office("member", "explain", MOKOENA, "--on", "2021-03-01", "--json").json
    assert explained["facts"]["paid_until"] == "2022-06-01"
    assert holds(office)
    office("check")
    office("audit", "verify")


@SQLITE
def test_another_candidate_can_be_chosen_and_of_a_tie_either(office):
    waiting(office)
    desk = at_desk(office)
    desk.accept(desk.next(), 1)
    desk.skip(desk.next())
    piece = desk.next()
    assert (piece.narrative, piece.tie) == (WORDS, True)
    chosen = piece.candidates[1].id_number
    desk.accept(piece, 1)
    assert standing(office, piece.id)[2] == [chosen]
    with pytest.raises(InputRefused, match="no such candidate"):
        desk.accept(piece, 2)


@SQLITE
def test_refused_is_nobody_s_and_not_suggested_again(office):
    number = waiting(office)[MISTYPED]
    with pytest.raises(InputRefused, match="blank"):
        deciding.refuse(session(office), number, why=" ")
    deciding.refuse(session(office), number, why="paid by somebody else")
    assert standing(office, number) == ("unallocated", "refused", [])
    assert match(office)["looked_at"] == 0
    with pytest.raises(InputRefused, match="decided meanwhile"):
        deciding.accept(session(office), number, row_of(office, MOKOENA))
    # An officer who knows more credits it by hand.
    office("deposits", "allocate", number, "--to", NAIDOO, "--why", "slip seen")
    assert holds(office)


@SQLITE
def test_marked_waits_with_a_word_and_is_not_offered(office):
    waiting(office)
    desk = at_desk(office)
    desk.mark(desk.next(), "the branch is asked")
    assert desk.next().narrative == MISTYPED
    assert (desk.left().deposits, desk.left().marked) == (2, 1)
    assert at_desk(office).next().narrative == MISTYPED
    desk.undo()
    assert desk.next().narrative == OLD_REFERENCE


def test_every_decision_is_undone_and_its_deposit_waits_again(office):
    waiting(office)
    before = deposits(office)
    desk = at_desk(office)
    desk.accept(desk.next())
    desk.refuse(desk.next(), "no")
    desk.mark(desk.next(), "later")
    assert aliases(office) == [("reference", "XYZ00423", None)]
    for _ in range(3):
        assert desk.undo().kept == []
        assert holds(office)
    assert deposits(office) == before
    assert [kind is not None for _, _, kind in aliases(office)] == [True], "what it taught is forgotten"
    assert sql(office, "SELECT count(*) FROM desk_decision WHERE reversed_by IS NULL") == [(0,)]
    assert desk.next().narrative == OLD_REFERENCE
    with pytest.raises(InputRefused, match="no decision"):
        desk.undo()
    office("check")


@SQLITE
def test_what_was_decided_about_since_is_kept_and_named(office):
    number = waiting(office)[OLD_REFERENCE]
    accepted = deciding.accept(session(office), number, row_of(office, MOKOENA)).batch
    reversed_in = office("deposits", "reverse", number, "--why", "the bank took it back", "--json").json["batch"]
    assert undo(office, accepted)["kept"] == [
        {"what": f"deposit {number}", "why": "it was decided about again since: undo that first"}
    ]
    assert aliases(office) == [("reference", "XYZ00423", reversed_in)], "taken back, it teaches no more"
    undo(office, reversed_in)
    assert aliases(office) == [("reference", "XYZ00423", None)]
    assert undo(office, accepted)["kept"] == []
    assert standing(office, number) == ("suggested", "legacy_reference", [])
    assert holds(office)


@SQLITE
def test_undone_after_its_matching_was_the_deposit_is_open(office):
    number = waiting(office)[MISTYPED]
    ((matched,),) = sql(office, f"SELECT matched_in FROM deposit WHERE id = {number}")
    accepted = deciding.accept(session(office), number, row_of(office, MOKOENA)).batch
    assert [one["what"] for one in undo(office, matched)["kept"]] == [f"deposit {number}"]
    undo(office, accepted)
    assert standing(office, number) == ("open", None, [])
    assert holds(office)


@SQLITE
def test_only_who_may_decides_and_only_for_members_who_can_be_credited(office):
    number = waiting(office)[MISTYPED]
    with pytest.raises(NotAllowed):
        at_desk(office, roles=())
    with pytest.raises(InputRefused, match="not suggested"):
        deciding.accept(session(office), number, row_of(office, NAIDOO))
    suggest(office, MISTYPED, (VAN_DER_MERWE, 90, "near_miss"))
    with pytest.raises(NotAllowed, match="deceased"):
        deciding.accept(session(office), number, row_of(office, VAN_DER_MERWE))
    assert standing(office, number) == ("suggested", "near_miss", [])
    assert aliases(office) == []


@SQLITE
def test_two_officers_never_get_the_same_deposit(office):
    waiting(office)
    now = datetime(2024, 5, 6, 8, tzinfo=UTC)
    one, two = (at_desk(office, account=name, clock=lambda: now) for name in ("one", "two"))
    mine = one.next()
    assert two.next() is None, "ten at a time are in one officer's hand"
    with pytest.raises(InputRefused, match="one has this in hand"):
        deciding.accept(replace(session(office), clock=lambda: now), mine.id, mine.candidates[0].member)
    one.close()
    assert two.next().id == mine.id
    late = at_desk(office, account="three", clock=lambda: now + timedelta(minutes=16))
    assert late.next().id == mine.id


def test_who_was_merged_since_is_suggested_as_the_record_kept(office):
    number = waiting(office)[WORDS]
    office("member", "merge", MOKOENA, NAIDOO, "--why", "one person")
    desk = at_desk(office)
    desk.skip(desk.next())
    desk.skip(desk.next())
    piece = desk.next()
    assert (piece.id, piece.tie, [one.id_number for one in piece.candidates]) == (number, False, [MOKOENA])
    desk.accept(piece)
    assert standing(office, number)[2] == [MOKOENA]


@SQLITE
def test_a_rehearsal_writes_nothing(office):
    waiting(office)
    before = sql(office, "SELECT count(*) FROM batch")
    desk = at_desk(office, dry_run=True)
    desk.accept(desk.next())
    assert desk.next().narrative == MISTYPED
    desk.close()
    assert sql(office, "SELECT count(*) FROM batch") == before
    assert aliases(office) == []


@SQLITE
def test_undoing_a_register_keeps_whom_a_narrative_means_and_what_was_marked(office):
    numbers = waiting(office)
    deciding.mark(session(office), numbers[OLD_REFERENCE], why="ask the branch")
    undo(office, deciding.accept(session(office), numbers[MISTYPED], row_of(office, MOKOENA)).batch)
    rows = sql(office, "SELECT id FROM register_row")
    assert (numbers[OLD_REFERENCE],) in rows, "a row of the register has the number of the deposit"
    ((imported,),) = sql(office, "SELECT min(number) FROM batch WHERE command = 'register import'")
    kept = {one["what"]: one["why"] for one in undo(office, imported)["kept"]}
    assert kept["member 800101****087"] == "money was allocated to them"
    assert sql(office, "SELECT verdict FROM desk_decision WHERE reversed_by IS NULL") == [("marked",)]


def test_undone_after_the_only_member_suggested_went_the_deposit_is_open(office):
    register(office, [{"id_number": NAIDOO, "surname": "Naidoo"}])
    brought = register(office, [{"id_number": MOKOENA}], "second.csv")["batch"]
    take_in(office, statement(office, "one.csv", [("2021-03-01", 2000, MISTYPED)]))
    match(office)
    assert standing(office, 1)[0] == "suggested"
    refused = deciding.refuse(session(office), 1, why="somebody else's")
    assert undo(office, brought)["kept"] == []
    undo(office, refused.batch)
    assert standing(office, 1) == ("open", None, [])
    match(office)
    assert standing(office, 1) == ("unallocated", "no_match", [])
