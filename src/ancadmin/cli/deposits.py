"""`ancadmin deposits`: bank statements in, deposits matched by ID number, and an officer's work on single ones."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from ancadmin.cli.days import parse_day
from ancadmin.cli.deposits_bulk import app as bulk
from ancadmin.cli.deposits_officer import add_to as add_officer
from ancadmin.cli.deposits_profiles import app as profiles
from ancadmin.cli.deposits_remind import app as remind
from ancadmin.cli.deposits_review import add_to as add_review
from ancadmin.cli.deposits_statements import add_to as add_statements
from ancadmin.cli.deposits_suspense import add_to as add_suspense
from ancadmin.cli.narratives import masked_narrative
from ancadmin.cli.output import (
    Column,
    DryRunOption,
    FileOption,
    Format,
    FormatOption,
    JsonOption,
    chosen,
    mask,
    show_result,
    show_rows,
)
from ancadmin.cli.state import state_of
from ancadmin.domain.deposits import Reason, State
from ancadmin.domain.money import rands

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

NEEDS_A_PERSON = 10
_NOTES = {
    "pending": "entries are not booked yet and were left out; they come again when they are",
    "details_do_not_add_up": "entries have details without amounts or that do not add up; each was taken as one line",
}
"""What was left out of a statement or read in another way than usual, for people."""


class Bank(StrEnum):
    """The formats of statements this version reads."""

    FNB = "fnb"
    FNB_ENTERPRISE = "fnb-enterprise"
    FNB_RECORDS = "fnb-records"
    CAPITEC = "capitec"
    NEDBANK = "nedbank"
    STANDARD_BANK = "standardbank"
    ABSA = "absa"
    OFX = "ofx"
    MT940 = "mt940"
    CAMT053 = "camt053"
    CSV = "csv"


@app.callback()
def deposits() -> None:
    """Bank statements in, deposits matched by ID number, and what became of every cent.

    Example: ancadmin deposits import statement.csv
    """


@app.command("import")
def import_(
    ctx: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Bank statements, folders or archives")],
    bank: Annotated[
        Bank | None,
        typer.Option(
            "--bank",
            help="The format: FNB online history, enterprise or record types, a table of another bank, OFX, MT940, "
            "camt.053, or any CSV file or workbook by the names of its columns; recognised when not named",
        ),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            "--profile",
            metavar="NAME",
            help="Read tables by this saved profile, or by the one in a FILE.toml; where one alone is of a table's "
            "headings it is read by that without being named",
        ),
    ] = None,
    account: Annotated[
        str | None,
        typer.Option("--account", metavar="NAME", help="The account, where the statement does not name it or another"),
    ] = None,
    force: Annotated[
        bool,
        typer.Option("--force", help="Take a statement that does not add up; leave out lines that cannot be read"),
    ] = False,
    dry_run: DryRunOption = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 10 when something was forced or left out")] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Take in bank statements: credits are deposits, debits and charges are kept beside them.

    Example: ancadmin deposits import statement.csv --account 62012345678

    Importing a statement again, or one that overlaps, adds only what is new. A statement whose balances do not follow
    from its amounts is refused, with the row where it stops adding up.
    """
    from ancadmin.errors import UsageError
    from ancadmin.services.deposits.statements.importing import DEFAULT_ACCOUNT, import_statements

    if bank is not None and profile is not None:
        raise UsageError("--bank and --profile say different things", "Give one of them.")
    state = state_of(ctx)
    output = chosen(form, as_json, file)
    session = state.session(dry_run=dry_run)
    named = bank and bank.value
    result = import_statements(session, files, bank=named, profile=profile, account=account, force=force)
    elsewhere = ("profiles",) if output.format is Format.TABLE else ()
    shown = {name: value for name, value in result.as_dict().items() if name not in elsewhere}
    show_result(output, shown, quiet=state.quiet)
    for one in result.profiles:
        state.say(f"{one['file']} {one['sheet']}".strip() + f": read by the profile {one['profile']}")
    for name in result.forced:
        state.say(f"{name}: does not add up, and was taken in all the same")
    for code, count in result.notes.items():
        state.say(f"{count} {_NOTES[code]}")
    if result.left_out:
        state.say(f"no statements, left out: {', '.join(result.left_out)}")
    for name in result.unnamed:
        state.say(
            f"{name} does not name its account; its lines are kept under `{DEFAULT_ACCOUNT}`: "
            "give --account NAME where that is wrong"
        )
    parts = [f"{result.lines} lines read", f"{result.new} new deposits ({rands(result.cents)})"]
    for count, what in (
        (result.already_there, "there already"),
        (result.not_a_deposit, "debits and charges"),
        (result.rejected, "left out"),
    ):
        parts += [f"{count} {what}"] if count else []
    state.conclude(", ".join(parts), "ancadmin deposits match", dry_run=dry_run)
    if strict and (result.forced or result.rejected):
        raise typer.Exit(NEEDS_A_PERSON)


@app.command()
def match(
    ctx: typer.Context,
    dry_run: DryRunOption = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 10 when any of them needs a person")] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Match deposits to members by the ID number in their narrative; say why where there is no match.

    Example: ancadmin deposits match

    Where there is only an old reference, a damaged ID number, a cell number or a name, members are suggested, each with
    a score; an officer decides. Deposits that waited for an acceptance or a registration are looked at again by
    themselves, and so are suggestions once something about members has changed.
    """
    from ancadmin.services.deposits.matching.match import match_deposits

    state = state_of(ctx)
    output = chosen(form, as_json, file)
    result = match_deposits(state.session(dry_run=dry_run))
    show_result(output, result.as_dict(), quiet=state.quiet)
    parts = [f"{result.looked_at} looked at", f"{result.matched} matched ({rands(result.matched_cents)})"]
    for count, what in (
        (result.suggested, "suggested"),
        (result.bulk, "bulk"),
        (result.unallocated, "unallocated"),
        (result.bulk_pattern, "flagged bulk_pattern"),
    ):
        parts += [f"{count} {what}"] if count else []
    following = "ancadmin deposits list --state unallocated" if result.unallocated else "ancadmin sweep"
    following = "ancadmin deposits review" if result.suggested else following
    state.conclude(", ".join(parts), following, dry_run=dry_run)
    if strict and (result.suggested or result.bulk or result.unallocated or result.bulk_pattern):
        raise typer.Exit(NEEDS_A_PERSON)


@app.command("list")
def list_(
    ctx: typer.Context,
    state_wanted: Annotated[State | None, typer.Option("--state", help="Only those in this state")] = None,
    reason: Annotated[Reason | None, typer.Option("--reason", help="Only those with this reason")] = None,
    first_day: Annotated[
        date | None,
        typer.Option("--from", metavar="D", parser=parse_day, help="Only with this value date or a later one"),
    ] = None,
    last_day: Annotated[
        date | None,
        typer.Option("--to", metavar="D", parser=parse_day, help="Only with this value date or an earlier one"),
    ] = None,
    on_account: Annotated[
        str | None, typer.Option("--on-account", metavar="NAME", help="Only what came in on this account")
    ] = None,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Show deposits: what came in, its state and reason, and the members it is credited to or named with.

    Example: ancadmin deposits list --state unallocated --from 2026-01-01
    """
    from ancadmin.services.deposits.listing import Wanted, listed

    state = state_of(ctx)
    output = chosen(form, as_json, file)
    columns = (
        Column("deposit", "no", "number"),
        Column("account", "account"),
        Column("value_date", "value date"),
        Column("cents", "amount", "money"),
        Column("shown", "narrative"),
        Column("state", "state"),
        Column("reason", "reason"),
        Column("whom", "members"),
        Column("flags", "flags"),
    )
    with listed(state.session(), Wanted(state_wanted, reason, first_day, last_day, on_account)) as rows:
        show_rows(output, columns, rows if output.shows_full_ids else map(_masked, rows))


def _masked(row: dict[str, Any]) -> dict[str, Any]:
    """The row for a table: ID numbers masked, in the narrative too."""
    return {
        **row,
        "shown": masked_narrative(row["narrative"]),
        "whom": _whom(row["members"]),
        "flags": " ".join(row["flags"]),
    }


def _whom(members: list[dict[str, Any]]) -> str:
    """The members of a row; of several suggested ones the first with its score, and how many more there are."""
    if not members or members[0]["score"] is None:
        return ", ".join(mask(one["id_number"]) for one in members)
    more = f" +{len(members) - 1}" if len(members) > 1 else ""
    return f"{mask(members[0]['id_number'])} {members[0]['score']:.2f}{more}"


@app.command()
def balance(
    ctx: typer.Context,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Add up every account: deposits = allocated + unallocated + refunded. Exits 10 where it does not hold.

    Example: ancadmin deposits balance
    """
    from ancadmin.services.deposits.balance import balances

    state = state_of(ctx)
    output = chosen(form, as_json, file)
    found = balances(state.session())
    columns = (
        Column("account", "account"),
        Column("deposits_cents", "deposits", "money"),
        Column("allocated_cents", "allocated", "money"),
        Column("unallocated_cents", "unallocated", "money"),
        Column("refunded_cents", "refunded", "money"),
        Column("holds", "holds"),
    )
    show_rows(output, columns, (one.as_dict() for one in found))
    wrong = [one.account for one in found if not one.holds]
    if wrong:
        state.say(f"does not hold: {', '.join(wrong)} → ancadmin audit verify")
        raise typer.Exit(NEEDS_A_PERSON)


add_officer(app)
add_suspense(app)
add_review(app)
add_statements(app)
app.add_typer(profiles, name="profile")
app.add_typer(bulk, name="bulk")
app.add_typer(remind, name="remind")
