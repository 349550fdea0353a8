"""`ancadmin standing`: recorded statuses brought to a day."""

from datetime import date
from typing import Annotated

import typer

from ancadmin.cli.days import parse_day
from ancadmin.cli.output import DryRunOption, FileOption, FormatOption, JsonOption, Output, chosen, show_result
from ancadmin.cli.state import State, state_of

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def standing() -> None:
    """Statuses brought to a day.

    Example: ancadmin standing sweep
    """


@app.command()
def sweep(
    ctx: typer.Context,
    on: Annotated[
        date | None, typer.Option("--on", metavar="D", parser=parse_day, help="Bring the statuses to the end of D")
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Write nothing: reckon everyone again and report what differs (exit 10)")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit 10 when an open objection holds somebody beyond probation")
    ] = False,
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Bring the recorded statuses to today, or to the day given: the nightly job.

    Example: ancadmin sweep

    Only members whose next change is due are looked at, so a second run finds nothing to do. The statuses do not go
    back to an earlier day; for that ask: ancadmin member list --on D.
    """
    state = state_of(ctx)
    output = chosen(form, as_json, file)
    if verify:
        _verify(state, output, on)
        return
    from ancadmin.services.standing.sweep import sweep as bring

    done = bring(state.session(dry_run=dry_run), on)
    show_result(output, done, quiet=state.quiet)
    state.conclude(
        f"{done['due']} due, {done['changed']} changed, statuses stand at {done['on']}",
        "ancadmin export attendance-register --branch CODE --cut-off D --meeting-date D",
        dry_run=dry_run,
    )
    if strict and done["objections_open"]:
        raise typer.Exit(10)


def _verify(state: State, output: Output, on: date | None) -> None:
    from ancadmin.services.standing.verify import verify as check

    found = check(state.session(), on)
    show_result(output, found, quiet=state.quiet and not found["wrong"])
    if found["wrong"]:
        state.say(
            f"{found['checked']} checked, {found['wrong']} wrong: the store was written by something else than ancadmin"
            " → ancadmin audit verify"
        )
        raise typer.Exit(10)
    state.say(f"{found['checked']} checked, nothing wrong")
