"""`ancadmin deposits allocate, reverse, refund`: an officer's work on one deposit."""

from typing import TYPE_CHECKING, Annotated

import typer

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
    from ancadmin.services.deposits.officer import Decided

WhyOption = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason; it is kept with the entry")]
NumberArgument = Annotated[int, typer.Argument(metavar="N", help="The number of the deposit in `deposits list`")]


def add_to(app: typer.Typer) -> None:
    """Hooks the commands into `deposits`."""
    for command in (allocate, reverse, refund):
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
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Take back what of a deposit is allocated; it stays unallocated until someone decides.

    Example: ancadmin deposits reverse 17 --why "The bank took the money back"
    """
    from ancadmin.services.deposits.officer import reverse as reverse_allocations

    state = state_of(ctx)
    output = chosen(form, as_json, file)
    result = reverse_allocations(state.session(dry_run=dry_run), number, why)
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
    """
    from ancadmin.services.deposits.officer import refund_deposit

    state = state_of(ctx)
    output = chosen(form, as_json, file)
    result = refund_deposit(state.session(dry_run=dry_run), number, why)
    _show_decided(state, output, result, "given back", dry_run=dry_run)


def _show_decided(state: State, output: Output, result: "Decided", what: str, *, dry_run: bool) -> None:
    show_result(output, result.as_dict())
    left = f", {rands(result.unallocated_cents)} left" if result.unallocated_cents else ""
    state.conclude(
        f"deposit {result.deposit}: {rands(result.cents)} {what}{left}",
        "ancadmin deposits balance",
        dry_run=dry_run,
    )
