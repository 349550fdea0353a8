"""`ancadmin sweep`, short for `ancadmin standing sweep`."""

import typer

from ancadmin.cli.standing import sweep

app = typer.Typer(rich_markup_mode=None)
app.command()(sweep)
