"""`ancadmin register profile`: how the columns of registers are read, written down and kept by name."""

from collections.abc import Callable, Iterator
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
from ancadmin.cli.register_preview import masked_number
from ancadmin.cli.state import state_of

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The profile's name")]


@app.callback()
def profile() -> None:
    """Which heading is which field: suggested, corrected, kept by name, and known again by the headings.

    Example: ancadmin register profile suggest register.csv
    """


@app.command()
def suggest(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A register of any shape")],
    to: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write the TOML to FILE")] = None,
) -> None:
    """Print how the columns of a file are recognised, as TOML to correct and save.

    Example: ancadmin register profile suggest register.csv -o register.toml
    """
    from ancadmin.services.register.profiles.suggesting import suggest_profile

    show_text(suggest_profile(file), to)


@app.command()
def check(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A register of any shape")],
    name: Annotated[str | None, typer.Option("--profile", metavar="NAME", help="Read it by this profile")] = None,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", metavar="FILE.toml", help="Read it by the mapping in this file")
    ] = None,
    form: FormatOption = None,
    as_json: JsonOption = False,
    output_file: FileOption = None,
) -> None:
    """Show how a file would be read: each column, its field, how sure that is, and a few of its cells.

    Example: ancadmin register profile check register.csv

    Without --profile or --mapping as `ancadmin register import` would read it. Nothing is written.
    """
    from ancadmin.errors import UsageError
    from ancadmin.services.register.profiles.checking import check_profile

    if name is not None and mapping is not None:
        raise UsageError("--profile and --mapping say different things", "Give one of them.")
    state = state_of(ctx)
    output = chosen(form, as_json, output_file)
    rows = check_profile(state.session(), file, name, mapping)
    columns = (
        Column("sheet", "sheet"),
        Column("column", "column", "number"),
        Column("heading", "heading"),
        Column("field", "field"),
        Column("confidence", "sure", "number"),
        Column("filled", "filled", "number"),
        Column("date_order", "dates"),
        Column("doubtful", "doubtful", "number"),
        Column("samples", "cells"),
    )
    shown = [{**row, "samples": list(map(_mask_of(row["field"]), row["samples"]))} for row in rows]
    show_rows(output, columns, shown, above=list(_sheets(rows)))


@app.command()
def save(
    ctx: typer.Context,
    name: NameArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="A mapping, as `suggest` prints it")],
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Keep a mapping under a name, in the place of the one that had it. `ancadmin batch undo` takes it back.

    Example: ancadmin register profile save ekurhuleni register.toml

    From then on `ancadmin register import` reads every sheet with these headings by it, and says so.
    """
    from ancadmin.services.register.profiles.saved import REGISTER_PROFILES

    state = state_of(ctx)
    saved = REGISTER_PROFILES.save(state.session(dry_run=dry_run), name, file)
    show_result(chosen(form, as_json, None), saved.as_dict(), quiet=state.quiet)
    state.conclude(f"the profile {name} is {saved.became}", "ancadmin register import FILE", dry_run=dry_run)


@app.command("list")
def list_(ctx: typer.Context, form: FormatOption = None, as_json: JsonOption = False, file: FileOption = None) -> None:
    """The profiles there are, with the headings each is of.

    Example: ancadmin register profile list
    """
    from ancadmin.services.register.profiles.saved import REGISTER_PROFILES

    columns = (
        Column("name", "name"),
        Column("sheets", "sheets", "number"),
        Column("headings", "headings"),
        Column("operator", "by"),
        Column("saved_at", "saved at"),
        Column("batch", "batch", "number"),
    )
    show_rows(chosen(form, as_json, file), columns, REGISTER_PROFILES.rows(state_of(ctx).session()))


@app.command()
def show(
    ctx: typer.Context,
    name: NameArgument,
    to: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write the TOML to FILE")] = None,
) -> None:
    """Print a profile's mapping, as it was saved.

    Example: ancadmin register profile show ekurhuleni
    """
    from ancadmin.services.register.profiles.saved import REGISTER_PROFILES

    show_text(REGISTER_PROFILES.text(state_of(ctx).session(), name), to)


@app.command()
def remove(ctx: typer.Context, name: NameArgument, dry_run: DryRunOption = False) -> None:
    """Forget a profile; `ancadmin batch undo` brings it back. What was imported by it stays.

    Example: ancadmin register profile remove ekurhuleni
    """
    from ancadmin.services.register.profiles.saved import REGISTER_PROFILES

    state = state_of(ctx)
    batch = REGISTER_PROFILES.remove(state.session(dry_run=dry_run), name)
    state.conclude(f"the profile {name} is forgotten", f"ancadmin batch undo {batch}", dry_run=dry_run)


def _mask_of(field: str | None) -> Callable[[str], str]:
    """How cells of a column are masked: what says where a member lives or pays is shown, but for ID numbers in it."""
    return masked_number if field in (None, "id_number", "cell", "old_reference") else masked_narrative


def _sheets(rows: list[dict[str, Any]]) -> Iterator[str]:
    """A sentence for each sheet."""
    for _, of_sheet in groupby(rows, key=lambda row: (row["file"], row["sheet"])):
        row = next(of_sheet)
        place = f"{row['file']} {row['sheet']}".strip()
        if not row["header_confidence"]:
            yield f"{place}: no column of ID numbers, set aside with its {row['rows']} rows"
            continue
        by = f", by the profile {row['profile']}" if row["profile"] else ""
        yield (
            f"{place}: headings in row {row['header_row']} (sure {row['header_confidence']:.2f}), {row['rows']} rows, "
            f"{row['blank']} blank, {row['hidden']} hidden{by}"
        )
