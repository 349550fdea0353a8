"""Whether the authorisation of a policy file is the one in force, told to whoever looks a file over."""

from ancadmin.db.store import open_store
from ancadmin.domain.policy import Policy
from ancadmin.errors import NotAllowed, StoreError
from ancadmin.policy.differences import authorisation_digest
from ancadmin.services.config.in_force import InForce, authorisation_in_force
from ancadmin.settings import Settings


def adopted_in(settings: Settings) -> InForce | None:
    """The authorisation in force in the store of the settings; None where there is none, or no store."""
    try:
        with open_store(settings.db).connect() as connection:
            return authorisation_in_force(connection)
    except (StoreError, NotAllowed):
        return None


def said_of(policy: Policy, adopted: InForce | None) -> str | None:
    """In a sentence whose authorisation is in force; None where nobody's is on record."""
    if adopted is None:
        return None
    same = adopted.digest == authorisation_digest(policy)
    return f"{'this one' if same else 'another'} is in force; {adopted.words}"
