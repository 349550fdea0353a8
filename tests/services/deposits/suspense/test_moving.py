"""docs/rules.md, section 4.2: money moves on, and is taken back by the bank, by new entries alone."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from tests.errors.refusal import contents
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

from ancadmin.db.schema import allocation, refund
from ancadmin.domain.roles import Role
from ancadmin.errors import NotAllowed
from ancadmin.services.deposits.suspense.returned import returned

WHY = ("--why", "The slip was shown")


def money_in(office):
    """In account A: R50 of Mokoena, debits A (R50, earlier), B (R50), C (R49). In account B: R50 of hers, debit D."""
    register(
        office,
        [
            {"id_number": MOKOENA, "last_payment_on": "2018-06-01", "last_payment": "20.00"},
            {"id_number": NAIDOO, "last_payment_on": "2018-06-01", "last_payment": "20.00"},
            {"id_number": VAN_DER_MERWE, "status": "deceased", "status_on": "2020-02-01"},
        ],
    )
    ours = [
        ("2020-03-02", 5000, MOKOENA),
        ("2020-03-01", -5000, "A"),
        ("2020-03-09", -5000, "B"),
        ("2020-03-09", -4900, "C"),
    ]
    take_in(office, statement(office, "one.csv", ours), account="A")
    take_in(
        office, statement(office, "two.csv", [("2020-03-02", 5000, MOKOENA), ("2020-03-09", -5000, "D")]), account="B"
    )
    match(office)


@pytest.fixture
def working(office):
    return office.after(money_in)


def number(office, account, narrative):
    (row,) = (one for one in deposits(office) if (one["account"], one["narrative"]) == (account, narrative))
    return row["deposit"]


def after(office, which):
    row = next(row for row in deposits(office) if row["deposit"] == which)
    return row["state"], row["reason"], [(one["id_number"], one["cents"]) for one in row["members"]]


def paid_until(office, id_number):
    return office("member", "explain", id_number, "--on", "2020-12-31", "--json").json["facts"]["paid_until"]


def test_money_moves_to_another_member_and_both_are_settled(working):
    which = number(working, "A", MOKOENA)
    assert paid_until(working, MOKOENA) == "2024-06-01"
    done = working("deposits", "move", which, "--from", MOKOENA, "--to", NAIDOO, "--cents", 2000, *WHY, "--json").json
    assert (done["cents"], done["state"]) == (2000, "matched")
    assert after(working, which)[2] == [(MOKOENA, 3000), (NAIDOO, 2000)]
    assert (paid_until(working, MOKOENA), paid_until(working, NAIDOO)) == ("2023-06-01", "2020-06-01")
    with session(working).store.connect() as connection:
        entries = connection.execute(
            select(allocation.c.cents, allocation.c.reason, allocation.c.reversed_by.is_(None))
            .where(allocation.c.deposit == which)
            .order_by(allocation.c.id)
        )
        # What she keeps was found by the matcher, as before; nothing is overwritten.
        assert [tuple(row) for row in entries] == [
            (5000, "id_reference", 0),
            (3000, "id_reference", 1),
            (2000, "officer", 1),
        ]
    assert holds(working)
    assert undo(working, done["batch"])["kept"] == []
    assert after(working, which)[2] == [(MOKOENA, 5000)]
    assert (paid_until(working, MOKOENA), paid_until(working, NAIDOO)) == ("2024-06-01", "2019-06-01")
    assert holds(working)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_the_bank_took_back_was_never_there_and_may_come_again(working):
    which, line = number(working, "A", MOKOENA), number(working, "A", "B")
    taken = working("deposits", "returned", which, "--line", line, "--why", "Not honoured", "--json").json
    assert (taken["state"], taken["reason"], taken["cents"]) == ("refunded", "returned", 5000)
    assert paid_until(working, MOKOENA) == "2021-06-01"  # what account B has is hers still
    back = working("deposits", "reverse", which, "--why", "Paid again", "--json").json
    assert (back["state"], back["cents"], back["unallocated_cents"]) == ("unallocated", 5000, 5000)
    working("deposits", "allocate", which, "--to", MOKOENA, *WHY)
    assert paid_until(working, MOKOENA) == "2024-06-01"
    with session(working).store.connect() as connection:
        ((debit, by, why),) = connection.execute(select(refund.c.debit, refund.c.reversed_by, refund.c.reversed_why))
    assert (debit, by, why) == (line, back["batch"], "Paid again")
    assert holds(working)


def test_a_return_and_its_reversal_are_undone_in_turn(working):
    which, line = number(working, "A", MOKOENA), number(working, "A", "B")
    before = after(working, which)
    taken = working("deposits", "returned", which, "--line", line, *WHY, "--json").json["batch"]
    back = working("deposits", "reverse", which, *WHY, "--json").json["batch"]
    assert undo(working, taken)["kept"][0]["why"] == "it was decided about again since: undo that first"
    undo(working, back)
    assert after(working, which) == ("refunded", "returned", [])
    imported = min(
        row["batch"] for row in working("batch", "list", "--json").json if row["command"] == "deposits import"
    )
    assert f"deposit {line}" in {one["what"] for one in undo(working, imported)["kept"]}  # the debit is used
    undo(working, taken)
    assert after(working, which) == before
    assert holds(working)


def test_what_the_bank_took_back_of_somebody_out_of_reach_is_recorded_where_they_are_in_reach(working):
    which, line = number(working, "A", MOKOENA), number(working, "A", "B")
    elsewhere, here = (
        replace(session(working), sole_operator=False, roles=((Role.MEMBERSHIP_OFFICER, place),))
        for place in ("BUF", "EKU")
    )
    with pytest.raises(NotAllowed, match="may not credit members of branch 79700012"):
        returned(elsewhere, which, line, "Not honoured")
    assert after(working, which)[2] == [(MOKOENA, 5000)]
    assert returned(here, which, line, "Not honoured").state == "refunded"
    assert holds(working)


REFUSED = [
    (("returned", "{A}", "--line", "{earlier}"), 3, "before the deposit came in"),
    (("returned", "{A}", "--line", "{other}"), 3, "took out R49.00, deposit"),
    (("returned", "{A}", "--line", "{theirs}"), 3, "is of account B"),
    (("returned", "{A}", "--line", "{A}"), 3, "no line of this number took money out"),
    (("returned", "{line}", "--line", "{line}"), 3, "no deposit"),
    (("move", "{A}", "--from", NAIDOO, "--to", MOKOENA), 3, "is allocated to the member it is to be moved from"),
    (("move", "{A}", "--from", MOKOENA, "--to", MOKOENA), 3, "both ID numbers are of one member"),
    (("move", "{A}", "--from", MOKOENA, "--to", VAN_DER_MERWE), 7, "deceased or expelled"),
    (("move", "{A}", "--from", MOKOENA, "--to", NAIDOO, "--cents", "5001"), 3, "R50.00 of deposit"),
]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_refused_and_the_store_as_it_was(working):
    named = {
        "A": number(working, "A", MOKOENA),
        "earlier": number(working, "A", "A"),
        "line": number(working, "A", "B"),
        "other": number(working, "A", "C"),
        "theirs": number(working, "B", "D"),
    }
    before = contents(working)
    for words, code, what in REFUSED:
        typed = [word.format(**named) for word in words]
        assert what in working("deposits", *typed, *WHY, code=code).err, words
    assert contents(working) == before


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_debit_serves_once(working):
    take_in(working, statement(working, "three.csv", [("2020-03-03", 5000, NAIDOO)]), account="A")
    match(working)
    line = number(working, "A", "B")
    working("deposits", "returned", number(working, "A", MOKOENA), "--line", line, *WHY)
    told = working("deposits", "returned", number(working, "A", NAIDOO), "--line", line, *WHY, code=7).err
    assert f"in line {line} the bank took deposit {number(working, 'A', MOKOENA)} back" in told
    assert (
        "given back already"
        in working("deposits", "returned", number(working, "A", MOKOENA), "--line", line, *WHY, code=7).err
    )
