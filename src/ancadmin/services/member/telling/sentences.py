"""Three sentences an officer can read out: what the standing is, why, and what comes next."""

from datetime import date, timedelta
from typing import Any

from ancadmin.domain.money import rands
from ancadmin.domain.standing import EXCLUSIONS, Status

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_ON_RECORD = {  # "was expelled on 1 May" would be the day of it
    status: tuple(f"{verb} on record as {status.words}" for verb in ("was", "is", "will be"))
    for status in (Status.DECEASED, *EXCLUSIONS)
}
_IS = {
    **_ON_RECORD,
    Status.REJECTED: (
        "was not a member, for the application had been refused,",
        "is not a member, for the application was refused,",
        "will not be a member, for the application was refused,",
    ),
    Status.APPLICANT: ("was an applicant", "is an applicant", "will be an applicant"),
    Status.AWAITING_PAYMENT: (
        "was accepted and had yet to pay the joining fee",
        "is accepted and has yet to pay the joining fee",
        "will be accepted and have yet to pay the joining fee",
    ),
    Status.PROBATION: ("was in probation", "is in probation", "will be in probation"),
    Status.GOOD_STANDING: ("was in good standing", "is in good standing", "will be in good standing"),
    Status.GRACE: ("was in the months of grace", "is in the months of grace", "will be in the months of grace"),
    Status.NOT_IN_GOOD_STANDING: (
        "was not in good standing",
        "is not in good standing",
        "will not be in good standing",
    ),
}
"""Said of a day gone by, of today, of a day to come."""
_DECIDED = {Status.DECEASED: "deceased", Status.REJECTED: "refused", Status.APPLICANT: "applied"}


def long_day(text: str) -> str:
    """`2020-12-15` → `15 December 2020`."""
    day = date.fromisoformat(text)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def sentences(
    status: str | None,
    on: str,
    facts: dict[str, Any],
    next_change_on: str | None,
    next_status: str | None,
    today: str,
    known_on: str | None = None,
) -> tuple[str, str, str]:
    """What, why, and what next, from the facts `explain` found. `today` parts what came from what is to come;
    `known_on`: the day whose knowledge the facts are, where it is named.
    """
    name = f"{facts['first_names']} {facts['surname']}".strip()
    known = f"As known on {long_day(known_on)}, " if known_on else ""
    if status is None:
        comes = f"The record begins on {long_day(next_change_on)}." if next_change_on else "No day for it is on record."
        return (
            f"{known}{name} {_tensed(('was not yet', 'is not yet', 'will not yet be'), on, today)} on record on "
            f"{long_day(on)}.",
            "Before the day of joining or applying nobody is listed.",
            comes,
        )
    found = Status(status)
    return (
        f"{known}{name} of branch {facts['branch']} {_tensed(_IS[found], on, today)} on {long_day(on)}.",
        _why(found, facts, on, today),
        _what_next(found, facts, next_change_on, next_status, on=on, today=today),
    )


def _tensed(words: tuple[str, ...], on: str, today: str) -> str:
    """The words for a day gone by, for today, or for a day to come."""
    return words[0 if on < today else 1 if on == today else 2]


def _owed(facts: dict[str, Any], on: str, today: str) -> str:
    """What of the dues is open at the end of the day."""
    owed = rands(facts["arrears_cents"]) if facts["arrears_cents"] else "nothing"
    return f"{owed} {_tensed(('was', 'is', 'will be'), on, today)} owed"


def _why(status: Status, facts: dict[str, Any], on: str, today: str) -> str:
    if status in EXCLUSIONS or status in _DECIDED:
        owed = f"; {_owed(facts, on, today)}" if facts["arrears_cents"] else ""
        return f"{_by_decision(_DECIDED.get(status, status.value), facts)}{owed}."
    if status is Status.AWAITING_PAYMENT:
        paid = _paid(facts, on)
        return f"Accepted on {long_day(facts['accepted_on'])}, and {rands(paid) if paid else 'nothing'} has been paid."
    if status is Status.PROBATION:
        return _probation(facts)
    if facts["paid_until"] is None:
        return _never_covered(facts)
    covered = long_day((date.fromisoformat(facts["paid_until"]) - timedelta(days=1)).isoformat())
    return f"Dues are paid up to {covered}{_by_payment(facts, on)}, and {_owed(facts, on, today)}."


def _paid(facts: dict[str, Any], on: str) -> int:
    """All the money that counts by the day, in cents."""
    return sum(one["cents"] for one in facts["payments"] if one["counts_from"] and one["counts_from"] <= on)


def _by_payment(facts: dict[str, Any], on: str) -> str:
    paid = [one for one in facts["payments"] if one["counts_from"] and one["counts_from"] <= on]
    if paid:
        return f"; the last payment was {rands(paid[-1]['cents'])} on {long_day(paid[-1]['value_date'])}"
    opening = facts["opening"]
    if opening and opening["covers"]:
        return f", by the register's last payment, {rands(opening['cents'])} on {long_day(opening['paid_on'])}"
    return ""


def _never_covered(facts: dict[str, Any]) -> str:
    opening = facts["opening"]
    if opening and opening["covers"]:
        return f"The register says nothing of the time before its last payment, on {long_day(opening['paid_on'])}."
    if opening and opening["note"] == "underpaid":
        return (
            f"The register's last payment, {rands(opening['cents'])} on {long_day(opening['paid_on'])}, was less than "
            "the fee, and no fee has been paid since."
        )
    return "The register has no payment with a day and an amount, and no fee has been paid since."


def _probation(facts: dict[str, Any]) -> str:
    complete = long_day(facts["covered_from"])
    objection = next((one for one in facts["decisions"] if one["kind"] == "objection" and one["in_force"]), None)
    if objection is not None:
        return (
            f"The joining fee was complete on {complete}, and the objection of {long_day(objection['begins_on'])} is "
            "open."
        )
    return f"The joining fee was complete on {complete}; probation lasts until {long_day(facts['probation_ends_on'])}."


def _by_decision(kind: str, facts: dict[str, Any]) -> str:
    made = [one for one in facts["decisions"] if one["kind"] == kind and one["in_force"]]
    if not made:
        return "By a decision on record"
    one = made[-1]  # the latest begun; of those the last recorded
    until = f" until {long_day(one['ends_on'])}" if one["ends_on"] else ""
    words = {"applied": "Applied", "refused": "Refused", "deceased": "Died"}.get(kind, f"Entered as {kind}")
    return f"{words} on {long_day(one['begins_on'])}{until}: {one['why'].rstrip('.')}"


def _what_next(
    status: Status, facts: dict[str, Any], next_change_on: str | None, next_status: str | None, *, on: str, today: str
) -> str:
    if next_change_on is None or next_status is None:
        return "Nothing on record has changed this since." if on < today else _stays(status, facts, on)
    if next_change_on <= today:
        return f"On {long_day(next_change_on)} this became `{Status(next_status).words}`."
    unless = ""
    if status in (Status.GOOD_STANDING, Status.GRACE) and next_status in (Status.GRACE, Status.NOT_IN_GOOD_STANDING):
        # What was owed on a day gone by may have been paid since.
        owed = facts["arrears_cents"] if on >= today else 0
        unless = f" unless {rands(owed) if owed else 'the next fee'} is paid before"
    return f"On {long_day(next_change_on)} this becomes `{Status(next_status).words}`{unless}."


def _stays(status: Status, facts: dict[str, Any], on: str) -> str:
    """What it takes to change a standing that nothing on record will change."""
    if status in (Status.NOT_IN_GOOD_STANDING, Status.GRACE) and facts["arrears_cents"]:
        return f"Payment of {rands(facts['arrears_cents'])} settles what is owed; nothing changes by itself."
    if status is Status.AWAITING_PAYMENT:
        return (
            f"It stays so until the joining fee is complete: {rands(facts['fee_cents'] - _paid(facts, on))} is missing."
        )
    if status is Status.NOT_IN_GOOD_STANDING:
        return "It stays so until a fee is paid."
    if status is Status.APPLICANT:
        return "It stays so until the branch executive decides."
    if status is Status.PROBATION:
        return "It stays so until the objection is settled."
    if status in (Status.EXPELLED, Status.SUSPENDED):
        return "It stays so until it is lifted."
    return "Nothing on record will change this by itself."
