"""`ancadmin costs template` and `import`: a cost-comparison sheet out to a workbook to fill in, and back."""

from pathlib import Path
from typing import Annotated, Any

import typer

from ancadmin.cli.numbers import LARGEST, number_option
from ancadmin.cli.output import Column, DryRunOption, Format, FormatOption, JsonOption, chosen, show_result, show_rows
from ancadmin.cli.state import state_of
from ancadmin.domain.money import rands
from ancadmin.errors import UsageError

_COLUMNS = [Column("where", "where"), Column("what", "what"), Column("fields", "fields")]


def add_to(app: typer.Typer) -> None:
    """Adds the commands to the group."""
    app.command()(template)
    app.command("import")(import_)


def template(
    ctx: typer.Context,
    number: Annotated[
        int | None,
        typer.Argument(
            metavar="NO", min=1, max=LARGEST, help="A draft's number; an empty workbook without", show_default=False
        ),
    ] = None,
    target: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="The workbook, .xlsx")] = None,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a workbook to fill a sheet in with: an empty one, or a draft with what is on it.

    Example: ancadmin costs template -o scanner.xlsx

    Yellow cells are open, everything else is locked and worked out from them; what is asked stands on a sheet of its
    own. Bring it back with `ancadmin costs import`.
    """
    from ancadmin.services.costs.template import write_template

    if target is not None and target.suffix.lower() != ".xlsx":
        raise UsageError("a sheet is filled in as a workbook", "End its name in .xlsx.", value=target.name)
    state = state_of(ctx)
    output = chosen(form, as_json, None)
    done = write_template(state.session(), number, target)
    show_result(output, done, quiet=state.quiet)
    what = f"sheet {number}" if number else "an empty sheet"
    state.say(f"{what} to fill in → ancadmin costs import {done['file']}")


def import_(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="The workbook, filled in")],
    sheet: Annotated[
        int | None, number_option("--sheet", "The draft to bring to what it says, where the workbook names none")
    ] = None,
    new: Annotated[
        bool, typer.Option("--new", help="Open another sheet, whichever the workbook was written from")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Though the sheet was changed since the workbook was written")
    ] = False,
    dry_run: DryRunOption = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 10 when the sheet is not complete then")] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring a workbook back: it opens a sheet, or brings its draft to what it says, as one batch.

    Example: ancadmin costs import scanner.xlsx --dry-run

    What is the same stays, what differs is changed, what is missing is taken out; every change is said. One cell that
    cannot be read refuses the whole workbook, and each such cell is named; a blank or vague one does not: it is said,
    and keeps the sheet from being submitted. Brought back unchanged it changes nothing.
    """
    from ancadmin.services.costs.importing import import_workbook

    state = state_of(ctx)
    output = chosen(form, as_json, None)
    done = import_workbook(state.session(dry_run=dry_run), path, sheet=sheet, new=new, anyway=yes)
    if output.format is Format.TABLE:
        if done["changes"] and not state.quiet:
            show_rows(output, _COLUMNS, [_change(change) for change in done["changes"]])
        for fault in done["faults"]:
            state.say(f"missing in {fault['where']}: {fault['what']}")
    else:
        show_result(output, done)
    number = done["sheet"]
    counts = ", ".join(f"{done[name]} {name}" for name in ("added", "changed", "removed", "unchanged"))
    opened = "opened" if done["new"] else "brought to what it says"
    best = (
        f", {done['recommended']} at {rands(done['recommended_cents'])} is recommended" if done["recommended"] else ""
    )
    following = f"ancadmin costs submit {number}" if done["complete"] else f"ancadmin costs show {number}"
    state.conclude(f"sheet {number} {opened}: {done['read']} lines read, {counts}{best}", following, dry_run=dry_run)
    if strict and not done["complete"]:
        raise typer.Exit(10)


def _change(change: dict[str, Any]) -> dict[str, Any]:
    fields = (name.removesuffix("_cents").removesuffix("_percent").replace("_", " ") for name in change["fields"])
    return {**change, "fields": ", ".join(fields)}
