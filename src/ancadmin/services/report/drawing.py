"""A report drawn as a paper."""

from pathlib import Path

from ancadmin.domain.papers import Form
from ancadmin.domain.reports import ReportPaper
from ancadmin.services.export.folder import safe_name
from ancadmin.services.export.handover import PLAIN, Handover
from ancadmin.services.session import Session


def path_of(paper: ReportPaper, form: Form, target: Path | None) -> Path:
    """The file named, or one named after what it holds."""
    return target or Path(f"{safe_name(paper.stem)}.{form}")


def draw(session: Session, paper: ReportPaper, form: Form, path: Path, handover: Handover = PLAIN) -> None:
    """Writes a paper, whole and for nobody else to read, once it is on record that it leaves. Raises InputRefused for a
    file that cannot be written.
    """
    if form is Form.PDF:
        from ancadmin.writers.pdf.report import rendered as pdf

        content = pdf(paper)
    else:
        from ancadmin.writers.xlsx.report import rendered as xlsx

        content = xlsx(paper)
    handover.hand_out(session, paper.stem, path, content, form, file=str(path))
