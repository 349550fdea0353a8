"""docs/rules.md, section 4.2: an officer's work on one deposit makes new entries, and never more than it holds."""

import pytest
from sqlalchemy import select
from tests.errors.refusal import contents
from tests.services.deposits.working import (
    MOKOENA,
    NAIDOO,
    NOBODY,
    VAN_DER_MERWE,
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

from ancadmin.db.schema import allocation, refund

WHY = ("--why", "The slip was shown")


def money_in(office):
    """Deposit 1: nobody's number, R50. Deposit 2: Mokoena's, matched. Deposit 3: bulk. Line 4: a debit."""
    register(
        office,
        [
            {"id_number": MOKOENA, "last_payment_on": "2020-06-01", "last_payment": "20.00"},
            {"id_number": NAIDOO},
            {"id_number": VAN_DER_MERWE, "status": "deceased", "status_on": "2020-02-01"},
        ],
    )
    lines = [
        ("2020-03-02", 5000, NOBODY),
        ("2020-06-02", 2000, MOKOENA),
        ("2020-06-02", 90000, "BULK"),
        ("2020-06-02", -100, "#FEE"),
    ]
    take_in(office, statement(office, "one.csv", lines))
    match(office)


@pytest.fixture
def working(office):
    return office.after(money_in)


def after(office, number):
    row = next(row for row in deposits(office) if row["deposit"] == number)
    members = [(one["id_number"], one["cents"]) for one in row["members"]]
    return row["state"], row["reason"], members, row["unallocated_cents"]


def entries(office, table):
    with session(office).store.connect() as connection:
        return [
            tuple(row) for row in connection.execute(select(table.c.cents, table.c.reversed_by).order_by(table.c.id))
        ]


def test_a_deposit_is_credited_bit_by_bit_to_whom_an_officer_says(working):
    answer = working("deposits", "allocate", 1, "--to", NAIDOO, "--cents", 3000, *WHY, "--json").json
    assert (answer["cents"], answer["state"], answer["unallocated_cents"]) == (3000, "unallocated", 2000)
    assert after(working, 1) == ("unallocated", "officer", [(NAIDOO, 3000)], 2000)
    assert match(working)["looked_at"] == 0  # an officer has decided
    working("deposits", "allocate", 1, "--to", MOKOENA, *WHY)
    assert after(working, 1) == ("matched", "officer", [(NAIDOO, 3000), (MOKOENA, 2000)], 0)
    assert holds(working)


def test_what_an_officer_credits_counts_also_before_the_register_s_last_payment(working):
    before = working("member", "explain", MOKOENA, "--on", "2020-06-30", "--json").json["facts"]
    working("deposits", "allocate", 1, "--to", MOKOENA, "--cents", 2000, *WHY)  # of 2020-03-02
    facts = working("member", "explain", MOKOENA, "--on", "2020-06-30", "--json").json["facts"]
    assert before["paid_until"] == "2022-06-01"
    assert facts["paid_until"] == "2023-06-01"


def test_what_is_taken_back_stays_on_record_and_is_not_matched_again(working):
    working("deposits", "reverse", 2, "--why", "The bank took it back")
    assert after(working, 2) == ("unallocated", "reversed", [], 2000)
    assert match(working)["looked_at"] == 0
    ((cents, by),) = entries(working, allocation)
    assert cents == 2000
    assert by is not None
    assert holds(working)


def test_what_is_unallocated_is_given_back(working):
    working("deposits", "allocate", 1, "--to", NAIDOO, "--cents", 3000, *WHY)
    working("deposits", "refund", 1, *WHY)
    assert after(working, 1) == ("matched", "officer", [(NAIDOO, 3000)], 0)
    working("deposits", "reverse", 2, *WHY)
    working("deposits", "refund", 2, *WHY)
    working("deposits", "refund", 3, *WHY)
    assert after(working, 2) == ("refunded", "refund", [], 0)
    assert after(working, 3) == ("refunded", "refund", [], 0)
    assert entries(working, refund) == [(2000, None), (2000, None), (90000, None)]
    assert holds(working)


REFUSED = [
    (("allocate", 1, "--to", NAIDOO, "--cents", 5001), 3, "has R50.00 unallocated"),
    (("allocate", 1, "--to", NAIDOO, "--cents", 0), 2, "greater than or equal to 1"),
    (("allocate", 2, "--to", NAIDOO), 3, "has R0.00 unallocated"),
    (("allocate", 1, "--to", NOBODY), 3, "nobody on record"),
    (("allocate", 1, "--to", "8001015009088"), 3, "not an ID number"),
    (("allocate", 1, "--to", VAN_DER_MERWE), 7, "deceased or expelled"),
    (("allocate", 3, "--to", NAIDOO), 7, "bulk deposit"),
    (("allocate", 4, "--to", NAIDOO), 3, "no deposit"),
    (("allocate", 99, "--to", NAIDOO), 3, "no deposit of this number"),
    (("reverse", 1), 3, "nothing of deposit 1 is allocated"),
    (("refund", 2), 3, "nothing of deposit 2 is unallocated"),
]


def test_refused_and_the_store_as_it_was(working):
    before = contents(working)
    for words, code, what in REFUSED:
        assert what in working("deposits", *words, *WHY, code=code).err, words
    assert contents(working) == before


def test_refused_without_a_reason_and_to_applicants(working):
    working("deposits", "refund", 1, "--why", " ", code=3)
    number = "9010106001084"
    apply = ("member", "apply", number, "--surname", "Dlamini", "--branch", "79700012", "--on", "2020-01-10")
    working(*apply, "--why", "A form was handed in")
    assert "not accepted yet" in working("deposits", "allocate", 1, "--to", number, *WHY, code=7).err


def test_a_number_nothing_can_have_is_refused(working):
    for words in (
        ("deposits", "reverse", "N"),
        ("deposits", "returned", 1, "--line", "N"),
        ("deposits", "bulk", "approve", "N"),
        ("deposits", "alias", "forget", "N"),
        ("approvals", "approve", "N"),
    ):
        for number, code in ((99999999999999999999, 2), (2**31, 2), (2**31 - 1, 3), (0, 2)):
            assert working(*(number if one == "N" else one for one in words), *WHY, code=code).err


def batch_of(office, command):
    return next(row["batch"] for row in office("batch", "list", "--json").json if row["command"] == command)


def test_each_decision_can_be_undone(working):
    steps = [
        (("allocate", 1, "--to", NAIDOO, "--cents", 3000), 1),
        (("refund", 1), 1),
        (("reverse", 2), 2),
        (("refund", 3), 3),
    ]
    for words, number in steps:
        before = after(working, number)
        batch = working("deposits", *words, *WHY, "--json").json["batch"]
        assert after(working, number) != before
        assert undo(working, batch)["kept"] == []
        assert after(working, number) == before
        assert holds(working)
    # Nothing was taken away: what was undone is there, reversed, and what was taken back was entered again.
    assert [by is None for _, by in entries(working, allocation)] == [False, False, True]


def test_an_earlier_decision_is_kept_while_a_later_one_stands_on_it(working):
    first = working("deposits", "allocate", 1, "--to", NAIDOO, "--cents", 3000, *WHY, "--json").json["batch"]
    second = working("deposits", "allocate", 1, "--to", MOKOENA, *WHY, "--json").json["batch"]
    assert undo(working, first)["kept"] == [
        {"what": "deposit 1", "why": "it was decided about again since: undo that first"}
    ]
    assert after(working, 1)[2] == [(NAIDOO, 3000), (MOKOENA, 2000)]
    undo(working, second)
    assert after(working, 1)[2] == [(NAIDOO, 3000)]
    assert holds(working)


def test_a_matching_run_is_undone_but_for_what_an_officer_decided_since(working):
    matched = batch_of(working, "deposits match")
    reversed_in = working("deposits", "reverse", 2, *WHY, "--json").json["batch"]
    kept = undo(working, matched)["kept"]
    assert kept == [{"what": "deposit 2", "why": f"an officer decided about it since, in batch {reversed_in}"}]
    assert [row["state"] for row in deposits(working)] == ["open", "unallocated", "open", "not_a_deposit"]
    undo(working, reversed_in)
    assert numbered(working, MOKOENA)["state"] == "open"
    again = match(working)
    assert (again["looked_at"], again["matched"]) == (3, 1)
    assert holds(working)


def test_an_import_is_undone_but_for_what_is_allocated(working):
    imported = batch_of(working, "deposits import")
    matched = batch_of(working, "deposits match")
    (kept,) = undo(working, imported)["kept"]
    assert kept["what"] == "deposit 2"
    assert f"in batch {matched}: undo that first" in kept["why"]
    assert [row["deposit"] for row in deposits(working)] == [2]
    undo(working, matched)  # now nothing holds it any more
    assert deposits(working) == []
    assert holds(working)
