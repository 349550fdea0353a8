"""`ancadmin deposits suspense` and `patterns`: what waits and for how long, and who pays for others."""

from datetime import date
from enum import StrEnum
from typing import Annotated

import typer

from ancadmin.cli.days import parse_day
from ancadmin.cli.output import Column, FileOption, Format, FormatOption, JsonOption, chosen, show_rows
from ancadmin.cli.state import state_of
from ancadmin.domain.money import rands

NEEDS_A_PERSON = 10


class By(StrEnum):
    """What the money is told apart by."""

    REASON = "reason"
    AGE = "age"
    ACCOUNT = "account"


def add_to(app: typer.Typer) -> None:
    """Hooks the commands into `deposits`."""
    for command in (suspense, patterns):
        app.command()(command)


def suspense(
    ctx: typer.Context,
    by: Annotated[By | None, typer.Option("--by", help="Only by this; else by reason and age")] = None,
    on: Annotated[
        date | None,
        typer.Option("--on", metavar="D", parser=parse_day, help="As it was known at the end of this day; else today"),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 10 when money waits")] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Show money nobody is credited with: how much, why, and how long it has waited since its value date.

    Example: ancadmin deposits suspense --by age
    """
    from ancadmin.services.deposits.suspense import ageing

    output = chosen(form, as_json, file)
    session = state_of(ctx).session()
    rows = ageing.suspense(session, None if by is None else ageing.By(by.value), on)
    keys = ("reason", "age") if by is None else (by.value,)
    columns = (
        *(Column(key, key) for key in keys),
        Column("deposits", "deposits", "number"),
        Column("cents", "amount", "money"),
        Column("oldest", "oldest"),
    )
    total = f"{rands(sum(row['cents'] for row in rows))} in {sum(row['deposits'] for row in rows)} deposits"
    show_rows(output, columns, rows, above=[f"{total}, on {on or session.today}"])
    if strict and rows:
        raise typer.Exit(NEEDS_A_PERSON)


def patterns(
    ctx: typer.Context,
    first_day: Annotated[
        date | None,
        typer.Option("--from", metavar="D", parser=parse_day, help="Only with this value date or a later one"),
    ] = None,
    last_day: Annotated[
        date | None,
        typer.Option("--to", metavar="D", parser=parse_day, help="Only with this value date or an earlier one"),
    ] = None,
    branch: Annotated[
        str | None,
        typer.Option("--branch", metavar="CODE", help="Only where this branch is named, or its members are paid for"),
    ] = None,
    on: Annotated[
        date | None,
        typer.Option("--on", metavar="D", parser=parse_day, help="The day their standing counts; else today"),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 10 when there is any")] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Show who pays for others: many deposits of one day from one terminal, or naming one branch.

    Example: ancadmin deposits patterns --from 2026-01-01 --on 2026-03-31

    `only through` counts those who are in good standing on the day and would not be without this money. JSON names
    the members.
    """
    from ancadmin.services.deposits.bulk.evidence import Wanted
    from ancadmin.services.deposits.bulk.evidence import patterns as found

    output = chosen(form, as_json, file)
    rows = found(state_of(ctx).session(), Wanted(first_day, last_day, branch), on)
    if output.format is Format.CSV:
        rows = [{name: value for name, value in row.items() if name != "people"} for row in rows]
    columns = (
        Column("value_date", "value date"),
        Column("kind", "by"),
        Column("code", "code"),
        Column("branch", "branch"),
        Column("deposits", "deposits", "number"),
        Column("cents", "amount", "money"),
        Column("members", "members", "number"),
        Column("joined_days", "joined, days before", "number"),
        Column("last_paid_days", "last paid, days before", "number"),
        Column("never_paid", "never paid before", "number"),
        Column("only_through", "only through", "number"),
    )
    show_rows(output, columns, rows)
    if strict and rows:
        raise typer.Exit(NEEDS_A_PERSON)
