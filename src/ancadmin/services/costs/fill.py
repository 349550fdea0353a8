"""Fills a draft in: options, their lines, and taking either out again."""

from typing import Any

from sqlalchemy import Table

from ancadmin.db.batches import Batch
from ancadmin.db.schema import cost_line, cost_option
from ancadmin.domain.cost_entry import refusal
from ancadmin.domain.costs import Line, Option, OptionKind
from ancadmin.domain.vague import folded
from ancadmin.errors import InputRefused
from ancadmin.services.costs.rows import put_line, put_option, take_out, tidy
from ancadmin.services.costs.sheets import CostRecord, draft, find
from ancadmin.services.session import Session


def add_option(session: Session, number: int, kind: OptionKind, title: str) -> dict[str, Any]:
    """Adds an option. A second one of the same kind needs a title to tell it from the first. Raises InputRefused,
    NotAllowed for a sheet that was submitted.
    """
    with session.batch("costs option") as batch:
        record = _own_draft(session, batch, number)
        _, option = _new_option(batch, record, kind, title)
        batch.counts.update(sheet=number, option=option.letter)
    return {"batch": batch.number, "sheet": number, "option": option.letter, "kind": str(kind), "title": option.title}


def add_line(session: Session, number: int, option: str, line: Line) -> dict[str, Any]:
    """Adds a line to an option named by its letter, its kind or its title; a kind the sheet has no option of yet
    makes one. `line.position` is given here. Raises InputRefused, NotAllowed for a sheet that was submitted.
    """
    refused = refusal(line)
    if refused:
        raise InputRefused(refused.what, refused.remedy)
    with session.batch("costs line") as batch:
        record = _own_draft(session, batch, number)
        chosen = _named(record, option, new=True)
        if isinstance(chosen, OptionKind):
            key, target = _new_option(batch, record, chosen, "")
        else:
            key, target = record.option_ids[chosen.position], chosen
        position = put_line(batch, key, line)
        where = f"{target.letter}{position}"
        batch.counts.update(sheet=number, line=where)
        after = find(batch.connection, number)
        filled = next(o for o in after.sheet.options if o.position == target.position)
        added = next(entry for entry in filled.lines if entry.position == position)
    return {
        "batch": batch.number,
        "sheet": number,
        "option": filled.letter,
        "line": where,
        "cents": added.cents,
        "total_cents": filled.total_cents,
        "faults": [fault.what for fault in after.faults if fault.where == where],
    }


def remove(session: Session, number: int, what: str) -> dict[str, Any]:
    """Takes a line (`B3`) or a whole option (`B`) out of a draft; `batch undo` brings it back. Raises InputRefused,
    NotAllowed for a sheet that was submitted.
    """
    with session.batch("costs remove") as batch:
        record = _own_draft(session, batch, number)
        wanted = folded(what).upper()
        table, key = _row(record, wanted)
        take_out(batch, table, key)
        batch.counts.update(sheet=number, removed=wanted)
    return {"batch": batch.number, "sheet": number, "removed": wanted}


def named_option(record: CostRecord, text: str) -> Option:
    """The option a person means by a letter, a kind or a title. Raises InputRefused when there is none or several."""
    found = _named(record, text, new=False)
    if isinstance(found, OptionKind):  # pragma: no cover - only `new` answers with a kind
        raise TypeError(found)
    return found


def _named(record: CostRecord, text: str, *, new: bool) -> Option | OptionKind:
    wanted = folded(text)
    options = record.sheet.options
    for option in options:
        if wanted == folded(option.letter):
            return option
    titled = [option for option in options if option.title and wanted == folded(option.title)]
    kind = next((kind for kind in OptionKind if wanted == folded(kind)), None)
    found = titled or [option for option in options if option.kind is kind]
    if len(found) == 1:
        return found[0]
    there = ", ".join(f"{option.letter} ({option.name})" for option in options) or "none"
    if found:
        raise InputRefused(f"sheet {record.number} has {len(found)} such options", f"Say which: {there}.", value=text)
    if kind is not None and new:
        return kind
    raise InputRefused(
        f"sheet {record.number} has no such option",
        f"It has: {there}. Kinds are repair, replace and contract_out.",
        value=text,
    )


def _own_draft(session: Session, batch: Batch, number: int) -> CostRecord:
    return draft(session, batch.connection, number, f"fill in cost sheet {number}")


def _new_option(batch: Batch, record: CostRecord, kind: OptionKind, title: str) -> tuple[int, Option]:
    """The id of the new option, and the option."""
    title = tidy(title)
    if folded(title) == folded(kind):
        title = ""
    same = [option for option in record.sheet.options if option.kind is kind]
    if same and not title:
        raise InputRefused(
            f"sheet {record.number} has a {kind.words.lower()} option already, {same[0].letter}",
            "Give the second one a title that tells them apart: --title.",
        )
    if title and any(folded(option.title) == folded(title) for option in record.sheet.options):
        raise InputRefused(f"sheet {record.number} has an option of that title", "Give another title.", value=title)
    key, position = put_option(batch, record.number, kind, title)
    return key, Option(position, kind, title)


def _row(record: CostRecord, wanted: str) -> tuple[Table, int]:
    for option in record.sheet.options:
        if wanted == option.letter:
            return cost_option, record.option_ids[option.position]
        for line in option.lines:
            if wanted == f"{option.letter}{line.position}":
                return cost_line, record.line_ids[option.position, line.position]
    raise InputRefused(
        f"sheet {record.number} has no such line or option",
        f"Name a line such as B3, or an option such as B; see: ancadmin costs show {record.number}",
        value=wanted,
    )
