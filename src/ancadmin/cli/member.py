"""`ancadmin member`: look people up, explain their standing, decide."""

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ancadmin.cli import member_decisions, member_dispute, member_merge, member_number, member_place
from ancadmin.cli.days import parse_day
from ancadmin.cli.member_explained import told_for_people
from ancadmin.cli.output import (
    Column,
    FileOption,
    Format,
    FormatOption,
    JsonOption,
    chosen,
    mask,
    show_result,
    show_rows,
)
from ancadmin.cli.state import State, state_of
from ancadmin.domain.standing import Status
from ancadmin.errors import UsageError

if TYPE_CHECKING:
    from ancadmin.services.session import Session

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The ID number, in quotes if it has blanks")]
KnownOption = Annotated[
    date | None,
    typer.Option("--known", metavar="K", parser=parse_day, help="As it was known at the end of K; --on is K then"),
]
_PERSON = (
    Column("id_number", "ID number", "id"),
    Column("surname", "surname"),
    Column("first_names", "first names"),
)


@app.callback()
def member() -> None:
    """Members: look up, explain, decide.

    Example: ancadmin member find Mokoena
    """


@app.command("list")
def list_(
    ctx: typer.Context,
    on: Annotated[
        date | None, typer.Option("--on", metavar="D", parser=parse_day, help="As at the end of D; else of K, or today")
    ] = None,
    known: KnownOption = None,
    branch: Annotated[str | None, typer.Option("--branch", metavar="CODE", help="Only this branch")] = None,
    region: Annotated[str | None, typer.Option("--region", metavar="CODE", help="Only this region")] = None,
    province: Annotated[str | None, typer.Option("--province", metavar="CODE", help="Only this province")] = None,
    status: Annotated[Status | None, typer.Option("--status", help="Only with this status")] = None,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Show members with their standing on any day, by branch and name.

    Example: ancadmin member list --branch 79700012 --status good_standing --on 2020-12-15
    """
    from ancadmin.services.export.scope import Scope
    from ancadmin.services.member.list import Wanted, listed

    output = chosen(form, as_json, file)
    places = [code for code in (branch, region, province) if code is not None]
    if len(places) > 1:
        raise UsageError("which members is not clear", "Give one of --branch, --region and --province.")
    scope = Scope(branch, region, province) if places else None
    columns = (
        *_PERSON,
        Column("branch", "branch"),
        Column("status", "status"),
        Column("paid_until", "paid until"),
        Column("arrears_cents", "arrears", "money"),
    )
    wanted = Wanted(on, known, scope, status)
    with listed(state_of(ctx).session(), wanted, full_ids=output.shows_full_ids) as rows:
        show_rows(output, columns, rows)


@app.command()
def show(
    ctx: typer.Context,
    id_number: IdArgument,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Show one member's record and standing today.

    Example: ancadmin member show 8001015009087
    """
    from ancadmin.services.member.show import show as show_member

    state = state_of(ctx)
    output = chosen(form, as_json, file)
    session = state.session()
    found = show_member(session, id_number, full_ids=output.shows_full_ids)
    if not output.shows_full_ids:
        others = {name: [mask(one) for one in found[name]] for name in ("merged_numbers", "former_numbers")}
        found = {**found, "id_number": mask(found["id_number"]), **others}
    show_result(output, found)
    _say_merged(state, session, id_number)


@app.command()
def find(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="An ID number or its beginning, a cell number or a name")],
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Find members by ID number, cell number or part of a name: the likeliest first, at most 50.

    Example: ancadmin member find Mokoena
    """
    from ancadmin.domain.id_numbers import digits_of_any_age
    from ancadmin.services.member.find import MOST
    from ancadmin.services.member.find import find as find_members

    state = state_of(ctx)
    output = chosen(form, as_json, file)
    session = state.session()
    found = find_members(session, text, full_ids=output.shows_full_ids)
    columns = (
        *_PERSON,
        Column("born", "born"),
        Column("branch", "branch"),
        Column("branch_name", "name of branch"),
        Column("status", "status"),
    )
    show_rows(output, columns, found)
    if not found:
        state.say("nobody found → ancadmin member find with a shorter part of the name")
    elif len(found) == 1 and digits_of_any_age(text) is not None:
        _say_merged(state, session, text)
    elif len(found) == MOST:
        state.say(f"the likeliest {MOST} are shown → ancadmin member find with more of the name")


@app.command()
def history(
    ctx: typer.Context,
    id_number: IdArgument,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Show everything on record about a member in order of time: what, when, who recorded it and why.

    Example: ancadmin member history 8001015009087
    """
    from ancadmin.services.member.telling.history import history as events

    output = chosen(form, as_json, file)
    columns = (Column("on", "on"), Column("what", "what"), Column("why", "why"), Column("recorded", "recorded"))
    state = state_of(ctx)
    session = state.session()
    told = events(session, id_number, full_ids=output.shows_full_ids)
    if output.format is Format.TABLE:
        told = [{**one, "recorded": _recorded(one)} for one in told]
    show_rows(output, columns, told)
    _say_merged(state, session, id_number)


@app.command()
def explain(
    ctx: typer.Context,
    id_number: IdArgument,
    on: Annotated[
        date | None, typer.Option("--on", metavar="D", parser=parse_day, help="As at the end of D; else of K, or today")
    ] = None,
    known: KnownOption = None,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Explain a member's standing on any day: the status, the rule, the facts behind it, and what comes next.

    Example: ancadmin member explain 8001015009087 --on 2020-12-15
    """
    from ancadmin.services.member.telling.explain import explain as explain_member

    state = state_of(ctx)
    output = chosen(form, as_json, file)
    session = state.session()
    told = explain_member(session, id_number, on=on, known=known, full_ids=output.shows_full_ids)
    if output.format is Format.TABLE:
        show_rows(output, (Column("what", ""), Column("value", "")), told_for_people(told), above=told.sentences)
    else:
        show_result(output, {**asdict(told), "sentences": list(told.sentences)})
    if known is None:
        _say_merged(state, session, id_number)


def _say_merged(state: State, session: "Session", text: str) -> None:
    """Says so where the record shown is the one the number's own was merged into."""
    from ancadmin.services.member.whose import told_of_merge

    told = told_of_merge(session, text)
    if told is not None:
        state.say(told)


def _recorded(one: dict[str, Any]) -> str:
    """When and by whom, in a narrow column."""
    return f"{one['recorded_at'][:16].replace('T', ' ')}\n{one['who']}, batch {one['batch']}"


member_decisions.add_to(app)
member_merge.add_to(app)
member_place.add_to(app)
member_number.add_to(app)
app.add_typer(member_dispute.app, name="dispute")
