"""`ancadmin db`."""

from pathlib import Path
from typing import Annotated

import typer

from ancadmin.cli import db_demarcation
from ancadmin.cli.output import (
    Column,
    DryRunOption,
    FileOption,
    FormatOption,
    JsonOption,
    chosen,
    show_result,
    show_rows,
)
from ancadmin.cli.state import state_of

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
places = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
app.add_typer(places, name="places")
app.add_typer(db_demarcation.app, name="demarcation")


@app.callback()
def db() -> None:
    """The store: places, upgrade, where it is.

    Example: ancadmin db info
    """


@places.callback()
def places_group() -> None:
    """Provinces, regions, branches and wards.

    Example: ancadmin db places list
    """


@places.command("import")
def import_(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, a row a branch")],
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Provinces, regions, branches and wards from a CSV file.

    Example: ancadmin db places import places.csv

    Columns, in any order: province,region_code,region,branch_code,branch,ward; a column ward_year may say in which
    delimitation the ward is. One problem anywhere refuses the whole file. Places the file does not name stay.
    """
    from dataclasses import asdict

    from ancadmin.services.db.places import import_places

    state = state_of(ctx)
    done = import_places(state.session(dry_run=dry_run), path)
    show_result(chosen(form, as_json, None), asdict(done))
    summary = f"{done.read} branches read, {done.new} new, {done.updated} updated, {done.unchanged} unchanged"
    state.conclude(summary, "ancadmin register import FILE", dry_run=dry_run)


@places.command("list")
def list_(ctx: typer.Context, form: FormatOption = None, as_json: JsonOption = False, file: FileOption = None) -> None:
    """Every branch on record, with its ward, region, province and how many members it has.

    Example: ancadmin db places list --format csv
    """
    from ancadmin.services.db.places import list_places

    columns = [
        Column("province", "province"),
        Column("region_code", "region"),
        Column("region", "name"),
        Column("branch_code", "branch"),
        Column("branch", "name"),
        Column("ward", "ward"),
        Column("members", "members", "number"),
    ]
    show_rows(chosen(form, as_json, file), columns, list_places(state_of(ctx).session()))


@app.command()
def upgrade(
    ctx: typer.Context,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring the store's schema up to this program's, in one transaction.

    Example: ancadmin db upgrade

    Copy the store first. A store from a later version is refused.
    """
    from dataclasses import asdict

    from ancadmin.services.db.upgrade import upgrade_store
    from ancadmin.settings import load_settings

    state = state_of(ctx)
    done = upgrade_store(load_settings(state.db, state.policy))
    show_result(chosen(form, as_json, None), asdict(done))
    state.say(f"{done.store}: schema {done.before} → {done.after}" if done.batch else f"{done.store}: nothing to do")


@app.command()
def path(ctx: typer.Context) -> None:
    """Where the store is: its file, or its URL.

    Example: ancadmin db path
    """
    from ancadmin.services.db.info import store_name
    from ancadmin.settings import load_settings

    state = state_of(ctx)
    typer.echo(store_name(load_settings(state.db, state.policy)))


@app.command()
def info(ctx: typer.Context, form: FormatOption = None, as_json: JsonOption = False, file: FileOption = None) -> None:
    """Which store this is, its schema, its size and how much it holds.

    Example: ancadmin db info
    """
    from ancadmin.services.db.info import store_info

    show_result(chosen(form, as_json, file), store_info(state_of(ctx).session()))
