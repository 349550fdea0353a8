"""Takes in who was at a meeting: a batch a file, every line accounted for (docs/rules.md, section 6)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from ancadmin.db.batches import Batch
from ancadmin.db.schema import attendance, paper
from ancadmin.db.schema import batch as batch_table
from ancadmin.domain.roles import DECIDES
from ancadmin.domain.turnout import Judged, Verdict, judged
from ancadmin.errors import InputRefused, NotAllowed, Place, UsageError
from ancadmin.readers.attendance import read_attendance
from ancadmin.services.batch.inputs import noted
from ancadmin.services.export.attendance.register import register_of
from ancadmin.services.export.registers.kept import serial_of, superseded_by
from ancadmin.services.operator.reach import require
from ancadmin.services.session import Session

COMMAND = "export attendance import"


@dataclass(frozen=True)
class Imported:
    """What a file came to. `read` = present + doubles + strangers + unreadable + not_signed + blank. `all_present`
    counts the meeting as it is on record now, with the files before; `superseded_by` names the register that stands.
    """

    batch: int
    serial: str
    read: int
    present: int
    doubles: int
    strangers: int
    unreadable: int
    not_signed: int
    blank: int
    members: int
    quorum: int
    all_present: int
    superseded_by: str | None

    @property
    def reached(self) -> bool:
        """Whether the meeting had its quorum."""
        return self.all_present >= self.quorum

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON shows it."""
        return {**vars(self), "quorum_reached": self.reached}


def import_attendance(session: Session, path: Path, serial: str | None = None) -> Imported:
    """Records who was at the meeting of the register `serial`, else of the one the file names. A second file of the
    same meeting adds to the first.

    Raises InputRefused for a file that is no such list, was taken in already, or names another register; UsageError
    where no register is named, NotAllowed for one withdrawn.
    """
    with session.batch(COMMAND) as batch:
        digest = noted(batch, path)
        read = read_attendance(path)
        found = _register(batch.connection, _named(read.serials, serial, path))
        require(session, batch.connection, DECIDES, found["branch"], "record who was at its meetings")
        register = register_of(session, batch.connection, found["serial"])
        _refuse_again(batch, path, digest, found["serial"])
        present = _present(batch.connection, found["serial"])
        lines = judged(register, read.seen, present)
        _keep(batch, found["serial"], lines)
        counted = Counter(one.verdict for one in lines)
        done = Imported(
            batch=batch.number,
            serial=found["serial"],
            read=read.read,
            present=counted[Verdict.PRESENT],
            doubles=counted[Verdict.DOUBLE],
            strangers=counted[Verdict.STRANGER],
            unreadable=counted[Verdict.UNREADABLE],
            not_signed=read.not_signed,
            blank=read.blank,
            members=found["members"],
            quorum=found["quorum"],
            all_present=len(present) + counted[Verdict.PRESENT],
            superseded_by=superseded_by(batch.connection, found["serial"]),
        )
        batch.counts.update({key: value for key, value in done.as_dict().items() if key != "batch"})
    return done


def _named(serials: Sequence[str], serial: str | None, path: Path) -> str:
    """The register the file is about. Raises UsageError, InputRefused where the two do not agree."""
    if serial is None and len(serials) == 1:
        return serials[0]
    if serial is None:
        what = "names several registers" if serials else "does not say of which register it is"
        raise UsageError(f"{path.name} {what}", "Say which: --serial SERIAL, as it is printed at the register's foot.")
    if serials and serial.lower() not in map(str.lower, serials):
        raise InputRefused(
            f"the file names another register than {serial}",
            "Give that serial, or see that it is the right file.",
            value=serials[0],
            place=Place(file=str(path)),
        )
    return serial


def _register(connection: Connection, serial: str) -> dict[str, Any]:
    columns = ("serial", "branch", "members", "quorum", "reversed_by")
    query = select(*(paper.c[name] for name in columns)).where(paper.c.serial == serial_of(connection, serial))
    row = connection.execute(query).mappings().first()
    if row is None:
        raise InputRefused("no register was issued under this serial", "It is printed at its foot.", value=serial)
    if row["reversed_by"] is not None:
        raise NotAllowed(
            f"{serial} was withdrawn in batch {row['reversed_by']}: no meeting can be held on it",
            f"See which register stands: ancadmin export attendance-register --branch {row['branch']} …",
        )
    return dict(row)


def _refuse_again(batch: Batch, path: Path, digest: str, serial: str) -> None:
    """The same file twice would turn everybody into doubles."""
    earlier = batch.connection.scalar(
        select(batch_table.c.number)
        .where(
            batch_table.c.command == COMMAND,
            batch_table.c.undone_by.is_(None),
            batch_table.c.number.in_(select(attendance.c.batch).where(attendance.c.serial == serial)),
            batch_table.c.inputs.contains(digest, autoescape=True),
        )
        .limit(1)
    )
    if earlier is not None:
        raise InputRefused(
            f"this file was taken in already, in batch {earlier}",
            f"Nothing is left to do; to take it in anew: ancadmin batch undo {earlier}",
            place=Place(file=str(path)),
        )


def _present(connection: Connection, serial: str) -> set[int]:
    rows = connection.scalars(
        select(attendance.c.row).where(
            attendance.c.serial == serial, attendance.c.row.is_not(None), attendance.c.reversed_by.is_(None)
        )
    )
    return {row for row in rows if row is not None}


def _keep(batch: Batch, serial: str, lines: Sequence[Judged]) -> None:
    if lines:
        batch.connection.execute(
            insert(attendance),
            [
                {
                    "serial": serial,
                    "line": one.seen.line,
                    "as_read": one.seen.as_read,
                    "id_number": one.seen.id_number,
                    "row": one.number,
                    "seen_at": one.seen.seen_at,
                    # Which line counts and which is a double is told when asked for: an undo may take the first away.
                    "verdict": (one.verdict if one.number is None else Verdict.PRESENT).value,
                    "batch": batch.number,
                }
                for one in lines
            ],
        )
