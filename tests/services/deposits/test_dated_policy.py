"""Thresholds that change on a day: money is judged by those of its value date, a request by those of the day it is
made (docs/rules.md, section 5).
"""

from datetime import timedelta

import pytest
from tests.policies import adopted
from tests.services.deposits.test_matching import TERMINAL, same_day
from tests.services.deposits.working import MOKOENA, deposits, numbered, register, session, statement, take_in

from ancadmin.policy import policy_text

CHANGES = """
[[changes]]
from = 2020-03-10
bulk.word_fees = 5
bulk.amount_fees = 20
bulk.pattern_deposits = 3
"""


@pytest.fixture
def dated(office):
    register(office, [{"id_number": MOKOENA}])
    return office


def match_under(office, changes):
    policy = office.write("policy.toml", policy_text(None) + changes)
    return office("--policy", policy, "deposits", "match", "--json").json


def test_a_deposit_is_bulk_by_the_thresholds_of_its_value_date(dated):
    lines = [
        (day, cents, f"{words} {day}")
        for day in ("2020-03-09", "2020-03-10")
        for cents, words in ((8000, "BULK"), (10001, "BULK TOO"), (30000, "LARGE"), (40001, "LARGER"))
    ]
    take_in(dated, statement(dated, "one.csv", lines))
    match_under(dated, CHANGES)
    assert {narrative: numbered(dated, narrative)["reason"] for _, _, narrative in lines} == {
        "BULK 2020-03-09": "bulk_words",
        "BULK TOO 2020-03-09": "bulk_words",
        "LARGE 2020-03-09": "bulk_amount",
        "LARGER 2020-03-09": "bulk_amount",
        "BULK 2020-03-10": "no_match",
        "BULK TOO 2020-03-10": "bulk_words",
        "LARGE 2020-03-10": "no_match",
        "LARGER 2020-03-10": "bulk_amount",
    }


def test_a_pattern_is_so_many_deposits_of_a_day_as_hold_on_it(dated):
    before, after = (same_day(4, TERMINAL + " {}", day=day) for day in ("2020-03-09", "2020-03-10"))
    take_in(dated, statement(dated, "one.csv", before + after))
    match_under(dated, CHANGES)
    flagged = {row["value_date"] for row in deposits(dated) if row["flags"] == ["bulk_pattern"]}
    assert flagged == {"2020-03-10"}
    policy = dated.folder / "policy.toml"
    shown = dated("--policy", policy, "deposits", "patterns", "--json").json
    assert [(row["value_date"], row["deposits"]) for row in shown] == [("2020-03-10", 4)]


@pytest.mark.parametrize(("days", "waits"), [(-1, False), (0, False), (1, True)])
def test_what_one_may_move_alone_is_what_holds_on_the_day_of_asking(dated, days, waits):
    take_in(dated, statement(dated, "one.csv", [("2020-03-02", 60000, "NOBODY KNOWS")]))
    match_under(dated, "\n[[changes]]\nfrom = 2020-01-01\nbulk.amount_fees = 100\n")
    day = session(dated).today + timedelta(days=days)
    changes = f"\n[[changes]]\nfrom = {day.isoformat()}\napproval.alone_cents = 60000\n"
    policy = adopted(dated, policy_text(None) + changes)
    answer = dated("--policy", policy, "deposits", "refund", 1, "--why", "Wrong account", "--json").json
    assert (answer["request"] is not None) is waits
