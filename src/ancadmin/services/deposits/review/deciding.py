"""What an officer decides about one deposit with suggestions: each decision a batch, each can be undone."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Select, select

from ancadmin.db.batches import Batch
from ancadmin.db.schema import deposit
from ancadmin.domain.deposits import Reason, State
from ancadmin.errors import InputRefused, NotAllowed
from ancadmin.services.deposits.allowed import require_officer
from ancadmin.services.deposits.entries import deposit_row
from ancadmin.services.deposits.review.aliases import learn
from ancadmin.services.deposits.review.held import SUGGESTION, held, suggested
from ancadmin.services.deposits.works import concluded, credit, refuse_uncreditable, require_reach, row_now
from ancadmin.services.desk.decisions import deciding, record, require_word
from ancadmin.services.desk.verdicts import ACCEPTED, MARKED, REFUSED
from ancadmin.services.session import Session

COMMAND = "deposits review"


@dataclass(frozen=True)
class Decided:
    """A decision as it was recorded. `cents` were credited; `learnt` is the key of what it taught, None for nothing."""

    batch: int
    deposit: int
    verdict: str
    cents: int = 0
    learnt: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The decision as JSON shows it."""
        return asdict(self)


def accept(session: Session, number: int, who: int, *, why: str = "") -> Decided:
    """Credits deposit `number` to the member with the row `who`, who is suggested for it; without a reason the evidence
    is the reason. It counts whatever the day: an officer has looked.

    Raises InputRefused for what was decided meanwhile, is in somebody's hand or was not suggested; NotAllowed for
    members out of reach, excluded on the value date or not accepted yet.
    """
    with _deciding(session, number) as batch:
        found = deposit_row(batch.connection, number)
        every = held().subquery()
        mine = select(every).where(every.c.deposit == number, every.c.member == who).order_by(every.c.score.desc())
        chosen = batch.connection.execute(mine.limit(1)).first()
        if chosen is None:
            raise InputRefused("this member is not suggested for the deposit", "Take one of those shown.")
        row = row_now(batch, who)
        require_reach(session, batch, row)
        refuse_uncreditable(batch, found, row)
        reason = Reason(chosen.reason)
        refuse_old_references(batch, reason)
        credit(batch, found, [(row["id"], found.unallocated)], reason, why.strip() or "; ".join(words_of(chosen)))
        concluded(batch, found, State.MATCHED, reason, found.unallocated)
        record(batch, SUGGESTION, number, ACCEPTED, other=row["id"], why=why, detail={"score": chosen.score})
        taught = learn(batch, [(number, row["id"])])
        batch.counts.update(verdict=ACCEPTED, learnt=len(taught))
    return Decided(batch.number, number, ACCEPTED, found.unallocated, taught[0].key if taught else None)


def refuse(session: Session, number: int, *, why: str) -> Decided:
    """Says that none of the members suggested is meant: the deposit stays unallocated, and they are suggested for it no
    more; somebody else is, once on record. Raises InputRefused, NotAllowed.
    """
    why = require_word(why)
    with _deciding(session, number) as batch:
        found = deposit_row(batch.connection, number)
        record(batch, SUGGESTION, number, REFUSED, why=why)
        concluded(batch, found, State.UNALLOCATED, Reason.REFUSED, 0)
        batch.counts.update(verdict=REFUSED)
    return Decided(batch.number, number, REFUSED)


def mark(session: Session, number: int, *, why: str) -> Decided:
    """Leaves a deposit waiting with a word why, out of the list of work. Raises InputRefused, NotAllowed."""
    why = require_word(why)
    with _deciding(session, number) as batch:
        record(batch, SUGGESTION, number, MARKED, why=why)
        batch.counts.update(verdict=MARKED, deposit=number)
    return Decided(batch.number, number, MARKED)


def refuse_old_references(batch: Batch, reason: Reason) -> None:
    """Raises NotAllowed for a suggestion by an old reference where the organisation wants such members to pay again."""
    if reason is Reason.LEGACY_REFERENCE and not batch.policy.old_references:
        raise NotAllowed(
            "the policy does not let money be credited on an old reference",
            "Ask the member to pay with the ID number; give this back: ancadmin deposits refund",
        )


def there(number: int) -> Select[int]:
    """Finds a deposit while suggestions for it can be decided about; what was only marked still can."""
    return select(deposit.c.id).where(deposit.c.id == number, *suggested())


def words_of(suggested_row: Any) -> list[str]:
    """The evidence of a suggestion, in words."""
    return [str(one) for one in json.loads(suggested_row.evidence)]


@contextmanager
def _deciding(session: Session, number: int) -> Iterator[Batch]:
    require_officer(session, "review suggestions")
    with deciding(session, COMMAND, SUGGESTION, number, there(number)) as batch:
        yield batch
