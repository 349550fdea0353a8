"""Disputes (docs/rules.md, section 5): what members may say is wrong on record, and what an acceptance may set right.

Each check raises InputRefused with what stands in the way and what to do; none of them looks at a clock.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from ancadmin.domain.decisions import Kind, Made, Record
from ancadmin.errors import InputRefused, UsageError


class DisputeKind(StrEnum):
    """What is disputed."""

    NOT_ON_RECORD = "not_on_record"
    WRONG_STANDING = "wrong_standing"
    OLD_NUMBER = "old_number"
    WRONG_BRANCH = "wrong_branch"

    @property
    def words(self) -> str:
        """The kind as people say it."""
        return {
            DisputeKind.NOT_ON_RECORD: "not on record",
            DisputeKind.WRONG_STANDING: "wrong standing",
            DisputeKind.OLD_NUMBER: "paid under an old number",
            DisputeKind.WRONG_BRANCH: "wrong branch",
        }[self]


_NEEDS: Mapping[DisputeKind, tuple[frozenset[str], ...]] = {
    DisputeKind.NOT_ON_RECORD: (frozenset({"surname", "branch", "joined_on"}),),
    DisputeKind.WRONG_STANDING: (frozenset({"last_payment_on", "last_payment_cents"}), frozenset({"accepted_on"})),
    DisputeKind.OLD_NUMBER: (frozenset({"old_number"}),),
    DisputeKind.WRONG_BRANCH: (frozenset({"branch", "since"}),),
}
_MAY: Mapping[DisputeKind, frozenset[str]] = {
    DisputeKind.NOT_ON_RECORD: frozenset({"first_names", "last_payment_on", "last_payment_cents"}),
}
_DAYS = ("joined_on", "last_payment_on", "accepted_on", "since")


def check_claim(kind: DisputeKind, claim: Mapping[str, object]) -> None:
    """A dispute says what ought to be on record, wholly, and nothing besides. Raises UsageError."""
    said, may = set(claim), _MAY.get(kind, frozenset())
    if not any(needed <= said and said - needed <= may for needed in _NEEDS[kind]):
        ways = " or ".join(" ".join(map(_option, sorted(needed))) for needed in _NEEDS[kind])
        also = f", and may give {' '.join(map(_option, sorted(may)))}" if may else ""
        raise UsageError(f"what ought to be on record is not said wholly for {kind.words}", f"Give {ways}{also}.")
    if ("last_payment_on" in said) != ("last_payment_cents" in said):
        raise UsageError(
            "a last payment is a day and an amount", "Give --last-payment-on D and --last-payment-cents N."
        )


def days_of(claim: Mapping[str, object]) -> list[date]:
    """The days a claim gives."""
    return [date.fromisoformat(str(claim[name])) for name in _DAYS if claim.get(name)]


def back_to(claim: Mapping[str, object]) -> date | None:
    """The earliest day an acceptance of the claim would set something back to; None for none."""
    return min(days_of(claim), default=None)


def acceptance_to_set_back(record: Record, day: date, paid_on: date | None, lodged_on: date, months: int) -> Made:
    """The acceptance of a new member who had paid more than so many months before the dispute was lodged: it may be set
    back, not before the application, nor before the payment it is to make count.
    """
    from ancadmin.domain.dates import add_months  # numpy, which the kinds above must not load: they stand in `--help`

    word = record.application
    if record.from_register or word is None or word.kind is not Kind.ACCEPTED:
        raise InputRefused(
            "only the acceptance of an application can be set back",
            "Have the application accepted first: ancadmin member accept ID; or reject the dispute.",
        )
    if day >= word.begins_on:
        raise InputRefused(
            f"was accepted on {word.begins_on} already", "Give an earlier day.", value=f"--accepted-on {day}"
        )
    applied = max((one.begins_on for one in record.made if one.kind is Kind.APPLIED), default=None)
    if applied is not None and day < applied:
        raise InputRefused(f"applied only on {applied}", "Give that day or a later one.", value=f"--accepted-on {day}")
    if paid_on is None or add_months(paid_on, months) >= lodged_on:
        said = f"paid first on {paid_on}" if paid_on else "has not paid"
        raise InputRefused(
            f"{said}: an acceptance is set back only for a payment more than {months} months before the dispute",
            "Reject the dispute and say so.",
        )
    if day < paid_on:
        raise InputRefused(f"paid only on {paid_on}", "Give that day or a later one.", value=f"--accepted-on {day}")
    return word


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
