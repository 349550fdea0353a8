"""The decision verbs of `ancadmin member`: what an officer records about one person."""

from dataclasses import asdict
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from ancadmin.cli import member_deceased, member_decisions_file
from ancadmin.cli.days import parse_day
from ancadmin.cli.output import DryRunOption, FormatOption, JsonOption, Output, chosen, mask, show_result
from ancadmin.cli.state import State, state_of
from ancadmin.errors import UsageError

if TYPE_CHECKING:
    from ancadmin.services.approvals.captured import Outcome
    from ancadmin.services.member.decide import Decided

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The ID number, in quotes if it has blanks")]
OnOption = Annotated[date, typer.Option("--on", metavar="D", parser=parse_day, help="The day it takes effect")]
WhyOption = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, for the record")]


class Discipline(StrEnum):
    """What discipline may end in."""

    EXPELLED = "expelled"
    SUSPENDED = "suspended"


def add_to(app: typer.Typer) -> None:
    """Puts the decision verbs beside the other verbs of `ancadmin member`."""
    for name, command in (
        ("apply", apply),
        ("accept", accept),
        ("refuse", refuse),
        ("object", object_),
        ("discipline", discipline),
        ("resign", resign),
        ("defect", defect),
        ("lapse", lapse),
        ("contact", contact),
    ):
        app.command(name)(command)
    app.add_typer(member_deceased.app, name="deceased")
    app.add_typer(member_decisions_file.app, name="decisions")


def apply(
    ctx: typer.Context,
    id_number: IdArgument,
    surname: Annotated[str, typer.Option("--surname", help="As on the form")],
    branch: Annotated[str, typer.Option("--branch", metavar="CODE", help="The branch applied to")],
    on: OnOption,
    why: WhyOption,
    first_names: Annotated[str, typer.Option("--first-names", help="As on the form")] = "",
    cell: Annotated[str, typer.Option("--cell", help="A South African mobile number")] = "",
    email: Annotated[str, typer.Option("--email", help="An e-mail address")] = "",
    voting_district: Annotated[str, typer.Option("--voting-district", help="8 digits")] = "",
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Enter an application for membership; who was refused may apply again.

    Example: ancadmin member apply 8001015009087 --surname Mokoena --branch 79700012 --on 2020-01-10 --why "Form 17"

    A file of many: ancadmin member decisions import FILE
    """
    from ancadmin.services.member.apply import Applicant
    from ancadmin.services.member.apply import apply as record

    state = state_of(ctx)
    applicant = Applicant(id_number, surname, first_names, branch, cell, email, voting_district)
    done = record(state.session(dry_run=dry_run), applicant, on=on, why=why)
    _show(state, chosen(form, as_json, None), done, "accept", dry_run=dry_run)


def accept(
    ctx: typer.Context,
    id_number: IdArgument,
    on: OnOption,
    why: WhyOption,
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record that the branch executive accepted an application; only now is the fee asked for.

    Example: ancadmin member accept 8001015009087 --on 2020-01-31 --why "BEC meeting of 31 January"

    A file of many: ancadmin member decisions import FILE
    """
    _decide(ctx, id_number, "accepted", on, None, why, dry_run, chosen(form, as_json, None))


def refuse(
    ctx: typer.Context,
    id_number: IdArgument,
    on: OnOption,
    why: WhyOption,
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record that the branch executive refused an application.

    Example: ancadmin member refuse 8001015009087 --on 2020-01-31 --why "Does not live in the ward"

    A file of many: ancadmin member decisions import FILE
    """
    _decide(ctx, id_number, "refused", on, None, why, dry_run, chosen(form, as_json, None))


def object_(
    ctx: typer.Context,
    id_number: IdArgument,
    why: WhyOption,
    on: Annotated[
        date | None, typer.Option("--on", metavar="D", parser=parse_day, help="The day the objection is lodged")
    ] = None,
    settled: Annotated[
        date | None, typer.Option("--settled", metavar="D", parser=parse_day, help="The day the open one is settled")
    ] = None,
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Lodge the branch executive's objection to someone in probation (--on), or settle the open one (--settled).

    Example: ancadmin member object 8001015009087 --on 2020-06-01 --why "Complaint of the branch"

    A file of many: ancadmin member decisions import FILE
    """
    from ancadmin.services.member.decide import settle_objection

    _exactly_one("--on", on, "--settled", settled)
    output = chosen(form, as_json, None)
    if settled is None:
        _decide(ctx, id_number, "objection", on, None, why, dry_run, output)
        return
    state = state_of(ctx)
    done = settle_objection(state.session(dry_run=dry_run), id_number, settled=settled, why=why)
    _show(state, output, done, "explain", dry_run=dry_run)


def discipline(
    ctx: typer.Context,
    id_number: IdArgument,
    why: WhyOption,
    kind: Annotated[Discipline | None, typer.Option("--kind", help="What was decided, or what is lifted")] = None,
    on: Annotated[
        date | None, typer.Option("--on", metavar="D", parser=parse_day, help="The day it takes effect")
    ] = None,
    until: Annotated[
        date | None, typer.Option("--until", metavar="D", parser=parse_day, help="The first day on which it is over")
    ] = None,
    lift: Annotated[
        date | None,
        typer.Option("--lift", metavar="D", parser=parse_day, help="End it early: the first day without it"),
    ] = None,
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record an expulsion or a suspension (--kind, --on), for good or --until a day; or end one early (--lift).

    Example: ancadmin member discipline 8001015009087 --kind suspended --on 2020-06-01 --until 2020-08-01 --why "DC 4"

    A file of many: ancadmin member decisions import FILE
    """
    from ancadmin.domain.decisions import Kind
    from ancadmin.services.member.decide import lift_discipline

    _exactly_one("--on", on, "--lift", lift)
    output = chosen(form, as_json, None)
    if lift is None:
        if kind is None:
            raise UsageError("what was decided is missing", "Give --kind expelled or --kind suspended.")
        _decide(ctx, id_number, kind.value, on, until, why, dry_run, output)
        return
    if until is not None:
        raise UsageError("--until and --lift say different things", "Give one of them.")
    state = state_of(ctx)
    named = Kind(kind.value) if kind else None
    done = lift_discipline(state.session(dry_run=dry_run), id_number, lifted=lift, why=why, kind=named)
    _show(state, output, done, "explain", dry_run=dry_run)


def resign(
    ctx: typer.Context,
    id_number: IdArgument,
    on: OnOption,
    why: WhyOption,
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record a resignation.

    Example: ancadmin member resign 8001015009087 --on 2020-06-01 --why "Letter of 28 May"

    A file of many: ancadmin member decisions import FILE
    """
    _decide(ctx, id_number, "resigned", on, None, why, dry_run, chosen(form, as_json, None))


def defect(
    ctx: typer.Context,
    id_number: IdArgument,
    on: OnOption,
    why: WhyOption,
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record that someone went over to another organisation.

    Example: ancadmin member defect 8001015009087 --on 2020-06-01 --why "Stood for another party"

    A file of many: ancadmin member decisions import FILE
    """
    _decide(ctx, id_number, "defected", on, None, why, dry_run, chosen(form, as_json, None))


def lapse(
    ctx: typer.Context,
    id_number: IdArgument,
    on: OnOption,
    why: WhyOption,
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record that a membership was declared lapsed.

    Example: ancadmin member lapse 8001015009087 --on 2020-06-01 --why "Branch decision 12"

    A file of many: ancadmin member decisions import FILE
    """
    _decide(ctx, id_number, "lapsed", on, None, why, dry_run, chosen(form, as_json, None))


def contact(
    ctx: typer.Context,
    id_number: IdArgument,
    why: WhyOption,
    cell: Annotated[str, typer.Option("--cell", help="A South African mobile number")] = "",
    email: Annotated[str, typer.Option("--email", help="An e-mail address")] = "",
    voting_district: Annotated[str, typer.Option("--voting-district", help="8 digits")] = "",
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Correct how a member is reached; the old value stays on record.

    Example: ancadmin member contact 8001015009087 --cell "082 123 4567" --why "Phoned the office"

    A file of many: ancadmin member decisions import FILE
    """
    from ancadmin.services.member.contact import change_contact

    state = state_of(ctx)
    done = change_contact(
        state.session(dry_run=dry_run),
        id_number,
        cell=cell,
        email=email,
        voting_district=voting_district,
        why=why,
    )
    output = chosen(form, as_json, None)
    show_result(output, {**asdict(done), "id_number": _shown(output, done.id_number)})
    changed = ", ".join(done.changed).replace("_", " ") or "nothing"
    conclude(state, done, f"{changed} changed", "ancadmin member show ID", dry_run=dry_run)


def _decide(
    ctx: typer.Context,
    id_number: str,
    kind: str,
    on: date | None,
    until: date | None,
    why: str,
    dry_run: bool,
    output: Output,
) -> None:
    from ancadmin.domain.decisions import Kind
    from ancadmin.services.member.decide import decide

    if on is None:
        raise UsageError("the day is missing", "Give it with --on D.")
    state = state_of(ctx)
    done = decide(state.session(dry_run=dry_run), id_number, Kind(kind), on=on, why=why, until=until)
    _show(state, output, done, "explain", dry_run=dry_run)


def _show(state: State, output: Output, done: "Decided", following: str, *, dry_run: bool) -> None:
    answer = asdict(done)
    answer["id_number"] = _shown(output, done.id_number)
    show_result(output, answer)
    until = f" until {done.until}" if done.until else ""
    summary = f"{mask(done.id_number)} {done.decision} on {done.on}{until}"
    conclude(state, done, summary, f"ancadmin member {following} ID", dry_run=dry_run)


def conclude(state: State, done: "Outcome", summary: str, following: str, *, dry_run: bool) -> None:
    """The summary of a decision, or of the request it has become."""
    if done.waits:
        following = "ancadmin approvals list"
        summary = f"{summary}: waits for approval, as request {done.request}"
    state.conclude(summary, following, dry_run=dry_run)


def _shown(output: Output, id_number: str) -> str:
    return id_number if output.shows_full_ids else mask(id_number)


def _exactly_one(first: str, one: object, second: str, other: object) -> None:
    if (one is None) == (other is None):
        raise UsageError(f"{first} or {second} is needed, not both", f"Give {first} D or {second} D.")
