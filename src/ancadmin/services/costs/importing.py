"""`costs import`: a workbook filled in makes a new draft, or brings a draft to what it says; all of it or nothing."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import select

from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import cost_sheet, region
from ancadmin.domain.costs import SheetState
from ancadmin.domain.problems import Problem
from ancadmin.domain.roles import DECIDES
from ancadmin.domain.vague import folded
from ancadmin.errors import FileRefused, InputRefused, NotAllowed, UsageError
from ancadmin.readers.cost_workbook import FilledSheet, read_cost_workbook
from ancadmin.services.costs.bring import Brought, bring, matched
from ancadmin.services.costs.open import put_sheet
from ancadmin.services.costs.rows import tidy
from ancadmin.services.costs.sheets import CostRecord, draft, find
from ancadmin.services.operator.reach import require
from ancadmin.services.session import Session

COMMAND = "costs import"
REMEDIES = {
    "subject_missing": "Write what it is about, and where it stands.",
    "region_missing": "Choose the region whose it is.",
    "region_unknown": "Write the code of a region on record; see: ancadmin db places list",
    "region_differs": "A sheet stays with its region: open another one with --new, or put the region back.",
    "option_twice": "Write what tells the two apart, or clear one of them.",
}


def import_workbook(
    session: Session, path: Path, *, sheet: int | None = None, new: bool = False, anyway: bool = False
) -> dict[str, Any]:
    """Brings the sheet the workbook was written from to what it says, or `sheet`; a workbook of none, or any with
    `new`, makes a new one. `anyway`: though the sheet was changed since the workbook was written.

    Raises FileRefused with every problem of the workbook, InputRefused for no such workbook or sheet, UsageError,
    NotAllowed: a sheet that was submitted, one changed since, or a new one there seems to be already.
    """
    if new and sheet is not None:
        raise UsageError("--new and --sheet say different things", "Give one of them.")
    filled = read_cost_workbook(path)
    if filled.problems:
        raise FileRefused(filled.problems)
    if sheet is not None and filled.number not in (None, sheet):
        what = f"the workbook is of sheet {filled.number}, not of sheet {sheet}"
        raise InputRefused(what, "Leave --sheet out, or open another sheet with --new.")
    headings = {name: tidy(text) for name, text in filled.headings.items()}
    number = None if new else sheet or filled.number
    with session.batch(COMMAND) as batch:
        batch.read(path)
        if number is None:
            record = _opened(session, batch, filled, headings, new=new)
        else:
            record = _own(session, batch, filled, number)
        _refuse_problems(filled, record, headings)
        headings["name"] = headings["name"] or record.sheet.name
        before = record.paper.content_hash()[:16]
        brought = bring(batch, record, headings, filled.options)
        if number is not None and brought.changes and not anyway:
            _refuse_changed_since(batch, filled, number, before)
        after = find(batch.connection, record.number)
        answer = _answer(batch, filled, after, brought, new=number is None)
        batch.counts.update({name: answer[name] for name in ("sheet", "new", *_COUNTS)})
        # What the workbook was written from and what came of it: it may be brought back again.
        batch.counts.update(of=filled.content, content=after.paper.content_hash()[:16])
    return answer


_COUNTS = ("read", "added", "changed", "unchanged", "blank", "removed")


def _answer(batch: Batch, filled: FilledSheet, after: CostRecord, brought: Brought, *, new: bool) -> dict[str, Any]:
    best = after.recommended
    counts = {**vars(brought), "read": filled.read, "blank": filled.blank}
    return {
        "batch": batch.number,
        "sheet": after.number,
        "new": new,
        **{name: counts[name] for name in _COUNTS},
        "changes": brought.changes,
        "complete": not after.faults,
        "faults": [{"where": fault.where, "what": fault.what} for fault in after.faults],
        "recommended": best.letter if best else None,
        "recommended_cents": best.total_cents if best else None,
    }


def _own(session: Session, batch: Batch, filled: FilledSheet, number: int) -> CostRecord:
    if filled.state not in ("", SheetState.DRAFT):
        what = f"the workbook is of sheet {number} as it was {filled.state}, and that stands as it is"
        raise NotAllowed(what, f"Is it a draft again: ancadmin costs template {number}. Else open another: --new.")
    record = draft(session, batch.connection, number, f"fill in cost sheet {number}")
    if filled.region and filled.region != record.sheet.region:
        raise FileRefused([_heading(filled, "region", "region_differs")])
    return record


def _opened(session: Session, batch: Batch, filled: FilledSheet, headings: dict[str, str], *, new: bool) -> CostRecord:
    """The new sheet, with its headings and nothing else yet."""
    known = batch.connection.scalar(select(region.c.code).where(region.c.code == filled.region))
    problems = [] if headings["subject"] else [_heading(filled, "subject", "subject_missing")]
    if known is None:
        problems.append(_heading(filled, "region", "region_unknown" if filled.region else "region_missing"))
    if problems:
        raise FileRefused(problems)
    require(session, batch.connection, DECIDES, filled.region, f"open a cost sheet for {filled.region}")
    standing = batch.connection.execute(
        select(cost_sheet.c.number, cost_sheet.c.subject)
        .where(cost_sheet.c.region == filled.region, cost_sheet.c.reversed_by.is_(None))
        .order_by(cost_sheet.c.number.desc())
    )
    alike = next((row.number for row in standing if folded(row.subject) == folded(headings["subject"])), None)
    if alike is not None and not new:
        raise NotAllowed(
            f"sheet {alike} of {filled.region} is about the same: {headings['subject']}",
            f"Bring that one to what the workbook says with --sheet {alike}, or open another with --new.",
        )
    return find(batch.connection, put_sheet(session, batch, filled.region, headings))


def _refuse_problems(filled: FilledSheet, record: CostRecord, headings: dict[str, str]) -> None:
    """What is wrong with the workbook as one of this sheet."""
    problems: list[Problem] = []
    if not headings["subject"]:
        problems.append(_heading(filled, "subject", "subject_missing"))
    pairs, _ = matched(record.sheet.options, filled.options)
    names = [(one.kind, folded(one.title)) for one, _ in pairs]
    for at, (one, there) in enumerate(pairs):
        if there is None and (one.kind, folded(one.title)) in names[:at]:
            problems.append(filled.option_problem(one, "option_twice", REMEDIES["option_twice"]))
    if problems:
        raise FileRefused(problems)


def _heading(filled: FilledSheet, name: str, code: str) -> Problem:
    return filled.heading_problem(name, code, REMEDIES[code])


def _refuse_changed_since(batch: Batch, filled: FilledSheet, number: int, now: str) -> None:
    """Raises NotAllowed where the sheet is neither as the workbook was written from it nor as the caller last brought
    the same file back: of two workbooks of one sheet, the second would put back all that the first one changed.
    """
    if not filled.content or filled.content == now:
        return
    earlier = batch.connection.execute(
        select(batch_table.c.counts, batch_table.c.inputs).where(
            batch_table.c.command == COMMAND,
            batch_table.c.operator == batch.operator,
            batch_table.c.undone_by.is_(None),
            batch_table.c.number != batch.number,
        )
    )
    for row in earlier:
        counts, files = json.loads(row.counts), {one["file"] for one in json.loads(row.inputs)}
        was = (counts.get("sheet"), counts.get("of"), counts.get("content"))
        if was == (number, filled.content, now) and filled.file in files:
            return
    raise NotAllowed(
        f"sheet {number} was changed since this workbook was written",
        f"Write it again: ancadmin costs template {number}. Or take what it says all the same: --yes",
    )
