"""The files a batch reads, noted with it."""

from pathlib import Path

from ancadmin.db.batches import Batch
from ancadmin.readers.refusals import not_readable, refused


def noted(batch: Batch, path: Path, name: str = "") -> str:
    """The SHA-256 of a file that is about to be read, noted with the batch under `name` or its own. Raises InputRefused
    for one that is not there, a folder or a pipe, and where the system does not let us read it.
    """
    if path.is_fifo():
        raise refused(path, "a pipe can be read only once", "Save it as a file first, and give its name.")
    try:
        return batch.read(path, name)
    except OSError as error:
        raise not_readable(path, error) from error
