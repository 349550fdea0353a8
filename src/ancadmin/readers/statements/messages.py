"""What the formats of messages (OFX, MT940, camt.053) have in common: amounts, narratives, lines one by one."""

from pathlib import Path

from ancadmin.readers.refusals import not_readable

_HEAD = 1 << 16


def head_of(path: Path) -> str:
    """How a file begins, as text good enough to recognise its format by. Raises InputRefused where it is not there."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise not_readable(path, error) from error
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return head.decode("utf-16" if wide else "latin-1", errors="replace")
