"""`ancadmin export reprint` and `export verify`: papers that were issued, again, and held against what is shown."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from ancadmin.cli.export_options import AsOption, DistrictsOption, LargeOption, MaskOption, ScanOption
from ancadmin.cli.handing import ForOption, PasswordFileOption, handing
from ancadmin.cli.output import Column, Detail, FileOption, Format, FormatOption, JsonOption, chosen, show_result
from ancadmin.cli.said import without_numbers
from ancadmin.cli.state import state_of
from ancadmin.domain.attendance import Style

NEEDS_A_PERSON = 10
_ABOUT = 40
_DIFFERENCES = (
    Column("where", "where"),
    Column("issued", "issued"),
    Column("here", "here"),
    Column("after", "after the line"),
)


def add_to(app: typer.Typer) -> None:
    """Adds the commands to the group."""
    app.command()(reprint)
    app.command()(verify)


def reprint(
    ctx: typer.Context,
    serial: Annotated[str, typer.Argument(metavar="SERIAL", help="As printed at the paper's foot")],
    target: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="The paper's file")] = None,
    as_: AsOption = None,
    large: LargeOption = False,
    by_voting_district: DistrictsOption = False,
    scan: ScanOption = False,
    mask_ids: MaskOption = False,
    for_: ForOption = None,
    password_file: PasswordFileOption = None,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write an issued register again, the same to the byte.

    Example: ancadmin export reprint AR-EKU001-2026-1 -o register.pdf
    """
    from ancadmin.services.export.registers.reprint import reprint as print_again

    state, style = state_of(ctx), Style(large, by_voting_district, scan, mask_ids)
    shown = print_again(state.session(), serial, target, as_, style, handing(for_, password_file))
    show_result(chosen(form, as_json, None), shown)
    if shown["withdrawn_in"] is not None:
        typer.echo(f"{shown['serial']} was withdrawn in batch {shown['withdrawn_in']}", err=True)
    state.say(f"{shown['serial']}, as issued → {shown['file']}")


def verify(
    ctx: typer.Context,
    shown: Annotated[
        list[str], typer.Argument(metavar="FILE|CODE", help="The file someone shows you, or the code printed on it")
    ],
    password_file: PasswordFileOption = None,
    form: FormatOption = None,
    as_json: JsonOption = False,
    to: FileOption = None,
) -> None:
    """Say whether a file, or the code on a paper, is a register that was issued here; exit 10 when it does not stand.

    Example: ancadmin export verify AR-EKU001-2026-1.pdf

    `genuine`: as issued, and it stands. `superseded`: as issued, but a later register of the meeting stands.
    `withdrawn`: as issued, and taken back since. `altered`: names a register issued here, but is not as issued; says
    where. `unknown`: nothing issued here.

    The code is what a scanner reads, or what is typed from the paper: `AR-EKU001-2026-1 9F86D081884C`, the serial and
    at least twelve digits of what stands behind Content. The codes of membership cards are known too.
    """
    from ancadmin.services.export.verify import verify as hold

    state, output = state_of(ctx), chosen(form, as_json, to)
    password = handing(None, password_file).password
    found = hold(state.session(), " ".join(shown), password)
    answer = asdict(found)
    if output.format is Format.TABLE:
        answer = {
            name: value
            for name, value in answer.items()
            if value is not None and value is not False and value not in ("", ())
        }
        parts = answer.pop("differences", ())
        told = [_told(one) for one in parts]
        columns = [column for column in _DIFFERENCES if any(one[column.field] for one in told)]
        details = [Detail("Where it differs", columns, told)] if told else []
        show_result(output, answer, details=details)
    else:
        show_result(output, answer)
    state.say(f"{found.verdict.upper()}: {found.why}{_next(answer)}")
    if found.verdict != "genuine":
        raise typer.Exit(NEEDS_A_PERSON)


def _next(answer: dict[str, Any]) -> str:
    """The next useful command, where there is one."""
    if answer["verdict"] not in ("altered", "superseded") or answer.get("serial") is None:
        return ""
    return f" → ancadmin export reprint {answer.get('superseded_by') or answer['serial']}"


def _told(one: dict[str, Any]) -> dict[str, Any]:
    """A difference as people see it: both texts about the place, ID numbers masked."""
    issued, here, after = (without_numbers(one[name] or "") for name in ("issued", "here", "after"))
    if issued == here:
        issued, here = f"{issued} (one ID number)", f"{here} (another: --json shows both)"
    return {"where": one["where"], "issued": _about(issued, here), "here": _about(here, issued), "after": after}


def _about(text: str, other: str) -> str:
    """A long text from a little before the place where another parts from it."""
    if len(text) <= 2 * _ABOUT:
        return text
    same = next((at for at, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), 0)
    start = max(0, same - _ABOUT)
    return ("…" if start else "") + text[start : start + 2 * _ABOUT] + ("…" if start + 2 * _ABOUT < len(text) else "")
