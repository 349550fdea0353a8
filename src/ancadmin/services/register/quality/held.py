"""Rows held back by imports that stand and waiting still, counted by the place they name."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import register_row, register_source
from ancadmin.domain.id_columns import PROBLEMS as ID_PROBLEMS
from ancadmin.domain.quality import Kind
from ancadmin.readers.headings import recognise
from ancadmin.services.register.importing.branches import KnownBranches, Written

_NAMES_IT = ("branch", "branch_name", "ward", "region", "province")


@dataclass(frozen=True)
class Held:
    """Rows of one place: a branch, or where they name none on record a region, or none. `id_problems` of them have no
    valid ID number.
    """

    kind: Kind
    code: str
    rows: int
    id_problems: int


def held_by_place(connection: Connection) -> list[Held]:
    """All rows held back, by place."""
    known = KnownBranches(connection)
    places: dict[Written, tuple[Kind, str]] = {}
    rows: Counter[tuple[Kind, str]] = Counter()
    id_problems: Counter[tuple[Kind, str]] = Counter()
    wrong: dict[str, bool] = {}
    for written, problems in _written(connection):
        if written not in places:
            places[written] = _place(known, written)
        if problems not in wrong:
            wrong[problems] = not set(json.loads(problems)).isdisjoint(ID_PROBLEMS)
        rows[places[written]] += 1
        id_problems[places[written]] += wrong[problems]
    return [Held(*place, count, id_problems[place]) for place, count in rows.items()]


def _place(known: KnownBranches, written: Written) -> tuple[Kind, str]:
    if branch := known.find(written):
        return Kind.BRANCH, branch
    region = known.find_region(written.region)
    return (Kind.REGION, region) if region else (Kind.UNPLACED, "")


def _written(connection: Connection) -> Iterator[tuple[Written, str]]:
    """What each row says of its branch, and its problems as JSON."""
    sources = select(register_source.c.id, register_source.c.columns, register_source.c.reading)
    fields = {row.id: _fields(row.columns, row.reading) for row in connection.execute(sources)}
    rows = connection.execution_options(yield_per=5_000).execute(
        select(register_row.c.source, register_row.c.problems, register_row.c.raw)
        .join(batch_table, batch_table.c.number == register_row.c.batch)
        .where(
            register_row.c.outcome == "quarantined",
            register_row.c.resolved_by.is_(None),
            batch_table.c.undone_by.is_(None),
        )
    )
    for source, problems, raw in rows:
        at = fields[source]
        cells = raw.split("\x1f")
        parts = (cells[at[name]].strip() if at.get(name, len(cells)) < len(cells) else "" for name in _NAMES_IT)
        written = Written.of(parts, branch_named="branch" in at or "branch_name" in at)
        yield written, problems


def _fields(columns: str, reading: str | None) -> dict[str, int]:
    """Which column is which field: as it was read, or by its heading where an earlier version did not keep that."""
    if reading is None:
        return recognise(json.loads(columns), []).fields
    fields: dict[str, int] = json.loads(reading)["fields"]
    return fields
