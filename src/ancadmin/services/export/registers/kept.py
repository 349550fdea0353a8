"""What was issued, as the store keeps it: the register that stands for a meeting, what it said, its files."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, func, select

from ancadmin.db.schema import batch, paper, paper_file
from ancadmin.domain.attendance import AttendanceRegister, Seal, Style, Superseded, difference, header_difference
from ancadmin.domain.attendance_kept import from_kept
from ancadmin.domain.papers import BranchPlace, Form
from ancadmin.errors import StoreError
from ancadmin.services.export.contents import ForMeeting
from ancadmin.services.export.drawing import digest

KIND = "attendance_register"


@dataclass(frozen=True)
class Standing:
    """The register that stands for a branch's meeting: the last one issued that was not withdrawn."""

    serial: str
    branch: str
    cut_off: date
    members: int
    quorum: int
    content_hash: str
    batch: int
    issued_on: date
    supersedes: str | None


def standing_registers(
    connection: Connection, branches: Sequence[BranchPlace], asked: ForMeeting
) -> dict[str, Standing]:
    """By branch, the register that stands for the meeting asked for; none where none was issued or all withdrawn."""
    query = (
        select(
            paper.c.serial,
            paper.c.branch,
            paper.c.cut_off,
            paper.c.members,
            paper.c.quorum,
            paper.c.content_hash,
            paper.c.batch,
            batch.c.today.label("issued_on"),
            paper.c.supersedes,
        )
        .join(batch, batch.c.number == paper.c.batch)
        .where(
            paper.c.kind == KIND,
            paper.c.reversed_by.is_(None),
            paper.c.branch.in_([place.code for place in branches]),
            paper.c.meeting == asked.meeting.value,
            paper.c.meeting_date == asked.meeting_date.isoformat(),
        )
        .order_by(paper.c.batch, paper.c.serial)
    )
    days = ("cut_off", "issued_on")
    return {
        row["branch"]: Standing(**{**row, **{day: date.fromisoformat(row[day]) for day in days}})
        for row in connection.execute(query).mappings()
    }


def said_by(connection: Connection, serial: str) -> tuple[AttendanceRegister, Seal] | None:
    """What an issued register said and the seal it was issued under; None where that was not kept yet. Raises
    StoreError when the store's copy is damaged.
    """
    said = connection.scalar(select(paper.c.said).where(paper.c.serial == serial))
    return None if said is None else from_kept(_inflated(serial, said).decode())


def serial_of(connection: Connection, text: str) -> str | None:
    """The serial that was typed or read, as it was issued: capitals or not. None where none was."""
    query = select(paper.c.serial).where(func.lower(paper.c.serial) == text.strip().lower())
    return connection.scalar(query.order_by(paper.c.serial != text.strip(), paper.c.serial).limit(1))


def superseded_by(connection: Connection, serial: str) -> str | None:
    """The register that stands for the meeting of this one, if it was issued after it; whatever was between the two,
    withdrawn since or not.
    """
    before = paper.alias("before")
    same = (paper.c[name] == before.c[name] for name in ("kind", "branch", "meeting", "meeting_date"))
    query = (
        select(paper.c.serial)
        .join(before, and_(*same, paper.c.batch > before.c.batch))
        .where(before.c.serial == serial, paper.c.reversed_by.is_(None))
    )
    return connection.scalar(query.order_by(paper.c.batch.desc(), paper.c.serial.desc()).limit(1))


def superseded(connection: Connection, before: Standing, register: AttendanceRegister) -> Superseded:
    """The register `before` as a new one for the same meeting names it."""
    said = said_by(connection, before.serial)
    differs = None if said is None else difference(said[0].attendees, register.attendees)
    header = () if said is None else header_difference(said[0].place, register.place)
    return Superseded(before.serial, before.issued_on, before.cut_off, before.members, differs, header)


def file_hashes(
    connection: Connection, serials: Sequence[str], forms: Sequence[Form], style: Style
) -> dict[tuple[str, Form], str]:
    """The hashes of the files these registers were given out as, by serial and form."""
    rows = connection.execute(
        select(paper_file.c.serial, paper_file.c.form, paper_file.c.file_hash).where(
            paper_file.c.serial.in_(serials), paper_file.c.form.in_(list(forms)), paper_file.c.style == style.name
        )
    )
    return {(row.serial, Form(row.form)): row.file_hash for row in rows}


def file_content(connection: Connection, serial: str, form: Form, style: str) -> bytes:
    """The bytes of a file as it was given out. Raises StoreError when the store's copy is not that any more."""
    row = connection.execute(
        select(paper_file.c.content, paper_file.c.file_hash).where(
            paper_file.c.serial == serial, paper_file.c.form == form.value, paper_file.c.style == style
        )
    ).one()
    content = _inflated(serial, row.content)
    if digest(content) != row.file_hash:
        raise _damaged(serial)
    return content


def _inflated(serial: str, content: bytes) -> bytes:
    try:
        return zlib.decompress(content)
    except zlib.error as error:
        raise _damaged(serial) from error


def _damaged(serial: str) -> StoreError:
    return StoreError(
        f"the store's copy of {serial} is not what was issued", "Someone changed it: ancadmin audit verify"
    )
