"""Provinces, regions and branches in, and as they are on record."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Table, func, insert, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import branch, change, member, province, region
from ancadmin.domain.places import PROVINCES
from ancadmin.domain.problems import Problem
from ancadmin.domain.roles import DECIDES, Role
from ancadmin.errors import FileRefused, NotAllowed
from ancadmin.readers.places import BranchRow, PlaceTable, read_places
from ancadmin.services.batch.changes import difference
from ancadmin.services.operator.reach import branches_reached, places_reached
from ancadmin.services.session import Session


@dataclass(frozen=True)
class PlacesImported:
    """What became of the branches of the file (read = new + updated + unchanged), and the places above them."""

    batch: int
    read: int
    new: int
    updated: int
    unchanged: int
    provinces_new: int
    regions_new: int
    regions_updated: int


def import_places(session: Session, path: Path) -> PlacesImported:
    """Takes the whole file or nothing of it: one problem anywhere refuses it. What the file does not name stays.

    Raises FileRefused with every problem, InputRefused for a file that is no such table, NotAllowed.
    """
    if not any(role in DECIDES for role, _ in session.roles):
        raise NotAllowed(f"{session.account} may not change places", "Ask a membership officer to do it.")
    table = read_places(path)
    if table.problems:
        raise FileRefused(table.problems)
    with session.batch("db places import") as batch:
        batch.read(path)
        _refuse_taken_codes(batch, path.name, table.rows)
        before = places_reached(session, batch.connection, DECIDES)
        provinces = _store(batch, province, {row.province: {"name": PROVINCES[row.province]} for row in table.rows})
        regions = _store(
            batch, region, {row.region_code: {"name": row.region, "province": row.province} for row in table.rows}
        )
        branches = _store(batch, branch, _branches(batch, table))
        _refuse_out_of_reach(session, batch, before)
        new, updated = branches
        done = PlacesImported(
            batch.number,
            len(table.rows),
            new,
            updated,
            len(table.rows) - new - updated,
            provinces[0],
            *regions,
        )
        batch.counts.update({name: value for name, value in vars(done).items() if name != "batch"})
    return done


def list_places(session: Session) -> list[dict[str, Any]]:
    """Rows `province, region_code, region, branch_code, branch, ward, ward_year, members`, by province and code;
    how many members only of the places reached, elsewhere None.
    """
    with session.reading("db places list") as connection:
        reached = branches_reached(session, connection, frozenset(Role))
        # A record merged into another, or kept for a former number, is nobody.
        people = select(member.c.branch, func.count().label("members")).where(member.c.merged_into.is_(None))
        members = people.group_by(member.c.branch).subquery()
        rows = connection.execute(
            select(
                region.c.province,
                region.c.code.label("region_code"),
                region.c.name.label("region"),
                branch.c.code.label("branch_code"),
                branch.c.name.label("branch"),
                branch.c.ward,
                branch.c.ward_year,
                func.coalesce(members.c.members, 0).label("members"),
            )
            .select_from(branch.join(region, branch.c.region == region.c.code))
            .join(members, members.c.branch == branch.c.code, isouter=True)
            .order_by(region.c.province, region.c.code, branch.c.code)
        )
        return [
            {**row, "members": row["members"] if reached is None or row["branch_code"] in reached else None}
            for row in rows.mappings()
        ]


def _branches(batch: Batch, table: PlaceTable) -> dict[str, dict[str, Any]]:
    """What the file says of each branch; a column it does not have says nothing. A ward without its year says nothing
    of a branch whose ward is known with it: wards were redrawn since.
    """
    dated = set(batch.connection.scalars(select(branch.c.code).where(branch.c.ward_year.is_not(None))))
    found: dict[str, dict[str, Any]] = {}
    for row in table.rows:
        said: dict[str, Any] = {"name": row.branch, "region": row.region_code}
        if table.has_ward and (table.has_ward_year or row.branch_code not in dated):
            said["ward"] = row.ward
        if table.has_ward_year:
            said["ward_year"] = row.ward_year
        found[row.branch_code] = said
    return found


def _store(batch: Batch, table: Table, wanted: Mapping[str, dict[str, Any]]) -> tuple[int, int]:
    """Inserts what is new, updates what differs and records it; how many of each."""
    known = {row["code"]: dict(row) for row in batch.connection.execute(select(table)).mappings()}
    new = [{"code": code, **said, "batch": batch.number} for code, said in wanted.items() if code not in known]
    if new:
        batch.connection.execute(insert(table), new)
    updated = 0
    for code, said in wanted.items():
        changes = difference(table, code, known[code], said) if code in known else []
        if changes:
            batch.changed(changes)
            batch.connection.execute(update(table).where(table.c.code == code).values(said))
            updated += 1
    return len(new), updated


def _refuse_out_of_reach(session: Session, batch: Batch, before: frozenset[str] | None) -> None:
    """Raises NotAllowed where a place changed that did not, or does not, lie within the caller's place."""
    now = places_reached(session, batch.connection, DECIDES)
    if before is None or now is None:
        return
    tables = (province, region, branch)
    new = (select(table.c.code).where(table.c.batch == batch.number) for table in tables)
    touched = {code for query in new for code in batch.connection.scalars(query)}
    names = [table.name for table in tables]
    was_there = select(change.c.key).where(change.c.batch == batch.number, change.c.table_name.in_(names))
    changed = set(batch.connection.scalars(was_there))
    beyond = sorted((touched - now) | (changed - (before & now)))
    if beyond:
        raise NotAllowed(
            f"{session.account} may not change place {beyond[0]}",
            "Ask an officer of that place, or a national officer.",
        )


def _refuse_taken_codes(batch: Batch, file: str, rows: list[BranchRow]) -> None:
    """A code names one place: a new region may not be called like a branch on record, nor the other way round."""
    regions = set(batch.connection.scalars(select(region.c.code)))
    branches = set(batch.connection.scalars(select(branch.c.code)))
    remedy = "A region and a branch cannot have the same code: roles are held for codes."
    problems = [
        Problem(file, "", row.row, column, code, "code_taken", remedy)
        for row in rows
        for column, code, taken in (
            ("region_code", row.region_code, branches),
            ("branch_code", row.branch_code, regions),
        )
        if code in taken
    ]
    if problems:
        raise FileRefused(problems)
