"""Where a file that names an issued register differs from the file it was given out as."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from ancadmin.db.schema import paper_file
from ancadmin.domain.alterations import Alteration, alterations
from ancadmin.domain.papers import Form
from ancadmin.readers.shown import Shown, read_paper
from ancadmin.services.export.registers.kept import file_content

MOST_SHOWN = 20


@dataclass(frozen=True)
class IssuedFile:
    """A file a register was given out as."""

    form: Form
    style: str
    file_hash: str
    content: bytes


@dataclass(frozen=True)
class Differing:
    """The issued file that a shown one comes closest to, and where the two differ: in what they say, and (only where
    bytes can be compared) from which byte on, counted from 0.
    """

    file: IssuedFile
    alterations: tuple[Alteration, ...]
    first_byte: int | None


def issued_files(connection: Connection, serial: str, form: Form | None) -> list[IssuedFile]:
    """The files of one form, or of any, a register was given out as, the first one first. Raises StoreError for
    damaged ones.
    """
    query = select(paper_file.c.form, paper_file.c.style, paper_file.c.file_hash).where(paper_file.c.serial == serial)
    rows = connection.execute(query.order_by(paper_file.c.id)).all()
    return [
        IssuedFile(
            Form(row.form), row.style, row.file_hash, file_content(connection, serial, Form(row.form), row.style)
        )
        for row in rows
        if form in (None, row.form)
    ]


def nearest(files: list[IssuedFile], shown: Shown, content: bytes | None) -> Differing:
    """The file with the fewest differences; `content` is the shown file's, None where it is under a password. Of a
    file that could not be read there are none to compare.
    """
    found = [
        Differing(
            one,
            () if shown.problem else tuple(alterations(read_paper(one.content).parts, shown.parts)),
            None if content is None else first_difference(one.content, content),
        )
        for one in files
    ]
    return min(found, key=lambda one: (len(one.alterations), -(one.first_byte or 0)))


def first_difference(one: bytes, other: bytes) -> int | None:
    """The offset of the first byte that differs; the end of the shorter where it begins the longer. None for equals."""
    if one == other:
        return None
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low
