"""A cost-comparison sheet on paper (docs/rules.md, section 8). Reading only."""

from pathlib import Path
from typing import Any

from ancadmin.domain.papers import Form
from ancadmin.services.costs.sheets import seen
from ancadmin.services.export.drawing import digest, draw_cost_comparison
from ancadmin.services.export.folder import form_of, write_file
from ancadmin.services.session import Session


def export_cost_comparison(
    session: Session, number: int, form: Form | None = None, target: Path | None = None
) -> dict[str, Any]:
    """Writes a sheet, complete or not, to the file `target` (else one named after it, here). The same sheet gives the
    same file to the byte. Raises UsageError, InputRefused for no such sheet or a file that cannot
    be written, NotAllowed to those whose roles do not reach its region.
    """
    form = form_of(form, target, one_file=True)
    path = target or Path(f"cost-comparison-{number}.{form}")
    with session.reading("export cost-comparison", sheet=number, form=form.value, to=str(path)) as connection:
        paper = seen(session, connection, number).paper
    under_sole_operator = session.sole_operator or any(decided.own_work for decided in paper.decisions)
    content = draw_cost_comparison(paper, form, sole_operator=under_sole_operator)
    write_file(path, content)
    best = paper.recommended
    return {
        "sheet": number,
        "form": form.value,
        "state": str(paper.state),
        "complete": not paper.faults,
        "recommended": best.letter if best else None,
        "recommended_cents": best.total_cents if best else None,
        "content_hash": paper.content_hash(),
        "file_hash": digest(content),
        "file": str(path),
    }
