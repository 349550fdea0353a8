"""Rules of money: every cent that came in stands somewhere, once (docs/rules.md, section 4)."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ScalarSelect, Select, Table, func, select

from ancadmin.db.schema import allocation, bulk_schedule, bulk_share, deposit, refund
from ancadmin.domain.deposits import State
from ancadmin.domain.money import rands
from ancadmin.services.check.rule import MOST, Rule, Subject, offending
from ancadmin.services.deposits.balance import account_balances
from ancadmin.services.deposits.statements.gaps import not_adding_up


def _balances(subject: Subject) -> Iterator[str]:
    for one in account_balances(subject.connection):
        if not one.holds:
            yield (
                f"account {one.account}: {rands(one.deposits_cents)} came in, {rands(one.allocated_cents)} allocated, "
                f"{rands(one.unallocated_cents)} unallocated, {rands(one.refunded_cents)} refunded"
            )


def _taken(table: Table) -> ScalarSelect[Any]:
    total = select(func.coalesce(func.sum(table.c.cents), 0))
    return total.where(table.c.deposit == deposit.c.id, table.c.reversed_by.is_(None)).scalar_subquery()


def _beyond_amount() -> Select[Any]:
    return select(deposit.c.id).where(
        deposit.c.id.in_(select(allocation.c.deposit).union(select(refund.c.deposit))),
        _taken(allocation) + _taken(refund) > deposit.c.cents,
    )


def _miscounted() -> Select[Any]:
    left = deposit.c.cents - _taken(allocation) - _taken(refund)
    return select(deposit.c.id, deposit.c.unallocated_cents).where(
        deposit.c.reversed_by.is_(None),
        deposit.c.state != State.NOT_A_DEPOSIT.value,
        deposit.c.unallocated_cents != left,
    )


def _other_days() -> Select[Any]:
    return (
        select(
            allocation.c.id, allocation.c.value_date, deposit.c.id.label("deposit"), deposit.c.value_date.label("day")
        )
        .join(deposit, deposit.c.id == allocation.c.deposit)
        .where(allocation.c.value_date != deposit.c.value_date)
    )


def _entries_of(state_is_wrong: Table) -> Select[Any]:
    """Entries in force on a line that is no deposit, or no longer on record."""
    table = state_is_wrong
    return (
        select(table.c.id, deposit.c.id.label("deposit"))
        .join(deposit, deposit.c.id == table.c.deposit)
        .where(
            table.c.reversed_by.is_(None),
            deposit.c.reversed_by.is_not(None) | (deposit.c.state == State.NOT_A_DEPOSIT.value),
        )
    )


def _twice() -> Select[Any]:
    key = (deposit.c.account, deposit.c.value_date, deposit.c.fingerprint, deposit.c.occurrence)
    return (
        select(func.min(deposit.c.id).label("first"), func.max(deposit.c.id).label("last"))
        .where(deposit.c.reversed_by.is_(None))
        .group_by(*key)
        .having(func.count() > 1)
    )


def _statements(subject: Subject) -> Iterator[str]:
    named = 0
    for one in not_adding_up(subject.connection):
        what = (
            f"statement {one.number} ({one.file}) closes on {rands(one.beyond)} more than it opens with and its lines"
        )
        if one.forced:
            subject.note(f"{what}: taken in with --force in batch {one.batch}")
        elif (named := named + 1) <= MOST:
            yield what


def _schedules_off() -> Select[Any]:
    shares = (
        select(func.coalesce(func.sum(bulk_share.c.cents), 0))
        .where(bulk_share.c.schedule == bulk_schedule.c.id)
        .scalar_subquery()
    )
    return (
        select(bulk_schedule.c.id)
        .join(deposit, deposit.c.id == bulk_schedule.c.deposit)
        .where((shares != bulk_schedule.c.cents) | (deposit.c.cents != bulk_schedule.c.cents))
    )


def _debits_twice() -> Select[Any]:
    return (
        select(refund.c.debit.label("line"), func.min(refund.c.deposit).label("first"))
        .where(refund.c.debit.is_not(None), refund.c.reversed_by.is_(None))
        .group_by(refund.c.debit)
        .having(func.count() > 1)
    )


RULES = (
    Rule("balance", "In every account deposits = allocated + unallocated + refunded.", _balances),
    offending(
        "beyond_amount",
        "No deposit is credited or given back beyond its amount.",
        _beyond_amount,
        "deposit {id}: more was taken out of it than came in",
    ),
    offending(
        "unallocated",
        "What is unallocated of a deposit is what no entry has taken out of it.",
        _miscounted,
        "deposit {id}: {unallocated_cents} cents are said to be unallocated",
    ),
    offending(
        "value_date",
        "An allocation has the value date of its deposit: only that date gives standing.",
        _other_days,
        "allocation {id} is of {value_date}, its deposit {deposit} of {day}",
    ),
    offending(
        "credited_lines",
        "Only a deposit on record is credited to anyone.",
        lambda: _entries_of(allocation),
        "allocation {id} is of line {deposit}, which is no deposit on record",
    ),
    offending(
        "refunded_lines",
        "Only a deposit on record is given back.",
        lambda: _entries_of(refund),
        "refund {id} is of line {deposit}, which is no deposit on record",
    ),
    offending(
        "lines_once",
        "A line of a bank statement is on record once.",
        _twice,
        "deposits {first} and {last} are the same line",
    ),
    Rule(
        "statements",
        "A statement that stands closes on what it opens with and its lines, unless it was forced.",
        _statements,
    ),
    offending(
        "schedules",
        "The lines of a bulk deposit's schedule add up to the deposit.",
        _schedules_off,
        "schedule {id}: its lines do not add up to its deposit",
    ),
    offending(
        "debits_once",
        "In a line of a bank statement one deposit was taken back at most.",
        _debits_twice,
        "line {line}: deposit {first} and another were taken back in it",
    ),
)
