"""Standing in SQL = the plain telling of the rules in tests/oracle.py, on 20,000 random lives; `explain` = the list.

The lives have payments, gaps, discipline, objections, reversals; half of a register, half of applicants. Everybody is
held against the oracle on every day, as `member list --on` says it; 2,000 chosen at random are explained, too.
"""

from datetime import date
from functools import cache
from random import Random

from sqlalchemy import select
from tests.oracle import Standing, standing
from tests.services.standing.random_histories import days, history
from tests.services.standing.records import put_on_record, session_of, standings

from ancadmin.db.schema import member
from ancadmin.domain.standing import Status
from ancadmin.services.member.explain import explain_record
from ancadmin.services.member.list import Wanted, listed

LIVES, DAYS, EXPLAINED = 20_000, 8, 2_000


@cache
def lives():
    """The lives, the days, and what the oracle says of each day, by number: told once for both engines."""
    random = Random(20201215)
    histories = [history(random) for _ in range(LIVES)]
    asked = days(random, DAYS)
    told = {day: [standing(one, day) for one in histories] for day in asked}
    return histories, asked, told


def test_every_life_on_every_day(office):
    histories, asked, told = lives()
    session = session_of(office.db)
    put_on_record(session, histories)
    for day in asked:
        found = standings(session, day)
        wrong = [number for number, one in enumerate(told[day], 1) if found.get(number) != one]
        assert wrong == [], f"{day}: {histories[wrong[0] - 1]}\n{found.get(wrong[0])}\n{told[day][wrong[0] - 1]}"
    seen = {one.status for every in told.values() for one in every if one is not None}
    assert seen == {status.value for status in Status}, "every line of the table was asked for"
    explained_as_listed(session, asked, told)
    with listed(session, Wanted(asked[-1]), full_ids=True) as rows:
        as_listed = {int(row["id_number"]): as_standing(row["status"], row) for row in rows}
    assert as_listed == {number: one for number, one in enumerate(told[asked[-1]], 1) if one is not None}


def explained_as_listed(session, asked, told):
    random = Random(1)
    with session.store.connect() as connection:
        rows = connection.execute(select(member).where(member.c.id.in_(random.sample(range(1, LIVES + 1), EXPLAINED))))
        for row in map(dict, rows.mappings().all()):
            day = random.choice(asked)
            answer = explain_record(session, connection, row, day)
            found = None if answer.status is None else as_standing(answer.status, answer.facts)
            assert found == told[day][row["id"] - 1], f"{day}: {row['id']}"


def as_standing(status, row):
    paid_until = row["paid_until"]
    return Standing(status, date.fromisoformat(paid_until) if paid_until else None, row["arrears_cents"])
