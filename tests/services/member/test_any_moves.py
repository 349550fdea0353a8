"""Transfers, corrected numbers, merges and undo in any sequence: whatever is undone, in whatever order, nothing of it
is left, and at every step each number leads to one record.
"""

from random import Random

import pytest
from sqlalchemy import func, select
from tests.services.deposits.working import MOKOENA, NAIDOO, VAN_DER_MERWE, register, session
from tests.services.member.test_merge_registers import person
from tests.tamper import sql

from ancadmin.db.schema import batch
from ancadmin.domain.decisions import Kind
from ancadmin.errors import AncadminError
from ancadmin.services.batch.undo import undo_batch
from ancadmin.services.check.run import check_store
from ancadmin.services.member.decide import decide
from ancadmin.services.member.merging.merge import merge_members
from ancadmin.services.member.moving.transfer import transfer_member
from ancadmin.services.member.numbers.renumber import renumber_member

BRANCHES = ("79700012", "10501001", "29300005")
PEOPLE = (MOKOENA, NAIDOO, VAN_DER_MERWE)
FREE = ("8002025009083", "8101015009085", "8001010009082")
WORK = ("move",) * 4 + ("renumber",) * 3 + ("merge",) * 2 + ("suspend",)
FIRST = 4


def as_registered(office):
    """Three people; batches 2 and 3."""
    register(office, [person(number, joined_on="2014-01-01") for number in PEOPLE])


@pytest.fixture
def begun(office):
    return office.after(as_registered)


def picture(office):
    """What holds: who has which number, where, and what was decided."""
    return [
        sql(office, f"SELECT {columns} ORDER BY 1, 2, 3, 4")
        for columns in (
            "id, id_number, born, gender, branch, merged_into, origin FROM member WHERE origin = 'register'",
            "id_number, born, merged_into, origin FROM member WHERE origin <> 'register'",
            "member, from_branch, to_branch, moved_on FROM transfer WHERE reversed_by IS NULL",
            "member, kind, begins_on, ends_on FROM decision WHERE reversed_by IS NULL",
            "member, listed_from, opening_on, first_day FROM standing",
        )
    ]


def do(work, draw, what):
    """One step of the kind; what is refused raises AncadminError."""
    who, day = draw.choice(PEOPLE + FREE), work.today.replace(year=2020, month=draw.randrange(1, 13), day=1)
    if what == "move":
        transfer_member(work, who, to=draw.choice(BRANCHES), on=day, why="moved")
    elif what == "renumber":
        renumber_member(work, who, draw.choice(PEOPLE + FREE), why="ID document seen")
    elif what == "merge":
        merge_members(work, *draw.sample(PEOPLE + FREE, 2), why="one person")
    elif what == "suspend":
        decide(work, who, Kind.SUSPENDED, on=day, why="as minuted", until=day.replace(year=2021))
    else:
        undo_batch(work, draw.choice(batches(work)))


def batches(work):
    wanted = select(batch.c.number).where(batch.c.undoes.is_(None), batch.c.number >= FIRST).order_by(batch.c.number)
    with work.store.connect() as connection:
        return list(connection.scalars(wanted)) or [FIRST]


def last_batch(work):
    with work.store.connect() as connection:
        return connection.scalar(select(func.max(batch.c.number)))


@pytest.mark.parametrize("seed", range(2))
def test_undone_from_the_last_to_the_first_each_step_gives_back_what_stood_before(begun, seed):
    draw, work, done = Random(seed), session(begun), []
    for _ in range(60):
        before = picture(begun)
        try:
            do(work, draw, draw.choice(WORK))
        except AncadminError:
            assert picture(begun) == before
            continue
        done.append((last_batch(work), before))
    assert len(done) > 5
    assert check_store(work) == []
    for number, before in reversed(done):
        assert undo_batch(work, number).kept == []
        assert picture(begun) == before, number


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("seed", range(3))
def test_undone_in_whatever_order_nothing_is_left(begun, seed):
    draw, work, first = Random(seed), session(begun), picture(begun)
    for _ in range(50):
        try:
            do(work, draw, draw.choice((*WORK, "undo", "undo")))
        except AncadminError:
            continue
        finally:
            assert check_store(work) == []
    left = batches(work)
    while left:
        draw.shuffle(left)
        still = [number for number in left if not undone_whole(work, number)]
        assert check_store(work) == []
        assert len(still) < len(left), still
        left = still
    assert picture(begun) == first


def undone_whole(work, number):
    """Undoes a batch; whether nothing of it is left."""
    try:
        return undo_batch(work, number).kept == []
    except AncadminError as error:
        return "was undone already" in str(error)
