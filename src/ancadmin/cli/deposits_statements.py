"""`ancadmin deposits statements`: what was taken in, and whether something is missing between."""

from typing import Annotated, Any

import typer

from ancadmin.cli.output import Column, FileOption, FormatOption, JsonOption, chosen, show_rows
from ancadmin.cli.state import state_of
from ancadmin.domain.money import rands

NEEDS_A_PERSON = 10


def add_to(app: typer.Typer) -> None:
    """Hooks the command into `deposits`."""
    app.command()(statements)


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
