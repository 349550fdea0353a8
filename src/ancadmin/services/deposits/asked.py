"""Officers' work on a deposit that waits for somebody else's approval above an amount (docs/rules.md, section 7)."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Connection, exists, func, select

from ancadmin.db.batches import Batch
from ancadmin.db.schema import allocation, approval_request, change, deposit, refund
from ancadmin.db.schema import batch as batch_table
from ancadmin.domain.money import rands
from ancadmin.errors import NotAllowed
from ancadmin.services.approvals.requests import APPROVED, Request, Waiting, approve_own, ask, refuse_second
from ancadmin.services.deposits.entries import DepositRow, deposit_row
from ancadmin.services.deposits.works import Decided
from ancadmin.services.session import Session


@dataclass(frozen=True)
class Wish:
    """What is asked of a deposit, so that it can be done exactly so later. `sender` and `receiver` are rows of members;
    `cents` is how much of it, None for all; `decided_in` the batch that had last decided about the deposit.
    """

    kind: str
    deposit: int
    why: str
    sender: int | None = None
    receiver: int | None = None
    cents: int | None = None
    decided_in: int | None = None


Work = Callable[[Session, Batch, Wish], Decided]


def above_alone(session: Session, batch: Batch, wish: Wish, do: Work) -> Decided:
    """Does what is asked where it moves no more than one officer may move alone, with what was moved so before; else
    it waits for approval. The sole operator approves it in the same breath, and the entry says so.

    It is tried first, so that whatever waits could have been done. Raises NotAllowed where such a request waits.
    """
    connection = batch.connection
    found = deposit_row(connection, wish.deposit)
    before = _moved_alone(connection, wish.kind, found)
    attempt = connection.begin_nested()
    result = do(session, batch, wish)
    if before + result.cents <= batch.policy.on(batch.today).alone_cents:
        attempt.commit()
        return result
    attempt.rollback()
    batch.counts.clear()
    refuse_second(connection, wish.kind, str(wish.deposit))
    content = {**asdict(replace(wish, decided_in=found.matched_in)), "moves": result.cents}
    request = ask(batch, Waiting(wish.kind, str(wish.deposit), content, result.cents, wish.why))
    if session.sole_operator:
        noted = replace(wish, why=f"{wish.why} ({approve_own(batch, request)})")
        return replace(do(session, batch, noted), request=request)
    batch.counts.update(deposit=wish.deposit, cents=result.cents, request=request)
    state = found.state.value
    return Decided(
        batch.number, wish.deposit, result.cents, state, found.reason, found.unallocated, request, waits=True
    )


def approved(do: Work) -> Callable[[Session, Batch, Request], Mapping[str, Any]]:
    """How the approval of such a request does what was asked. Raises NotAllowed where the deposit changed since."""

    def work(session: Session, batch: Batch, request: Request) -> Mapping[str, Any]:
        content = dict(request.content)
        moves = content.pop("moves")
        wish = Wish(**content)
        found = deposit_row(batch.connection, wish.deposit)
        if found.matched_in != wish.decided_in:
            raise _changed(
                request, f"it is {found.state.value} now ({found.reason or 'open'}), by batch {found.matched_in}"
            )
        result = do(session, batch, replace(wish, why=f"{wish.why} ({request.words})"))
        if result.cents != moves:
            raise _changed(request, f"{rands(moves)} was asked for, and it would be {rands(result.cents)} now")
        return {name: value for name, value in result.as_dict().items() if name not in ("batch", "request", "waits")}

    return work


def _moved_alone(connection: Connection, kind: str, found: DepositRow) -> int:
    """The cents this kind of work has moved out of the deposit so far without an approval: what nobody may do at once,
    nobody does piece by piece. What was undone, or given back and is here again, does not count.
    """
    approved_in = select(approval_request.c.decided_in).where(
        approval_request.c.verdict == APPROVED, approval_request.c.reversed_by.is_(None)
    )
    if kind == "deposits refund":
        given = select(func.coalesce(func.sum(refund.c.cents), 0)).where(
            refund.c.deposit == found.number,
            refund.c.debit.is_(None),
            refund.c.reversed_by.is_(None),
            refund.c.batch.not_in(approved_in),
        )
        return int(connection.scalar(given) or 0)
    took = exists().where(allocation.c.deposit == found.number, allocation.c.reversed_by == batch_table.c.number)
    counts = connection.scalars(
        select(batch_table.c.counts).where(
            batch_table.c.number.in_(list(_decisions(connection, found))),
            batch_table.c.command == kind,
            batch_table.c.number.not_in(approved_in),
            took,
        )
    )
    return sum(json.loads(one)["cents"] for one in counts)


def _decisions(connection: Connection, found: DepositRow) -> Iterator[int]:
    """The batches that made the deposit what it is, the latest first; those undone are none of them."""
    number = found.matched_in
    while number is not None:
        yield number
        was = connection.scalar(
            select(change.c.old).where(
                change.c.batch == number,
                change.c.table_name == deposit.name,
                change.c.key == str(found.number),
                change.c.field == "matched_in",
            )
        )
        number = None if was is None else int(was)


def _changed(request: Request, how: str) -> NotAllowed:
    return NotAllowed(
        f"deposit {request.subject} changed since request {request.number} was made: {how}",
        f'Refuse it, and ask again: ancadmin approvals refuse {request.number} --why "..."',
    )
