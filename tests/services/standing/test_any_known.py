"""Commands in any sequence on moving days: what was told at the end of a day is what is told of it as known then."""

from contextlib import suppress
from dataclasses import asdict
from datetime import time, timedelta
from random import Random

import pytest
from sqlalchemy import func, select
from tests.clock import turned_by_hand
from tests.services.deposits.working import MOKOENA, NAIDOO, NOBODY, PLACES, VAN_DER_MERWE, statement
from tests.services.standing.records import session_of

from ancadmin.db.schema import batch, deposit, member
from ancadmin.errors import InputRefused
from ancadmin.services.member.list import Wanted, listed
from ancadmin.services.member.numbers.former import FORMER
from ancadmin.services.member.telling.explain import explain

PEOPLE = (MOKOENA, NAIDOO, VAN_DER_MERWE, NOBODY)
SPARE = ("8507204800086", "9001015800088")
WHY = ("--why", "as minuted")
WORK = ("pay",) * 4 + ("read",) * 3 + ("undo",) * 4 + ("apply", "accept", "refuse", "object", "settle") * 2
WORK += ("suspend", "lift", "resign", "lapse", "contact", "merge", "merge", "allocate", "reverse", "sweep")
WORK += ("transfer", "transfer", "renumber")


def words(what, office, draw, today):
    """A command of the kind; it may be refused."""
    on = str(today - timedelta(days=draw.choice([0, 1, draw.randrange(60), draw.randrange(900)])))
    who = draw.choice(PEOPLE)
    if what == "pay":
        lines = [(on, draw.choice([1000, 2000, 2000, 4000]), f"{who} {draw.random()}")]
        office("deposits", "import", statement(office, "one.csv", lines), "--account", "A")
        return ["deposits", "match"]
    if what == "read":
        return ["register", "import", register_of(office, draw, on)]
    if what in ("allocate", "reverse"):
        number = draw.randrange(1, 2 + count(office, deposit.c.id))
        return ["deposits", what, number, *(("--to", who) if what == "allocate" else ()), *WHY]
    if what == "undo":
        last = count(office, batch.c.number)
        return ["batch", "undo", draw.randint(max(3, last - 9), last)]
    if what == "renumber":
        return ["member", "renumber", who, draw.choice(SPARE), *WHY]
    if what == "sweep":
        return ["sweep"]
    if what == "merge":
        return ["member", "merge", *draw.sample(PEOPLE, 2), *WHY]
    more = {
        "apply": ("--surname", "Mokoena", "--branch", "79700012", "--on", on),
        "settle": ("--settled", on),
        "transfer": ("--to", draw.choice(["79700012", "10501001"]), "--on", on),
        "suspend": ("--kind", "suspended", "--on", on, "--until", str(today + timedelta(days=50))),
        "lift": ("--lift", on),
        "contact": ("--cell", f"08212345{draw.randrange(10, 99)}"),
    }
    verb = {"settle": "object", "suspend": "discipline", "lift": "discipline"}.get(what, what)
    return ["member", verb, NOBODY if what == "apply" else who, *more.get(what, ("--on", on)), *WHY]


def register_of(office, draw, on, count=2):
    """A register that says something new of members: their joining, their last payment, their status."""
    rows = ["ID Number,Surname,Branch Code,Joined,Last Payment Date,Amount,Cell,Status,Status Date"]
    for number in draw.sample(PEOPLE[:3], count):
        paid = draw.choice([",", f"{on},20.00", f"{on},5.00"])
        status = draw.choice([",", ",", f"expelled,{on}"])
        branch = draw.choice(["79700012", "79700012", "10501001"])
        joined = f"20{draw.randrange(10, 24)}-03-01"
        rows.append(f"{number},Mokoena,{branch},{joined},{paid},08212345{draw.randrange(10, 99)},{status}")
    return office.write("some.csv", "\n".join(rows) + "\n")


def count(office, column):
    with session_of(office.db).store.connect() as connection:
        return connection.scalar(select(func.max(column))) or 0


def records(work):
    """The records there are, by number: their ids with the batches that made them, for an id may be given again."""
    with work.store.connect() as connection:
        query = select(member.c.id_number, member.c.id, member.c.batch).where(member.c.origin != FORMER)
        rows = connection.execute(query)
        return {row.id_number: (row.id, row.batch) for row in rows}


def told(work, today, on, known=None):
    """What is said of everybody's standing `on` a day, by record, and the list of today."""
    found = {}
    for number, record in records(work).items():
        with suppress(InputRefused):  # of somebody not on record yet
            found[record] = asdict(explain(work, number, on=on, known=known, full_ids=True))
    with listed(work, Wanted(None, known), full_ids=True) as rows:
        return found, list(rows)


@pytest.mark.parametrize("seed", [0, 1])
def test_what_was_told_is_told_of_the_day_again(office, seed, monkeypatch):
    draw, clock = Random(seed), turned_by_hand(monkeypatch)
    office("db", "places", "import", office.write("places.csv", PLACES))
    office("register", "import", register_of(office, draw, "2024-01-31", 3))
    said, done = [], 0
    for _ in range(10):
        clock.turn(draw.choice([1, 1, 9, 60, 200]), time(0))
        for at in (time(0, 1), time(9), time(16), time(23, 59)):
            clock.turn(0, at)
            line = words(draw.choice(WORK), office, draw, clock.today)
            answer = office._run(["--db", office.db, *map(str, line)])
            assert answer.code in (0, 3, 7), answer
            done += answer.code == 0
        on = clock.today + timedelta(days=draw.randrange(-400, 200))
        said.append((clock.today, on, *told(session_of(office.db), clock.today, on)))
    assert done > 15, "most of it was refused: it shows little"
    work = session_of(office.db)
    left = set(records(work).values())
    for day, on, then, everyone in said:
        again, all_again = told(work, day, on, day)
        assert again.keys() == then.keys() & left  # of a record that an undo has taken out nothing is known
        for record, as_known in again.items():
            answer = then[record]
            assert as_known.pop("known_on") == str(day)
            first, *rest = as_known["sentences"]
            assert first.endswith(f", {answer['sentences'][0]}")
            assert as_known | {"known_on": None, "sentences": (answer["sentences"][0], *rest)} == answer, day
        numbers = {row["id_number"] for row in all_again}
        assert [row for row in everyone if row["id_number"] in numbers] == all_again
