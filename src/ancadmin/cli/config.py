"""`ancadmin config`."""

import typer

from ancadmin.cli import config_policy
from ancadmin.cli.output import Column, FileOption, FormatOption, JsonOption, chosen, show_rows
from ancadmin.cli.state import state_of

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
app.add_typer(config_policy.app, name="policy")


@app.callback()
def config() -> None:
    """Settings and policy in force.

    Example: ancadmin config show
    """


@app.command()
def show(ctx: typer.Context, form: FormatOption = None, as_json: JsonOption = False, file: FileOption = None) -> None:
    """Which store and which policy file are used, and what says so.

    Example: ancadmin config show

    A flag comes before a variable (ANCADMIN_DB, ANCADMIN_POLICY), a variable before ancadmin.toml here, that before
    the user's own ancadmin.toml.
    """
    from ancadmin.services.config.show import show_settings
    from ancadmin.settings import load_settings, settings_in_force

    state = state_of(ctx)
    found = settings_in_force(state.db, state.policy)
    rows = show_settings(found, load_settings(state.db, state.policy))
    columns = [Column("setting", "setting"), Column("value", "value"), Column("source", "from")]
    show_rows(chosen(form, as_json, file), columns, rows)
