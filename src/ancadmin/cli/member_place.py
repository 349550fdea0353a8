"""`ancadmin member transfer`: which branch a member belongs to."""

from dataclasses import asdict
from typing import Annotated

import typer

from ancadmin.cli.member_decisions import IdArgument, OnOption, WhyOption, conclude
from ancadmin.cli.output import DryRunOption, FormatOption, JsonOption, chosen, mask, show_result
from ancadmin.cli.state import state_of


def add_to(app: typer.Typer) -> None:
    """Puts the verbs of this file beside the other verbs of `ancadmin member`."""
    app.command("transfer")(transfer)


def transfer(
    ctx: typer.Context,
    id_number: IdArgument,
    to: Annotated[str, typer.Option("--to", metavar="CODE", help="The receiving branch")],
    on: OnOption,
    why: WhyOption,
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Move a member to another branch, which has to accept: standing on a past day counts in the branch of that day.

    Example: ancadmin member transfer 8001015009087 --to 79700013 --on 2020-06-01 --why "Moved house, form 31"

    A file of many: ancadmin member decisions import FILE
    """
    from ancadmin.services.member.moving.transfer import transfer_member

    state = state_of(ctx)
    output = chosen(form, as_json, None)
    done = transfer_member(state.session(dry_run=dry_run), id_number, to=to, on=on, why=why)
    shown = done.id_number if output.shows_full_ids else mask(done.id_number)
    show_result(output, {**asdict(done), "id_number": shown})
    summary = f"{mask(done.id_number)} from branch {done.from_branch} to {done.to_branch} on {done.on}"
    conclude(state, done, summary, "ancadmin member history ID", dry_run=dry_run)
