"""The statements of every account in order, and how each follows on the one before (docs/rules.md, section 4.1)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection, Row, func, select

from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import deposit, deposit_sighting, statement
from ancadmin.services.session import Session

FIRST, FOLLOWS, OVERLAPS, GAP = "first", "follows", "overlaps", "gap"


@dataclass(frozen=True)
class Following:
    """How a statement follows: `how` is first, follows, overlaps or gap; `overlap_lines` it has in common with earlier
    ones, `gap_days` no statement covers, `gap_cents` it opens with more than the former closed on (None: not known).
    """

    how: str
    overlap_lines: int = 0
    gap_days: int = 0
    gap_cents: int | None = None


def statements_in_order(session: Session, account: str | None = None) -> list[dict[str, Any]]:
    """Every statement that stands, by account and days, with how it follows: rows as docs/reference/json.md says.

    `adds_up`: does it close on what it opens with and its lines; None without balances, False where it was forced.
    """
    with session.reading("deposits statements", account=account) as connection:
        standing = select(statement).where(statement.c.reversed_by.is_(None))
        if account is not None:
            standing = standing.where(statement.c.account == account)
        rows = sorted(
            connection.execute(standing).all(), key=lambda row: (row.account, _first(row), _last(row), row.id)
        )
        shared = _shared(connection, [row.id for row in rows])
        moved = moved_by(connection)
    found = []
    for _, group in groupby(rows, key=lambda row: str(row.account)):
        of_account = list(group)
        followed = _followed(of_account, shared)
        found += [_said(row, how, moved.get(row.id, 0)) for row, how in zip(of_account, followed, strict=True)]
    return found


def moved_by(connection: Connection) -> dict[int, int]:
    """What the lines of each statement come to, in cents: those it brought and those it shares with others."""
    own = (
        select(deposit.c.statement, func.sum(deposit.c.cents))
        .where(deposit.c.reversed_by.is_(None))
        .group_by(deposit.c.statement)
    )
    seen = (
        select(deposit_sighting.c.statement, func.sum(deposit.c.cents))
        .join(deposit, deposit.c.id == deposit_sighting.c.deposit)
        .where(deposit.c.reversed_by.is_(None))
        .group_by(deposit_sighting.c.statement)
    )
    moved: dict[int, int] = {}
    for query in (own, seen):
        for number, cents in connection.execute(query):
            moved[number] = moved.get(number, 0) + int(cents)
    return moved


class Odd(NamedTuple):
    """A statement that closes on so many cents more than it opens with and its lines; `forced`: taken in all the same
    with `--force`, as its batch says.
    """

    number: int
    file: str
    beyond: int
    forced: bool
    batch: int


def not_adding_up(connection: Connection) -> Iterator[Odd]:
    """Statements that stand and do not close on what they open with and their lines."""
    moved = moved_by(connection)
    rows = connection.execute(
        select(statement, batch_table.c.counts)
        .join(batch_table, batch_table.c.number == statement.c.batch)
        .where(
            statement.c.reversed_by.is_(None),
            statement.c.opening_cents.is_not(None),
            statement.c.closing_cents.is_not(None),
        )
        .order_by(statement.c.id)
    )
    for row in rows:
        beyond = row.closing_cents - row.opening_cents - moved.get(row.id, 0)
        forced = json.loads(row.counts).get("forced", [])
        if beyond:
            yield Odd(row.id, row.file, beyond, any(str(name).startswith(row.file) for name in forced), row.batch)


def _first(row: Row[Any]) -> str:
    """Its first day, as ISO text: by the bank's own account, or else that of its lines."""
    return str(row.period_from or row.first_day or row.period_to or "")


def _last(row: Row[Any]) -> str:
    return str(row.period_to or row.last_day or row.period_from or "")


def _shared(connection: Connection, numbers: list[int]) -> dict[int, int]:
    """How many lines of each statement stand in one before it too, in the order of `numbers`."""
    place = np.full(max(numbers, default=0) + 1, -1, dtype=np.int64)
    place[numbers] = np.arange(len(numbers))
    pairs = connection.execute(
        select(deposit_sighting.c.deposit, deposit_sighting.c.statement, deposit.c.statement)
        .join(deposit, deposit.c.id == deposit_sighting.c.deposit)
        .where(deposit.c.reversed_by.is_(None))
    ).all()
    if not pairs:
        return {}
    line, seen, brought = np.array(pairs, dtype=np.int64).T
    both = np.unique(np.stack([np.concatenate([line, line]), np.concatenate([seen, brought])]), axis=1)
    both = both[:, both[1] < len(place)]
    both = np.stack([both[0], place[both[1]]])
    both = both[:, both[1] >= 0]
    both = both[:, np.lexsort((both[1], both[0]))]
    later = np.flatnonzero(both[0][1:] == both[0][:-1]) + 1
    counts = np.bincount(both[1][later], minlength=len(numbers))
    return {number: int(count) for number, count in zip(numbers, counts, strict=True) if count}


def _followed(rows: list[Row[Any]], shared: dict[int, int]) -> list[Following]:
    """How each of an account's statements, in order, follows on those before it."""
    found: list[Following] = []
    former: Row[Any] | None = None
    for row in rows:
        if former is None:
            found.append(Following(FIRST))
        elif shared.get(row.id):
            found.append(Following(OVERLAPS, overlap_lines=shared[row.id]))
        else:
            found.append(_after(former, row, rows))
        if former is None or _last(row) >= _last(former):
            former = row
    return found


def _after(former: Row[Any], row: Row[Any], rows: list[Row[Any]]) -> Following:
    """A statement with no line of an earlier one: does it open with what the former closed on, on the day after?"""
    between = 0
    if _last(former) and _first(row):
        between = max((date.fromisoformat(_first(row)) - date.fromisoformat(_last(former))).days - 1, 0)
    if former.closing_cents is None or row.opening_cents is None:
        return Following(GAP, gap_days=between) if between else Following(FOLLOWS)
    # Parts of one day may stand in another order than they came in.
    same_day = [one for one in rows if one is not row and _last(one) == _first(row)]
    if any(one.closing_cents == row.opening_cents for one in (former, *same_day)):
        return Following(FOLLOWS)
    return Following(GAP, gap_days=between, gap_cents=row.opening_cents - former.closing_cents)


def _said(row: Row[Any], how: Following, moved: int) -> dict[str, Any]:
    opening, closing = row.opening_cents, row.closing_cents
    return {
        "statement": row.id,
        "account": row.account,
        "file": row.file,
        "bank": row.bank,
        "sequence": row.sequence,
        "period_from": _first(row) or None,
        "period_to": _last(row) or None,
        "opening_cents": opening,
        "closing_cents": closing,
        "lines": row.lines,
        "follows": how.how,
        "overlap_lines": how.overlap_lines,
        "gap_days": how.gap_days,
        "gap_cents": how.gap_cents,
        "adds_up": None if opening is None or closing is None else opening + moved == closing,
        "batch": row.batch,
    }
