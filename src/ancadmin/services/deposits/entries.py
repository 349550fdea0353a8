"""One deposit and its entries, as an officer works on it: what it holds, what was taken out, what it then is."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import allocation, deposit, refund
from ancadmin.domain.deposits import Reason, State
from ancadmin.errors import InputRefused
from ancadmin.services.batch.changes import difference

_DECIDED = ("state", "reason", "member", "matched_in")


@dataclass(frozen=True)
class DepositRow:
    """A deposit as it stands; cents `allocated` and `refunded` are sums of the entries in force."""

    number: int
    value_date: str
    cents: int
    state: State
    reason: str | None
    member: int | None
    matched_in: int | None
    unallocated: int
    allocated: int
    refunded: int


def deposit_row(connection: Connection, number: int) -> DepositRow:
    """The deposit with this number. Raises InputRefused where there is none, or it is no deposit."""
    row = connection.execute(select(deposit).where(deposit.c.id == number, deposit.c.reversed_by.is_(None))).first()
    if row is None:
        raise InputRefused("there is no deposit of this number", "See: ancadmin deposits list", value=str(number))
    if row.state == State.NOT_A_DEPOSIT:
        raise InputRefused(
            "this line is no deposit: money went out",
            "See: ancadmin deposits list --state not_a_deposit",
            value=str(number),
        )
    return DepositRow(
        number=row.id,
        value_date=row.value_date,
        cents=row.cents,
        state=State(row.state),
        reason=row.reason,
        member=row.member,
        matched_in=row.matched_in,
        unallocated=row.unallocated_cents,
        allocated=taken_out(connection, allocation, number),
        refunded=taken_out(connection, refund, number),
    )


def taken_out(connection: Connection, table: Any, number: int) -> int:
    """The cents of a deposit's entries in force in `allocation` or `refund`."""
    total = select(func.coalesce(func.sum(table.c.cents), 0)).where(
        table.c.deposit == number, table.c.reversed_by.is_(None)
    )
    return int(connection.scalar(total) or 0)


def decide(batch: Batch, before: DepositRow, state: State, reason: Reason, member: int | None) -> None:
    """Says what a deposit is now, by this batch, and keeps what it was; counts anew what is unallocated."""
    after = {"state": state.value, "reason": reason.value, "member": member, "matched_in": batch.number}
    was = {"state": before.state.value, "reason": before.reason, "member": before.member}
    batch.changed(difference(deposit, before.number, {**was, "matched_in": before.matched_in}, after))
    batch.connection.execute(update(deposit).where(deposit.c.id == before.number).values(after))
    recount(batch.connection, [before.number])


def recount(connection: Connection, numbers: list[int]) -> None:
    """Sets what is unallocated of some deposits to what no entry in force has taken out."""
    left: ColumnElement[int] = deposit.c.cents
    for table in (allocation, refund):
        left = left - (
            select(func.coalesce(func.sum(table.c.cents), 0))
            .where(table.c.deposit == deposit.c.id, table.c.reversed_by.is_(None))
            .scalar_subquery()
        )
    connection.execute(update(deposit).where(deposit.c.id.in_(numbers)).values(unallocated_cents=left))
