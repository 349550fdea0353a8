"""Wards redrawn: branches stand on new wards, members go with their voting district (docs/rules.md, section 5)."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    MetaData,
    Select,
    String,
    Table,
    and_,
    case,
    cast,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from ancadmin.db.batches import Batch
from ancadmin.db.schema import branch, change, decision, member, transfer
from ancadmin.domain.attendance import quorum_of
from ancadmin.domain.authorisation import Act
from ancadmin.domain.decisions import check_not_ahead
from ancadmin.domain.demarcation import Fault, Redrawn, redraw
from ancadmin.domain.problems import Problem
from ancadmin.domain.roles import NATIONAL
from ancadmin.domain.standing import Status
from ancadmin.errors import FileRefused
from ancadmin.readers.demarcation import read_demarcation
from ancadmin.services.batch.changes import difference
from ancadmin.services.member.decide import require_reason
from ancadmin.services.member.moving.place import belonging, place_on
from ancadmin.services.operator.reach import require
from ancadmin.services.session import Session
from ancadmin.services.standing.calendars import ready
from ancadmin.services.standing.query import standing_on

COMMAND = "db demarcation import"
_REMEDIES = {
    "said_twice": "Say each voting district, and the rest of each ward, once.",
    "branch_unknown": "Put the branch on record first: ancadmin db places import FILE",
    "rest_missing": "Add a row without a voting district: on which new ward does the branch of this ward stand?",
    "branch_undecided": "Several branches stand on the new ward: name the one meant in a column `branch`.",
    "branch_dissolved": "The file dissolves this branch: name the one its own members go to in a column `branch`.",
    "no_branch": "No branch stands on the new ward: name the one these members go to in a column `branch`.",
}
_MOVE = Table(
    "redrawn_move",
    MetaData(),
    Column("from_branch", String, nullable=False),
    Column("voting_district", String),
    Column("to_branch", String, nullable=False),
    prefixes=["TEMPORARY"],
)


@dataclass(frozen=True)
class BranchRedrawn:
    """A branch before and after. `unplaced` of its members have no voting district, though the ward was divided by
    them: they stay. `fell` under the minimum of a branch in good standing, which it met before.
    """

    branch: str
    name: str
    ward_before: str | None
    ward: str
    members_before: int
    members_out: int
    members_in: int
    members: int
    good_standing_before: int
    good_standing: int
    quorum_before: int
    quorum: int
    unplaced: int
    fell: bool


@dataclass
class Demarcated:
    """What the file did. `wards_unused`: old wards of it on which no branch stands."""

    batch: int = 0
    year: int = 0
    on: str = ""
    read: int = 0
    moved: int = 0
    wards_unused: int = 0
    fell: int = 0
    branches: list[BranchRedrawn] = field(default_factory=list)

    def counts(self) -> dict[str, Any]:
        """The numbers of the batch."""
        names = ("year", "on", "read", "moved", "wards_unused", "fell")
        return {**{name: getattr(self, name) for name in names}, "branches": len(self.branches)}

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON shows it."""
        return asdict(self)


def import_demarcation(session: Session, path: Path, *, year: int, on: date, why: str) -> Demarcated:
    """Carries a ward-to-ward file of the delimitation of `year` out, from the day `on`: the whole file or nothing of
    it. Raises FileRefused with every problem, InputRefused for a file that is no such table, NotAllowed.
    """
    why = require_reason(why)
    with session.batch(COMMAND) as batch:
        connection = batch.connection
        check_not_ahead(on, batch.today)
        able = batch.policy.authorisation.alone(Act.DEMARCATION, on, batch.today)
        require(session, connection, able, NATIONAL, "redraw wards")
        batch.read(path)
        table = read_demarcation(path)
        if table.problems:
            raise FileRefused(table.problems)
        places = {row["code"]: dict(row) for row in connection.execute(select(branch)).mappings()}
        standing = {code: row["ward"] for code, row in places.items() if row["ward"] and _is_old(row, year)}
        there = {code: row["ward"] for code, row in places.items() if row["ward"] and row["ward_year"] == year}
        redrawn = redraw(table.rows, standing, places, there)
        if redrawn.faults:
            raise FileRefused([_problem(path.name, fault) for fault in redrawn.faults])
        used = {standing[code] for code in redrawn.wards}
        done = Demarcated(batch.number, year, on.isoformat(), len(table.rows))
        done.wards_unused = len({row.old_ward for row in table.rows} - used)
        touched = sorted({*redrawn.wards, *(move.to_branch for move in redrawn.moves)})
        before = _figures(batch, on, touched)
        unplaced = _move(batch, redrawn, on, why, approved_by=session.account if session.sole_operator else None)
        done.moved = connection.scalar(_moved(batch, func.count())) or 0
        done.branches = list(_redrawn(batch, on, redrawn, places, before, unplaced))
        done.fell = sum(one.fell for one in done.branches)
        _stand(batch, redrawn, places, year)
        batch.counts.update(done.counts(), why=why)
        return done


def _is_old(row: Mapping[str, Any], year: int) -> bool:
    return row["ward_year"] is None or row["ward_year"] < year


def _problem(file: str, fault: Fault) -> Problem:
    return Problem(file, "", fault.row, fault.column, fault.value, fault.code, _REMEDIES[fault.code])


def _figures(batch: Batch, on: date, codes: list[str]) -> dict[str, tuple[int, int]]:
    """By branch: its members listed on the day, and how many of them were in good standing."""
    ready(batch.connection, on, batch.policy)
    day = on.isoformat()
    of_places = belonging(batch.connection, day, codes)
    place = place_on(batch.connection, day).label("place")
    held = standing_on(on, batch.policy, of_places).subquery("held")
    good = func.sum(case((held.c.status == Status.GOOD_STANDING.value, 1), else_=0))
    rows = batch.connection.execute(
        select(place, func.count(), good).join_from(member, held, held.c.member == member.c.id).group_by(place)
    )
    return {code: (count, int(standing)) for code, count, standing in rows}


def _move(batch: Batch, redrawn: Redrawn, on: date, why: str, *, approved_by: str | None) -> dict[str, int]:
    """Writes the transfers, and by branch how many members without a voting district stay in a ward divided by them."""
    connection = batch.connection
    _MOVE.create(connection, checkfirst=False)
    if redrawn.moves:
        connection.execute(insert(_MOVE), [asdict(move) for move in redrawn.moves])
    said = {
        "moved_on": on.isoformat(),
        "cause": "demarcation",
        "why": why,
        "asked_by": batch.operator,
        "approved_by": approved_by,
        "decided_at": batch.started_at,
        "policy_version": batch.policy.version,
        "batch": batch.number,
    }
    names = ["member", "from_branch", "to_branch", *said]
    rows = _moving(on).add_columns(*(literal(value, transfer.c[name].type) for name, value in said.items()))
    connection.execute(insert(transfer).from_select(names, rows))
    unplaced = _unplaced(connection, on)
    to = _moved(batch, transfer.c.to_branch).where(transfer.c.member == member.c.id).scalar_subquery()
    connection.execute(update(member).where(member.c.id.in_(_moved(batch, transfer.c.member))).values(branch=to))
    record_branches(batch, transfer.c.batch == batch.number, transfer.c.from_branch, transfer.c.to_branch)
    _MOVE.drop(connection, checkfirst=False)
    return unplaced


def record_branches(batch: Batch, which: ColumnElement[bool], old: Column[Any], new: Column[Any]) -> None:
    """Writes down, for some transfers, that the branch of the record changed: so what was known before can be told."""
    said = (literal(batch.number), literal(member.name), cast(transfer.c.member, String), literal(member.c.branch.name))
    names = ["batch", "table_name", "key", "field", "old", "new"]
    rows = select(*said, old, new).where(which).order_by(transfer.c.id)
    batch.connection.execute(insert(change).from_select(names, rows))


def _moving(on: date) -> Select[Any]:
    """Who moves, out of where, where to: by voting district first, the rest of a branch after. Who moved after the day
    is where she went of her own; the dead stay in the branch of the day they died.
    """
    theirs, rest = _MOVE.alias("theirs"), _MOVE.alias("rest")
    later = select(transfer.c.id).where(
        transfer.c.member == member.c.id, transfer.c.moved_on > on.isoformat(), transfer.c.reversed_by.is_(None)
    )
    to = func.coalesce(theirs.c.to_branch, rest.c.to_branch)
    return (
        select(member.c.id, member.c.branch, to)
        .outerjoin(
            theirs,
            and_(theirs.c.from_branch == member.c.branch, theirs.c.voting_district == member.c.voting_district),
        )
        .outerjoin(rest, and_(rest.c.from_branch == member.c.branch, rest.c.voting_district.is_(None)))
        .where(member.c.merged_into.is_(None), to.is_not(None), ~later.exists(), ~_dead(on))
        .order_by(member.c.id)
    )


def _dead(on: date) -> ColumnElement[bool]:
    """Members who had died by the day."""
    died = select(decision.c.id).where(
        decision.c.member == member.c.id,
        decision.c.kind == Status.DECEASED.value,
        decision.c.begins_on <= on.isoformat(),
        decision.c.reversed_by.is_(None),
    )
    return died.exists()


def _unplaced(connection: Connection, on: date) -> dict[str, int]:
    divided = select(_MOVE.c.from_branch).where(_MOVE.c.voting_district.is_not(None))
    whole = select(_MOVE.c.from_branch).where(_MOVE.c.voting_district.is_(None))
    rows = connection.execute(
        select(member.c.branch, func.count())
        .where(
            member.c.branch.in_(divided),
            member.c.branch.not_in(whole),
            member.c.merged_into.is_(None),
            or_(member.c.voting_district.is_(None), member.c.voting_district == ""),
            ~_dead(on),
        )
        .group_by(member.c.branch)
    )
    return {row[0]: row[1] for row in rows}


def _moved(batch: Batch, what: Any) -> Select[Any]:
    return select(what).select_from(transfer).where(transfer.c.batch == batch.number)


def _redrawn(
    batch: Batch,
    on: date,
    redrawn: Redrawn,
    places: Mapping[str, Mapping[str, Any]],
    before: Mapping[str, tuple[int, int]],
    unplaced: Mapping[str, int],
) -> Iterator[BranchRedrawn]:
    out, into = (_by_branch(batch, column) for column in (transfer.c.from_branch, transfer.c.to_branch))
    after = _figures(batch, on, sorted({*redrawn.wards, *(move.to_branch for move in redrawn.moves)}))
    least = batch.policy.on(on).branch_minimum
    for code in sorted({*redrawn.wards, *into}):
        members, good = before.get(code, (0, 0))
        members_now, good_now = after.get(code, (0, 0))
        yield BranchRedrawn(
            branch=code,
            name=places[code]["name"],
            ward_before=places[code]["ward"],
            ward=redrawn.wards.get(code, places[code]["ward"] or ""),
            members_before=members,
            members_out=out.get(code, 0),
            members_in=into.get(code, 0),
            members=members_now,
            good_standing_before=good,
            good_standing=good_now,
            quorum_before=quorum_of(good),
            quorum=quorum_of(good_now),
            unplaced=unplaced.get(code, 0),
            fell=good >= least > good_now,
        )


def _by_branch(batch: Batch, column: Any) -> dict[str, int]:
    rows = batch.connection.execute(_moved(batch, column).add_columns(func.count()).group_by(column))
    return {row[0]: row[1] for row in rows}


def _stand(batch: Batch, redrawn: Redrawn, places: Mapping[str, Mapping[str, Any]], year: int) -> None:
    """The branches stand on their new wards."""
    for code, ward in redrawn.wards.items():
        after = {"ward": ward, "ward_year": year}
        batch.changed(difference(branch, code, dict(places[code]), after))
        batch.connection.execute(update(branch).where(branch.c.code == code).values(after))
