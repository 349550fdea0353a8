"""`ancadmin register quarantine`: the rows held back, shown, and out to a workbook and in again."""

from pathlib import Path
from typing import Annotated, Any

import typer

from ancadmin.cli.narratives import masked_narrative
from ancadmin.cli.numbers import number_option
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
from ancadmin.errors import UsageError

NEEDS_A_PERSON = 10
_MOST_TOLD = 20

app = typer.Typer(rich_markup_mode=None, invoke_without_command=True)

BatchOption = Annotated[int | None, number_option("--batch", "Only what this import held back")]


@app.callback()
def quarantine(
    ctx: typer.Context,
    batch: BatchOption = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 10 when there are any")] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Show the rows that were held back, with every reason, as they stood.

    Example: ancadmin register quarantine --batch 3 -o held-back.csv

    Decide about them at the desk (`ancadmin register desk`), in a workbook (`export` and `apply` below), or correct
    them in their file and import it again: what is taken then waits no longer.
    """
    if ctx.invoked_subcommand is not None:
        return
    from ancadmin.services.register.quarantine.list import quarantined

    state = state_of(ctx)
    output = chosen(form, as_json, file)
    shown = 0

    def counted(rows: Any) -> Any:
        nonlocal shown
        for row in rows:
            shown += 1
            yield {**row, "shown": _shown(row)} if output.format is Format.TABLE else row

    columns = (
        Column("batch", "batch", "number"),
        Column("file", "file"),
        Column("sheet", "sheet"),
        Column("row", "row", "number"),
        Column("problems", "problems"),
        Column("shown", "as written"),
    )
    with quarantined(state.session(), batch) as rows:
        show_rows(output, columns, counted(rows))
    state.say(
        f"{_many(shown)} held back"
        + (" → ancadmin register desk; or correct them, then: ancadmin register import FILE" if shown else "")
    )
    if strict and shown:
        raise typer.Exit(NEEDS_A_PERSON)


@app.command()
def export(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="The workbook to write")],
    batch: BatchOption = None,
    part: Annotated[int, number_option("--part", "Which workbook of several to write")] = 1,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 10 when rows were left out")] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the rows held back to a workbook in which they can be mended.

    Example: ancadmin register quarantine export held-back.xlsx --batch 3

    What is wrong stands beside each row and on its cells, with what is proposed; branches and decisions are chosen from
    lists; only the cells that may change are open. Give it back with `ancadmin register quarantine apply`.

    A workbook holds 50 000 rows. Of more it says how many are left out: --part 2 writes the next ones, --part 3 those
    after them. Write all the parts before you apply one.
    """
    from ancadmin.services.register.quarantine.handing_out import export_held

    if file.suffix.lower() != ".xlsx":
        raise UsageError("the rows go to a workbook", "End its name in .xlsx.", value=file.name)
    state = state_of(ctx)
    output = chosen(form, as_json, None)
    done = export_held(state.session(), file, batch, part)
    show_result(output, done.as_dict(), quiet=state.quiet)
    if done.left_out:
        everything = _many(done.rows + done.left_out)
        state.say(
            f"part {done.part} of {done.parts}: {_many(done.left_out)} of the {everything} rows are left out → write "
            f"--part 1 to --part {done.parts} before you apply one, or one import at a time: --batch N"
        )
    state.say(
        f"{_many(done.rows)} rows, {_many(done.proposed)} with a proposal → ancadmin register quarantine apply FILE"
    )
    if strict and done.left_out:
        raise typer.Exit(NEEDS_A_PERSON)


@app.command()
def apply(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="The workbook, mended")],
    dry_run: DryRunOption = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 10 when changed rows are held back still")] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take back what was changed in such a workbook, checked as if it were imported; one batch for the file.

    Example: ancadmin register quarantine apply held-back.xlsx --dry-run

    A workbook in which locked cells were changed, or rows that were decided meanwhile, is refused whole, each place
    named. Applying a workbook again changes nothing.
    """
    from ancadmin.services.register.quarantine.round_trip import apply_held

    state = state_of(ctx)
    output = chosen(form, as_json, None)
    done = apply_held(state.session(dry_run=dry_run), file)
    answer = done.as_dict()
    if output.format is Format.TABLE:
        del answer["held"]
        for one in done.held[:_MOST_TOLD]:
            problems = ", ".join(code.replace("_", " ") for code in one.problems)
            state.say(f"{file.name} row {one.at} ({one.file} row {one.row}): held back still: {problems}")
        if len(done.held) > _MOST_TOLD:
            state.say(f"and {len(done.held) - _MOST_TOLD} more: --json tells them all")
    show_result(output, answer, quiet=state.quiet)
    parts = [f"{_many(done.read)} read", f"{_many(done.changed)} changed"]
    names = ("accepted", "updated", "already_known", "dismissed", "still_held")
    parts += [f"{_many(getattr(done, name))} {name.replace('_', ' ')}" for name in names if getattr(done, name)]
    state.conclude(", ".join(parts), "ancadmin register quarantine", dry_run=dry_run)
    if strict and done.still_held:
        raise typer.Exit(NEEDS_A_PERSON)


def _shown(row: dict[str, Any]) -> str:
    """The row for a table: long numbers masked, and both birth dates where the age is out of range."""
    masked = " | ".join(masked_narrative(cell) for cell in row["raw"].values() if cell)
    return f"{masked} (born {' or '.join(row['births'])})" if row["births"] else masked


def _many(count: int) -> str:
    return f"{count:,}".replace(",", " ")
