"""`ancadmin config policy adopt`: who may do what, brought into force."""

import typer

from ancadmin.cli.output import Detail, DryRunOption, FileOption, Format, FormatOption, JsonOption, chosen, show_result
from ancadmin.cli.policy_changes import CHANGES, as_json_rows, in_words
from ancadmin.cli.state import state_of


def add_to(app: typer.Typer) -> None:
    """Adds the command to the group."""
    app.command()(adopt)


def adopt(
    ctx: typer.Context,
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Bring into force who may do what by the policy named in the settings. For national officers.

    Example: ancadmin config policy adopt -n

    From then on nothing is written under a policy that lets others decide: [authorisation], and the amounts above
    which money waits. Fees, months and whatever else the policy says may differ still.
    """
    from ancadmin.services.config.adopt import adopt as bring_in

    output = chosen(form, as_json, file)
    state = state_of(ctx)
    done = bring_in(state.session(dry_run=dry_run))
    summary = {"batch": done.batch, "version": done.version, "differs": len(done.changes)}
    if output.format is Format.TABLE:
        rows = [in_words(one) for one in done.changes]
        show_result(output, summary, details=[Detail("What it changes", CHANGES, rows)])
    else:
        show_result(output, {**summary, "changes": as_json_rows(done.changes)})
    told = "nobody adopted one before" if done.first else f"{len(done.changes)} entries differ from the one before"
    line = f"batch {done.batch}: version {done.version} says who may do what; {told}"
    state.conclude(line, f"ancadmin batch undo {done.batch}", dry_run=dry_run)
