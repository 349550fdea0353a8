"""Brings a draft to what a workbook says: what is the same stays, what differs is changed, what is missing goes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ancadmin.db.batches import Batch
from ancadmin.db.schema import cost_line, cost_option, cost_sheet
from ancadmin.domain.costs import Line, Option, letter
from ancadmin.domain.vague import folded
from ancadmin.readers.cost_workbook import FilledLine, FilledOption
from ancadmin.services.costs.rows import change_row, put_line, put_option, stored, take_out, tidy
from ancadmin.services.costs.sheets import CostRecord

ADDED, CHANGED, REMOVED = "added", "changed", "removed"


@dataclass
class Brought:
    """What became of the lines: every one of the workbook is added, changed or unchanged; `removed` ones it has no
    more. `changes`: dicts of where (`sheet`, `B`, `B3`), what (added, changed, removed) and fields.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    changes: list[dict[str, Any]] = field(default_factory=list)

    def note(self, where: str, what: str, fields: Sequence[str] = ()) -> None:
        """Adds a change."""
        self.changes.append({"where": where, "what": what, "fields": list(fields)})


def bring(batch: Batch, record: CostRecord, headings: dict[str, str], options: Sequence[FilledOption]) -> Brought:
    """Writes what differs between the record and the workbook."""
    brought = Brought()
    before = {name: getattr(record.sheet, name) for name in headings}
    fields = change_row(batch, cost_sheet, record.number, before, headings)
    if fields:
        brought.note("sheet", CHANGED, fields)
    pairs, gone = matched(record.sheet.options, options)
    # What goes first makes room for what comes.
    for option in gone:
        take_out(batch, cost_option, record.option_ids[option.position])
        brought.removed += len(option.lines)
        brought.note(option.letter, REMOVED)
    for filled, there in pairs:
        _option(batch, record, brought, filled, there)
    return brought


def _option(batch: Batch, record: CostRecord, brought: Brought, filled: FilledOption, there: Option | None) -> None:
    title = tidy(filled.title)
    if there is None:
        key, position = put_option(batch, record.number, filled.kind, title)
        there = Option(position, filled.kind, title)
        brought.note(there.letter, ADDED)
    else:
        key = record.option_ids[there.position]
        before = {"kind": str(there.kind), "title": there.title}
        fields = change_row(batch, cost_option, key, before, {"kind": str(filled.kind), "title": title})
        if fields:
            brought.note(there.letter, CHANGED, fields)
    pairs, gone = _matched_lines(there, filled)
    for line in gone:
        take_out(batch, cost_line, record.line_ids[there.position, line.position])
        brought.removed += 1
        brought.note(f"{there.letter}{line.position}", REMOVED)
    for written, old in pairs:
        if old is None:
            brought.added += 1
            brought.note(f"{there.letter}{put_line(batch, key, written.line)}", ADDED)
            continue
        line_key = record.line_ids[there.position, old.position]
        fields = change_row(batch, cost_line, line_key, stored(old), stored(written.line))
        brought.changed += bool(fields)
        brought.unchanged += not fields
        if fields:
            brought.note(f"{there.letter}{old.position}", CHANGED, fields)


def matched(
    there: Sequence[Option], filled: Sequence[FilledOption]
) -> tuple[list[tuple[FilledOption, Option | None]], list[Option]]:
    """Each option of the workbook with that on record it is: the one with its letter, else one of its kind and title
    that no other is. And those on record the workbook does not have.
    """
    letters = {option.letter: option for option in there}
    found: dict[str, Option] = {one.letter: letters[one.letter] for one in filled if one.letter in letters}
    left = [option for option in there if option.letter not in found]
    for one in filled:
        alike = [option for option in left if (option.kind, folded(option.title)) == (one.kind, folded(one.title))]
        if one.letter not in found and alike:
            found[one.letter] = alike[0]
            left.remove(alike[0])
    return [(one, found.get(one.letter)) for one in filled], left


def _matched_lines(there: Option, filled: FilledOption) -> tuple[list[tuple[FilledLine, Line | None]], list[Line]]:
    """Each line of the workbook with that on record it is: the one it is called after, else one that says the same.
    And those on record the workbook does not have.
    """
    names = {f"{letter(there.position)}{line.position}": line for line in there.lines}
    found: dict[int, Line] = {one.row: names[one.name] for one in filled.lines if one.name in names}
    left = [line for line in there.lines if line not in found.values()]
    for one in filled.lines:
        alike = [line for line in left if stored(line) == stored(one.line)]
        if one.row not in found and alike:
            found[one.row] = alike[0]
            left.remove(alike[0])
    return [(one, found.get(one.row)) for one in filled.lines], left
