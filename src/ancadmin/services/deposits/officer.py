"""An officer's work on one deposit: credited, taken back, given back; always by new entries (docs/rules.md, 4.2)."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import insert, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import allocation, member, refund
from ancadmin.domain.deposits import Reason, State
from ancadmin.domain.money import rands
from ancadmin.domain.roles import DECIDES
from ancadmin.errors import InputRefused, NotAllowed
from ancadmin.services.deposits.allowed import require_officer
from ancadmin.services.deposits.entries import DepositRow, decide, deposit_row
from ancadmin.services.deposits.matching.ladder import excluded, not_accepted
from ancadmin.services.member.decide import require_reason
from ancadmin.services.member.whose import member_row
from ancadmin.services.operator.reach import require
from ancadmin.services.session import Session
from ancadmin.services.standing.settle import settle


@dataclass(frozen=True)
class Decided:
    """What a deposit is after an officer's decision. `cents` is what the command moved."""

    batch: int
    deposit: int
    cents: int
    state: str
    reason: str
    unallocated_cents: int

    def as_dict(self) -> dict[str, Any]:
        """The result as JSON shows it."""
        return asdict(self)


def allocate(session: Session, number: int, to: str, cents: int | None, why: str) -> Decided:
    """Credits money of a deposit to the member with ID number `to`: `cents` of it, or all that is unallocated.

    It counts whatever the day: an officer has looked. Raises InputRefused for a deposit or member that is not there
    and for more than is unallocated; NotAllowed for bulk money, and for members excluded on the value date or not
    accepted yet.
    """
    why = require_reason(why)
    require_officer(session, "allocate deposits")
    with session.batch("deposits allocate") as batch:
        found = deposit_row(batch.connection, number)
        who = _member(session, batch, found, to)
        taken = found.unallocated if cents is None else cents
        if found.state is State.BULK:
            raise NotAllowed(
                f"deposit {number} is a bulk deposit, which is not accepted as payment of one member",
                f'Ask the payer to pay for each member; give it back: ancadmin deposits refund {number} --why "..."',
            )
        if not 0 < taken <= found.unallocated:
            raise InputRefused(
                f"deposit {number} has {rands(found.unallocated)} unallocated",
                "Give an amount up to that, or take an allocation back first: ancadmin deposits reverse",
                value=rands(taken),
            )
        batch.connection.execute(
            insert(allocation).values(
                deposit=number,
                member=who,
                cents=taken,
                value_date=found.value_date,
                reason=Reason.OFFICER.value,
                why=why,
                batch=batch.number,
            )
        )
        whole = taken == found.unallocated
        return _decided(
            batch, found, State.MATCHED if whole else State.UNALLOCATED, Reason.OFFICER, _credited(batch, number), taken
        )


def reverse(session: Session, number: int, why: str) -> Decided:
    """Takes back whatever of a deposit is allocated; it is not matched again by itself. Raises InputRefused where
    nothing is allocated.
    """
    why = require_reason(why)
    require_officer(session, "reverse allocations")
    with session.batch("deposits reverse") as batch:
        found = deposit_row(batch.connection, number)
        if not found.allocated:
            raise InputRefused(
                f"nothing of deposit {number} is allocated", f"It is {found.state.value}; see: ancadmin deposits list"
            )
        batch.connection.execute(
            update(allocation)
            .where(allocation.c.deposit == number, allocation.c.reversed_by.is_(None))
            .values(reversed_by=batch.number, reversed_why=why)
        )
        return _decided(batch, found, State.UNALLOCATED, Reason.REVERSED, None, found.allocated)


def refund_deposit(session: Session, number: int, why: str) -> Decided:
    """Gives back what is unallocated of a deposit. Raises InputRefused where that is nothing."""
    why = require_reason(why)
    require_officer(session, "refund deposits")
    with session.batch("deposits refund") as batch:
        found = deposit_row(batch.connection, number)
        if not found.unallocated:
            raise InputRefused(
                f"nothing of deposit {number} is unallocated",
                f'Take the allocation back first: ancadmin deposits reverse {number} --why "..."',
            )
        batch.connection.execute(
            insert(refund).values(deposit=number, cents=found.unallocated, why=why, batch=batch.number)
        )
        if found.allocated:
            return _decided(batch, found, State.MATCHED, Reason.OFFICER, found.member, found.unallocated)
        return _decided(batch, found, State.REFUNDED, Reason.REFUND, None, found.unallocated)


def _decided(batch: Batch, found: DepositRow, state: State, reason: Reason, who: int | None, cents: int) -> Decided:
    decide(batch, found, state, reason, who)
    # Those whose allocations this batch made or took back.
    touched = (allocation.c.batch == batch.number) | (allocation.c.reversed_by == batch.number)
    settle(batch, select(allocation.c.member).where(touched))
    after = deposit_row(batch.connection, found.number)
    result = Decided(batch.number, found.number, cents, state.value, reason.value, after.unallocated)
    batch.counts.update({name: value for name, value in result.as_dict().items() if name != "batch"})
    return result


def _credited(batch: Batch, number: int) -> int | None:
    """The member a deposit is credited to, or None for several."""
    members = batch.connection.scalars(
        select(allocation.c.member)
        .where(allocation.c.deposit == number, allocation.c.reversed_by.is_(None))
        .distinct()
        .limit(2)
    ).all()
    return members[0] if len(members) == 1 else None


def _member(session: Session, batch: Batch, found: DepositRow, written: str) -> int:
    """The row number of the member to credit."""
    connection = batch.connection
    row = member_row(connection, written, batch.today, batch.policy)
    require(session, connection, DECIDES, row["branch"], f"credit members of branch {row['branch']}")
    is_excluded, waits = connection.execute(
        select(excluded(member.c.id, found.value_date), not_accepted(member, batch.today)).where(
            member.c.id == row["id"]
        )
    ).one()
    if is_excluded:
        raise NotAllowed(
            f"the member was deceased or expelled on {found.value_date}, the value date of deposit {found.number}",
            f'Give it back: ancadmin deposits refund {found.number} --why "..."',
        )
    if waits:
        raise NotAllowed(
            "the applicant is not accepted yet, and only then is asked to pay",
            "Once accepted, the deposit is matched by itself: ancadmin deposits match",
        )
    return int(row["id"])
