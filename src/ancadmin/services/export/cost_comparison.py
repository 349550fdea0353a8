"""A cost-comparison sheet on paper (docs/rules.md, section 8). Reading only."""

from pathlib import Path
from typing import Any

from ancadmin.domain.papers import Form
from ancadmin.services.costs.sheets import seen
from ancadmin.services.export.drawing import draw_cost_comparison
from ancadmin.services.export.folder import form_of
from ancadmin.services.export.handover import PLAIN, Handover
from ancadmin.services.session import Session


def export_cost_comparison(
    session: Session,
    number: int,
    form: Form | None = None,
    target: Path | None = None,
    handover: Handover = PLAIN,
) -> dict[str, Any]:
    """Writes a sheet, complete or not, to the file `target` (else one named after it, here). The same sheet gives the
    same file to the byte. Raises UsageError, InputRefused for no such sheet or a file that cannot
    be written, NotAllowed to those whose roles do not reach its region.
    """
    form = form_of(form, target, one_file=True)
    path = target or Path(f"cost-comparison-{number}.{form}")
    detail = {"sheet": number, "form": form.value, "to": str(path)}
    with session.reading("export cost-comparison", **detail, **handover.detail) as connection:
        paper = seen(session, connection, number).paper
    under_sole_operator = session.sole_operator or any(decided.own_work for decided in paper.decisions)
    content = draw_cost_comparison(paper, form, sole_operator=under_sole_operator)
    said = {"sheet": number, "members": 0}
    hash_of_file = handover.hand_out(session, "export cost-comparison", path, content, form, **said)
    best = paper.recommended
    return {
        "sheet": number,
        "form": form.value,
        "state": str(paper.state),
        "complete": not paper.faults,
        "recommended": best.letter if best else None,
        "recommended_cents": best.total_cents if best else None,
        "content_hash": paper.content_hash(),
        "file_hash": hash_of_file,
        "file": str(path),
    }
