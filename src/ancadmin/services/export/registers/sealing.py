"""Issuing in one batch: serials and seals, the files drawn, and everything kept."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, insert, select

from ancadmin.db import chain
from ancadmin.db.batches import Batch
from ancadmin.db.schema import audit_event, paper, paper_file
from ancadmin.domain.attendance import AttendanceRegister, Seal, Style
from ancadmin.domain.attendance_kept import as_kept
from ancadmin.domain.papers import BranchPlace, Form
from ancadmin.services.export.contents import ForMeeting, attendance_registers
from ancadmin.services.export.drawing import Sheet, digest
from ancadmin.services.export.registers.kept import KIND, file_hashes, said_by, standing_registers, superseded

Draw = Callable[[Sequence[Sheet]], list[bytes]]


@dataclass(frozen=True)
class Sealed:
    """A register under its seal with the files drawn of it now, by form. `batch` is the one that issued it; `new` says
    that this was the present one, and not only a further file of a register that stands.
    """

    register: AttendanceRegister
    seal: Seal
    batch: int
    new: bool
    files: dict[Form, bytes]


def seal_registers(
    batch: Batch,
    branches: Sequence[BranchPlace],
    asked: ForMeeting,
    forms: Sequence[Form],
    style: Style,
    *,
    sole_operator: bool,
    draw: Draw,
) -> list[Sealed]:
    """Issues what these branches lack, inside the open batch: a register that would say what the one that stands says
    only gets the files it has none of. Raises what `attendance_registers` raises.
    """
    connection = batch.connection
    _, head = chain.head(connection, audit_event)
    standing = standing_registers(connection, branches, asked)
    under: list[tuple[AttendanceRegister, Seal, int]] = []
    for register in attendance_registers(connection, batch.policy, branches, asked):
        code, content_hash = register.place.code, register.content_hash()
        before = standing.get(code)
        if before is not None and before.content_hash == content_hash:
            said = said_by(connection, before.serial)
            if said is not None:
                under.append((register, said[1], before.batch))
                continue
        later = None if before is None else superseded(connection, before, register)
        serial = _next_serial(batch, code)
        under.append((register, Seal(serial, content_hash, head, sole_operator, batch.today, later), batch.number))
    return _drawn(batch, under, forms, style, draw)


def _drawn(
    batch: Batch,
    under: Sequence[tuple[AttendanceRegister, Seal, int]],
    forms: Sequence[Form],
    style: Style,
    draw: Draw,
) -> list[Sealed]:
    there = file_hashes(batch.connection, [seal.serial for _, seal, _ in under], forms, style)
    sheets = [
        Sheet(register, seal, form, style)
        for register, seal, _ in under
        for form in forms
        if (seal.serial, form) not in there
    ]
    contents = draw(sheets)
    files: dict[str, dict[Form, bytes]] = {seal.serial: {} for _, seal, _ in under}
    for sheet, content in zip(sheets, contents, strict=True):
        files[sheet.seal.serial][sheet.form] = content
    sealed = [
        Sealed(register, seal, number, number == batch.number, files[seal.serial]) for register, seal, number in under
    ]
    _keep(batch, sealed, style)
    return sealed


def _keep(batch: Batch, sealed: Sequence[Sealed], style: Style) -> None:
    papers = [_row(one) for one in sealed if one.new]
    if papers:
        batch.connection.execute(insert(paper), papers)
    files = [
        {
            "serial": one.seal.serial,
            "form": form.value,
            "style": style.name,
            "file_hash": digest(content),
            "batch": batch.number,
            # A PDF and a workbook are deflated within: what more could be gained costs more than the room.
            "content": zlib.compress(content, 1),
        }
        for one in sealed
        for form, content in one.files.items()
    ]
    if files:
        batch.connection.execute(insert(paper_file), files)


def _row(one: Sealed) -> dict[str, object]:
    register, seal = one.register, one.seal
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
        "batch": one.batch,
        "supersedes": None if seal.supersedes is None else seal.supersedes.serial,
        "said": zlib.compress(as_kept(register, seal).encode()),
    }


def _next_serial(batch: Batch, branch: str) -> str:
    """`AR-BRANCH-YEAR-NUMBER`; nothing issued is ever deleted, so counting gives the next number."""
    start = f"AR-{branch}-{batch.today.year}-"
    issued = batch.connection.scalar(
        select(func.count())
        .select_from(paper)
        .where(paper.c.branch == branch, paper.c.serial.startswith(start, autoescape=True))
    )
    return f"{start}{(issued or 0) + 1}"
