"""docs/rules.md, section 4.1: importing again adds nothing, overlapping adds only what is new, twins survive."""

from collections import Counter
from datetime import date, timedelta
from itertools import accumulate, count

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from tests.errors.refusal import contents
from tests.services.deposits.working import MOKOENA, deposits, ledger, rands, session, statement, take_in, undo

from ancadmin.db.schema import deposit
from ancadmin.services.deposits.statements.importing import import_statements

TWIN = ("2020-03-02", 2000, MOKOENA)
_ACCOUNTS = count()


def test_every_line_is_accounted_for_and_the_second_time_nothing_is_new(office):
    path = statement(office, "one.csv", [TWIN, ("2020-03-03", -6500, "#MONTHLY ACCOUNT FEE"), ("2020-03-04", 100, "")])
    first = take_in(office, path)
    assert first == {
        "batch": 2, "statements": 1, "lines": 3, "new": 2, "already_there": 0, "not_a_deposit": 1, "rejected": 0,
        "cents": 2100, "accounts": ["main"], "forced": [], "notes": {},
        "left_out": [], "profiles": [],
    }  # fmt: skip
    before = ledger(office)
    again = take_in(office, path)
    assert (again["lines"], again["already_there"], again["new"], again["cents"]) == (3, 3, 0, 0)
    assert ledger(office) == before
    states = [(row["state"], row["reason"]) for row in deposits(office)]
    assert states == [("open", None), ("not_a_deposit", "debit"), ("open", None)]


@pytest.mark.parametrize("opening", [None, 100_000])
def test_twins_in_one_statement_are_both_genuine(office, opening):
    path = statement(office, "twins.csv", [TWIN, TWIN, TWIN], opening=opening)
    assert take_in(office, path)["new"] == 3
    assert take_in(office, path)["new"] == 0
    longer = statement(office, "longer.csv", [TWIN, TWIN, TWIN, TWIN], opening=opening)
    assert take_in(office, longer)["new"] == 1


def test_a_line_is_the_same_in_another_export_of_it(office):
    take_in(office, statement(office, "one.csv", [("2020-03-02", 2000, "FNB OB  PMT x")], opening=0))
    other = office.write("other.csv", "Datum;Krediet;Debiet;Beskrywing;Saldo\n02/03/2020;R20,00;;fnb ob pmt X;20,00\n")
    assert take_in(office, other)["already_there"] == 1


def test_accounts_are_apart_and_named_by_the_flag_or_the_file(office):
    path = statement(office, "one.csv", [TWIN])
    assert take_in(office, path, account="A")["new"] == 1
    assert take_in(office, path, account="B")["new"] == 1
    named = office.write("named.csv", "Date,Amount,Description,Account\n2020-03-02,20.00,X,C\n2020-03-02,20.00,X,D\n")
    assert take_in(office, named)["accounts"] == ["C", "D"]
    assert [row["account"] for row in deposits(office)] == ["A", "B", "C", "D"]


def bordering(office, name, opening, lines):
    """A statement that says what it opens and closes on, but no running balances."""
    closing = opening + sum(cents for _, cents, _ in lines)
    rows = [f"{day},{text},{rands(cents)}," for day, cents, text in lines]
    head = f"Date,Description,Amount,Balance\n,Opening balance,,{rands(opening)}\n"
    return office.write(name, head + "\n".join(rows) + f"\n,Closing balance,,{rands(closing)}\n")


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0)])
def test_statements_that_border_on_each_other_do_not_overlap(office, order):
    statements = [
        bordering(office, "morning.csv", 100_000, [TWIN]),
        bordering(office, "afternoon.csv", 102_000, [TWIN]),
        bordering(office, "day.csv", 100_000, [TWIN, TWIN]),
    ]
    for which in (*order, *order):
        take_in(office, statements[which])
    assert len(deposits(office)) == 2


def test_a_day_that_opens_and_closes_on_the_same_balance_does_not_border_on_itself(office):
    lines = [("2020-03-02", 2000, "X"), ("2020-03-02", -2000, "X BACK")]
    take_in(office, bordering(office, "day.csv", 100_000, lines))
    longer = [*lines, ("2020-03-03", 500, "Y")]
    assert take_in(office, bordering(office, "days.csv", 100_000, longer))["new"] == 1


_DAYS = st.integers(0, 3).map(lambda days: str(date(2020, 3, 2) + timedelta(days=days)))
_LINES = st.lists(
    st.tuples(_DAYS, st.sampled_from([2000, 2000, 4000, -6500]), st.sampled_from([MOKOENA, "X", ""])), max_size=12
).map(lambda lines: sorted(lines, key=lambda line: line[0]))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=_LINES, data=st.data())
def test_overlapping_statements_give_the_same_ledger_in_any_order(office, lines, data):
    balances = list(accumulate((cents for _, cents, _ in lines), initial=1_000_000))
    assume(len(set(balances)) == len(balances))  # else a statement may seem to border on one it overlaps
    places = st.integers(0, len(lines))
    cuts = data.draw(st.lists(st.tuples(places, places).map(sorted), min_size=1, max_size=4), label="cuts")
    given_twice = [*cuts, data.draw(st.sampled_from(cuts), label="again")]
    order = data.draw(st.permutations(given_twice), label="order")
    account = f"account {next(_ACCOUNTS)}"
    for first, last in order:
        path = statement(office, "cut.csv", lines[first:last], opening=balances[first])
        import_statements(session(office), [path], account=account)
    covered = sorted({place for first, last in cuts for place in range(first, last)})
    assert _ledger(office, account) == Counter(lines[place] for place in covered)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=_LINES, data=st.data())
def test_statements_of_whole_days_need_no_balances(office, lines, data):
    days = sorted({day for day, _, _ in lines})
    periods = data.draw(st.lists(st.tuples(_DAYS, _DAYS).map(sorted), min_size=1, max_size=4), label="periods")
    account = f"account {next(_ACCOUNTS)}"
    for first, last in periods:
        path = statement(office, "days.csv", [line for line in lines if first <= line[0] <= last])
        import_statements(session(office), [path], account=account)
    covered = {day for day in days if any(first <= day <= last for first, last in periods)}
    assert _ledger(office, account) == Counter(line for line in lines if line[0] in covered)


def _ledger(office, account):
    with session(office).store.connect() as connection:
        rows = connection.execute(
            select(deposit.c.value_date, deposit.c.cents, deposit.c.narrative).where(deposit.c.account == account)
        )
        return Counter(tuple(row) for row in rows)


def test_an_undone_import_can_be_done_again(office):
    path = statement(office, "one.csv", [TWIN, TWIN])
    first = take_in(office, path)
    before = ledger(office)
    assert undo(office, first["batch"])["kept"] == []
    assert deposits(office) == []
    assert take_in(office, path)["new"] == 2
    assert ledger(office) == before


def test_a_line_stands_as_long_as_a_statement_that_has_it(office):
    lines = [("2020-03-02", 2000, "A"), ("2020-03-03", 2000, "B"), ("2020-03-04", 2000, "C")]
    first = take_in(office, statement(office, "one.csv", lines[:2], opening=0))["batch"]
    second = take_in(office, statement(office, "two.csv", lines[1:], opening=2000))["batch"]
    kept = undo(office, first)["kept"]
    assert [one["why"] for one in kept] == ["another statement, imported since, has it too"]
    assert [row["narrative"] for row in deposits(office)] == ["B", "C"]
    assert undo(office, second)["kept"] == []
    assert deposits(office) == []


def test_a_dry_run_says_what_would_be_and_leaves_nothing(office):
    path = statement(office, "one.csv", [TWIN])
    before = contents(office)
    assert office("deposits", "import", path, "--dry-run", "--json").json["new"] == 1
    assert contents(office) == before


def test_forced_a_statement_comes_in_without_the_lines_that_cannot_be_read(office):
    text = "Date,Amount,Text,Balance\n2020-03-02,20.00,A,20.00\n2020-03-32,20.00,B,40.00\n2020-03-04,20.00,C,60.00\n"
    path = office.write("one.csv", text)
    office("deposits", "import", path, code=3)
    answer = office("deposits", "import", path, "--force", "--strict", "--json", code=10).json
    assert (answer["lines"], answer["new"], answer["rejected"]) == (3, 2, 1)
    assert answer["forced"] == ["one.csv"]  # without B the balances do not follow


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_statement_that_is_not_there_is_refused_and_nothing_is_kept_of_the_others(office):
    path = statement(office, "one.csv", [TWIN])
    before = contents(office)
    told = office("deposits", "import", path, office.folder / "missing.csv", code=3).err
    assert "missing.csv: cannot be read" in told
    assert contents(office) == before
