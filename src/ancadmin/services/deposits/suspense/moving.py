"""Money credited to one member that is another's: taken back and credited by new entries (docs/rules.md, 4.2)."""

from sqlalchemy import select

from ancadmin.db.batches import Batch
from ancadmin.db.schema import allocation
from ancadmin.domain.deposits import Reason, State
from ancadmin.domain.money import rands
from ancadmin.errors import InputRefused
from ancadmin.services.deposits.allowed import require_asker
from ancadmin.services.deposits.asked import Wish, above_alone
from ancadmin.services.deposits.entries import deposit_row
from ancadmin.services.deposits.review.aliases import learn, unlearn
from ancadmin.services.deposits.works import (
    Decided,
    concluded,
    credit,
    nothing_credited,
    refuse_uncreditable,
    require_reach,
    row_now,
    take_back,
)
from ancadmin.services.member.decide import require_reason
from ancadmin.services.member.whose import member_row
from ancadmin.services.session import Session


def move(session: Session, number: int, sender: str, receiver: str, cents: int | None, why: str) -> Decided:
    """Moves what of a deposit is credited to one member (or `cents` of it) to another; above an amount once somebody
    else approves it. Raises InputRefused where that much is not credited, NotAllowed as `allocate` does.
    """
    why = require_reason(why)
    require_asker(session, "move deposits")
    with session.batch("deposits move") as batch:
        giving, taking = (member_row(batch.connection, one, batch.today, batch.policy) for one in (sender, receiver))
        wish = Wish("deposits move", number, why, sender=giving["id"], receiver=taking["id"], cents=cents)
        return above_alone(session, batch, wish, do_move)


def do_move(session: Session, batch: Batch, wish: Wish) -> Decided:
    """Moves as asked; what the first member keeps is credited anew for the reasons it had."""
    found = deposit_row(batch.connection, wish.deposit)
    giving, taking = row_now(batch, wish.sender or 0), row_now(batch, wish.receiver or 0)
    for row in (giving, taking):
        require_reach(session, batch, row)
    if giving["id"] == taking["id"]:
        raise InputRefused("both ID numbers are of one member", "Give --to another member's.")
    refuse_uncreditable(batch, found, taking)
    entries = batch.connection.execute(
        select(allocation.c.cents, allocation.c.reason, allocation.c.why)
        .where(
            allocation.c.deposit == wish.deposit,
            allocation.c.member == giving["id"],
            allocation.c.reversed_by.is_(None),
        )
        .order_by(allocation.c.id)
    ).all()
    held = sum(entry.cents for entry in entries)
    if not held:
        raise nothing_credited(found, " to the member it is to be moved from")
    moved = held if wish.cents is None else wish.cents
    if not 0 < moved <= held:
        raise InputRefused(
            f"{rands(held)} of deposit {wish.deposit} is allocated to this member",
            "Give --cents up to that.",
            value=rands(moved),
        )
    take_back(batch, found, wish.why, giving["id"])
    unlearn(batch, found.number, wish.why)
    kept = held - moved
    for entry in entries:
        stays = min(kept, entry.cents)
        kept -= stays
        if stays:
            credit(batch, found, [(giving["id"], stays)], Reason(entry.reason), entry.why)
    credit(batch, found, [(taking["id"], moved)], Reason.OFFICER, wish.why)
    if moved == found.cents:
        learn(batch, [(found.number, taking["id"])])
    state = State.UNALLOCATED if found.unallocated else State.MATCHED
    return concluded(batch, found, state, Reason.OFFICER, moved)
