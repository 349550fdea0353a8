"""The tests' own files: in memory where there is room, gone with the process, and elsewhere where somebody says so."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from tests.in_memory import has_room, temporary_files

HELD = """
import sys, tempfile
from pathlib import Path
from tests.in_memory import temporary_files
with temporary_files(Path(sys.argv[1]), 0):
    Path(tempfile.mkdtemp(), "store.db").write_text("rows")
    print(tempfile.gettempdir(), flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def unsaid(monkeypatch):
    """Nobody says where temporary files are to lie."""
    for name in ("TMPDIR", "PYTEST_DEBUG_TEMPROOT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(tempfile, "tempdir", None)


@pytest.mark.usefixtures("unsaid")
def test_in_memory_while_it_lasts(tmp_path):
    usual = tempfile.gettempdir()
    with temporary_files(tmp_path, room=0) as folder:
        assert folder.parent == tmp_path
        assert tempfile.gettempdir() == os.environ["TMPDIR"] == str(folder)
        (folder / "store.db").write_text("rows")
    assert list(tmp_path.iterdir()) == []
    assert tempfile.gettempdir() == usual
    assert "TMPDIR" not in os.environ


@pytest.mark.usefixtures("unsaid")
def test_the_usual_place_without_room(tmp_path):
    with temporary_files(tmp_path, room=1 << 60) as folder:
        assert folder is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("unsaid")
@pytest.mark.parametrize("name", ["TMPDIR", "PYTEST_DEBUG_TEMPROOT"])
def test_the_place_somebody_says(tmp_path, monkeypatch, name):
    monkeypatch.setenv(name, "/elsewhere")
    with temporary_files(tmp_path, room=0) as folder:
        assert folder is None
    assert os.environ[name] == "/elsewhere"


def test_a_machine_without_such_a_folder(tmp_path):
    assert not has_room(tmp_path / "shm", room=0)


@pytest.mark.usefixtures("unsaid")
def test_a_run_that_is_killed_leaves_nothing(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", HELD, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as run:
        folder = Path(run.stdout.readline().strip())
        assert list(folder.rglob("store.db"))
        run.kill()
    until = time.monotonic() + 10
    while folder.exists() and time.monotonic() < until:
        time.sleep(0.01)
    assert not folder.exists()
