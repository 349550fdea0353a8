"""The number of a record merged into another is no repair: under it a row would only be held back again."""

import pytest
from tests.services.register.making import PRIYA, THABO, file, imported, members, row
from tests.services.register.test_round_trip import Book

from ancadmin.writers.xlsx.held_back import ACCEPT

# One slip away from THABO's number, and from that of NEAR.
DAMAGED, NEAR = "8001015019087", "8001015014087"
WHY = ("--why", "both ID documents seen")


def proposed(office, *held):
    """The first proposal for each row held back, as the workbook shows them."""
    assert imported(office, file(office, *held, name="held.csv"))["quarantined"] == len(held)
    book = Book(office)
    return book, [book.cell(at, "Proposed").value or "" for at in book.rows()]


def test_the_number_of_the_one_kept_is_proposed(placed):
    imported(placed, file(placed, row(), row(id_number=NEAR)))
    placed("member", "merge", NEAR, THABO, *WHY)
    book, (text,) = proposed(placed, row(id_number=DAMAGED, cell="0829999999"))
    assert text.startswith(f"1. ID number {NEAR}")
    assert THABO not in text
    book.put(2, Decision=ACCEPT)
    assert book.apply()["updated"] == 1
    assert members(placed, "id_number", "cell") == [(THABO, "+27821234567"), (NEAR, "+27829999999")]


def test_nothing_is_proposed_for_the_one_kept_under_a_number_that_is_no_slip_away(placed):
    imported(placed, file(placed, row(), row(id_number=PRIYA)))
    placed("member", "merge", PRIYA, THABO, *WHY)
    unreadable = row(id_number="8.00101E+12", cell="0829999999")
    _, texts = proposed(placed, row(id_number=DAMAGED, cell="0829999999"), unreadable)
    assert [text for text in texts if THABO in text or PRIYA in text] == []


@pytest.mark.parametrize("engine", ["sqlite"])
def test_taken_apart_it_is_proposed_again(placed):
    imported(placed, file(placed, row(), row(id_number=PRIYA)))
    merged = placed("member", "merge", PRIYA, THABO, *WHY, "--json").json["batch"]
    placed("batch", "undo", merged)
    _, texts = proposed(placed, row(id_number=DAMAGED), row(id_number="8.00101E+12"))
    assert [text.startswith(f"1. ID number {THABO}") for text in texts] == [True, True]


def test_nothing_is_proposed_for_a_row_whose_own_number_is_merged(placed):
    imported(placed, file(placed, row(), row(id_number=PRIYA)))
    placed("member", "merge", PRIYA, THABO, *WHY)
    nameless, nowhere = row(surname="", cell="0829999999"), row(branch="99999999", cell="0829999999")
    of_the_one_kept = row(id_number=PRIYA, surname="", cell="0829999999")
    _, texts = proposed(placed, nameless, nowhere, of_the_one_kept)
    assert [text.partition(" (")[0] for text in sorted(texts)] == ["", "", "1. surname Mokoena"]
