"""`ancadmin deposits profile`: how the tables of a bank are read, written down and kept by name."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer

from ancadmin.cli.narratives import masked_narrative
from ancadmin.cli.output import (
    Column,
    DryRunOption,
    FileOption,
    FormatOption,
    JsonOption,
    chosen,
    show_result,
    show_rows,
    show_text,
)
from ancadmin.cli.state import state_of
from ancadmin.domain.money import rands

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The profile's name")]
TextOption = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write the TOML to FILE")]

_TEXTS = (None, "description", "reference")
"""The roles of columns in which anything may stand."""


@app.callback()
def profile() -> None:
    """How the tables of a bank are read: suggested, corrected, kept by name, and known again by the headings.

    Example: ancadmin deposits profile suggest statement.csv
    """


@app.command()
def suggest(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A statement of the bank")],
    to: TextOption = None,
) -> None:
    """Print how the columns of a statement are recognised, as TOML to correct and save.

    Example: ancadmin deposits profile suggest statement.csv -o mybank.toml
    """
    from ancadmin.services.deposits.profiles.suggesting import suggest_statement_profile

    show_text(suggest_statement_profile(file), to)


@app.command()
def check(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A statement that is a table")],
    name: Annotated[
        str | None,
        typer.Option("--profile", metavar="NAME", help="Read it by this profile, or by the one in a FILE.toml"),
    ] = None,
    form: FormatOption = None,
    as_json: JsonOption = False,
    output_file: FileOption = None,
) -> None:
    """Show how a statement would be read: what its lines come to, and each column, its role and a few of its cells.

    Example: ancadmin deposits profile check statement.csv

    Without --profile as `ancadmin deposits import` would read it. Nothing is written.
    """
    from ancadmin.services.deposits.profiles.checking import check_statement

    output = chosen(form, as_json, output_file)
    rows = check_statement(state_of(ctx).session(), file, name)
    columns = (
        Column("sheet", "sheet"),
        Column("column", "column", "number"),
        Column("heading", "heading"),
        Column("role", "role"),
        Column("filled", "filled", "number"),
        Column("samples", "cells"),
    )
    show_rows(output, columns, map(_masked, rows), above=list(_sheets(rows)))


@app.command()
def save(
    ctx: typer.Context,
    name: NameArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="A profile, as `suggest` prints it")],
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Keep a profile under a name, in the place of the one that had it. `ancadmin batch undo` takes it back.

    Example: ancadmin deposits profile save mybank mybank.toml

    From then on `ancadmin deposits import` reads every table with these headings by it, before the formats it knows
    itself, and says so. Where several saved ones are of a table, it is refused until one is named. A layout without
    `headings`, `above` or `record` reads only what is imported with --profile.
    """
    from ancadmin.services.deposits.profiles.saved import STATEMENT_PROFILES

    state = state_of(ctx)
    saved = STATEMENT_PROFILES.save(state.session(dry_run=dry_run), name, file)
    show_result(chosen(form, as_json, None), saved.as_dict(), quiet=state.quiet)
    state.conclude(f"the profile {name} is {saved.became}", "ancadmin deposits profile check FILE", dry_run=dry_run)


@app.command("list")
def list_(ctx: typer.Context, form: FormatOption = None, as_json: JsonOption = False, file: FileOption = None) -> None:
    """The profiles there are, with the headings each is of: saved ones, and those that come with this version.

    Example: ancadmin deposits profile list
    """
    from ancadmin.services.deposits.profiles.saved import STATEMENT_PROFILES

    columns = (
        Column("name", "name"),
        Column("layouts", "layouts", "number"),
        Column("headings", "headings"),
        Column("operator", "by"),
        Column("saved_at", "saved at"),
        Column("batch", "batch", "number"),
    )
    output = chosen(form, as_json, file)
    rows = STATEMENT_PROFILES.rows(state_of(ctx).session())
    shown = [{**row, "operator": "this version" if row["shipped"] else row["operator"]} for row in rows]
    show_rows(output, columns, rows if output.shows_full_ids else shown)


@app.command()
def show(ctx: typer.Context, name: NameArgument, to: TextOption = None) -> None:
    """Print a profile as it was saved, or as this version brings it.

    Example: ancadmin deposits profile show capitec
    """
    from ancadmin.services.deposits.profiles.saved import STATEMENT_PROFILES

    show_text(STATEMENT_PROFILES.text(state_of(ctx).session(), name), to)


@app.command()
def remove(ctx: typer.Context, name: NameArgument, dry_run: DryRunOption = False) -> None:
    """Forget a profile; `ancadmin batch undo` brings it back. What was imported by it stays.

    Example: ancadmin deposits profile remove mybank
    """
    from ancadmin.services.deposits.profiles.saved import STATEMENT_PROFILES

    state = state_of(ctx)
    batch = STATEMENT_PROFILES.remove(state.session(dry_run=dry_run), name)
    state.conclude(f"the profile {name} is forgotten", f"ancadmin batch undo {batch}", dry_run=dry_run)


def _masked(row: dict[str, Any]) -> dict[str, Any]:
    if row["role"] not in _TEXTS:
        return row
    return {**row, "samples": [masked_narrative(text) for text in row["samples"]]}


def _sheets(rows: list[dict[str, Any]]) -> Iterator[str]:
    """A sentence for each sheet."""
    for _, of_sheet in groupby(rows, key=lambda row: (row["file"], row["sheet"])):
        row = next(of_sheet)
        place = f"{row['file']} {row['sheet']}".strip()
        if row["format"] is None:
            yield f"{place}: not recognised as a statement: ancadmin deposits profile suggest FILE"
            continue
        parts = [f"by the profile {row['profile']}" if row["profile"] else f"as {row['format']}"]
        parts += [f"headings in row {row['header_row']}"] if row["header_row"] else []
        days = f" from {row['first_day']} to {row['last_day']}" if row["lines"] else ""
        parts += [f"{row['lines']} lines{days}", f"{rands(row['in_cents'])} in", f"{rands(row['out_cents'])} out"]
        if row["unreadable"]:
            parts.append(f"{row['unreadable']} lines cannot be read, the first in row {row['first_unreadable']}")
        if row["adds_up"] is not None:
            parts.append("adds up" if row["adds_up"] else "does not add up")
        yield f"{place}: {', '.join(parts)}"
