"""Is this file what was issued? Told by its bytes; what it says about itself only helps to name what it should be."""

import re
import zipfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, RowMapping

from ancadmin.db.schema import paper, paper_file
from ancadmin.domain.papers import Form
from ancadmin.domain.roles import Role
from ancadmin.errors import InputRefused, Place
from ancadmin.readers.shown import MOST_BYTES, OLE, ZIP, Shown, read_apart
from ancadmin.services.export.folder import file_hash
from ancadmin.services.export.registers.altered import (
    MOST_SHOWN,
    Differing,
    IssuedFile,
    issued_files,
    nearest,
)
from ancadmin.services.export.registers.verdict import Verdict, Verified, as_issued, as_others_see, changed, given_out
from ancadmin.services.operator.reach import reaches
from ancadmin.services.session import Session
from ancadmin.writers.protected import is_protected

_SERIAL = re.compile(r"AR-[^\s()<>/\\]{1,80}-\d{4}-\d{1,9}")

_AN_END = 2_000_000


def verify(session: Session, path: Path, password: str | None = None) -> Verified:
    """Holds a file against everything issued; one under a password is held to the byte as well. Raises InputRefused
    when it cannot be read, or is under a password and none or another was given; StoreError where the store's copy of
    what it should be is damaged.
    """
    found_hash = file_hash(path) if _may_be_read(path) else None
    if found_hash is None:
        what = "not a file" if path.exists() else "there is no such file"
        remedy = "Name the file to check, or type the code as it stands at the paper's foot."
        raise InputRefused(what, remedy, place=Place(str(path)))
    with session.reading("export verify", file=path.name, sha256=found_hash) as connection:
        row = connection.execute(given_out().where(paper_file.c.file_hash == found_hash)).mappings().first()
        if row is not None:
            return as_issued(connection, row, **_of_file(path, found_hash), **_of_row(row))
        content = path.read_bytes() if path.stat().st_size <= MOST_BYTES else b""
        protected = is_protected(content)
        shown = read_apart(content, password) if content else Shown(problem="it is larger than any paper")
        if protected and (password is None or shown.problem == "password"):
            raise _locked(path, password)
        about = {**_of_file(path, found_hash), "protected": protected}
        row = _named(connection, _serials_in(path, content, shown))
        if row is None:
            why = "nothing issued here has these bytes, and it names no register issued here"
            return Verified(Verdict.UNKNOWN, why, **about)
        checked = _Checked(session, connection, row, content, shown)
        return checked.under(password, about) if protected and password is not None else checked.plain(about)


@dataclass(frozen=True)
class _Checked:
    """A file that names the paper of `row`."""

    session: Session
    connection: Connection
    row: RowMapping
    content: bytes
    shown: Shown

    def under(self, password: str, about: dict[str, Any]) -> Verified:
        """A file under a password, opened."""
        files = self._files()
        for one in files:
            if self._is(one, password):
                return as_issued(self.connection, self.row, **about, **_of(one))
        return self._altered(files, about, None)

    def plain(self, about: dict[str, Any]) -> Verified:
        return self._altered(self._files(), about, self.content)

    def _is(self, one: IssuedFile, password: str) -> bool:
        if one.form is Form.XLSX:
            return self.shown.within == one.file_hash
        from ancadmin.writers.protected_pdf import same_under

        return same_under(self.content, password, one.content)

    def _files(self) -> list[IssuedFile]:
        return issued_files(self.connection, self.row["serial"], _form(self.content))

    def _altered(self, files: list[IssuedFile], about: dict[str, Any], content: bytes | None) -> Verified:
        serial = self.row["serial"]
        if not reaches(self.session, self.connection, frozenset(Role), self.row["branch"]):
            return as_others_see(changed(self.connection, self.row, "", **about))
        if not files:
            return changed(
                self.connection, self.row, f"names {serial}, which was never given out as such a file", **about
            )
        found = nearest(files, self.shown, content)
        return changed(
            self.connection,
            self.row,
            _why(found, self.shown),
            **about,
            **_of(found.file),
            differing=None if self.shown.problem else len(found.alterations),
            first_differing_byte=found.first_byte,
            differences=tuple(asdict(one) for one in found.alterations[:MOST_SHOWN]),
        )


def _may_be_read(path: Path) -> bool:
    """Whether opening it ends, and says what is wrong: no device, and nothing that is not there."""
    try:
        return path.is_file() or path.is_dir()
    except OSError:
        return True  # a name that is too long, or a folder that others closed


def _why(found: Differing, shown: Shown) -> str:
    if shown.problem:
        at = "" if found.first_byte is None else f"; the first byte that differs is byte {found.first_byte}"
        return f"not the bytes that were issued: {shown.problem}{at}"
    if found.alterations:
        places = len(found.alterations)
        return "not as issued: its text differs " + ("in 1 place" if places == 1 else f"in {places} places")
    at = "" if found.first_byte is None else f", from byte {found.first_byte} on"
    return f"its text reads as issued, but these are other bytes{at}: saved again by another program, or changed unseen"


def _form(content: bytes) -> Form | None:
    """What kind of file it is; None for one that has lost its beginning."""
    if content.startswith((ZIP, OLE)):
        return Form.XLSX
    return Form.PDF if content.startswith(b"%PDF") else None


def _of_file(path: Path, found_hash: str) -> dict[str, Any]:
    return {"file": str(path), "file_hash": found_hash}


def _of_row(row: RowMapping) -> dict[str, Any]:
    return {"form": row["form"], "style": row["style"], "issued_hash": row["file_hash"]}


def _of(one: IssuedFile) -> dict[str, Any]:
    return {"form": one.form.value, "style": one.style, "issued_hash": one.file_hash}


def _locked(path: Path, password: str | None) -> InputRefused:
    if password is None:
        return InputRefused(
            "it is under a password", "Give the file that holds it: --password-file FILE", place=Place(str(path))
        )
    return InputRefused("this password does not open it", "Ask whoever handed it out.", place=Place(str(path)))


def _named(connection: Connection, serials: Iterable[str]) -> RowMapping | None:
    """The paper the file says it is."""
    for serial in serials:
        row = connection.execute(given_out().where(paper.c.serial == serial)).mappings().first()
        if row is not None:
            return row
    return None


def _serials_in(path: Path, content: bytes, shown: Shown) -> list[str]:
    """What looks like a serial in what the file says, in the bytes at both its ends, in its document properties or in
    its name; at most twenty.
    """
    ends = content if len(content) <= 2 * _AN_END else content[:_AN_END] + content[-_AN_END:]
    texts = [shown.said, ends.decode("latin-1"), ends.decode("utf-8", "ignore"), _properties(path), path.stem]
    return list(dict.fromkeys(found for text in texts for found in _SERIAL.findall(text)))[:20]


def _properties(path: Path) -> str:
    """The document properties of a workbook that cannot be read any more otherwise."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open("docProps/core.xml") as part:
            return part.read(100_000).decode("utf-8", "ignore")
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, ValueError, NotImplementedError, EOFError):
        return ""
