"""`ancadmin deposits remind`: who is due a reminder of dues, the outbox, and how it is emptied."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ancadmin.cli.days import parse_day
from ancadmin.cli.numbers import number_option, numbered
from ancadmin.cli.output import (
    Column,
    DryRunOption,
    FileOption,
    FormatOption,
    JsonOption,
    chosen,
    show_result,
    show_rows,
)
from ancadmin.cli.state import state_of
from ancadmin.domain.reminders import Channel, Kind, Where, Wish, masked_address

if TYPE_CHECKING:
    from ancadmin.services.export.scope import Scope

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

NEEDS_A_PERSON = 10
BranchOption = Annotated[str | None, typer.Option("--branch", metavar="CODE", help="Only of one branch")]
RegionOption = Annotated[str | None, typer.Option("--region", metavar="CODE", help="Only of a region's branches")]
ProvinceOption = Annotated[str | None, typer.Option("--province", metavar="CODE", help="Only of a province's branches")]
KindOption = Annotated[Kind | None, typer.Option("--kind", help="Only before dues fall due, in grace, or after it")]
PaperOption = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", help="The gateway file of text messages; for letters their folder"),
]


@app.callback()
def remind() -> None:
    """Reminders of dues: planned, looked at, sent, once each.

    Example: ancadmin deposits remind plan --dry-run
    """


@app.command()
def plan(
    ctx: typer.Context,
    on: Annotated[
        date | None, typer.Option("--on", metavar="D", parser=parse_day, help="Who is due one on this day; else today")
    ] = None,
    branch: BranchOption = None,
    region: RegionOption = None,
    province: ProvinceOption = None,
    kind: KindOption = None,
    channel: Annotated[
        Wish,
        typer.Option(
            "--channel", help="How they go; `best` is SMS, without a cell number e-mail, without either a letter"
        ),
    ] = Wish.BEST,
    dry_run: DryRunOption = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 10 when some cannot be reached this way")] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Put reminders into the outbox: before dues fall due, in grace, and after it.

    Example: ancadmin deposits remind plan --branch EKU001 --dry-run

    A member gets each of the three once for one paid-up day, however often this runs. Nothing leaves yet.
    """
    from ancadmin.services.deposits.reminders.plan import plan as plan_reminders

    state = state_of(ctx)
    output = chosen(form, as_json, file)
    scope = _scope(branch, region, province)
    result = plan_reminders(state.session(dry_run=dry_run), on, scope, kind, channel)
    show_result(output, result.as_dict(), quiet=state.quiet)
    parts = [f"{result.reminders} reminders planned"]
    parts += [f"{result.channels[one]} {_GOES[one]}" for one in Channel if result.channels[one]]
    unreachable = result.unreachable.total()
    parts += [f"{unreachable} cannot be reached by {channel}"] if unreachable else []
    state.conclude(", ".join(parts), "ancadmin deposits remind list", dry_run=dry_run)
    if strict and unreachable:
        raise typer.Exit(NEEDS_A_PERSON)


@app.command("list")
def list_(
    ctx: typer.Context,
    where: Annotated[
        Where | None, typer.Option("--state", help="Only those that wait, left, or were refused by the mail server")
    ] = None,
    kind: KindOption = None,
    channel: Annotated[Channel | None, typer.Option("--channel", help="Only those that go this way")] = None,
    branch: BranchOption = None,
    region: RegionOption = None,
    province: ProvinceOption = None,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Show the outbox: what waits, what left and when, and what the mail server refused and why.

    Example: ancadmin deposits remind list --state failed
    """
    from ancadmin.services.deposits.reminders.outbox import Wanted, listed

    state = state_of(ctx)
    output = chosen(form, as_json, file)
    columns = (
        Column("reminder", "no", "number"),
        Column("kind", "kind"),
        Column("about", "due on"),
        Column("id_number", "ID number", "id"),
        Column("name", "member"),
        Column("branch", "branch"),
        Column("channel", "by"),
        Column("shown", "to"),
        Column("state", "state"),
        Column("said", "when, or why not"),
    )
    wanted = Wanted(where, kind, channel, _scope(branch, region, province))
    with listed(state.session(), wanted, full_ids=output.shows_full_ids) as rows:
        show_rows(output, columns, rows if output.shows_full_ids else _masked(rows))


@app.command()
def send(
    ctx: typer.Context,
    channel: Annotated[Channel, typer.Option("--channel", help="What is sent: text messages, e-mail or letters")],
    limit: Annotated[int | None, number_option("--limit", "At most so many")] = None,
    target: PaperOption = None,
    dry_run: DryRunOption = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 10 when the mail server refused some")] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Send what waits in the outbox: SMS as a file for the gateway, letters as PDF, e-mail through the mail server.

    Example: ancadmin deposits remind send --channel sms -o messages.csv

    Each is looked at again first: who has paid since, died or left is not reminded. SMS and letters are marked sent and
    then written; should the file be lost, `remind again` writes it once more. The mail server stands in ancadmin.toml
    under [mail]; what it refuses is tried again the next time.
    """
    from ancadmin.errors import UsageError
    from ancadmin.mail import load_mail_server, sms_file
    from ancadmin.services.deposits.reminders.mailing import send_by_mail
    from ancadmin.services.deposits.reminders.sending import send_on_paper

    state, output = state_of(ctx), chosen(form, as_json, None)
    session = state.session(dry_run=dry_run)
    if channel is Channel.EMAIL:
        if target is not None:
            raise UsageError("e-mail is not written to a file", "Leave out -o.")
        result = send_by_mail(session, load_mail_server(), limit)
    else:
        target = target or (sms_file() if channel is Channel.SMS else None)
        if target is None:
            raise UsageError(f"where the {_GOES[channel]} should be written is missing", "Add -o, and where to.")
        result = send_on_paper(session, channel, target, limit)
    show_result(output, result.as_dict(), quiet=state.quiet)
    parts = [f"{result.left} {_GOES[channel]} left"]
    for count, what in (
        (result.failed, "refused by the mail server"),
        (result.no_longer_due, "no longer due"),
        (result.waiting, "waiting"),
    ):
        parts += [f"{count} {what}"] if count else []
    following = f"ancadmin deposits remind list --state {'failed' if result.failed else 'sent'}"
    state.conclude(", ".join(parts), following, dry_run=dry_run)
    if strict and result.failed:
        raise typer.Exit(NEEDS_A_PERSON)


@app.command()
def again(
    ctx: typer.Context,
    batch: Annotated[int, numbered("The batch they were sent in: ancadmin batch list")],
    target: PaperOption = None,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the gateway file or the letters of a sending once more, where they were lost on the way.

    Example: ancadmin deposits remind again 17 -o messages.csv
    """
    from ancadmin.errors import UsageError
    from ancadmin.services.deposits.reminders.papers import write_again

    if target is None:
        raise UsageError("where it should be written is missing", "Add -o, and where to.")
    state = state_of(ctx)
    files = write_again(state.session(), batch, target)
    show_result(chosen(form, as_json, None), {"batch": batch, "files": [str(path) for path in files]})
    state.say(f"{len(files)} files of batch {batch} → {target}")


_GOES = {Channel.SMS: "SMS", Channel.EMAIL: "e-mails", Channel.LETTER: "letters"}


def _masked(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows for a table: addresses masked, in what a server said too."""
    for row in rows:
        shown = masked_address(row["channel"], row["address"])
        refused = (row["failed"] or "").replace(row["address"], shown)
        yield {
            **row,
            "name": f"{row['surname']}, {row['first_names']}".rstrip(", "),
            "shown": shown,
            "said": row["sent_at"] or refused,
        }


def _scope(branch: str | None, region: str | None, province: str | None) -> "Scope | None":
    from ancadmin.services.export.scope import Scope

    return None if branch is region is province is None else Scope(branch, region, province)
