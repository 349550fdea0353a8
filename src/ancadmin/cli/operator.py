"""`ancadmin operator`."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from ancadmin.cli.days import parse_day
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
from ancadmin.cli.state import State, state_of
from ancadmin.domain.roles import Role

if TYPE_CHECKING:
    from ancadmin.services.approvals.captured import Outcome

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

AccountArgument = Annotated[
    str, typer.Argument(metavar="ACCOUNT", help="Operating-system account (SQLite) or login (PostgreSQL)")
]

RoleOption = Annotated[Role, typer.Option("--role", help="What they are")]
PlaceOption = Annotated[
    str, typer.Option("--place", metavar="CODE", help="For where: `national`, or a province, region or branch")
]
UntilOption = Annotated[
    date | None,
    typer.Option("--until", metavar="D", parser=parse_day, help="The first day on which it is no longer held"),
]
ReasonOption = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, for whoever has to approve it")]


@app.callback()
def operator() -> None:
    """Who may use the store.

    Example: ancadmin operator list

    On SQLite roles guide: whoever can write the file can get round them. On PostgreSQL they protect: each login
    gets the rights of its roles on the server, and an auditor's login can only read.
    """


@app.command()
def add(
    ctx: typer.Context,
    account: AccountArgument,
    name: Annotated[str, typer.Option("--name", help="The person's own name")],
    role: RoleOption,
    place: PlaceOption,
    until: UntilOption = None,
    why: ReasonOption = "",
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let an account use the store, in a role, for a place and what lies below it.

    Example: ancadmin operator add thandi --name "Thandi Nkosi" --role auditor --place national

    A provincial officer gives the roles of a region and of branches, a national officer every role. A regional
    secretary asks for the role of branch secretary: it waits in `approvals list`. `policy.toml` may say otherwise.
    Nobody gives themselves a role. Somebody on the list already gets a further role: operator grant.
    """
    from dataclasses import asdict

    from ancadmin.services.operator.add import add_operator

    state = state_of(ctx)
    session = state.session(dry_run=dry_run)
    done = add_operator(session, account, name=name, role=role, place=place, until=until, why=why)
    show_result(chosen(form, as_json, None), asdict(done))
    summary = f"{done.account} is {role.words} for {done.place}{_ending(done.until)}"
    _conclude(state, done, summary, dry_run=dry_run)


@app.command()
def grant(
    ctx: typer.Context,
    account: AccountArgument,
    role: RoleOption,
    place: PlaceOption,
    until: UntilOption = None,
    why: ReasonOption = "",
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give an operator a further role.

    Example: ancadmin operator grant thandi --role regional_organiser --place EKU --until 2026-04-01

    With --until it is held through the day before, and ends by itself. Who may only ask for the role leaves it
    waiting, as with operator add.
    """
    from dataclasses import asdict

    from ancadmin.services.operator.add import grant_role

    state = state_of(ctx)
    done = grant_role(state.session(dry_run=dry_run), account, role=role, place=place, until=until, why=why)
    show_result(chosen(form, as_json, None), asdict(done))
    summary = f"{done.account} is {role.words} for {done.place}{_ending(done.until)} too"
    _conclude(state, done, summary, dry_run=dry_run)


@app.command("list")
def list_(
    ctx: typer.Context,
    ended: Annotated[bool, typer.Option("--all", help="Also the roles that ended or were taken back")] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Who may use the store, and as what: in your places, and above them.

    Example: ancadmin operator list
    """
    from ancadmin.services.operator.list import list_operators

    columns = [
        Column("account", "account"),
        Column("name", "name"),
        Column("role", "role"),
        Column("place", "place"),
        Column("since", "since"),
        Column("until", "until"),
        Column("given_by", "given by"),
        Column("batch", "batch", "number"),
    ]
    show_rows(chosen(form, as_json, file), columns, list_operators(state_of(ctx).session(), ended=ended))


@app.command()
def revoke(
    ctx: typer.Context,
    account: AccountArgument,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, for the record")],
    role: Annotated[Role | None, typer.Option("--role", help="Only this role")] = None,
    place: Annotated[str | None, typer.Option("--place", metavar="CODE", help="Only roles for this place")] = None,
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take roles of an account back: those named, or every one.

    Example: ancadmin operator revoke thandi --why "Left the office"

    Who may only ask for a role asks that it is taken back, one role at a time: it waits in `approvals list`.
    """
    from dataclasses import asdict

    from ancadmin.services.operator.revoke import revoke_operator

    state = state_of(ctx)
    done = revoke_operator(state.session(dry_run=dry_run), account, why=why, role=role, place=place)
    show_result(chosen(form, as_json, None), asdict(done))
    became = f"keeps {done.left} other" if done.left else "is no operator any more"
    summary = f"{done.account} {became} ({'; '.join(done.roles)} taken back)"
    _conclude(state, done, summary, dry_run=dry_run)


def _conclude(state: State, done: "Outcome", summary: str, *, dry_run: bool) -> None:
    """The summary of what was done, or of the request it has become."""
    if done.waits:
        summary = f"{summary}: waits for approval, as request {done.request}"
    state.conclude(summary, f"ancadmin {'approvals' if done.waits else 'operator'} list", dry_run=dry_run)


def _ending(until: str | None) -> str:
    return f" until {until}" if until else ""
