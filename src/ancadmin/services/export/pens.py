"""What draws attendance registers: this process where they are few, else a process on every core."""

import gc
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING

from ancadmin.errors import InputRefused
from ancadmin.services.export import drawing
from ancadmin.services.export.drawing import Sheet

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

Drawn = Callable[[], list[bytes]]
"""Waits for files that are being drawn, in the order of their sheets."""
Draw = Callable[[Sequence[Sheet]], Drawn]
"""Begins to draw sheets."""

# A process is up after half a second, in which ten or twenty files are drawn; none is taken up for fewer than these.
FILES_A_PROCESS = 30
# As fast as one process can read branches and keep what is drawn of them; and memory has to last.
_MOST_PROCESSES = 8


@contextmanager
def pens(files: int) -> Iterator[Draw]:
    """What draws about so many files. Leaving it leaves no process behind, however it is left.

    What it gives raises InputRefused when the system ends one of the processes.
    """
    processes = min(_cores(), _MOST_PROCESSES, files // FILES_A_PROCESS)
    if processes < 2:
        yield _drawn_here
        return
    with _processes(processes) as pool:
        yield lambda sheets: _handed_out(pool, sheets)


def _drawn_here(sheets: Sequence[Sheet]) -> Drawn:
    """Nothing is begun before it is waited for: whoever gives up loses no time."""
    return lambda: _draw(sheets)


def _draw(sheets: Sequence[Sheet]) -> list[bytes]:
    return [drawing.draw_register(sheet) for sheet in sheets]


@contextmanager
def _processes(count: int) -> Iterator["Executor"]:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    pool = ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_begin)
    try:
        yield pool
    except BrokenProcessPool as error:
        raise InputRefused(
            "the system ended a process that drew registers, as it does when memory runs out",
            "Close other programs and run it again: what was issued by then is given out again.",
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _handed_out(pool: "Executor", sheets: Sequence[Sheet]) -> Drawn:
    """One register's files are one piece of work: it goes to another process once, in all its forms."""
    with _deaf_from_birth():
        pieces: list[Future[list[bytes]]] = [
            pool.submit(_draw, list(files)) for _, files in groupby(sheets, lambda sheet: sheet.seal.serial)
        ]
    return lambda: [content for piece in pieces for content in piece.result()]


@contextmanager
def _deaf_from_birth() -> Iterator[None]:
    """Processes begun in the block never hear Ctrl-C, which a terminal sends to all: it is for this one, which then
    ends them. What comes meanwhile is heard after the block. (On Windows they turn deaf in `_begin`.)
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin() -> None:
    """In a new process: it goes with the one that began it, even where that was killed and could end nobody."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Drawing makes many objects and little garbage: looking for it as often as usual is a tenth of the work.
    gc.set_threshold(100_000, 20, 100)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
