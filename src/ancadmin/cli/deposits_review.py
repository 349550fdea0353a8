"""`ancadmin deposits review` and `deposits alias`: suggestions decided about, and what that taught."""

import sys
from dataclasses import asdict
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ancadmin.cli.days import parse_day
from ancadmin.cli.narratives import masked_narrative
from ancadmin.cli.numbers import numbered
from ancadmin.cli.output import (
    Column,
    Detail,
    DryRunOption,
    FileOption,
    FormatOption,
    JsonOption,
    Output,
    chosen,
    mask,
    show_result,
    show_rows,
)
from ancadmin.cli.state import State, state_of
from ancadmin.domain.deposits import Reason
from ancadmin.domain.money import rands
from ancadmin.errors import NotAllowed, UsageError

if TYPE_CHECKING:
    from ancadmin.services.deposits.review.accepting import Accepted
    from ancadmin.services.deposits.review.waiting import Chosen

NEEDS_A_PERSON = 10
alias = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
_SAMPLE = (
    Column("deposit", "no", "number"),
    Column("value_date", "value date"),
    Column("cents", "amount", "money"),
    Column("shown", "narrative"),
    Column("id_number", "member", "id"),
    Column("score", "score"),
    Column("why", "evidence"),
)


class Rung(StrEnum):
    """The rungs that suggest members."""

    LEGACY_REFERENCE = "legacy_reference"
    NEAR_MISS = "near_miss"
    PHONE = "phone"
    NAME = "name"


def add_to(app: typer.Typer) -> None:
    """Hooks the commands into `deposits`."""
    app.command()(review)
    app.add_typer(alias, name="alias")


def review(
    ctx: typer.Context,
    reason: Annotated[Rung | None, typer.Option("--reason", help="Only what this rung suggested")] = None,
    score: Annotated[
        float, typer.Option("--score", min=0, max=1, metavar="S", help="Only scores of at least S, from 0 to 1")
    ] = 0,
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
    accept: Annotated[
        bool, typer.Option("--accept", help="Accept them all at once: each with one likeliest member, never a tie")
    ] = False,
    why: Annotated[
        str | None, typer.Option("--why", metavar="TEXT", help="With --accept: the reason; it is kept with each entry")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="With --accept: do not ask first")] = False,
    dry_run: DryRunOption = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 10 when any are left for a person")] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Decide about suggestions: a deposit at a time on the whole screen, or a class of them at once with --accept.

    Example: ancadmin deposits review --reason legacy_reference --score 0.9 --accept --why "Old book checked" --dry-run

    At the desk each deposit is shown with the members it may be meant for, their scores and the evidence; every
    decision is a batch of its own, kept the moment it is made. Without a terminal, or with --json or -o, it lists what
    waits. What is accepted is learnt: see `ancadmin deposits alias list`.
    """
    from ancadmin.services.deposits.listing import Wanted
    from ancadmin.services.deposits.review.waiting import Chosen

    state = state_of(ctx)
    output = chosen(form, as_json, file)
    among = Wanted(first_day=first_day, last_day=last_day, account=on_account)
    which = Chosen(among, Reason(reason.value) if reason else None, round(score * 100))
    if accept:
        left = _accept(state, output, which, why, asks=not (yes or dry_run), dry_run=dry_run)
    elif why is not None or yes:
        raise UsageError("--why and --yes go with --accept", "Add --accept, or leave them out.")
    elif file or form or as_json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        left = _list(state, output, which)
    else:
        left = _sit_down(state, which, dry_run=dry_run)
    if strict and left:
        raise typer.Exit(NEEDS_A_PERSON)


def _list(state: State, output: Output, which: "Chosen") -> int:
    """Shows what waits; how many that is."""
    from ancadmin.services.deposits.review.waiting import listed

    columns = (
        Column("deposit", "no", "number"),
        Column("value_date", "value date"),
        Column("cents", "amount", "money"),
        Column("shown", "narrative"),
        Column("reason", "reason"),
        Column("whom", "members"),
        Column("flags", "flags"),
    )
    count = 0

    def counted(rows: Any) -> Any:
        nonlocal count
        for row in rows:
            count += 1
            yield row if output.shows_full_ids else _masked(row)

    with listed(state.session(), which) as rows:
        show_rows(output, columns, counted(rows))
    return count


def _masked(row: dict[str, Any]) -> dict[str, Any]:
    """The row for a table: ID numbers masked, in the narrative too."""
    return {
        **row,
        "shown": masked_narrative(row["narrative"]),
        "reason": row["candidates"][0]["reason"],
        "whom": ", ".join(f"{mask(one['id_number'])} {one['score']:.2f}" for one in row["candidates"]),
        "flags": " ".join([*row["flags"], *(["tie"] if row["tie"] else [])]),
    }


def _accept(state: State, output: Output, which: "Chosen", why: str | None, *, asks: bool, dry_run: bool) -> int:
    """Accepts a class, once it was shown what that would post; how many are left."""
    from ancadmin.services.deposits.review.accepting import accept_class

    if which.reason is None or not (why or "").strip():
        raise UsageError(
            "--accept goes with --reason and --why", 'Say which class and why: --reason legacy_reference --why "..."'
        )
    if asks:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise NotAllowed("nobody is there to confirm it", "Look with --dry-run first, then give --yes.")
        would = accept_class(
            state.session(dry_run=True), which.reason, least=which.least, why=str(why), among=which.among
        )
        sys.stderr.write(_sample_text(would))
        if not typer.confirm(f"Credit {would.accepted} deposits, {rands(would.cents)}?", err=True):
            raise NotAllowed("not confirmed", "Nothing was written.")
    session = state.session(dry_run=dry_run)
    done = accept_class(session, which.reason, least=which.least, why=str(why), among=which.among)
    result = done.as_dict()
    sample = result["sample"]
    if not output.shows_full_ids:
        del result["sample"]
    show_result(output, result, quiet=state.quiet, details=[_sample(sample)] if dry_run and sample else [])
    left = done.ties + done.below_score + sum(done.left.values())
    parts = [f"{done.looked_at} looked at", f"{done.accepted} accepted ({rands(done.cents)})"]
    parts += [f"{count} {what.replace('_', ' ')}" for what, count in _left(done).items() if count]
    following = "ancadmin deposits review" if left else "ancadmin sweep"
    state.conclude(", ".join(parts), following, dry_run=dry_run)
    return left


def _left(done: "Accepted") -> dict[str, int]:
    return {"ties left": done.ties, "below the score": done.below_score, **done.left}


def _sample(rows: list[dict[str, Any]]) -> Detail:
    shown = [{**row, "shown": masked_narrative(row["narrative"]), "why": "; ".join(row["evidence"])} for row in rows]
    return Detail("The least likely of them:", _SAMPLE, shown)


def _sample_text(done: "Accepted") -> str:
    from ancadmin.cli.output import text_of

    detail = _sample(done.sample)
    return f"{detail.title}\n{text_of(detail.columns, detail.rows)}"


def _sit_down(state: State, which: "Chosen", *, dry_run: bool) -> int:
    """The desk on the whole screen; how many are left."""
    from ancadmin.cli.desk.review import ReviewApp
    from ancadmin.services.deposits.review.waiting import ReviewDesk

    work = ReviewDesk(state.session(dry_run=dry_run), which)
    try:
        ReviewApp(work).run()
    finally:
        work.close()
    left = work.left()
    following = "ancadmin deposits review" if left.deposits else "ancadmin sweep"
    state.conclude(f"{work.decided} decided, {left.deposits} left", following, dry_run=dry_run)
    return left.deposits + left.marked


@alias.callback()
def aliases() -> None:
    """What officers have said narratives mean: an old reference, or a depositor's words, that stand for a member.

    Example: ancadmin deposits alias list
    """


@alias.command("list")
def list_(
    ctx: typer.Context,
    member: Annotated[
        str | None, typer.Option("--member", metavar="ID", help="Only what means the member with this ID number")
    ] = None,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Show what was learnt from accepted suggestions, and what of it was forgotten.

    Example: ancadmin deposits alias list --member 8001015009087
    """
    from ancadmin.services.deposits.review.aliases import listed

    output = chosen(form, as_json, file)
    rows = listed(state_of(ctx).session(), member, full_ids=output.shows_full_ids)
    columns = (
        Column("alias", "no", "number"),
        Column("kind", "kind"),
        Column("shown", "stands for"),
        Column("id_number", "member", "id"),
        Column("deposit", "learnt from", "number"),
        Column("learnt_on", "on"),
        Column("who", "by"),
        Column("forgotten_in", "forgotten in", "number"),
        Column("forgotten_why", "why"),
    )
    shown = rows if output.shows_full_ids else [{**row, "shown": masked_narrative(row["key"])} for row in rows]
    show_rows(output, columns, shown)


@alias.command()
def forget(
    ctx: typer.Context,
    number: Annotated[int, numbered("The number in `deposits alias list`")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason; it is kept")],
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Forget what was learnt: it suggests nobody any more. That it was learnt, and why forgotten, stays on record.

    Example: ancadmin deposits alias forget 3 --why "The number was given to somebody else"
    """
    from ancadmin.services.deposits.review.aliases import forget as forget_alias

    state = state_of(ctx)
    output = chosen(form, as_json, None)
    done = forget_alias(state.session(dry_run=dry_run), number, why=why)
    result = asdict(done)
    if not output.shows_full_ids:
        result.update(key=masked_narrative(done.key), id_number=mask(done.id_number))
    show_result(output, result, quiet=state.quiet)
    state.conclude(f"alias {number} forgotten", "ancadmin deposits alias list", dry_run=dry_run)
