"""Decisions about members as they are captured: each takes effect at once where the matrix lets the caller record it
alone, and waits for somebody else's approval where it does not (docs/rules.md, section 7).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, TypeVar

from ancadmin.db.batches import Batch
from ancadmin.domain.authorisation import Matter, matter_named
from ancadmin.services.approvals.authority import holds_at_once
from ancadmin.services.approvals.requests import Request, Waiting, ask, refuse_second
from ancadmin.services.session import Session


@dataclass(frozen=True)
class Signed:
    """Whose decision it is. `approved_by` is None where nobody else had to approve it."""

    asked_by: str
    approved_by: str | None


@dataclass(frozen=True)
class Wish:
    """What is to be decided, in words a request can keep, so that it can be done exactly so later.

    `command` asks for it; `subject` is what of the same kind only one may wait for; `place` the branch whose officers
    approve it, or the place a role is held for; `on` the day it takes effect, ISO text; `member` a row of members, None
    for somebody not on record yet, or where it is about no member.
    """

    command: str
    act: Matter
    place: str
    subject: str
    why: str
    member: int | None = None
    on: str | None = None
    detail: Mapping[str, Any] | None = None

    @property
    def day(self) -> date:
        """The day it takes effect."""
        return date.fromisoformat(str(self.on))

    def said(self, name: str) -> Any:
        """What else the command said; None where it said nothing of the kind."""
        return (self.detail or {}).get(name)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of it. `waits`: nothing is decided yet, it waits for approval as `request`."""

    request: int | None = None
    waits: bool = False


_Done = TypeVar("_Done", bound=Outcome)
Work = Callable[[Session, Batch, Wish, Signed], _Done]


def captured(
    session: Session, batch: Batch, wish: Wish, work: Work[_Done], what: str, *, places: Collection[str] = ()
) -> _Done:
    """Does what is wished, or leaves it waiting; `what` says it in a refusal: may not … `places` are those a decision
    made alone has to reach, where it is not only the wish's own.

    It is tried first, so that whatever waits could have been done. Raises NotAllowed, also where the same waits.
    """
    on = None if wish.on is None else wish.day
    if holds_at_once(session, batch.connection, wish.act, places or (wish.place,), on, what):
        return at_once(session, batch, wish, work)
    return left_waiting(session, batch, wish, work)


def at_once(session: Session, batch: Batch, wish: Wish, work: Work[_Done]) -> _Done:
    """Does what is wished, as a decision the caller may take alone."""
    own = session.account if session.sole_operator else None
    return work(session, batch, wish, Signed(batch.operator, own))


def left_waiting(session: Session, batch: Batch, wish: Wish, work: Work[_Done]) -> _Done:
    """Tries what is wished, takes it back and asks for it. Raises NotAllowed where the same waits."""
    attempt = batch.connection.begin_nested()
    tried = work(session, batch, wish, Signed(batch.operator, None))
    attempt.rollback()
    batch.counts.clear()
    return asked_for(batch, wish, tried)


def asked_for(batch: Batch, wish: Wish, tried: _Done) -> _Done:
    """Asks for what is wished, of which `tried` would come. Raises NotAllowed where the same waits."""
    refuse_second(batch.connection, wish.command, wish.subject)
    request = ask(batch, Waiting(wish.command, wish.subject, content_of(wish), None, wish.why, wish.place))
    batch.counts.update(request=request, member=wish.member)
    return replace(tried, request=request, waits=True)


def content_of(wish: Wish) -> dict[str, Any]:
    """What a request keeps of a wish besides its own columns."""
    return {name: value for name, value in asdict(wish).items() if name not in ("command", "subject", "why")}


def approved(work: Work[_Done]) -> Callable[[Session, Batch, Request], Mapping[str, Any]]:
    """How the approval of such a request does what was asked: by the rules of the day of the approval."""

    def done(session: Session, batch: Batch, request: Request) -> Mapping[str, Any]:
        content = {**request.content, "act": matter_named(request.content["act"])}
        wish = Wish(command=request.kind, subject=request.subject, why=request.why, **content)
        result = work(session, batch, wish, Signed(request.asked_by, session.account))
        return {name: value for name, value in asdict(result).items() if name not in ("batch", "request", "waits")}

    return done
