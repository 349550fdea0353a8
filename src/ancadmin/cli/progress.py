"""Progress bars: on stderr, only on a terminal, only for what takes longer than a second."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ancadmin.services.progress import Progress, Silent, Step


class _Bar:
    """A bar that appears after its first second."""

    def __init__(self, title: str, total: int | None) -> None:
        self._title, self._total = title, total
        self._started = time.monotonic()
        self._done = 0
        self._display: object | None = None

    def advance(self, count: int) -> None:
        self._done += count
        if self._display is None and time.monotonic() - self._started > 1:
            from rich.console import Console
            from rich.progress import Progress as Display

            self._display = Display(console=Console(stderr=True), transient=True)
            self._display.start()
            self._task = self._display.add_task(self._title, total=self._total)
        if self._display is not None:
            self._display.update(self._task, completed=self._done)  # type: ignore[attr-defined]

    def close(self) -> None:
        if self._display is not None:
            self._display.stop()  # type: ignore[attr-defined]


class TerminalProgress:
    """Shows each step as a bar on stderr."""

    @contextmanager
    def step(self, title: str, total: int | None = None) -> Iterator[Step]:
        """A step of `total` rows, or of unknown length."""
        bar = _Bar(title, total)
        try:
            yield bar
        finally:
            bar.close()


def progress_for(*, quiet: bool) -> Progress:
    """Bars for a terminal, silence for a pipe and for cron."""
    return Silent() if quiet or not sys.stderr.isatty() else TerminalProgress()
