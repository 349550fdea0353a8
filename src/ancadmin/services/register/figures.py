"""What quality is reckoned from, counted by place: one grouped query a figure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, FromClause, Integer, and_, case, cast, exists, func, or_, select

from ancadmin.db.schema import allocation, batch, branch, desk_decision, duplicate, member, region, register_row
from ancadmin.domain.papers import BranchPlace
from ancadmin.domain.quality import Kind, Quality
from ancadmin.services.export.scope import Scope
from ancadmin.services.register.held import held_by_place

_MARKED = "marked"
Place = tuple[Kind, str]
_Found = Iterable[tuple[str, Mapping[str, int], Mapping[str, int]]]


@dataclass
class _Counts:
    """The counts of one place while they are gathered."""

    numbers: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)


def figures(connection: Connection, scope: Scope, there: list[BranchPlace]) -> tuple[dict[Place, Quality], Quality]:
    """The quality of each branch of `there`, which are those of the scope, and of each place rows held back name
    without a branch; and of all together.
    """
    counts: dict[Place, _Counts] = {(Kind.BRANCH, place.code): _Counts() for place in there}
    total = _Counts()
    within = _within(scope)
    for found in (_members(connection, within), _notes(connection, within)):
        for code, numbers, notes in found:
            for one in (counts[Kind.BRANCH, code], total):
                one.numbers.update(numbers)
                one.notes.update(notes)
    _add_pairs(connection, counts, total)
    regions = set() if scope.branch is not None else {place.region_code for place in there}
    _add_held(connection, counts, total, regions, unplaced=scope.everything)
    return {place: _quality(one) for place, one in counts.items()}, _quality(total)


def _quality(counts: _Counts) -> Quality:
    return Quality(**counts.numbers, notes=counts.notes)


def _within(scope: Scope) -> ColumnElement[bool] | None:
    """The condition on members that they belong to a branch of the scope; None for everyone."""
    if scope.everything:
        return None
    if scope.branch is not None:
        return member.c.branch == scope.branch
    codes = select(branch.c.code).join(region, region.c.code == branch.c.region)
    lies = region.c.code == scope.region if scope.region is not None else region.c.province == scope.province
    return member.c.branch.in_(codes.where(lies))


def _members(connection: Connection, within: ColumnElement[bool] | None) -> _Found:
    """Members by branch: how many, who can be reached, who has a payment on record."""
    paid = exists(select(allocation.c.id).where(allocation.c.member == member.c.id, allocation.c.reversed_by.is_(None)))
    query = (
        select(
            member.c.branch,
            func.count(),
            _how_many(or_(member.c.cell.is_not(None), member.c.email.is_not(None))),
            _how_many(or_(member.c.last_payment_on.is_not(None), paid)),
        )
        .where(member.c.merged_into.is_(None))
        .group_by(member.c.branch)
    )
    # Everyone is sooner read in the order they are stored than branch by branch.
    query = query.with_hint(member, "NOT INDEXED", "sqlite") if within is None else query.where(within)
    for code, *numbers in connection.execute(query):
        yield code, dict(zip(("members", "contactable", "captured"), numbers, strict=True)), {}


def _notes(connection: Connection, within: ColumnElement[bool] | None) -> _Found:
    """The notes on the last row taken of each member that nobody has decided about, by branch."""
    later = register_row.alias("later")
    again = exists(
        select(later.c.id).where(later.c.member == register_row.c.member, later.c.id > register_row.c.id, _taken(later))
    )
    decided = _decided("note", desk_decision.c.subject == register_row.c.id)
    query = (
        select(member.c.branch, register_row.c.notes, func.count())
        .join(member, member.c.id == register_row.c.member)
        .where(
            member.c.merged_into.is_(None), register_row.c.notes.is_not(None), _taken(register_row), ~again, ~decided
        )
        .group_by(member.c.branch, register_row.c.notes)
    )
    for code, notes, count in connection.execute(query if within is None else query.where(within)):
        yield code, {}, dict.fromkeys(notes.split(), count)


def _taken(rows: FromClause) -> ColumnElement[bool]:
    """Rows that were taken by a batch that stands."""
    undone = select(batch.c.number).where(batch.c.undone_by.is_not(None))
    return and_(rows.c.outcome != "quarantined", rows.c.batch.not_in(undone))


def _decided(kind: str, *about: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether an officer decided it; what was only marked waits on."""
    return exists(
        select(desk_decision.c.id).where(
            desk_decision.c.kind == kind,
            desk_decision.c.verdict != _MARKED,
            desk_decision.c.reversed_by.is_(None),
            *about,
        )
    )


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return cast(func.sum(case((condition, 1), else_=0)), Integer)


def _add_pairs(connection: Connection, counts: dict[Place, _Counts], total: _Counts) -> None:
    """Pairs nobody has decided about: each counts for the branches of both, and once in all."""
    one, other = member.alias("one"), member.alias("other")
    decided = _decided(
        "duplicate", desk_decision.c.subject == duplicate.c.member, desk_decision.c.other == duplicate.c.other
    )
    query = (
        select(one.c.branch, other.c.branch, func.count())
        .select_from(duplicate)
        .join(one, and_(one.c.id == duplicate.c.member, one.c.merged_into.is_(None)))
        .join(other, and_(other.c.id == duplicate.c.other, other.c.merged_into.is_(None)))
        .where(~decided)
        .group_by(one.c.branch, other.c.branch)
    )
    for first, second, pairs in connection.execute(query):
        concerned = [counts[Kind.BRANCH, code] for code in {first, second} if (Kind.BRANCH, code) in counts]
        for each in [*concerned, total] if concerned else []:
            each.numbers["duplicates"] += pairs


def _add_held(
    connection: Connection, counts: dict[Place, _Counts], total: _Counts, regions: set[str], *, unplaced: bool
) -> None:
    """Rows held back, under the branch they name; else under the region, if it is one of `regions`; else nowhere."""
    for held in held_by_place(connection):
        place = held.kind, held.code
        shown = {Kind.BRANCH: place in counts, Kind.REGION: held.code in regions, Kind.UNPLACED: unplaced}
        if shown[held.kind]:
            for each in (counts.setdefault(place, _Counts()), total):
                each.numbers.update(held=held.rows, id_problems=held.id_problems)
