"""Who is due which reminder, by which way, and that nobody gets one kind about one day twice."""

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import func, select
from tests.services.deposits.reminders.people import (
    due_in,
    gateway,
    outbox,
    pay_today,
    planned,
    put_on_record,
    sent,
    someone,
    until,
)
from tests.services.export.records import decide, session_of

from ancadmin.db.schema import reminder
from ancadmin.domain.dates import add_months
from ancadmin.domain.reminders import Kind, Owed, Person, faulty_text, said
from ancadmin.services.session import today_in_johannesburg

ONE_ENGINE = pytest.mark.parametrize("engine", ["sqlite"])
TODAY = today_in_johannesburg()


def kind_on(paid: str, day: date) -> str | None:
    """The rule said another way: 30 days before; three months of grace; 90 days after these."""
    due = add_months(date.fromisoformat(paid), 12)
    over = add_months(due, 3)
    if day < due:
        return "before" if (due - day).days <= 30 else None
    if day < over:
        return "grace"
    return "after" if (day - over).days < 90 else None


def test_who_is_due_which_reminder_and_by_which_way(office):
    days = [due_in(one) for one in (31, 30, 29, 1, 0, -1, -70, -120, -150, -230)]
    put_on_record(
        office,
        *(someone(paid) for paid in days),
        someone(due_in(-10), cell=None),
        someone(due_in(-10), cell=None, email=None),
        someone(None),
    )
    told = planned(office)
    expected = {number: kind_on(paid, TODAY) for number, paid in enumerate([*days, due_in(-10), due_in(-10)], 1)}
    rows = outbox(office)
    assert {int(row["id_number"][-3:]): row["kind"] for row in rows} == {
        number: kind for number, kind in expected.items() if kind
    }
    assert set(expected.values()) == {"before", "grace", "after", None}
    assert [row["channel"] for row in rows[-2:]] == ["email", "letter"]
    assert {row["about"] for row in rows} <= {until(paid) for paid in [*days, due_in(-10)]}
    assert told["reminders"] == len(rows) == sum(told["kinds"].values()) == sum(told["channels"].values())


@ONE_ENGINE
def test_nobody_who_left_died_or_is_suspended_is_reminded(office):
    kinds = ["deceased", "expelled", "suspended", "resigned", "defected", "lapsed"]
    put_on_record(office, *(someone(due_in(-10)) for _ in range(7)))
    for number, kind in enumerate(kinds, 1):
        decide(office, number, kind, (TODAY - timedelta(days=1)).isoformat())
    planned(office)
    assert [row["id_number"][-1] for row in outbox(office)] == ["7"]


@ONE_ENGINE
def test_who_cannot_be_reached_as_asked_is_counted_by_kind(office):
    put_on_record(office, someone(due_in(-10), cell=None), someone(due_in(10), cell=None), someone(due_in(10)))
    told = planned(office, "--channel", "sms")
    assert (told["reminders"], told["unreachable"]) == (1, {"before": 1, "grace": 1, "after": 0})
    office("deposits", "remind", "plan", "--channel", "sms", "--strict", code=10)
    assert planned(office)["channels"] == {"sms": 0, "email": 2, "letter": 0}


@ONE_ENGINE
def test_a_plan_is_of_the_place_and_kind_asked_for_and_a_dry_run_plans_nothing(office):
    put_on_record(office, someone(due_in(10)), someone(due_in(-10), branch="EKU002"), someone(due_in(10), "VHE001"))
    assert planned(office, "--dry-run")["reminders"] == 3
    assert outbox(office) == []
    assert planned(office, "--branch", "EKU002")["kinds"] == {"before": 0, "grace": 1, "after": 0}
    assert planned(office, "--region", "EKU", "--kind", "grace")["reminders"] == 0
    assert planned(office, "--province", "LIM")["reminders"] == 1
    assert planned(office)["reminders"] == 1
    assert planned(office)["reminders"] == 0


@ONE_ENGINE
def test_a_past_day_counts_only_what_had_been_paid_by_then(office):
    put_on_record(office, someone(due_in(-10)))
    pay_today(office, 1)
    assert planned(office)["reminders"] == 0
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    assert planned(office, "--on", yesterday)["kinds"]["grace"] == 1


@ONE_ENGINE
def test_undoing_a_plan_takes_back_what_has_not_left(office):
    put_on_record(office, someone(due_in(10)), someone(due_in(10), cell=None))
    number = planned(office)["batch"]
    batch = sent(office, "sms", "-o", office.folder / "out.csv")["batch"]
    undone = office("batch", "undo", number, "--json").json
    assert undone["reminders_taken_back"] == 1
    assert [(one["what"], "cannot be called back" in one["why"]) for one in undone["kept"]] == [("1 reminder", True)]
    kept = office("batch", "undo", batch, "--json").json["kept"]
    assert [(one["what"], "cannot be called back" in one["why"]) for one in kept] == [("1 reminder", True)]
    assert [row["state"] for row in outbox(office)] == ["sent"]
    assert planned(office)["channels"] == {"sms": 0, "email": 1, "letter": 0}


@pytest.mark.parametrize("seed", range(2))
@ONE_ENGINE
def test_nobody_gets_one_kind_about_one_day_twice(office, seed):
    """Plans for any day, sendings, payments and undone plans in any order; what left is in the gateway files."""
    chance = Random(seed)
    people = [someone(due_in(chance.randint(-200, 30))) for _ in range(8)]
    put_on_record(office, *people)
    plans, files = [], []
    for turn in range(12):
        what = chance.choice(["plan", "plan", "send", "send", "pay", "undo"])
        if what == "plan":
            day = (TODAY - timedelta(days=chance.choice([0, 0, 5, 60]))).isoformat()
            plans.append(planned(office, "--on", day)["batch"])
        elif what == "send":
            files.append(office.folder / f"{turn}.csv")
            sent(office, "sms", "--limit", chance.randint(1, 5), "-o", files[-1])
        elif what == "pay":
            pay_today(office, chance.randint(1, len(people)))
        elif plans:
            office("batch", "undo", plans.pop())
    left = [row["reference"] for path in files if path.exists() for row in gateway(path)]
    assert len(left) == len(set(left))
    with session_of(office.db).store.connect() as connection:
        what = [reminder.c.member, reminder.c.kind, reminder.c.about]
        gone = connection.execute(select(*what, func.count()).where(reminder.c.sent_in.is_not(None)).group_by(*what))
        counts = [row[-1] for row in gone]
    assert sum(counts) == len(left)
    assert set(counts) <= {1}


@ONE_ENGINE
def test_undoing_an_import_takes_waiting_reminders_with_it_and_keeps_whom_one_was_sent(office):
    from tests.services.deposits.working import MOKOENA, NAIDOO, register

    paid = due_in(10)
    people = [{"id_number": one, "last_payment_on": paid, "last_payment": "20.00"} for one in (MOKOENA, NAIDOO)]
    people[0]["cell"] = "0821234567"
    answer = register(office, people)
    planned(office)
    sent(office, "sms", "-o", office.folder / "out.csv")
    undone = office("batch", "undo", answer["batch"], "--json").json
    assert [one["why"] for one in undone["kept"]] == ["a reminder was sent to them"]
    assert [row["id_number"] for row in outbox(office)] == [MOKOENA]
    assert [one["id_number"] for one in office("member", "list", "--json").json] == [MOKOENA]


@pytest.mark.parametrize("waits", [False, True])
def test_whom_a_merge_made_one_is_not_told_again_what_either_was_told(office, waits):
    """Sent to the record merged away before the kept one's was planned, or while it waits to leave."""
    one, other = "8001015009087", "7501151234085"
    kept = someone(due_in(10), cell=None, email=None, id_number=one)
    put_on_record(office, kept, someone(due_in(10), id_number=other))
    planned(office, *([] if waits else ["--channel", "sms"]))
    assert sent(office, "sms", "-o", office.folder / "one.csv")["left"] == 1
    office("member", "merge", one, other, "--why", "One and the same")
    assert planned(office)["reminders"] == 0
    if waits:
        told = sent(office, "letter", "-o", office.folder / "letters.pdf")
        assert (told["left"], told["no_longer_due"]) == (0, 1)


SIPHO = Person("Dlamini", "", "EKU001", "Tembisa", "Ekurhuleni, Gauteng", None, None)


def test_a_text_says_amounts_in_rands_and_leaves_no_gap_for_a_missing_name():
    text = "Dear {first_names} {surname}: {arrears} of {fee} since {paid_until}.\n{branch}"
    assert said(text, SIPHO, Owed("2026-01-05", 123450, 2000)) == (
        "Dear Dlamini: R1 234.50 of R20.00 since 2026-01-05.\nTembisa (EKU001)"
    )


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Pay {id_number}", "may only ask for"),
        ("Pay {surname.__class__}", "may only ask for"),
        ("Pay {surname!r}", "may only ask for"),
        ("Pay {}", "may only ask for"),
        ("Pay {surname", "brace"),
        ("", "must be a text"),
        (12, "must be a text"),
        ("x" * 1001, "at most 1000"),
    ],
)
def test_a_text_that_asks_for_what_there_is_not_is_refused(text, what):
    assert what in faulty_text(text)


def test_kinds_come_in_their_order():
    assert [kind.stage for kind in Kind] == [1, 2, 3]
