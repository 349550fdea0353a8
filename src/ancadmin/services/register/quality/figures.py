"""What quality is reckoned from, counted by place: one grouped query a figure (docs/rules.md, section 3, Quality)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, FromClause, and_, exists, func, literal_column, select

from ancadmin.db.schema import allocation, batch, branch, desk_decision, duplicate, member, region, register_row
from ancadmin.domain.papers import BranchPlace
from ancadmin.domain.quality import Kind, Quality
from ancadmin.services.export.scope import Scope
from ancadmin.services.register.quality.held import held_by_place

_MARKED = "marked"
Place = tuple[Kind, str]


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
    for figure, condition in _CONDITIONS.items():
        for code, members in _members(connection, within, condition):
            for one in (counts[Kind.BRANCH, code], total):
                one.numbers[figure] += members
    for code, noted in _notes(connection, within):
        for one in (counts[Kind.BRANCH, code], total):
            one.notes.update(noted)
    _add_pairs(connection, counts, total)
    regions = set() if scope.branch is not None else {place.region_code for place in there}
    _add_held(connection, counts, total, regions, unplaced=scope.everything)
    return {place: _quality(one) for place, one in counts.items()}, _quality(total)


def _quality(counts: _Counts) -> Quality:
    numbers = counts.numbers
    members = numbers["everyone"] - numbers["merged"]
    return Quality(
        members=members,
        contactable=members - numbers["out_of_reach"],
        captured=members - numbers["never_paid"],
        held=numbers["held"],
        id_problems=numbers["id_problems"],
        duplicates=numbers["duplicates"],
        notes=counts.notes,
    )


def _within(scope: Scope) -> ColumnElement[bool] | None:
    """The condition on members that they belong to a branch of the scope; None for everyone."""
    if scope.everything:
        return None
    if scope.branch is not None:
        return member.c.branch == scope.branch
    codes = select(branch.c.code).join(region, region.c.code == branch.c.region)
    lies = region.c.code == scope.region if scope.region is not None else region.c.province == scope.province
    return member.c.branch.in_(codes.where(lies))


# Everyone is counted through an index, and of the others the few rather than the many: grouping is what takes time.
_HERE = member.c.merged_into.is_(None)
_PAID = exists(select(allocation.c.id).where(allocation.c.member == member.c.id, allocation.c.reversed_by.is_(None)))
_CONDITIONS: dict[str, ColumnElement[bool] | None] = {
    "everyone": None,
    "merged": member.c.merged_into.is_not(None),
    "out_of_reach": and_(_HERE, member.c.cell.is_(None), member.c.email.is_(None)),
    "never_paid": and_(_HERE, member.c.last_payment_on.is_(None), ~_PAID),
}


def _members(
    connection: Connection, within: ColumnElement[bool] | None, condition: ColumnElement[bool] | None
) -> list[tuple[str, int]]:
    """Members of whom a condition holds, by branch."""
    code: ColumnElement[str] = member.c.branch
    if within is None and condition is not None:
        # A few of everyone are sooner found in the order members are stored: no longer a column, it has no index.
        code = code.concat(literal_column("''"))
    query = select(code, func.count()).group_by(code)
    for one in (within, condition):
        if one is not None:
            query = query.where(one)
    return [(row[0], row[1]) for row in connection.execute(query)]


def _notes(connection: Connection, within: ColumnElement[bool] | None) -> Iterator[tuple[str, dict[str, int]]]:
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
        yield code, dict.fromkeys(notes.split(), count)


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
