"""Attendance registers, issued: numbered, sealed, and kept to the byte (docs/rules.md, section 6).

Issuing is idempotent: a branch whose register for this meeting stands and would say the same is given that register
again, from the store; a form or style it has no file of yet is drawn under the same serial. So a run over a province
that was stopped is simply run again. A register that says something else supersedes the one before.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

from ancadmin.db.access import kept_open
from ancadmin.domain.attendance import USUAL, Style
from ancadmin.domain.papers import BranchPlace, Form
from ancadmin.domain.roles import DECIDES
from ancadmin.errors import InputRefused, UsageError
from ancadmin.services.export.contents import ForMeeting
from ancadmin.services.export.folder import forms_of, read_manifest, write_manifest
from ancadmin.services.export.handover import PLAIN, Handover
from ancadmin.services.export.pens import pens
from ancadmin.services.export.registers.chunk import COMMAND, Chunk, Run
from ancadmin.services.export.registers.cover import cover
from ancadmin.services.export.registers.outcome import MANIFEST_COLUMNS, Outcome, said_of
from ancadmin.services.export.scope import Scope, chunks, places
from ancadmin.services.session import Session
from ancadmin.writers.files import clear_leftovers

# Branches a batch: to keep their files takes a fraction of the two or three seconds others may wait for the store.
BRANCHES_A_BATCH = 25


def issue_registers(
    session: Session,
    scope: Scope,
    asked: ForMeeting,
    forms: Sequence[Form] = (),
    target: Path | None = None,
    style: Style = USUAL,
    handover: Handover = PLAIN,
) -> Outcome:
    """Issues the register of one branch to the file `target`, or of many under that folder, in each of `forms`, with a
    manifest and a summary that says whether they add up.

    Raises UsageError for days that make no sense, NotAllowed, InputRefused for a place not on record, a file that
    cannot be written or a process the system ended (the batches before stand; run again, they are given out again).
    """
    _sensible(asked, session.today)
    one_file = scope.branch is not None
    minimum = session.policy.on(asked.cut_off).branch_minimum
    outcome = Outcome(asked, forms_of(forms, target, one_file=one_file), style, minimum)
    said = {"forms": [form.value for form in outcome.forms], "style": style.name, "to": str(target or ".")}
    with session.reading(COMMAND, **said_of(asked), place=scope.place, **said, **handover.detail) as connection:
        outcome.branches = places(session, connection, scope, DECIDES, "issue attendance registers")
    if one_file:
        _issue(session, outcome, None, target, handover)
        _record(session, scope, outcome, handover)
        return outcome
    folder = target or Path(f"attendance-registers-{asked.meeting}-{asked.meeting_date}")
    with _manifest_kept(session, outcome, folder):
        _issue(session, outcome, folder, None, handover)
    cover(session, scope, outcome, folder, handover)
    _record(session, scope, outcome, handover)
    return outcome


def _issue(session: Session, outcome: Outcome, folder: Path | None, target: Path | None, handover: Handover) -> None:
    """Chunk by chunk; the next is read while the files of this one are drawn."""
    branches = outcome.branches
    with (
        session.progress.step("Attendance registers", len(branches)) as step,
        kept_open(session.store),
        pens(len(branches) * len(outcome.forms)) as draw,
    ):
        run = Run(session, outcome, folder, target, draw, handover, {} if folder is None else read_manifest(folder))
        for chunk in _one_ahead(run, branches):
            chunk.give_out()
            step.advance(len(chunk.branches))


def _record(session: Session, scope: Scope, outcome: Outcome, handover: Handover) -> None:
    """What left, in the trail of accesses."""
    if session.dry_run:
        return
    said = {"place": scope.place, "files": len(outcome.issued), "members": outcome.members}
    if outcome.manifest is not None:
        handover.record_all(session, COMMAND, outcome.manifest, **said)
        return
    serials, hashes = list(outcome.registers), [one.hash for one in outcome.issued]
    handover.record(session, COMMAND, **said, serials=serials, sha256=hashes)


def _one_ahead(run: Run, branches: Sequence[BranchPlace]) -> Iterator[Chunk]:
    """Each chunk once the one behind it has been begun."""
    begun = None
    for some in chunks(branches, BRANCHES_A_BATCH):
        following = run.begin(some)
        if begun is not None:
            yield begun
        begun = following
    if begun is not None:
        yield begun


@contextmanager
def _manifest_kept(session: Session, outcome: Outcome, folder: Path) -> Iterator[None]:
    """Writes what was given out into the manifest, also where the run is stopped, and clears away what an earlier run
    that was killed left half-written.
    """
    try:
        yield
    except BaseException:
        if outcome.issued and not session.dry_run:
            with suppress(InputRefused):
                write_manifest(folder, MANIFEST_COLUMNS, outcome.manifest_rows(folder))
        raise
    if not session.dry_run:
        outcome.manifest = write_manifest(folder, MANIFEST_COLUMNS, outcome.manifest_rows(folder))
        clear_leftovers([one.file for one in outcome.issued if one.file is not None])


def _sensible(asked: ForMeeting, today: date) -> None:
    if asked.cut_off > asked.meeting_date:
        raise UsageError("the cut-off day is after the meeting", "Give a --cut-off on or before --meeting-date.")
    if asked.cut_off > today:
        raise UsageError(
            f"the cut-off day {asked.cut_off} has not come yet: nobody's standing on it is known",
            "Issue the register on that day or later; a branch list may look ahead.",
        )
