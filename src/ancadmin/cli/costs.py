"""`ancadmin costs`."""

from typing import Annotated

import typer

from ancadmin.cli.cost_lines import NumberArgument
from ancadmin.cli.cost_lines import add_to as fill_in
from ancadmin.cli.cost_workbook import add_to as with_workbooks
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
from ancadmin.domain.costs import SheetState
from ancadmin.domain.money import rands

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

NameOption = Annotated[str | None, typer.Option("--name", help="Whose it is; the region's own name unless given")]
AddressOption = Annotated[str | None, typer.Option("--address", help="Street and town, as on a letter")]
ConcernOption = Annotated[str | None, typer.Option("--concern", help="What is wrong")]
CauseOption = Annotated[str | None, typer.Option("--cause", help="Why it is")]
CorrectionOption = Annotated[str | None, typer.Option("--correction", help="What is proposed")]
NotServicedOption = Annotated[
    str | None,
    typer.Option("--not-serviced", help="Notice that a part is not serviced: stands in for the repair option"),
]
ExplanationOption = Annotated[
    str | None, typer.Option("--explanation", help="Why that part forces a replacement, written out")
]


@app.callback()
def costs() -> None:
    """Cost-comparison sheets: repair, replace or contract out, side by side, before money is spent.

    Example: ancadmin costs list

    A sheet is opened (new), filled in (option, line), handed in (submit) and approved by someone else (approve). It can
    be filled in as a workbook too: template writes one, import brings it back.
    Amounts are typed in rands: R1 234.50 or 1234,50; 1250c is in cents.
    """


@app.command()
def new(
    ctx: typer.Context,
    subject: Annotated[str, typer.Option("--subject", help="What it is about")],
    region: Annotated[str, typer.Option("--region", metavar="CODE", help="Whose it is")],
    name: NameOption = None,
    address: AddressOption = None,
    concern: ConcernOption = None,
    cause: CauseOption = None,
    correction: CorrectionOption = None,
    not_serviced: NotServicedOption = None,
    explanation: ExplanationOption = None,
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Open a sheet; what is left out is blank on it until `costs change` fills it in.

    Example: ancadmin costs new --subject "Card printer, Braamfontein" --region GP01 --address "12 Smit Street" --concern "Cards come out with a white line" --cause "The print head is scratched" --correction "Fit a new print head"
    """  # noqa: E501 - the example can be pasted
    from ancadmin.services.costs.open import open_sheet

    state = state_of(ctx)
    typed = {"subject": subject, "name": name, "address": address, "concern": concern, "cause": cause}
    typed |= {"correction": correction, "not_serviced": not_serviced, "explanation": explanation}
    headings = {field: text or "" for field, text in typed.items()}
    done = open_sheet(state.session(dry_run=dry_run), region_code=region, headings=headings)
    show_result(chosen(form, as_json, None), done)
    state.conclude(
        f"sheet {done['sheet']} opened for {region}",
        f"ancadmin costs line {done['sheet']} --option repair …",
        dry_run=dry_run,
    )


@app.command()
def change(
    ctx: typer.Context,
    number: NumberArgument,
    subject: Annotated[str | None, typer.Option("--subject", help="What it is about")] = None,
    name: NameOption = None,
    address: AddressOption = None,
    concern: ConcernOption = None,
    cause: CauseOption = None,
    correction: CorrectionOption = None,
    not_serviced: NotServicedOption = None,
    explanation: ExplanationOption = None,
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give headings of a sheet another text; the old one stays on record.

    Example: ancadmin costs change 1 --cause "The print head is scratched by dust from the card stock"
    """
    from ancadmin.services.costs.open import change_sheet

    state = state_of(ctx)
    typed = {"subject": subject, "name": name, "address": address, "concern": concern, "cause": cause}
    typed |= {"correction": correction, "not_serviced": not_serviced, "explanation": explanation}
    headings = {field: text for field, text in typed.items() if text is not None}
    done = change_sheet(state.session(dry_run=dry_run), number, headings)
    show_result(chosen(form, as_json, None), done)
    state.conclude(f"sheet {number}: {len(done['changed'])} changed", f"ancadmin costs show {number}", dry_run=dry_run)


fill_in(app)
with_workbooks(app)


@app.command()
def show(
    ctx: typer.Context,
    number: NumberArgument,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 10 when the sheet is not complete")] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """A whole sheet: every line, the options side by side, what is missing, the recommendation.

    Example: ancadmin costs show 1
    """
    from ancadmin.cli.cost_sheet import show_for_people
    from ancadmin.services.costs.show import show_sheet

    output = chosen(form, as_json, file)
    sheet = show_sheet(state_of(ctx).session(), number)
    if output.format is Format.TABLE:
        show_for_people(output, sheet)
    else:
        show_result(output, sheet)
    if strict and not sheet["complete"]:
        raise typer.Exit(10)


@app.command()
def submit(
    ctx: typer.Context,
    number: NumberArgument,
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Hand a complete sheet in for approval; from then on it stands as it is.

    Example: ancadmin costs submit 1
    """
    from ancadmin.services.costs.decide import submit as hand_in

    state = state_of(ctx)
    done = hand_in(state.session(dry_run=dry_run), number)
    show_result(chosen(form, as_json, None), done)
    best = f"{done['recommended']} ({done['kind']}) at {rands(done['total_cents'])}"
    state.conclude(
        f"sheet {number} submitted, {best} is recommended",
        f'ancadmin costs approve {number} --why "…"',
        dry_run=dry_run,
    )


@app.command()
def approve(
    ctx: typer.Context,
    number: NumberArgument,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The explanation, written out")],
    option: Annotated[
        str | None,
        typer.Option("--option", metavar="KIND", help="Letter, kind or title; if not the recommended one"),
    ] = None,
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Approve an option of a submitted sheet.

    Example: ancadmin costs approve 1 --why "The cheapest way to have cards again before the conference"

    Another option than the recommended one needs the next level up. Nobody approves their own.
    """
    from ancadmin.services.costs.decide import approve as decide

    state = state_of(ctx)
    done = decide(state.session(dry_run=dry_run), number, option=option, why=why)
    show_result(chosen(form, as_json, None), done)
    own = ", own work of the sole operator" if done["own_work"] else ""
    at = f"{done['option']} ({done['kind']}) at {rands(done['total_cents'])}"
    state.conclude(f"sheet {number}: {at} approved{own}", f"ancadmin export cost-comparison {number}", dry_run=dry_run)


@app.command("list")
def list_(
    ctx: typer.Context,
    region: Annotated[str | None, typer.Option("--region", metavar="CODE", help="Only that region's")] = None,
    sheet_state: Annotated[SheetState | None, typer.Option("--state", help="Only sheets that far")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 10 when a sheet waits for approval")] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Every sheet, a line each.

    Example: ancadmin costs list --state submitted
    """
    from ancadmin.services.costs.show import list_sheets

    state = state_of(ctx)
    session = state.session()
    today = session.today.isoformat()
    rows = list_sheets(session, region=region, state=sheet_state)
    columns = [
        Column("sheet", "sheet", "number"),
        Column("region", "region"),
        Column("subject", "subject"),
        Column("opened_on", "opened"),
        Column("state", "state"),
        Column("options", "options", "number"),
        Column("recommended", "recommended"),
        Column("recommended_cents", "its total", "money"),
        Column("approved", "approved"),
        Column("approved_cents", "its total", "money"),
    ]
    show_rows(chosen(form, as_json, file), columns, rows)
    due = sum(row["keep_until"] <= today for row in rows)
    if due:
        state.say(f"{due} kept longer than they have to be → ancadmin costs purge -n")
    if strict and any(row["state"] == SheetState.SUBMITTED for row in rows):
        raise typer.Exit(10)


@app.command()
def purge(
    ctx: typer.Context, dry_run: DryRunOption = False, form: FormatOption = None, as_json: JsonOption = False
) -> None:
    """Remove the sheets whose months of retention are over, for good; that they were there stays on record.

    Example: ancadmin costs purge -n

    The months count from the last decision, or from the day the sheet was opened; `costs list --json` says until when
    each is kept.
    """
    from ancadmin.services.costs.retention import purge as remove

    state = state_of(ctx)
    done = remove(state.session(dry_run=dry_run))
    show_result(chosen(form, as_json, None), done, quiet=state.quiet)
    state.conclude(f"{done['removed']} sheets removed, {done['kept']} kept", "ancadmin costs list", dry_run=dry_run)
