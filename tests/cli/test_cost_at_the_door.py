"""Help and completion must not pay for what they do not use; and help says how a command is typed."""

import json
import os
import statistics
import subprocess
import sys
import time
from typing import Any

import pytest
import typer

from ancadmin.cli.app import COMMANDS, app

HEAVY = {"sqlalchemy", "sqlmodel", "alembic", "pandas", "pyarrow", "openpyxl", "reportlab", "numpy", "rich", "psycopg"}
LOADED = "import json, sys; sys.stderr.write('\\nLOADED' + json.dumps(sorted(sys.modules)))"


def modules_after(*words: str, **environment: str) -> set[str]:
    """What a fresh process has loaded after one command line."""
    program = f"import atexit, sys; sys.argv = ['ancadmin', *{list(words)!r}]\n"
    program += f"atexit.register(lambda: exec({LOADED!r}))\nfrom ancadmin.__main__ import main\nmain()"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert "LOADED" in done.stderr, done.stderr
    return set(json.loads(done.stderr.rpartition("LOADED")[2]))


@pytest.mark.parametrize(
    "words", [["--help"], ["--version"], ["member", "--help"], ["deposits", "match", "--help"], ["no-such"]]
)
def test_help_loads_no_library_of_the_work(words):
    assert modules_after(*words) & HEAVY == set()


@pytest.mark.parametrize("line", ["ancadmin mem", "ancadmin ", "ancadmin member ", "ancadmin deposits match --"])
def test_completion_loads_no_library_of_the_work(line):
    number = str(len(line.split(" ")) - 1)
    loaded = modules_after(_ANCADMIN_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=number)
    assert "ancadmin.cli.app" in loaded
    assert loaded & HEAVY == set()


def completed(line: str) -> list[str]:
    environment = {
        "_ANCADMIN_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(line.split(" ")) - 1),
    }
    done = subprocess.run(
        [sys.executable, "-m", "ancadmin"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_completion_completes():
    assert completed("ancadmin mem") == ["member"]
    assert set(COMMANDS) <= set(completed("ancadmin "))
    assert {"list", "show", "explain"} <= set(completed("ancadmin member "))
    assert completed("ancadmin batch un") == ["undo"]
    assert "--dry-run" in completed("ancadmin batch undo --")


def test_completion_can_be_shown_for_a_shell():
    shown = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m ancadmin --show-completion; exit $?"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "_ANCADMIN_COMPLETE=complete_bash" in shown.stdout


def commands(group: Any, path: str = "ancadmin") -> list[tuple[str, Any]]:
    """Every command and group below, by the words that call it."""
    found = [(path, group)]
    for name in getattr(group, "commands", ()):
        found += commands(group.commands[name], f"{path} {name}")
    return found


def test_every_command_helps_with_an_example_that_can_be_pasted():
    without = []
    for words, command in commands(typer.main.get_command(app)):
        lines = (command.help or "").splitlines()
        examples = [line.strip() for line in lines if line.strip().startswith("Example: ")]
        if len(examples) != 1 or not examples[0].startswith("Example: ancadmin"):
            without.append(words)
    assert without == []


def test_every_name_in_the_list_of_commands_can_be_called():
    called = {words.split()[1] for words, _ in commands(typer.main.get_command(app)) if " " in words}
    assert called == set(COMMANDS)


def seconds(*words: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, *words], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


def test_help_costs_at_most_eight_times_an_empty_python():
    nothing, helping = [], []
    for _ in range(15):  # side by side, so that a busy machine slows both
        nothing.append(seconds("-c", "pass"))
        helping.append(seconds("-m", "ancadmin", "--help"))
    assert statistics.median(helping) <= 8 * statistics.median(nothing)
