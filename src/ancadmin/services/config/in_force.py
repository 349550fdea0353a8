"""The authorisation in force: a store keeps whose decisions count in it, whatever policy file a caller names
(docs/rules.md, section 7).
"""

import json
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import policy_text, setting
from ancadmin.domain.policy import Policy
from ancadmin.errors import NotAllowed, Place
from ancadmin.policy import read_policy
from ancadmin.policy.differences import authorisation_digest
from ancadmin.services.batch.changes import difference

_KEY = "authorisation"
_RECORDED = select(setting.c.value).where(setting.c.key == _KEY)


@dataclass(frozen=True)
class InForce:
    """Who may do what in the store: by the policy `version`, adopted in `batch` (`at` and `by` are the batch's own)."""

    digest: str
    version: str
    batch: int
    at: str
    by: str

    @property
    def words(self) -> str:
        """As people say it: `version 0123456789ab, in force since 2026-03-01 by thandi (batch 7)`."""
        return f"version {self.version}, in force since {self.at[:10]} by {self.by} (batch {self.batch})"


def authorisation_in_force(connection: Connection) -> InForce | None:
    """What was adopted last; None in a store from before there was such a thing."""
    text = connection.scalar(_RECORDED)
    if not text:
        return None
    kept = json.loads(text)
    adopted = select(batch_table.c.started_at, batch_table.c.operator).where(batch_table.c.number == kept["batch"])
    row = connection.execute(adopted).one()
    return InForce(kept["digest"], kept["policy"], kept["batch"], row.started_at, row.operator)


def policy_adopted(connection: Connection) -> Policy | None:
    """The policy whose authorisation is in force; None where none was adopted, or it cannot be read any more."""
    own = authorisation_in_force(connection)
    text = own and connection.scalar(select(policy_text.c.text).where(policy_text.c.version == own.version))
    policy, faults = read_policy(text or "")
    return policy if text and not faults else None


def bring_into_force(batch: Batch) -> None:
    """The authorisation of the batch's own policy holds from now on, instead of what was adopted before."""
    before = batch.connection.scalar(_RECORDED)
    kept = {"digest": authorisation_digest(batch.policy), "policy": batch.policy.version, "batch": batch.number}
    after = {"value": json.dumps(kept)}
    if before is None:  # empty is as none, and can be put back
        batch.connection.execute(insert(setting).values(key=_KEY, value=""))
    batch.changed(difference(setting, _KEY, {"value": before or ""}, after))
    batch.connection.execute(update(setting).where(setting.c.key == _KEY).values(after))


def refuse_other(connection: Connection, policy: Policy, file: str) -> None:
    """Raises NotAllowed where a policy, of `file`, lets others decide than the authorisation in force does."""
    text = connection.scalar(_RECORDED)
    if not text or json.loads(text)["digest"] == authorisation_digest(policy):
        return
    own = authorisation_in_force(connection)
    version = own.version if own else ""
    raise NotAllowed(
        "lets others decide than the authorisation in force here",
        f"Use the store's own policy (ancadmin config policy show {version} -o our-policy.toml), or have a national "
        "officer bring this one into force: ancadmin config policy adopt",
        place=Place(file=file),
    )
