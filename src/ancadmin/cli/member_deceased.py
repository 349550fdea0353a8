"""`ancadmin member deceased`: deaths from a file, never one by one; the one wrong case taken back."""

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from ancadmin.cli.days import parse_day
from ancadmin.cli.output import DryRunOption, Format, FormatOption, JsonOption, chosen, mask, show_result
from ancadmin.cli.problem_rows import NEEDS_A_PERSON, tell_problems
from ancadmin.cli.state import state_of

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
    layout: Annotated[
        str, typer.Option("--layout", metavar="NAME|FILE", help="hanis, iec or a TOML file; else the headings tell")
    ] = "",
    on: Annotated[
        date | None,
        typer.Option("--on", metavar="D", parser=parse_day, help="The day of deaths the file tells without one"),
    ] = None,
    accept_names: Annotated[
        bool, typer.Option("--accept-names", help="Also rows whose surname is not the one on record")
    ] = False,
    accept_name: Annotated[
        list[str] | None, typer.Option("--accept-name", metavar="ID", help="The same, of one person; may be repeated")
    ] = None,
    accept_day: Annotated[
        list[str] | None,
        typer.Option("--accept-day", metavar="ID", help="Also where this person died before joining; may be repeated"),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Also deaths that were taken back one by one")] = False,
    dry_run: DryRunOption = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 10 when rows have problems")] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record the deaths of a result file (HANIS, IEC), as one batch; a row with a problem changes nothing and is told.

    Example: ancadmin member deceased import results.csv --why "HANIS run of June"

    Rows whose surname is not the one on record, or whose day is before the person joined, are shown and not applied,
    unless they are accepted.
    """
    from ancadmin.services.member.deaths.importing import Choices, import_deaths

    state = state_of(ctx)
    output = chosen(form, as_json, None)
    choices = Choices(layout, on, accept_names, tuple(accept_name or ()), tuple(accept_day or ()), again)
    done = import_deaths(state.session(dry_run=dry_run), path, why=why, choices=choices)
    answer = done.as_dict()
    if output.format is Format.TABLE:
        del answer["problem_rows"]
        tell_problems(state, done.problem_rows)
    show_result(output, answer)
    parts = [f"{done.read} read", f"{done.applied} deaths recorded", f"{done.already} on record already"]
    parts += [f"{done.alive} alive"] if done.alive else []
    parts += [f"{done.not_found + done.not_told} the office knows nothing of"] if done.not_found + done.not_told else []
    parts += [f"{done.unknown} unknown", f"{done.refused} with problems"]
    state.conclude(", ".join(parts), "ancadmin sweep", dry_run=dry_run)
    if strict and done.refused:
        raise typer.Exit(NEEDS_A_PERSON)


@app.command("undo")
def undo(
    ctx: typer.Context,
    id_number: Annotated[str, typer.Argument(metavar="ID", help="The ID number, in quotes if it has blanks")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, for the record")],
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take back the one death a result file is wrong about; the rest stays, and sent again the row is only shown.

    Example: ancadmin member deceased undo 8001015009087 --why "Came to the office with his ID"
    """
    from ancadmin.services.member.deaths.death_undo import take_back_death

    state = state_of(ctx)
    output = chosen(form, as_json, None)
    done = take_back_death(state.session(dry_run=dry_run), id_number, why=why)
    shown = done.id_number if output.shows_full_ids else mask(done.id_number)
    show_result(output, {**asdict(done), "id_number": shown})
    summary = f"death of {mask(done.id_number)} on {done.died_on}, of batch {done.recorded_in}, taken back"
    state.conclude(summary, "ancadmin member explain ID", dry_run=dry_run)


@app.command("layout")
def layout(
    name: Annotated[str, typer.Argument(metavar="NAME", help="hanis or iec")],
) -> None:
    """Print a layout that comes with the program, to begin one's own with.

    Example: ancadmin member deceased layout hanis > own.toml
    """
    from ancadmin.readers.layouts import layout_text

    typer.echo(layout_text(name), nl=False)
