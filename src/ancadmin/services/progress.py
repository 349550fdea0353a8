"""Progress as a port: services say how far they are, and never print."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol


class Step(Protocol):
    """One step under way."""

    def advance(self, count: int) -> None:
        """`count` more rows are done."""


class Progress(Protocol):
    """Where progress goes."""

    def step(self, title: str, total: int | None = None) -> AbstractContextManager[Step]:
        """Opens a step of `total` rows, or of unknown length."""


class _NoStep:
    def advance(self, count: int) -> None:
        """Nothing is shown."""


class Silent:
    """Shows nothing."""

    @contextmanager
    def step(self, title: str, total: int | None = None) -> Iterator[Step]:
        """A step nobody sees."""
        del title, total
        yield _NoStep()
