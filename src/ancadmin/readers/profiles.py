"""The files in which officers write down how columns are read."""

from pathlib import Path

from ancadmin.readers.refusals import not_readable, refused


def text_of(path: Path) -> str:
    """The text of a profile's file. Raises InputRefused."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise not_readable(path, error) from error
    except UnicodeDecodeError as error:
        raise refused(path, "not UTF-8", "Save it as UTF-8; a profile is a TOML file.") from error


def is_file(said: str) -> bool:
    """Is it where a profile's file is, rather than a profile's name?"""
    return said.casefold().endswith(".toml") or any(mark in said for mark in "/\\")
