"""A session of 500 decisions, killed at random points and taken up again: every one concluded is there, none half."""

import json
import random
import subprocess
import sys

import pytest
from tests.services.register.making import file, imported, number, row
from tests.tamper import sql

DECISIONS = 500
KILLS = 3
# An officer who takes every first proposal, and says so once it is concluded.
OFFICER = """
import sys
from ancadmin.services.register.desk import Desk
from ancadmin.services.session import open_session
from ancadmin.settings import load_settings
desk = Desk(open_session(load_settings(sys.argv[1])))
while (piece := desk.next()) is not None:
    decided = desk.accept(piece) if piece.id % 5 else desk.dismiss(piece, "a row of totals")
    print(piece.id, decided.batch, flush=True)
desk.close()
"""


def damaged(person):
    """A number with a digit that cannot be read."""
    true = number(person)
    return f"{true[:8]}?{true[9:]}"


def officer(office):
    words = [sys.executable, "-c", OFFICER, office.db]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_killed_at_random_points_among_500_decisions(placed):
    rows = [row(id_number=damaged(person), surname=f"MOKOENA{person}") for person in range(DECISIONS)]
    assert imported(placed, file(placed, *rows))["quarantined"] == DECISIONS
    chance = random.Random(7)
    ends = [*sorted(chance.sample(range(20, DECISIONS - 20), KILLS)), None]
    concluded: dict[int, int] = {}
    for end in ends:
        running = officer(placed)
        for line in running.stdout:
            subject, batch = map(int, line.split())
            assert subject not in concluded, "offered again after it was decided"
            concluded[subject] = batch
            if len(concluded) == end:
                running.kill()
                break
        said = [tuple(map(int, line.split())) for line in running.communicate(timeout=60)[0].splitlines() if line]
        concluded.update(dict(said))
        stands = decided(placed)
        assert set(concluded.items()) <= set(stands.items()), "every decision concluded is there"
        assert len(stands) <= len(concluded) + 1
        concluded = stands
        waiting = {one["row"] for one in placed("register", "quarantine", "--json").json}
        assert len(waiting) == DECISIONS - len(concluded), "what is left is still offered"
        placed("audit", "verify")
    assert len(concluded) == DECISIONS
    assert sql(placed, "SELECT count(*) FROM member") == [(DECISIONS - DECISIONS // 5,)]
    placed("check")


def decided(office):
    """The rows decided, with their batches; no decision is there by half."""
    stands = dict(sql(office, "SELECT subject, batch FROM desk_decision"))
    batches = sql(office, "SELECT number, finished_at, counts FROM batch WHERE command = 'register desk'")
    resolved = dict(sql(office, "SELECT id, resolved_by FROM register_row WHERE resolved_by IS NOT NULL"))
    assert resolved == stands
    assert sorted(number for number, _, _ in batches) == sorted(stands.values())
    assert all(finished for _, finished, _ in batches)
    taken = {number for number, _, counts in batches if json.loads(counts)["verdict"] == "accepted"}
    rows = sql(office, "SELECT batch FROM register_row WHERE outcome = 'accepted'")
    assert {number for (number,) in rows} == taken
    made = sql(office, "SELECT member.batch FROM member JOIN standing ON standing.member = member.id")
    assert {number for (number,) in made} == taken
    return stands
