"""`ancadmin report`: dues owed, how well they are collected, what became of deposits, and how standing changed."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ancadmin.cli.bars import room
from ancadmin.cli.days import parse_day
from ancadmin.cli.output import (
    BETWEEN,
    Column,
    Detail,
    Format,
    FormatOption,
    JsonOption,
    Output,
    chosen,
    show_result,
    show_rows,
    widest_part,
)
from ancadmin.cli.state import State, state_of
from ancadmin.domain.papers import Form

if TYPE_CHECKING:
    from ancadmin.domain.reports import Table
    from ancadmin.services.report.ageing import Ageing
    from ancadmin.services.report.cash import CashReport
    from ancadmin.services.report.receivables import Collected
    from ancadmin.services.report.standing import Flows

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

# From so many columns on a terminal has room for the names of places beside eight sums.
_ROOM_FOR_NAMES = 132

BranchOption = Annotated[str | None, typer.Option("--branch", metavar="CODE", help="One branch")]
RegionOption = Annotated[str | None, typer.Option("--region", metavar="CODE", help="The branches of a region")]
ProvinceOption = Annotated[str | None, typer.Option("--province", metavar="CODE", help="The branches of a province")]
ByOption = Annotated[
    str | None,
    typer.Option("--by", metavar="branch|region|province", help="A line for each; else the level below the place"),
]
FirstOption = Annotated[date, typer.Option("--from", metavar="D", parser=parse_day, help="The first day of the period")]
LastOption = Annotated[date, typer.Option("--to", metavar="D", parser=parse_day, help="The last day of the period")]
AsOption = Annotated[
    Form | None, typer.Option("--as", help="A paper with charts: PDF, or a workbook; else what -o FILE says")
]
TargetOption = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to FILE; its suffix says the format")
]


@app.callback()
def report() -> None:
    """What is owed and for how long, how well it is collected, what became of deposits, and how standing changed.

    Example: ancadmin report ageing
    """


@app.command()
def ageing(
    ctx: typer.Context,
    on: Annotated[
        date | None, typer.Option("--on", metavar="D", parser=parse_day, help="As at the end of D; else today")
    ] = None,
    by: ByOption = None,
    branch: BranchOption = None,
    region: RegionOption = None,
    province: ProvinceOption = None,
    as_: AsOption = None,
    target: TargetOption = None,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Dues owed, by how long they are owed.

    Example: ancadmin report ageing --on 2025-12-31 --by region

    Beside them stands what members paid ahead. A due falls due on the first day of its period: Current on the day
    itself, then by days past it. The sum is the arrears of `member list --on D`.
    """
    from ancadmin.services.export.folder import paper_form
    from ancadmin.services.export.scope import scope_of
    from ancadmin.services.report import ageing as service

    scope, level, paper, state = scope_of(branch, region, province), _level(by), paper_form(as_, target), state_of(ctx)
    output = chosen(form, as_json, None if paper else target)
    made = service.ageing(state.session(), scope, on=on, level=level, form=paper, file=_named(target))
    _conclude(state, output, made, {"place": made.lines.words, **made.rows()[-1]}, paper, target)


@app.command()
def receivables(
    ctx: typer.Context,
    first: FirstOption,
    last: LastOption,
    by: ByOption = None,
    branch: BranchOption = None,
    region: RegionOption = None,
    province: ProvinceOption = None,
    as_: AsOption = None,
    target: TargetOption = None,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Dues billed, received and still owed.

    Example: ancadmin report receivables --from 2025-01-01 --to 2025-01-31

    How well dues were collected over a period: DSO, ADD, turnover and CEI. Both days belong to the period. What each
    figure means: docs/rules.md, section 10.
    """
    from ancadmin.services.export.folder import paper_form
    from ancadmin.services.export.scope import scope_of
    from ancadmin.services.report import receivables as service

    scope, level, paper, state = scope_of(branch, region, province), _level(by), paper_form(as_, target), state_of(ctx)
    output = chosen(form, as_json, None if paper else target)
    made = service.receivables(state.session(), scope, first, last, level=level, form=paper, file=_named(target))
    _conclude(state, output, made, {"place": made.lines.words, **made.rows()[-1]}, paper, target)


@app.command()
def cash(
    ctx: typer.Context,
    first: FirstOption,
    last: LastOption,
    by: Annotated[
        str, typer.Option("--by", metavar="month|account", help="A line for each month, or each account")
    ] = "month",
    as_: AsOption = None,
    target: TargetOption = None,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """What became of deposits.

    Example: ancadmin report cash --from 2025-01-01 --to 2025-03-31

    Applied untouched, reversed, unapplied, how soon; what waits, and for how long. Deposits are those with a value date
    in the period; both days belong to it.
    """
    from ancadmin.services.export.folder import paper_form
    from ancadmin.services.report import cash as service

    paper, state = paper_form(as_, target), state_of(ctx)
    output = chosen(form, as_json, None if paper else target)
    made = service.cash(
        state.session(), first, last, by=_one_of(service.By, by, "--by"), form=paper, file=_named(target)
    )
    _conclude(state, output, made, made.answer(), paper, target)


@app.command()
def standing(
    ctx: typer.Context,
    first: Annotated[
        date | None,
        typer.Option("--from", metavar="D", parser=parse_day, help="The first day; else a year up to the last month"),
    ] = None,
    last: Annotated[
        date | None, typer.Option("--to", metavar="D", parser=parse_day, help="The last day; else today")
    ] = None,
    by: Annotated[
        str, typer.Option("--by", metavar="month|quarter", help="A line for each month, or each quarter")
    ] = "month",
    branch: BranchOption = None,
    region: RegionOption = None,
    province: ProvinceOption = None,
    as_: AsOption = None,
    target: TargetOption = None,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """How members moved between statuses.

    Example: ancadmin report standing --from 2025-01-01 --to 2025-12-31 --by quarter

    Who joined, fell into grace, renewed, fell out of it, came back, left or died, as the sweeps recorded it, and how
    many had each status before and after: opening + in - out = closing. Both days belong to the period.
    """
    from ancadmin.domain.flows import Every
    from ancadmin.services.export.folder import paper_form
    from ancadmin.services.export.scope import scope_of
    from ancadmin.services.report import standing as service

    scope, every, paper, state = (
        scope_of(branch, region, province),
        _one_of(Every, by, "--by"),
        paper_form(as_, target),
        state_of(ctx),
    )
    output = chosen(form, as_json, None if paper else target)
    session = state.session()
    end = last or session.today
    begin = first or date(end.year - (end.month < 12), end.month % 12 + 1, 1)
    made = service.standing_flows(session, scope, begin, end, every=every, form=paper, file=_named(target))
    _conclude(state, output, made, made.answer(), paper, target)


def _level(by: str | None) -> Any:
    from ancadmin.services.report.places import Level

    return None if by is None else _one_of(Level, by, "--by")


def _one_of(words: Any, typed: str, flag: str) -> Any:
    """One of an enumeration's words. Their module is too heavy for a command's help, so Typer cannot check them."""
    from ancadmin.errors import UsageError

    if typed not in list(words):
        raise UsageError(f"{flag} {typed} is none of {', '.join(words)}", f"Give one of them with {flag}.")
    return words(typed)


def _named(target: Path | None) -> str | None:
    return None if target is None else str(target)


def _conclude(
    state: State,
    output: Output,
    made: "Ageing | Collected | CashReport | Flows",
    whole: dict[str, Any],
    form: Form | None,
    target: Path | None,
) -> None:
    paper = made.paper()
    said = f"{paper.title}, {paper.about[0].lower()}{paper.about[1:]}"
    if form:
        from ancadmin.services.report.drawing import draw, path_of

        path = path_of(paper, form, target)
        draw(paper, form, path)
        # People read the facts the paper begins with; whoever asks for data gets all of it.
        told = dict(paper.facts) if output.format is Format.TABLE else whole
        show_result(output, {**told, "form": form.value, "file": str(path)}, quiet=state.quiet)
        state.say(f"{said} → {path}")
        return
    if output.format is Format.TABLE:
        _tables(output, paper.facts, paper.tables)
    elif output.format is Format.JSON and "lines" in whole:
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
