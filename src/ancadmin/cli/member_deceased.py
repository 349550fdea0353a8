"""`ancadmin member deceased`: deaths from a file, never one by one."""

from pathlib import Path
from typing import Annotated

import typer

from ancadmin.cli.output import DryRunOption, Format, FormatOption, JsonOption, chosen, show_result
from ancadmin.cli.state import state_of

NEEDS_A_PERSON = 10
_MOST_PROBLEMS_TOLD = 20

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def deceased() -> None:
    """Deaths, from the result file of a death check.

    Example: ancadmin member deceased import results.csv
    """


@app.command("import")
def import_(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or workbook: ID numbers and dates of death")],
    why: Annotated[
        str, typer.Option("--why", metavar="TEXT", help="Where the file is from; its name if not given")
    ] = "",
    dry_run: DryRunOption = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 10 when rows have problems")] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record the deaths of a result file (HANIS, IEC), as one batch; a row with a problem changes nothing and is told.

    Example: ancadmin member deceased import results.csv --why "HANIS run of June"
    """
    from ancadmin.services.member.deaths import import_deaths

    state = state_of(ctx)
    output = chosen(form, as_json, None)
    done = import_deaths(state.session(dry_run=dry_run), path, why=why)
    answer = done.as_dict()
    if output.format is Format.TABLE:
        del answer["problem_rows"]
        for problem in done.problem_rows[:_MOST_PROBLEMS_TOLD]:
            where = " ".join(
                part for part in (problem.file, problem.sheet, f"row {problem.row}", problem.column) if part
            )
            state.say(f"{where}: {problem.code.replace('_', ' ')}. {problem.remedy}")
        if len(done.problem_rows) > _MOST_PROBLEMS_TOLD:
            state.say(f"and {len(done.problem_rows) - _MOST_PROBLEMS_TOLD} more: --json tells them all")
    show_result(output, answer)
    summary = (
        f"{done.read} read, {done.applied} deaths recorded, {done.already} on record already, {done.unknown} unknown, "
        f"{done.refused} with problems"
    )
    state.conclude(summary, "ancadmin sweep", dry_run=dry_run)
    if strict and done.refused:
        raise typer.Exit(NEEDS_A_PERSON)
