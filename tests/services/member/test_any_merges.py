"""Split deposits, imports and merges in any sequence: whatever is undone, in whatever order, what is left adds up."""

from random import Random

import pytest
from sqlalchemy import func, select
from tests.services.deposits.working import MOKOENA, NAIDOO, VAN_DER_MERWE, match, register, session, statement, take_in
from tests.services.member.test_merge_registers import person
from tests.tamper import sql

from ancadmin.db.schema import batch
from ancadmin.errors import AncadminError
from ancadmin.services.batch.undo import undo_batch
from ancadmin.services.check.run import check_store
from ancadmin.services.deposits.balance import balances
from ancadmin.services.deposits.officer import allocate, reverse
from ancadmin.services.member.merging.merge import merge_members

PEOPLE = (MOKOENA, NAIDOO, VAN_DER_MERWE)
WORK = ("allocate", "allocate", "reverse", "import", "import", "merge", "merge", "undo", "undo")


def picture(office):
    """What holds: what the records say, the money in force, and what follows from both."""
    return [
        sql(office, f"SELECT {columns} ORDER BY 1, 2, 3, 4")
        for columns in (
            "id, joined_on, cell, last_payment_on, last_payment_cents, merged_into FROM member",
            "deposit, member, cents, value_date, why FROM allocation WHERE reversed_by IS NULL",
            "id, member, state, unallocated_cents FROM deposit",
            "member, listed_from, opening_on, first_day, money_cents, money_on FROM standing",
        )
    ]


def do(office, work, draw, what):
    """One step of the kind; what is refused raises AncadminError."""
    if what == "allocate":
        allocate(work, draw.choice([1, 2]), draw.choice(PEOPLE), 2000, "A part")
    elif what == "reverse":
        reverse(work, draw.choice([1, 2]), "A reason")
    elif what == "merge":
        merge_members(work, *draw.sample(PEOPLE, 2), why="A reason")
    elif what == "undo":
        wanted = select(batch.c.number).where(batch.c.undoes.is_(None), batch.c.number > 5).order_by(batch.c.number)
        with work.store.connect() as connection:
            numbers = connection.scalars(wanted).all()
        if numbers:
            undo_batch(work, draw.choice(numbers))
    else:
        take_register(office, draw)


def take_register(office, draw):
    """A register of one of them, who has paid on another day than ever before, or joined, or has another number."""
    day = f"20{draw.randrange(11, 20)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}"
    said = draw.choice([{"last_payment_on": day, "last_payment": draw.choice(["20.00", "5.00"])}, {"joined_on": day}])
    who = person(draw.choice(PEOPLE), joined_on="") | said
    lines = ["ID Number,Surname,First Names,Branch Code,Joined,Last Payment Date,Amount"]
    paid = f"{who.get('last_payment_on', '')},{who.get('last_payment', '')}"
    lines.append(f"{who['id_number']},Mokoena,Thabo,79700012,{who['joined_on']},{paid}")
    office("register", "import", office.write("some.csv", "\n".join(lines) + "\n"), "--json")


@pytest.fixture
def begun(office):
    """Three people and two deposits, open; batches 2 to 5."""
    register(office, [person(number, joined_on="2014-01-01") for number in PEOPLE])
    lines = [("2018-01-10", 6000, "cash"), ("2018-02-10", 6000, "more cash")]
    take_in(office, statement(office, "one.csv", lines), account="A")
    match(office)
    return office


def holds(office, work):
    assert all(one.holds for one in balances(work))
    assert check_store(work) == []
    assert office("sweep", "--verify", "--json").json["wrong"] == 0


def last_batch(work):
    with work.store.connect() as connection:
        return connection.scalar(select(func.max(batch.c.number)))


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("seed", range(2))
def test_undone_from_the_last_to_the_first_each_step_gives_back_what_stood_before(begun, seed):
    draw, work, done = Random(seed), session(begun), []
    for _ in range(30):
        before, last = picture(begun), last_batch(work)
        try:
            do(begun, work, draw, draw.choice([one for one in WORK if one != "undo"]))
        except AncadminError:
            assert picture(begun) == before
            continue
        done.append((last_batch(work), before))
        assert last_batch(work) == last + 1
    holds(begun, work)
    for number, before in reversed(done):
        assert undo_batch(work, number).kept == []
        assert picture(begun) == before, number
    holds(begun, work)


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("seed", [0, 1, 5])
def test_undone_in_whatever_order_nothing_is_left(begun, seed):
    draw, work, first = Random(seed), session(begun), picture(begun)
    for _ in range(25):
        try:
            do(begun, work, draw, draw.choice(WORK))
        except AncadminError:
            continue
        finally:
            holds(begun, work)
    left = [number for (number,) in sql(begun, "SELECT number FROM batch WHERE undoes IS NULL AND number > 5")]
    while left:
        draw.shuffle(left)
        still = [number for number in left if not undone_whole(work, number)]
        holds(begun, work)
        assert len(still) < len(left), still
        left = still
    assert picture(begun) == first


def undone_whole(work, number):
    """Undoes a batch; whether nothing of it is left."""
    try:
        return undo_batch(work, number).kept == []
    except AncadminError as error:
        return "was undone already" in str(error)
