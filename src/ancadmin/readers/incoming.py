"""The files a command is given, one by one: a folder's, a zip archive's, or just the one that is named."""

import gzip
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from ancadmin.errors import InputRefused
from ancadmin.readers.encodings import WORKBOOKS
from ancadmin.readers.refusals import not_readable, refused

TABLES = (*WORKBOOKS, ".csv", ".txt", ".tsv", ".tab", ".psv", ".dat")
STATEMENTS = (*TABLES, ".ofx", ".qfx", ".sta", ".mt940", ".940", ".xml", ".camt")
# What unpacks to more than this is no register, or no statement.
MOST_BYTES = 16 << 30
MOST_BYTES_OF_STATEMENTS = 4 << 30
# Nor is what was packed closer: tables come down to a tenth, or a fiftieth.
_MOST_TIMES = 200
_ZIP, _GZIP = ".zip", ".gz"
_LETTERS = (".txt", ".dat")
_ASK_AGAIN = "Ask for the archive again, or unpack it and give the folder."


@dataclass(frozen=True)
class Incoming:
    """A file that came in. `name` is what people call it; `member` its place in the archive `path`, "" for no archive.

    In a folder or an archive the name says where: `branches.zip/north/soweto.csv`; text beside others there may be a
    letter. `most_bytes` is how much it may unpack to.
    """

    path: Path
    name: str
    member: str = ""
    beside_others: bool = False
    most_bytes: int = MOST_BYTES

    @property
    def may_be_a_letter(self) -> bool:
        """Plain text that nobody named as a register: left out where it holds no table."""
        return self.beside_others and self.name.lower().endswith(_LETTERS)

    @contextmanager
    def opened(self) -> Iterator[Path]:
        """The file to read, unpacked where it has to be and then gone again; its refusals name it as people do.

        Raises InputRefused for an archive that cannot be unpacked.
        """
        if not self.member:
            yield self.path
            return
        with tempfile.TemporaryDirectory(prefix="ancadmin-") as folder:
            path = Path(folder) / PurePosixPath(self.member).name
            try:
                self._unpack(path)
                yield path
            except InputRefused as error:
                place = error.place._replace(file=self.name) if error.place.file == str(path) else error.place
                raise type(error)(error.what, error.remedy, place=place, value=error.value) from error

    def _unpack(self, to: Path) -> None:
        to.touch(mode=0o600)
        try:
            with to.open("wb") as file:
                if self.path.suffix.lower() == _GZIP:
                    with gzip.open(self.path) as packed:
                        # Only unpacking tells how much it is.
                        while some := packed.read(1 << 20):
                            file.write(some)
                            _refuse_size(self.path, file.tell(), self.path.stat().st_size, self.most_bytes)
                    return
                with zipfile.ZipFile(self.path) as archive, archive.open(self.member) as packed:
                    shutil.copyfileobj(packed, file, 1 << 20)
        except RuntimeError as error:
            remedy = "Unpack it with the password and give the folder."
            raise refused(self.path, f"{self.member} is locked with a password", remedy) from error
        except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise refused(self.path, f"{self.member} is damaged or cut off", _ASK_AGAIN) from error


def incoming(paths: Iterable[Path], kinds: tuple[str, ...] = TABLES) -> tuple[list[Incoming], list[str]]:
    """The tables among some files, folders and archives, in order of their names; and what else was there, by name.

    `kinds` are the suffixes of what counts as one. Hidden files and the traces of open documents are passed over.
    Raises InputRefused for a folder or an archive without any, or an archive that cannot be opened.
    """
    found: list[Incoming] = []
    left_out: list[str] = []
    for path in paths:
        if not path.is_dir():
            files = _of_file(path, path.name, left_out, kinds)
        else:
            inside = sorted(one for one in path.rglob("*") if one.is_file() and not _passed_over(one.relative_to(path)))
            named = [(one, one.relative_to(path).as_posix()) for one in inside]
            left_out += [name for one, name in named if not _is_taken(one.name, kinds)]
            taken = ((one, name) for one, name in named if _is_taken(one.name, kinds))
            found_here = (file for one, name in taken for file in _of_file(one, name, left_out, kinds))
            files = [replace(file, beside_others=True) for file in found_here]
        if not files:
            raise refused(path, "there is no table in it", f"What can be taken in is one of: {' '.join(kinds)}.")
        found += files
    return found, left_out


def _of_file(path: Path, name: str, left_out: list[str], kinds: tuple[str, ...]) -> list[Incoming]:
    suffix = path.suffix.lower()
    if suffix == _GZIP:
        return [Incoming(path, name, path.stem, most_bytes=_most(kinds))]
    if suffix != _ZIP:
        return [Incoming(path, name)]
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
    except OSError as error:
        raise not_readable(path, error) from error
    except zipfile.BadZipFile as error:
        raise refused(path, "the archive is damaged, cut off, or no archive at all", _ASK_AGAIN) from error
    names = sorted(one.filename for one in members if not _passed_over(PurePosixPath(one.filename)))
    if "[Content_Types].xml" in names:
        raise refused(path, "this is a workbook, not an archive", "Give it the name it should have (.xlsx, .ods).")
    packed = [one for one in names if PurePosixPath(one).suffix.lower() in (_ZIP, _GZIP)]
    if packed:
        raise refused(path, f"an archive inside the archive: {packed[0]}", "Unpack it and give the folder.")
    unpacked = sum(one.file_size for one in members)
    _refuse_size(path, unpacked, sum(one.compress_size for one in members), _most(kinds))
    left_out += [f"{name}/{one}" for one in names if not _is_taken(one, kinds)]
    return [Incoming(path, f"{name}/{one}", one, beside_others=True) for one in names if _is_taken(one, kinds)]


def _most(kinds: tuple[str, ...]) -> int:
    return MOST_BYTES_OF_STATEMENTS if kinds is STATEMENTS else MOST_BYTES


def _refuse_size(path: Path, unpacked: int, packed: int, most: int) -> None:
    """Raises InputRefused for an archive made to fill the disk."""
    if unpacked > most:
        raise refused(path, f"it unpacks to more than {most >> 30} GiB, more than any file of this kind", _ASK_AGAIN)
    if unpacked > _MOST_TIMES * packed:
        raise refused(path, f"it unpacks to more than {_MOST_TIMES} times its size, as no table does", _ASK_AGAIN)


def _is_taken(name: str, kinds: tuple[str, ...]) -> bool:
    return PurePosixPath(name.lower()).suffix in (*kinds, _ZIP, _GZIP)


def _passed_over(path: PurePosixPath | Path) -> bool:
    """Hidden, or left there by a program: `.DS_Store`, `~$branch.xlsx`, `__MACOSX/…`."""
    return any(part.startswith((".", "~$", "__MACOSX")) for part in path.parts)
