"""Files that are written whole or not at all, and that nobody else can read."""

import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path

from ancadmin.errors import InputRefused, Place

LEFTOVER_SECONDS = 60


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A temporary file beside `path` (mode 0600) that takes its name when the block ends without an error.

    Raises InputRefused when the folder cannot be written or the disk is full.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _clear_leftovers(path)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        os.close(handle)
    except OSError as error:
        raise _refused(path, error) from error
    temporary = Path(name)
    try:
        yield temporary
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.replace(path)
    except OSError as error:
        raise _refused(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def clear_leftovers(paths: Iterable[Path]) -> None:
    """Clears away what killed runs left beside these files, also beside those that need not be written again."""
    names: dict[Path, set[str]] = {}
    for path in paths:
        names.setdefault(path.parent, set()).add(path.name)
    for folder, known in names.items():
        for leftover in folder.glob(".*.part"):
            if leftover.name[1:].rsplit(".", 2)[0] in known:
                _clear_old(leftover)


def _clear_leftovers(path: Path) -> None:
    for leftover in path.parent.glob(f".{escape(path.name)}.*.part"):
        _clear_old(leftover)


def _clear_old(leftover: Path) -> None:
    """What a killed run left holds people's data and is of no use. The young may be someone's at work."""
    with suppress(FileNotFoundError):
        if time.time() - leftover.stat().st_mtime > LEFTOVER_SECONDS:
            leftover.unlink()


def _refused(path: Path, error: OSError) -> InputRefused:
    return InputRefused(
        f"cannot be written: {error.strerror or error}",
        "Make room there or name another place with -o; nothing was written.",
        place=Place(file=str(path)),
    )
