"""`ancadmin approvals`: what waits until somebody else approves it."""

from typing import Annotated, Any

import typer

from ancadmin.cli.numbers import numbered
from ancadmin.cli.output import (
    Column,
    DryRunOption,
    FileOption,
    FormatOption,
    JsonOption,
    chosen,
    mask,
    show_result,
    show_rows,
)
from ancadmin.cli.state import state_of

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

NEEDS_A_PERSON = 10
_NAMED = 3

NumberArgument = Annotated[int, numbered("The number of the request in `approvals list`")]
WhyOption = Annotated[str, typer.Option("--why", metavar="TEXT", help="The explanation; it is kept with the entry")]


@app.callback()
def approvals() -> None:
    """What waits until somebody else approves it: refunds, moves and reversals above an amount of `policy.toml`.

    Example: ancadmin approvals list
    """


@app.command("list")
def list_(
    ctx: typer.Context,
    decided: Annotated[bool, typer.Option("--all", help="Also what was approved or refused")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 10 when something waits")] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Show what waits for approval, oldest first.

    Example: ancadmin approvals list --all
    """
    from ancadmin.services.approvals.deciding import listed

    output = chosen(form, as_json, file)
    full = output.shows_full_ids
    rows = listed(state_of(ctx).session(), decided=decided, full_ids=full)
    columns = [
        Column("request", "no", "number"),
        Column("kind", "what"),
        Column("subject", "of"),
        Column("cents", "amount", "money"),
        Column("asked_by", "asked by"),
        Column("asked_at", "asked at"),
        Column("senders", "from"),
        Column("receiver", "to", "id"),
        Column("where", "branch"),
        Column("why", "why"),
        *([Column("verdict", "verdict"), Column("decided_by", "by"), Column("decided_why", "because")] * decided),
    ]
    shown = [{**row, "where": _where(row)} for row in rows]
    show_rows(output, columns, shown if full else [{**row, "senders": _named(row["senders"])} for row in shown])
    if strict and any(row["verdict"] is None for row in rows):
        raise typer.Exit(NEEDS_A_PERSON)


@app.command()
def approve(
    ctx: typer.Context,
    number: NumberArgument,
    why: WhyOption,
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Approve a request: what was asked is done, exactly so. Nobody approves their own.

    Example: ancadmin approvals approve 4 --why "Seen the payer's letter and the bank's slip"

    Where the deposit was decided about since, it is refused with what changed.
    """
    from ancadmin.services.approvals.deciding import approve as approve_request

    state = state_of(ctx)
    output = chosen(form, as_json, file)
    done = approve_request(state.session(dry_run=dry_run), number, why)
    show_result(output, done)
    own = ", own work of the sole operator" if done["own_work"] else ""
    state.conclude(_summary(done, f"approved and done{own}"), "ancadmin approvals list", dry_run=dry_run)


@app.command()
def refuse(
    ctx: typer.Context,
    number: NumberArgument,
    why: WhyOption,
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Refuse a request, or withdraw your own: nothing is done.

    Example: ancadmin approvals refuse 4 --why "The payer has withdrawn the complaint"
    """
    from ancadmin.services.approvals.deciding import refuse as refuse_request

    state = state_of(ctx)
    output = chosen(form, as_json, file)
    done = refuse_request(state.session(dry_run=dry_run), number, why)
    show_result(output, done)
    state.conclude(_summary(done, "refused"), "ancadmin approvals list", dry_run=dry_run)


def _where(row: dict[str, Any]) -> str | None:
    """The branch, of a transfer both."""
    both = (row["from_branch"], row["to_branch"])
    return " → ".join(both) if all(both) else row["place"]


def _named(numbers: list[str]) -> str:
    """A few ID numbers, masked, and how many more there are."""
    rest = f" and {len(numbers) - _NAMED} more" if len(numbers) > _NAMED else ""
    return ", ".join(mask(one) for one in numbers[:_NAMED]) + rest


def _summary(done: dict[str, Any], what: str) -> str:
    return f"request {done['request']} ({done['kind']}) {what}"
