"""Brings the authorisation of a policy into force (docs/rules.md, section 7)."""

from dataclasses import dataclass

from ancadmin.domain.roles import Role
from ancadmin.errors import NotAllowed
from ancadmin.policy.differences import Difference, about_authorisation, differences
from ancadmin.services.config.in_force import bring_into_force, policy_adopted
from ancadmin.services.operator.grants import follow
from ancadmin.services.session import Session

COMMAND = "config policy adopt"


@dataclass(frozen=True)
class Adopted:
    """The policy `version` adopted in `batch`, and what of the authorisation it changes; `first`: there was none that
    it could be compared with.
    """

    batch: int
    version: str
    first: bool
    changes: list[Difference]


def adopt(session: Session) -> Adopted:
    """From now on who may do what is as the session's policy says, and nothing is written under another. Raises
    NotAllowed to all but national officers.
    """
    with session.batch(COMMAND) as batch:
        if not any(role is Role.NATIONAL_OFFICER for role, _ in session.roles):
            raise NotAllowed(f"{session.account} may not say who may do what", "Ask a national officer.")
        before = policy_adopted(batch.connection)
        found = [one for one in differences(before, batch.policy) if about_authorisation(one)] if before else []
        bring_into_force(batch)
        follow(batch.connection, before.authorisation if before else None, batch.policy.authorisation, batch.today)
        batch.counts.update(version=batch.policy.version, changes=len(found))
    return Adopted(batch.number, session.policy.version, before is None, found)
