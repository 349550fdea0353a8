"""Attendance registers, issued: numbered, sealed, and kept to the byte (docs/rules.md, section 6).

Issuing is idempotent: a branch whose register for this meeting stands and would say the same is given that register
again, from the store; a form or style it has no file of yet is drawn under the same serial. So a run over a province
that was stopped is simply run again. A register that says something else supersedes the one before.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from ancadmin.domain.attendance import USUAL, AttendanceRegister, Seal, Style
from ancadmin.domain.papers import BranchPlace, Form
from ancadmin.domain.roles import DECIDES
from ancadmin.errors import UsageError
from ancadmin.services.export.contents import ForMeeting, Left, attendance_registers, left_since
from ancadmin.services.export.drawing import digest, pens
from ancadmin.services.export.folder import file_hash, file_in, file_name, forms_of, write_file, write_manifest
from ancadmin.services.export.registers.kept import Standing, file_content, file_hashes, said_by, standing_registers
from ancadmin.services.export.registers.sealing import Draw, Sealed, seal_registers
from ancadmin.services.export.scope import Scope, chunks, places
from ancadmin.services.session import Session
from ancadmin.writers.files import written_whole

COMMAND = "export attendance-register"
MANIFEST_COLUMNS = ["serial", "branch", "members", "quorum", "content_hash", "hash", "file"]
# Branches a batch: few enough that others wait two or three seconds for the store at most.
BRANCHES_A_BATCH = 10


@dataclass(frozen=True)
class Issued:
    """A file of a register as it stands in the store and on disk. `new` is False where the register had been issued
    before; `file` is None in a dry run.
    """

    serial: str
    branch: str
    members: int
    quorum: int
    content_hash: str
    form: Form
    file_hash: str
    batch: int
    new: bool
    supersedes: str | None = None
    differs: str | None = None
    file: Path | None = None


@dataclass
class Outcome:
    """What issuing did: the files in order, and who left since the cut-off day."""

    asked: ForMeeting
    forms: tuple[Form, ...]
    style: Style
    issued: list[Issued] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    manifest: Path | None = None

    @property
    def registers(self) -> dict[str, Issued]:
        """Each register once, by serial."""
        return {one.serial: one for one in self.issued}

    @property
    def members(self) -> int:
        """Members in good standing on all the registers together."""
        return sum(one.members for one in self.registers.values())

    @property
    def new(self) -> int:
        """How many registers were issued now."""
        return sum(one.new for one in self.registers.values())

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON shows it: one register's own fields, or totals and a row for each file."""
        about = {**_asked(self.asked), "style": self.style.name}
        left = {"since_cut_off": [asdict(one) for one in self.left]}
        if self.manifest is None and len(self.issued) == 1:
            return {**_row(self.issued[0]), **about, **left}
        totals = {
            "forms": [form.value for form in self.forms],
            "registers": len(self.registers),
            "new": self.new,
            "members": self.members,
            "manifest": None if self.manifest is None else str(self.manifest),
        }
        return {**about, **totals, "papers": [_row(one) for one in self.issued], **left}


def _row(one: Issued) -> dict[str, Any]:
    return {**asdict(one), "form": one.form.value, "file": None if one.file is None else str(one.file)}


def issue_registers(
    session: Session,
    scope: Scope,
    asked: ForMeeting,
    forms: Sequence[Form] = (),
    target: Path | None = None,
    style: Style = USUAL,
) -> Outcome:
    """Issues the register of one branch to the file `target`, or of many under that folder with a manifest, in each of
    `forms`.

    Raises UsageError for days that make no sense, NotAllowed, InputRefused for a place not on record or a file that
    cannot be written (nothing is issued then).
    """
    _sensible(asked, session.today)
    one_file = scope.branch is not None
    outcome = Outcome(asked, forms_of(forms, target, one_file=one_file), style)
    said = {"forms": [form.value for form in outcome.forms], "style": style.name, "to": str(target or ".")}
    with session.reading(COMMAND, **_asked(asked), place=scope.place, **said) as connection:
        branches = places(session, connection, scope, DECIDES, "issue attendance registers")
    folder = target or Path(f"attendance-registers-{asked.meeting}-{asked.meeting_date}")
    with (
        session.progress.step("Attendance registers", len(branches)) as step,
        pens(len(branches) * len(outcome.forms)) as draw,
    ):
        for chunk in chunks(branches, BRANCHES_A_BATCH):
            run = _Run(session, outcome, None if one_file else folder, target, draw)
            run.chunk(chunk)
            if not one_file and not session.dry_run:
                outcome.manifest = write_manifest(folder, MANIFEST_COLUMNS, _manifest(folder, outcome.issued))
            step.advance(len(chunk))
    return outcome


def _sensible(asked: ForMeeting, today: date) -> None:
    if asked.cut_off > asked.meeting_date:
        raise UsageError("the cut-off day is after the meeting", "Give a --cut-off on or before --meeting-date.")
    if asked.cut_off > today:
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
        {**asdict(one), "hash": one.file_hash, "file": one.file.relative_to(folder).as_posix()}
        for one in issued
        if one.file is not None
    ]


def _differs(seal: Seal) -> str | None:
    before = seal.supersedes
    return None if before is None or before.difference is None else before.difference.words


@dataclass(frozen=True)
class _Run:
    """One chunk of branches. `folder` is None when the one file goes to `target`, or here under its serial."""

    session: Session
    outcome: Outcome
    folder: Path | None
    target: Path | None
    draw: Draw

    def chunk(self, branches: Sequence[BranchPlace]) -> None:
        """Gives out again what is issued and unchanged, then issues the rest in one batch."""
        made = self._unchanged(branches)
        rest = [place for place in branches if place.code not in made]
        if rest:
            made |= self._issue(rest)
        self.outcome.issued += [one for place in branches for one in made[place.code]]

    def _unchanged(self, branches: Sequence[BranchPlace]) -> dict[str, list[Issued]]:
        asked, forms, made = self.outcome.asked, self.outcome.forms, dict[str, list[Issued]]()
        with self.session.store.connect() as connection:
            standing = standing_registers(connection, branches, asked)
            hashes = file_hashes(connection, [one.serial for one in standing.values()], forms, self.outcome.style)
            whole = [
                place
                for place in branches
                if place.code in standing and all((standing[place.code].serial, form) in hashes for form in forms)
            ]
            if not whole:
                return made
            for register in attendance_registers(connection, self.session.policy, whole, asked):
                old = standing[register.place.code]
                if old.content_hash == register.content_hash():
                    made[old.branch] = self._again(connection, register, old, hashes)
        return made

    def _again(
        self, connection: Connection, register: AttendanceRegister, old: Standing, hashes: dict[tuple[str, Form], str]
    ) -> list[Issued]:
        self.outcome.left += left_since(connection, [register], self.session.today)
        said = None if old.supersedes is None else said_by(connection, old.serial)
        found = []
        for form in self.outcome.forms:
            path = None if self.session.dry_run else self._path(register.place, old.serial, form)
            if path is not None and file_hash(path) != hashes[old.serial, form]:
                write_file(path, file_content(connection, old.serial, form, self.outcome.style.name))
            found.append(
                Issued(
                    serial=old.serial,
                    branch=old.branch,
                    members=old.members,
                    quorum=old.quorum,
                    content_hash=old.content_hash,
                    form=form,
                    file_hash=hashes[old.serial, form],
                    batch=old.batch,
                    new=False,
                    supersedes=old.supersedes,
                    differs=None if said is None else _differs(said[1]),
                    file=path,
                )
            )
        return found

    def _issue(self, branches: Sequence[BranchPlace]) -> dict[str, list[Issued]]:
        """One batch. The files lie ready before it is committed, and take their names after."""
        made: dict[str, list[Issued]] = {}
        with ExitStack() as files, self.session.batch(COMMAND) as batch:
            sealed = seal_registers(
                batch,
                branches,
                self.outcome.asked,
                self.outcome.forms,
                self.outcome.style,
                sole_operator=self.session.sole_operator,
                draw=self.draw,
            )
            for one in sealed:
                made[one.register.place.code] = [
                    self._file(files, batch.connection, one, form) for form in self.outcome.forms
                ]
            new = [one for one in sealed if one.new]
            self.outcome.left += left_since(batch.connection, [one.register for one in sealed], self.session.today)
            batch.counts.update(
                registers=len(new),
                files=sum(len(one.files) for one in sealed),
                members=sum(len(one.register.attendees) for one in new),
                serials=[one.seal.serial for one in new],
            )
        return made

    def _file(self, files: ExitStack, connection: Connection, one: Sealed, form: Form) -> Issued:
        seal, register = one.seal, one.register
        content = one.files.get(form)
        if content is None:
            content = file_content(connection, seal.serial, form, self.outcome.style.name)
        path = None if self.session.dry_run else self._path(register.place, seal.serial, form)
        if path is not None:
            files.enter_context(written_whole(path)).write_bytes(content)
        return Issued(
            serial=seal.serial,
            branch=register.place.code,
            members=len(register.attendees),
            quorum=register.quorum,
            content_hash=seal.content_hash,
            form=form,
            file_hash=digest(content),
            batch=one.batch,
            new=one.new,
            supersedes=None if seal.supersedes is None else seal.supersedes.serial,
            differs=_differs(seal),
            file=path,
        )

    def _path(self, place: BranchPlace, serial: str, form: Form) -> Path:
        if self.folder is not None:
            return file_in(self.folder, place, form, self.outcome.style.name)
        return self.target or Path(file_name(serial, form, self.outcome.style.name))
