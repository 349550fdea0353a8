"""Money nobody is credited with and nobody got back, by reason and age, on any day (docs/rules.md, section 4.2).

A past day is told as it was known then: by the entries of the batches up to it. The reason of a deposit that a later
matching run decided about again is not kept; then it counts as open.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)

from ancadmin.db.schema import allocation, change, deposit, refund
from ancadmin.db.schema import batch as batch_table
from ancadmin.domain.deposits import State
from ancadmin.services.session import Session

OPEN = "open"
_AGES = ((30, "0-30"), (60, "31-60"), (90, "61-90"))
_OLDER = "over 90"
AGES = (*(name for _, name in _AGES), _OLDER)
"""Days from the value date to the day asked for."""


class By(StrEnum):
    """What the money is told apart by."""

    REASON = "reason"
    AGE = "age"
    ACCOUNT = "account"


@dataclass(frozen=True)
class Suspense:
    """How many deposits, and how much of them, wait for the same reason in the same account; `oldest` value date."""

    account: str
    reason: str
    age: str
    deposits: int
    cents: int
    oldest: str


def suspense(session: Session, by: By | None, on: date | None) -> list[dict[str, Any]]:
    """Rows with what they are told apart by (reason and age; or one of these or account, as `by` says), deposits,
    cents and the oldest value date; in the order of reasons, ages or accounts.
    """
    day = on or session.today
    with session.reading("deposits suspense", by=by and by.value, on=day.isoformat()) as connection:
        found = waiting_on(connection, day)
    keys = ("reason", "age") if by is None else (by.value,)
    sums: dict[tuple[str, ...], dict[str, Any]] = {}
    for one in found:
        key = tuple(getattr(one, name) for name in keys)
        row = sums.setdefault(key, {**dict(zip(keys, key, strict=True)), "deposits": 0, "cents": 0, "oldest": "9"})
        row["deposits"] += one.deposits
        row["cents"] += one.cents
        row["oldest"] = min(row["oldest"], one.oldest)
    return sorted(sums.values(), key=lambda row: [_place(name, row[name]) for name in keys])


def waiting_on(connection: Connection, day: date) -> list[Suspense]:
    """What waited at the end of `day`, as it was known then, of value dates up to it."""
    on = day.isoformat()
    later = select(batch_table.c.number).where(batch_table.c.today > on)
    is_past = connection.scalar(later.limit(1)) is not None
    moved = _moved_since(later).subquery("moved") if is_past else None
    left = (
        deposit.c.unallocated_cents if moved is None else deposit.c.unallocated_cents + func.coalesce(moved.c.cents, 0)
    )
    reason: ColumnElement[str] = func.coalesce(deposit.c.reason, OPEN)
    tables: Any = deposit
    known: list[ColumnElement[bool]] = [deposit.c.reversed_by.is_(None)]
    if moved is not None:
        tables = deposit.outerjoin(moved, moved.c.deposit == deposit.c.id)
        tables, reason = _reason_then(tables, later)
        known = [
            or_(deposit.c.reversed_by.is_(None), deposit.c.reversed_by.in_(later)),
            deposit.c.batch.not_in(later),
        ]
    waits = (
        select(
            deposit.c.account, reason.label("reason"), _age(day).label("age"), deposit.c.value_date, left.label("left")
        )
        .select_from(tables)
        .where(*known, deposit.c.state != State.NOT_A_DEPOSIT.value, deposit.c.value_date <= on, left > 0)
        .subquery("waits")
    )
    keys = (waits.c.account, waits.c.reason, waits.c.age)
    rows = connection.execute(
        select(*keys, func.count(), func.sum(waits.c.left), func.min(waits.c.value_date)).group_by(*keys)
    )
    return [Suspense(row[0], row[1], row[2], int(row[3]), int(row[4]), row[5]) for row in rows]


def _age(day: date) -> ColumnElement[str]:
    """The age of a deposit on a day."""
    whens = [(deposit.c.value_date >= (day - timedelta(days=most)).isoformat(), literal(name)) for most, name in _AGES]
    return case(*whens, else_=literal(_OLDER))


def _moved_since(later: Select[tuple[int]]) -> Select[Any]:
    """What entries made since took out of each deposit, less what entries taken back since had taken out before."""
    parts = [part for table in (allocation, refund) for part in _moves(table, later)]
    moves = union_all(*parts).subquery("moves")
    return select(moves.c.deposit, func.sum(moves.c.cents).label("cents")).group_by(moves.c.deposit)


def _moves(table: Any, later: Select[tuple[int]]) -> Iterator[Select[Any]]:
    yield select(table.c.deposit, table.c.cents).where(table.c.batch.in_(later), table.c.reversed_by.is_(None))
    yield select(table.c.deposit, -table.c.cents).where(table.c.batch.not_in(later), table.c.reversed_by.in_(later))


def _reason_then(tables: Any, later: Select[tuple[int]]) -> tuple[Any, ColumnElement[str]]:
    """The reason before the batches since, and what to read it from: what officers' decisions say it was before them;
    where the matching it came from is of since, or another matching ran since, the deposit was open.
    """
    olds = {}
    for name in ("matched_in", "reason"):
        first = _first_change_since(later, name).subquery(f"first_{name}")
        old = change.alias(f"old_{name}")
        tables = tables.outerjoin(first, first.c.deposit == deposit.c.id).outerjoin(old, old.c.id == first.c.id)
        olds[name] = old
    decided, reason = olds["matched_in"], olds["reason"]
    matched_since = or_(
        and_(decided.c.id.is_(None), deposit.c.matched_in.in_(later)),
        and_(decided.c.id.is_not(None), func.coalesce(cast(decided.c.old, Integer).in_(later), true())),
    )
    before = case((reason.c.id.is_not(None), reason.c.old), else_=deposit.c.reason)
    return tables, case((matched_since, OPEN), else_=func.coalesce(before, OPEN))


def _first_change_since(later: Select[tuple[int]], name: str) -> Select[int, Any]:
    """The first change of a field of each deposit since, which says what it was before."""
    key = cast(change.c.key, Integer)
    changed = select(key.label("deposit"), func.min(change.c.id).label("id"))
    return changed.where(
        change.c.batch.in_(later), change.c.table_name == deposit.name, change.c.field == name
    ).group_by(key)


def _place(name: str, value: str) -> Any:
    return AGES.index(value) if name == By.AGE else value
