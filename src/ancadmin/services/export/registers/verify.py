"""Is this file what was issued? Told by its bytes; what it says about itself only helps to name what it should be."""

import re
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, select

from ancadmin.db.schema import paper, paper_file
from ancadmin.errors import InputRefused, Place
from ancadmin.services.export.folder import file_hash
from ancadmin.services.session import Session

_MOST = 50_000_000
_SERIAL = re.compile(r"AR-[^\s()<>/\\]{1,80}-\d{4}-\d{1,9}")
_COLUMNS = [column for column in paper.columns if column.name != "said"]


class Verdict(StrEnum):
    """What a file is: as issued, changed since, withdrawn since, or nothing this store knows."""

    GENUINE = "genuine"
    WITHDRAWN = "withdrawn"
    ALTERED = "altered"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verified:
    """The verdict; the other fields are the issued paper's, None where there is none. `file_hash` is this file's."""

    verdict: Verdict
    file: str
    file_hash: str
    serial: str | None = None
    branch: str | None = None
    meeting: str | None = None
    meeting_date: str | None = None
    cut_off: str | None = None
    members: int | None = None
    quorum: int | None = None
    content_hash: str | None = None
    issued_hash: str | None = None
    batch: int | None = None
    withdrawn_in: int | None = None


def verify(session: Session, path: Path) -> Verified:
    """Holds a file against everything issued. Raises InputRefused when it cannot be read."""
    found_hash = file_hash(path)
    if found_hash is None:
        raise InputRefused("there is no such file", "Name the file to check.", place=Place(str(path)))
    with session.reading("export verify", file=path.name, sha256=found_hash) as connection:
        row = connection.execute(_papers().where(paper_file.c.file_hash == found_hash)).mappings().first()
        if row is not None:
            withdrawn = row["reversed_by"] is not None
            return _verified(Verdict.WITHDRAWN if withdrawn else Verdict.GENUINE, path, found_hash, row)
        named = _named(connection, _serials_in(path))
    if named is not None:
        return _verified(Verdict.ALTERED, path, found_hash, named)
    return Verified(Verdict.UNKNOWN, str(path), found_hash)


def _verified(verdict: Verdict, path: Path, found_hash: str, row: RowMapping) -> Verified:
    same = ("serial", "branch", "meeting", "meeting_date", "cut_off", "members", "quorum", "content_hash", "batch")
    return Verified(
        verdict,
        str(path),
        found_hash,
        **{name: row[name] for name in same},
        issued_hash=row["file_hash"],
        withdrawn_in=row["reversed_by"],
    )


def _papers() -> Select[Any]:
    """Papers with the hash of each file they were given out as, the first file first."""
    query = select(*_COLUMNS, paper_file.c.file_hash).join(paper_file, paper_file.c.serial == paper.c.serial)
    return query.order_by(paper_file.c.id)


def _named(connection: Connection, serials: list[str]) -> RowMapping | None:
    """The paper the file says it is."""
    for serial in serials:
        row = connection.execute(_papers().where(paper.c.serial == serial)).mappings().first()
        if row is not None:
            return row
    return None


def _serials_in(path: Path) -> list[str]:
    """What looks like a serial in the file, in its document properties or in its name; at most twenty."""
    texts = [path.stem]
    if path.stat().st_size <= _MOST:
        content = path.read_bytes()
        texts += [content.decode("latin-1"), content.decode("utf-8", "ignore"), _properties(path)]
    return list(dict.fromkeys(found for text in texts for found in _SERIAL.findall(text)))[:20]


def _properties(path: Path) -> str:
    """The document properties of a workbook that another program has saved again."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.read("docProps/core.xml")[:100_000].decode("utf-8", "ignore")
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, ValueError, NotImplementedError, EOFError):
        return ""
