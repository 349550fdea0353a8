"""`ancadmin member merge`: two records of one person made one."""

from dataclasses import asdict
from typing import Annotated

import typer

from ancadmin.cli.output import DryRunOption, FormatOption, JsonOption, chosen, mask, show_result
from ancadmin.cli.state import state_of
from ancadmin.domain.money import rands


def add_to(app: typer.Typer) -> None:
    """Puts the verb beside the others of `ancadmin member`."""
    app.command("merge")(merge)


def merge(
    ctx: typer.Context,
    kept: Annotated[str, typer.Argument(metavar="A", help="The ID number of the record to keep")],
    gone: Annotated[str, typer.Argument(metavar="B", help="The ID number of the record that goes into it")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, for the record")],
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make two records of one person one: A is kept, B goes into it with its payments, decisions and history.

    Example: ancadmin member merge 8001015009087 8001015009186 --why "One person: both ID documents seen"

    From then on B's number finds A, and deposits paid under it are A's. `ancadmin batch undo` takes the two apart.
    """
    from ancadmin.services.member.merging.merge import merge_members

    state = state_of(ctx)
    output = chosen(form, as_json, None)
    done = merge_members(state.session(dry_run=dry_run), kept, gone, why=why)
    result = asdict(done)
    if not output.shows_full_ids:
        result.update(kept=mask(done.kept), gone=mask(done.gone))
    show_result(output, result, quiet=state.quiet)
    if done.in_opening:
        numbers = ", ".join(map(str, done.in_opening))
        state.say(
            f"deposits {numbers} ({rands(done.in_opening_cents)}) count no longer: the last payment that stands now is "
            "as late, and that money is in the opening position. Where it is other money, credit it by hand: "
            'ancadmin deposits reverse NUMBER --why "...", then ancadmin deposits allocate NUMBER --to A --why "..."'
        )
    carried = f"{done.allocations} payments ({rands(done.cents)}) and {done.decisions} decisions carried over"
    told = f"{mask(done.gone)} merged into {mask(done.kept)}, {carried}"
    state.conclude(
        told, f"ancadmin member history ID; taken apart by: ancadmin batch undo {done.batch}", dry_run=dry_run
    )
