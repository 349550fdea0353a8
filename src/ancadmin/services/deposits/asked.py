"""Officers' work on a deposit that waits for somebody else's approval above an amount (docs/rules.md, section 7)."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from ancadmin.db.batches import Batch
from ancadmin.db.schema import allocation, approval_request, change, deposit, refund
from ancadmin.db.schema import batch as batch_table
from ancadmin.domain.money import rands
from ancadmin.errors import NotAllowed
from ancadmin.services.approvals.requests import APPROVED, Request, Waiting, approve_own, ask, refuse_second
from ancadmin.services.deposits.allowed import may_alone
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
    """Does what is asked where the matrix lets the caller, and it moves no more than one officer may move alone, with
    what was moved so before, of the deposit or by the caller today; else it waits for approval. The sole operator
    approves it in the same breath, and the entry says so.

    It is tried first, so that whatever waits could have been done. Raises NotAllowed where such a request waits.
    """
    connection = batch.connection
    found = deposit_row(connection, wish.deposit)
    before = _moved_alone(batch, wish.kind, found)
    attempt = connection.begin_nested()
    result = do(session, batch, wish)
    if before + result.cents <= batch.policy.on(batch.today).alone_cents and may_alone(session):
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
        batch.number,
        wish.deposit,
        result.cents,
        state,
        found.reason,
        found.unallocated,
        request,
        waits=True,
        before_cents=before,
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
        of_asking = ("batch", "request", "waits", "before_cents")
        return {name: value for name, value in result.as_dict().items() if name not in of_asking}

    return work


def _moved_alone(batch: Batch, kind: str, found: DepositRow) -> int:
    """The cents this kind of work has moved so far without an approval: out of the deposit, whoever did it, or by the
    caller today, whichever is more. What nobody may do at once, nobody does piece by piece. What was undone, or given
    back and is here again, does not count.
    """
    connection = batch.connection
    today = _standing_today(batch, kind)
    if kind == "deposits refund":
        return max(_given(connection, which) for which in (refund.c.deposit == found.number, refund.c.batch.in_(today)))
    return max(_taken(connection, kind, batches) for batches in (list(_decisions(connection, found)), today))


def _approved_in() -> Select[int | None]:
    return select(approval_request.c.decided_in).where(
        approval_request.c.verdict == APPROVED, approval_request.c.reversed_by.is_(None)
    )


def _given(connection: Connection, which: ColumnElement[bool]) -> int:
    """The cents of some refunds that stand, but for what was approved and what the bank took."""
    given = select(func.coalesce(func.sum(refund.c.cents), 0)).where(
        which, refund.c.debit.is_(None), refund.c.reversed_by.is_(None), refund.c.batch.not_in(_approved_in())
    )
    return int(connection.scalar(given) or 0)


def _taken(connection: Connection, kind: str, batches: list[int]) -> int:
    """The cents that some batches of a kind, not approved, took from members. One that only asked took nothing."""
    rows = connection.execute(
        select(batch_table.c.number, batch_table.c.counts).where(
            batch_table.c.number.in_(batches),
            batch_table.c.command == kind,
            batch_table.c.number.not_in(_approved_in()),
        )
    )
    counts = {row.number: json.loads(row.counts) for row in rows}
    took = connection.scalars(
        select(allocation.c.reversed_by)
        .where(
            allocation.c.deposit.in_([one["deposit"] for one in counts.values()]),
            allocation.c.reversed_by.in_(list(counts)),
        )
        .distinct()
    )
    return sum(counts[number]["cents"] for number in took)


def _standing_today(batch: Batch, kind: str) -> list[int]:
    """The caller's batches of a kind today, but for those undone: what they had decided is put back."""
    mine = select(batch_table.c.number).where(
        batch_table.c.command == kind,
        batch_table.c.operator == batch.operator,
        batch_table.c.today == batch.today.isoformat(),
        batch_table.c.number != batch.number,
    )
    undo = batch_table.alias("undo")
    undone = (
        select(change.c.old)
        .join(undo, undo.c.number == change.c.batch)
        .where(undo.c.undoes.in_(mine), change.c.table_name == deposit.name, change.c.field == "matched_in")
    )
    gone = {str(number) for number in batch.connection.scalars(undone)}
    return [number for number in batch.connection.scalars(mine) if str(number) not in gone]


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
