"""Killed at any moment, an import leaves the store as before or as after; run again, it ends as if undisturbed."""

import random
import signal
import subprocess
import sys
import time

import pytest
from tests.services.register.making import dump, file, imported, number, outcome, row

PEOPLE = 3_000
KILLS = 5


@pytest.fixture
def register(placed):
    rows = [row(id_number=number(person), surname=f"MOKOENA{person % 50}") for person in range(PEOPLE)]
    return file(placed, *rows, *(row(id_number=number(person), surname="NKOSI") for person in range(40)))


def start(office, register):
    words = ["--db", office.db, "register", "import", str(register), "--json"]
    return subprocess.Popen(
        [sys.executable, "-m", "ancadmin", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_killed_at_random_points(placed, register):
    before = dump(placed)
    began = time.monotonic()
    undisturbed = start(placed, register)
    undisturbed.communicate(timeout=120)
    assert undisturbed.returncode == 0
    took = time.monotonic() - began
    after = dump(placed)
    placed("batch", "undo", "3")
    chance = random.Random(7)
    for _ in range(KILLS):
        running = start(placed, register)
        time.sleep(chance.uniform(0.2, 1.0) * took)
        running.send_signal(signal.SIGKILL)
        running.communicate(timeout=120)
        placed("audit", "verify")
        now = dump(placed)
        if now["member"]:
            # It was done already; only the batch's number may tell.
            assert [one[:-2] for one in now["member"]] == [one[:-2] for one in after["member"]]
            batches = placed("batch", "list", "--json").json
            placed("batch", "undo", batches[0]["batch"])
        else:
            assert now == before
    result = imported(placed, register)
    assert outcome(result) == {"accepted": PEOPLE - 40, "quarantined": 80}
    final = dump(placed)
    assert [one[:-2] for one in final["member"]] == [one[:-2] for one in after["member"]]
    assert final["standing"] == after["standing"]
