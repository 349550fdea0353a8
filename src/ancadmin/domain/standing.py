"""Standing (docs/rules.md, section 5): the statuses, their order and their sentences, in one list.

What has to hold for a status is an SQL condition; those stand in the same order in `services/standing/query.py`.
"""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """What a member is on a day. The first rule that holds gives it."""

    DECEASED = "deceased"
    EXPELLED = "expelled"
    SUSPENDED = "suspended"
    RESIGNED = "resigned"
    DEFECTED = "defected"
    LAPSED = "lapsed"
    REJECTED = "rejected"
    APPLICANT = "applicant"
    AWAITING_PAYMENT = "awaiting_payment"
    PROBATION = "probation"
    GOOD_STANDING = "good_standing"
    GRACE = "grace"
    NOT_IN_GOOD_STANDING = "not_in_good_standing"

    @property
    def words(self) -> str:
        """The status as people say it."""
        return self.value.replace("_", " ")


@dataclass(frozen=True)
class Rule:
    """One line of the table: the status, whether dues are owed under it, and the rule as a sentence."""

    status: Status
    owes: bool
    sentence: str


RULES: tuple[Rule, ...] = (
    Rule(Status.DECEASED, False, "Died on or before the day."),
    Rule(Status.EXPELLED, False, "An expulsion is in force: the latest begun of the entries of this kind holds."),
    Rule(Status.SUSPENDED, True, "A suspension is in force: the latest begun of the entries of this kind holds."),
    Rule(Status.RESIGNED, False, "A resignation is in force: the latest begun of the entries of this kind holds."),
    Rule(Status.DEFECTED, False, "A defection is in force: the latest begun of the entries of this kind holds."),
    Rule(Status.LAPSED, False, "A lapse is in force: the latest begun of the entries of this kind holds."),
    Rule(Status.REJECTED, False, "The latest application was refused on or before the day."),
    Rule(Status.APPLICANT, False, "Applied, and not accepted on the day."),
    Rule(Status.AWAITING_PAYMENT, False, "Accepted, and the joining fee is not complete on the day."),
    Rule(
        Status.PROBATION,
        True,
        "Probation runs from the day the joining fee was complete, and for as long as an objection lodged in it is "
        "open.",
    ),
    Rule(Status.GOOD_STANDING, True, "Paid until a later day."),
    Rule(Status.GRACE, True, "Paid until this or an earlier day, and the months of grace are not over."),
    Rule(Status.NOT_IN_GOOD_STANDING, True, "No other rule holds: dues are not paid, or no payment is on record."),
)

EXCLUSIONS = (Status.EXPELLED, Status.SUSPENDED, Status.RESIGNED, Status.DEFECTED, Status.LAPSED)
"""Statuses an entry gives for as long as it is in force."""

RULE_NUMBERS: dict[str, str] = {rule.status.value: f"5.{number}" for number, rule in enumerate(RULES, 1)}
"""How a recorded change names its rule: the section, and the line of its table."""

SENTENCES: dict[Status, str] = {rule.status: rule.sentence for rule in RULES}
