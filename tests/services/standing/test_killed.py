"""Killed at any moment, a sweep leaves the statuses as before or as after; run again, it ends as if undisturbed."""

import signal
import subprocess
import sys
import time
from random import Random

from sqlalchemy import select
from tests.services.standing.random_histories import history
from tests.services.standing.records import put_on_record, session_of

from ancadmin.db.schema import standing, status_change
from ancadmin.services.batch.undo import undo_batch
from ancadmin.services.standing.sweeps import last_sweep

MEMBERS, KILLS = 1500, 3
ON = "2020-06-30"


def start(office):
    words = ["--db", office.db, "sweep", "--on", ON, "--json"]
    return subprocess.Popen(
        [sys.executable, "-m", "ancadmin", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def recorded(session):
    """The statuses, and how many changes stand: the same on both sides of a kill, or all of them new."""
    with session.store.connect() as connection:
        statuses = connection.execute(
            select(standing.c.member, standing.c.status, standing.c.status_on).order_by(standing.c.member)
        ).all()
        stand = connection.execute(select(status_change.c.id).where(status_change.c.reversed_by.is_(None))).all()
        swept = last_sweep(connection)
    return [tuple(row) for row in statuses], len(stand), swept[0] if swept else None


def test_killed_at_random_points(office):
    session = session_of(office.db)
    random = Random(8)
    put_on_record(session, [history(random) for _ in range(MEMBERS)])
    before = recorded(session)
    began = time.monotonic()
    undisturbed = start(office)
    undisturbed.communicate(timeout=120)
    assert undisturbed.returncode == 0
    took = time.monotonic() - began
    after = recorded(session)
    undo_batch(session, after[2])
    assert recorded(session) == before
    for _ in range(KILLS):
        running = start(office)
        time.sleep(random.uniform(0.4, 1.0) * took)
        running.send_signal(signal.SIGKILL)
        running.communicate(timeout=120)
        now = recorded(session)
        if now[2] is not None:
            assert now[:2] == after[:2]
            undo_batch(session, now[2])
        assert recorded(session) == before
    office("audit", "verify")
    again = start(office)
    again.communicate(timeout=120)
    assert recorded(session)[:2] == after[:2]
    assert office("sweep", "--on", ON, "--verify", "--json").json["wrong"] == 0
