"""The files workbooks come in, looked at before they are opened: locked, cut off, or too wide to be a table."""

import re
import struct
import zipfile
import zlib
from pathlib import Path

from ancadmin.errors import InputRefused
from ancadmin.readers.refusals import refused

OLE = b"\xd0\xcf\x11\xe0"
ZIP = b"PK\x03\x04"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_FREE = 0xFFFFFFFF
_LAST_SECTOR = 0xFFFFFFFA
# The reader keeps a cell for every place between the first used and the last, used or not.
_MOST_CELLS = 100_000_000
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension ref="[A-Z]+\d+:([A-Z]+)(\d+)"')


def refuse_if_cut_or_locked(path: Path) -> None:
    """Raises InputRefused for a workbook with a password, one cut off, or one with a cell far outside any table."""
    with path.open("rb") as file:
        head = file.read(512)
    if head.startswith(OLE):
        _check_ole(path, head)
    else:
        _check_zip(path)


def locked(path: Path) -> InputRefused:
    """The refusal of a workbook with a password."""
    return refused(
        path, "the workbook is locked with a password", "Open it with the password and save a copy without one."
    )


def damaged(path: Path, sheet: str = "") -> InputRefused:
    """The refusal of a workbook that cannot be read."""
    return refused(
        path,
        "the workbook is damaged, cut off, or no workbook at all",
        "Open it in the spreadsheet program, let it repair the file, and save it again; or ask for a new copy.",
        sheet=sheet,
    )


def _check_ole(path: Path, head: bytes) -> None:
    """An OLE file (.xls, or a locked .xlsx) whose own table of sectors points beyond its end was cut off."""
    content = path.read_bytes()
    if _ENCRYPTED in content:
        raise locked(path)
    if len(head) < 512:
        raise damaged(path)
    size = 1 << min(struct.unpack_from("<H", head, 30)[0], 12)
    tables = [sector for sector in struct.unpack_from("<109I", head, 76) if sector < _LAST_SECTOR]
    present = len(content) // size - 1  # whole sectors after the one of the header
    for sector in tables:
        entries = content[(sector + 1) * size : (sector + 2) * size]
        if len(entries) < size:
            raise damaged(path)
    # The last table's last used entry is the file's last sector.
    used = [
        number * (size // 4) + index
        for number, sector in enumerate(tables)
        for index, entry in enumerate(struct.unpack_from(f"<{size // 4}I", content, (sector + 1) * size))
        if entry != _FREE
    ]
    if used and used[-1] >= present:
        raise damaged(path)


def _check_zip(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    with archive.open(name) as part:
                        _check_dimension(path, part.read(4096))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise damaged(path) from error


def _check_dimension(path: Path, head: bytes) -> None:
    found = _DIMENSION.search(head)
    if found is None:
        return
    columns = 0
    for letter in found[1]:
        columns = columns * 26 + letter - 64
    if columns * int(found[2]) > _MOST_CELLS:
        raise refused(
            path,
            f"a sheet reaches to cell {found[1].decode()}{found[2].decode()}, far beyond any register",
            "Go to the sheet's last cell (Ctrl+End), delete the empty columns and rows before it, and save.",
        )
