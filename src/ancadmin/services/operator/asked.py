"""Roles given and taken back, as it is captured: at once by who gives the role there, and after the approval of such a
one by who may only ask for it (docs/rules.md, section 7).
"""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from ancadmin.db.batches import Batch
from ancadmin.domain.roles import Role
from ancadmin.errors import NotAllowed
from ancadmin.services.approvals.authority import holds_at_once
from ancadmin.services.approvals.captured import Outcome, Wish, Work, asked_for, at_once
from ancadmin.services.session import Session

_Done = TypeVar("_Done", bound=Outcome)


def wish_for(
    command: str, account: str, role: Role, place: str, why: str, *, name: str | None = None, until: date | None = None
) -> Wish:
    """The wish that an account is given a role for a place, or has it taken back."""
    said = {"account": account, "name": name, "until": until.isoformat() if until else None}
    return Wish(command, role, place, f"{account} as {role} of {place}", why.strip(), detail=said)


def captured_role(
    session: Session, batch: Batch, wish: Wish, look: Callable[[Session, Batch, Wish], _Done], work: Work[_Done]
) -> _Done:
    """Does what is wished, or leaves it waiting, as `captured`. It is not tried first: on a server whoever only asks
    may not write the tables of operators. `look` tells instead what would come of it, and refuses what cannot be.
    """
    found = look(session, batch, wish)
    if gives(session, batch, wish, f"give the role of {wish.act.words} for {wish.place}"):
        return at_once(session, batch, wish, work)
    return left_waiting(batch, wish, found)


def gives(session: Session, batch: Batch, wish: Wish, what: str) -> bool:
    """Whether the caller gives this role there, and takes it back; False: may ask. Raises NotAllowed to all others."""
    return holds_at_once(session, batch.connection, wish.act, (wish.place,), None, what)


def left_waiting(batch: Batch, wish: Wish, found: _Done) -> _Done:
    """Asks for what is wished. Raises NotAllowed where the same waits."""
    batch.counts.update(account=wish.said("account"), role=str(wish.act), place=wish.place)
    return asked_for(batch, wish, found)


def refuse_own_role(session: Session, account: str) -> None:
    """Raises NotAllowed where somebody would give a role to themselves, ask for it or approve it; the sole operator,
    whom nobody else could give one, excepted.
    """
    if account == session.account and not session.sole_operator:
        raise NotAllowed(
            f"nobody gives themselves a role, asks for one or approves one of their own, and {account} is the caller",
            "Have another officer ask for it or give it.",
        )
