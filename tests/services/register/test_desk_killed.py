"""A session of 500 decisions, killed at random points and taken up again: every one concluded is there, none half."""

import json
import random
import subprocess
import sys

import pytest
from tests.services.register.making import file, imported, number, row
from tests.tamper import sql

from ancadmin.services.register.desk.work import Desk
from ancadmin.services.session import open_session
from ancadmin.settings import load_settings

DECISIONS = 500
KILLS = 3
# An officer quicker than anyone who reads: of the rows in hand half are mended, the others put away or marked, and
# what is concluded is said.
OFFICER = """
import sys
from ancadmin.db.access import kept_open
from ancadmin.services.desk.claims import claim_free
from ancadmin.services.register.desk.deciding import dismiss_row, mark, take_row
from ancadmin.services.register.quarantine.rereading import Rereader
from ancadmin.services.session import open_session
from ancadmin.settings import load_settings

def decide(one):
    if one % 4 == 2:
        return dismiss_row(session, one, why="a total")
    if one % 4 == 3:
        return mark(session, "quarantine", one, why="the branch is asked")
    with session.store.connect() as connection:
        (row,) = rereader.sources.rows(connection, [one])
    mended = row.cells[0].replace("?", f"{int(row.cells[1][7:]):04}"[2])
    return take_row(session, one, (mended, *row.cells[1:]), rereader=rereader)

session = open_session(load_settings(sys.argv[1]))
rereader = Rereader(session.policy, session.today)
todo = [int(text) for text in sys.argv[2].split(",")]
with kept_open(session.store):
    while todo:
        for one in claim_free(session, "quarantine", todo, 10):
            todo.remove(one)
            print(one, decide(one).batch, flush=True)
"""


def damaged(person):
    """A number with a digit that cannot be read."""
    true = number(person)
    return f"{true[:8]}?{true[9:]}"


def officer(office, todo):
    words = [sys.executable, "-c", OFFICER, office.db, ",".join(map(str, todo))]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_killed_at_random_points_among_500_decisions(placed):
    rows = [row(id_number=damaged(person), surname=f"MOKOENA{person}") for person in range(DECISIONS)]
    assert imported(placed, file(placed, *rows))["quarantined"] == DECISIONS
    every = [one for (one,) in sql(placed, "SELECT id FROM register_row ORDER BY id")]
    chance = random.Random(7)
    concluded: dict[int, int] = {}
    for end in [*sorted(chance.sample(range(20, DECISIONS - 20), KILLS)), None]:
        running = officer(placed, [one for one in every if one not in concluded])
        for line in running.stdout:
            subject, batch = map(int, line.split())
            concluded[subject] = batch
            if len(concluded) == end:
                running.kill()
                break
        rest, _ = running.communicate(timeout=60)
        concluded.update(tuple(map(int, line.split())) for line in rest.splitlines())
        stands = decided(placed)
        assert concluded.items() <= stands.items(), "every decision concluded is there"
        assert len(stands) <= len(concluded) + 1
        concluded = stands
        placed("audit", "verify")
        desk = Desk(open_session(load_settings(placed.db)))
        assert desk.left().rows == DECISIONS - len(concluded)
        piece = desk.next()
        assert piece is None if end is None else piece.id not in concluded
        desk.close()
    assert len(concluded) == DECISIONS
    assert sql(placed, "SELECT count(*) FROM member") == [(DECISIONS // 2,)]
    placed("check")


def decided(office):
    """The rows decided, with their batches; no decision is there by half."""
    decisions = sql(office, "SELECT subject, batch, verdict FROM desk_decision")
    stands = {subject: batch for subject, batch, _ in decisions}
    batches = sql(office, "SELECT number, finished_at, counts FROM batch WHERE command = 'register desk'")
    assert sorted(number for number, _, _ in batches) == sorted(stands.values())
    assert all(finished for _, finished, _ in batches)
    assert {number: json.loads(counts)["verdict"] for number, _, counts in batches} == {
        batch: verdict for _, batch, verdict in decisions
    }
    resolved = dict(sql(office, "SELECT id, resolved_by FROM register_row WHERE resolved_by IS NOT NULL"))
    assert resolved == {subject: batch for subject, batch, verdict in decisions if verdict != "marked"}
    edited = {batch for _, batch, verdict in decisions if verdict == "edited"}
    assert {number for (number,) in sql(office, "SELECT batch FROM register_row WHERE outcome = 'accepted'")} == edited
    made = sql(office, "SELECT member.batch FROM member JOIN standing ON standing.member = member.id")
    assert {number for (number,) in made} == edited
    return stands
