"""Wards are redrawn (docs/rules.md, section 5): which ward each branch stands on then, and whose members go where."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class WardRow:
    """A row of the ward-to-ward file: what of the old ward, a voting district or (None) all the rest, is the new ward
    now. `branch` says whose those members are where that is not plain. `row` is the file's own.
    """

    row: int
    old_ward: str
    new_ward: str
    voting_district: str | None = None
    branch: str | None = None


@dataclass(frozen=True)
class Move:
    """Members of a branch, of a voting district or (None) all the rest, go to another branch."""

    from_branch: str
    voting_district: str | None
    to_branch: str


@dataclass(frozen=True)
class Fault:
    """What keeps a row from being carried out: a code, and the column it is in."""

    row: int
    column: str
    value: str
    code: str


@dataclass(frozen=True)
class Redrawn:
    """The ward each branch named by the file stands on, the moves, and what is wrong: then nothing is to be done."""

    wards: dict[str, str]
    moves: list[Move]
    faults: list[Fault]


def redraw(
    rows: Sequence[WardRow],
    standing: Mapping[str, str],
    branches: Collection[str],
    redrawn: Mapping[str, str] | None = None,
) -> Redrawn:
    """What a file of rows does to branches `standing` on old wards (code to ward); `branches` are all codes on record,
    `redrawn` those an earlier part of the file put on new wards.

    A branch goes on the new ward of its old ward's row without a voting district. Members of a voting district that
    became part of another ward go to the branch on that ward, or to the one it was dissolved into; where there are
    several, or none, the row names it. Nobody goes to a branch the file dissolves.
    """
    faults = [*_twice(rows), *_unknown(rows, branches)]
    rest = {row.old_ward: row for row in rows if row.voting_district is None}
    faults += _without_rest(rows, rest)
    if faults:
        return Redrawn({}, [], sorted(faults, key=lambda fault: fault.row))
    wards = {code: rest[ward].new_ward for code, ward in standing.items() if ward in rest}
    stays = {code: rest[ward].branch or code for code, ward in standing.items() if ward in rest}
    on_ward: dict[str, set[str]] = defaultdict(set)  # where the rest of a ward is, and whoever shares its new one
    for code, ward in (redrawn or {}).items():
        on_ward[ward].add(code)
    for code, ward in wards.items():
        on_ward[ward].add(stays[code])
    moves: list[Move] = []
    of_ward: dict[str, list[WardRow]] = defaultdict(list)
    for row in rows:
        of_ward[row.old_ward].append(row)
    for code, ward in standing.items():
        for row in of_ward.get(ward, ()):
            to = row.branch or (stays[code] if row.new_ward == wards[code] else _only(on_ward.get(row.new_ward, ())))
            if to is None:
                several = len(on_ward.get(row.new_ward, ())) > 1
                problem = "branch_undecided" if several else "no_branch"
                faults.append(Fault(row.row, "branch", row.new_ward, problem))
            elif stays.get(to, to) != to:
                faults.append(Fault(row.row, "branch", to, "branch_dissolved"))
            elif to != code:
                moves.append(Move(code, row.voting_district, to))
    return Redrawn(wards, moves, sorted(set(faults), key=lambda fault: (fault.row, fault.code)))


def _only(codes: Collection[str]) -> str | None:
    return next(iter(codes)) if len(codes) == 1 else None


def _twice(rows: Sequence[WardRow]) -> Iterator[Fault]:
    """One voting district of a ward, or the rest of it, is said twice."""
    seen: set[tuple[str, str | None]] = set()
    for row in rows:
        what = (row.old_ward, row.voting_district)
        if what in seen:
            column, value = ("voting_district", row.voting_district) if row.voting_district else ("old_ward", what[0])
            yield Fault(row.row, column, value or "", "said_twice")
        seen.add(what)


def _unknown(rows: Sequence[WardRow], branches: Collection[str]) -> Iterator[Fault]:
    for row in rows:
        if row.branch and row.branch not in branches:
            yield Fault(row.row, "branch", row.branch, "branch_unknown")


def _without_rest(rows: Sequence[WardRow], rest: Mapping[str, WardRow]) -> Iterator[Fault]:
    """A ward of which only voting districts are said: nobody knows where its branch stands."""
    told: set[str] = set()
    for row in rows:
        if row.old_ward not in rest and row.old_ward not in told:
            told.add(row.old_ward)
            yield Fault(row.row, "old_ward", row.old_ward, "rest_missing")
