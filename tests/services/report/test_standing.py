"""`report standing`: who moved from where to where, when; opening + in - out = closing, and that is the record."""

import stat
from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import func, select
from tests.oracle import Decision, History, Payment
from tests.services.standing.random_histories import history
from tests.services.standing.records import put_on_record, session_of

from ancadmin.db.schema import standing
from ancadmin.domain.flows import Flow, flow_of
from ancadmin.domain.roles import Role
from ancadmin.errors import NotAllowed
from ancadmin.services.batch.undo import undo_batch
from ancadmin.services.export.scope import Scope
from ancadmin.services.report.standing import standing_flows
from ancadmin.services.standing.sweep import sweep

PAID = {"last_payment_on": date(2020, 1, 15), "last_payment_cents": 2000}  # until 2021-01-15, grace to 2021-04-15
YEAR = ("--from", "2021-01-01", "--to", "2021-06-30")


@pytest.fixture
def lives(office):
    """Six members swept month by month: one does nothing, one pays in grace, one pays after it, one dies, one resigns,
    one joins.
    """
    put_on_record(
        session_of(office.db),
        [
            History(**PAID),
            History(**PAID, payments=[Payment(date(2021, 3, 1), 2000)]),
            History(**PAID, payments=[Payment(date(2021, 5, 20), 2000)]),
            History(**PAID, decisions=[Decision("deceased", date(2021, 2, 3))]),
            History(**PAID, decisions=[Decision("resigned", date(2021, 2, 5))]),
            History(
                applied=True,
                decisions=[Decision("applied", date(2021, 2, 10)), Decision("accepted", date(2021, 3, 10))],
                payments=[Payment(date(2021, 4, 2), 2000)],
            ),
        ],
    )
    for day in ("2020-12-31", "2021-01-31", "2021-02-28", "2021-03-31", "2021-04-30", "2021-05-31", "2021-06-30"):
        sweep(session_of(office.db), date.fromisoformat(day))
    return office


def some(line):
    return {flow: count for flow, count in line["flows"].items() if count}


def test_what_happened_when_and_what_it_means(lives):
    made = lives("report", "standing", *YEAR, "--json").json
    assert [(line["period"], some(line)) for line in made["lines"]] == [
        ("2021-01", {"into_grace": 5}),
        ("2021-02", {"joined": 1, "left": 1, "died": 1}),
        ("2021-03", {"accepted": 1, "renewed": 1}),
        ("2021-04", {"accepted": 1, "out_of_grace": 2}),
        ("2021-05", {"back": 1}),
        ("2021-06", {}),
    ]
    february = made["lines"][1]
    assert february["transitions"] == [
        {"from": None, "to": "applicant", "n": 1},
        {"from": "grace", "to": "deceased", "n": 1},
        {"from": "grace", "to": "resigned", "n": 1},
    ]
    assert {one["status"]: list(one.values())[1:] for one in february["statuses"]} == {
        "deceased": [0, 1, 0, 1],
        "resigned": [0, 1, 0, 1],
        "applicant": [0, 1, 0, 1],
        "grace": [5, 0, 2, 3],
    }
    quarters = lives("report", "standing", *YEAR, "--by", "quarter", "--json").json["lines"]
    assert [(one["period"], one["from"], one["to"]) for one in quarters] == [
        ("2021-Q1", "2021-01-01", "2021-03-31"),
        ("2021-Q2", "2021-04-01", "2021-06-30"),
    ]
    assert some(quarters[1]) == {"accepted": 1, "out_of_grace": 2, "back": 1}


@pytest.mark.parametrize("engine", ["sqlite"])
def test_members_of_a_register_join_with_the_first_sweep(lives):
    """What they were before nobody recorded, though the status they had then began earlier."""
    made = lives("report", "standing", "--from", "2019-12-01", "--to", "2021-01-10", "--json").json
    assert [line["period"] for line in made["lines"] if some(line)] == ["2020-12"]
    assert some(made["lines"][-2]) == {"joined": 5}
    assert made["statuses"] == [{"status": "good_standing", "opening": 0, "in": 5, "out": 0, "closing": 5}]


@pytest.mark.parametrize("seed", [3, 4])
def test_it_adds_up_and_ends_at_what_is_on_record(office, seed):
    random = Random(seed)
    session = session_of(office.db)
    put_on_record(session, [history(random) for _ in range(200)])
    day, end = date(2014, 1, 31), date(2016, 12, 31)
    while day < end:
        done = sweep(session, day)
        day = min(day + timedelta(days=random.randint(5, 90)), end)
    undo_batch(session, done["batch"])
    sweep(session, end)
    made = standing_flows(session, Scope(everything=True), date(2014, 2, 15), end)
    with session.store.connect() as connection:
        query = (
            select(standing.c.status, func.count()).where(standing.c.status.is_not(None)).group_by(standing.c.status)
        )
        recorded = {row[0]: row[1] for row in connection.execute(query)}
    assert made.total.closing == recorded
    before = made.total.opening
    for part in made.parts:
        assert part.opening == before
        for status in part.statuses:
            assert part.opening[status] + part.entered(status) - part.left(status) == part.closing[status] >= 0
        before = part.closing
    assert before == recorded
    assert sum((part.transitions for part in made.parts), Counter()) == made.total.transitions


def test_the_paper_has_a_chart_and_every_figure(lives):
    shown = lives("report", "standing", *YEAR, "-o", lives.folder / "s.pdf")
    assert "Standing over time · All branches, 2021-01-01 to 2021-06-30 → " in shown.err
    text = "\n".join(page.extract_text() for page in PdfReader(lives.folder / "s.pdf").pages)
    for words in ("Flows by month", "Members at the end of each month", "From opening to closing", "Not listed"):
        assert words in text
    lives("report", "standing", *YEAR, "-o", lives.folder / "s.xlsx")
    book = load_workbook(lives.folder / "s.xlsx")
    flows, closing = book.worksheets[1:3]
    assert (len(flows._charts), len(closing._charts)) == (1, 1)
    assert [cell.value for cell in flows[5]][:2] == ["2021-01", 0]
    assert stat.S_IMODE((lives.folder / "s.xlsx").stat().st_mode) == 0o600


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_table_and_a_place_without_changes(lives):
    told = lives("report", "standing", *YEAR).out
    assert "Grace\t0\t5\t5\t0\n" in told
    assert "Grace\tDeceased\tDied\t1\n" in told
    lines = lives("report", "standing", *YEAR, "--branch", "79700012", "--format", "csv").out.splitlines()
    assert lines[0] == "period,from,to,status,opening,in,out,closing"
    assert "total,2021-01-01,2021-06-30,grace,0,5,5,0" in lines
    none = lives("report", "standing", "--from", "2019-01-01", "--to", "2019-03-31", "-o", lives.folder / "none.pdf")
    assert "Standing over time" in none.err
    assert "is none of month, quarter" in lives("report", "standing", "--by", "week", code=2).err


@pytest.mark.parametrize("engine", ["sqlite"])
def test_only_who_reaches_the_place_may_ask(lives):
    from dataclasses import replace

    session = replace(session_of(lives.db), roles=((Role.BRANCH_SECRETARY, "79700012"),))
    first, last = date(2021, 1, 1), date(2021, 6, 30)
    assert standing_flows(session, Scope(branch="79700012"), first, last).total.closing["grace"] == 0
    with pytest.raises(NotAllowed):
        standing_flows(session, Scope(everything=True), first, last)


def test_every_change_has_one_meaning():
    assert flow_of("suspended", "good_standing") is Flow.REINSTATED
    assert flow_of("grace", "suspended") is Flow.DISCIPLINED
    assert flow_of("good_standing", "not_in_good_standing") is Flow.OUT_OF_GRACE
    assert flow_of("probation", "good_standing") is Flow.THROUGH_PROBATION
    assert flow_of("applicant", "rejected") is Flow.REFUSED
    assert flow_of("good_standing", "probation") is Flow.PUT_RIGHT
    assert flow_of("resigned", None) is Flow.TAKEN_OFF
