"""`ancadmin config`."""

import typer

from ancadmin.cli.output import Column, FileOption, FormatOption, JsonOption, chosen, show_result, show_rows
from ancadmin.cli.state import state_of

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)


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


@app.command()
def policy(ctx: typer.Context, form: FormatOption = None, as_json: JsonOption = False, file: FileOption = None) -> None:
    """The organisation's numbers in force: fees, months, ages, thresholds.

    Example: ancadmin config policy

    To change them, copy the shipped policy.toml, and name the copy in ancadmin.toml: policy = "our-policy.toml".
    """
    from ancadmin.services.config.show import show_policy
    from ancadmin.services.session import today_in_johannesburg
    from ancadmin.settings import load_settings

    state = state_of(ctx)
    found = show_policy(load_settings(state.db, state.policy), today_in_johannesburg())
    show_result(chosen(form, as_json, file), found)
