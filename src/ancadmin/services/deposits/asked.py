"""Officers' work on a deposit that waits for somebody else's approval above an amount (docs/rules.md, section 7)."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from ancadmin.db.batches import Batch
from ancadmin.domain.money import rands
from ancadmin.errors import NotAllowed
from ancadmin.services.approvals.requests import Request, Waiting, approve_own, ask, refuse_second
from ancadmin.services.deposits.entries import deposit_row
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
    """Does what is asked where it moves no more than one officer may move alone; else it waits for approval. The sole
    operator approves it in the same breath, and the entry says so.

    It is tried first, so that whatever waits could have been done. Raises NotAllowed where such a request waits.
    """
    connection = batch.connection
    found = deposit_row(connection, wish.deposit)
    attempt = connection.begin_nested()
    result = do(session, batch, wish)
    if result.cents <= batch.policy.alone_cents:
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


def _changed(request: Request, how: str) -> NotAllowed:
    return NotAllowed(
        f"deposit {request.subject} changed since request {request.number} was made: {how}",
        f'Refuse it, and ask again: ancadmin approvals refuse {request.number} --why "..."',
    )
