"""The cleanup desk: every decision a batch that holds every check, shared without meeting, undone, never half-done."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.services.register.making import (
    MARIA,
    NOMSA,
    PRIYA,
    THABO,
    file,
    imported,
    members,
    number,
    outcome,
    row,
    with_check_digit,
)
from tests.tamper import sql

from ancadmin.errors import InputRefused, NotAllowed
from ancadmin.services.desk.claims import claim_free
from ancadmin.services.register.desk import deciding
from ancadmin.services.register.desk.deciding import StillHeld
from ancadmin.services.register.desk.pieces import row_pieces
from ancadmin.services.register.desk.work import Desk
from ancadmin.services.register.quarantine.repairs import Repairs
from ancadmin.services.session import open_session
from ancadmin.settings import load_settings

# THABO's number with digit 9 read wrongly.
WRONG = "8001015019087"


def session(office, **more):
    return replace(open_session(load_settings(office.db, None)), **more)


def at_desk(office, **more):
    return Desk(session(office), **more)


def waiting(office):
    return [(one["row"], one["problems"]) for one in office("register", "quarantine", "--json").json]


@pytest.mark.parametrize("damaged", [WRONG, "8001O1500908?"])
def test_the_number_of_somebody_on_record_is_proposed_first_and_taken(placed, damaged):
    imported(placed, file(placed, row(cell="")))
    imported(placed, file(placed, row(id_number=damaged), name="second.csv"))
    desk = at_desk(placed)
    piece = desk.next()
    assert piece.offers[0].what == f"ID number {THABO}"
    assert piece.offers[0].score > 0.9
    assert any("on record under it in the same branch" in words for words in piece.offers[0].evidence)
    decided = desk.accept(piece)
    assert (decided.verdict, decided.outcome) == ("accepted", "updated")
    assert members(placed, "id_number", "cell") == [(THABO, "+27821234567")]
    assert waiting(placed) == []
    assert desk.next() is None
    placed("audit", "verify")


def test_a_row_taken_is_as_if_it_had_been_imported(placed):
    imported(
        placed, file(placed, row(), row(id_number="", surname="NAIDOO", first_names="PRIYA", joined_on="03/04/2010"))
    )
    desk = at_desk(placed)
    piece = desk.next()
    assert piece.reasons == (("missing", "no ID number is written"),)
    desk.edit(piece, {0: PRIYA})
    taken = members(placed, "id_number", "surname", "first_names", "branch", "joined_on", "last_payment_cents")
    assert (PRIYA, "Naidoo", "Priya", "79700012", "2010-04-03", 2000) in taken
    assert sql(placed, "SELECT count(*) FROM standing") == [(2,)]
    # The row of the corrected file is known by then.
    corrected = file(placed, row(), row(id_number=PRIYA, surname="NAIDOO", first_names="PRIYA", joined_on="03/04/2010"))
    assert outcome(imported(placed, corrected)) == {"unchanged": 2}


def test_what_is_wrong_still_is_refused_and_nothing_is_written(placed):
    imported(placed, file(placed, row(id_number=WRONG, branch="99999999")))
    desk = at_desk(placed)
    piece = desk.next()
    before = sql(placed, "SELECT count(*) FROM batch")
    with pytest.raises(StillHeld, match="branch unknown"):
        desk.edit(piece, {0: THABO})
    with pytest.raises(StillHeld, match="checksum"):
        desk.edit(piece, {3: "79700012"})
    assert sql(placed, "SELECT count(*) FROM batch") == before
    assert members(placed, "id_number") == []
    assert desk.next() is piece
    desk.edit(piece, {0: THABO, 3: "79700012"})
    assert members(placed, "id_number") == [(THABO,)]


def test_the_nearest_branch_is_proposed_beside_the_number(placed):
    imported(placed, file(placed, row(id_number=WRONG, branch="Katlehng")))
    piece = at_desk(placed).next()
    assert "branch 79700012 Katlehong" in piece.offers[0].what
    assert piece.offers[0].changes[3] == "79700012"


def test_two_people_under_one_number_are_both_shown_and_one_is_taken(placed):
    imported(placed, file(placed, row(), row(surname="NKOSI", first_names="KAGISO")))
    desk = at_desk(placed)
    piece = desk.next()
    assert piece.others == ("register.csv row 3: KAGISO NKOSI",)
    # Taken as it stands it is still contested; only somebody who has seen the ID document says whose it is.
    with pytest.raises(StillHeld, match="id shared"):
        desk.edit(piece, {5: ""})
    assert piece.offers[0].theirs
    desk.accept(piece)
    assert members(placed, "surname") == [("Mokoena",)]
    other = desk.next()
    assert other.others[0].startswith("on record: Thabo Johannes Mokoena")
    assert other.offers == ()
    with pytest.raises(StillHeld, match="id shared"):
        desk.edit(other, {})
    desk.edit(other, {0: number(7)})
    assert members(placed, "surname") == [("Nkosi",), ("Mokoena",)]


def test_a_number_two_rows_fight_over_is_not_given_to_a_third(placed):
    imported(placed, file(placed, row(), row(surname="NKOSI"), row(id_number=WRONG, surname="DLAMINI")))
    desk = at_desk(placed, problem="checksum")
    with pytest.raises(StillHeld, match="id shared"):
        desk.edit(desk.next(), {0: THABO})


def test_a_valid_number_is_never_changed(placed):
    imported(placed, file(placed, row()))
    sound = [row(id_number=PRIYA, branch="Nowhere"), row(id_number=NOMSA, surname=""), row(surname="NKOSI")]
    imported(placed, file(placed, *sound, row(id_number="2002295001089", joined_on=""), name="second.csv"))
    desk = at_desk(placed)
    while (piece := desk.next()) is not None:
        assert all(0 not in offer.changes for offer in piece.offers)
        desk.skip(piece)


def test_both_births_are_shown_of_an_age_out_of_range(placed):
    imported(
        placed,
        file(placed, row(id_number=with_check_digit("030615500108"), joined_on="")),
        "--reading-date",
        "2020-01-01",
    )
    ((problem, words),) = at_desk(placed).next().reasons
    assert problem == "age_out_of_range"
    assert "born 1903-06-15 or 2003-06-15" in words


def test_undo_takes_the_last_decision_back(placed):
    imported(placed, file(placed, row(id_number=WRONG), row(id_number="", surname="NAIDOO")))
    desk = at_desk(placed)
    desk.edit(desk.next(), {0: THABO})
    desk.dismiss(desk.next(), "a heading that was typed by hand")
    assert (waiting(placed), desk.left().rows) == ([], 0)
    desk.undo()
    assert waiting(placed) == [(3, ["missing"])]
    desk.undo()
    assert [one for one, _ in waiting(placed)] == [2, 3]
    assert members(placed, "id") == []
    with pytest.raises(InputRefused):
        desk.undo()
    assert [desk.next().waiting.row, desk.left().rows] == [2, 2]
    placed("check")


def test_a_marked_row_waits_with_a_word_and_is_not_offered(placed):
    imported(placed, file(placed, row(id_number="")))
    desk = at_desk(placed)
    with pytest.raises(InputRefused):
        desk.mark(desk.next(), " ")
    desk.mark(desk.next(), "the branch is asked")
    assert waiting(placed) == [(2, ["missing"])]
    assert at_desk(placed).next() is None
    assert desk.left().marked == 1
    assert sql(placed, "SELECT verdict, why FROM desk_decision") == [("marked", "the branch is asked")]


def test_two_officers_never_get_the_same_row(placed):
    imported(placed, file(placed, *(row(id_number="", surname=f"NAIDOO{place}") for place in range(24))))
    now = datetime(2024, 5, 6, 8, tzinfo=UTC)
    one, two = (Desk(session(placed, account=name, clock=lambda: now)) for name in ("one", "two"))
    mine, theirs = set(), set()
    for _ in range(10):
        mine.add(one.next().id)
        one.skip(one.next())
        theirs.add(two.next().id)
        two.skip(two.next())
    assert len(mine) == len(theirs) == 10
    assert mine.isdisjoint(theirs)
    # What one has in hand another cannot decide; once the claim has run out it is offered again.
    with pytest.raises(InputRefused, match="one has this in hand"):
        two.dismiss(replace_piece(one, min(mine)), "gone")
    later = Desk(session(placed, account="two", clock=lambda: now + timedelta(minutes=16)))
    assert later.next().id == min(mine | theirs)


def replace_piece(desk, row_id):
    """A piece as it was shown, whoever shows it."""
    with desk.session.store.connect() as connection:
        repairs = Repairs(connection, desk.session.policy, desk.session.today)
        return row_pieces(desk.session, connection, desk._rereader, repairs, [row_id])[0]


def test_a_row_decided_meanwhile_is_refused(placed):
    imported(placed, file(placed, row(id_number=WRONG)))
    one, two = at_desk(placed), at_desk(placed)
    piece = two.next()
    one.edit(one.next(), {0: THABO})
    with pytest.raises(InputRefused, match="decided meanwhile"):
        two.edit(piece, {0: THABO})


def test_a_dry_run_writes_nothing_and_goes_on(placed):
    imported(placed, file(placed, row(id_number=WRONG), row(id_number=MARIA, surname="")))
    desk = Desk(session(placed, dry_run=True))
    first = desk.next()
    desk.edit(first, {0: THABO})
    assert desk.next().id != first.id
    assert members(placed, "id") == []
    assert sql(placed, "SELECT count(*) FROM claim") == [(0,)]


def test_only_those_who_decide_may_sit_at_the_desk(placed):
    with pytest.raises(NotAllowed):
        Desk(session(placed, roles=()))


def test_a_file_that_comes_again_asks_nobody_again(placed):
    rows = [row(id_number=WRONG), row(id_number="", surname="TOTAL PAGE 3"), row(id_number="", surname="NAIDOO")]
    path = file(placed, *rows)
    imported(placed, path)
    desk = at_desk(placed)
    desk.edit(desk.next(), {0: THABO})
    desk.dismiss(desk.next(), "a total")
    assert outcome(imported(placed, path)) == {"unchanged": 2, "quarantined": 1}
    assert waiting(placed) == [(4, ["missing"])]
    # In another file the same words are settled too; other words are not.
    other = file(placed, *rows, row(id_number=WRONG, cell="0831112222"), name="other.csv")
    assert outcome(imported(placed, other)) == {"unchanged": 2, "quarantined": 2}
    desk.undo()
    assert outcome(imported(placed, path)) == {"unchanged": 1, "quarantined": 2}
    assert [problems for _, problems in waiting(placed)].count(["missing"]) == 2


def test_rows_taken_with_a_note_are_looked_at_when_asked_for(placed):
    rows = [row(gender="F"), row(id_number=PRIYA, surname="NAIDOO", gender="M"), row(id_number=NOMSA, surname="NKOSI")]
    imported(placed, file(placed, *rows, row(id_number="", surname="ZULU")))
    desk = at_desk(placed, note="gender_conflict")
    assert desk.left().rows == 3
    first = desk.next()
    assert (first.waiting.row, first.notes, first.reasons) == (2, ("gender_conflict",), ())
    assert desk.dismiss(first, "asked").verdict == "seen"
    with pytest.raises(InputRefused, match="decided meanwhile"):
        desk.dismiss(first, "asked again")
    # A cell that is mended is read as an import reads it: the member gets the new value.
    decided = desk.edit(desk.next(), {6: "F", 4: "0839876543"})
    assert (decided.kind, decided.outcome) == ("note", "updated")
    assert (PRIYA, "+27839876543") in members(placed, "id_number", "cell")
    assert desk.next().waiting.row == 4
    assert at_desk(placed, note="gender_conflict").left().rows == 1
    desk.undo()
    assert (PRIYA, "+27821234567") in members(placed, "id_number", "cell")
    assert at_desk(placed, note="gender_conflict").left().rows == 2
    assert waiting(placed) == [(5, ["missing"])]
    placed("audit", "verify")


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("written", ["8.00101E+12", "", "passport", "80010155550"])
def test_whoever_was_born_that_day_under_the_same_name_is_proposed_for_a_number_that_is_gone(placed, written):
    sister = row(id_number=number(4), surname="MOKOENA", first_names="LERATO")
    imported(placed, file(placed, row(), sister, row(id_number=number(5), surname="NKOSI")))
    born = "DATE OF BIRTH"
    gone = row(id_number=written, first_names="T.J.", **{born: "1980/01/01"})
    fields = ("id_number", born, "surname", "first_names", "branch")
    imported(placed, file(placed, gone, name="second.csv", fields=fields))
    first, *others = at_desk(placed).next().offers
    assert (first.what, others) == (f"ID number {THABO}", [])
    assert "T. Mokoena, born 1980-01-01, is on record under it in the same branch" in first.evidence


def test_many_officers_at_once_share_the_work_without_meeting(placed):
    imported(placed, file(placed, *(row(id_number="", surname=f"NAIDOO{place}") for place in range(60))))
    every = [one for (one,) in sql(placed, "SELECT id FROM register_row ORDER BY id")]

    def works(name):
        at = session(placed, account=name)
        return [one for _ in range(3) for one in claim_free(at, "quarantine", every, 5)]

    with ThreadPoolExecutor(4) as officers:
        hands = list(officers.map(works, ["one", "two", "three", "four"]))
    # Each took the same five three times over: her own claims are hers to take again.
    assert [len(set(hand)) for hand in hands] == [5, 5, 5, 5]
    assert len(set().union(*hands)) == 20


def test_a_pair_is_decided_once_and_one_way(placed):
    imported(placed, file(placed, row(), row(id_number=PRIYA), row(id_number=NOMSA)))
    people = [one for (one,) in sql(placed, "SELECT id FROM member ORDER BY id")]
    for other in people[1:]:
        sql(
            placed,
            "INSERT INTO duplicate (member, other, kind, score, evidence, batch) "
            f"VALUES ({people[0]}, {other}, 'two_numbers', 0.95, '[]', 3)",
        )
    pairs = [one for (one,) in sql(placed, "SELECT id FROM duplicate ORDER BY id")]
    two = deciding.two_people(session(placed), pairs[0], why="both seen")
    with pytest.raises(InputRefused, match="decided meanwhile"):
        deciding.two_people(session(placed), pairs[0], why="again")
    placed("batch", "undo", two.batch)
    assert deciding.two_people(session(placed), pairs[0], why="after all").verdict == "different"
    numbers = [one for (one,) in sql(placed, "SELECT id_number FROM member ORDER BY id")]
    placed("member", "merge", numbers[0], numbers[2], "--why", "one person")
    with pytest.raises(InputRefused, match="decided meanwhile"):
        deciding.two_people(session(placed), pairs[1], why="not so")
