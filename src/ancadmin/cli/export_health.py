"""`ancadmin export branch-health`."""

import typer

from ancadmin.cli.export_options import (
    AllOption,
    AsOption,
    BranchOption,
    OnOption,
    PaperOption,
    ProvinceOption,
    RegionOption,
)
from ancadmin.cli.handing import ForOption, PasswordFileOption, handing
from ancadmin.cli.output import Column, Format, FormatOption, JsonOption, chosen, show_result, show_rows
from ancadmin.cli.state import state_of


def add_to(app: typer.Typer) -> None:
    """Adds the command to the group."""
    app.command("branch-health")(branch_health)


def branch_health(
    ctx: typer.Context,
    branch: BranchOption = None,
    region: RegionOption = None,
    province: ProvinceOption = None,
    everything: AllOption = False,
    on: OnOption = None,
    as_: AsOption = None,
    target: PaperOption = None,
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
