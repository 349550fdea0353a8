"""What holds a sweep back that would change more than a night does: the clock may be wrong, or the policy."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, literal, select

from ancadmin.db.schema import standing
from ancadmin.domain.policy import Policy
from ancadmin.errors import NotAllowed


class TooManyChanges(NotAllowed):
    """A sweep nobody confirmed that would change too much; `answer` is what it would have reported."""

    def __init__(self, warned: str, answer: dict[str, Any]) -> None:
        super().__init__(
            f"{warned}; nothing was changed",
            "See that the clock, --on and the policy are right. If they are: ancadmin sweep --yes",
        )
        self.answer = answer


def warning(connection: Connection, answer: Mapping[str, Any], policy: Policy) -> str | None:
    """What is to be said of what a sweep reports where more of those who had a status on record get another than the
    policy's `[sweep]` expects of all who are listed on the day; None where it is not.

    Members are counted only as far as that takes: a quiet night costs the same however many there are.
    """
    moved = sum(one["n"] for one in answer["transitions"] if one["from"] is not None)
    if moved <= policy.sweep_free_changes:
        return None
    listed = standing.c.listed_from <= answer["on"]
    enough = -(-moved * 100 // policy.sweep_percent) if policy.sweep_percent else moved
    if _count(connection, listed, enough) * policy.sweep_percent >= moved * 100:
        return None
    everyone = _count(connection, listed)
    return (
        f"{moved} of {everyone} members would change status ({moved * 100 / max(everyone, 1):.1f} %, more than "
        f"{policy.sweep_percent} %)"
    )


def _count(connection: Connection, which: ColumnElement[bool], most: int | None = None) -> int:
    """How many members, counted up to `most`."""
    found = select(literal(1)).select_from(standing).where(which).limit(most).subquery()
    return connection.scalar(select(func.count()).select_from(found)) or 0
