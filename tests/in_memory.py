"""Where the tests' files lie: in memory, on a machine that has a folder there with room for them.

The tests make stores by the thousand, and a store waits for its disk at every commit, as it must in use: most of a run
would be that waiting. Elsewhere the files lie where they always do.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY = Path("/dev/shm")
# A run holds some 300 megabytes at a time; containers often have 64 megabytes here, which would be full at once.
ROOM = 4 << 30

# Ends when this process does, however that comes about, and takes the folder with it; processes that are still ending
# may write into it meanwhile.
SWEEPER = 'cat >/dev/null; for again in 1 2 3 4 5; do rm -rf "$1" && break; sleep 1; done'


@contextmanager
def temporary_files(memory: Path = MEMORY, room: int = ROOM) -> Iterator[Path | None]:
    """Temporary files of this process, and of those it starts, in a folder of their own in memory: the folder, or None
    where there is no such memory, or where whoever runs the tests has said a place (TMPDIR, PYTEST_DEBUG_TEMPROOT).
    The folder goes when the context does, or the process.
    """
    if any(name in os.environ for name in ("TMPDIR", "PYTEST_DEBUG_TEMPROOT")) or not has_room(memory, room):
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="ancadmin-tests-", dir=memory))
    # A session of its own, so that what is sent to all of ours (an interrupt, a time limit) leaves it at work.
    with subprocess.Popen(
        ["sh", "-c", SWEEPER, "sh", folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ):
        os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
        try:
            yield folder
        finally:
            del os.environ["TMPDIR"]
            tempfile.tempdir = None


def has_room(memory: Path, room: int) -> bool:
    """Whether there is a folder in memory that takes so many bytes from us."""
    return memory.is_dir() and os.access(memory, os.W_OK | os.X_OK) and shutil.disk_usage(memory).free >= room
