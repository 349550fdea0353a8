"""docs/rules.md, section 4.1, for messages of banks: imported twice nothing is added, the bank's numbers count."""

from datetime import date
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select
from tests.errors.refusal import contents
from tests.readers.statements.bank import Ledger, Line, camt053, mt940, ofx
from tests.services.deposits.working import MOKOENA, deposits, session, take_in, undo

from ancadmin.db.schema import statement

CORPUS = Path(__file__).parents[2] / "data" / "statements"
DAY = date(2020, 3, 2)


def statements(office):
    with session(office).store.connect() as connection:
        return [row._asdict() for row in connection.execute(select(statement).order_by(statement.c.id))]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ofx2-several-accounts.ofx", {"statements": 3, "lines": 3, "new": 1, "not_a_deposit": 2, "cents": 37000}),
        ("mt940-plain.sta", {"statements": 1, "lines": 6, "new": 3, "not_a_deposit": 3, "cents": 4550}),
        ("camt053-04-batches.xml", {"statements": 1, "lines": 9, "new": 7, "not_a_deposit": 2, "cents": 25100}),
    ],
)
def test_imported_twice_nothing_is_added(office, name, expected):
    first = take_in(office, CORPUS / name)
    assert {key: first[key] for key in expected} == expected
    kept = deposits(office), statements(office)
    again = take_in(office, CORPUS / name)
    assert (again["new"], again["not_a_deposit"], again["already_there"]) == (0, 0, expected["lines"])
    assert (deposits(office), statements(office)) == kept
    undo(office, again["batch"])
    undo(office, first["batch"])
    assert deposits(office) == []


def write(office, name, content):
    path = office.folder / name
    path.write_bytes(content)
    return path


def a_ledger(*lines, opening=0):
    return Ledger("62012345678", opening, [Line(DAY, cents, text, identifier) for cents, text, identifier in lines])


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("writer", [lambda *given: ofx(*given, 2), lambda *given: camt053(*given, "08")])
def test_a_line_is_known_by_the_number_the_bank_gave_it(office, writer):
    """Another export says it in other words, and twins that say the same have different numbers."""
    one = a_ledger((2000, "FNB OB PMT 0821234567", "FT2025A"), (2000, MOKOENA, "FT2025B"), (2000, MOKOENA, "FT2025C"))
    take_in(office, write(office, "one", writer(Random(1), [one])))
    words = "PAYMENT FROM FNB 082 123 4567"
    other = a_ledger((2000, words, "FT2025A"), (2000, MOKOENA, "FT2025D"), (2000, MOKOENA, "FT2025E"), opening=777)
    result = take_in(office, write(office, "two", writer(Random(2), [other])))
    assert (result["already_there"], result["new"]) == (1, 2)
    assert len(deposits(office)) == 5


NAIDOO = (2000, "NAIDOO 8001015009087", "20250303-20")
DLAMINI = (2000, "DLAMINI 9001015009086", "20250303-20")
COUNTED = [(2000, "NAIDOO", "1"), (2000, "DLAMINI", "2"), (2000, MOKOENA, "3"), (2000, "NKOSI", "4")]


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    ("first", "second", "several"),
    [
        ([NAIDOO], [NAIDOO, DLAMINI], 2),
        ([DLAMINI, NAIDOO], [NAIDOO], 2),
        ([NAIDOO], [DLAMINI], 2),
        (COUNTED[:3], COUNTED[1:], 4),
        (COUNTED[:1], [COUNTED[0], (2000, "NKOSI", "7")], 2),
        (COUNTED[1:], COUNTED[:2], 4),
    ],
)
def test_whatever_the_numbers_are_no_line_comes_twice_and_none_is_lost(office, first, second, several):
    """Banks that give one number to all of a day, and those that count: another file has other lines of the day."""
    for number, lines in enumerate((first, second), 1):
        ledger = a_ledger(*lines, opening=100 * number)
        take_in(office, write(office, f"{number}.ofx", ofx(Random(number), [ledger], 2)))
    assert len(deposits(office)) == several


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_number_used_for_different_lines_is_not_trusted(office):
    lines = [(2000, "ONE", "DAY 0303"), (2000, "TWO", "DAY 0303"), (2000, "THREE", "DAY 0304")]
    path = write(office, "one.ofx", ofx(Random(1), [a_ledger(*lines)], 1))
    assert take_in(office, path)["new"] == 3
    other = write(office, "other.ofx", ofx(Random(2), [a_ledger(lines[1], (2000, "FOUR", "DAY 0303"))], 1))
    assert take_in(office, other)["new"] == 1
    assert sorted(row["narrative"] for row in deposits(office)) == ["FOUR", "ONE", "THREE", "TWO"]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_banks_number_counts_where_balances_seem_to_border(office):
    """A day that ends on the balance it began with looks like the one before itself."""
    one = a_ledger((2000, MOKOENA, "A"))
    whole = a_ledger((2000, MOKOENA, "A"), (-2000, "TAKEN BACK", "B"))
    for number, ledger in enumerate((one, whole, one, whole)):
        take_in(office, write(office, f"{number}.ofx", ofx(Random(number), [ledger], 2)))
    assert [row["cents"] for row in deposits(office)] == [2000, -2000]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_genuine_twins_of_mt940_stay_two_and_neighbours_do_not_overlap(office):
    twin = (2000, MOKOENA, "")
    morning = write(office, "1.sta", mt940(Random(1), [a_ledger(twin, twin)]))
    afternoon = write(office, "2.sta", mt940(Random(2), [a_ledger(twin, opening=4000)]))
    for path in (morning, afternoon, morning, afternoon):
        take_in(office, path)
    assert len(deposits(office)) == 3


def test_a_statement_in_which_nothing_happened_is_kept_once(office):
    path = CORPUS / "mt940-pages-and-several.sta"
    take_in(office, path)
    take_in(office, path)
    assert [
        tuple(row[name] for name in ("account", "sequence", "period_to", "lines", "opening_cents", "closing_cents"))
        for row in statements(office)
    ] == [
        ("4051234567", "12", "2020-01-02", 3, -1000, 3500),
        ("62012345678", "7", "2020-01-02", 0, 0, 0),
        ("4051234567", "13", "2020-01-03", 1, 3500, 0),
    ]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_was_left_out_or_read_as_one_is_said(office):
    answer = office("deposits", "import", CORPUS / "camt053-04-batches.xml", CORPUS / "camt053-02-usual.xml", "--json")
    assert answer.json["notes"] == {"details_do_not_add_up": 3, "pending": 2}
    assert "3 entries have details without amounts or that do not add up" in answer.err
    assert "2 entries are not booked yet" in answer.err


@pytest.mark.parametrize("engine", ["sqlite"])
def test_fees_are_charges_and_what_the_bank_took_back_a_debit(office):
    take_in(office, CORPUS / "mt940-plain.sta")
    reasons = {row["narrative"]: row["reason"] for row in deposits(office) if row["cents"] <= 0}
    assert reasons == {
        "MONTHLY ACCOUNT FEE | #FEE": "charge",
        "UNPAID: CHEQUE 1001": "debit",
        "NOTICE OF CHANGE": "zero",
    }


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_dry_run_writes_nothing(office):
    before = contents(office)
    office("deposits", "import", CORPUS / "camt053-04-batches.xml", "--dry-run")
    assert contents(office) == before


@pytest.mark.parametrize("engine", ["sqlite"])
def test_one_name_does_not_make_one_of_several_accounts(office):
    path = CORPUS / "ofx2-several-accounts.ofx"
    answer = office("deposits", "import", path, "--account", "fees", code=3)
    assert "statements of several accounts (0012345678, 4000123412341234, 62012345678)" in answer.err
    assert take_in(office, CORPUS / "mt940-plain.sta", account="fees")["accounts"] == ["fees"]
