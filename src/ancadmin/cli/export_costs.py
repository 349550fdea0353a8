"""`ancadmin export cost-comparison`."""

from pathlib import Path
from typing import Annotated

import typer

from ancadmin.cli.handing import ForOption, PasswordFileOption, handing
from ancadmin.cli.numbers import numbered
from ancadmin.cli.output import FormatOption, JsonOption, chosen, show_result
from ancadmin.cli.state import state_of
from ancadmin.domain.papers import Form


def add_to(app: typer.Typer) -> None:
    """Adds the command to the group."""
    app.command("cost-comparison")(cost_comparison)


def cost_comparison(
    ctx: typer.Context,
    number: Annotated[int, numbered("The sheet's number", "NO")],
    as_: Annotated[Form | None, typer.Option("--as", help="PDF, or a workbook; else what -o FILE says")] = None,
    target: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="The paper's file")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 10 when the sheet is not complete")] = False,
    for_: ForOption = None,
    password_file: PasswordFileOption = None,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """A cost-comparison sheet as PDF with signature lines, or as a workbook that goes on reckoning.

    Example: ancadmin export cost-comparison 1 --as xlsx -o cost-comparison-1.xlsx
    """
    from ancadmin.services.export.cost_comparison import export_cost_comparison

    state = state_of(ctx)
    done = export_cost_comparison(state.session(), number, as_, target, handing(for_, password_file))
    show_result(chosen(form, as_json, None), done)
    missing = "" if done["complete"] else ", not complete"
    state.say(f"cost comparison {number}, {done['state']}{missing} → {done['file']}")
    if strict and not done["complete"]:
        raise typer.Exit(10)
