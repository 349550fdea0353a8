"""The quality of what is on record, branch by branch (docs/rules.md, section 3, Quality). Reading only."""

from pathlib import Path

from ancadmin.domain.papers import Form
from ancadmin.domain.quality import Kind, Line, QualityPaper, Sort, TrendPaper, in_order
from ancadmin.domain.roles import Role
from ancadmin.services.export.folder import safe_name, write_file
from ancadmin.services.export.scope import Scope, in_words, places
from ancadmin.services.register.quality.figures import figures
from ancadmin.services.session import Session


def quality(session: Session, scope: Scope, sort: Sort, form: Form | None = None) -> QualityPaper:
    """The quality of the branches of a place. `form`: the paper that is made of it, for the trail of accesses.

    Raises UsageError, NotAllowed for callers without a role there, InputRefused when no branch is on record for it.
    """
    paper = {"form": form.value} if form else {}
    with session.reading("register quality", place=scope.place, **paper) as connection:
        there = places(session, connection, scope, Role, "see the quality of the register there")
        counted, total = figures(connection, scope, there)
    names = {(Kind.BRANCH, place.code): (place.name, place.region_code) for place in there}
    names |= {(Kind.REGION, place.region_code): (place.region, place.region_code) for place in there}
    names[Kind.UNPLACED, ""] = ("No place on record named", "")
    lines = [Line(*place, *names[place], one) for place, one in counted.items()]
    words = in_words(scope, there)
    return QualityPaper(
        words, session.today, tuple(in_order(lines, sort)), Line(Kind.TOTAL, scope.place, words, "", total)
    )


def draw(paper: QualityPaper | TrendPaper, form: Form, target: Path | None) -> Path:
    """Writes a paper and returns its file. Raises InputRefused for a file that cannot be written."""
    if form is Form.PDF:
        from ancadmin.writers.pdf.quality import quality_rendered, trend_rendered
    else:
        from ancadmin.writers.xlsx.quality import quality_rendered, trend_rendered
    if isinstance(paper, QualityPaper):
        name, content = f"quality-{safe_name(paper.total.code)}", quality_rendered(paper)
    else:
        name, content = "quality-trend", trend_rendered(paper)
    path = target or Path(f"{name}-{paper.day}.{form}")
    write_file(path, content)
    return path
