"""Files that were taken in before, to the byte: they are known by their content, and not read again."""

import json
from collections import Counter
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from ancadmin import __version__
from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batches
from ancadmin.db.schema import register_row

COMMAND = "register import"
_NAMING = ("left_out", "set_aside", "unsure", "profiles", "titled", "hidden")
"""What a report says of files by their names."""
# Nothing these do changes what becomes of a row: it rests on members, places and what officers decided about them.
_HARMLESS = ("deposits", "standing", "export", "costs", "operator")


def taken_before(
    batch: Batch, left_out: Collection[str], *, reading_date: date, create_branches: bool
) -> dict[str, Any]:
    """What an import of the files the batch names would report, where an earlier one of the same contents says it all:
    every row that was taken is unchanged, every row held back is held back still. Empty where the files have to be
    read: they are new, or something happened since that may change what becomes of a row. `left_out`: what else was
    there besides tables.
    """
    found = _last_of(batch)
    if found is None:
        return {}
    number, counts, policy_version, same_names = found
    problems = counts["problems"]
    names_matter = any(counts.get(name) for name in _NAMING)
    if not set(left_out) <= set(counts["left_out"]) or (names_matter and not same_names):
        return {}
    other_terms = (
        counts.get("program") != __version__
        or policy_version != batch.policy.version
        or (create_branches and "branch_unknown" in problems)
        or reading_date.isoformat() < counts["reading_date"]
        or (reading_date.isoformat() > counts["reading_date"] and "age_out_of_range" in problems)
    )
    if other_terms or counts["held_before"] or _touched_since(batch.connection, number, batch.number):
        return {}
    taken = sum(counts[name] for name in ("accepted", "updated", "unchanged"))
    return {
        **{name: value for name, value in counts.items() if name != "program"},
        "same_as": number,
        "reading_date": reading_date.isoformat(),
        "accepted": 0,
        "updated": 0,
        "unchanged": taken,
        "notes": {},
        "repairs": _repairs_of_held(batch.connection, number),
        "changed": {},
        "branches_made": 0,
        "held_before": counts["quarantined"],
    }


def _last_of(batch: Batch) -> tuple[int, dict[str, Any], str, bool] | None:
    """The last import that read the contents this one does and no others: its batch, counts and policy version, and
    whether the files had the same names.
    """
    contents, names = _told(batch.inputs, "sha256"), _told(batch.inputs, "file")
    rows = batch.connection.execute(
        select(batches.c.number, batches.c.counts, batches.c.inputs, batches.c.policy_version)
        .where(
            batches.c.command == COMMAND,
            batches.c.number < batch.number,
            batches.c.undone_by.is_(None),
            batches.c.finished_at.is_not(None),
        )
        .order_by(batches.c.number.desc())
    )
    for row in rows:
        counts, inputs = json.loads(row.counts), json.loads(row.inputs)
        if counts.get("same_as") is None and contents == _told(inputs, "sha256"):
            return row.number, counts, row.policy_version, names == _told(inputs, "file")
    return None


def _told(inputs: list[dict[str, str]], field: str) -> list[str]:
    return sorted(one[field] for one in inputs)


def _touched_since(connection: Connection, number: int, before: int) -> bool:
    """Whether a batch since may have changed what becomes of a row."""
    since = connection.execute(
        select(batches.c.command, batches.c.counts).where(batches.c.number > number, batches.c.number < before)
    )
    return any(
        row.command.split(" ")[0] not in _HARMLESS
        and not (row.command == COMMAND and json.loads(row.counts).get("same_as"))
        for row in since
    )


def _repairs_of_held(connection: Connection, number: int) -> dict[str, int]:
    rows = connection.execute(
        select(register_row.c.repairs, func.count())
        .where(
            register_row.c.batch == number,
            register_row.c.outcome == "quarantined",
            register_row.c.repairs.is_not(None),
        )
        .group_by(register_row.c.repairs)
    )
    counted: Counter[str] = Counter()
    for codes, count in rows:
        counted.update(dict.fromkeys(codes.split(" "), count))
    return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))
