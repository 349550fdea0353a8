"""What a register is issued under: planned from one look at the store, kept in one batch."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, func, insert, select

from ancadmin.db.batches import Batch
from ancadmin.db.schema import paper, paper_file
from ancadmin.domain.attendance import AttendanceRegister, Seal, Style
from ancadmin.domain.attendance_kept import as_kept
from ancadmin.domain.papers import BranchPlace, Form
from ancadmin.services.export.contents import ForMeeting, attendance_registers
from ancadmin.services.export.drawing import Sheet, digest
from ancadmin.services.export.registers.kept import (
    KIND,
    Standing,
    file_hashes,
    said_by,
    standing_registers,
    superseded,
)
from ancadmin.services.session import Session


@dataclass(frozen=True)
class Planned:
    """A register to be given out. `old` is the one that stands and says the same, None where this one is to be issued;
    `hashes` are those of the files it has already, `missing` the forms it lacks. `seal` is None only where nothing is
    missing and nothing was superseded.
    """

    register: AttendanceRegister
    seal: Seal | None
    old: Standing | None
    hashes: Mapping[Form, str]
    missing: tuple[Form, ...]

    @property
    def sealed(self) -> Seal:
        """The seal of one of which something is to be drawn."""
        if self.seal is None:
            raise RuntimeError("what is to be drawn is planned with a seal")
        return self.seal

    @property
    def serial(self) -> str:
        """The serial it has, or will have."""
        return self.sealed.serial if self.old is None else self.old.serial

    def sheets(self, style: Style) -> list[Sheet]:
        """What has to be drawn."""
        return [Sheet(self.register, self.sealed, form, style) for form in self.missing]

    def says(self, other: "Planned") -> bool:
        """Would the files of both be the same, had they been planned at the same moment of the trail?"""
        if self.seal is None or other.seal is None:
            return self == other
        return replace(self, seal=replace(self.seal, trail_head=other.seal.trail_head)) == other


def planned(
    session: Session,
    connection: Connection,
    branches: Sequence[BranchPlace],
    asked: ForMeeting,
    forms: Sequence[Form],
    style: Style,
    head: str,
) -> list[Planned]:
    """What each of these branches is to be given: the register that stands where it would say the same, with the files
    it has, else a new one. `head` is the last link of the write chain. Raises what `attendance_registers` raises.
    """
    standing = standing_registers(connection, branches, asked)
    hashes = file_hashes(connection, [one.serial for one in standing.values()], forms, style)
    plans = []
    for register in attendance_registers(connection, session.policy, branches, asked):
        before, content_hash = standing.get(register.place.code), register.content_hash()
        if before is not None and before.content_hash == content_hash:
            there = {form: hashes[before.serial, form] for form in forms if (before.serial, form) in hashes}
            missing = tuple(form for form in forms if form not in there)
            said = said_by(connection, before.serial) if missing or before.supersedes is not None else None
            if said is not None or not missing:
                plans.append(Planned(register, None if said is None else said[1], before, there, missing))
                continue
        later = None if before is None else superseded(connection, before, register)
        serial = _next_serial(connection, register.place.code, session.today.year)
        seal = Seal(serial, content_hash, head, session.sole_operator, session.today, later)
        plans.append(Planned(register, seal, None, {}, tuple(forms)))
    return plans


def keep(batch: Batch, sealed: Sequence[tuple[Planned, Mapping[Form, bytes]]], style: Style) -> None:
    """Keeps registers issued now, and the files drawn of these and of earlier ones, for good."""
    papers = [_row(batch, plan.register, plan.seal) for plan, _ in sealed if plan.old is None and plan.seal is not None]
    if papers:
        batch.connection.execute(insert(paper), papers)
    files = [
        {
            "serial": plan.serial,
            "form": form.value,
            "style": style.name,
            "file_hash": digest(content),
            "batch": batch.number,
            # A PDF and a workbook are deflated within: what more could be gained costs more than the room.
            "content": zlib.compress(content, 1),
        }
        for plan, contents in sealed
        for form, content in contents.items()
    ]
    if files:
        batch.connection.execute(insert(paper_file), files)


def _row(batch: Batch, register: AttendanceRegister, seal: Seal) -> dict[str, object]:
    return {
        "serial": seal.serial,
        "kind": KIND,
        "branch": register.place.code,
        "cut_off": register.cut_off.isoformat(),
        "meeting_date": register.meeting_date.isoformat(),
        "meeting": register.meeting.value,
        "members": len(register.attendees),
        "quorum": register.quorum,
        "content_hash": seal.content_hash,
        "batch": batch.number,
        "supersedes": None if seal.supersedes is None else seal.supersedes.serial,
        "said": zlib.compress(as_kept(register, seal).encode()),
    }


def _next_serial(connection: Connection, branch: str, year: int) -> str:
    """`AR-BRANCH-YEAR-NUMBER`; nothing issued is ever deleted, so counting gives the next number."""
    start = f"AR-{branch}-{year}-"
    issued = connection.scalar(
        select(func.count())
        .select_from(paper)
        .where(paper.c.branch == branch, paper.c.serial.startswith(start, autoescape=True))
    )
    return f"{start}{(issued or 0) + 1}"
