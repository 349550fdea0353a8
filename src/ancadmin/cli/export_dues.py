"""`ancadmin export statement-of-dues`."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from ancadmin.cli.days import parse_day
from ancadmin.cli.handing import ForOption, PasswordFileOption, handing
from ancadmin.cli.output import FormatOption, JsonOption, chosen, show_result
from ancadmin.cli.state import state_of
from ancadmin.domain.money import rands
from ancadmin.domain.papers import Form


def add_to(app: typer.Typer) -> None:
    """Adds the command to the group."""
    app.command("statement-of-dues")(statement_of_dues)


def statement_of_dues(
    ctx: typer.Context,
    id_number: Annotated[str, typer.Argument(metavar="ID", help="The member's ID number, as it is written")],
    on: Annotated[
        date | None, typer.Option("--on", metavar="YYYY-MM-DD", parser=parse_day, help="The day; else today")
    ] = None,
    as_: Annotated[Form | None, typer.Option("--as", help="PDF, or a workbook; else what -o FILE says")] = None,
    target: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="The paper's file")] = None,
    for_: ForOption = None,
    password_file: PasswordFileOption = None,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """A member's dues, period by period: the fee, what was paid, when and by which deposits, and what is owing.

    Example: ancadmin export statement-of-dues 8001015009087 --as pdf -o dues.pdf

    The ID number stands on it in full, so the access trail says who took it.
    """
    from ancadmin.services.export.dues import export_dues

    state = state_of(ctx)
    session = state.session()
    done = export_dues(session, id_number, on or session.today, as_, target, handing(for_, password_file))
    show_result(chosen(form, as_json, None), done)
    owing = f"{rands(done['arrears_cents'])} owing" if done["arrears_cents"] else "nothing owing"
    state.say(f"statement of dues, {done['periods']} periods, {owing} → {done['file']}")
