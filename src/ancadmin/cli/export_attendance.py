"""`ancadmin export attendance`: after the meeting, who was there."""

from pathlib import Path
from typing import Annotated

import typer

from ancadmin.cli.handing import ForOption, PasswordFileOption, handing
from ancadmin.cli.output import DryRunOption, Format, FormatOption, JsonOption, chosen, show_result
from ancadmin.cli.reported import conclude_report
from ancadmin.cli.state import state_of
from ancadmin.domain.papers import Form

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

NEEDS_A_PERSON = 10
SerialArgument = Annotated[str, typer.Argument(metavar="SERIAL", help="As printed at the register's foot")]
StrictOption = Annotated[
    bool, typer.Option("--strict", help="Exit 10 without a quorum, with strangers, or with lines nobody can read")
]


@app.callback()
def attendance() -> None:
    """After the meeting: who was there, held against the register it was held on.

    Example: ancadmin export attendance import signed.xlsx
    """


@app.command("import")
def import_(
    ctx: typer.Context,
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help="The register with its rows signed, a list, or a scanner's file")
    ],
    serial: Annotated[
        str | None, typer.Option("--serial", metavar="SERIAL", help="Of which register, where the file does not say")
    ] = None,
    strict: StrictOption = False,
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record who was at a meeting, as one batch; every line is accounted for.

    Example: ancadmin export attendance import signed.xlsx --serial AR-EKU001-2026-1

    Takes the register as a workbook or CSV with something written under Present or Signature; a list with ID numbers,
    or numbers of the register's rows, or names; or what a scanner read, an ID number a line. A second file adds to
    the first. Whoever is on no row of the register is a stranger; whoever is named twice counts once.
    """
    from ancadmin.services.export.attendance.importing import import_attendance

    state, output = state_of(ctx), chosen(form, as_json, None)
    done = import_attendance(state.session(dry_run=dry_run), path, serial)
    show_result(output, done.as_dict(), quiet=state.quiet and output.format is Format.TABLE)
    if done.superseded_by is not None:
        typer.echo(
            f"{done.serial} was superseded by {done.superseded_by}: was the meeting held on the old one?", err=True
        )
    quorum = f"quorum of {done.quorum} {'reached' if done.reached else 'not reached'}"
    counts = {
        "present": done.present,
        "counted already": done.doubles,
        "not on the register": done.strangers,
        "not readable": done.unreadable,
    }
    parts = [f"{done.read} read", *(f"{count} {words}" for words, count in counts.items() if count)]
    state.conclude(
        f"{', '.join(parts)}; {quorum} with {done.all_present} of {done.members}",
        f"ancadmin export attendance show {done.serial}",
        dry_run=dry_run,
    )
    if strict and (not done.reached or done.strangers or done.unreadable):
        raise typer.Exit(NEEDS_A_PERSON)


@app.command()
def show(
    ctx: typer.Context,
    serial: SerialArgument,
    strict: StrictOption = False,
    as_: Annotated[
        Form | None, typer.Option("--as", help="A paper: PDF, or a workbook; else what -o FILE says")
    ] = None,
    target: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to FILE; its suffix says the format")
    ] = None,
    for_: ForOption = None,
    password_file: PasswordFileOption = None,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Who was at a meeting: present against quorum, strangers, and who was named twice.

    Example: ancadmin export attendance show AR-EKU001-2026-1 -o attendance.pdf
    """
    from ancadmin.services.export.attendance.showing import turnout
    from ancadmin.services.export.folder import paper_form

    paper, state = paper_form(as_, target), state_of(ctx)
    output = chosen(form, as_json, None if paper else target)
    found = turnout(state.session(), serial, form=paper, file=target)
    conclude_report(state, output, found, found.as_dict(), paper, target, handing(for_, password_file))
    if found.superseded_by is not None:
        typer.echo(f"{found.serial} was superseded by {found.superseded_by}", err=True)
    state.say(found.verdict)
    if strict and (not found.reached or found.strangers or found.unreadable):
        raise typer.Exit(NEEDS_A_PERSON)
