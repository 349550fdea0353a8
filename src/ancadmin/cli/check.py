"""`ancadmin check`: one ID number, or every consistency rule of the store."""

from datetime import date
from typing import Annotated

import typer

from ancadmin.cli.days import parse_day
from ancadmin.cli.output import Column, FileOption, Format, FormatOption, JsonOption, chosen, show_result, show_rows
from ancadmin.cli.state import state_of

app = typer.Typer(rich_markup_mode=None)

NEEDS_A_PERSON = 10
_MOST_TOLD = 20


@app.callback(invoke_without_command=True)
def check(ctx: typer.Context, form: FormatOption = None, as_json: JsonOption = False, file: FileOption = None) -> None:
    """Hold the store against every consistency rule; silent when it is clean, exit 10 when it is not.

    Example: ancadmin check

    A statement taken in with --force that does not add up is named, and is no fault. `ancadmin check id NUMBER` reads
    one ID number instead.
    """
    if ctx.invoked_subcommand is not None:
        return
    from ancadmin.services.check.run import check_store

    state = state_of(ctx)
    notes: list[str] = []
    rows = check_store(state.session(), notes.append)
    output = chosen(form, as_json, file)
    if rows or output.format is not Format.TABLE:
        show_rows(output, [Column("rule", "rule"), Column("what", "what is wrong")], rows)
    for note in notes[:_MOST_TOLD]:
        state.say(f"note: {note}")
    if len(notes) > _MOST_TOLD:
        state.say(f"and {len(notes) - _MOST_TOLD} more: ancadmin deposits statements")
    if rows:
        raise typer.Exit(NEEDS_A_PERSON)


@app.command("id")
def check_id(
    ctx: typer.Context,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="The number as written, in quotes if it has blanks")],
    on: Annotated[
        date | None,
        typer.Option(
            "--on", metavar="D", parser=parse_day, help="The day the age must be possible on; today if not given"
        ),
    ] = None,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read one ID number as an import would: its repairs, its problem, its birth date.

    Example: ancadmin check id "800101 5009 087" --on 2020-12-30
    """
    from ancadmin.services.check.id_number import check_id_number
    from ancadmin.settings import load_settings

    state = state_of(ctx)
    reading = check_id_number(load_settings(state.db, state.policy), number, on)
    show_result(chosen(form, as_json, None), reading)
    if reading["problem"]:
        raise typer.Exit(NEEDS_A_PERSON)
