"""People on record twice, and two people under one number: found, scored, explained, and never merged by itself."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from ancadmin.db.batches import Batch
from ancadmin.db.bulk import insert_rows
from ancadmin.db.schema import desk_decision, duplicate, member
from ancadmin.domain.duplicates import Kind
from ancadmin.domain.roles import DECIDES
from ancadmin.errors import NotAllowed, UsageError
from ancadmin.services.export.scope import Scope, places
from ancadmin.services.operator.reach import branches_reached
from ancadmin.services.register.desk.verdicts import DIFFERENT, DUPLICATE
from ancadmin.services.register.duplicates.pairs import Pair, pairs
from ancadmin.services.register.duplicates.people import take_in, workshop
from ancadmin.services.register.duplicates.shared import SharedNumber, shared_numbers
from ancadmin.services.register.duplicates.undo import COMMAND, replace_pairs
from ancadmin.services.session import Session

_CHUNK = 10_000
_SHOWN = ("id_number", "surname", "first_names", "born", "branch", "cell")


@dataclass(frozen=True)
class Found:
    """What a search found: how many `members` were held against each other, the `pairs`, the likeliest first, and the
    rows held back because their number is somebody else's (`shared`).
    """

    batch: int
    members: int
    pairs: tuple[Pair, ...]
    shared: tuple[SharedNumber, ...]

    @property
    def kinds(self) -> dict[str, int]:
        """How many there are of each kind; kinds nobody is of are left out."""
        found = [str(pair.kind) for pair in self.pairs] + [str(Kind.ID_SHARED)] * len(self.shared)
        return {str(kind): found.count(str(kind)) for kind in Kind if str(kind) in found}


def find_duplicates(session: Session, scope: Scope | None, least: float) -> Found:
    """Looks for pairs of records, at least one of them of a member in `scope` (None: of all the branches reached), that
    are likely of one person, and keeps those with a score of at least `least`, in the place of what an earlier search
    found there. Not offered again: pairs an officer found to be two people, and records merged already.

    Raises UsageError for a score that is none, InputRefused for a place not on record, NotAllowed to those who do not
    decide about members there, ConfigurationError where the libraries are not installed.
    """
    if not 0 < least < 1:
        raise UsageError("a score lies between 0 and 1", "Give one such as --score 0.9.")
    if not any(role in DECIDES for role, _ in session.roles):
        raise NotAllowed(f"{session.account} may not look for duplicates", "Ask a membership officer to do it.")
    place = scope.place if scope else None
    # The store is free for others while records are compared: only what was found is written under the lock.
    with workshop() as people, session.reading("duplicates search", place=place) as connection:
        among = branches_reached(session, connection, DECIDES)
        touching = _codes(session, connection, scope)
        with session.progress.step("Reading members"):
            members = take_in(people, connection)
        with session.progress.step("Comparing"):
            different = _different(connection)
            found = tuple(
                pair
                for pair in pairs(people, members, least, among=among, touching=touching)
                if (pair.member, pair.other) not in different
            )
        shared = tuple(shared_numbers(connection, among=among, touching=touching))
    with session.batch(COMMAND) as batch:
        found = _still_there(batch.connection, found)
        _keep(batch, found, _branches(among), _branches(touching))
        result = Found(batch.number, members, found, shared)
        batch.counts.update(members=members, place=place, score=least, pairs=len(found), **result.kinds)
    return result


def rows_of(session: Session, found: Found, *, full_ids: bool) -> Iterator[dict[str, Any]]:
    """Rows `member{id_number, surname, first_names, born, branch, cell}, other{…}, kind, score, evidence[{field, says,
    words, worth, bits}]`, the likeliest first. The other of a shared number is a row held back, with its `batch`,
    `file`, `sheet` and `row`.
    """
    with session.reading(COMMAND, batch=found.batch, full_ids=full_ids) as connection:
        for some in _chunks(found.pairs):
            people = _people(connection, {one for pair in some for one in (pair.member, pair.other)})
            for pair in some:
                yield {
                    "member": people[pair.member],
                    "other": people[pair.other],
                    "kind": str(pair.kind),
                    "score": pair.score,
                    "evidence": json.loads(pair.evidence),
                }
        for one in found.shared:
            yield one.as_row()


def _codes(session: Session, connection: Connection, scope: Scope | None) -> frozenset[str] | None:
    if scope is None:
        return None
    found = places(session, connection, scope, DECIDES, f"look for duplicates in {scope.place}")
    return frozenset(place.code for place in found)


def _different(connection: Connection) -> set[tuple[int, int | None]]:
    """The pairs an officer found to be two people."""
    rows = connection.execute(
        select(desk_decision.c.subject, desk_decision.c.other).where(
            desk_decision.c.kind == DUPLICATE,
            desk_decision.c.verdict == DIFFERENT,
            desk_decision.c.reversed_by.is_(None),
        )
    )
    return {(row.subject, row.other) for row in rows}


def _branches(codes: Iterable[str] | None) -> ColumnElement[bool] | None:
    """The condition that a member is of these branches; None for no condition."""
    return None if codes is None else member.c.branch.in_(sorted(codes))


def _keep(
    batch: Batch, found: Iterable[Pair], among: ColumnElement[bool] | None, touching: ColumnElement[bool] | None
) -> None:
    """Puts the pairs in the place of those an earlier search of the same branches found."""
    sides = (duplicate.c.member, duplicate.c.other)
    conditions = []
    for together, condition in ((and_, among), (or_, touching)):
        if condition is not None:
            conditions.append(together(*(side.in_(select(member.c.id).where(condition)) for side in sides)))
    replace_pairs(batch, *conditions)
    insert_rows(
        batch.connection,
        duplicate,
        ("member", "other", "kind", "score", "evidence", "batch"),
        ((one.member, one.other, str(one.kind), one.score, one.evidence, batch.number) for one in found),
    )


def _still_there(connection: Connection, found: tuple[Pair, ...]) -> tuple[Pair, ...]:
    """The pairs of which neither record was taken out or merged while they were compared."""
    ids = sorted({one for pair in found for one in (pair.member, pair.other)})
    there: set[int] = set()
    for start in range(0, len(ids), _CHUNK):
        some = (member.c.id.in_(ids[start : start + _CHUNK]), member.c.merged_into.is_(None))
        there.update(connection.scalars(select(member.c.id).where(*some)))
    return tuple(pair for pair in found if pair.member in there and pair.other in there)


def _people(connection: Connection, ids: set[int]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    ordered = sorted(ids)
    for start in range(0, len(ordered), _CHUNK):
        some = member.c.id.in_(ordered[start : start + _CHUNK])
        for row in connection.execute(select(member.c.id, *(member.c[name] for name in _SHOWN)).where(some)).mappings():
            found[row["id"]] = {name: row[name] for name in _SHOWN}
    return found


def _chunks(found: Iterable[Pair]) -> Iterator[list[Pair]]:
    rest = iter(found)
    while some := list(islice(rest, _CHUNK)):
        yield some
