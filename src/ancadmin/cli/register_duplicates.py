"""`ancadmin register duplicates`: who may be on record twice."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ancadmin.cli.output import (
    Column,
    DryRunOption,
    FileOption,
    Format,
    FormatOption,
    JsonOption,
    chosen,
    mask,
    show_rows,
)
from ancadmin.cli.state import State, state_of
from ancadmin.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ancadmin.services.register.duplicates.search import Found

NEEDS_A_PERSON = 10
_WORDS = {
    "digit_off": "a number with a digit off",
    "two_numbers": "one person under two numbers",
    "id_shared": "two people under one number",
}
_MARKS = {"agree": "=", "nearly": "≈", "differ": "≠"}


def add_to(app: typer.Typer) -> None:
    """Puts the verb beside the others of `ancadmin register`."""
    app.command("duplicates")(duplicates)


def duplicates(
    ctx: typer.Context,
    branch: Annotated[
        str | None, typer.Option("--branch", metavar="CODE", help="Only pairs with a member of this branch")
    ] = None,
    region: Annotated[
        str | None, typer.Option("--region", metavar="CODE", help="Only pairs with a member of this region")
    ] = None,
    score: Annotated[float, typer.Option("--score", help="How likely a pair must be one person, 0 to 1")] = 0.9,
    dry_run: DryRunOption = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 10 when there are any")] = False,
    form: FormatOption = None,
    as_json: JsonOption = False,
    file: FileOption = None,
) -> None:
    """Find the same person under two numbers, two people under one, and numbers with a digit off: scored, explained
    field by field, and never merged by itself.

    Example: ancadmin register duplicates --region EKU -o duplicates.csv

    = agrees, ≈ nearly agrees, ≠ differs. What was found stays until the next search; pairs an officer decided are two
    people are not offered again. Needs: pip install "ancadmin[duplicates]"
    """
    from ancadmin.services.export.scope import Scope
    from ancadmin.services.register.duplicates.search import find_duplicates, rows_of

    if branch is not None and region is not None:
        raise UsageError("which members is not clear", "Give one of --branch and --region.")
    state = state_of(ctx)
    output = chosen(form, as_json, file)
    session = state.session(dry_run=dry_run)
    found = find_duplicates(session, Scope(branch, region) if branch or region else None, score)
    rows = rows_of(session, found, full_ids=output.shows_full_ids)
    columns = (
        Column("member_number", "ID number"),
        Column("member_name", "name"),
        Column("other_number", "other"),
        Column("other_name", "other name"),
        Column("score", "score", "number"),
        Column("kind", "what it looks like"),
        Column("evidence", "why"),
    )
    show_rows(output, columns, _for_people(rows) if output.format is Format.TABLE else rows)
    _conclude(state, found, dry_run=dry_run)
    if strict and (found.pairs or found.shared):
        raise typer.Exit(NEEDS_A_PERSON)


def _conclude(state: State, found: "Found", *, dry_run: bool) -> None:
    told = ", ".join(f"{_many(count)} × {_WORDS[kind]}" for kind, count in found.kinds.items())
    following = (
        'ancadmin member merge A B --why "..."'
        if found.pairs
        else ("ancadmin register quarantine" if found.shared else "ancadmin check")
    )
    state.conclude(f"{_many(found.members)} members: {told or 'nobody twice'}", following, dry_run=dry_run)


def _for_people(rows: "Iterator[dict[str, Any]]") -> "Iterator[dict[str, Any]]":
    for row in rows:
        yield {
            "member_number": mask(row["member"]["id_number"]),
            "member_name": _name(row["member"]),
            "other_number": mask(row["other"]["id_number"]),
            "other_name": _name(row["other"]),
            "score": f"{row['score']:.3f}",
            "kind": _WORDS[row["kind"]],
            "evidence": "; ".join(
                f"{_MARKS[one['says']]} {one['words']} ({one['worth']})"
                for one in row["evidence"]
                if one["says"] in _MARKS
            ),
        }


def _name(one: dict[str, Any]) -> str:
    where = f", {one['file']} row {one['row']}" if "row" in one else ""
    return f"{one['surname']}, {one['first_names']} ({one['branch']}{where})"


def _many(count: int) -> str:
    return f"{count:,}".replace(",", " ")
