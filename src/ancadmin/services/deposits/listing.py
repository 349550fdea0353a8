"""Deposits as they stand, with whom they are credited to or named with."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from ancadmin.db.schema import allocation, deposit, member, suggestion
from ancadmin.domain.deposits import Reason, State
from ancadmin.services.deposits.matching.ladder import holding
from ancadmin.services.member.within import members_within
from ancadmin.services.operator.reach import sees_unplaced
from ancadmin.services.session import Session

_AT_A_TIME = 5_000


@dataclass(frozen=True)
class Wanted:
    """Which deposits to show: all that agree with what is not None. Days are value dates, both included."""

    state: State | None = None
    reason: Reason | None = None
    first_day: date | None = None
    last_day: date | None = None
    account: str | None = None

    def detail(self) -> dict[str, str]:
        """What was asked, for the access trail."""
        asked = {"state": self.state, "reason": self.reason, "from": self.first_day, "to": self.last_day}
        return {key: str(value) for key, value in {**asked, "account": self.account}.items() if value is not None}

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same as SQL."""
        found: list[ColumnElement[bool]] = [deposit.c.reversed_by.is_(None)]
        if self.state is not None:
            found.append(deposit.c.state == self.state.value)
        if self.reason is not None:
            found.append(deposit.c.reason == self.reason.value)
        if self.first_day is not None:
            found.append(deposit.c.value_date >= self.first_day.isoformat())
        if self.last_day is not None:
            found.append(deposit.c.value_date <= self.last_day.isoformat())
        if self.account is not None:
            found.append(deposit.c.account == self.account)
        return found


@contextmanager
def listed(session: Session, wanted: Wanted) -> Iterator[Iterator[dict[str, Any]]]:
    """The deposits wanted, oldest number first, as rows: deposit, account, value_date, cents, narrative, state, reason,
    members (id_number, cents, score), evidence, flags. `cents` of a member is what is credited, 0 where the reason only
    names or suggests them; `score`, from 0 to 1, is that of a suggestion, else None, and the likeliest comes first;
    `evidence` has a list of sentences for each member. The rows come while the block is open. Members out of reach are
    not named, and deposits of theirs alone not listed; those of nobody only for who sees what is of no branch.
    """
    with session.reading("deposits list", **wanted.detail()) as connection:
        yield _rows(session, connection, wanted)


def _rows(session: Session, connection: Connection, wanted: Wanted) -> Iterator[dict[str, Any]]:
    query = _query(wanted, members_within(session, connection, None), unplaced=sees_unplaced(session))
    found = connection.execute(query.execution_options(yield_per=_AT_A_TIME))
    for _, entries in groupby(found, key=lambda row: row.id):
        yield _row(list(entries))


def _query(wanted: Wanted, within: Select[tuple[int]] | None, *, unplaced: bool) -> Select[Any]:
    # A deposit stands in a row for each allocation, or for each suggestion; else in one with the member it names.
    credited = and_(allocation.c.deposit == deposit.c.id, allocation.c.reversed_by.is_(None))
    whom = func.coalesce(allocation.c.member, suggestion.c.member, deposit.c.member)
    seen = member.c.id == whom if within is None else and_(member.c.id == whom, whom.in_(within))
    query = (
        select(
            deposit.c.id,
            deposit.c.account,
            deposit.c.value_date,
            deposit.c.cents,
            deposit.c.narrative,
            deposit.c.state,
            deposit.c.reason,
            deposit.c.flags,
            deposit.c.unallocated_cents,
            member.c.id_number,
            allocation.c.cents.label("credited"),
            suggestion.c.score,
            suggestion.c.evidence,
        )
        .select_from(deposit.outerjoin(allocation, credited).outerjoin(suggestion, holding()))
        .outerjoin(member, seen)
        .where(*wanted.conditions())
        .order_by(deposit.c.id, allocation.c.id, suggestion.c.score.desc(), member.c.id_number)
    )
    if within is None:
        return query
    return query.where(
        or_(member.c.id.is_not(None), allocation.c.id.is_(None)) if unplaced else member.c.id.is_not(None)
    )


def _row(entries: list[Row[Any]]) -> dict[str, Any]:
    first = entries[0]
    members = [entry for entry in entries if entry.id_number is not None]
    return {
        "deposit": first.id,
        "account": first.account,
        "value_date": first.value_date,
        "cents": first.cents,
        "narrative": first.narrative,
        "state": first.state,
        "reason": first.reason,
        "members": [
            {
                "id_number": entry.id_number,
                "cents": entry.credited or 0,
                "score": None if entry.score is None else entry.score / 100,
            }
            for entry in members
        ],
        "evidence": [json.loads(entry.evidence or "[]") for entry in members],
        "flags": (first.flags or "").split(),
        "unallocated_cents": first.unallocated_cents,
    }
