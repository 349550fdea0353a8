"""Work on many members, without looking for garbage that is not there."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Collects nothing in the block: a stretch makes a million objects and no ring of them, and to look through them
    again and again is a fifth of a sweep, and a tenth of a matching.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
