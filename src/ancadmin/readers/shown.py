"""What a paper that somebody shows says, read in a process of its own: whoever made the file may have meant harm, and
reading it must end, and fit into memory, all the same. Run as a program, this module is that process.
"""

import hashlib
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from subprocess import DEVNULL, PIPE, TimeoutExpired, run
from typing import Any

from ancadmin.domain.alterations import Part

MOST_BYTES = 50_000_000
MOST_SECONDS: float = 60
MOST_MEMORY = 1_500_000_000
_MOST_PARTS, _MOST_TEXTS, _MOST_LETTERS = 2_000, 500_000, 500
_LINES_A_PAGE = 2_000
OLE = b"\xd0\xcf\x11\xe0"
ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class Shown:
    """What could be read of a file: its texts; all of them and what it says about itself in one (`said`); of a locked
    workbook the SHA-256 of the one within. `problem` says why nothing more: `password` (none or a wrong one was
    given), or words.
    """

    parts: tuple[Part, ...] = ()
    said: str = ""
    within: str | None = None
    problem: str | None = None


def read_apart(content: bytes, password: str | None = None) -> Shown:
    """Reads a PDF or a workbook within a minute and bounded memory, or says why it could not."""
    if len(content) > MOST_BYTES:
        return Shown(problem="it is larger than any paper")
    asked = json.dumps({"password": password, "memory": MOST_MEMORY, "seconds": int(MOST_SECONDS) + 1}).encode() + b"\n"
    try:
        done = run(  # noqa: S603 - this program itself
            [sys.executable, "-P", "-m", __name__],
            input=asked + content,
            stdout=PIPE,
            stderr=DEVNULL,
            timeout=MOST_SECONDS,
            check=False,
        )
    except TimeoutExpired:
        return Shown(problem="reading it takes longer than any paper does")
    if done.returncode != 0 or not done.stdout:
        return Shown(problem="it cannot be read: damaged, or made to be more than fits into memory")
    told = json.loads(done.stdout)
    parts = tuple(Part(one["name"], tuple(map(tuple, one["texts"])), one["cells"]) for one in told.pop("parts"))
    return Shown(parts=parts, **told)


def read_paper(content: bytes, password: str | None = None) -> Shown:
    """Reads a file in this process: only for what is known to be one of ours. Raises what the libraries raise."""
    if content.startswith(OLE):
        return _locked_workbook(content, password)
    if content.startswith(ZIP):
        return _workbook(content)
    return _pdf(content, password)


def _pdf(content: bytes, password: str | None) -> Shown:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt((password or "").encode()):
        return Shown(problem="password")
    parts = []
    for number, page in enumerate(reader.pages, 1):
        lines = [" ".join(line.split()) for line in page.extract_text().splitlines()]
        told = [line for line in lines if line][:_LINES_A_PAGE]
        parts.append(Part(f"page {number}", tuple((f"line {at}", cut(line)) for at, line in enumerate(told, 1))))
        if number == _MOST_PARTS:
            break
    about = " ".join(str(value) for value in (reader.metadata or {}).values())
    return Shown(tuple(parts), _all(parts, about))


def _workbook(content: bytes) -> Shown:
    from openpyxl import load_workbook

    workbook = load_workbook(io.BytesIO(content), read_only=True)
    parts, room = [], _MOST_TEXTS
    for sheet in workbook.worksheets[:_MOST_PARTS]:
        texts = []
        for place, text in _cells(sheet):
            texts.append((place, text))
            if len(texts) >= room:
                break
        room -= len(texts)
        parts.append(Part(f"sheet {sheet.title}", tuple(texts), cells=True))
    about = workbook.properties
    return Shown(tuple(parts), _all(parts, f"{about.keywords or ''} {about.title or ''}"))


def _cells(sheet: Any) -> Iterator[tuple[str, str]]:
    if hasattr(sheet, "reset_dimensions"):
        sheet.reset_dimensions()  # it may claim to be as large as a sheet can be
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None and cell.value != "":
                yield cell.coordinate, cut(_words(cell.value))


def _words(value: Any) -> str:
    """A cell's value as text, the same whichever program saved it: 4 and 4.0, a day and its midnight."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).removesuffix(" 00:00:00").split())


def _locked_workbook(content: bytes, password: str | None) -> Shown:
    if password is None:
        return Shown(problem="password")
    within = workbook_within(content, password)
    if within is None:
        return Shown(problem="password")
    found = _workbook(within)
    return Shown(found.parts, found.said, hashlib.sha256(within).hexdigest())


def workbook_within(content: bytes, password: str) -> bytes | None:
    """The workbook under a password, changed or not; None where the password is another. Raises what the library raises
    for other files.
    """
    import msoffcrypto
    from msoffcrypto.exceptions import InvalidKeyError

    locked, within = msoffcrypto.OfficeFile(io.BytesIO(content)), io.BytesIO()
    try:
        locked.load_key(password=password, verify_password=True)
    except InvalidKeyError:
        return None
    locked.decrypt(within)
    return within.getvalue()


def _all(parts: list[Part], about: str) -> str:
    """Both ends of what is said: serials stand at the foot, and in what a file says about itself."""
    said = " ".join(text for part in parts for _, text in part.texts)
    return f"{about[:20_000]} {said[:200_000]} {said[-200_000:]}"


def cut(text: str) -> str:
    """A text no longer than what is worth comparing."""
    return text if len(text) <= _MOST_LETTERS else f"{text[:_MOST_LETTERS]}…"


def _bound(memory: int, seconds: int) -> None:
    """Bounds this process, where the system can."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def _main() -> None:
    asked = json.loads(sys.stdin.buffer.readline())
    _bound(asked["memory"], asked["seconds"])
    found = read_paper(sys.stdin.buffer.read(), asked["password"])
    parts = [{"name": one.name, "texts": one.texts, "cells": one.cells} for one in found.parts]
    told = json.dumps({**vars(found), "parts": parts})
    if len(told) > MOST_BYTES:
        sys.exit(1)
    sys.stdout.write(told)


if __name__ == "__main__":
    _main()
