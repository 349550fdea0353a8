"""`ancadmin export`."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from ancadmin.cli.days import parse_day
from ancadmin.cli.export_attendance import app as attendance_app
from ancadmin.cli.export_cards import add_to as add_cards
from ancadmin.cli.export_costs import add_to as add_cost_comparison
from ancadmin.cli.export_dues import add_to as add_dues
from ancadmin.cli.export_health import add_to as add_health
from ancadmin.cli.export_kept import add_to as add_kept
from ancadmin.cli.export_options import (
    DAY,
    AllOption,
    AsOption,
    BranchOption,
    DistrictsOption,
    FormsOption,
    LargeOption,
    MaskOption,
    OnOption,
    PaperOption,
    ProvinceOption,
    RegionOption,
    ScanOption,
)
from ancadmin.cli.export_registers import show_registers
from ancadmin.cli.handing import ForOption, PasswordFileOption, handing
from ancadmin.cli.output import (
    Column,
    DryRunOption,
    Format,
    FormatOption,
    JsonOption,
    chosen,
    show_result,
    show_rows,
)
from ancadmin.cli.state import state_of
from ancadmin.domain.attendance import Meeting, Style

if TYPE_CHECKING:
    from ancadmin.services.export.scope import Scope

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def export() -> None:
    """Papers out: registers, branch lists and health, cards, cost sheets, dues.

    Example: ancadmin export attendance-register --branch EKU001 --cut-off 2026-04-15 --meeting-date 2026-05-02
    """


@app.command("branch-list")
def branch_list(
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
    """Everyone in a branch by status, with last payment, paid up to and arrears.

    Example: ancadmin export branch-list --branch EKU001 --as xlsx -o EKU001.xlsx

    ID numbers stand on it in full, so the access trail says who took it. With many branches, a run that was stopped
    is run again: files that would say the same are left alone.
    """
    from ancadmin.services.export.lists import export_lists

    state, output = state_of(ctx), chosen(form, as_json, None)
    session = state.session()
    scope, handover = _scope(branch, region, province, everything), handing(for_, password_file)
    done = export_lists(session, scope, on or session.today, as_, target, handover)
    shown = done.as_dict()
    if done.manifest is None or output.format is not Format.TABLE:
        show_result(output, shown)
    else:
        columns = [Column(name, name.replace("_", " ")) for name in ("branch", "members", "good_standing", "file")]
        show_rows(output, columns, shown["papers"])
    where = done.manifest or done.lists[0].file
    state.say(f"{_counted(len(done.lists), 'branch list')}, {_counted(done.members, 'member')} → {where}")


@app.command("attendance-register")
def attendance_register(
    ctx: typer.Context,
    cut_off: Annotated[
        date,
        typer.Option("--cut-off", metavar=DAY, parser=parse_day, help="Who is in good standing at the end of this day"),
    ],
    meeting_date: Annotated[
        date, typer.Option("--meeting-date", metavar=DAY, parser=parse_day, help="The day of the meeting")
    ],
    branch: BranchOption = None,
    region: RegionOption = None,
    province: ProvinceOption = None,
    everything: AllOption = False,
    meeting: Annotated[Meeting, typer.Option("--meeting", help="General, biennial or annual general meeting")] = (
        Meeting.BGM
    ),
    as_: FormsOption = None,
    large: LargeOption = False,
    by_voting_district: DistrictsOption = False,
    scan: ScanOption = False,
    mask_ids: MaskOption = False,
    target: PaperOption = None,
    for_: ForOption = None,
    password_file: PasswordFileOption = None,
    dry_run: DryRunOption = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit 10 when someone on it died or was expelled since")
    ] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Issue the register of a branch meeting: members in good standing, a place to sign, a serial and a seal.

    Example: ancadmin export attendance-register --branch EKU001 --cut-off 2026-04-15 --meeting-date 2026-05-02

    What is issued is kept to the byte (see `export reprint` and `export verify`). A register that is issued already
    and would say the same is given out again, so a run over many branches that was stopped is simply run again.
    Deaths and expulsions since the cut-off day stay on the register and are named on stderr. Many registers come with
    a manifest and a summary, and are held against a count of everyone in good standing: exit 10 where they differ.
    """
    from ancadmin.services.export.contents import ForMeeting
    from ancadmin.services.export.registers.issue import issue_registers

    state, output = state_of(ctx), chosen(form, as_json, None)
    session = state.session(dry_run=dry_run)
    asked = ForMeeting(meeting, meeting_date, cut_off)
    style = Style(large, by_voting_district, scan, mask_ids)
    scope, handover = _scope(branch, region, province, everything), handing(for_, password_file)
    done = issue_registers(session, scope, asked, as_ or (), target, style, handover)
    show_registers(state, output, done, dry_run=dry_run)
    if not done.reconciled or (strict and done.left):
        raise typer.Exit(10)


app.add_typer(attendance_app, name="attendance")
add_cost_comparison(app)
add_dues(app)
add_cards(app)
add_kept(app)
add_health(app)


def _scope(branch: str | None, region: str | None, province: str | None, everything: bool) -> "Scope":
    from ancadmin.services.export.scope import Scope

    return Scope(branch, region, province, everything)


def _counted(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count} {noun}s"
