"""How long a process took and how much memory, as the kernel counted it."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# The kernel counts what a process held before it became the command: a benchmark grown to hundreds of MiB would lend
# them to everything it starts. So this small interpreter starts the command, and tells what the kernel says of it.
# Nothing can be seen below its own 10 MiB or so.
_LAUNCHER = """
import os, sys, time
started = time.monotonic()
child = os.fork()
if not child:
    try:
        os.close(int(sys.argv[1]))
        os.execvp(sys.argv[2], sys.argv[2:])
    except OSError as error:
        print(error, file=sys.stderr, flush=True)
        os._exit(127)
_, status, used = os.wait4(child, 0)
told = (time.monotonic() - started, used.ru_utime + used.ru_stime, used.ru_maxrss, os.waitstatus_to_exitcode(status))
os.write(int(sys.argv[1]), repr(list(told)).encode())
"""


@dataclass(frozen=True)
class Run:
    """One process, or several one after the other: seconds of wall and CPU time, peak memory in MiB."""

    title: str
    wall: float
    cpu: float
    peak_mib: float

    @classmethod
    def sum(cls, title: str, *runs: "Run") -> "Run":
        """Runs one after the other: times add up, of the peaks the highest counts."""
        return cls(
            title, sum(run.wall for run in runs), sum(run.cpu for run in runs), max(run.peak_mib for run in runs)
        )


def timed(title: str, command: list[str], stdin: str = "", *, may_fail: bool = False) -> Run:
    """Runs `command` to its end. A failure stops the benchmark, and shows what the command said."""
    with tempfile.TemporaryFile("w+") as into, tempfile.TemporaryFile("w+") as said:
        into.write(stdin)
        into.seek(0)
        wall, cpu, most, code = _launched(command, into, said)
        if code and not may_fail:
            said.seek(0)
            raise SystemExit(f"{' '.join(command)}: exit {code}\n{said.read()[-2000:]}")
    # Linux counts in KiB, macOS in bytes.
    return Run(title, wall, cpu, most / (1024 if os.uname().sysname == "Linux" else 1024 * 1024))


def _launched(command: list[str], into: Any, said: Any) -> tuple[float, float, int, int]:
    """Wall and CPU seconds, the most memory in the kernel's own unit, and the exit code."""
    read, write = os.pipe()
    with os.fdopen(read, encoding="utf-8") as told:
        try:
            subprocess.run(
                [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(write), *command],
                stdin=into,
                stdout=subprocess.DEVNULL,
                stderr=said,
                pass_fds=[write],
                check=True,
            )
        finally:
            os.close(write)
        wall, cpu, most, code = json.loads(told.read())
    return wall, cpu, most, code


def timed_together(*commands: tuple[str, list[str]], times: int) -> list[Run]:
    """Short commands, turn by turn, so that all see the same noise: the median of each."""
    runs: list[list[Run]] = [[] for _ in commands]
    for _ in range(times):
        for place, (title, command) in enumerate(commands):
            runs[place].append(timed(title, command))
    return [
        Run(
            these[0].title,
            statistics.median(run.wall for run in these),
            statistics.median(run.cpu for run in these),
            max(run.peak_mib for run in these),
        )
        for these in runs
    ]


@contextmanager
def most_memory() -> Iterator[list[float]]:
    """While the block lasts, the most that all processes begun in it held together, in MiB, ten times a second; pages
    that several of them share count several times. Empty where the system does not tell.
    """
    most: list[float] = []
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            most[:] = [max([_held_below(os.getpid()), *most])]

    watching = threading.Thread(target=watch)
    if Path("/proc/self/status").exists():
        watching.start()
    try:
        yield most
    finally:
        done.set()


def _held_below(top: int) -> float:
    """What the processes below one hold together, in MiB."""
    parents, held = dict[int, int](), dict[int, int]()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            said = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
        except OSError:
            continue  # it has gone meanwhile
        parents[int(folder.name)] = int(said["PPid"])
        held[int(folder.name)] = int(said.get("VmRSS", "0 kB").split()[0])
    below = {top}
    while more := {pid for pid, parent in parents.items() if parent in below} - below:
        below |= more
    return sum(held[pid] for pid in below - {top}) / 1024
