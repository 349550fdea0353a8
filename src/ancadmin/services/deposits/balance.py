"""Does every cent that came in stand somewhere: credited, unallocated or given back (docs/rules.md, section 4.2)?"""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, func, select

from ancadmin.db.schema import allocation, deposit, refund
from ancadmin.domain.deposits import State
from ancadmin.services.session import Session


@dataclass(frozen=True)
class Balance:
    """The sums of one account, in cents, each from its own entries."""

    account: str
    deposits_cents: int
    allocated_cents: int
    unallocated_cents: int
    refunded_cents: int

    @property
    def holds(self) -> bool:
        """deposits = allocated + unallocated + refunded."""
        return self.deposits_cents == self.allocated_cents + self.unallocated_cents + self.refunded_cents

    def as_dict(self) -> dict[str, Any]:
        """The row as JSON shows it."""
        return {**asdict(self), "holds": self.holds}


def balances(session: Session) -> list[Balance]:
    """Every account, in order of its name."""
    with session.reading("deposits balance") as connection:
        return account_balances(connection)


def account_balances(connection: Connection) -> list[Balance]:
    """Every account, in order of its name; for `deposits balance` and for whoever checks the store."""
    came_in = (deposit.c.state != State.NOT_A_DEPOSIT.value, deposit.c.reversed_by.is_(None))
    sums = [
        _by_account(connection, select(deposit.c.account, _sum(deposit.c.cents)).where(*came_in)),
        _by_account(connection, _entries(allocation)),
        _by_account(connection, select(deposit.c.account, _sum(deposit.c.unallocated_cents)).where(*came_in)),
        _by_account(connection, _entries(refund)),
    ]
    accounts = sorted(set().union(*sums))
    return [Balance(account, *(one.get(account, 0) for one in sums)) for account in accounts]


def _sum(column: ColumnElement[int]) -> ColumnElement[int]:
    return func.sum(column)


def _entries(table: Table) -> Select[Any]:
    """The entries in force, by the account of their deposit, whatever became of that deposit."""
    return (
        select(deposit.c.account, _sum(table.c.cents))
        .select_from(table.join(deposit, deposit.c.id == table.c.deposit))
        .where(table.c.reversed_by.is_(None))
    )


def _by_account(connection: Connection, query: Select[Any]) -> dict[str, int]:
    return {account: int(cents) for account, cents in connection.execute(query.group_by(deposit.c.account))}
