"""`ancadmin config policy`: the numbers in force, a file looked over before it is used, what it would change."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ancadmin.cli import config_policy_adopt
from ancadmin.cli.days import parse_day
from ancadmin.cli.output import (
    Column,
    Detail,
    FileOption,
    Format,
    FormatOption,
    JsonOption,
    chosen,
    show_result,
    show_rows,
)
from ancadmin.cli.policy_changes import CHANGES, as_json_rows, in_words
from ancadmin.cli.state import state_of
from ancadmin.errors import UsageError

if TYPE_CHECKING:
    from ancadmin.services.config.compare import Comparison

app = typer.Typer(rich_markup_mode=None, invoke_without_command=True)
config_policy_adopt.add_to(app)

_FROM_TO = (Column("from", "from"), Column("to", "to"), Column("n", "members", "number"))


@app.callback()
def policy(ctx: typer.Context, form: FormatOption = None, as_json: JsonOption = False, file: FileOption = None) -> None:
    """The organisation's numbers in force: fees, months, ages, thresholds, who decides what.

    Example: ancadmin config policy

    To change them, copy the shipped policy.toml, and name the copy in ancadmin.toml: policy = "our-policy.toml". What
    changes from a day on is an entry of its own; days before keep the numbers that held on them.
    """
    if ctx.invoked_subcommand is not None:
        if as_json or form or file:
            raise UsageError("the options stand before the command", f"Put them behind {ctx.invoked_subcommand}.")
        return
    from ancadmin.services.config.show import show_policy
    from ancadmin.services.session import today_in_johannesburg
    from ancadmin.settings import load_settings

    state = state_of(ctx)
    found = show_policy(load_settings(state.db, state.policy), today_in_johannesburg())
    show_result(chosen(form, as_json, file), found)


@app.command()
def check(
    ctx: typer.Context,
    policy_file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="The policy file; else the one in force")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 10 when there are warnings")] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Say everything that is wrong in a policy file, before it is used (exit 4).

    Example: ancadmin config policy check our-policy.toml

    Warnings: entries nothing reads, entries that would judge past days anew, and an authorisation that is not in force.
    """
    from ancadmin.services.config.check import WRONG, check_policy
    from ancadmin.services.session import today_in_johannesburg
    from ancadmin.settings import load_settings

    state = state_of(ctx)
    output = chosen(form, as_json, file)
    settings = load_settings(state.db, state.policy)
    version, found = check_policy(settings, policy_file, today_in_johannesburg())
    columns = [Column(name, name) for name in ("kind", "line", "key", "what", "value", "remedy")]
    if found or output.format is not Format.TABLE or output.file:
        show_rows(output, columns, [one.as_dict() for one in found])
    wrong = sum(one.kind == WRONG for one in found)
    name = policy_file or settings.policy or "policy.toml"
    if wrong:
        state.say(f"{name}: {wrong} wrong; it cannot be used")
        raise typer.Exit(4)
    said = f"{name}: nothing wrong, {len(found)} warnings, version {version}"
    state.say(f"{said} → ancadmin config policy diff {name}" if policy_file else said)
    if found and strict:
        raise typer.Exit(10)


@app.command()
def diff(
    ctx: typer.Context,
    policy_file: Annotated[Path, typer.Argument(metavar="FILE", help="The other policy file")],
    on: Annotated[
        date | None, typer.Option("--on", metavar="D", parser=parse_day, help="At the end of D; else today")
    ] = None,
    branch: Annotated[str | None, typer.Option("--branch", metavar="CODE", help="Only this branch")] = None,
    region: Annotated[str | None, typer.Option("--region", metavar="CODE", help="Only this region")] = None,
    province: Annotated[str | None, typer.Option("--province", metavar="CODE", help="Only this province")] = None,
    members: Annotated[bool, typer.Option("--members", help="Show who would move, instead of how many")] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """What another policy changes, and whose standing it would move: before it is made.

    Example: ancadmin config policy diff our-policy.toml --on 2027-02-01

    It is compared with the policy the store is reckoned with. Everyone is settled under both, and nothing is written;
    of 1.4 million members it takes about a minute, and others can work meanwhile.
    """
    from ancadmin.services.config.compare import compare
    from ancadmin.services.export.scope import Scope

    output = chosen(form, as_json, file)
    places = [code for code in (branch, region, province) if code is not None]
    if len(places) > 1:
        raise UsageError("which members is not clear", "Give one of --branch, --region and --province.")
    scope = Scope(branch, region, province) if places else None
    state = state_of(ctx)
    full_ids = output.shows_full_ids if members else None
    with compare(state.session(), policy_file, on, scope, full_ids=full_ids) as (found, rows):
        if members:
            show_rows(output, _PERSON, rows)
        else:
            details = [
                Detail("What it changes", CHANGES, [in_words(one) for one in found.changes]),
                Detail("Whom it would move", _FROM_TO, found.moves),
            ]
            people = output.format is Format.TABLE
            show_result(output, _summary(found) if people else _whole(found), details=details if people else ())
    state.say(_said(found))


_PERSON = (
    Column("id_number", "ID number", "id"),
    Column("surname", "surname"),
    Column("first_names", "first names"),
    Column("branch", "branch"),
    Column("from", "from"),
    Column("to", "to"),
    Column("paid_until", "paid until"),
    Column("paid_until_then", "then"),
)


def _summary(found: "Comparison") -> dict[str, Any]:
    return {
        "version": found.version,
        "version_then": found.version_then,
        "on": found.on.isoformat(),
        "listed": found.listed,
        "moved": found.moved,
        "branches": found.branches,
        "branches_then": found.branches_then,
    }


def _whole(found: "Comparison") -> dict[str, Any]:
    return {**_summary(found), "changes": as_json_rows(found.changes), "moves": found.moves}


def _said(found: "Comparison") -> str:
    """The summary; of a change that is still to come on the day, when to ask for it."""
    said = f"{found.moved} of {found.listed} members would move on {found.on.isoformat()}"
    days = [one.from_day for one in found.changes if one.from_day is not None]
    if days and min(days) > found.on:
        return f"{said}; nothing changes before {min(days).isoformat()} → --on {min(days).isoformat()}"
    return said


@app.command("list")
def list_(ctx: typer.Context, form: FormatOption = None, as_json: JsonOption = False, file: FileOption = None) -> None:
    """Every policy anything was written under, the last first.

    Example: ancadmin config policy list

    Who may do what is as the policy says that was adopted last: since when, and by whom.
    """
    from ancadmin.services.config.known import list_policies

    columns = [Column(name, name.replace("_", " ")) for name in ("version", "first_at", "last_at")]
    columns += [Column(name, name.replace("_", " "), "number") for name in ("first_batch", "last_batch", "batches")]
    columns += [Column("adopted_at", "who may do what since"), Column("adopted_by", "by")]
    show_rows(chosen(form, as_json, file), columns, list_policies(state_of(ctx).session()))


@app.command()
def show(
    ctx: typer.Context,
    version: Annotated[
        str | None, typer.Argument(metavar="[VERSION]", help="As a decision names it, or how it begins; else in force")
    ] = None,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """The text of the policy in force, or of one that something was decided under.

    Example: ancadmin config policy show -o our-policy.toml
    """
    from ancadmin.services.config.known import show_version
    from ancadmin.services.config.show import show_text
    from ancadmin.settings import load_settings

    state = state_of(ctx)
    as_text = file is not None and file.suffix == ".toml" and form is None and not as_json
    output = chosen(Format.TABLE if as_text else form, as_json, file)
    if version is None:
        found = show_text(load_settings(state.db, state.policy))
    else:
        found = show_version(state.session(), version)
    if found.get("authorisation"):
        state.say(f"authorisation: {found['authorisation']}")
    if output.format is Format.TABLE:
        _written(file, found["text"])
    else:
        show_result(output, found)


def _written(file: Path | None, text: str) -> None:
    """The policy as it stood, to the byte."""
    if file is None:
        typer.echo(text, nl=False)
        return
    from ancadmin.writers.files import written_whole

    with written_whole(file) as temporary:
        temporary.write_text(text, encoding="utf-8")
