"""How a reader refuses a file."""

from pathlib import Path

from ancadmin.errors import InputRefused, Place


def refused(path: Path, what: str, remedy: str, *, row: int | None = None, sheet: str = "") -> InputRefused:
    """The refusal of a file, with its place."""
    return InputRefused(what, remedy, place=Place(file=str(path), sheet=sheet, row=row))


class NoTable(InputRefused):
    """A file without a row of headings, or without ID numbers: perhaps a letter beside the registers."""


def no_table(path: Path, what: str, remedy: str, *, row: int | None = None, sheet: str = "") -> NoTable:
    """The refusal of a file that is no register."""
    return NoTable(what, remedy, place=Place(file=str(path), sheet=sheet, row=row))


def not_readable(path: Path, error: OSError) -> InputRefused:
    """The refusal of a file that the system does not let us read."""
    return refused(path, f"cannot be read: {error.strerror or error}", "See that it is there and may be read.")
