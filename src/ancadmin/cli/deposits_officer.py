"""`ancadmin deposits allocate, reverse, refund, move, returned`: an officer's work on one deposit."""

from typing import TYPE_CHECKING, Annotated

import typer

from ancadmin.cli.numbers import LARGEST, numbered
from ancadmin.cli.output import (
    DryRunOption,
    FileOption,
    FormatOption,
    JsonOption,
    Output,
    chosen,
    show_result,
)
from ancadmin.cli.state import State, state_of
from ancadmin.domain.money import rands

if TYPE_CHECKING:
    from ancadmin.services.deposits.works import Decided

WhyOption = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason; it is kept with the entry")]
NumberArgument = Annotated[int, numbered("The number of the deposit in `deposits list`")]


def add_to(app: typer.Typer) -> None:
    """Hooks the commands into `deposits`."""
    for command in (allocate, reverse, refund, move, returned):
        app.command()(command)


def allocate(
    ctx: typer.Context,
    number: NumberArgument,
    to: Annotated[str, typer.Option("--to", metavar="ID", help="The ID number of the member")],
    why: WhyOption,
    cents: Annotated[
        int | None,
        typer.Option("--cents", min=1, metavar="C", help="How much of it, in cents; else all that is unallocated"),
    ] = None,
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Credit a deposit, or some of it, to a member.

    Example: ancadmin deposits allocate 17 --to 8001015009087 --why "Proof of payment shown, slip 4411"
    """
    from ancadmin.services.deposits.officer import allocate as allocate_deposit

    state = state_of(ctx)
    output = chosen(form, as_json, file)
    result = allocate_deposit(state.session(dry_run=dry_run), number, to, cents, why)
    _show_decided(state, output, result, "credited", dry_run=dry_run)


def reverse(
    ctx: typer.Context,
    number: NumberArgument,
    why: WhyOption,
    of: Annotated[
        str | None,
        typer.Option("--to", metavar="ID", help="Only what is allocated to this member, such as a share of a schedule"),
    ] = None,
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Take back what of a deposit is allocated; it stays unallocated until someone decides.

    Example: ancadmin deposits reverse 17 --why "The slip is of another member"

    Where nothing is allocated but the money was given back, or the bank had taken it, this says that it is here again.
    More than one officer may move alone waits for approval.
    """
    from ancadmin.services.deposits.officer import reverse as reverse_allocations

    state = state_of(ctx)
    output = chosen(form, as_json, file)
    result = reverse_allocations(state.session(dry_run=dry_run), number, why, of)
    _show_decided(state, output, result, "taken back", dry_run=dry_run)


def refund(
    ctx: typer.Context,
    number: NumberArgument,
    why: WhyOption,
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Record that what is unallocated of a deposit was given back to whoever paid it in.

    Example: ancadmin deposits refund 17 --why "Paid into the wrong account; returned by EFT"

    More than one officer may give back alone waits for approval.
    """
    from ancadmin.services.deposits.officer import refund_deposit

    state = state_of(ctx)
    output = chosen(form, as_json, file)
    result = refund_deposit(state.session(dry_run=dry_run), number, why)
    _show_decided(state, output, result, "given back", dry_run=dry_run)


def move(
    ctx: typer.Context,
    number: NumberArgument,
    sender: Annotated[str, typer.Option("--from", metavar="ID", help="The ID number of the member who has it")],
    receiver: Annotated[str, typer.Option("--to", metavar="ID", help="The ID number of the member whose it is")],
    why: WhyOption,
    cents: Annotated[
        int | None, typer.Option("--cents", min=1, metavar="C", help="How much of it, in cents; else all they have")
    ] = None,
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Move what of a deposit is credited to one member to another; both are settled anew.

    Example: ancadmin deposits move 17 --from 8001015009087 --to 7501151234085 --why "Her slip; he had typed her number"

    More than one officer may move alone waits for approval.
    """
    from ancadmin.services.deposits.suspense.moving import move as move_money

    state = state_of(ctx)
    output = chosen(form, as_json, file)
    result = move_money(state.session(dry_run=dry_run), number, sender, receiver, cents, why)
    _show_decided(state, output, result, "moved", dry_run=dry_run)


def returned(
    ctx: typer.Context,
    number: NumberArgument,
    line: Annotated[
        int,
        typer.Option(
            "--line",
            metavar="M",
            min=1,
            max=LARGEST,
            help="The debit in which it left: `deposits list --state not_a_deposit`",
        ),
    ],
    why: WhyOption,
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Record that the bank took a deposit back, in a debit line of the same account and amount.

    Example: ancadmin deposits returned 17 --line 23 --why "Cheque not honoured"

    What was credited of it counts on no day any more. Should the bank pay it again: `deposits reverse 17`.
    """
    from ancadmin.services.deposits.suspense.returned import returned as take_returned

    state = state_of(ctx)
    output = chosen(form, as_json, file)
    result = take_returned(state.session(dry_run=dry_run), number, line, why)
    _show_decided(state, output, result, "taken back by the bank", dry_run=dry_run)


def _show_decided(state: State, output: Output, result: "Decided", what: str, *, dry_run: bool) -> None:
    show_result(output, result.as_dict())
    if result.waits:
        before = f" (with {rands(result.before_cents)} before: of this deposit, or by you today)"
        state.conclude(
            f"deposit {result.deposit}: {rands(result.cents)} waits for approval {result.request}"
            + (before if result.before_cents else ""),
            f'ancadmin approvals approve {result.request} --why "…"',
            dry_run=dry_run,
        )
        return
    left = f", {rands(result.unallocated_cents)} left" if result.unallocated_cents else ""
    own = f" (request {result.request}, own work of the sole operator)" if result.request else ""
    state.conclude(
        f"deposit {result.deposit}: {rands(result.cents)} {what}{own}{left}",
        "ancadmin deposits balance",
        dry_run=dry_run,
    )
