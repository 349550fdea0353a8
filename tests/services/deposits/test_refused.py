"""docs/rules.md, section 4.2: whom an officer refused stays refused, and whoever comes on record later may be meant."""

import pytest
from tests.services.deposits.working import (
    MOKOENA,
    NAIDOO,
    deposits,
    holds,
    match,
    register,
    session,
    statement,
    take_in,
    undo,
)

from ancadmin.services.deposits.review import deciding

CELL = "0821234567"
# Mokoena's number with a 3 too many; without its last digit it is a valid number too.
CUT, WITHIN = "80010150090387", "8001015009038"


def standing(office, number):
    """State, reason, and the members credited or suggested."""
    (row,) = (row for row in deposits(office) if row["deposit"] == number)
    return row["state"], row["reason"], [one["id_number"] for one in row["members"]]


def refused(office, narrative):
    """The one deposit, for which Mokoena was suggested and refused; the number of the batch that refused her."""
    register(office, [{"id_number": MOKOENA}])
    take_in(office, statement(office, "one.csv", [("2021-03-01", 2000, narrative)]))
    match(office)
    assert standing(office, 1) == ("suggested", "near_miss", [MOKOENA])
    return deciding.refuse(session(office), 1, why="Not hers: she paid in cash").batch


def later(office, **person):
    register(office, [{"surname": "Naidoo", "first_names": "Priya", **person}], "later.csv")


def test_somebody_who_comes_on_record_later_is_suggested_and_who_was_refused_is_not(office):
    batch = refused(office, f"8001015019087 {CELL}")
    assert match(office)["offered_again"] == 0
    later(office, id_number=NAIDOO, cell=CELL)
    answer = match(office)
    assert (answer["looked_at"], answer["suggested"]) == (1, 1)
    assert standing(office, 1) == ("suggested", "phone", [NAIDOO])
    (kept,) = undo(office, batch)["kept"]
    assert kept["why"] == "it was decided about again since: undo that first"
    undo(office, answer["batch"])
    assert standing(office, 1) == ("unallocated", "refused", [])
    undo(office, batch)
    assert standing(office, 1) == ("suggested", "near_miss", [MOKOENA])
    assert holds(office)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_where_nobody_else_comes_it_stays_refused(office):
    refused(office, f"8001015019087 {CELL}")
    later(office, id_number=NAIDOO)
    answer = match(office)
    assert (answer["looked_at"], answer["offered_again"]) == (0, 1)
    assert standing(office, 1) == ("unallocated", "refused", [])


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_second_refused_is_refused_beside_the_first(office):
    refused(office, f"8001015019087 {CELL}")
    later(office, id_number=NAIDOO, cell=CELL)
    match(office)
    deciding.refuse(session(office), 1, why="Nor his")
    office("member", "contact", MOKOENA, "--email", "m@example.org", "--why", "She says so")
    answer = match(office)
    assert (answer["looked_at"], answer["offered_again"]) == (0, 1)
    assert standing(office, 1) == ("unallocated", "refused", [])


def test_a_number_registered_later_is_credited(office):
    batch = refused(office, CUT)
    later(office, id_number=WITHIN)
    answer = match(office)
    assert (answer["looked_at"], answer["matched"]) == (1, 1)
    assert standing(office, 1) == ("matched", "id_reference", [WITHIN])
    undo(office, answer["batch"])
    assert standing(office, 1) == ("unallocated", "refused", [])
    assert holds(office)
    assert undo(office, batch)["kept"] == []
