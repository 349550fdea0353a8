"""An issued paper once more, to the byte."""

import zlib
from pathlib import Path
from typing import Any

from sqlalchemy import select

from ancadmin.db.schema import paper
from ancadmin.domain.roles import Role
from ancadmin.errors import InputRefused, StoreError, UsageError
from ancadmin.services.export.drawing import digest
from ancadmin.services.export.folder import safe_name, write_file
from ancadmin.services.operator.reach import require
from ancadmin.services.session import Session


def reprint(session: Session, serial: str, target: Path | None = None) -> dict[str, Any]:
    """Writes the paper `serial` to `target`, or here under its serial, and says what it is.

    Raises InputRefused for a serial that was never issued, UsageError for a file name of another form, NotAllowed,
    and StoreError when the store's own copy no longer is what was issued.
    """
    with session.reading("export reprint", serial=serial, to=str(target or ".")) as connection:
        row = connection.execute(select(paper).where(paper.c.serial == serial)).mappings().first()
        if row is None:
            raise InputRefused("no paper was issued under this serial", "It is printed at its foot.", value=serial)
        require(session, connection, frozenset(Role), row["branch"], "take papers of that branch")
    path = target or Path(f"{safe_name(serial)}.{row['form']}")
    if path.suffix.lower() != f".{row['form']}":
        raise UsageError(f"{serial} was issued as {row['form']}", f"Name the file .{row['form']}.", value=path.name)
    content = _inflated(serial, row["content"])
    if digest(content) != row["file_hash"]:
        raise _damaged(serial)
    write_file(path, content)
    shown = {key: value for key, value in row.items() if key not in ("content", "reversed_by")}
    return {**shown, "withdrawn_in": row["reversed_by"], "file": str(path)}


def _inflated(serial: str, content: bytes) -> bytes:
    try:
        return zlib.decompress(content)
    except zlib.error as error:
        raise _damaged(serial) from error


def _damaged(serial: str) -> StoreError:
    return StoreError(
        f"the store's copy of {serial} is not what was issued", "Someone changed it: ancadmin audit verify"
    )
