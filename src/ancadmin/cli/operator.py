"""`ancadmin operator`."""

from typing import Annotated

import typer

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
from ancadmin.domain.roles import Role

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

AccountArgument = Annotated[
    str, typer.Argument(metavar="ACCOUNT", help="Operating-system account (SQLite) or login (PostgreSQL)")
]


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
    role: Annotated[Role, typer.Option("--role", help="What they are")],
    place: Annotated[
        str, typer.Option("--place", metavar="CODE", help="For where: `national`, or a province, region or branch")
    ],
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let an account use the store, in a role, for a place and what lies below it.

    Example: ancadmin operator add thandi --name "Thandi Nkosi" --role auditor --place national

    A regional secretary gives the role of branch secretary, a provincial officer those of a region, a national
    officer every role.
    """
    from dataclasses import asdict

    from ancadmin.services.operator.add import add_operator

    state = state_of(ctx)
    done = add_operator(state.session(dry_run=dry_run), account, name=name, role=role, place=place)
    show_result(chosen(form, as_json, None), asdict(done))
    state.conclude(f"{done.account} is {role.words} for {done.place}", "ancadmin operator list", dry_run=dry_run)


@app.command("list")
def list_(ctx: typer.Context, form: FormatOption = None, as_json: JsonOption = False, file: FileOption = None) -> None:
    """Who may use the store, and as what.

    Example: ancadmin operator list
    """
    from ancadmin.services.operator.list import list_operators

    columns = [
        Column("account", "account"),
        Column("name", "name"),
        Column("role", "role"),
        Column("place", "place"),
        Column("since", "since"),
        Column("batch", "batch", "number"),
    ]
    show_rows(chosen(form, as_json, file), columns, list_operators(state_of(ctx).session()))


@app.command()
def revoke(
    ctx: typer.Context,
    account: AccountArgument,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, for the record")],
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take every role of an account back.

    Example: ancadmin operator revoke thandi --why "Left the office"
    """
    from dataclasses import asdict

    from ancadmin.services.operator.revoke import revoke_operator

    state = state_of(ctx)
    done = revoke_operator(state.session(dry_run=dry_run), account, why=why)
    show_result(chosen(form, as_json, None), asdict(done))
    summary = f"{done.account} is no operator any more ({'; '.join(done.roles)})"
    state.conclude(summary, "ancadmin operator list", dry_run=dry_run)
