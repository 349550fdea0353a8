"""A password from a file of its own: never on a command line, where every account of the machine can read it."""

import os
import unicodedata
from pathlib import Path

from ancadmin.errors import InputRefused, Place

LEAST = 8
# What a PDF takes; in letters of one byte each, twice that for a workbook.
_MOST_BYTES = 127


def read_password(path: Path) -> str:
    """The first line of the file. Raises InputRefused for one that others may read, as ssh does with keys, and for a
    password that is too short, too long, or holds what nobody can type or what would not open a paper everywhere (`½`,
    full-width letters). Accents count the same however the file writes them. No error repeats it.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            line = file.read(4096).partition(b"\n")[0].rstrip(b"\r")
    except OSError as error:
        raise _refused(path, f"the password cannot be read: {error.strerror or error}", "Name another file.") from error
    if os.name == "posix" and mode & 0o077:
        raise _refused(path, f"others may read this password (mode {mode & 0o777:04o})", f"chmod 600 {path}")
    try:
        password = unicodedata.normalize("NFC", line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _refused(path, "the password is not text in UTF-8", "Save the file as UTF-8.") from error
    if not password.isprintable() or password != password.strip():
        raise _refused(path, "the password begins or ends with a space, or nobody can type it", "Choose another one.")
    if unicodedata.normalize("NFKC", password) != password:
        # Some programs that open papers take such letters for others, and some do not.
        raise _refused(path, "the password has letters that not every program reads alike", "Use plain letters only.")
    if len(password) < LEAST:
        raise _refused(
            path, f"the password has fewer than {LEAST} characters", "Choose a longer one: four words are easy to say."
        )
    if len(password.encode()) > _MOST_BYTES:
        raise _refused(path, f"the password is longer than {_MOST_BYTES} bytes", "Choose a shorter one.")
    return password


def _refused(path: Path, what: str, remedy: str) -> InputRefused:
    return InputRefused(what, remedy, place=Place(str(path)))
