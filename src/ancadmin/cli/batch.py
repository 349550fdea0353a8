"""`ancadmin batch`."""

from typing import Annotated

import typer

from ancadmin.cli.numbers import number_option, numbered
from ancadmin.cli.output import (
    Column,
    DryRunOption,
    FileOption,
    Format,
    FormatOption,
    JsonOption,
    chosen,
    show_result,
    show_rows,
)
from ancadmin.cli.state import state_of

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

_MOST_KEPT_TOLD = 20

NumberArgument = Annotated[int, numbered("The batch's number")]


@app.callback()
def batch() -> None:
    """Every write is a batch: list, show, undo.

    Example: ancadmin batch list
    """


@app.command("list")
def list_(
    ctx: typer.Context,
    limit: Annotated[int, number_option("--limit", "How many, newest first")] = 50,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Every write there was, newest first.

    Example: ancadmin batch list --limit 10
    """
    from ancadmin.services.batch.list import list_batches

    rows = list_batches(state_of(ctx).session(), limit=limit)
    columns = [
        Column("batch", "batch", "number"),
        Column("command", "command"),
        Column("operator", "operator"),
        Column("finished_at", "finished"),
        Column("undoes", "undoes", "number"),
        Column("undone_by", "undone by", "number"),
    ]
    show_rows(chosen(form, as_json, file), columns, rows)


@app.command()
def show(
    ctx: typer.Context,
    number: NumberArgument,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """All that is on record about one batch.

    Example: ancadmin batch show 1
    """
    from ancadmin.services.batch.list import show_batch

    show_result(chosen(form, as_json, file), show_batch(state_of(ctx).session(), number))


@app.command()
def undo(
    ctx: typer.Context,
    number: NumberArgument,
    dry_run: DryRunOption = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 10 when something was kept")] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take back what a batch did; what later work stands on is kept and named.

    Example: ancadmin batch undo 7 --dry-run

    Money is reversed, never deleted. An undo is a batch too and cannot be undone: run the original command again.
    """
    from ancadmin.services.batch.undo import undo_batch

    state = state_of(ctx)
    output = chosen(form, as_json, None)
    undone = undo_batch(state.session(dry_run=dry_run), number)
    answer = undone.as_dict()
    if output.format is Format.TABLE:
        answer["kept"] = len(undone.kept)
        for one in undone.kept[:_MOST_KEPT_TOLD]:
            state.say(f"kept: {one.what}, because {one.why}")
        if len(undone.kept) > _MOST_KEPT_TOLD:
            state.say(f"and {len(undone.kept) - _MOST_KEPT_TOLD} more: --json tells them all")
    show_result(output, answer)
    summary = f"batch {number} ({undone.command}) undone, {len(undone.kept)} kept"
    state.conclude(summary, "ancadmin check", dry_run=dry_run)
    if strict and undone.kept:
        raise typer.Exit(10)
