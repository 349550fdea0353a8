"""`ancadmin standing`: recorded statuses brought to a day."""

from datetime import date
from typing import Annotated

import typer

from ancadmin.cli.days import parse_day
from ancadmin.cli.output import DryRunOption, FileOption, FormatOption, JsonOption, Output, chosen, show_result
from ancadmin.cli.state import State, state_of
from ancadmin.cli.told import Told, told_by_mail

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
    yes: Annotated[
        bool, typer.Option("--yes", help="Go on where more would change than the policy expects of a night")
    ] = False,
    mail_to: Annotated[
        str | None, typer.Option("--mail-to", metavar="ADDRESS", help="Tell ADDRESS of an exit code of 3 or more")
    ] = None,
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

    Where more than 5 % of the members would get another status (the policy says how many), nothing is changed and the
    exit code is 7: the clock or the policy may be wrong. Look with --dry-run, go on with --yes.
    """
    state = state_of(ctx)
    output = chosen(form, as_json, file)
    flags = {"--verify": verify, f"--on {on}": on is not None, "--yes": yes, "--strict": strict, "--dry-run": dry_run}
    command = " ".join([f"ancadmin {ctx.command.name}", *(flag for flag, given in flags.items() if given)])
    with told_by_mail(mail_to, command, on) as told:
        if verify:
            _verify(state, output, on, told)
        else:
            _sweep(state, output, on, told, yes=yes, dry_run=dry_run)
            if strict and told.answer["objections_open"]:
                raise typer.Exit(10)


def _sweep(state: State, output: Output, on: date | None, told: Told, *, yes: bool, dry_run: bool) -> None:
    from ancadmin.services.standing.guard import TooManyChanges, warning
    from ancadmin.services.standing.sweep import sweep as bring

    session = state.session(dry_run=dry_run)
    try:
        told.answer = bring(session, on, guarded=not yes)
    except TooManyChanges as refused:
        told.answer = refused.answer
        show_result(output, refused.answer)
        raise
    done = told.answer
    show_result(output, done, quiet=state.quiet)
    if yes or dry_run:
        with session.store.connect() as connection:
            warned = warning(connection, done, session.policy)
        if warned:
            state.say(f"warning: {warned}" + ("" if yes else "; without --dry-run it needs --yes"))
    state.conclude(
        f"{done['due']} due, {done['changed']} changed, statuses stand at {done['on']}",
        "ancadmin export attendance-register --branch CODE --cut-off D --meeting-date D",
        dry_run=dry_run,
    )


def _verify(state: State, output: Output, on: date | None, told: Told) -> None:
    from ancadmin.services.standing.verify import verify as check

    told.answer = found = check(state.session(), on)
    show_result(output, found, quiet=state.quiet and not found["wrong"])
    if found["wrong"]:
        state.say(
            f"{found['checked']} checked, {found['wrong']} wrong: the store was written by something else than ancadmin"
            " → ancadmin audit verify"
        )
        raise typer.Exit(10)
    state.say(f"{found['checked']} checked, nothing wrong")
