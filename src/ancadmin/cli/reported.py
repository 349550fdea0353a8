"""A report as data, as tables on a terminal, or as a paper."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ancadmin.cli.bars import room
from ancadmin.cli.output import BETWEEN, Column, Detail, Format, Output, show_result, show_rows, widest_part
from ancadmin.cli.state import State
from ancadmin.domain.papers import Form
from ancadmin.errors import UsageError

if TYPE_CHECKING:
    from ancadmin.domain.reports import ReportPaper, Table
    from ancadmin.services.export.handover import Handover

# From so many columns on a terminal has room for the names of places beside eight sums.
_ROOM_FOR_NAMES = 132


class Reported(Protocol):
    """A report that was made."""

    def paper(self) -> "ReportPaper":
        """As a paper."""

    def rows(self) -> list[dict[str, Any]]:
        """Line by line, for CSV and NDJSON."""


def conclude_report(
    state: State,
    output: Output,
    made: "Reported",
    whole: dict[str, Any],
    form: Form | None,
    target: Path | None,
    handover: "Handover",
) -> None:
    """Shows a report in the form asked for, or draws its paper (`form`), which leaves as `handover` says; `whole` is
    the answer as JSON has it. Raises UsageError for a password without a paper.
    """
    paper = made.paper()
    said = f"{paper.title}, {paper.about[0].lower()}{paper.about[1:]}"
    if form:
        from ancadmin.services.report.drawing import draw, path_of

        path = path_of(paper, form, target)
        draw(state.session(), paper, form, path, handover)
        # People read the facts the paper begins with; whoever asks for data gets all of it.
        told = dict(paper.facts) if output.format is Format.TABLE else whole
        show_result(output, {**told, "form": form.value, "file": str(path)}, quiet=state.quiet)
        state.say(f"{said} → {path}")
        return
    if handover.password is not None:
        raise UsageError("only papers leave under a password", "Add --as pdf or --as xlsx.")
    if output.format is Format.TABLE:
        _tables(output, paper.facts, paper.tables)
    elif output.format is Format.JSON and any(isinstance(value, list) for value in whole.values()):
        show_result(output, whole)
    else:
        show_rows(output, [], made.rows())
    state.say(said)


def _tables(output: Output, facts: Any, tables: "tuple[Table, ...]") -> None:
    """The facts line by line, and every table under them."""
    columns = room(output)
    narrow = 0 < columns < _ROOM_FOR_NAMES
    details = []
    for table in tables:
        shown = [(at, one) for at, one in enumerate(table.columns) if not (narrow and one.room)]
        rows = [*table.rows, *([table.total] if table.total else [])]
        cells = [{str(at): one.kind.words(row[at]) for at, one in shown} for row in rows]
        headings = [Column(str(at), one.title, "text" if one.kind.value == "text" else "number") for at, one in shown]
        for number, part in enumerate(_side_by_side(headings, cells, columns)):
            details.append(Detail(f"{table.title}, continued" if number else table.title, part, cells))
    show_result(output, dict(facts), details=details)


def _side_by_side(headings: list[Column], cells: "list[dict[str, str]]", columns: int) -> Iterator[list[Column]]:
    """The columns of a table for a terminal with so many `columns`: what has no room comes after the rest, beside the
    first column once more. A sum broken over two lines reads as two.
    """
    figures = [[row[one.field] for one in headings] for row in cells]
    wide = [widest_part(one.title, figures, at) + BETWEEN for at, one in enumerate(headings)]
    part, taken = headings[:1], wide[0]
    for one, width in zip(headings[1:], wide[1:], strict=True):
        if columns and taken + width > columns + BETWEEN and part[1:]:
            yield part
            part, taken = headings[:1], wide[0]
        part, taken = [*part, one], taken + width
    yield part
