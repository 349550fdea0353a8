"""The cover of the registers of many branches: counted once more, and written beside them."""

from collections import Counter
from pathlib import Path

from ancadmin.db import chain
from ancadmin.db.schema import audit_event
from ancadmin.domain.country_summary import CountrySummary, Covered
from ancadmin.domain.papers import Form
from ancadmin.services.export.folder import safe_name
from ancadmin.services.export.handover import PLAIN, Handover
from ancadmin.services.export.registers.outcome import Outcome
from ancadmin.services.export.registers.reconciling import reconciled
from ancadmin.services.export.scope import Scope, in_words
from ancadmin.services.session import Session


def cover(session: Session, scope: Scope, outcome: Outcome, folder: Path, handover: Handover = PLAIN) -> None:
    """Says in `outcome` whether the registers reconcile, and writes `summary.pdf` into the folder, of a province or a
    region `summary-CODE.pdf`; nothing in a dry run. The same registers on the same day give the same bytes.

    Raises InputRefused when it cannot be written.
    """
    with session.store.connect() as connection:
        outcome.reconciliation = reconciled(session, connection, scope, outcome)
        _, head = chain.head(connection, audit_event)
    if session.dry_run:
        return
    from ancadmin.writers.pdf.country_summary import rendered

    name = "summary.pdf" if scope.everything else f"summary-{safe_name(scope.place)}.pdf"
    handover.write(folder / name, rendered(_summary(session, scope, outcome, head)), Form.PDF)
    outcome.summary = folder / name


def _summary(session: Session, scope: Scope, outcome: Outcome, head: str) -> CountrySummary:
    asked, what = outcome.asked, Counter(one.what for one in outcome.left)
    if outcome.reconciliation is None:
        raise RuntimeError("the registers are counted before they are covered")
    return CountrySummary(
        place=in_words(scope, outcome.branches),
        meeting=asked.meeting,
        meeting_date=asked.meeting_date,
        cut_off=asked.cut_off,
        minimum=outcome.minimum,
        registers=covered(outcome),
        died=what["deceased"],
        expelled=what["expelled"],
        reconciliation=outcome.reconciliation,
        trail_head=head,
        sole_operator=session.sole_operator,
        day=session.today,
    )


def covered(outcome: Outcome) -> tuple[Covered, ...]:
    """The registers in order, each once."""
    places = {place.code: place for place in outcome.branches}
    return tuple(
        Covered(places[one.branch], one.serial, one.members, one.quorum, one.supersedes, one.differs)
        for one in outcome.registers.values()
    )
