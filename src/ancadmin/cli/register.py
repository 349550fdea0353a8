"""`ancadmin register`: legacy registers in, and the rows of them that wait for an officer."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from ancadmin.cli.days import parse_day
from ancadmin.cli.output import (
    DryRunOption,
    FileOption,
    FormatOption,
    JsonOption,
    chosen,
    show_result,
)
from ancadmin.cli.register_desk import add_to as add_desk
from ancadmin.cli.register_duplicates import add_to as add_duplicates
from ancadmin.cli.register_preview import details, previewed, remarks
from ancadmin.cli.register_profiles import app as profiles
from ancadmin.cli.register_quality import add_to as add_quality
from ancadmin.cli.register_quarantine import app as quarantine
from ancadmin.cli.state import state_of

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

NEEDS_A_PERSON = 10


@app.callback()
def register() -> None:
    """Legacy registers in.

    Example: ancadmin register import register.csv
    """


@app.command("import")
def import_(
    ctx: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Tables, archives, folders")],
    profile: Annotated[
        str | None, typer.Option("--profile", metavar="NAME", help="Read every file by this saved profile")
    ] = None,
    expect_branch: Annotated[
        list[str] | None,
        typer.Option("--expect-branch", metavar="CODE", help="Refuse files with rows of other branches; repeatable"),
    ] = None,
    create_branches: Annotated[
        bool, typer.Option("--create-branches", help="Make the branches that are not on record")
    ] = False,
    reading_date: Annotated[
        date | None,
        typer.Option(
            "--reading-date",
            metavar="D",
            parser=parse_day,
            help="Read ages on this day where no joining date does; today if not given",
        ),
    ] = None,
    dry_run: DryRunOption = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 10 when rows are held back or it warns")] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Take in legacy registers: every row accepted, updated, unchanged, quarantined with its reasons, or blank.

    Example: ancadmin register import register.csv branches.xlsx

    CSV in the usual encodings and separators, .xlsx, .xls and .ods in any shape, .zip archives and folders of them.
    Importing a file again changes nothing; importing a corrected file changes what was corrected. `ancadmin batch undo`
    takes an import back. `--dry-run` shows a sample of each problem, what would change of members on record, and warns
    of files whose columns may be shifted. A dry run of a national register holds the store for as long as the import
    would, and leaves a PostgreSQL store in want of a VACUUM.
    """
    from ancadmin.services.register.importing.run import import_registers

    state = state_of(ctx)
    output = chosen(form, as_json, file)
    result = import_registers(
        state.session(dry_run=dry_run),
        files,
        profile,
        create_branches=create_branches,
        reading_date=reading_date,
        expected=expect_branch or (),
    )
    answer = result.as_dict()
    show_result(output, previewed(answer, output), quiet=state.quiet, details=details(answer))
    for line in remarks(result):
        state.say(line)
    parts = [f"{_many(result.read)} read"]
    parts += [f"{_many(getattr(result, name))} {name}" for name in _OUTCOMES if getattr(result, name)]
    only_these = "" if result.held_before else f" --batch {result.batch}"
    following = f"ancadmin register quarantine{only_these}" if result.quarantined else "ancadmin sweep"
    state.conclude(", ".join(parts), following, dry_run=dry_run)
    if strict and (result.quarantined or result.set_aside or result.warnings):
        raise typer.Exit(NEEDS_A_PERSON)


_OUTCOMES = ("accepted", "updated", "unchanged", "quarantined", "blank")

add_desk(app)
add_duplicates(app)
add_quality(app)
app.add_typer(profiles, name="profile")
app.add_typer(quarantine, name="quarantine")


def _many(count: int) -> str:
    return f"{count:,}".replace(",", " ")
