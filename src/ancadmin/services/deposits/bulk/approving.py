"""Approving a schedule: somebody else than who attached it looks, and the deposit is split (docs/rules.md, 4.2)."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Row, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import bulk_schedule, bulk_share
from ancadmin.domain.deposits import Reason, State
from ancadmin.errors import NotAllowed
from ancadmin.services.batch.changes import difference
from ancadmin.services.batch.kept import member_words
from ancadmin.services.deposits.allowed import require_approver
from ancadmin.services.deposits.bulk.lines import PaidAlready, Share, no_longer_good, paid_already
from ancadmin.services.deposits.bulk.schedules import bulk_row, require_waiting
from ancadmin.services.deposits.entries import DepositRow
from ancadmin.services.deposits.works import concluded, credit
from ancadmin.services.member.decide import require_reason
from ancadmin.services.member.whose import typed_id_number
from ancadmin.services.session import Session

ALL = "all"
_NAMED = 5


@dataclass(frozen=True)
class Split:
    """A deposit split by its schedule; `own_work` where the sole operator approved what they had attached."""

    batch: int
    deposit: int
    schedule: int
    lines: int
    cents: int
    state: str
    own_work: bool

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON shows it."""
        return asdict(self)


def approve(session: Session, number: int, why: str, also_paid: Collection[str] = ()) -> Split:
    """Splits a bulk deposit as its schedule says, one allocation a line. `also_paid`: ID numbers of members whose other
    deposit of the same amount is separate money, or `all`.

    Raises NotAllowed to who attached the schedule (the sole operator excepted), where a line cannot be credited any
    more, and where one may be on the statement twice and is not in `also_paid`.
    """
    why = require_reason(why)
    require_approver(session, "approve schedules")
    with session.batch("deposits bulk approve") as batch:
        found = bulk_row(batch.connection, number)
        row = require_waiting(batch.connection, found)
        own = row.asked_by == session.account
        if own and not session.sole_operator:
            raise NotAllowed(
                f"{session.account} attached the schedule of deposit {number}, and nobody approves their own",
                "Ask another officer to approve it.",
            )
        shares, wrong = no_longer_good(session, batch, found, shares_of(batch, row.id))
        if wrong:
            raise NotAllowed(
                f"the schedule of deposit {number} is no longer good: {wrong[0]}{_more(len(wrong) - 1)}",
                f"Attach another: ancadmin deposits bulk schedule {number} FILE",
            )
        _refuse_twice(batch, found, shares, also_paid)
        _record(batch, row, why)
        noted = f"{why} (own work of the sole operator {batch.operator})" if own else why
        split(batch, found, shares, noted)
        batch.counts.update(schedule=row.id, lines=len(shares))
        return Split(batch.number, number, row.id, len(shares), found.cents, State.MATCHED.value, own)


def split(batch: Batch, found: DepositRow, shares: list[Share], why: str) -> None:
    """Credits every line of a schedule its share."""
    credit(batch, found, [(share.member, share.cents) for share in shares], Reason.BULK_SCHEDULE, why)
    concluded(batch, found, State.MATCHED, Reason.BULK_SCHEDULE, found.cents)


def shares_of(batch: Batch, number: int) -> list[Share]:
    """The lines of a schedule, in order."""
    rows = batch.connection.execute(
        select(bulk_share.c.line, bulk_share.c.member, bulk_share.c.cents)
        .where(bulk_share.c.schedule == number)
        .order_by(bulk_share.c.line)
    )
    return [Share(*row) for row in rows]


def _refuse_twice(batch: Batch, found: DepositRow, shares: list[Share], also_paid: Collection[str]) -> None:
    separate = {typed_id_number(one, batch.today, batch.policy) for one in also_paid if one != ALL}
    twice = [one for one in paid_already(batch, found, shares) if one.id_number not in separate]
    if twice and ALL not in also_paid:
        raise NotAllowed(
            f"{len(twice)} of the lines may be on the statement twice: {_told(twice)}",
            "Take them out of the schedule; or, where it is separate money, name them with --also-paid ID "
            "(--also-paid all for all of them)",
        )


def _told(twice: list[PaidAlready]) -> str:
    words = [
        f"line {one.line}, {member_words(one.id_number)}, has deposit {one.deposit} of {one.value_date}"
        for one in twice[:_NAMED]
    ]
    return "; ".join(words) + _more(len(twice) - _NAMED)


def _more(count: int) -> str:
    return f"; and {count} more" if count > 0 else ""


def _record(batch: Batch, row: Row[Any], why: str) -> None:
    after = {"approved_by": batch.operator, "approved_why": why, "approved_in": batch.number}
    batch.changed(difference(bulk_schedule, row.id, dict.fromkeys(after), after))
    batch.connection.execute(update(bulk_schedule).where(bulk_schedule.c.id == row.id).values(after))
