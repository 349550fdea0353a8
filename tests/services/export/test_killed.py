"""Stopped at any moment, the registers of a country are issued once each; run again, nothing is missing or half."""

import csv
import hashlib
import json
import os
import random
import signal
import time
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.services.export.country import BRANCHES, country, started
from tests.services.export.records import session_of

from ancadmin.db.schema import paper, paper_file

KILLS = 2


@pytest.fixture
def spread(office):
    return office.after(country)


def issued(office) -> dict[tuple[str, str], str]:
    """The hash of every file in the store, by serial and form; each register stands once."""
    with session_of(office.db).store.connect() as connection:
        assert len(set(connection.scalars(select(paper.c.branch)))) == len(
            connection.execute(select(paper.c.serial)).all()
        )
        rows = connection.execute(select(paper_file.c.serial, paper_file.c.form, paper_file.c.file_hash))
        return {(row.serial, row.form): row.file_hash for row in rows}


def begun(office, files: int, running) -> None:
    """Waits until so many files lie in the folder (or the run is done)."""
    while running.poll() is None and len(list((office.folder / "papers").rglob("B*.*"))) < files:
        time.sleep(0.005)


def nobody_left(group: int) -> bool:
    """Whether the processes of a group are all gone, within ten seconds."""
    for _ in range(200):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_killed_at_random_points_every_register_is_issued_once(spread):
    chance, before = random.Random(7), {}
    for kill in range(KILLS):
        running = started(spread)
        begun(spread, 2 * BRANCHES * kill // KILLS + chance.randrange(1, 12), running)
        running.send_signal(signal.SIGKILL)
        running.communicate(timeout=60)
        assert nobody_left(running.pid), "what drew goes with the run"
        spread("audit", "verify")
        now = issued(spread)
        assert before.items() <= now.items()
        before = now
    assert len(before) < 2 * BRANCHES, "or nothing was killed half way"
    for leftover in spread.folder.rglob("*.part"):
        os.utime(leftover, (0, 0))
    beside = spread.folder / "papers" / "EC" / "R0" / ".B000.pdf.aaaa.part"
    beside.write_bytes(b"half")
    os.utime(beside, (0, 0))
    out, err = (last := started(spread)).communicate(timeout=60)
    assert last.returncode == 0, err
    said, stored, folder = json.loads(out), issued(spread), spread.folder / "papers"
    assert (said["registers"], said["reconciled"], len(stored)) == (BRANCHES, True, 2 * BRANCHES)
    assert before.items() <= stored.items()
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2 * BRANCHES
    for row in rows:
        form = row["file"].rpartition(".")[2]
        assert hash_of(folder / row["file"]) == row["hash"] == stored[row["serial"], form]
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert there == {"manifest.csv", "summary.pdf", *(row["file"] for row in rows)}
    assert sum(int(row["members"]) for row in rows) == 2 * said["members"] == 2 * said["good_standing"]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_interrupted_at_the_terminal_it_leaves_at_once_and_leaves_nobody_behind(spread):
    running = started(spread)
    begun(spread, 12, running)
    os.killpg(running.pid, signal.SIGINT)  # a terminal sends it to all
    _, err = running.communicate(timeout=60)
    assert (running.returncode, err) == (130, "ancadmin: interrupted; nothing is half-written\n")
    assert nobody_left(running.pid)
    folder, stored = spread.folder / "papers", issued(spread)
    assert 0 < len(stored) < 2 * BRANCHES
    assert list(folder.rglob("*.part")) == []
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert hash_of(folder / row["file"]) == row["hash"] == stored[row["serial"], row["file"].rpartition(".")[2]]
