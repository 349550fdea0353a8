"""`ancadmin report`: dues owed, how well they are collected, what became of deposits, and how standing changed."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from ancadmin.cli.days import parse_day
from ancadmin.cli.handing import ForOption, PasswordFileOption, handing
from ancadmin.cli.output import FormatOption, JsonOption, chosen
from ancadmin.cli.reported import conclude_report
from ancadmin.cli.state import state_of
from ancadmin.domain.papers import Form

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

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
    for_: ForOption = None,
    password_file: PasswordFileOption = None,
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
    conclude_report(
        state, output, made, {"place": made.lines.words, **made.rows()[-1]}, paper, target, handing(for_, password_file)
    )


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
    for_: ForOption = None,
    password_file: PasswordFileOption = None,
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
    conclude_report(
        state, output, made, {"place": made.lines.words, **made.rows()[-1]}, paper, target, handing(for_, password_file)
    )


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
    for_: ForOption = None,
    password_file: PasswordFileOption = None,
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
    conclude_report(state, output, made, made.answer(), paper, target, handing(for_, password_file))


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
    for_: ForOption = None,
    password_file: PasswordFileOption = None,
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
    conclude_report(state, output, made, made.answer(), paper, target, handing(for_, password_file))


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
