"""The policies a store was written under: every batch names its own, and its text is kept."""

from typing import Any

from sqlalchemy import Connection, func, select

from ancadmin.db.schema import batch, policy_text
from ancadmin.domain.policy import Policy
from ancadmin.errors import InputRefused
from ancadmin.policy import read_policy
from ancadmin.services.config.in_force import authorisation_in_force
from ancadmin.services.session import Session
from ancadmin.services.standing.calendars import recorded_terms, terms


def list_policies(session: Session) -> list[dict[str, Any]]:
    """Rows `version, first_batch, first_at, last_batch, last_at, batches`, the one used last first; and of the one
    whose authorisation is in force `adopted_at, adopted_by`, None of others.
    """
    with session.reading("config policy list") as connection:
        adopted, found = authorisation_in_force(connection), _used(connection)
    for one in found:
        mine = adopted if adopted and adopted.version == one["version"] else None
        one.update(adopted_at=mine and mine.at, adopted_by=mine and mine.by)
    return found


def show_version(session: Session, version: str) -> dict[str, Any]:
    """A policy a decision or a batch names, by its version or the beginning of it: as in `list_policies`, and its
    `text`. Raises InputRefused for one no batch was made under.
    """
    with session.reading("config policy show", version=version) as connection:
        found = [one for one in _used(connection) if version and one["version"].startswith(version.lower())]
        if len(found) != 1:
            what = "several policies begin so" if found else "nothing was decided under such a policy"
            raise InputRefused(what, "See: ancadmin config policy list", value=version)
        text = connection.scalar(select(policy_text.c.text).where(policy_text.c.version == found[0]["version"]))
    return {**found[0], "text": text}


def policy_in_force(connection: Connection) -> Policy | None:
    """The policy the store is reckoned with: of those it was written under the last with its terms."""
    recorded = recorded_terms(connection)
    for one in _used(connection):
        text = connection.scalar(select(policy_text.c.text).where(policy_text.c.version == one["version"]))
        policy, faults = read_policy(text or "")
        if not faults and (recorded is None or recorded[0] == terms(policy)):
            return policy
    return None


def _used(connection: Connection) -> list[dict[str, Any]]:
    span = (
        select(
            batch.c.policy_version,
            func.min(batch.c.number).label("first"),
            func.max(batch.c.number).label("last"),
            func.count().label("batches"),
        )
        .group_by(batch.c.policy_version)
        .subquery("span")
    )
    begun, ended = batch.alias("begun"), batch.alias("ended")
    rows = connection.execute(
        select(
            policy_text.c.version,
            span.c.first.label("first_batch"),
            begun.c.started_at.label("first_at"),
            span.c.last.label("last_batch"),
            ended.c.started_at.label("last_at"),
            span.c.batches,
        )
        .join(span, span.c.policy_version == policy_text.c.version)
        .join(begun, begun.c.number == span.c.first)
        .join(ended, ended.c.number == span.c.last)
        .order_by(span.c.last.desc())
    )
    return [dict(row) for row in rows.mappings()]
