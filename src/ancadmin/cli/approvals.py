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
    """What waits until somebody else approves it: decisions of those who only ask for them, roles for those who only
    ask for them, and refunds, moves and reversals above an amount. Who asks and who approves what is in `policy.toml`.

    Example: ancadmin approvals list
    """


@app.command("list")
def list_(
    ctx: typer.Context,
    decided: Annotated[bool, typer.Option("--all", help="Also what was approved or refused")] = False,
    mine: Annotated[bool, typer.Option("--mine", help="Only what you asked for yourself")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 10 when something waits")] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Show what waits for approval, oldest first: of your places, and what you asked for yourself.

    Example: ancadmin approvals list --all
    """
    from ancadmin.services.approvals.listing import listed

    state = state_of(ctx)
    output = chosen(form, as_json, file)
    full = output.shows_full_ids
    rows = listed(state.session(), decided=decided, mine=mine, full_ids=full)
    columns = [
        Column("request", "no", "number"),
        Column("what", "what"),
        Column("about", "about"),
        Column("cents", "amount", "money"),
        Column("on", "from day"),
        Column("where", "place"),
        Column("asked_by", "asked by"),
        Column("asked_on", "asked on"),
        Column("why", "why"),
        *([Column("verdict", "verdict"), Column("decided_by", "by"), Column("decided_why", "because")] * decided),
    ]
    show_rows(output, columns, rows if full else [{**row, **_for_people(row)} for row in rows])
    yours = [row["request"] for row in rows if row["yours"]]
    if yours:
        state.say(f'{len(yours)} for you to decide → ancadmin approvals approve {yours[0]} --why "…"')
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


def _for_people(row: dict[str, Any]) -> dict[str, Any]:
    """A request in few words: of a deposit its number, ID numbers masked, of a transfer both branches, of a role whose
    and until when.
    """
    number = f" {row['subject']}" if row["kind"].startswith("deposits ") else ""
    if row["role"]:
        until = f" until {row['until']}" if row["until"] else ""
        number = f" {row['account']} as {row['role'].replace('_', ' ')} of {row['place']}{until}"
    to = f" → {mask(row['receiver'])}" if row["receiver"] else ""
    both = (row["from_branch"], row["to_branch"])
    return {
        "what": row["kind"] + number,
        "about": row["name"] or _named(row["senders"]) + to,
        "where": " → ".join(both) if all(both) else row["place"],
        "asked_on": row["asked_at"][:10],
    }


def _named(numbers: list[str]) -> str:
    """A few ID numbers, masked, and how many more there are."""
    rest = f" and {len(numbers) - _NAMED} more" if len(numbers) > _NAMED else ""
    return ", ".join(mask(one) for one in numbers[:_NAMED]) + rest


def _summary(done: dict[str, Any], what: str) -> str:
    return f"request {done['request']} ({done['kind']}) {what}"
