"""An officer's work on one deposit: credited, taken back, given back; always by new entries (docs/rules.md, 4.2).

What takes money out of somebody's hands beyond an amount waits until somebody else approves it: `above_alone`.
"""

from sqlalchemy import select

from ancadmin.db.batches import Batch
from ancadmin.db.schema import allocation
from ancadmin.domain.deposits import Reason, State
from ancadmin.domain.money import rands
from ancadmin.errors import InputRefused, NotAllowed
from ancadmin.services.deposits.allowed import require_asker, require_officer
from ancadmin.services.deposits.asked import Wish, above_alone
from ancadmin.services.deposits.entries import deposit_row
from ancadmin.services.deposits.review.aliases import learn, unlearn
from ancadmin.services.deposits.works import (
    Decided,
    concluded,
    credit,
    give_back,
    nothing_credited,
    opened,
    refuse_uncreditable,
    require_reach,
    require_reach_of_all,
    row_now,
    take_back,
    take_refunds_back,
)
from ancadmin.services.member.decide import require_reason
from ancadmin.services.member.whose import member_row
from ancadmin.services.session import Session


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
        row = member_row(batch.connection, to, batch.today, batch.policy)
        require_reach(session, batch, row)
        refuse_uncreditable(batch, found, row)
        taken = found.unallocated if cents is None else cents
        if found.state is State.BULK:
            raise NotAllowed(
                f"deposit {number} is a bulk deposit, which is not accepted as payment of one member",
                f"Attach a schedule of who it is for: ancadmin deposits bulk schedule {number} FILE; or give it back: "
                f'ancadmin deposits refund {number} --why "..."',
            )
        if not 0 < taken <= found.unallocated:
            raise InputRefused(
                f"deposit {number} has {rands(found.unallocated)} unallocated",
                "Give an amount up to that, or take an allocation back first: ancadmin deposits reverse",
                value=rands(taken),
            )
        credit(batch, found, [(row["id"], taken)], Reason.OFFICER, why)
        if taken == found.cents:  # of one deposit for several its words tell nobody
            learn(batch, [(number, row["id"])])
        state = State.MATCHED if taken == found.unallocated else State.UNALLOCATED
        return concluded(batch, found, state, Reason.OFFICER, taken)


def reverse(session: Session, number: int, why: str, of: str | None = None) -> Decided:
    """Takes back whatever of a deposit is allocated, or what is allocated to the member with ID number `of`; it is not
    matched again by itself. Where it was given back, or the bank had taken it, the money is here again instead.

    Above an amount what is allocated waits for approval. Raises InputRefused where there is nothing to take back,
    NotAllowed.
    """
    why = require_reason(why)
    require_asker(session, "reverse allocations")
    with session.batch("deposits reverse") as batch:
        who = None if of is None else _own_or_kept(batch, number, of)
        wish = Wish("deposits reverse", number, why, sender=who)
        if not deposit_row(batch.connection, number).allocated:
            return do_reverse(session, batch, wish)  # what was given back is nobody's
        return above_alone(session, batch, wish, do_reverse)


def do_reverse(session: Session, batch: Batch, wish: Wish) -> Decided:
    """Reverses as asked. Bulk money of which nothing is credited any more is in its queue again."""
    found = deposit_row(batch.connection, wish.deposit)
    if wish.sender is not None:
        row = row_now(batch, wish.sender)
        require_reach(session, batch, row)
        cents = take_back(batch, found, wish.why, row["id"])
        if not cents:
            raise nothing_credited(found, " to this member")
    elif found.allocated:
        require_reach_of_all(session, batch, found.number)
        cents = take_back(batch, found, wish.why)
    elif found.refunded:
        cents = take_refunds_back(batch, found, wish.why)
    else:
        raise nothing_credited(found)
    unlearn(batch, found.number, wish.why)
    return concluded(batch, found, opened(batch, found), Reason.REVERSED, cents)


def refund_deposit(session: Session, number: int, why: str) -> Decided:
    """Gives back what is unallocated of a deposit; above an amount once somebody else approves it. Raises InputRefused
    where that is nothing.
    """
    why = require_reason(why)
    require_asker(session, "refund deposits")
    with session.batch("deposits refund") as batch:
        return above_alone(session, batch, Wish("deposits refund", number, why), do_refund)


def do_refund(session: Session, batch: Batch, wish: Wish) -> Decided:
    """Gives back as asked."""
    del session  # whoever decides about members may: nobody's standing rests on it
    found = deposit_row(batch.connection, wish.deposit)
    if not found.unallocated:
        raise InputRefused(
            f"nothing of deposit {wish.deposit} is unallocated",
            f'Take the allocation back first: ancadmin deposits reverse {wish.deposit} --why "..."',
        )
    give_back(batch, found, found.unallocated, wish.why)
    if found.allocated:
        return concluded(batch, found, State.MATCHED, Reason.OFFICER, found.unallocated)
    return concluded(batch, found, State.REFUNDED, Reason.REFUND, found.unallocated)


def _own_or_kept(batch: Batch, number: int, written: str) -> int:
    """The row of the member of whom an allocation is to be taken back; dead, expelled or not."""
    row = member_row(batch.connection, written, batch.today, batch.policy)
    credited = select(allocation.c.id).where(
        allocation.c.deposit == number, allocation.c.member == row["id"], allocation.c.reversed_by.is_(None)
    )
    found = deposit_row(batch.connection, number)
    if batch.connection.scalar(credited) is None:
        raise nothing_credited(found, " to this member")
    return int(row["id"])
