"""Old workbooks (.xls) as far as the reader of workbooks does not tell: which of their rows are hidden.

An .xls is a small file system (OLE) with a stream of records (BIFF) in it: those of the workbook, then each sheet's.
"""

import struct
from collections.abc import Iterator

_ENTRY = 128
_LAST_SECTOR = 0xFFFFFFFA
_BOF, _EOF, _SHEET, _ROW = 0x0809, 0x000A, 0x0085, 0x0208
_ROW_IS_HIDDEN = 0x20


def hidden_rows_of_xls(content: bytes) -> dict[str, int]:
    """How many rows with cells are hidden in each sheet of an .xls; nothing where it is kept in another way."""
    try:
        stream = _stream(content, ("Workbook", "Book"))
        return {name: _hidden_rows(stream, begins) for name, begins in _sheets(stream)}
    except (struct.error, IndexError):
        return {}


def _stream(content: bytes, names: tuple[str, ...]) -> bytes:
    """The bytes of a stream of the file system; none for a small one, which no program writes a workbook as."""
    size: int = 1 << struct.unpack_from("<H", content, 30)[0]
    directory, smallest = struct.unpack_from("<I4xI", content, 48)
    following, tables = struct.unpack_from("<I", content, 68)[0], list(struct.unpack_from("<109I", content, 76))
    while following < _LAST_SECTOR:
        more = struct.unpack_from(f"<{size // 4}I", content, (following + 1) * size)
        tables += more[:-1]
        following = more[-1]
    next_of: list[int] = []
    for sector in tables:
        if sector < _LAST_SECTOR:
            next_of += struct.unpack_from(f"<{size // 4}I", content, (sector + 1) * size)
    entries = b"".join(_chain(content, next_of, directory, size))
    for at in range(0, len(entries), _ENTRY):
        (length,) = struct.unpack_from("<H", entries, at + 64)
        begins, long = struct.unpack_from("<II", entries, at + 116)
        if entries[at : at + max(length - 2, 0)].decode("utf-16-le", "replace") in names and long >= smallest:
            return b"".join(_chain(content, next_of, begins, size))[:long]
    return b""


def _chain(content: bytes, next_of: list[int], sector: int, size: int) -> Iterator[bytes]:
    for _ in next_of:  # a chain that bites its tail ends too
        if sector >= _LAST_SECTOR:
            return
        yield content[(sector + 1) * size : (sector + 2) * size]
        sector = next_of[sector]


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Kind, first byte and length of each record up to the end of the part that begins at `at`."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, at + 4, length
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 0:
            return
        at += 4 + length


def _sheets(stream: bytes) -> Iterator[tuple[str, int]]:
    for kind, at, _ in _records(stream, 0):
        if kind == _SHEET:
            begins, letters, wide = struct.unpack_from("<I2xBB", stream, at)
            name = stream[at + 8 : at + 8 + letters * (2 if wide & 1 else 1)]
            yield name.decode("utf-16-le" if wide & 1 else "latin-1"), begins


def _hidden_rows(stream: bytes, begins: int) -> int:
    hidden = 0
    for kind, at, _ in _records(stream, begins):
        if kind == _ROW:
            first, end, options = struct.unpack_from("<2xHH6xH", stream, at)
            hidden += bool(options & _ROW_IS_HIDDEN) and end > first
    return hidden
