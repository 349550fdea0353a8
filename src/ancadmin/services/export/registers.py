"""Attendance registers, issued: numbered, sealed, and kept to the byte (docs/rules.md, section 6).

Issuing is idempotent: a branch whose register for this meeting, cut-off day and form is issued already and would say
the same is given that register again, from the store. So a run over a province that was stopped is simply run again.
"""

import zlib
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select

from ancadmin.db import chain
from ancadmin.db.batches import Batch
from ancadmin.db.schema import audit_event, paper
from ancadmin.domain.attendance import AttendanceRegister, Seal
from ancadmin.domain.papers import BranchPlace, Form
from ancadmin.domain.roles import DECIDES
from ancadmin.errors import UsageError
from ancadmin.services.export.contents import ForMeeting, Left, attendance_registers, left_since
from ancadmin.services.export.drawing import digest, draw_register
from ancadmin.services.export.folder import file_hash, file_in, form_of, safe_name, write_file, write_manifest
from ancadmin.services.export.scope import Scope, chunks, places
from ancadmin.services.session import Session
from ancadmin.writers.files import written_whole

COMMAND = "export attendance-register"
KIND = "attendance_register"
MANIFEST_COLUMNS = ["serial", "branch", "members", "quorum", "content_hash", "hash", "file"]
# Branches a batch: few enough that others wait two or three seconds for the store at most.
BRANCHES_A_BATCH = 10


@dataclass(frozen=True)
class Issued:
    """A register as it stands in the store and on disk. `new` is False for one that had been issued before; `file` is
    None in a dry run.
    """

    serial: str
    branch: str
    members: int
    quorum: int
    content_hash: str
    file_hash: str
    batch: int
    new: bool
    file: Path | None = None


@dataclass
class Outcome:
    """What issuing did: the registers in order, and who left since the cut-off day."""

    asked: ForMeeting
    form: Form
    issued: list[Issued] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    manifest: Path | None = None

    @property
    def members(self) -> int:
        """Members in good standing on all the registers together."""
        return sum(one.members for one in self.issued)

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON shows it: one register's own fields, or totals and a row for each."""
        about = {
            "meeting": self.asked.meeting.value,
            "meeting_date": self.asked.meeting_date.isoformat(),
            "cut_off": self.asked.cut_off.isoformat(),
            "form": self.form.value,
        }
        left = {"since_cut_off": [asdict(one) for one in self.left]}
        if self.manifest is None and len(self.issued) == 1:
            return {**_row(self.issued[0]), **about, **left}
        totals = {
            "registers": len(self.issued),
            "new": sum(one.new for one in self.issued),
            "members": self.members,
            "manifest": None if self.manifest is None else str(self.manifest),
        }
        return {**about, **totals, "papers": [_row(one) for one in self.issued], **left}


def _row(one: Issued) -> dict[str, Any]:
    return {**asdict(one), "file": None if one.file is None else str(one.file)}


def issue_registers(
    session: Session, scope: Scope, asked: ForMeeting, form: Form | None = None, target: Path | None = None
) -> Outcome:
    """Issues the register of one branch to the file `target`, or of many under that folder with a manifest.

    Raises UsageError for days that make no sense, NotAllowed, InputRefused for a place not on record or a file that
    cannot be written (nothing is issued then).
    """
    _sensible(session, asked)
    one_file = scope.branch is not None
    outcome = Outcome(asked, form_of(form, target, one_file=one_file))
    detail = {**_asked(asked), "place": scope.place, "form": outcome.form.value, "to": str(target or ".")}
    with session.reading(COMMAND, **detail) as connection:
        branches = places(session, connection, scope, DECIDES, "issue attendance registers")
    folder = target or Path(f"attendance-registers-{asked.meeting}-{asked.meeting_date}")
    with session.progress.step("Attendance registers", len(branches)) as step:
        for chunk in chunks(branches, BRANCHES_A_BATCH):
            run = _Run(session, outcome, None if one_file else folder, target)
            run.chunk(chunk)
            if not one_file and not session.dry_run:
                outcome.manifest = write_manifest(folder, MANIFEST_COLUMNS, _manifest(folder, outcome.issued))
            step.advance(len(chunk))
    return outcome


def _sensible(session: Session, asked: ForMeeting) -> None:
    if asked.cut_off > asked.meeting_date:
        raise UsageError("the cut-off day is after the meeting", "Give a --cut-off on or before --meeting-date.")
    if asked.cut_off > session.today:
        raise UsageError(
            f"the cut-off day {asked.cut_off} has not come yet: nobody's standing on it is known",
            "Issue the register on that day or later; a branch list may look ahead.",
        )


def _asked(asked: ForMeeting) -> dict[str, str]:
    return {
        "meeting": asked.meeting.value,
        "meeting_date": asked.meeting_date.isoformat(),
        "cut_off": asked.cut_off.isoformat(),
    }


def _manifest(folder: Path, issued: Sequence[Issued]) -> list[dict[str, Any]]:
    return [
        {
            **asdict(one),
            "hash": one.file_hash,
            "file": one.file.relative_to(folder).as_posix(),
        }
        for one in issued
        if one.file is not None
    ]


@dataclass(frozen=True)
class _Run:
    """One chunk of branches. `folder` is None when the one file goes to `target`, or here under its serial."""

    session: Session
    outcome: Outcome
    folder: Path | None
    target: Path | None

    def chunk(self, branches: Sequence[BranchPlace]) -> None:
        """Gives out again what is issued and unchanged, then issues the rest in one batch."""
        asked, policy = self.outcome.asked, self.session.policy
        with self.session.store.connect() as connection:
            known = _issued(connection, branches, asked, self.outcome.form)
            unchanged: dict[str, Issued] = {}
            if known:
                for register in attendance_registers(connection, policy, branches, asked):
                    old = known.get(register.place.code)
                    if old is not None and old.content_hash == register.content_hash():
                        unchanged[register.place.code] = self._again(connection, register.place, old)
                        self.outcome.left += left_since(connection, [register], self.session.today)
        rest = [place for place in branches if place.code not in unchanged]
        made = self._issue(rest) if rest else {}
        self.outcome.issued += [{**unchanged, **made}[place.code] for place in branches]

    def _again(self, connection: Connection, place: BranchPlace, old: Issued) -> Issued:
        if self.session.dry_run:
            return old
        path = self._path(place, old.serial)
        if file_hash(path) != old.file_hash:
            content = connection.scalar(select(paper.c.content).where(paper.c.serial == old.serial))
            write_file(path, zlib.decompress(content or b""))
        return replace(old, file=path)

    def _issue(self, branches: Sequence[BranchPlace]) -> dict[str, Issued]:
        """One batch. The files lie ready before it is committed, and take their names after."""
        made: dict[str, Issued] = {}
        with ExitStack() as files, self.session.batch(COMMAND) as batch:
            _, head = chain.head(batch.connection, audit_event)
            registers = attendance_registers(batch.connection, batch.policy, branches, self.outcome.asked)
            for register in registers:
                issued, content = self._seal(batch, register, head)
                if not batch.dry_run:
                    path = self._path(register.place, issued.serial)
                    files.enter_context(written_whole(path)).write_bytes(content)
                    issued = replace(issued, file=path)
                made[register.place.code] = issued
            self.outcome.left += left_since(batch.connection, registers, self.session.today)
            batch.counts.update(
                registers=len(made),
                members=sum(one.members for one in made.values()),
                serials=[one.serial for one in made.values()],
            )
        return made

    def _seal(self, batch: Batch, register: AttendanceRegister, head: str) -> tuple[Issued, bytes]:
        serial = _next_serial(batch, register.place.code)
        seal = Seal(serial, register.content_hash(), head, self.session.sole_operator, batch.today)
        content = draw_register(register, seal, self.outcome.form)
        issued = Issued(
            serial=serial,
            branch=register.place.code,
            members=len(register.attendees),
            quorum=register.quorum,
            content_hash=seal.content_hash,
            file_hash=digest(content),
            batch=batch.number,
            new=True,
        )
        kept = {key: value for key, value in vars(issued).items() if key not in ("new", "file")}
        row = {
            **kept,
            **_asked(self.outcome.asked),
            "kind": KIND,
            "form": self.outcome.form.value,
            "content": zlib.compress(content),
        }
        batch.connection.execute(insert(paper).values(row))
        return issued, content

    def _path(self, place: BranchPlace, serial: str) -> Path:
        if self.folder is not None:
            return file_in(self.folder, place, self.outcome.form)
        return self.target or Path(f"{safe_name(serial)}.{self.outcome.form}")


def _next_serial(batch: Batch, branch: str) -> str:
    """`AR-BRANCH-YEAR-NUMBER`; nothing issued is ever deleted, so counting gives the next number."""
    start = f"AR-{branch}-{batch.today.year}-"
    issued = batch.connection.scalar(
        select(func.count())
        .select_from(paper)
        .where(paper.c.branch == branch, paper.c.serial.startswith(start, autoescape=True))
    )
    return f"{start}{(issued or 0) + 1}"


def _issued(
    connection: Connection, branches: Sequence[BranchPlace], asked: ForMeeting, form: Form
) -> dict[str, Issued]:
    """The last register issued to each of these branches for this meeting, by branch; none that was withdrawn."""
    rows = connection.execute(
        select(
            paper.c.serial,
            paper.c.branch,
            paper.c.members,
            paper.c.quorum,
            paper.c.content_hash,
            paper.c.file_hash,
            paper.c.batch,
        )
        .where(
            paper.c.kind == KIND,
            paper.c.form == form.value,
            paper.c.branch.in_([place.code for place in branches]),
            paper.c.meeting == asked.meeting.value,
            paper.c.meeting_date == asked.meeting_date.isoformat(),
            paper.c.cut_off == asked.cut_off.isoformat(),
            paper.c.reversed_by.is_(None),
        )
        .order_by(paper.c.batch)
    )
    return {row["branch"]: Issued(**row, new=False) for row in rows.mappings()}
