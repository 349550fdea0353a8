"""docs/rules.md, section 4.1: a ledger cut into overlapping statements, imported in any order, is that ledger again."""

import itertools
from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from tests.services.deposits.working import session, statement

from ancadmin.db.schema import deposit
from ancadmin.services.batch.undo import undo_batch
from ancadmin.services.deposits.balance import balances
from ancadmin.services.deposits.statements.gaps import not_adding_up, statements_in_order
from ancadmin.services.deposits.statements.importing import import_statements

# Few amounts and narratives, so that one day has genuine twins.
LINES = st.tuples(st.sampled_from([2000, 2000, 1200, -2000, -650]), st.sampled_from(["8001015009087", "CASH DEP", ""]))
DAYS = st.lists(st.lists(LINES, max_size=4), min_size=1, max_size=6)
ACCOUNTS = itertools.count()
OPENING = 50_000
NOON = date(2020, 3, 2)


@st.composite
def cut(draw, with_balances):
    """A ledger as (day, cents, narrative), and the statements it is cut into: pairs of places, all lines in one at
    least. They end anywhere, at noon too. They begin anywhere on a day on which the account never stood twice at the
    same balance, and else with the day, as banks give them out.
    """
    days = draw(DAYS)
    ledger = [
        (date(2020, 2, 26) + timedelta(days=number), cents, said)
        for number, lines in enumerate(days)
        for cents, said in lines
    ]
    balances_of = defaultdict(list)
    balance = OPENING
    for day, cents, _ in ledger:
        balances_of[day] += [balance + cents] if balances_of[day] else [balance, balance + cents]
        balance += cents
    clear = {day for day, stood in balances_of.items() if len(set(stood)) == len(stood)}
    starts = [
        at
        for at, (day, *_) in enumerate(ledger)
        if at == 0 or ledger[at - 1][0] != day or (with_balances and day in clear)
    ]
    parts = []
    covered = 0
    while covered < len(ledger):
        first = draw(st.sampled_from([at for at in starts if at <= covered]))
        parts.append((first, draw(st.integers(covered + 1, len(ledger)))))
        covered = parts[-1][1]
    return ledger, draw(st.permutations([*parts, *draw(st.lists(st.sampled_from(parts), max_size=2))])) if parts else []


def on_record(work, account):
    """The lines of an account: day, cents and narrative, each as often as it stands there."""
    query = select(deposit.c.value_date, deposit.c.cents, deposit.c.narrative).where(
        deposit.c.account == account, deposit.c.reversed_by.is_(None)
    )
    with work.store.connect() as connection:
        return Counter((row.value_date, row.cents, row.narrative) for row in connection.execute(query))


def take_in(office, work, account, ledger, part, balances_shown, newest_first=False):
    """Imports the lines of one statement; the number of the batch."""
    first, last = part
    before = OPENING + sum(cents for _, cents, _ in ledger[:first])
    lines = [(day.isoformat(), cents, said) for day, cents, said in ledger[first:last]]
    path = statement(office, "some.csv", lines, opening=before if balances_shown else None)
    if newest_first and lines[0][0] != lines[-1][0]:  # of a single day the balances may follow both ways
        head, *rows = path.read_text().splitlines()
        path.write_text("\n".join([head, *reversed(rows)]) + "\n")
    return import_statements(work, [path], account=account).batch


def expected(ledger, parts):
    """What the statements hold between them."""
    held = {at for first, last in parts for at in range(first, last)}
    return Counter((ledger[at][0].isoformat(), ledger[at][1], ledger[at][2]) for at in held)


def often(examples):
    return settings(
        max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
    )


@pytest.mark.parametrize("with_balances", [True, False])
@pytest.mark.parametrize("engine", ["sqlite"])
def test_any_order_any_overlap_any_of_them_twice(office, with_balances):
    _any_order(office, with_balances, examples=20)


@pytest.mark.parametrize("engine", ["postgresql"])
def test_the_same_on_the_other_engine(office):
    _any_order(office, with_balances=True, examples=4)


def _any_order(office, with_balances, examples):
    work = session(office)

    @often(examples)
    @given(cut(with_balances), st.booleans())
    @example(([(NOON, 2000, "CASH DEP"), (NOON, -2000, "CASH DEP")], [(0, 1), (0, 2)]), False)
    def holds(ledger_and_parts, newest_first):
        ledger, parts = ledger_and_parts
        account = f"A{next(ACCOUNTS)}"
        for part in parts:
            take_in(office, work, account, ledger, part, with_balances, newest_first and with_balances)
        assert on_record(work, account) == expected(ledger, parts)
        with work.store.connect() as connection:
            assert list(not_adding_up(connection)) == []

    holds()
    assert all(one.holds for one in balances(work))


@pytest.mark.parametrize("engine", ["sqlite"])
def test_undone_in_any_order_a_statement_leaves_what_others_carry(office):
    work = session(office)

    @often(12)
    @given(cut(with_balances=True), st.data())
    def holds(ledger_and_parts, data):
        ledger, parts = ledger_and_parts
        account = f"A{next(ACCOUNTS)}"
        parts = list(dict.fromkeys(parts))
        standing = {take_in(office, work, account, ledger, part, True): part for part in parts}
        for batch in data.draw(st.permutations(sorted(standing))):
            undo_batch(work, batch)
            del standing[batch]
            assert on_record(work, account) == expected(ledger, standing.values())
        assert statements_in_order(work, account) == []

    holds()
