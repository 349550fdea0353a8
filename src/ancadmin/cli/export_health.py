"""`ancadmin export branch-health`."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from ancadmin.cli.days import parse_day
from ancadmin.cli.handing import ForOption, PasswordFileOption, handing
from ancadmin.cli.output import Column, Format, FormatOption, JsonOption, chosen, show_result, show_rows
from ancadmin.cli.state import state_of
from ancadmin.domain.papers import Form


def add_to(app: typer.Typer) -> None:
    """Adds the command to the group."""
    app.command("branch-health")(branch_health)


def branch_health(
    ctx: typer.Context,
    branch: Annotated[str | None, typer.Option("--branch", metavar="CODE", help="One branch, one file")] = None,
    region: Annotated[
        str | None, typer.Option("--region", metavar="CODE", help="A file for each of its branches")
    ] = None,
    province: Annotated[
        str | None, typer.Option("--province", metavar="CODE", help="A file for each of its branches")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="A file for every branch there is")] = False,
    on: Annotated[
        date | None, typer.Option("--on", metavar="YYYY-MM-DD", parser=parse_day, help="The day; else today")
    ] = None,
    as_: Annotated[Form | None, typer.Option("--as", help="PDF, or a workbook; else what -o FILE says")] = None,
    target: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="The paper's file; with many branches, their folder"),
    ] = None,
    for_: ForOption = None,
    password_file: PasswordFileOption = None,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """How a branch stands: members over a year, renewals, what falls due, its place, and how good its record is.

    Example: ancadmin export branch-health --branch EKU001 --as xlsx -o EKU001.xlsx

    With charts, as PDF or workbook; --json carries every figure. What each means: docs/rules.md, section 6. With many
    branches, a run that was stopped is run again: files that would say the same are left alone.
    """
    from ancadmin.services.export.health.write import export_health
    from ancadmin.services.export.scope import Scope

    state, output = state_of(ctx), chosen(form, as_json, None)
    session = state.session()
    scope, handover = Scope(branch, region, province, everything), handing(for_, password_file)
    done = export_health(session, scope, on or session.today, as_, target, handover)
    if output.format is not Format.TABLE:
        show_result(output, done.as_dict())
    elif done.manifest is None:
        from ancadmin.domain.health_paper import paper_of

        show_result(output, {**dict(paper_of(done.papers[0].health).facts), "file": str(done.papers[0].file)})
    else:
        columns = [
            Column(name, name.replace("_", " "), "number") if name != "branch" else Column(name, name)
            for name in ("branch", "members", "good_standing", "lacking", "place")
        ]
        show_rows(output, [*columns, Column("file", "file")], done.as_dict()["papers"])
    short = sum(one.health.lacking > 0 for one in done.papers)
    under = f"{short} under the minimum" if short else "none under the minimum"
    of = "1 branch" if len(done.papers) == 1 else f"{len(done.papers)} branches"
    state.say(f"health of {of}, {under} → {done.manifest or done.papers[0].file}")
