"""How long a process took and how much memory, as the kernel counted it."""

import os
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass


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
        started = time.monotonic()
        process = subprocess.Popen(command, stdin=into, stdout=subprocess.DEVNULL, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode and not may_fail:
            said.seek(0)
            raise SystemExit(f"{' '.join(command)}: exit {process.returncode}\n{said.read()[-2000:]}")
    # Linux counts in KiB, macOS in bytes.
    peak = used.ru_maxrss / (1024 if os.uname().sysname == "Linux" else 1024 * 1024)
    return Run(title, wall, used.ru_utime + used.ru_stime, peak)


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
