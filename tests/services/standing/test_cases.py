"""The worked cases of tests/vectors/standing.csv, told by the oracle and by the product."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.oracle import Decision, History, Payment, Standing, standing
from tests.services.standing.records import put_on_record, session_of, standings

CASES = list(csv.DictReader(Path("tests/vectors/standing.csv").read_text(encoding="utf-8").splitlines()))


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def history_of(case: dict[str, str]) -> History:
    history = History(applied=case["kind"] == "new")
    history.last_payment_on = day(case["last_payment_on"])
    history.last_payment_cents = int(case["last_payment_cents"]) if case["last_payment_cents"] else None
    for one in filter(None, case["payments"].split(";")):
        on, cents = one.split(":")
        history.payments.append(Payment(date.fromisoformat(on), int(cents)))
    words = [
        *[("accepted", case["accepted"], "")] * bool(case["accepted"]),
        *[("refused", case["refused"], "")] * bool(case["refused"]),
        *[("deceased", case["deceased"], "")] * bool(case["deceased"]),
        *[tuple(one.split(":")) for one in filter(None, case["exclusions"].split(";"))],
        *[("objection", *one.split(":")) for one in filter(None, case["objections"].split(";"))],
    ]
    if history.applied:
        # The cases do not say when the application was made: a day before anything else.
        history.decisions.append(Decision("applied", date(2019, 9, 1)))
    history.decisions += [Decision(kind, date.fromisoformat(on), day(until)) for kind, on, until in words]
    return history


def words(*kinds: str, until: date | None = None) -> list[Decision]:
    return [Decision(kind, date(2020, 8, 28), until) for kind in kinds]


def told(case: dict[str, str]) -> Standing:
    return Standing(case["status"], day(case["paid_until"]), int(case["arrears_cents"]))


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_the_oracle_tells_every_case(case):
    assert standing(history_of(case), date.fromisoformat(case["on"])) == told(case)


def test_the_product_tells_every_case(office):
    session = session_of(office.db)
    put_on_record(session, [history_of(case) for case in CASES])
    for number, case in enumerate(CASES, 1):
        assert standings(session, date.fromisoformat(case["on"]))[number] == told(case), case["case"]


def test_nobody_is_listed_before_joining_or_applying(office):
    session = session_of(office.db)
    joined = date(2020, 5, 1)
    histories = [
        History(joined_on=joined, last_payment_on=joined, last_payment_cents=2000),
        History(applied=True, decisions=[Decision("applied", joined)]),
        History(applied=True, decisions=[Decision("applied", joined, taken_back=True)]),
    ]
    put_on_record(session, histories)
    assert standings(session, joined - timedelta(days=1)) == {}
    assert {number: one.status for number, one in standings(session, joined).items()} == {
        1: "good_standing",
        2: "applicant",
    }


JOINED = [Decision("applied", date(2020, 1, 1)), Decision("accepted", date(2020, 1, 31))]
FEE = [Payment(date(2020, 2, 29), 2000)]
PAID = {"last_payment_on": date(2019, 12, 15), "last_payment_cents": 2000}
EDGES = [
    ("lodged on the last day of probation", [*JOINED, Decision("objection", date(2020, 8, 28))], "probation"),
    ("lodged when probation was over", [*JOINED, Decision("objection", date(2020, 8, 29))], "good_standing"),
    ("refused and applied for again on one day", [*JOINED[:1], *words("refused", "applied")], "applicant"),
    ("applied for and refused on one day", [*JOINED[:1], *words("applied", "refused")], "rejected"),
    ("two entries begun on one day", [*JOINED, *words("resigned", "defected")], "defected"),
    ("an entry that ends on the day it begins", [*JOINED, *words("lapsed", until=date(2020, 8, 28))], "good_standing"),
]


@pytest.mark.parametrize(("why", "decisions", "status"), EDGES, ids=[edge[0] for edge in EDGES])
def test_edges_of_the_rules(office, why, decisions, status):
    history = History(applied=True, payments=FEE, decisions=decisions)
    session = session_of(office.db)
    put_on_record(session, [history])
    on = date(2020, 9, 15)
    assert standings(session, on)[1] == standing(history, on)
    assert standings(session, on)[1].status == status


def test_an_officers_credit_counts_where_the_matchers_is_in_the_opening_position(office):
    on_the_day = date(2019, 12, 15)
    histories = [
        History(**PAID, payments=[Payment(on_the_day, 2000, by_matcher=matched), Payment(date(2022, 1, 1), 100)])
        for matched in (True, False)
    ]
    session = session_of(office.db)
    put_on_record(session, histories)
    for day in (date(2021, 1, 1), date(2022, 2, 2)):
        found = standings(session, day)
        assert [found[1].paid_until, found[2].paid_until] == [date(2020, 12, 15), date(2021, 12, 15)]
