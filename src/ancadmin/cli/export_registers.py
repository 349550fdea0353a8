"""What is said of attendance registers that were issued."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import typer

from ancadmin.cli.output import Column, Format, Output, mask, show_result, show_rows
from ancadmin.cli.state import State

if TYPE_CHECKING:
    from ancadmin.domain.country_summary import Reconciliation
    from ancadmin.services.export.contents import Left
    from ancadmin.services.export.registers.outcome import Outcome

# More lines than these nobody reads; the summary and the JSON name everyone.
_SHOWN = 20
_PAPERS_SHOWN = 80
_FIGURES = ("registers", "members", "quorum", "below", "empty")


def show_registers(state: State, output: Output, done: "Outcome", *, dry_run: bool) -> None:
    """One register as its fields, some as a line a file, very many as totals by province; who left since, what was
    superseded and what does not add up on stderr.
    """
    shown = done.as_dict()
    if output.format is not Format.TABLE:
        show_result(output, shown)
    elif "papers" not in shown:
        said = {key: value for key, value in shown.items() if key != "since_cut_off" and value not in (None, "")}
        show_result(output, said)
    elif len(done.issued) <= _PAPERS_SHOWN:
        columns = [Column(name, name) for name in ("serial", "branch", "members", "quorum", "file")]
        show_rows(output, columns, shown["papers"])
    elif not state.quiet:
        _show_parts(output, done)
    _name_who_left(done.left)
    _name_superseded(state, done)
    members = f"{_counted(done.members, 'member')} in good standing"
    state.conclude(
        f"{_counted(len(done.registers), 'register')}, {done.new} new, {members}",
        str(done.summary or done.issued[0].file),
        dry_run=dry_run,
    )
    if done.reconciliation is not None and not done.reconciliation.holds:
        _name_differing(done.reconciliation)


def _show_parts(output: Output, done: "Outcome") -> None:
    """By province, of one province by region; the last line is all together."""
    from ancadmin.domain.country_summary import by_province, totals
    from ancadmin.services.export.registers.cover import covered

    registers = covered(done)
    parts = by_province(registers, done.minimum)
    rows: list[dict[str, Any]] = [
        {"part": f"{one.name} ({one.code})", **asdict(one.totals)}
        for one in (parts if len(parts) > 1 else parts[0].parts)
    ]
    rows.append({"part": "Together", **asdict(totals(registers, done.minimum))})
    titles = ("registers", "members", "quorum", "below minimum", "nobody")
    figures = [Column(name, title, "number") for name, title in zip(_FIGURES, titles, strict=True)]
    show_rows(output, [Column("part", "province" if len(parts) > 1 else "region"), *figures], rows)


def _name_who_left(left: "list[Left]") -> None:
    """On stderr, quiet or not: the presiding officer has to know. The JSON names everyone."""
    words = {"deceased": "died", "expelled": "was expelled"}
    for one in left[:_SHOWN]:
        name = f"{one.surname}, {one.first_names}".rstrip(", ")
        line = f"since the cut-off: {mask(one.id_number)} {name} ({one.branch}) {words[one.what]} on {one.on}"
        typer.echo(f"{line}; stays on the register", err=True)
    if len(left) > _SHOWN:
        typer.echo(f"and {len(left) - _SHOWN} more: --json names them all", err=True)


def _name_superseded(state: State, done: "Outcome") -> None:
    superseding = [one for one in done.registers.values() if one.new and one.supersedes is not None]
    for one in superseding[:_SHOWN]:
        differs = "" if one.differs is None else f": {one.differs}"
        state.say(f"{one.serial} supersedes {one.supersedes}{differs}")
    if len(superseding) > _SHOWN:
        state.say(f"and {len(superseding) - _SHOWN} more supersede another: --json names them all")


def _name_differing(reconciliation: "Reconciliation") -> None:
    """On stderr, quiet or not."""
    typer.echo(reconciliation.words, err=True)
    for one in reconciliation.differing[:_SHOWN]:
        said = "has no register" if one.registers is None else f"{one.registers} on its register"
        typer.echo(f"{one.branch}: {said}, {one.store} on record", err=True)
    if len(reconciliation.differing) > _SHOWN:
        typer.echo(f"and {len(reconciliation.differing) - _SHOWN} more: --json names them all", err=True)
    typer.echo("Something was recorded in between. Run it again: only what changed is issued anew.", err=True)


def _counted(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count} {noun}s"
