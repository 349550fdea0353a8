"""Killed at any moment, import and match leave the store as before or as after; run again, they end undisturbed."""

import random
import signal
import subprocess
import sys
import time

import pytest
from tests.errors.refusal import contents
from tests.services.deposits.working import MOKOENA, NAIDOO, deposits, holds, register, statement, take_in

LINES = 3_000
KILLS = 3


@pytest.fixture
def path(office):
    register(office, [{"id_number": MOKOENA}, {"id_number": NAIDOO}])
    lines = [("2020-03-02", 1000 + place % 7, (MOKOENA, NAIDOO, "X")[place % 3]) for place in range(LINES)]
    return statement(office, "many.csv", lines, opening=0)


def start(office, *words):
    line = [sys.executable, "-m", "ancadmin", "--db", office.db, "deposits", *map(str, words), "--json"]
    return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def seconds_of(office, *words):
    """How long the command takes; as a dry run, so that nothing comes of it."""
    began = time.monotonic()
    rehearsal = start(office, *words, "--dry-run")
    _, errors = rehearsal.communicate(timeout=120)
    assert rehearsal.returncode == 0, errors
    return time.monotonic() - began


def killed_and_run_again(office, done, *words):
    """Kills the command a few times, then lets it run. `done` says how many deposits are as the command leaves them."""
    took, chance = seconds_of(office, *words), random.Random(len(words))
    for _ in range(KILLS):
        before = contents(office)
        running = start(office, *words)
        time.sleep(chance.uniform(0.3, 1.0) * took)
        running.send_signal(signal.SIGKILL)
        running.communicate(timeout=120)
        assert contents(office) == before or done() == LINES
        office("audit", "verify")
        assert holds(office)
    office("deposits", *words)
    assert done() == LINES


def test_import(office, path):
    killed_and_run_again(office, lambda: len(deposits(office)), "import", path)
    assert take_in(office, path)["already_there"] == LINES


def test_match(office, path):
    take_in(office, path)

    def decided():
        return sum(row["state"] != "open" for row in deposits(office))

    killed_and_run_again(office, decided, "match")
    for id_number in (MOKOENA, NAIDOO):
        credited = [one["cents"] for row in deposits(office) for one in row["members"] if one["id_number"] == id_number]
        assert len(credited) == LINES // 3
