"""`ancadmin db demarcation`: wards redrawn."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from ancadmin.cli.days import parse_day
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

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

_COLUMNS = [
    Column("branch", "branch"),
    Column("name", "name"),
    Column("ward_before", "old ward"),
    Column("ward", "new ward"),
    Column("members_before", "members", "number"),
    Column("members_out", "out", "number"),
    Column("members_in", "in", "number"),
    Column("members", "then", "number"),
    Column("good_standing_before", "good", "number"),
    Column("good_standing", "then", "number"),
    Column("quorum_before", "quorum", "number"),
    Column("quorum", "then", "number"),
    Column("unplaced", "unplaced", "number"),
    Column("fell", "under the minimum"),
]


@app.callback()
def demarcation() -> None:
    """Wards redrawn: branches and members on their new wards.

    Example: ancadmin db demarcation import wards.csv --year 2026 --on 2026-09-01 --why "Gazette 50123" -n
    """


@app.command("import")
def import_(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or workbook, a row a ward or a part of one")],
    year: Annotated[int, typer.Option("--year", min=1994, max=2200, help="The year of the delimitation")],
    on: Annotated[date, typer.Option("--on", metavar="D", parser=parse_day, help="The day it takes effect")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, for the record")],
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Carry a ward-to-ward file out, branch by branch; with -n only show what it would do.

    Example: ancadmin db demarcation import wards.csv --year 2026 --on 2026-09-01 --why "Gazette 50123" -n

    Columns: old_ward,new_ward, and where a ward was divided voting_district; a column branch names the branch of the
    new ward where several stand on it, or none. A row without a voting district is the rest of its ward, where the
    branch itself stands. One problem anywhere refuses the whole file. Members of a divided ward without a voting
    district stay, and are counted as unplaced.
    """
    from ancadmin.services.db.demarcation import import_demarcation

    state = state_of(ctx)
    output = chosen(form, as_json, file)
    done = import_demarcation(state.session(dry_run=dry_run), path, year=year, on=on, why=why)
    answer = done.as_dict()
    if output.format is Format.JSON:
        show_result(output, answer)
    else:
        show_rows(output, _COLUMNS, answer["branches"])
    summary = (
        f"{done.read} rows read, {len(done.branches)} branches redrawn, {done.moved} members moved, "
        f"{done.fell} branches under the minimum that met it before"
    )
    state.conclude(summary, "ancadmin db places list", dry_run=dry_run)
