"""Standing in SQL = the plain telling of the rules in tests/oracle.py, on 20,000 random lives; `explain` = the list.

The lives have payments, gaps, discipline, objections, reversals; half of a register, half of applicants. Everybody is
held against the oracle on every day, as `member list --on` says it; and what `member explain` says of each of them, one
after the other, on one day drawn for the life, is held against that day's list. A case a day, so that they are shared
among those who run tests.
"""

from datetime import date
from functools import cache
from random import Random

import pytest
from sqlalchemy import select, text
from tests.oracle import Standing, standing
from tests.services.register.making import with_check_digit
from tests.services.standing.random_histories import days, history
from tests.services.standing.records import put_on_record, session_of

from ancadmin.db.schema import member
from ancadmin.domain.standing import Status
from ancadmin.services.member.list import Wanted, listed
from ancadmin.services.member.telling.explain import explain, explain_record

LIVES, DAYS = 20_000, 8
BY_NUMBER = 20
"""Of so many a day the explanation is asked for by ID number, as it is typed: finding the record and putting the look
on the trail take ten times as long as the answer."""


@cache
def lives():
    """The lives, the days, and the numbers of those explained on each."""
    random = Random(20201215)
    histories = [history(random) for _ in range(LIVES)]
    asked = days(random, DAYS)
    explained = [[] for _ in asked]
    for number in range(1, LIVES + 1):
        random.choice(explained).append(number)
    return histories, asked, explained


@cache
def told(day):
    """What the oracle says of everybody listed on a day, by ID number: told once for both engines."""
    histories, _, _ = lives()
    said = {id_number(number): standing(one, day) for number, one in enumerate(histories, 1)}
    return {number: one for number, one in said.items() if one is not None}


@cache
def id_number(number):
    return with_check_digit(f"{800101 + number // 10_000}{number % 10_000:04}08")


def on_record(office):
    session = session_of(office.db)
    put_on_record(session, lives()[0], id_number=id_number)
    with session.store.write() as connection:
        # As a server does by itself, and whoever keeps a file may: answers must not hang on it.
        connection.execute(text("ANALYZE"))


@pytest.mark.parametrize("nth", range(DAYS))
def test_every_life_on_every_day_and_explained_on_one(office, nth):
    histories, asked, explained = lives()
    day = asked[nth]
    session = session_of(office.after(on_record).db)
    with listed(session, Wanted(day), full_ids=True) as rows:
        found = {row["id_number"]: as_standing(row["status"], row) for row in rows}
    for number, one in enumerate(histories, 1):
        expected = told(day).get(id_number(number))
        assert found.get(id_number(number)) == expected, f"{day}: {number}: {one}"
    assert len(found) == len(told(day)), "nobody else is listed"
    for number, answer in explanations(session, explained[nth], day):
        said = None if answer.status is None else as_standing(answer.status, answer.facts)
        assert said == found.get(number), f"{day}: {number}"
        assert answer.on == day.isoformat()


def explanations(session, numbers, day):
    """What is told of each on the day, by ID number; then of some by the number that is typed."""
    with session.store.connect() as connection:
        rows = connection.execute(select(member).where(member.c.id.in_(numbers))).mappings().all()
        assert len(rows) == len(numbers)
        for row in map(dict, rows):
            yield row["id_number"], explain_record(session, connection, row, day)
    for number in map(id_number, numbers[:BY_NUMBER]):
        yield number, explain(session, number, on=day, full_ids=True)


def test_everyone_is_explained_and_every_line_of_the_table_is_asked_for():
    _, asked, explained = lives()
    assert sorted(number for numbers in explained for number in numbers) == list(range(1, LIVES + 1))
    seen = {
        told(day)[id_number(number)].status
        for day, numbers in zip(asked, explained, strict=True)
        for number in numbers
        if id_number(number) in told(day)
    }
    assert seen == {status.value for status in Status}


def as_standing(status, row):
    paid_until = row["paid_until"]
    return Standing(status, date.fromisoformat(paid_until) if paid_until else None, row["arrears_cents"])
