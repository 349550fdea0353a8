"""What is done to the money of one deposit inside a batch, each by new entries (docs/rules.md, section 4.2).

Officers' commands and the approval of what they asked for both come through here. The deposit is decided about and its
members are settled in `concluded`, once everything is entered.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, insert, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import allocation, change, deposit, member, refund
from ancadmin.domain.deposits import Reason, State
from ancadmin.errors import InputRefused, NotAllowed
from ancadmin.services.deposits.allowed import money_roles
from ancadmin.services.deposits.entries import DepositRow, decide, deposit_row
from ancadmin.services.deposits.matching.ladder import excluded, not_accepted
from ancadmin.services.operator.reach import require
from ancadmin.services.session import Session
from ancadmin.services.standing.settle import settle

_NOT_COUNTED = ("batch", "request", "waits", "before_cents")


@dataclass(frozen=True)
class Decided:
    """What a deposit is after an officer's decision. `cents` is what the command moved. Where it `waits` for the
    approval of `request`, `cents` is what it would move, `before_cents` what counts with it (moved before without an
    approval), and the rest is as it still stands.
    """

    batch: int
    deposit: int
    cents: int
    state: str
    reason: str | None
    unallocated_cents: int
    request: int | None = None
    waits: bool = False
    before_cents: int = 0

    def as_dict(self) -> dict[str, Any]:
        """The result as JSON shows it."""
        return asdict(self)


def credit(batch: Batch, found: DepositRow, shares: Iterable[tuple[int, int]], reason: Reason, why: str | None) -> None:
    """Credits members (ids, each with cents) with money of a deposit."""
    entry = {
        "deposit": found.number,
        "value_date": found.value_date,
        "reason": reason.value,
        "why": why,
        "batch": batch.number,
    }
    batch.connection.execute(insert(allocation), [{**entry, "member": who, "cents": cents} for who, cents in shares])


def take_back(batch: Batch, found: DepositRow, why: str, who: int | None = None) -> int:
    """Reverses what is credited of a deposit, to everyone or to one member. Returns the cents; 0 where that is none."""
    mine = [allocation.c.deposit == found.number, allocation.c.reversed_by.is_(None)]
    if who is not None:
        mine.append(allocation.c.member == who)
    cents = batch.connection.scalar(select(func.coalesce(func.sum(allocation.c.cents), 0)).where(*mine))
    batch.connection.execute(update(allocation).where(*mine).values(reversed_by=batch.number, reversed_why=why))
    return int(cents or 0)


def take_refunds_back(batch: Batch, found: DepositRow, why: str) -> int:
    """Reverses what was given back of a deposit: the money is here again. Returns the cents."""
    given = (refund.c.deposit == found.number, refund.c.reversed_by.is_(None))
    batch.connection.execute(update(refund).where(*given).values(reversed_by=batch.number, reversed_why=why))
    return found.refunded


def give_back(batch: Batch, found: DepositRow, cents: int, why: str, debit: int | None = None) -> None:
    """Enters that money of a deposit went out again; `debit` is the line in which the bank took it."""
    batch.connection.execute(
        insert(refund).values(deposit=found.number, cents=cents, why=why, debit=debit, batch=batch.number)
    )


def concluded(batch: Batch, found: DepositRow, state: State, reason: Reason, cents: int) -> Decided:
    """Says what the deposit now is, and settles those whose allocations this batch made or took back."""
    who = None if reason is Reason.REVERSED else sole_member(batch, found.number)
    decide(batch, found, state, reason, who)
    touched = (allocation.c.batch == batch.number) | (allocation.c.reversed_by == batch.number)
    settle(batch, select(allocation.c.member).where(touched))
    after = deposit_row(batch.connection, found.number)
    result = Decided(batch.number, found.number, cents, state.value, reason.value, after.unallocated)
    batch.counts.update({name: value for name, value in result.as_dict().items() if name not in _NOT_COUNTED})
    return result


def opened(batch: Batch, found: DepositRow) -> State:
    """The state of a deposit after its money was taken back: bulk money goes back to the queue of bulk deposits once
    nothing of it is credited any more, for it is nobody's payment.
    """
    after = deposit_row(batch.connection, found.number)
    whole = not after.allocated and not after.refunded
    return State.BULK if whole and _was_bulk(batch, found) else State.UNALLOCATED


def _was_bulk(batch: Batch, found: DepositRow) -> bool:
    """One of the decisions that made the deposit what it is found it in the queue of bulk deposits."""
    state, decided_in = str(found.state), found.matched_in
    while state != State.BULK and decided_in is not None:
        was = batch.connection.execute(
            select(change.c.field, change.c.old).where(
                change.c.batch == decided_in, change.c.table_name == deposit.name, change.c.key == str(found.number)
            )
        )
        before = {row.field: row.old for row in was}
        state = before.get("state") or state
        decided_in = int(before["matched_in"]) if before.get("matched_in") else None
    return state == State.BULK


def sole_member(batch: Batch, number: int) -> int | None:
    """The member a deposit is credited to, or None for nobody and for several."""
    members = batch.connection.scalars(
        select(allocation.c.member)
        .where(allocation.c.deposit == number, allocation.c.reversed_by.is_(None))
        .distinct()
        .limit(2)
    ).all()
    return members[0] if len(members) == 1 else None


def row_now(batch: Batch, number: int) -> dict[str, Any]:
    """The row of a member by its id, or of the one whose record that went into since."""
    kept = select(func.coalesce(member.c.merged_into, member.c.id)).where(member.c.id == number).scalar_subquery()
    return dict(batch.connection.execute(select(member).where(member.c.id == kept)).mappings().one())


def require_reach(session: Session, batch: Batch, row: dict[str, Any]) -> None:
    """Raises NotAllowed for those who do not decide about members of this one's branch."""
    what = f"credit members of branch {row['branch']}"
    require(session, batch.connection, money_roles(session), row["branch"], what)


def require_reach_of_all(session: Session, batch: Batch, number: int) -> None:
    """Raises NotAllowed unless the caller decides about everybody the deposit is credited to."""
    places = (
        select(member.c.branch)
        .join(allocation, allocation.c.member == member.c.id)
        .where(allocation.c.deposit == number, allocation.c.reversed_by.is_(None))
        .distinct()
        .order_by(member.c.branch)
    )
    for row in batch.connection.execute(places).mappings().all():
        require_reach(session, batch, dict(row))


def refuse_uncreditable(batch: Batch, found: DepositRow, row: dict[str, Any]) -> None:
    """Raises NotAllowed for a member dead or expelled on the value date, and for an applicant not accepted yet."""
    is_excluded, waits = batch.connection.execute(
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


def nothing_credited(found: DepositRow, whom: str = "") -> InputRefused:
    """The refusal where there is nothing to take back."""
    return InputRefused(
        f"nothing of deposit {found.number} is allocated{whom}",
        f"It is {found.state.value}; see: ancadmin deposits list",
    )
