"""`report ageing`: who owes how much for how long; in all exactly the arrears of `member list`."""

import stat
from datetime import date, timedelta
from random import Random

import pytest
from tests.oracle import NO_DUES, Decision, History, Payment, fee, standing
from tests.services.deposits.working import register
from tests.services.report.lives import money_on, periods
from tests.services.standing.random_histories import days, history
from tests.services.standing.records import put_on_record, session_of

from ancadmin.domain.receivables import Bucket
from ancadmin.domain.roles import Role
from ancadmin.errors import NotAllowed
from ancadmin.services.export.scope import Scope
from ancadmin.services.report.ageing import ageing
from ancadmin.services.report.places import Level

DAY = date(2020, 6, 30)
ROWS = (
    # Paid for a year from: (paid until), and what that is on 2020-06-30.
    ("8001015009087", "79700012", "2019-06-30"),  # the year from 2020-06-30: current
    ("7501151234085", "79700012", "2019-06-01"),  # from 2020-06-01: 29 days
    ("2002295001089", "10501001", "2018-01-01"),  # from 2019-01-01 and 2020-01-01: over 90 days, both
    ("9303035123081", "10501001", "2019-07-01"),  # until 2020-07-01: nothing yet
)


@pytest.fixture
def members(office):
    register(
        office,
        [
            {"id_number": number, "branch": branch, "last_payment_on": paid_on, "last_payment": "20.00"}
            for number, branch, paid_on in ROWS
        ],
    )
    return office


def aged(row):
    return {
        name.removesuffix("_cents"): row[name]
        for name in row
        if name.endswith("_cents") and row[name] and name != "receivable_cents"
    }


def test_by_hand(members):
    east, gauteng, north_west, total = members("report", "ageing", "--on", DAY, "--json").json
    assert (east["kind"], east["code"], east["name"], east["members_owing"]) == ("province", "EC", "Eastern Cape", 1)
    assert aged(east) == {"over_90": 4000}
    assert aged(gauteng) == {"current": 2000, "days_1_30": 2000}
    assert aged(north_west) == {}
    assert (total["kind"], total["code"], total["members_owing"], total["receivable_cents"]) == (
        "total",
        "national",
        3,
        8000,
    )
    assert aged(total) == {"current": 2000, "days_1_30": 2000, "over_90": 4000}


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_sum_is_never_broken_on_a_terminal_without_room_for_all(members, monkeypatch):
    def ages():
        return members("report", "ageing", "--on", DAY).out.partition("By province")[2]

    monkeypatch.setattr("ancadmin.cli.reported.room", lambda output: 76)
    assert "Code\tMembers\tCurrent\t1–30\t31–60\t61–90\tOver 90\tOwed\tCredit\n" in ages()
    monkeypatch.setattr("ancadmin.cli.reported.room", lambda output: 60)
    first, continued, second = ages().partition("By province, continued")
    assert "Code\tMembers\tCurrent\t1–30\t31–60\t61–90\tOver 90\nEC\t1\tR0.00\tR0.00\tR0.00\tR0.00\tR40.00\n" in first
    assert continued
    assert "Code\tOwed\tCredit\nEC\tR40.00\tR0.00\n" in second


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_lines_are_the_level_below_the_place_or_the_one_asked_for(members):
    def codes(*words):
        return [row["code"] for row in members("report", "ageing", "--on", DAY, *words, "--json").json]

    assert codes("--province", "EC") == ["BUF", "OLD", "EC"]
    assert codes("--region", "BUF") == [*codes("--branch", "10501001")[:1], "BUF"] == ["10501001", "BUF"]
    assert codes("--by", "region") == ["BOJ", "BUF", "EKU", "OLD", "national"]
    assert codes("--by", "branch", "--province", "EC") == ["10501001", "29300005", "EC"]
    said = members("report", "ageing", "--by", "ward", code=2).err
    assert "--by ward is none of branch, region, province" in said
    members("report", "ageing", "--region", "BUF", "--province", "EC", code=2)
    members("report", "ageing", "--branch", "00000000", code=3)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_table_for_people(members):
    answer = members("report", "ageing", "--on", DAY)
    assert answer.err == "Ageing of dues · All branches, as at 2020-06-30\n"
    told = [line for line in answer.out.splitlines() if not line.startswith("Policy")]
    assert told == [
        "Place\tAll branches",
        "As at\t2020-06-30, end of the day",
        "Dues owed\tR80.00",
        "Members owing\t3",
        "Unapplied credit\tR0.00",
        "",
        "By days past the day it fell due",
        "Past due\tOwed\tShare of it",
        "Current\tR20.00\t25.0%",
        "1–30 days\tR20.00\t25.0%",
        "31–60 days\tR0.00\t0.0%",
        "61–90 days\tR0.00\t0.0%",
        "Over 90 days\tR40.00\t50.0%",
        "Total\tR80.00\t100.0%",
        "",
        "By province",
        "Code\tName\tMembers\tCurrent\t1–30\t31–60\t61–90\tOver 90\tOwed\tCredit",
        "EC\tEastern Cape\t1\tR0.00\tR0.00\tR0.00\tR0.00\tR40.00\tR40.00\tR0.00",
        "GP\tGauteng\t2\tR20.00\tR20.00\tR0.00\tR0.00\tR0.00\tR40.00\tR0.00",
        "NW\tNorth West\t0\tR0.00\tR0.00\tR0.00\tR0.00\tR0.00\tR0.00\tR0.00",
        "Total\t\t3\tR20.00\tR20.00\tR0.00\tR0.00\tR40.00\tR80.00\tR0.00",
    ]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_paper_is_for_nobody_else_and_in_the_trail(members):
    for form in ("pdf", "xlsx"):
        path = members.folder / f"ageing.{form}"
        answer = members("report", "ageing", "--on", DAY, "--region", "EKU", "-o", path, "--json").json
        assert (answer["file"], answer["form"], answer["receivable_cents"]) == (str(path), form, 4000)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        reads = members("audit", "log", "--reads", "--json").json
        (taken,) = (one for one in reads if one["action"] == "report ageing" and one["detail"]["form"] == form)
        told = {"on": "2020-06-30", "place": "EKU", "by": "branch", "form": form, "file": str(path)}
        assert taken["detail"].items() >= told.items()
        assert taken["operator"]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_only_who_reaches_the_place_may_ask(members):
    from dataclasses import replace

    session = replace(session_of(members.db), roles=((Role.MEMBERSHIP_OFFICER, "EKU"),))
    assert ageing(session, Scope(region="EKU"), on=DAY).total.owed_cents == 4000
    for scope in (Scope(region="BUF"), Scope(everything=True)):
        with pytest.raises(NotAllowed):
            ageing(session, scope, on=DAY)


def test_money_ahead_is_credit_and_statuses_without_dues_count_nothing(office):
    # The first period begins on the day the joining fee is complete.
    ahead = History(payments=[Payment(date(2020, 1, 10), 5500)])
    part = History(payments=[Payment(date(2020, 1, 10), 700)])
    gone = [
        History(
            payments=[Payment(date(2018, 1, 10), 2000), Payment(date(2018, 1, 11), 100)],
            decisions=[Decision(kind, date(2020, 1, 1))],
        )
        for kind in ("deceased", "expelled", "resigned", "defected", "lapsed", "suspended")
    ]
    session = session_of(office.db)
    put_on_record(session, [ahead, part, *gone])
    made = ageing(session, Scope(everything=True), on=DAY).total
    # Of those gone only the suspended owe: the years from January 2019 and 2020, less R1.
    assert (made.members, made.owed_cents, made.credit_cents) == (1, 3900, 3500 + 700)


def oracle_aged(each: History, day: date) -> tuple[list[int], int]:
    """What a member owes by bucket, and the credit, period by period."""
    buckets, told = [0] * len(Bucket), standing(each, day)
    if told is None or (told.status in NO_DUES and told.status not in ("applicant", "awaiting_payment")):
        return buckets, 0
    left = money_on(each, day)
    for start in periods(each, day):
        paid = min(left, fee(start))
        left -= paid
        if told.status not in NO_DUES:
            buckets[list(Bucket).index(Bucket.of((day - start).days))] += fee(start) - paid
    return buckets, left


@pytest.mark.parametrize("seed", [1994])
def test_random_lives_are_aged_period_by_period_and_add_up_to_their_arrears(office, seed):
    random = Random(seed)
    histories = [history(random) for _ in range(600)]
    session = session_of(office.db)
    put_on_record(session, histories)
    for day in [*days(random, 7), DAY, DAY + timedelta(days=40)]:
        made = ageing(session, Scope(everything=True), on=day, level=Level.BRANCH)
        told = [oracle_aged(each, day) for each in histories]
        assert list(made.total.cents) == [sum(buckets[at] for buckets, _ in told) for at in range(len(Bucket))], day
        assert made.total.credit_cents == sum(credit for _, credit in told), day
        listed = [one for each in histories if (one := standing(each, day)) is not None]
        assert made.total.owed_cents == sum(one.arrears_cents for one in listed), day
        assert made.total.members == sum(one.arrears_cents > 0 for one in listed), day
    shown = office("member", "list", "--on", DAY, "--json").json
    owed = office("report", "ageing", "--on", DAY, "--json").json[-1]["receivable_cents"]
    assert owed == sum(one["arrears_cents"] for one in shown) > 0
