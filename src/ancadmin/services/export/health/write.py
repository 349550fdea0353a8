"""How branches stand, a paper a branch (docs/rules.md, section 6, Branch health). Reading only."""

from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from ancadmin.domain.health import BranchHealth
from ancadmin.domain.health_paper import paper_of
from ancadmin.domain.looking import LOOKS
from ancadmin.domain.papers import Form
from ancadmin.errors import UsageError
from ancadmin.services.export.folder import file_in, form_of, safe_name, write_manifest
from ancadmin.services.export.handover import PLAIN, Handover
from ancadmin.services.export.health.figures import healths
from ancadmin.services.export.kept_folder import KeptFolder
from ancadmin.services.export.scope import Scope, places
from ancadmin.services.register.quality.figures import figures
from ancadmin.services.session import Session

ACTION = "export branch-health"
MANIFEST_COLUMNS = ["branch", "members", "good_standing", "lacking", "place", "content_hash", "hash", "file"]


@dataclass(frozen=True)
class Written:
    """A paper on disk. `new` is False for a file of an earlier run that says the same and was left alone."""

    health: BranchHealth
    file: Path
    file_hash: str
    new: bool

    def row(self) -> dict[str, Any]:
        """Every figure, as JSON shows them."""
        hashes = {"content_hash": self.health.content_hash(), "file_hash": self.file_hash}
        return {**self.health.answer(), **hashes, "file": str(self.file), "new": self.new}


@dataclass
class Outcome:
    """What was written."""

    day: date
    form: Form
    papers: list[Written] = field(default_factory=list)
    manifest: Path | None = None

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON shows it: one branch's figures, or totals and the figures of each."""
        if self.manifest is None:
            return {**self.papers[0].row(), "form": self.form.value}
        all_of_them = [one.health for one in self.papers]
        return {
            "on": self.day.isoformat(),
            "form": self.form.value,
            "branches": len(self.papers),
            "new": sum(one.new for one in self.papers),
            "members": sum(one.members for one in all_of_them),
            "good_standing": sum(one.good_standing for one in all_of_them),
            "reach_minimum": sum(not one.lacking for one in all_of_them),
            "manifest": str(self.manifest),
            "papers": [one.row() for one in self.papers],
        }


def export_health(
    session: Session,
    scope: Scope,
    day: date,
    form: Form | None = None,
    target: Path | None = None,
    handover: Handover = PLAIN,
) -> Outcome:
    """Writes the health of one branch to the file `target`, or of many under that folder with a manifest.

    Raises UsageError, NotAllowed, InputRefused for a place not on record or a file that cannot be written.
    """
    one_file = scope.branch is not None
    outcome = Outcome(day, form_of(form, target, one_file=one_file))
    if day > session.today:
        raise UsageError(f"{day} has not come yet: what happens until then is not known", "Give a day up to today.")
    folder = target or Path(f"branch-health-{day}")
    detail = {"place": scope.place, "on": day.isoformat(), "form": outcome.form.value, "to": str(target or ".")}
    with session.reading(ACTION, **detail, **handover.detail) as connection:
        there = places(session, connection, scope, LOOKS[ACTION].roles, "see how branches stand")
        quality, _ = figures(connection, scope, there)
        kept = None if one_file else KeptFolder(folder, handover)
        with session.progress.step("Branch health", len(there)) as step:
            for _, group in groupby(there, key=lambda place: (place.province_code, place.region_code)):
                branches = list(group)
                for health in healths(connection, session.policy, branches, day, quality, session.today):
                    outcome.papers.append(_written(health, outcome.form, target, kept, handover))
                    step.advance(1)
                if kept is not None:
                    outcome.manifest = write_manifest(folder, MANIFEST_COLUMNS, _manifest(folder, outcome.papers))
    left = outcome.manifest or outcome.papers[0].file
    handover.record_all(session, ACTION, left, place=scope.place, files=len(outcome.papers), members=0)
    return outcome


def _written(
    health: BranchHealth, form: Form, target: Path | None, kept: KeptFolder | None, handover: Handover
) -> Written:
    if kept is not None:
        path = file_in(kept.folder, health.place, form)
        file_hash, new = kept.put(path, health.content_hash(), lambda: _drawn(health, form))
        return Written(health, path, file_hash, new)
    path = target or Path(f"branch-health-{safe_name(health.place.code)}-{health.day}.{form}")
    return Written(health, path, handover.write(path, _drawn(health, form), form), new=True)


def _drawn(health: BranchHealth, form: Form) -> bytes:
    if form is Form.PDF:
        from ancadmin.writers.pdf.report import rendered as as_pdf

        return as_pdf(paper_of(health))
    from ancadmin.writers.xlsx.report import rendered as as_xlsx

    return as_xlsx(paper_of(health))


def _manifest(folder: Path, papers: list[Written]) -> list[dict[str, Any]]:
    return [{**one.row(), "hash": one.file_hash, "file": one.file.relative_to(folder).as_posix()} for one in papers]
