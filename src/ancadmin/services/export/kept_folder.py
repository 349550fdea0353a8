"""A folder of papers that is carried on where it was stopped: what is there and would say the same is left alone."""

from collections.abc import Callable
from pathlib import Path

from ancadmin.domain.papers import Form
from ancadmin.services.export.folder import file_hash, read_manifest
from ancadmin.services.export.handover import PLAIN, Handover


class KeptFolder:
    """The papers an earlier run left under a folder, as its manifest has them (columns `file`, `content_hash` and
    `hash`). They leave as `handover` says, and one that left otherwise is drawn again.
    """

    def __init__(self, folder: Path, handover: Handover = PLAIN) -> None:
        """Raises InputRefused for a manifest of something else."""
        self.folder, self._handover = folder, handover
        self._there = read_manifest(folder)

    def put(self, path: Path, content_hash: str, draw: Callable[[], bytes]) -> tuple[str, bool]:
        """Draws a paper into its file, unless a whole one is there that says the same. Its SHA-256, and whether it is
        new. Raises InputRefused for a file that cannot be read or written.
        """
        before = self._there.get(path.relative_to(self.folder).as_posix(), {})
        whole = before.get("content_hash") == content_hash and file_hash(path) == before.get("hash")
        if whole and self._handover.fits(path):
            return before["hash"], False
        return self._handover.write(path, draw(), Form(path.suffix.removeprefix("."))), True
