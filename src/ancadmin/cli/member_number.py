"""`ancadmin member renumber` and `release`: a wrong ID number is corrected; one that is another person's, freed."""

from dataclasses import asdict
from typing import Annotated

import typer

from ancadmin.cli.member_decisions import IdArgument, WhyOption, conclude
from ancadmin.cli.output import DryRunOption, FormatOption, JsonOption, chosen, mask, show_result
from ancadmin.cli.state import state_of


def add_to(app: typer.Typer) -> None:
    """Puts the verb beside the others of `ancadmin member`."""
    app.command("renumber")(renumber)
    app.command("release")(release)


def renumber(
    ctx: typer.Context,
    id_number: IdArgument,
    new: Annotated[str, typer.Argument(metavar="NEW", help="The right ID number")],
    why: WhyOption,
    frees: Annotated[
        bool, typer.Option("--release", help="The old number is another person's: it does not find the member")
    ] = False,
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Correct an ID number that is wrong on record: birth date and gender follow it, and the old one keeps finding
    the member.

    Example: ancadmin member renumber 8001015009087 8002025009083 --why "ID document seen"

    An old number that is another person's is freed with --release, or later: ancadmin member release OLD.
    A number somebody else is on record under is refused: where the two are one person, see ancadmin member merge.
    """
    from ancadmin.services.member.numbers.renumber import renumber_member

    state = state_of(ctx)
    output = chosen(form, as_json, None)
    done = renumber_member(state.session(dry_run=dry_run), id_number, new, why=why, release=frees)
    result = asdict(done)
    if not output.shows_full_ids:
        result.update(id_number=mask(done.id_number), former_number=mask(done.former_number))
    show_result(output, result)
    freed = "; the old number is free" if done.released else ""
    summary = f"{mask(done.former_number)} corrected to {mask(done.id_number)}, born {done.born}{freed}"
    conclude(state, done, summary, "ancadmin member history ID", dry_run=dry_run)


def release(
    ctx: typer.Context,
    id_number: IdArgument,
    why: WhyOption,
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Free a former ID number that is another person's: it finds the member it was corrected on no more.

    Example: ancadmin member release 8001015009087 --why "the number of Ms Dlamini, ID document seen"

    Its person can apply, and what is paid under it from now on is theirs; deposits credited before stay where they are.
    """
    from ancadmin.services.member.numbers.release import release_number

    state = state_of(ctx)
    output = chosen(form, as_json, None)
    done = release_number(state.session(dry_run=dry_run), id_number, why=why)
    result = asdict(done)
    if not output.shows_full_ids:
        result.update(id_number=mask(done.id_number), released_number=mask(done.released_number))
    show_result(output, result)
    summary = f"{mask(done.released_number)} released, it leads to {mask(done.id_number)} no more"
    conclude(state, done, summary, "ancadmin member history ID", dry_run=dry_run)
