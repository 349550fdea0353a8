"""An officer at the desk for suggestions, killed in the midst of it and sat down again: every decision that was made is
there, none by half.
"""

import random
import subprocess
import sys

import pytest
from sqlalchemy import insert, select, update
from tests.services.deposits.reviewing import people
from tests.services.deposits.working import holds, match, session, statement, take_in
from tests.tamper import sql

from ancadmin.db.schema import deposit, member, suggestion

DEPOSITS, KILLS = 48, 2
OFFICER = """
import sys
from ancadmin.services.deposits.review.waiting import ReviewDesk
from ancadmin.services.session import open_session
from ancadmin.settings import load_settings

desk = ReviewDesk(open_session(load_settings(sys.argv[1])))
while (piece := desk.next()) is not None:
    if piece.id % 4 == 0:
        decided = desk.refuse(piece, "paid by somebody else")
    elif piece.id % 4 == 1:
        decided = desk.mark(piece, "the branch is asked")
    else:
        decided = desk.accept(piece)
    print(piece.id, decided.batch, decided.verdict, flush=True)
desk.close()
"""


def waiting(office):
    """Deposits with one suggestion each, all for somebody who owes."""
    people(office)
    lines = [("2021-03-01", 2000, f"REF XYZ{number:05}") for number in range(DEPOSITS)]
    take_in(office, statement(office, "one.csv", lines))
    match(office)
    with session(office).batch("deposits match") as batch:
        who = select(member.c.id).where(member.c.surname == "Mokoena").limit(1).scalar_subquery()
        values = {"state": "suggested", "reason": "legacy_reference", "matched_in": batch.number}
        batch.connection.execute(update(deposit).values(values))
        row = [deposit.c.id, deposit.c.matched_in, who, deposit.c.reason, deposit.c.id * 0 + 93, deposit.c.account]
        columns = ["deposit", "batch", "member", "reason", "score", "evidence"]
        batch.connection.execute(insert(suggestion).from_select(columns, select(*row)))
        batch.connection.execute(update(suggestion).values(evidence='["an old reference"]'))


def stands(office):
    """What became of each deposit: its batch and the verdict; and no decision is there by half."""
    decisions = sql(office, "SELECT subject, batch, verdict FROM desk_decision")
    batches = sql(office, "SELECT number FROM batch WHERE command = 'deposits review' AND finished_at IS NOT NULL")
    assert sorted(batch for (batch,) in batches) == sorted(batch for _, batch, _ in decisions)
    found = {subject: (batch, verdict) for subject, batch, verdict in decisions}
    accepted = {(subject, batch) for subject, (batch, verdict) in found.items() if verdict == "accepted"}
    assert set(sql(office, "SELECT deposit, batch FROM allocation")) == accepted
    assert set(sql(office, "SELECT deposit, batch FROM alias")) == accepted
    states = dict(sql(office, "SELECT id, state FROM deposit"))
    words = {"accepted": "matched", "refused": "unallocated", "marked": "suggested"}
    assert {number: words[found[number][1]] if number in found else "suggested" for number in states} == states
    return found


@pytest.mark.parametrize("engine", ["sqlite"])
def test_killed_at_random_points_every_decision_is_kept(office):
    waiting(office)
    chance = random.Random(11)
    concluded = {}
    for end in [*sorted(chance.sample(range(5, DEPOSITS - 5), KILLS)), None]:
        words = [sys.executable, "-c", OFFICER, office.db]
        running = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        for line in running.stdout:
            number, batch, verdict = line.split()
            concluded[int(number)] = (int(batch), verdict)
            if len(concluded) == end:
                running.kill()
                break
        rest, _ = running.communicate(timeout=60)
        for line in rest.splitlines():
            number, batch, verdict = line.split()
            concluded[int(number)] = (int(batch), verdict)
        found = stands(office)
        assert concluded.items() <= found.items(), "every decision concluded is there"
        assert len(found) <= len(concluded) + 1
        concluded = found
        assert holds(office)
    assert len(concluded) == DEPOSITS
    office("check")
    office("audit", "verify")
