"""`ancadmin init`."""

from typing import Annotated

import typer

from ancadmin.cli.output import FormatOption, JsonOption, chosen, show_result
from ancadmin.cli.state import state_of

app = typer.Typer(rich_markup_mode=None)


@app.command()
def init(
    ctx: typer.Context,
    sole_operator: Annotated[
        bool, typer.Option("--sole-operator", help="One person may approve their own work; every paper says so")
    ] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Create or upgrade the store, and make yourself its national officer.

    Example: ancadmin init
    """
    from dataclasses import asdict

    from ancadmin.services.db.init import initialise
    from ancadmin.settings import load_settings

    state = state_of(ctx)
    done = initialise(load_settings(state.db, state.policy), sole_operator=sole_operator)
    show_result(chosen(form, as_json, None), asdict(done))
    state.say(f"{done.account} is an operator of {done.store} → ancadmin db places import FILE")
