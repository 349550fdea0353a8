"""`ancadmin member renumber`: an ID number found wrong is corrected."""

from dataclasses import asdict
from typing import Annotated

import typer

from ancadmin.cli.member_decisions import IdArgument, WhyOption, conclude
from ancadmin.cli.output import DryRunOption, FormatOption, JsonOption, chosen, mask, show_result
from ancadmin.cli.state import state_of


def add_to(app: typer.Typer) -> None:
    """Puts the verb beside the others of `ancadmin member`."""
    app.command("renumber")(renumber)


def renumber(
    ctx: typer.Context,
    id_number: IdArgument,
    new: Annotated[str, typer.Argument(metavar="NEW", help="The right ID number")],
    why: WhyOption,
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Correct an ID number that is wrong on record: birth date and gender follow it, and the old one keeps finding
    the member.

    Example: ancadmin member renumber 8001015009087 8002025009083 --why "ID document seen"

    A number somebody else is on record under is refused: where the two are one person, see ancadmin member merge.
    """
    from ancadmin.services.member.renumber import renumber_member

    state = state_of(ctx)
    output = chosen(form, as_json, None)
    done = renumber_member(state.session(dry_run=dry_run), id_number, new, why=why)
    result = asdict(done)
    if not output.shows_full_ids:
        result.update(id_number=mask(done.id_number), former_number=mask(done.former_number))
    show_result(output, result)
    summary = f"{mask(done.former_number)} corrected to {mask(done.id_number)}, born {done.born}"
    conclude(state, done, summary, "ancadmin member history ID", dry_run=dry_run)
