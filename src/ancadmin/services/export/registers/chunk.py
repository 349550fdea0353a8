"""Some branches at a time: read, drawn while others are read, and kept in one short batch."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import Connection

from ancadmin.db import chain
from ancadmin.db.batches import Batch
from ancadmin.db.schema import audit_event
from ancadmin.domain.papers import BranchPlace, Form
from ancadmin.services.export.contents import Left, left_since
from ancadmin.services.export.drawing import digest
from ancadmin.services.export.folder import file_hash, file_in, file_name
from ancadmin.services.export.handover import PLAIN, Handover
from ancadmin.services.export.pens import Draw, Drawn
from ancadmin.services.export.registers.kept import file_content
from ancadmin.services.export.registers.outcome import Issued, Outcome
from ancadmin.services.export.registers.sealing import Planned, keep, planned
from ancadmin.services.session import Session
from ancadmin.writers.files import written_whole

COMMAND = "export attendance-register"

Files = Mapping[Form, bytes]


@dataclass
class Run:
    """What registers are issued for, and where to. `folder` is None when the one file goes to `target`, or here under
    its serial. `batches` counts those of this run. Files leave as `handover` says;
    `there` are the rows of the folder's manifest, by file.
    """

    session: Session
    outcome: Outcome
    folder: Path | None
    target: Path | None
    draw: Draw
    handover: Handover = PLAIN
    there: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    batches: int = 0

    def begin(self, branches: Sequence[BranchPlace]) -> "Chunk":
        """Reads branches, and begins to draw what is to be drawn of them."""
        with self.session.store.connect() as connection:
            seq, head = chain.head(connection, audit_event)
            plans, left = self.read(connection, branches, head)
        sheets = [sheet for plan in plans for sheet in plan.sheets(self.outcome.style)]
        return Chunk(self, branches, plans, left, self.draw(sheets), seq - self.batches)

    def read(
        self, connection: Connection, branches: Sequence[BranchPlace], head: str
    ) -> tuple[list[Planned], list[Left]]:
        """What these branches are to be given, and who of them left since."""
        outcome = self.outcome
        plans = planned(self.session, connection, branches, outcome.asked, outcome.forms, outcome.style, head)
        return plans, left_since(connection, [plan.register for plan in plans], self.session.today)

    def path(self, place: BranchPlace, serial: str, form: Form) -> Path | None:
        """Where a file goes; None in a dry run."""
        if self.session.dry_run:
            return None
        if self.folder is not None:
            return file_in(self.folder, place, form, self.outcome.style.name)
        return self.target or Path(file_name(serial, form, self.outcome.style.name))


@dataclass
class Chunk:
    """Branches as they were read when `others` batches of somebody else than this run stood in the store. `leaving`
    has for what was drawn of them what leaves.
    """

    run: Run
    branches: Sequence[BranchPlace]
    plans: list[Planned]
    left: list[Left]
    drawn: Drawn
    others: int
    leaving: dict[bytes, bytes] = field(default_factory=dict)

    def give_out(self) -> None:
        """Gives out again what is issued and unchanged, and issues the rest in one batch. Its files lie ready before
        that is committed, and take their names after.
        """
        if not any(plan.missing for plan in self.plans):
            self._tell(0, {})
            return
        files = self._sorted(self.plans, self.drawn())
        self._seal(files)
        with ExitStack() as waiting:
            with self.run.session.batch(COMMAND) as batch:
                files = self._up_to_date(batch, files)
                drawn = [(plan, files[plan.serial]) for plan in self.plans if plan.missing]
                keep(batch, drawn, self.run.outcome.style)
                for plan, contents in drawn:
                    for form, content in contents.items():
                        path = self.run.path(plan.register.place, plan.serial, form)
                        if path is not None:
                            waiting.enter_context(written_whole(path)).write_bytes(self.leaving[content])
                _count(batch, drawn)
            self.run.batches += 0 if batch.dry_run else 1
        self._tell(batch.number, files)

    def _up_to_date(self, batch: Batch, files: dict[str, Files]) -> dict[str, Files]:
        """The files to keep. Where somebody else wrote since the branches were read, they are read again now that
        nobody can, and drawn again where their registers would say something else.
        """
        run, before = self.run, {plan.register.place.code: plan for plan in self.plans}
        seq, head = chain.head(batch.connection, audit_event)
        if seq - run.batches == self.others:
            return files
        again, self.left = run.read(batch.connection, self.branches, head)
        self.plans = [old if plan.says(old := before[plan.register.place.code]) else plan for plan in again]
        other = [plan for plan in self.plans if before[plan.register.place.code] is not plan]
        sheets = [sheet for plan in other for sheet in plan.sheets(run.outcome.style)]
        anew = self._sorted(other, run.draw(sheets)())
        self._seal(anew)
        return {**files, **anew}

    def _seal(self, files: Mapping[str, Files]) -> None:
        """Puts files under the password, if there is one, while nobody waits for the store if it can be."""
        for contents in files.values():
            for form, content in contents.items():
                self.leaving[content] = content if self.run.session.dry_run else self.run.handover.sealed(content, form)

    @staticmethod
    def _sorted(plans: Sequence[Planned], contents: Sequence[bytes]) -> dict[str, Files]:
        """Contents by serial and form."""
        remaining = iter(contents)
        return {plan.serial: {form: next(remaining) for form in plan.missing} for plan in plans}

    def _tell(self, batch: int, files: Mapping[str, Files]) -> None:
        for plan in self.plans:
            for form in self.run.outcome.forms:
                content = files[plan.serial][form] if form in plan.missing else None
                hash_of_file = plan.hashes[form] if content is None else digest(content)
                issued = self._issued(plan, form, hash_of_file, batch)
                if issued.file is not None:
                    on_disk = self._again(issued.file, issued) if content is None else digest(self.leaving[content])
                    issued = replace(issued, hash=on_disk)
                self.run.outcome.issued.append(issued)
        self.run.outcome.left += self.left

    def _again(self, path: Path, issued: Issued) -> str:
        """The SHA-256 of a file issued before, which is written again where it is not there, or not as it leaves."""
        there = file_hash(path)
        if (
            there is not None
            and there == self._expected(path, issued)
            and (self.run.handover.password is None or self.run.handover.fits(path))
        ):
            return there
        with self.run.session.store.connect() as connection:
            content = file_content(connection, issued.serial, issued.form, self.run.outcome.style.name)
        return self.run.handover.write(path, content, issued.form)

    def _expected(self, path: Path, issued: Issued) -> str | None:
        """The hash of the file as an earlier run left it: only the manifest has that of one under a password."""
        if self.run.handover.password is None or self.run.folder is None:
            return issued.file_hash
        row = self.run.there.get(path.relative_to(self.run.folder).as_posix(), {})
        return row.get("hash") if row.get("serial") == issued.serial else None

    def _issued(self, plan: Planned, form: Form, hash_of_file: str, batch: int) -> Issued:
        register, old, before = plan.register, plan.old, None if plan.seal is None else plan.seal.supersedes
        named = None if before is None else before.serial
        return Issued(
            serial=plan.serial,
            branch=register.place.code,
            members=len(register.attendees),
            quorum=register.quorum,
            content_hash=plan.sealed.content_hash if old is None else old.content_hash,
            form=form,
            file_hash=hash_of_file,
            batch=batch if old is None else old.batch,
            new=old is None,
            supersedes=named if old is None else old.supersedes,
            differs=None if before is None else before.differs,
            file=self.run.path(register.place, plan.serial, form),
        )


def _count(batch: Batch, drawn: Sequence[tuple[Planned, Files]]) -> None:
    new = [plan for plan, _ in drawn if plan.old is None]
    batch.counts.update(
        registers=len(new),
        files=sum(len(contents) for _, contents in drawn),
        members=sum(len(plan.register.attendees) for plan in new),
        serials=[plan.serial for plan in new],
    )
