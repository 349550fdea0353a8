"""The desk for suggestions on the screen: what an officer sees of a deposit, and what the keys do."""

import asyncio

import pytest
from tests.cli import desks
from tests.cli.desks import SIZES, shown
from tests.services.deposits.reviewing import MISTYPED, OLD_REFERENCE, WORDS, at_desk, waiting
from tests.services.deposits.working import MOKOENA, deposits
from tests.tamper import sql

from ancadmin.cli.desk.review import ReviewApp

pytestmark = pytest.mark.parametrize("engine", ["sqlite"])


def played(office, *keys, size=SIZES[0]):
    """The screen's lines at first and after each group of keys."""
    return desks.played(at_desk(office), ReviewApp, *keys, size=size)


def states(office):
    return {row["narrative"]: (row["state"], row["reason"]) for row in deposits(office)}


@pytest.mark.parametrize("size", SIZES)
def test_a_deposit_is_shown_with_its_candidates_their_standing_and_dues(office, size):
    number = waiting(office)[OLD_REFERENCE]
    (screen,) = played(office, size=size)
    assert len(screen) == size[1]
    assert " ".join(screen[0].split()) == f"Deposit {number} · 3 left · 0 decided"
    text = " ".join(shown(screen).split())
    assert OLD_REFERENCE in text
    assert "R20.00" in text
    assert "2021-03-01" in text
    assert f"1 93 % Thabo Mokoena {MOKOENA}" in text
    assert "79700012 Tembisa · not in good standing, owes R" in text
    assert "· legacy reference speaks for it" in text
    assert "2 4 % Priya Naidoo" in text
    assert screen[-1].startswith(" a accept")


def test_the_digits_in_question_are_marked(office):
    waiting(office)

    async def marks():
        desk = at_desk(office)
        app = ReviewApp(desk)
        async with app.run_test(size=SIZES[0]) as pilot:
            await pilot.pause()
            await pilot.press("s")
            await pilot.pause()
            wrong = app.query_one("#wrong").content
        desk.close()
        return "".join(wrong.plain[span.start : span.end] for span in wrong.spans if "red" in str(span.style))

    assert MISTYPED[8] == "1"
    assert asyncio.run(marks()) == "1", "the one digit that is not as in the number on record"


def test_a_takes_the_first_and_u_takes_it_back(office):
    waiting(office)
    _, after, undone = played(office, ["a"], ["u"])
    assert "2 left · 1 decided" in after[0]
    assert "accepted R20.00 · learnt for the next time · batch" in shown(after)
    assert "3 left · 0 decided" in undone[0]
    assert states(office)[OLD_REFERENCE] == ("suggested", "legacy_reference")
    assert sql(office, "SELECT count(*) FROM alias WHERE reversed_by IS NULL") == [(0,)]


def test_of_a_tie_one_is_chosen_by_its_number(office):
    waiting(office)
    screens = played(office, ["s"], ["s"], ["a"], ["9"], ["2"])
    assert "several are as likely" in shown(screens[2])
    assert "choose one by its number" in shown(screens[3])
    assert "there is no such candidate" in shown(screens[4])
    assert "accepted R20.00" in shown(screens[5])
    assert states(office)[WORDS] == ("matched", "name")


def test_a_word_is_asked_for_before_one_is_refused_or_marked(office):
    waiting(office)
    screens = played(office, ["d"], ["enter"], ["d"], [*"no", "enter"], ["m"], [*"ask", "enter"], ["question_mark"])
    assert "None of them is meant. How is that known?" in shown(screens[1])
    assert "the reason is blank" in shown(screens[2])
    assert "refused · batch" in shown(screens[4])
    assert "1 left, 1 marked · 2 decided" in screens[6][0]
    assert "refuse with a word why: none of them is meant" in shown(screens[7])
    assert states(office)[OLD_REFERENCE] == ("unallocated", "refused")


def test_it_takes_up_where_it_was_left(office):
    waiting(office)
    played(office, ["a"], ["q"])
    (screen,) = played(office)
    assert "2 left" in screen[0]
    assert sql(office, "SELECT count(*) FROM claim") == [(0,)]
