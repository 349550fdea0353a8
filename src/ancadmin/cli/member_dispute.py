"""`ancadmin member dispute`: what members say is wrong on record."""

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from ancadmin.cli.days import parse_day
from ancadmin.cli.member_decisions import IdArgument, OnOption, WhyOption
from ancadmin.cli.numbers import numbered
from ancadmin.cli.output import (
    Column,
    DryRunOption,
    FileOption,
    Format,
    FormatOption,
    JsonOption,
    Output,
    chosen,
    mask,
    show_result,
    show_rows,
)
from ancadmin.cli.state import state_of
from ancadmin.domain.disputes import DisputeKind

NEEDS_A_PERSON = 10

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

NumberArgument = Annotated[int, numbered("The number of the dispute in `member dispute list`")]


@app.callback()
def dispute() -> None:
    """Disputes: lodged with proof, accepted or rejected.

    Example: ancadmin member dispute list
    """


def _day(name: str, text: str) -> Any:
    return typer.Option(name, metavar="D", parser=parse_day, help=text)


@app.command()
def lodge(
    ctx: typer.Context,
    id_number: IdArgument,
    kind: Annotated[DisputeKind, typer.Option("--kind", help="What is disputed")],
    on: OnOption,
    why: WhyOption,
    proof: Annotated[
        list[Path] | None, typer.Option("--proof", metavar="FILE", help="A document that proves it; more than once")
    ] = None,
    surname: Annotated[str | None, typer.Option("--surname", help="Of somebody not on record")] = None,
    first_names: Annotated[str | None, typer.Option("--first-names", help="Of somebody not on record")] = None,
    branch: Annotated[str | None, typer.Option("--branch", metavar="CODE", help="The right branch")] = None,
    since: Annotated[date | None, _day("--since", "The day from which the branch is wrong")] = None,
    joined_on: Annotated[date | None, _day("--joined-on", "The day of joining")] = None,
    last_payment_on: Annotated[date | None, _day("--last-payment-on", "The register's last payment")] = None,
    last_payment_cents: Annotated[
        int | None, typer.Option("--last-payment-cents", metavar="N", min=1, max=10**9, help="Its amount, in cents")
    ] = None,
    accepted_on: Annotated[date | None, _day("--accepted-on", "The day the acceptance should have had")] = None,
    old_number: Annotated[
        str | None, typer.Option("--old-number", metavar="ID", help="The number the payments were made under")
    ] = None,
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Lodge a dispute, with what ought to be on record and the documents that prove it.

    Example: ancadmin member dispute lodge 8001015009087 --kind wrong_branch --branch 79700013 --since 2024-03-01 --on
    2025-06-30 --why "Lives in ward 13 since 2024" --proof lease.pdf

    not_on_record: --surname --branch --joined-on, and what is known of --first-names, --last-payment-on and
    --last-payment-cents. wrong_standing: --last-payment-on and --last-payment-cents, or --accepted-on. old_number:
    --old-number. wrong_branch: --branch and --since.
    """
    from ancadmin.services.member.disputes.lodge import lodge as record

    state = state_of(ctx)
    output = chosen(form, as_json, None)
    claim = {
        "surname": surname,
        "first_names": first_names,
        "branch": branch,
        "since": _iso(since),
        "joined_on": _iso(joined_on),
        "last_payment_on": _iso(last_payment_on),
        "last_payment_cents": last_payment_cents,
        "accepted_on": _iso(accepted_on),
        "old_number": old_number,
    }
    said = {name: value for name, value in claim.items() if value is not None}
    done = record(state.session(dry_run=dry_run), id_number, kind, said, on=on, why=why, proofs=proof or [])
    show_result(output, {**asdict(done), "id_number": _shown(output, done.id_number)})
    documents = "1 document" if len(done.proofs) == 1 else f"{len(done.proofs)} documents"
    kept = f", {documents} kept with it" if done.proofs else ""
    summary = f"dispute {done.dispute} of {mask(done.id_number)} ({kind.words}) lodged{kept}"
    state.conclude(summary, f"ancadmin member dispute show {done.dispute}", dry_run=dry_run)


@app.command()
def accept(
    ctx: typer.Context,
    number: NumberArgument,
    why: WhyOption,
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Accept a dispute: what it says is set right, and every former entry stays on record.

    Example: ancadmin member dispute accept 4 --why "The deposit slip of March 2024 was seen"
    """
    from ancadmin.services.member.disputes.deciding import accept as record

    state = state_of(ctx)
    output = chosen(form, as_json, None)
    done = record(state.session(dry_run=dry_run), number, why)
    show_result(output, {**asdict(done), "id_number": _shown(output, done.id_number)})
    own = ", own work of the sole operator" if done.own_work else ""
    summary = f"dispute {number} accepted{own}: {mask(done.id_number)} {done.did}"
    state.conclude(summary, "ancadmin member explain ID", dry_run=dry_run)


@app.command()
def reject(
    ctx: typer.Context,
    number: NumberArgument,
    why: WhyOption,
    next_step: Annotated[str, typer.Option("--next-step", metavar="TEXT", help="What the member may do next")],
    dry_run: DryRunOption = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Reject a dispute, with the reason and what to do next; it may be lodged again.

    Example: ancadmin member dispute reject 4 --why "The slip names another account" --next-step "Bring the bank's
    stamped statement of March 2024"
    """
    from ancadmin.services.member.disputes.deciding import reject as record

    state = state_of(ctx)
    output = chosen(form, as_json, None)
    done = record(state.session(dry_run=dry_run), number, why, next_step)
    show_result(output, {**asdict(done), "id_number": _shown(output, done.id_number)})
    state.conclude(f"dispute {number} rejected", "ancadmin member dispute list", dry_run=dry_run)


@app.command("list")
def list_(
    ctx: typer.Context,
    decided: Annotated[bool, typer.Option("--all", help="Also those accepted or rejected")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 10 when one is open")] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Show open disputes of your places, oldest first.

    Example: ancadmin member dispute list --all
    """
    from ancadmin.services.member.disputes.listing import listed

    output = chosen(form, as_json, file)
    rows = listed(state_of(ctx).session(), decided=decided, full_ids=output.shows_full_ids)
    columns = [
        Column("dispute", "no", "number"),
        Column("id_number", "ID number", "id"),
        Column("kind", "what"),
        Column("branch", "branch"),
        Column("lodged_on", "lodged on"),
        Column("days", "days", "number"),
        Column("lodged_by", "by"),
        Column("why", "why"),
        *([Column("verdict", "verdict"), Column("decided_why", "because")] * decided),
    ]
    show_rows(output, columns, rows)
    if strict and any(row["verdict"] is None for row in rows):
        raise typer.Exit(NEEDS_A_PERSON)


@app.command()
def show(
    ctx: typer.Context,
    number: NumberArgument,
    proofs: Annotated[
        Path | None, typer.Option("--proofs", metavar="DIR", help="Write the documents into this folder")
    ] = None,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one dispute with its documents.

    Example: ancadmin member dispute show 4 --proofs papers
    """
    from ancadmin.services.member.disputes.listing import save_proofs, shown

    state = state_of(ctx)
    output = chosen(form, as_json, None)
    session = state.session()
    found = shown(session, number, full_ids=output.shows_full_ids)
    written = save_proofs(session, number, proofs) if proofs is not None else []
    if output.format is Format.TABLE:
        found["id_number"] = mask(found["id_number"])
        claim = found["claim"]
        if "old_number" in claim:
            claim["old_number"] = mask(claim["old_number"])
        found["claim"] = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in claim.items())
        found["proofs"] = ", ".join(one["name"] + ("" if one["kept"] else " (gone)") for one in found["proofs"])
    show_result(output, found)
    for path in written:
        state.say(f"wrote {path}")


@app.command()
def purge(
    ctx: typer.Context, dry_run: DryRunOption = False, form: FormatOption = None, as_json: JsonOption = False
) -> None:
    """Take away the documents whose months of retention are over, for good; that they were there stays on record.

    Example: ancadmin member dispute purge -n
    """
    from ancadmin.services.member.disputes.retention import purge as remove

    state = state_of(ctx)
    done = remove(state.session(dry_run=dry_run))
    show_result(chosen(form, as_json, None), done)
    summary = f"{done['removed']} documents removed, {done['kept']} kept"
    state.conclude(summary, "ancadmin member dispute list", dry_run=dry_run)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _shown(output: Output, id_number: str) -> str:
    return id_number if output.shows_full_ids else mask(id_number)
