"""`ancadmin costs option`, `line` and `remove`: filling a cost-comparison sheet in."""

from decimal import Decimal
from typing import Annotated

import typer

from ancadmin.cli.numbers import numbered
from ancadmin.cli.output import DryRunOption, FormatOption, JsonOption, chosen, show_result
from ancadmin.cli.state import state_of
from ancadmin.domain.cost_entry import PLACES
from ancadmin.domain.costs import Line, LineKind, OptionKind
from ancadmin.domain.money import rands, typed_cents, typed_number
from ancadmin.errors import UsageError

NumberArgument = Annotated[int, numbered("The sheet's number", "NO")]


def add_to(app: typer.Typer) -> None:
    """Adds the commands to the group."""
    for command in (option, line, remove):
        app.command()(command)


def option(
    ctx: typer.Context,
    number: NumberArgument,
    kind: Annotated[OptionKind, typer.Option("--kind", help="The way to go")],
    title: Annotated[str, typer.Option("--title", help="What this option is, where its kind does not say enough")] = "",
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add an option; the first line of a kind makes one too.

    Example: ancadmin costs option 1 --kind contract_out --title "Cards printed by a bureau"
    """
    from ancadmin.services.costs.fill import add_option

    state = state_of(ctx)
    done = add_option(state.session(dry_run=dry_run), number, kind, title)
    show_result(chosen(form, as_json, None), done)
    state.conclude(
        f"sheet {number}: option {done['option']} added",
        f"ancadmin costs line {number} --option {done['option']}",
        dry_run=dry_run,
    )


def line(
    ctx: typer.Context,
    number: NumberArgument,
    option: Annotated[str, typer.Option("--option", metavar="KIND", help="Its letter, kind or title")],
    kind: Annotated[LineKind, typer.Option("--kind", help="core: a deposit that comes back with the old part")],
    part_number: Annotated[str, typer.Option("--part-number", help="For parts")] = "",
    description: Annotated[str, typer.Option("--description", help="What it is")] = "",
    quantity: Annotated[
        str | None, typer.Option("--quantity", "--hours", metavar="N", help="How many, or the hours of labour")
    ] = None,
    unit: Annotated[
        str | None, typer.Option("--unit", "--rate", metavar="RANDS", help="What one costs, or the hourly rate")
    ] = None,
    handling: Annotated[str, typer.Option("--handling", metavar="%", help="Percent on top, for parts")] = "0",
    invoice: Annotated[
        str | None, typer.Option("--invoice", metavar="RANDS", help="A contractor's claim: what the invoice says")
    ] = None,
    discount: Annotated[str, typer.Option("--discount", metavar="RANDS", help="Discount the invoice grants")] = "0",
    allowance: Annotated[
        str | None,
        typer.Option("--allowance", metavar="RANDS", help="The region's own comparable allowance, if not --unit"),
    ] = None,
    dry_run: DryRunOption = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 10 when something of the line is missing")] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a line to an option.

    Example: ancadmin costs line 1 --option repair --kind part --part-number ZP-300 --description "Print head" --quantity 1 --unit "R4 250.00" --handling 12.5

    A claim is paid at the lower of the invoice less its discount and the region's own comparable allowance.
    """  # noqa: E501 - the example can be pasted
    from ancadmin.services.costs.fill import add_line

    state = state_of(ctx)
    single = kind in (LineKind.ASSEMBLY, LineKind.CORE, LineKind.OTHER) or allowance is not None
    entered = Line(
        position=0,
        kind=kind,
        part_number=part_number,
        description=description,
        quantity=_number(quantity or ("1" if single else None), "--quantity"),
        unit_cents=_cents(unit, "--unit"),
        handling_percent=_number(handling, "--handling") or Decimal(0),
        invoice_cents=_cents(invoice, "--invoice"),
        discount_cents=_cents(discount, "--discount") or 0,
        allowance_cents=_cents(allowance, "--allowance"),
    )
    done = add_line(state.session(dry_run=dry_run), number, option, entered)
    show_result(chosen(form, as_json, None), done)
    missing = f", {len(done['faults'])} missing" if done["faults"] else ""
    total = rands(done["total_cents"])
    state.conclude(
        f"line {done['line']} added{missing}, option at {total}", f"ancadmin costs show {number}", dry_run=dry_run
    )
    if strict and done["faults"]:
        raise typer.Exit(10)


def remove(
    ctx: typer.Context,
    number: NumberArgument,
    what: Annotated[str, typer.Argument(metavar="LINE", help="A line such as B3, or a whole option such as B")],
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a line or an option out of a draft; `batch undo` brings it back.

    Example: ancadmin costs remove 1 A2
    """
    from ancadmin.services.costs.fill import remove as take_out

    state = state_of(ctx)
    done = take_out(state.session(dry_run=dry_run), number, what)
    show_result(chosen(form, as_json, None), done)
    state.conclude(
        f"sheet {number}: {done['removed']} taken out",
        f"ancadmin batch undo {done['batch']} to bring it back",
        dry_run=dry_run,
    )


def _cents(text: str | None, name: str) -> int | None:
    if text is None:
        return None
    try:
        return typed_cents(text)
    except ValueError as error:
        raise UsageError(f"{name}: {error}", "See: ancadmin costs line --help", value=text) from None


def _number(text: str | None, name: str) -> Decimal | None:
    if text is None:
        return None
    try:
        return typed_number(text, places=PLACES)
    except ValueError as error:
        raise UsageError(f"{name}: {error}", "See: ancadmin costs line --help", value=text) from None
