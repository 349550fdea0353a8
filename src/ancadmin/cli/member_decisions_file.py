"""`ancadmin member decisions`: decisions about many people, from a file."""

from pathlib import Path
from typing import Annotated

import typer

from ancadmin.cli.output import DryRunOption, Format, FormatOption, JsonOption, chosen, show_result
from ancadmin.cli.problem_rows import NEEDS_A_PERSON, tell_problems
from ancadmin.cli.state import state_of

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def decisions() -> None:
    """Decisions about many people, from a file.

    Example: ancadmin member decisions import minutes.xlsx --why "BEC meeting of 31 January"
    """


@app.command("import")
def import_(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or workbook: a row a decision about one person")],
    why: Annotated[
        str, typer.Option("--why", metavar="TEXT", help="The reason, of rows that give none themselves")
    ] = "",
    dry_run: DryRunOption = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 10 when rows have problems, or wait")] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record the decisions of a file, as one batch; a row with a problem changes nothing and is told.

    Example: ancadmin member decisions import minutes.xlsx --why "BEC meeting of 31 January"

    Columns: ID number, Decision, On, Why; where a decision needs them Until, Branch, To, Surname, First names, Cell,
    E-mail, Voting district. Decisions: apply, accept, refuse, object, settle objection, expel, suspend, lift, resign,
    defect, lapse, transfer, contact; in English or Afrikaans. Rows about one person are taken in their order. What you
    may not decide alone waits for approval.
    """
    from ancadmin.services.member.many.run import import_decisions

    state = state_of(ctx)
    output = chosen(form, as_json, None)
    done = import_decisions(state.session(dry_run=dry_run), path, why=why)
    answer = done.as_dict()
    if output.format is Format.TABLE:
        del answer["problem_rows"]
        tell_problems(state, done.problem_rows)
    show_result(output, answer)
    parts = [f"{done.read} read", f"{done.recorded} recorded", f"{done.already} on record already"]
    parts += [f"{done.waiting} wait for approval"] if done.waiting else []
    parts += [f"{done.refused} with problems"] if done.refused else []
    following = "ancadmin approvals list" if done.waiting else "ancadmin sweep"
    state.conclude(", ".join(parts), following, dry_run=dry_run)
    if strict and (done.refused or done.waiting):
        raise typer.Exit(NEEDS_A_PERSON)
