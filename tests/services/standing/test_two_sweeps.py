"""Two sweeps at once: one of them writes, the other gives up after a while with the exit code that says so."""

import signal
import sqlite3
import subprocess
import sys
import time
from random import Random

import psycopg
from tests.services.standing.random_histories import history
from tests.services.standing.records import put_on_record, session_of
from tests.tamper import store_file

from ancadmin.db.store import WRITE_LOCK

ON = "2020-06-30"
# The program as cron starts it, but for how long it waits.
IMPATIENT = (
    "import sys; from ancadmin.db import store; store.BUSY_SECONDS = 1; "
    "from ancadmin.cli.app import run; sys.exit(run(sys.argv[1:]))"
)


def started(office):
    words = ["--quiet", "--db", office.db, "sweep", "--on", ON, "--json"]
    return subprocess.Popen(
        [sys.executable, "-c", IMPATIENT, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def writing(office) -> bool:
    """Is somebody writing just now?"""
    if not office.db.startswith("sqlite"):
        with psycopg.connect(office.db, autocommit=True) as connection:
            return not connection.execute(f"SELECT pg_try_advisory_xact_lock({WRITE_LOCK})").fetchone()[0]
    connection = sqlite3.connect(store_file(office), isolation_level=None, timeout=0)
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return True
    else:
        return False
    finally:
        connection.close()


def stopped_while_it_writes(running, office) -> None:
    while running.poll() is None:
        running.send_signal(signal.SIGSTOP)
        if writing(office):
            return
        running.send_signal(signal.SIGCONT)
        time.sleep(0.003)
    raise AssertionError(running.communicate())


def test_the_second_of_two_sweeps_says_that_someone_else_is_writing(office):
    random = Random(9)
    put_on_record(session_of(office.db), [history(random) for _ in range(1500)])
    first = started(office)
    stopped_while_it_writes(first, office)
    second = started(office)
    out, err = second.communicate(timeout=60)
    assert (second.returncode, out) == (6, "")
    assert "someone else is writing" in err
    first.send_signal(signal.SIGCONT)
    assert "changed" in first.communicate(timeout=60)[0]
    assert first.returncode == 0
    third = started(office)
    assert '"due": 0' in third.communicate(timeout=60)[0]
    assert office("sweep", "--on", ON, "--verify", "--json").json["wrong"] == 0
