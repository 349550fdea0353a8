"""What `report cash` counts, in sets: a row for each day, with how many deposits and how many cents."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal_column, or_, select

from ancadmin.db.schema import allocation, deposit
from ancadmin.db.schema import batch as batch_table
from ancadmin.domain.deposits import Reason, State
from ancadmin.services.standing.facts import MATCHER


def deposits_until(last: date) -> Select[Any]:
    """All deposits up to a day: how many, worth how much, and how many and how much of it waits."""
    waits = deposit.c.unallocated_cents > 0
    keys = (deposit.c.account, deposit.c.value_date, deposit.c.state, deposit.c.reason)
    return (
        select(
            *keys,
            func.count(),
            func.sum(deposit.c.cents),
            func.count(case((waits, 1))),
            func.sum(deposit.c.unallocated_cents),
        )
        .where(*is_deposit(), deposit.c.value_date <= last.isoformat())
        .group_by(*keys)
    )


def is_deposit() -> tuple[ColumnElement[bool], ...]:
    """Lines on record that are deposits."""
    return (deposit.c.reversed_by.is_(None), deposit.c.state != State.NOT_A_DEPOSIT.value)


def taken_back(first: date, last: date) -> Select[Any]:
    """Deposits that were credited by ID number, in a batch that was not undone, and are not any more."""
    undone = select(batch_table.c.number).where(batch_table.c.undone_by.is_not(None))
    reversed_ = select(allocation.c.deposit).where(
        allocation.c.reason == MATCHER, allocation.c.reversed_by.is_not(None), allocation.c.batch.not_in(undone)
    )
    untouched = and_(deposit.c.state == State.MATCHED.value, deposit.c.reason == Reason.ID_REFERENCE.value)
    keys = (deposit.c.account, deposit.c.value_date)
    return (
        select(*keys, func.count(), func.sum(deposit.c.cents))
        .where(
            *is_deposit(),
            deposit.c.value_date.between(first.isoformat(), last.isoformat()),
            deposit.c.id.in_(reversed_),
            or_(deposit.c.reason.is_(None), ~untouched),
        )
        .group_by(*keys)
    )


def credits_made(first: date, last: date, *, accounts: bool) -> Select[Any]:
    """Of the credits in force, the value date, the day of the batch that made them, and how many; with `accounts` (for
    which deposits are looked up) by account, else all under an empty name.
    """
    made = allocation.join(batch_table, batch_table.c.number == allocation.c.batch)
    keys: tuple[ColumnElement[str], ...] = (allocation.c.value_date, batch_table.c.today)
    account: ColumnElement[str] = literal_column("''")
    if accounts:
        made = made.join(deposit, deposit.c.id == allocation.c.deposit)
        account = deposit.c.account
        keys = (account, *keys)
    return (
        select(account, allocation.c.value_date, batch_table.c.today, func.count())
        .select_from(made)
        .where(allocation.c.reversed_by.is_(None), allocation.c.value_date.between(first.isoformat(), last.isoformat()))
        .group_by(*keys)
    )
