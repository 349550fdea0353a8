"""The desk on the screen: what an officer sees and what the keys do; without a terminal it says what to do instead."""

import pytest
from tests.cli import desks
from tests.cli.desks import SIZES, shown
from tests.services.register.making import PLACES, THABO, file, imported, members, number, row
from tests.tamper import sql

from ancadmin.cli.desk.app import DeskApp
from ancadmin.services.register.desk.work import Desk
from ancadmin.services.session import open_session
from ancadmin.settings import load_settings

WRONG = "8001015019087"
pytestmark = pytest.mark.parametrize("engine", ["sqlite"])


def rows_held_back(office):
    """Two rows held back beside the member the first of them is about."""
    office("db", "places", "import", office.write("places.csv", PLACES))
    imported(office, file(office, row(cell="")))
    rows = [row(id_number=WRONG, first_names="T J"), row(id_number="", surname="[red]NKOSI[/]", branch="Katlehng")]
    imported(office, file(office, *rows, name="second.csv"))


@pytest.fixture
def held(office):
    return office.after(rows_held_back)


def played(office, *keys, size=SIZES[0], dry_run=False):
    """The screen's lines at first and after each group of keys."""
    desk = Desk(open_session(load_settings(office.db), dry_run=dry_run))
    return desks.played(desk, DeskApp, *keys, size=size)


@pytest.mark.parametrize("size", SIZES)
def test_a_row_is_shown_as_written_beside_as_read_with_what_is_proposed(held, size):
    (screen,) = played(held, size=size)
    assert len(screen) == size[1]
    assert " ".join(screen[0].split()) == "second.csv row 2 · 2 rows left · 0 decided"
    text = shown(screen)
    assert "✗ checksum  the check digit does not hold" in text
    assert any(WRONG in line and "?" in line for line in screen)
    assert any("MOKOENA" in line and "Mokoena" in line for line in screen)
    assert f"1 ID number {THABO}" in text
    assert "digit 9 read 1 instead of 0" in text
    assert screen[-1].startswith(" a accept")


def test_a_takes_the_first_proposal_and_u_takes_it_back(held):
    _, after, undone = played(held, ["a"], ["u"])
    assert "row 3" in after[0]
    assert "1 rows left · 1 decided" in after[0]
    assert "updated · batch 5 · u undoes it" in shown(after)
    assert "row 2 · 2 rows left · 0 decided" in undone[0]
    assert "batch 5 undone" in shown(undone)
    assert sql(held, "SELECT verdict, reversed_by FROM desk_decision") == [("accepted", 6)]


def test_cells_are_edited_and_what_is_wrong_still_stays(held):
    clear = ["home", "ctrl+k"]
    keys = [
        ["s"],
        ["e"],
        [*clear, *number(9), "enter"],
        ["e"],
        [*clear, *number(9), *["tab"] * 3, *clear, *"Katlehong", "enter"],
    ]
    screens = played(held, *keys)
    assert "Katlehng" in shown(screens[1])
    assert "[red]NKOSI[/]" in shown(screens[1]), "what is written is no markup"
    assert "still held back: branch unknown" in shown(screens[3])
    assert "row 3" in screens[3][0]
    assert "accepted · batch" in shown(screens[5])
    assert (number(9), "79700012") in members(held, "id_number", "branch")


def test_a_proposal_that_alone_does_not_do_is_filled_in_to_be_completed(held):
    illegible = f"{number(9)[:8]}?{number(9)[9:]}"
    imported(held, file(held, row(id_number=illegible, surname=""), name="third.csv"))
    screens = played(held, ["s"], ["s"], ["a"], ["tab", *"DLAMINI", "enter"])
    assert "third.csv row 2" in screens[2][0]
    assert "Change what is wrong" in shown(screens[3])
    assert number(9) in shown(screens[3])
    assert "accepted · batch" in shown(screens[4])
    assert (number(9), "Dlamini") in members(held, "id_number", "surname")


def test_a_word_why_is_asked_for_before_a_row_is_put_away_or_marked(held):
    screens = played(held, ["d"], ["enter"], ["d"], [*"a total", "enter"], ["m"], [*"ask", "enter"])
    assert "Put away for good. Why?" in shown(screens[1])
    assert "the reason is blank" in shown(screens[2])
    assert "row 2" in screens[2][0]
    assert "Nothing is left to decide" in screens[6][0]
    assert sql(held, "SELECT verdict, why FROM desk_decision ORDER BY id") == [
        ("dismissed", "a total"),
        ("marked", "ask"),
    ]
    screens = played(held)
    assert "0 rows left, 1 marked" in screens[0][0]


def test_escape_decides_nothing_and_help_says_what_keys_do(held):
    screens = played(held, ["question_mark"], ["escape"], ["e"], ["escape"], ["m"], ["escape"], ["9"])
    assert "undo your last decision" in shown(screens[1])
    assert screens[2][:5] == screens[0][:5]
    assert "there is no such proposal" in shown(screens[7])
    assert sql(held, "SELECT count(*) FROM desk_decision") == [(0,)]


def test_it_takes_up_where_it_was_left(held):
    played(held, ["a"], ["q"])
    (screen,) = played(held)
    assert "row 3 · 1 rows left" in screen[0]
    assert sql(held, "SELECT count(*) FROM claim") == [(0,)], "what was in hand is let go of"


def test_a_rehearsal_writes_nothing(held):
    _, after = played(held, ["a"], dry_run=True)
    assert "rehearsal: nothing is written" in after[0]
    assert "row 3" in after[0]
    assert sql(held, "SELECT count(*) FROM desk_decision") == [(0,)]


def test_pairs_come_after_rows_and_are_one_person_or_two(held):
    imported(held, file(held, row(id_number=number(1), cell="0839876543"), row(id_number=number(2)), name="third.csv"))
    ids = [one for (one,) in sql(held, "SELECT id FROM member ORDER BY id")]
    evidence = '[{"field": "surname", "words": "the same surname"}]'
    for pair in ((ids[0], ids[1]), (ids[1], ids[2])):
        sql(
            held,
            "INSERT INTO duplicate (member, other, kind, score, evidence, batch) "
            f"VALUES ({pair[0]}, {pair[1]}, 'two_numbers', 0.9{pair[0]}, '{evidence}', 1)",
        )
    screens = played(held, ["s"], ["s"], ["d"], ["a"], [*"seen", "enter"])
    assert "May be one person (92%)" in screens[2][0]
    assert "· the same surname" in shown(screens[2])
    assert "different · batch" in shown(screens[3])
    assert "Nothing is left" in screens[5][0]
    assert sql(held, "SELECT verdict, subject, other FROM desk_decision") == [("different", ids[1], ids[2])]
    assert sql(held, "SELECT count(*) FROM member WHERE merged_into IS NOT NULL") == [(1,)]


def test_without_a_terminal_it_names_the_workbook_to_export(held):
    answer = held("register", "desk", code=2)
    assert "the desk needs a terminal" in answer.err
    assert "ancadmin register quarantine export" in answer.err
