"""`member explain` and what it says comes next, held against the oracle day by day."""

from datetime import date, timedelta
from random import Random

from sqlalchemy import update
from tests.oracle import Decision, History, Payment, standing
from tests.services.standing.random_histories import any_day, history
from tests.services.standing.records import put_on_record, session_of

from ancadmin.db.schema import member
from ancadmin.services.member.telling.explain import explain

DAY = timedelta(days=1)
FAR = date(2060, 1, 1)


def id_of(number: int) -> str:
    """Any thirteen digits with a right check digit will do to be found by."""
    digits = f"80{number % 12 + 1:02}01{number:04}08"
    values = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(digits)]
    return f"{digits}{-sum(value - 9 if value > 9 else value for value in values) % 10}"


def on_record(office, histories):
    session = session_of(office.db)
    put_on_record(session, histories)
    numbered(session, len(histories))
    return session


def numbered(session, count):
    """Gives the members 1, 2, 3 … numbers that may be typed."""
    with session.store.write() as connection:
        for number in range(1, count + 1):
            connection.execute(update(member).where(member.c.id == number).values(id_number=id_of(number)))


def test_status_next_change_and_next_status_are_the_oracles(office):
    random = Random(7)
    histories = [history(random) for _ in range(80)]
    session = on_record(office, histories)
    for number, one in enumerate(histories, 1):
        day = any_day(random, date(2010, 1, 1), date(2026, 1, 1))
        told = explain(session, id_of(number), on=day, full_ids=True)
        expected = standing(one, day)
        assert told.status == (expected.status if expected else None), one
        if expected is not None:
            paid_until = expected.paid_until.isoformat() if expected.paid_until else None
            assert (told.facts["paid_until"], told.facts["arrears_cents"]) == (paid_until, expected.arrears_cents)
        until = date.fromisoformat(told.next_change_on) if told.next_change_on else FAR
        status_between(random, one, day, until, told.status)
        if told.next_change_on:
            assert standing(one, until).status == told.next_status != told.status, one


def status_between(random, one, day, until, status):
    """The last day before a change, and some between: nothing changes sooner."""
    days = {until - DAY, *(day + timedelta(days=random.randint(0, (until - day).days - 1)) for _ in range(10))}
    for between in days:
        found = standing(one, between)
        assert (found.status if found else None) == status, f"{between}: {one}"


def explained(office, one: History, on: date):
    session = on_record(office, [one])
    return explain(session, id_of(1), on=on, full_ids=True)


PAID = {"last_payment_on": date(2017, 6, 30), "last_payment_cents": 2000}


def test_it_says_which_payment_settled_which_period(office):
    payments = [Payment(date(2020, 12, 1), 3000), Payment(date(2020, 12, 15), 4000), Payment(date(2017, 6, 30), 2000)]
    told = explained(office, History(**PAID, payments=payments), date(2020, 12, 20))
    assert [
        (one["begins_on"], one["until"], one["paid_cents"], one["settled_on"], one["deposits"])
        for one in told.facts["periods"]
    ] == [
        ("2018-06-30", "2019-06-30", 2000, "2020-12-01", [1]),
        ("2019-06-30", "2020-06-30", 2000, "2020-12-15", [1, 2]),
        ("2020-06-30", "2021-06-30", 2000, "2020-12-15", [2]),
        ("2021-06-30", "2022-06-30", 1000, None, [2]),
    ]
    assert [one["why_not"] for one in told.facts["payments"]] == ["in the opening position", None, None]
    assert (told.facts["since"], told.facts["because"]) == ("2020-12-15", "deposit 2")


def test_three_sentences_to_read_out(office):
    told = explained(office, History(**PAID), date(2018, 7, 1))
    assert told.sentences == (
        "Thabo Mokoena of branch 79700012 was in the months of grace on 1 July 2018.",
        "Dues are paid up to 29 June 2018, by the register's last payment, R20.00 on 30 June 2017, and R20.00 was "
        "owed.",
        "On 30 September 2018 this became `not in good standing`.",
    )


def test_before_the_record_begins(office):
    told = explained(office, History(applied=True, decisions=[Decision("applied", date(2020, 5, 1))]), date(2020, 4, 1))
    assert (told.status, told.next_change_on, told.next_status) == (None, "2020-05-01", "applicant")
    assert "not yet on record" in told.sentences[0]


def test_nobody_else_is_explained_by_mistake(office):
    on_record(office, [History(**PAID)])
    unknown = office("member", "explain", id_of(2), code=3)
    assert "nobody on record" in unknown.err
    assert "member find" in unknown.err
    wrong = office("member", "explain", "8001015009088", code=3)
    assert "not an ID number" in wrong.err
    spaced = f"{id_of(1)[:6]} {id_of(1)[6:10]}-{id_of(1)[10:]}"
    assert office("member", "explain", spaced, "--on", "2018-07-01", "--json").json["status"] == "grace"


def test_for_people_it_is_sentences_and_then_facts_with_the_number_masked(office):
    on_record(office, [History(**PAID, payments=[Payment(date(2020, 12, 1), 3000)])])
    shown = office("member", "explain", id_of(1), "--on", "2020-12-20").out
    first, second, third, *facts = shown.splitlines()
    assert "was not in good standing on 20 December 2020." in first
    assert "paid up to 29 June 2019" in second
    assert "Nothing on record has changed this since." in third
    assert id_of(1) not in shown
    assert f"{id_of(1)[:6]}****{id_of(1)[10:]}" in shown
    assert any("R20.00 settled on 2020-12-01 by deposit 1" in line for line in facts)
    assert any("R20.00 for the period from 2018-06-30, R10.00 for the period from 2019" in line for line in facts)


def test_a_day_gone_by_knows_nothing_of_what_was_paid_later(office):
    payments = [Payment(date(2018, 6, 1), 2000), Payment(date(2019, 6, 1), 2000), Payment(date(2020, 9, 1), 2000)]
    told = explained(office, History(**PAID, payments=payments), date(2018, 12, 31))
    assert [one["value_date"] for one in told.facts["payments"]] == ["2018-06-01"]
    assert [one["begins_on"] for one in told.facts["periods"]] == ["2018-06-30"]
    assert "the last payment was R20.00 on 1 June 2018" in told.sentences[1]
    assert (told.next_change_on, told.next_status) == ("2020-06-30", "grace")
    assert told.sentences[2] == "On 30 June 2020 this became `grace`."
