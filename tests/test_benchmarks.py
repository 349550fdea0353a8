"""What the benchmarks measure with is held against what is known."""

import sys

import pytest
from benchmarks.measure import timed

HELD = 200 << 20
PYTHON = [sys.executable, "-I", "-S", "-c"]


def test_the_peak_is_the_commands_own_not_of_whoever_measures():
    held = bytearray(HELD)
    held[::4096] = b"x" * len(held[::4096])
    small = timed("nothing", [*PYTHON, "pass"])
    large = timed("100 MiB", [*PYTHON, "bytearray(b'x' * (100 << 20))"])
    assert small.peak_mib < 50
    assert 100 < large.peak_mib < 250
    assert len(held) == HELD


def test_time_is_of_the_command_alone():
    run = timed("sleep", [*PYTHON, "import time; time.sleep(0.3)"])
    assert 0.3 <= run.wall < 5
    assert run.cpu < run.wall


def test_a_failure_stops_and_shows_what_was_said():
    with pytest.raises(SystemExit, match=r"exit 3\n.*no luck"):
        timed("fails", [*PYTHON, "import sys; print('no luck', file=sys.stderr); sys.exit(3)"])
    timed("may fail", [*PYTHON, "raise SystemExit(3)"], may_fail=True)
    with pytest.raises(SystemExit, match="exit 127"):
        timed("not there", ["/nowhere/at/all"])


def test_what_it_is_given_is_its_input():
    reads = "import sys; sys.exit(sys.stdin.read() != 'words')"
    timed("reads", [*PYTHON, reads], "words")
