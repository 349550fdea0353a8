"""The cards of a branch, or a file for each of many, ten to a page (docs/rules.md, section 6). Reading only."""

from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from ancadmin.domain.cards import CardKind, CardSheet
from ancadmin.domain.looking import LOOKS
from ancadmin.domain.papers import Form
from ancadmin.services.export.cards.contents import sheets
from ancadmin.services.export.cards.one import refuse_no_card
from ancadmin.services.export.folder import file_in, form_of, safe_name, write_manifest
from ancadmin.services.export.handover import PLAIN, Handover
from ancadmin.services.export.kept_folder import KeptFolder
from ancadmin.services.export.scope import Scope, chunks, places
from ancadmin.services.session import Session

ACTION = "export card"
MANIFEST_COLUMNS = ["branch", "cards", "full", "provisional", "content_hash", "hash", "file"]
_BRANCHES_AT_ONCE = 20


@dataclass(frozen=True)
class Printed:
    """The cards of a branch on disk. `new` is False for a file of an earlier run that was left alone."""

    branch: str
    cards: int
    full: int
    provisional: int
    content_hash: str
    file_hash: str
    file: Path
    new: bool

    def row(self) -> dict[str, Any]:
        """As JSON shows it."""
        return {**asdict(self), "file": str(self.file)}


@dataclass
class Outcome:
    """What was written."""

    day: date
    files: list[Printed] = field(default_factory=list)
    manifest: Path | None = None

    @property
    def cards(self) -> int:
        """Cards in all the files together."""
        return sum(one.cards for one in self.files)

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON shows it: one file's own fields, or totals and a row for each."""
        if self.manifest is None:
            return {**self.files[0].row(), "on": self.day.isoformat()}
        return {
            "on": self.day.isoformat(),
            "files": len(self.files),
            "new": sum(one.new for one in self.files),
            "cards": self.cards,
            "full": sum(one.full for one in self.files),
            "provisional": sum(one.provisional for one in self.files),
            "manifest": str(self.manifest),
            "papers": [one.row() for one in self.files],
        }


def export_cards(
    session: Session,
    scope: Scope,
    day: date,
    form: Form | None = None,
    target: Path | None = None,
    handover: Handover = PLAIN,
    *,
    full_ids: bool,
) -> Outcome:
    """Writes the cards of one branch to the file `target`, or of many under that folder with a manifest.

    Raises UsageError, NotAllowed, InputRefused for a place not on record or a file that cannot be written.
    """
    one_file = scope.branch is not None
    refuse_no_card(session, day, form_of(form, target, one_file=one_file))
    outcome = Outcome(day)
    folder = target or Path(f"membership-cards-{day}")
    detail = {"place": scope.place, "on": day.isoformat(), "full_ids": full_ids, "to": str(target or ".")}
    with session.reading(ACTION, **detail, **handover.detail) as connection:
        branches = places(session, connection, scope, LOOKS[ACTION].roles, "take membership cards")
        kept = None if one_file else KeptFolder(folder, handover)
        with session.progress.step("Membership cards", len(branches)) as step:
            for chunk in chunks(branches, _BRANCHES_AT_ONCE):
                for sheet in sheets(connection, session.policy, chunk, day, full_ids=full_ids):
                    outcome.files.append(_written(sheet, target, handover) if kept is None else _in_folder(sheet, kept))
                if kept is not None:
                    outcome.manifest = write_manifest(folder, MANIFEST_COLUMNS, _manifest(folder, outcome.files))
                step.advance(len(chunk))
    left = outcome.manifest or outcome.files[0].file
    handover.record_all(session, ACTION, left, place=scope.place, files=len(outcome.files), members=outcome.cards)
    return outcome


def _written(sheet: CardSheet, target: Path | None, handover: Handover) -> Printed:
    path = target or Path(f"membership-cards-{safe_name(sheet.place.code)}-{sheet.day}.pdf")
    return _printed(sheet, handover.write(path, _drawn(sheet), Form.PDF), path, new=True)


def _in_folder(sheet: CardSheet, kept: KeptFolder) -> Printed:
    path = file_in(kept.folder, sheet.place, Form.PDF)
    file_hash, new = kept.put(path, sheet.content_hash(), lambda: _drawn(sheet))
    return _printed(sheet, file_hash, path, new=new)


def _drawn(sheet: CardSheet) -> bytes:
    from ancadmin.writers.pdf.cards import sheet_rendered

    return sheet_rendered(sheet)


def _printed(sheet: CardSheet, file_hash: str, path: Path, *, new: bool) -> Printed:
    return Printed(
        branch=sheet.place.code,
        cards=len(sheet.cards),
        full=sheet.count(CardKind.FULL),
        provisional=sheet.count(CardKind.PROVISIONAL),
        content_hash=sheet.content_hash(),
        file_hash=file_hash,
        file=path,
        new=new,
    )


def _manifest(folder: Path, files: list[Printed]) -> list[dict[str, Any]]:
    return [{**asdict(one), "hash": one.file_hash, "file": one.file.relative_to(folder).as_posix()} for one in files]
