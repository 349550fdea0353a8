"""The quality of what is on record, branch by branch (docs/rules.md, section 3, Quality). Reading only."""

from pathlib import Path

from ancadmin.domain.papers import BranchPlace, Form
from ancadmin.domain.quality import Kind, Line, QualityPaper, Sort, TrendPaper, in_order
from ancadmin.domain.roles import Role
from ancadmin.errors import UsageError
from ancadmin.services.export.folder import form_of, safe_name, write_file
from ancadmin.services.export.scope import Scope, places
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
    words = _words(scope, there)
    return QualityPaper(
        words, session.today, tuple(in_order(lines, sort)), Line(Kind.TOTAL, scope.place, words, "", total)
    )


def scope_of(branch: str | None, region: str | None, province: str | None) -> Scope:
    """The place asked about; every branch where none is named. Raises UsageError for more than one."""
    named = [code for code in (branch, region, province) if code is not None]
    if len(named) > 1:
        raise UsageError("which branches is not clear", "Give one of --branch CODE, --region CODE, --province CODE.")
    return Scope(branch, region, province, not named)


def paper_form(as_: Form | None, target: Path | None) -> Form | None:
    """The form of the paper asked for; None where data is. Raises UsageError where the flags disagree."""
    named = target is not None and target.suffix.lower().removeprefix(".") in list(Form)
    return form_of(as_, target, one_file=True) if as_ is not None or named else None


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


def _words(scope: Scope, there: list[BranchPlace]) -> str:
    first = there[0]
    if scope.branch is not None:
        return f"{first.name} ({first.code})"
    if scope.region is not None:
        return f"{first.region} ({first.region_code})"
    return f"{first.province} ({first.province_code})" if scope.province is not None else "All branches"
