"""`report cash`: what became of deposits, how soon, and what waits."""

from datetime import timedelta

import pytest
from tests.services.deposits.working import (
    MOKOENA,
    NAIDOO,
    NOBODY,
    match,
    numbered,
    register,
    session,
    statement,
    take_in,
    undo,
)

FROM_TO = ("--from", "2025-01-01", "--to", "2025-03-31")


def number(index: int) -> str:
    """Valid numbers of women born on a day of March 1980."""
    text = f"8003{index + 1:02d}{1000 + index}08"
    digits = [int(one) for one in text]
    total = sum(digits[0::2]) + sum(sum(divmod(2 * one, 10)) for one in digits[1::2])
    return f"{text}{-total % 10}"


@pytest.fixture
def money(office):
    """The example of docs/rules.md: ten deposits of R20, eight by ID number, of which one is taken back; in January and
    March, and one of December before.
    """
    people = [number(index) for index in range(8)]
    register(office, [{"id_number": one} for one in people])
    lines = [(f"2025-0{1 if at < 6 else 3}-10", 2000, f"PAYMENT {one}") for at, one in enumerate(people)]
    lines += [("2025-01-31", 2000, f"PAYMENT {NOBODY}"), ("2025-03-31", 2000, "THANK YOU"), ("2025-03-31", -500, "FEE")]
    take_in(office, statement(office, "s.csv", sorted([*lines, ("2024-12-30", 700, "WHO")])), account="A")
    match(office)
    office("deposits", "reverse", numbered(office, f"PAYMENT {people[6]}")["deposit"], "--why", "another's money")
    return office


def some(line, *names):
    return tuple(line[name] for name in names)


def test_the_example_of_the_rules(money):
    made = money("report", "cash", *FROM_TO, "--json").json
    assert some(made, "deposits", "deposits_cents", "straight_through", "straight_through_cents") == (
        10,
        20000,
        7,
        14000,
    )
    assert some(made, "straight_through_share", "straight_through_value_share") == (0.7, 0.7)
    assert some(made, "automatic", "reversed", "reversal_share") == (8, 1, 0.125)
    assert some(made, "unapplied", "unapplied_cents", "unapplied_share") == (3, 6000, 0.3)
    # The R7 of December wait too, but came before.
    assert some(made, "suspense", "suspense_cents", "suspense_oldest") == (4, 6700, "2024-12-30")
    waiting = {name: one["cents"] for name, one in made["suspense_by_age"].items() if one["deposits"]}
    assert waiting == {"current": 2000, "days_1_30": 2000, "days_31_60": 2000, "over_90": 700}
    reasons = {(one["state"], one["reason"]): one["deposits"] for one in made["by_reason"]}
    assert reasons == {
        ("matched", "id_reference"): 7,
        ("unallocated", "reversed"): 1,
        ("unallocated", "id_not_registered"): 1,
        ("unallocated", "no_match"): 1,
    }


def test_by_month_and_by_account(money):
    take_in(money, statement(money, "b.csv", [("2025-02-02", 3000, "SOMETHING")]), account="B")
    match(money)
    january, february, march = money("report", "cash", *FROM_TO, "--json").json["lines"]
    figures = ("name", "deposits", "straight_through", "reversed", "unapplied_cents", "suspense_cents")
    assert some(january, *figures) == ("2025-01", 7, 6, 0, 2000, 2700)
    assert some(february, *figures) == ("2025-02", 1, 0, 0, 3000, 5700)
    assert some(march, *figures) == ("2025-03", 3, 1, 1, 4000, 9700)
    assert some(february, "reversal_share", "median_days_to_apply") == (None, None)
    one, other, total = money("report", "cash", *FROM_TO, "--by", "account", "--format", "ndjson").out.splitlines()
    assert '"name": "A", "deposits": 10, ' in one
    assert '"name": "B", "deposits": 1, ' in other
    assert '"kind": "total", "name": "", "deposits": 11, ' in total
    said = money("report", "cash", *FROM_TO, "--by", "bank", code=2).err
    assert "--by bank is none of month, account" in said


def test_days_to_apply_are_from_the_value_date_to_the_day_it_was_credited(office):
    register(office, [{"id_number": MOKOENA}, {"id_number": NAIDOO}])
    today = session(office).today
    days = [today - timedelta(days=before) for before in (0, 2, 6, 40)]
    lines = [(day, 2000, f"PAYMENT {who}") for day, who in zip(days, (MOKOENA, NAIDOO) * 2, strict=True)]
    take_in(office, statement(office, "s.csv", lines), account="A")
    matched = match(office)

    def cash():
        return office("report", "cash", "--from", days[-1], "--to", today, "--json").json

    assert cash()["median_days_to_apply"] == (2 + 6) / 2
    undo(office, matched["batch"])
    figures = ("median_days_to_apply", "automatic", "reversed", "reversal_share", "unapplied", "unapplied_share")
    assert some(cash(), *figures) == (None, 0, 0, None, 4, 1.0)
    match(office)
    assert some(cash(), *figures) == (4.0, 4, 0, 0.0, 0, 0.0)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_table_and_a_period_without_deposits(money):
    told = money("report", "cash", *FROM_TO).out
    assert "Straight through\t70.0%, by value 70.0%\n" in told
    assert "Total\t10\tR200.00\t70.0%\t70.0%\t12.5%\tR60.00\t30.0%\t" in told
    assert "unallocated\tno match\t1\tR20.00\t10.0%\n" in told
    none = money("report", "cash", "--from", "2020-01-01", "--to", "2020-01-31")
    assert "2020-01\t0\tR0.00\tn/a\tn/a\tn/a\tR0.00\tn/a\tn/a\tR0.00\n" in none.out
    assert none.err == "Deposits and what became of them, 2020-01-01 to 2020-01-31\n"


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("form", ["pdf", "xlsx"])
def test_papers_are_made_and_named_after_what_they_hold(money, form, monkeypatch):
    monkeypatch.chdir(money.folder)
    answer = money("report", "cash", *FROM_TO, "--as", form, "--json").json
    assert answer["file"] == f"cash-2025-01-01-2025-03-31.{form}"
    assert (money.folder / answer["file"]).stat().st_size > 4000


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("form", ["pdf", "xlsx"])
def test_a_paper_of_many_years_has_room_for_every_month(money, form):
    path = money.folder / f"cash.{form}"
    answer = money("report", "cash", "--from", "2014-01-01", "--to", "2025-12-31", "-o", path, "--json").json
    assert len(answer["lines"]) == 12 * 12
    assert answer["deposits"] == 11


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_is_said_of_a_paper_is_each_figure_once(money):
    told = money("report", "cash", *FROM_TO, "-o", money.folder / "cash.pdf").out
    names = [line.partition("\t")[0] for line in told.splitlines()]
    assert len(names) == len(set(names))
    assert "Deposits\t10, R200.00\n" in told
    assert "month" not in told
