"""`ancadmin deposits statements` and `deposits profile`: what was taken in, and how a bank's tables are read."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from ancadmin.cli.output import Column, FileOption, FormatOption, JsonOption, chosen, show_rows
from ancadmin.cli.state import state_of
from ancadmin.domain.money import rands

NEEDS_A_PERSON = 10

profile_app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Hooks the commands into `deposits`."""
    app.command()(statements)
    app.add_typer(profile_app, name="profile")


def statements(
    ctx: typer.Context,
    account: Annotated[str | None, typer.Option("--account", metavar="NAME", help="Only of this account")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 10 when there is a gap")] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Show every statement in order, and whether one is missing between two.

    Example: ancadmin deposits statements --account 62012345678

    A statement follows on the former where it opens with the balance that one closed on; without balances, where no day
    lies between. What `batch undo` took back is left out.
    """
    from ancadmin.services.deposits.statements.gaps import GAP, statements_in_order

    state = state_of(ctx)
    output = chosen(form, as_json, file)
    rows = statements_in_order(state.session(), account)
    columns = (
        Column("account", "account"),
        Column("period_from", "from"),
        Column("period_to", "to"),
        Column("sequence", "no"),
        Column("opening_cents", "opening", "money"),
        Column("closing_cents", "closing", "money"),
        Column("lines", "lines", "number"),
        Column("said", "follows"),
        Column("bank", "bank"),
        Column("file", "file"),
    )
    shown = rows if output.shows_full_ids else [{**row, "said": _said(row)} for row in rows]
    show_rows(output, columns, shown)
    gaps = sum(row["follows"] == GAP for row in rows)
    if gaps:
        what = "gap" if gaps == 1 else "gaps"
        state.say(f"{gaps} {what}: ask the bank for the statement between → ancadmin deposits import FILE")
    if gaps and strict:
        raise typer.Exit(NEEDS_A_PERSON)


def _said(row: dict[str, Any]) -> str:
    """How a statement follows, for people."""
    parts = [row["follows"]]
    if row["overlap_lines"]:
        parts = [f"overlaps {row['overlap_lines']} lines" if row["overlap_lines"] > 1 else "overlaps 1 line"]
    if row["gap_days"]:
        parts.append(f"{row['gap_days']} days" if row["gap_days"] > 1 else "1 day")
    if row["gap_cents"]:
        parts.append(f"{rands(abs(row['gap_cents']))} {'more' if row['gap_cents'] > 0 else 'less'}")
    if row["adds_up"] is False:
        parts.append("does not add up")
    return ", ".join(parts)


@profile_app.callback()
def profile() -> None:
    """How the tables of a bank are read: a file of your own for a bank this version does not know.

    Example: ancadmin deposits profile suggest statement.csv
    """


@profile_app.command()
def suggest(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A statement of the bank")],
    to: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write the TOML to FILE")] = None,
) -> None:
    """Print how the columns of a statement are recognised, as TOML to correct and give to `deposits import --profile`.

    Example: ancadmin deposits profile suggest statement.csv -o mybank.toml
    """
    from ancadmin.services.deposits.statements.suggesting import suggest_statement_profile

    text = suggest_statement_profile(file)
    if to is None:
        sys.stdout.write(text)
        return
    from ancadmin.writers.files import written_whole

    with written_whole(to) as temporary:
        temporary.write_text(text, encoding="utf-8")
