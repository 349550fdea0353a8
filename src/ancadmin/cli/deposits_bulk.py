"""`ancadmin deposits bulk`: one deposit for many members, by a schedule that somebody else approves."""

from pathlib import Path
from typing import Annotated

import typer

from ancadmin.cli.deposits_officer import NumberArgument, WhyOption
from ancadmin.cli.narratives import masked_narrative
from ancadmin.cli.output import (
    Column,
    DryRunOption,
    FileOption,
    Format,
    FormatOption,
    JsonOption,
    chosen,
    show_result,
    show_rows,
)
from ancadmin.cli.state import state_of
from ancadmin.domain.money import rands

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

NEEDS_A_PERSON = 10


@app.callback()
def bulk() -> None:
    """Bulk deposits: one payment for many members. It is nobody's payment until a schedule says whose, and somebody
    else than who attached that approves it.

    Example: ancadmin deposits bulk list
    """


@app.command("list")
def list_(
    ctx: typer.Context,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 10 when the queue is not empty")] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Show the queue, oldest first, with the schedule that waits for each deposit.

    Example: ancadmin deposits bulk list
    """
    from ancadmin.services.deposits.bulk.schedules import queue

    output = chosen(form, as_json, file)
    rows = queue(state_of(ctx).session())
    columns = (
        Column("deposit", "no", "number"),
        Column("account", "account"),
        Column("value_date", "value date"),
        Column("age_days", "days", "number"),
        Column("cents", "amount", "money"),
        Column("narrative", "narrative"),
        Column("reason", "reason"),
        Column("file", "schedule"),
        Column("lines", "lines", "number"),
        Column("asked_by", "attached by"),
    )
    shown = (
        rows if output.shows_full_ids else [{**row, "narrative": masked_narrative(row["narrative"])} for row in rows]
    )
    show_rows(output, columns, shown)
    if strict and rows:
        raise typer.Exit(NEEDS_A_PERSON)


@app.command()
def schedule(
    ctx: typer.Context,
    number: NumberArgument,
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV or workbook: ID numbers and amounts; surnames are checked")
    ],
    dry_run: DryRunOption = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 10 when a line may be on the statement twice")] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Attach the payer's schedule to a bulk deposit. It has to add up to the cent; every problem is told at once.

    Example: ancadmin deposits bulk schedule 17 schedule.csv

    Nothing is credited before somebody else approves. Another schedule takes the place of one not approved.
    """
    from ancadmin.services.deposits.bulk.schedules import schedule as attach

    state = state_of(ctx)
    output = chosen(form, as_json, file)
    done = attach(state.session(dry_run=dry_run), number, path)
    answer = done.as_dict()
    if not output.shows_full_ids:
        answer["paid_already"] = len(done.paid_already)
    show_result(output, answer)
    for one in done.paid_already:
        state.say(
            f"line {one.line}: {rands(one.cents)} of {one.value_date} is credited to this member already, deposit "
            f"{one.deposit}; is it the same payment?"
        )
    state.conclude(
        f"deposit {number}: {done.lines} lines, {rands(done.cents)}, wait for approval",
        f"ancadmin deposits bulk show {number}",
        dry_run=dry_run,
    )
    if strict and done.paid_already:
        raise typer.Exit(NEEDS_A_PERSON)


@app.command()
def show(
    ctx: typer.Context,
    number: NumberArgument,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Show a deposit's schedule line by line, with each member's standing before and after.

    Example: ancadmin deposits bulk show 17
    """
    from ancadmin.services.deposits.bulk.showing import show as shown

    state = state_of(ctx)
    output = chosen(form, as_json, file)
    answer = shown(state.session(), number, full_ids=output.shows_full_ids)
    if output.format is Format.JSON:
        show_result(output, answer)
        return
    columns = (
        Column("line", "line", "number"),
        Column("id_number", "ID number", "id"),
        Column("surname", "surname"),
        Column("first_names", "first names"),
        Column("branch", "branch"),
        Column("cents", "amount", "money"),
        Column("in_force", "credited"),
        Column("status_before", "standing before"),
        Column("paid_until_before", "paid until"),
        Column("status_after", "standing after"),
        Column("paid_until_after", "paid until"),
    )
    by = f", approved by {answer['approved_by']}: {answer['approved_why']}" if answer["approved_by"] else ""
    above = [
        f"deposit {number} of {answer['value_date']}, {rands(answer['cents'])}, {answer['state']}",
        f"schedule {answer['file']}, {answer['verdict']}; attached by {answer['asked_by']}{by}",
    ]
    show_rows(output, columns, answer["lines"], above=above)


@app.command()
def approve(
    ctx: typer.Context,
    number: NumberArgument,
    why: WhyOption,
    also_paid: Annotated[
        list[str] | None,
        typer.Option(
            "--also-paid",
            metavar="ID",
            help="This member's other deposit of the same amount is separate money; `all` for all of them",
        ),
    ] = None,
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Approve the schedule of a bulk deposit: every member is credited their share. Nobody approves their own.

    Example: ancadmin deposits bulk approve 17 --why "Called the branch secretary, who has the slips"

    A share can be taken back alone: `deposits reverse 17 --to ID`.
    """
    from ancadmin.services.deposits.bulk.approving import approve as split

    state = state_of(ctx)
    output = chosen(form, as_json, file)
    done = split(state.session(dry_run=dry_run), number, why, also_paid or ())
    show_result(output, done.as_dict())
    own = ", own work of the sole operator" if done.own_work else ""
    state.conclude(
        f"deposit {number}: {rands(done.cents)} credited to {done.lines} members{own}",
        "ancadmin sweep",
        dry_run=dry_run,
    )


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
    """Refuse the schedule of a bulk deposit; the deposit stays in the queue.

    Example: ancadmin deposits bulk refuse 17 --why "The branch secretary does not know three of them"
    """
    from ancadmin.services.deposits.bulk.schedules import refuse as refuse_schedule

    state = state_of(ctx)
    output = chosen(form, as_json, file)
    show_result(output, refuse_schedule(state.session(dry_run=dry_run), number, why))
    state.conclude(f"the schedule of deposit {number} is refused", "ancadmin deposits bulk list", dry_run=dry_run)
