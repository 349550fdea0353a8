"""`ancadmin audit`."""

from typing import Annotated

import typer

from ancadmin.cli.numbers import number_option
from ancadmin.cli.output import Column, FileOption, Format, FormatOption, JsonOption, chosen, show_result, show_rows
from ancadmin.cli.state import state_of

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def audit() -> None:
    """The trail: who wrote and who read.

    Example: ancadmin audit verify
    """


@app.command()
def log(
    ctx: typer.Context,
    limit: Annotated[int, number_option("--limit", "How many, newest first")] = 50,
    reads: Annotated[bool, typer.Option("--reads", help="What was read or tried, instead of what was written")] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """What was written, newest first; with --reads what was read or tried.

    Example: ancadmin audit log --reads --limit 20
    """
    from ancadmin.services.audit.log import log as read_log

    rows = read_log(state_of(ctx).session(), limit=limit, reads=reads)
    columns = [
        Column("event", "event", "number"),
        Column("at", "at"),
        Column("operator", "operator"),
        Column("action", "action"),
        Column("detail", "detail"),
    ]
    show_rows(chosen(form, as_json, file), columns, rows)


@app.command()
def head(
    ctx: typer.Context,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """The head of each chain, to keep on paper: `verify --head` finds it again.

    Example: ancadmin audit head
    """
    from ancadmin.services.audit.log import heads

    show_result(chosen(form, as_json, file), heads(state_of(ctx).session()))


@app.command()
def verify(
    ctx: typer.Context,
    head: Annotated[
        list[str] | None,
        typer.Option("--head", metavar="HASH", help="A head printed earlier, that must still be there; repeatable"),
    ] = None,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Check that no event was edited, removed or reordered; exits 10 and says where when one was.

    Example: ancadmin audit verify

    A trail cut at its end or rebuilt from its start holds in itself: give a head printed on a paper with --head.
    """
    from ancadmin.services.audit.verify import verify as verify_trail

    state = state_of(ctx)
    found = verify_trail(state.session(), heads=head or ())
    output = chosen(form, as_json, file)
    answer = found.as_dict()
    if output.format is Format.TABLE:
        answer["flaws"] = [flaw.what for flaw in found.flaws]
    show_result(output, answer, quiet=state.quiet and not found.flaws)
    if found.flaws:
        state.say(f"flaws in the trail: {len(found.flaws)} → compare with a copy of the store")
        raise typer.Exit(10)
    state.say(f"{found.events} events and {found.accesses} accesses, every one in its place")
