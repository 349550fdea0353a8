"""docs/rules.md, section 4.2: what a correction, or an undo in another order, makes of deposits decided before."""

from tests.services.deposits.test_matching import TERMINAL, same_day
from tests.services.deposits.working import (
    MOKOENA,
    NAIDOO,
    NOBODY,
    deposits,
    holds,
    match,
    numbered,
    register,
    session,
    statement,
    take_in,
    undo,
)

from ancadmin.services.deposits.undo import undo as undo_deposits

WHY = ("--why", "As minuted")


def decided(office, *words):
    """An officer's decision about deposits; its batch."""
    return office("deposits", *words, *WHY, "--json").json["batch"]


def credited(office, number):
    """What deposit `number` is, and who is credited with how much of it."""
    row = next(row for row in deposits(office) if row["deposit"] == number)
    return row["state"], row["reason"], [(one["id_number"], one["cents"]) for one in row["members"]]


def new_member(office, number, *, accepted="2020-01-20"):
    apply = ("member", "apply", number, "--surname", "Dlamini", "--branch", "79700012", "--on", "2020-01-10")
    office(*apply, *WHY)
    if accepted:
        office("member", "accept", number, "--on", accepted, *WHY)


def test_a_new_member_listed_by_a_register_keeps_what_was_paid(office):
    register(office, [{"id_number": NAIDOO}])
    new_member(office, MOKOENA)
    take_in(office, statement(office, "one.csv", [("2020-02-02", 2000, MOKOENA)]))
    match(office)
    listed = {"id_number": MOKOENA, "surname": "Dlamini", "last_payment_on": "2020-03-02", "last_payment": "20.00"}
    register(office, [listed], "later.csv")
    facts = office("member", "explain", MOKOENA, "--on", "2020-06-30", "--json").json["facts"]
    assert facts["paid_until"] == "2021-02-02"
    assert [one["counts_from"] for one in facts["payments"]] == ["2020-02-02"]
    # Nor is anything paid later, up to that day, held to be in an opening position: there is none.
    take_in(office, statement(office, "two.csv", [("2020-03-02", 2000, f"{MOKOENA} AGAIN")]))
    assert match(office)["reasons"] == {"id_reference": 1}
    office("check")


def test_what_was_in_an_opening_position_is_offered_again_once_the_register_is_put_right(office):
    paid = {"id_number": MOKOENA, "last_payment": "20.00"}
    register(office, [{**paid, "last_payment_on": "2020-05-20"}])
    take_in(office, statement(office, "one.csv", [("2020-05-02", 2000, MOKOENA), ("2019-05-02", 2000, MOKOENA)]))
    assert match(office)["reasons"] == {"in_opening": 2}
    register(office, [{**paid, "last_payment_on": "2019-05-20"}], "right.csv")
    answer = match(office)
    assert (answer["looked_at"], answer["reasons"], answer["matched_cents"]) == (1, {"id_reference": 1}, 2000)
    before = deposits(office)
    assert match(office)["looked_at"] == 0
    assert deposits(office) == before
    assert holds(office)


def test_what_a_death_held_back_is_offered_again_once_that_is_undone(office):
    register(office, [{"id_number": MOKOENA, "last_payment_on": "2020-05-20", "last_payment": "20.00"}])
    take_in(office, statement(office, "one.csv", [("2020-06-02", 2000, MOKOENA), ("2020-05-02", 2000, MOKOENA)]))
    died = office.write("hanis.csv", f"ID number,Date of death\n{MOKOENA},2020-05-01\n")
    deaths = office("member", "deceased", "import", died, "--json").json["batch"]
    assert match(office)["reasons"] == {"member_excluded": 2}
    assert match(office)["looked_at"] == 0
    undo(office, deaths)
    assert match(office)["reasons"] == {"id_reference": 1, "in_opening": 1}
    assert match(office)["looked_at"] == 0


def test_a_deposit_offered_again_is_still_one_of_a_pattern(office):
    register(office, [{"id_number": NAIDOO}])
    new_member(office, MOKOENA, accepted=None)
    lines = [*same_day(4, TERMINAL + " {}"), ("2020-03-02", 2000, f"{TERMINAL} {MOKOENA}")]
    take_in(office, statement(office, "one.csv", lines))
    match(office)
    office("member", "accept", MOKOENA, "--on", "2020-01-20", *WHY)
    answer = match(office)
    assert (answer["reasons"], answer["bulk_pattern"]) == ({"id_reference": 1}, 1)
    assert [row["flags"] for row in deposits(office)] == [["bulk_pattern"]] * 5


def test_a_decision_about_a_line_taken_back_since_is_left_alone(office):
    register(office, [{"id_number": MOKOENA}])
    imported = take_in(office, statement(office, "one.csv", [("2020-03-02", 2000, MOKOENA)]))["batch"]
    match(office)
    reversed_in = decided(office, "reverse", 1)
    undo(office, imported)
    assert deposits(office) == []
    with session(office).batch("test undo") as batch:
        (kept,) = undo_deposits(batch, reversed_in)
    assert kept.what == "deposit 1"
    assert kept.why == "its line was taken back since; import the statement again"
    assert deposits(office) == []
    assert holds(office)
    take_in(office, statement(office, "again.csv", [("2020-03-02", 2000, MOKOENA)]))
    assert match(office)["matched_cents"] == 2000
    office("check")


def test_an_allocation_entered_again_is_taken_back_with_its_batch(office):
    register(office, [{"id_number": MOKOENA}, {"id_number": NAIDOO}])
    take_in(office, statement(office, "one.csv", [("2020-03-02", 5000, NOBODY)]))
    match(office)
    # Alike but for their batches; the second is undone first, the first must be left alone till then.
    part = ("allocate", 1, "--to", MOKOENA, "--cents", 1000)
    first, second = decided(office, *part), decided(office, *part)
    for _ in range(2):
        undo(office, decided(office, "reverse", 1))
        assert credited(office, 1) == ("unallocated", "officer", [(MOKOENA, 1000)] * 2)
    assert undo(office, second)["kept"] == []
    assert credited(office, 1) == ("unallocated", "officer", [(MOKOENA, 1000)])
    undo(office, first)
    assert credited(office, 1) == ("unallocated", "id_not_registered", [])
    assert numbered(office, NOBODY)["unallocated_cents"] == 5000
    assert holds(office)
    decided(office, "allocate", 1, "--to", NAIDOO)
    assert credited(office, 1) == ("matched", "officer", [(NAIDOO, 5000)])
    office("check")
