"""How members renewed whose dues fell due on a day (docs/rules.md, section 6, Branch health)."""

from collections.abc import Sequence
from enum import StrEnum

from ancadmin.domain.since import Cover


class Renewal(StrEnum):
    """When the period that began was paid: by the day it began, in the months of grace, later, or not."""

    IN_TIME = "in_time"
    IN_GRACE = "in_grace"
    LATER = "later"
    NOT = "not"

    @property
    def words(self) -> str:
        """As a heading says it."""
        return self.value.replace("_", " ").capitalize()


def renewal(due: str, steps: Sequence[Cover], on: str) -> Renewal | None:
    """How somebody renewed, by the end of `on`, whose period began on the day `due`; `steps` are what was paid until
    when, in order. None for whoever was not covered up to that day: there was nothing to renew.
    """
    before = [step for step in steps if step.on < due]
    if not before or before[-1].paid_until < due:
        return None
    if before[-1].paid_until > due:
        return Renewal.IN_TIME
    paid_on = next((step.on for step in steps if step.paid_until > due), None)
    if paid_on is None or paid_on > on:
        return Renewal.NOT
    if paid_on <= due:
        return Renewal.IN_TIME
    return Renewal.IN_GRACE if paid_on <= before[-1].grace_ends_on else Renewal.LATER
