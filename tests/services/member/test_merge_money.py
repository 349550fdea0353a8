"""Whatever is matched, merged and undone in whatever order: the money adds up, and everything follows from it."""

from random import Random

import pytest
from sqlalchemy import select
from tests.services.deposits.test_money_stays import _any, _do, _each_deposit_holds
from tests.services.deposits.working import MOKOENA, NAIDOO, VAN_DER_MERWE, register, session

from ancadmin.db.schema import batch, deposit, member
from ancadmin.errors import AncadminError
from ancadmin.services.batch.undo import undo_batch
from ancadmin.services.check.run import check_store
from ancadmin.services.deposits.balance import balances
from ancadmin.services.member.merge import merge_members

PEOPLE = (MOKOENA, NAIDOO, VAN_DER_MERWE)
NARRATIVES = [*PEOPLE, f"{MOKOENA} {NAIDOO}", "X"]
WORK = ("import", "match", "match", "allocate", "allocate", "reverse", "refund", "merge", "merge", "undo", "undo")


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("seed", [3, 4])
def test_after_any_sequence_with_merges(office, seed):
    draw = Random(seed)
    register(
        office, [{"id_number": number, "last_payment_on": "2020-03-05", "last_payment": "20.00"} for number in PEOPLE]
    )
    work = session(office)
    done = dict.fromkeys(WORK, 0)
    paid_in = [
        (f"2020-03-{day:02}", draw.choice([1200, 2000, 5001, -300]), draw.choice(NARRATIVES)) for day in range(1, 29)
    ]
    for _ in range(60):
        what = draw.choice(WORK)
        try:
            if what == "merge":
                merge_members(work, *draw.sample(PEOPLE, 2), why="A reason")
            elif what == "undo":
                wanted = (batch.c.command.like("deposits %") | (batch.c.command == "member merge")) & (
                    batch.c.undone_by.is_(None)
                )
                undo_batch(work, _any(work, draw, select(batch.c.number).where(wanted).order_by(batch.c.number)))
            else:
                _do(office, work, draw, what, paid_in)
            done[what] += 1
        except AncadminError:
            continue  # refused: then nothing changed, and that is looked at too
        finally:
            assert all(one.holds for one in balances(work))
            assert _each_deposit_holds(work)
            assert check_store(work) == []
            assert _named_though_gone(work) == []
    assert all(done.values()), done


def _named_though_gone(work):
    """Deposits that name a record merged into another."""
    with work.store.connect() as connection:
        gone = select(member.c.id).where(member.c.merged_into.is_not(None))
        return connection.scalars(
            select(deposit.c.id).where(deposit.c.member.in_(gone), deposit.c.reversed_by.is_(None))
        ).all()
