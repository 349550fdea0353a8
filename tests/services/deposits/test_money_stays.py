"""docs/rules.md, section 4.2: Σ deposits = Σ allocated + Σ unallocated + Σ refunded, to the cent, at every moment."""

from random import Random

import pytest
from sqlalchemy import func, select, update
from tests.services.deposits.working import (
    MOKOENA,
    NAIDOO,
    NOBODY,
    VAN_DER_MERWE,
    register,
    session,
    statement,
)

from ancadmin.db.schema import allocation, batch, deposit
from ancadmin.errors import AncadminError
from ancadmin.services.batch.undo import undo_batch
from ancadmin.services.deposits.balance import balances
from ancadmin.services.deposits.matching.match import match_deposits
from ancadmin.services.deposits.officer import allocate, refund_deposit, reverse
from ancadmin.services.deposits.statements.importing import import_statements

NARRATIVES = [MOKOENA, NAIDOO, VAN_DER_MERWE, NOBODY, f"{MOKOENA} {NAIDOO}", "BULK 9 MEMBERS", "X", ""]


WORK = ("import", "import", "match", "allocate", "allocate", "reverse", "refund", "undo")


@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_sequence_of_commands(office, seed):
    draw = Random(seed)
    register(office, [{"id_number": MOKOENA}, {"id_number": NAIDOO}])
    work = session(office)
    done = dict.fromkeys(WORK, 0)
    amounts = [1200, 2000, 5001, 60000, -300]
    paid_in = [(f"2020-03-{day:02}", draw.choice(amounts), draw.choice(NARRATIVES)) for day in range(1, 29)]
    for _ in range(50):
        what = draw.choice(WORK)
        try:
            _do(office, work, draw, what, paid_in)
            done[what] += 1
        except AncadminError:
            continue  # refused: then nothing changed, and that is looked at too
        finally:
            assert all(one.holds for one in balances(work))
            assert _each_deposit_holds(work)
    assert all(done.values()), done


def _do(office, work, draw, what, paid_in):
    if what == "import":
        first = draw.randrange(len(paid_in))
        path = statement(office, "some.csv", paid_in[first : first + 8])
        import_statements(work, [path], account=draw.choice(["A", "B"]))
    elif what == "match":
        match_deposits(work)
    elif what == "allocate":
        allocate(work, _deposit(work, draw), draw.choice([MOKOENA, NAIDOO]), draw.choice([None, 1, 500]), "A reason")
    elif what == "reverse":
        reverse(work, _deposit(work, draw, deposit.c.state == "matched"), "A reason")
    elif what == "refund":
        refund_deposit(work, _deposit(work, draw), "A reason")
    else:
        wanted = batch.c.command.like("deposits %") & batch.c.undone_by.is_(None)
        undo_batch(work, _any(work, draw, select(batch.c.number).where(wanted).order_by(batch.c.number)))


def _deposit(work, draw, *conditions):
    return _any(work, draw, select(deposit.c.id).where(deposit.c.cents > 0, *conditions).order_by(deposit.c.id))


def _any(work, draw, query):
    with work.store.connect() as connection:
        return draw.choice([*connection.scalars(query), 99])


def _each_deposit_holds(work):
    with work.store.connect() as connection:
        credited = (
            select(allocation.c.deposit, func.sum(allocation.c.cents).label("cents"))
            .where(allocation.c.reversed_by.is_(None))
            .group_by(allocation.c.deposit)
            .subquery()
        )
        rows = connection.execute(
            select(deposit, func.coalesce(credited.c.cents, 0).label("credited"))
            .select_from(deposit.outerjoin(credited, credited.c.deposit == deposit.c.id))
            .where(deposit.c.reversed_by.is_(None))
        ).all()
    return all(
        row.credited + row.unallocated_cents <= max(row.cents, 0)
        and (row.state != "matched" or (row.credited and not row.unallocated_cents))
        and (row.state not in ("open", "bulk") or row.unallocated_cents == row.cents)
        for row in rows
    )


def test_a_cent_gone_astray_shows(office):
    register(office, [{"id_number": MOKOENA}])
    office("deposits", "import", statement(office, "one.csv", [("2020-03-02", 2000, "X")]), "--account", "A")
    office("deposits", "import", statement(office, "two.csv", [("2020-03-02", 2000, "X")]), "--account", "B")
    with session(office).store.write() as connection:
        connection.execute(update(deposit).where(deposit.c.account == "A").values(unallocated_cents=1999))
    answer = office("deposits", "balance", "--json", code=10)
    assert [(row["account"], row["holds"]) for row in answer.json] == [("A", False), ("B", True)]
    assert "does not hold: A" in answer.err
