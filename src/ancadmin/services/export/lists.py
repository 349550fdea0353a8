"""Branch lists: everyone by status, with what was paid and what is owed (docs/rules.md, section 6). Reading only."""

from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from ancadmin.domain.branch_list import BranchList
from ancadmin.domain.papers import Form
from ancadmin.domain.roles import Role
from ancadmin.services.export.contents import branch_lists
from ancadmin.services.export.drawing import draw_list
from ancadmin.services.export.folder import file_in, form_of, safe_name, write_manifest
from ancadmin.services.export.handover import PLAIN, Handover
from ancadmin.services.export.kept_folder import KeptFolder
from ancadmin.services.export.scope import Scope, chunks, places
from ancadmin.services.session import Session

MANIFEST_COLUMNS = ["branch", "members", "good_standing", "arrears_cents", "content_hash", "hash", "file"]
_BRANCHES_AT_ONCE = 20


@dataclass(frozen=True)
class Listed:
    """A list on disk. `new` is False for a file of an earlier run that says the same and was left alone."""

    branch: str
    members: int
    good_standing: int
    reaches_minimum: bool
    arrears_cents: int
    statuses: dict[str, int]
    content_hash: str
    file_hash: str
    file: Path
    new: bool = True


@dataclass
class Outcome:
    """What was written."""

    day: date
    form: Form
    lists: list[Listed] = field(default_factory=list)
    manifest: Path | None = None

    @property
    def members(self) -> int:
        """Members listed on all the lists together."""
        return sum(one.members for one in self.lists)

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON shows it: one list's own fields, or totals and a row for each."""
        about = {"on": self.day.isoformat(), "form": self.form.value}
        if self.manifest is None:
            return {**_row(self.lists[0]), **about}
        totals = {
            "lists": len(self.lists),
            "new": sum(one.new for one in self.lists),
            "members": self.members,
            "good_standing": sum(one.good_standing for one in self.lists),
            "manifest": str(self.manifest),
        }
        return {**about, **totals, "papers": [_row(one) for one in self.lists]}


def _row(one: Listed) -> dict[str, Any]:
    return {**asdict(one), "file": str(one.file)}


def export_lists(
    session: Session,
    scope: Scope,
    day: date,
    form: Form | None = None,
    target: Path | None = None,
    handover: Handover = PLAIN,
) -> Outcome:
    """Writes the list of one branch to the file `target`, or of many under that folder with a manifest.

    Raises UsageError, NotAllowed, InputRefused for a place not on record or a file that cannot be written.
    """
    one_file = scope.branch is not None
    outcome = Outcome(day, form_of(form, target, one_file=one_file))
    folder = target or Path(f"branch-lists-{day}")
    detail = {"place": scope.place, "on": day.isoformat(), "form": outcome.form.value, "to": str(target or ".")}
    with session.reading("export branch-list", **detail, **handover.detail) as connection:
        branches = places(session, connection, scope, Role, "take branch lists")
        kept = None if one_file else KeptFolder(folder, handover)
        with session.progress.step("Branch lists", len(branches)) as step:
            for chunk in chunks(branches, _BRANCHES_AT_ONCE):
                for made in branch_lists(connection, session.policy, chunk, day):
                    if kept is None:
                        path = target or Path(f"branch-list-{safe_name(made.place.code)}-{day}.{outcome.form}")
                        outcome.lists.append(_written(made, outcome.form, path, handover))
                    else:
                        outcome.lists.append(_in_folder(made, outcome.form, kept))
                if kept is not None:
                    outcome.manifest = write_manifest(folder, MANIFEST_COLUMNS, _manifest(folder, outcome.lists))
                step.advance(len(chunk))
    handover.record_all(
        session,
        "export branch-list",
        outcome.manifest or outcome.lists[0].file,
        place=scope.place,
        files=len(outcome.lists),
        members=outcome.members,
    )
    return outcome


def _in_folder(made: BranchList, form: Form, kept: KeptFolder) -> Listed:
    path, content_hash = file_in(kept.folder, made.place, form), made.content_hash()
    hash_of_file, new = kept.put(path, content_hash, lambda: draw_list(made, form))
    return _listed(made, content_hash, hash_of_file, path, new=new)


def _written(made: BranchList, form: Form, path: Path, handover: Handover) -> Listed:
    hash_of_file = handover.write(path, draw_list(made, form), form)
    return _listed(made, made.content_hash(), hash_of_file, path, new=True)


def _listed(made: BranchList, content_hash: str, hash_of_file: str, path: Path, *, new: bool) -> Listed:
    return Listed(
        branch=made.place.code,
        members=len(made.members),
        good_standing=made.in_good_standing,
        reaches_minimum=made.reaches_minimum,
        arrears_cents=made.arrears_cents,
        statuses={status.value: len(members) for status, members in made.groups()},
        content_hash=content_hash,
        file_hash=hash_of_file,
        file=path,
        new=new,
    )


def _manifest(folder: Path, lists: list[Listed]) -> list[dict[str, Any]]:
    return [{**asdict(one), "hash": one.file_hash, "file": one.file.relative_to(folder).as_posix()} for one in lists]
