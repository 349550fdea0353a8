"""Which lines of a statement are new, and which another statement brought in before (docs/rules.md, section 4.1)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, Select, and_, or_, select

from ancadmin.db.schema import deposit, deposit_sighting, statement
from ancadmin.domain.dates import Days
from ancadmin.domain.fingerprints import Hashes, joined

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_AT_A_TIME = 50_000


@dataclass(frozen=True)
class Ledger:
    """Lines on record, in order of `key` (day and fingerprint) and occurrence."""

    key: Hashes
    occurrence: Integers
    id: Integers

    def without(self, ids: Integers) -> "Ledger":
        """All but these."""
        kept = ~np.isin(self.id, ids)
        return Ledger(self.key[kept], self.occurrence[kept], self.id[kept])

    def first(self, keys: Hashes) -> Integers:
        """Where the lines with each key begin."""
        return np.searchsorted(self.key, keys, side="left")

    def after(self, keys: Hashes) -> Integers:
        """Where the lines with each key end."""
        return np.searchsorted(self.key, keys, side="right")


@dataclass(frozen=True)
class Sorted:
    """For each line: is it new, and then its `occurrence`; or else the `id` it is on record with."""

    new: Flags
    occurrence: Integers
    id: Integers


@dataclass(frozen=True)
class Span:
    """What decides whether a statement and another are neighbours: days as ISO text, balances or None."""

    account: str
    first_day: str
    last_day: str
    opening_cents: int | None
    closing_cents: int | None


def keys_of(days: Days, fingerprints: npt.NDArray[np.int64]) -> Hashes:
    """What makes a line itself, but for its occurrence."""
    return joined(days.astype("datetime64[D]").astype(np.int64), fingerprints)


def sort_out(
    connection: Connection, span: Span, days: Days, cents: Integers, keys: Hashes, identified: Flags
) -> Sorted:
    """Holds the lines of a statement against those on record. The k-th of identical lines is the k-th on record.

    Lines that came with a neighbour, a statement that closed on what this one opens with or the other way round, are
    not this one's, so they are left out of the comparison; but for those `identified` by the bank itself.
    """
    ledger = _on_record(connection, span)
    neighbours = _of_neighbours(connection, span, days, cents, keys)
    others = ledger.without(np.setdiff1d(neighbours, ledger.id[np.isin(ledger.key, keys[identified])]))
    order = np.argsort(keys, kind="stable")
    in_order = keys[order]
    rank = np.empty(len(keys), dtype=np.int64)
    rank[order] = np.arange(len(keys)) - np.searchsorted(in_order, in_order, side="left")
    first = others.first(keys)
    there = others.after(keys) - first
    new = rank >= there
    ids = np.zeros(len(keys), dtype=np.int64)
    ids[~new] = others.id[(first + rank)[~new]]
    last = ledger.after(keys)
    highest = np.zeros(len(keys), dtype=np.int64)
    known = last > ledger.first(keys)
    highest[known] = ledger.occurrence[last[known] - 1]
    return Sorted(new, highest + 1 + rank - there, ids)


def _on_record(connection: Connection, span: Span) -> Ledger:
    """The account's lines on the days of a statement."""
    parts = list(
        _columns(
            connection,
            select(deposit.c.value_date, deposit.c.fingerprint, deposit.c.occurrence, deposit.c.id).where(
                deposit.c.account == span.account,
                deposit.c.value_date.between(span.first_day, span.last_day),
                deposit.c.reversed_by.is_(None),
            ),
        )
    )
    if not parts:
        nothing = np.zeros(0, dtype=np.int64)
        return Ledger(nothing.astype(np.uint64), nothing, nothing)
    key, occurrence, ids = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((occurrence, key))
    return Ledger(key[order], occurrence[order], ids[order])


def _columns(
    connection: Connection, query: Select[tuple[str, int, int, int]]
) -> Iterator[tuple[Hashes, Integers, Integers]]:
    for rows in connection.execute(query.execution_options(yield_per=_AT_A_TIME)).partitions():
        days, fingerprints, occurrences, ids = zip(*rows, strict=True)
        key = keys_of(np.array(days, dtype="datetime64[D]"), np.array(fingerprints, dtype=np.int64))
        yield key, np.array(occurrences, dtype=np.int64), np.array(ids, dtype=np.int64)


def _of_neighbours(connection: Connection, span: Span, days: Days, cents: Integers, keys: Hashes) -> Integers:
    """The lines that statements bordering on this one brought, on the day they share with it."""
    if span.opening_cents is None:
        return np.zeros(0, dtype=np.int64)
    before = and_(statement.c.closing_cents == span.opening_cents, statement.c.last_day == span.first_day)
    after = and_(statement.c.opening_cents == span.closing_cents, statement.c.first_day == span.last_day)
    neighbours = connection.execute(
        select(statement.c.id, before.label("before"))
        .where(statement.c.account == span.account, statement.c.reversed_by.is_(None), or_(before, after))
        .order_by(statement.c.id)
    ).all()
    found: list[Integers] = [np.zeros(0, dtype=np.int64)]
    for neighbour in neighbours:
        day = span.first_day if neighbour.before else span.last_day
        here = days == np.datetime64(day)
        ids, its_cents, its_keys = _lines_on(connection, neighbour.id, day)
        earlier, later = (its_keys, keys[here]) if neighbour.before else (keys[here], its_keys)
        moved = its_cents.sum() if neighbour.before else cents[here].sum()
        # One that moved nothing may be the other up to noon, or after it: then both began with the day.
        if not (moved == 0 and (_all_within(earlier, later) or _all_within(later, earlier))):
            found.append(ids)
    return np.concatenate(found)


def _all_within(earlier: Hashes, later: Hashes) -> bool:
    """Does `later` list the whole of `earlier` again?

    A day that moves nothing in all opens and closes on the same balance, and so seems to border on itself, and on any
    part of it that begins with it.
    """
    keys, counts = np.unique(earlier, return_counts=True)
    others, other_counts = np.unique(later, return_counts=True)
    listed = dict(zip(others.tolist(), other_counts.tolist(), strict=True))
    return all(listed.get(key, 0) >= count for key, count in zip(keys.tolist(), counts.tolist(), strict=True))


def _lines_on(connection: Connection, number: int, day: str) -> tuple[Integers, Integers, Hashes]:
    """The lines a statement has on a day, brought by it or seen in it."""
    seen = select(deposit_sighting.c.deposit).where(deposit_sighting.c.statement == number)
    rows = connection.execute(
        select(deposit.c.id, deposit.c.cents, deposit.c.fingerprint).where(
            deposit.c.account == select(statement.c.account).where(statement.c.id == number).scalar_subquery(),
            deposit.c.value_date == day,
            deposit.c.reversed_by.is_(None),
            or_(deposit.c.statement == number, deposit.c.id.in_(seen)),
        )
    ).all()
    ids, cents, fingerprints = zip(*rows, strict=True) if rows else ((), (), ())
    days = np.full(len(ids), np.datetime64(day))
    keys = keys_of(days, np.array(fingerprints, dtype=np.int64))
    return np.array(ids, dtype=np.int64), np.array(cents, dtype=np.int64), keys
