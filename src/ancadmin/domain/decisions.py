"""Which decisions about a person may be recorded, given those already on record (docs/rules.md, section 5).

Each check raises InputRefused with what stands in the way and what to do; none of them looks at a clock.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ancadmin.errors import InputRefused


class Kind(StrEnum):
    """What is decided, as the store keeps it."""

    APPLIED = "applied"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    OBJECTION = "objection"
    EXPELLED = "expelled"
    SUSPENDED = "suspended"
    RESIGNED = "resigned"
    DEFECTED = "defected"
    LAPSED = "lapsed"
    DECEASED = "deceased"


APPLICATION = (Kind.APPLIED, Kind.ACCEPTED, Kind.REFUSED)
DISCIPLINE = (Kind.EXPELLED, Kind.SUSPENDED)
EXCLUDING = (*DISCIPLINE, Kind.RESIGNED, Kind.DEFECTED, Kind.LAPSED)


@dataclass(frozen=True)
class Made:
    """A decision on record, in force from `begins_on` until `ends_on` (exclusive; None: for good)."""

    id: int
    kind: Kind
    begins_on: date
    ends_on: date | None = None

    def meets(self, begins_on: date, ends_on: date | None) -> bool:
        """Whether both are in force on some day."""
        return (ends_on is None or self.begins_on < ends_on) and (self.ends_on is None or begins_on < self.ends_on)


@dataclass(frozen=True)
class Record:
    """A person as the rules here see them. `made` holds what is in force, in the order it was recorded.

    `listed_from`: the day of joining or applying; `probation_ends_on`: the day probation is over; None where unknown.
    """

    from_register: bool
    listed_from: date | None
    probation_ends_on: date | None
    made: tuple[Made, ...]

    @property
    def application(self) -> Made | None:
        """The latest word on an application: of one day the last recorded."""
        words = [one for one in self.made if one.kind in APPLICATION]
        return max(reversed(words), key=lambda one: one.begins_on, default=None)


def check_not_ahead(day: date, today: date, option: str = "--on") -> None:
    """What has not happened yet is not recorded."""
    if day > today:
        raise InputRefused(
            "that day is still to come",
            f"Give {option} a day up to today, {today}; record it when it has happened.",
            value=f"{option} {day}",
            code="day_ahead",
        )


def check_alive(record: Record, day: date) -> None:
    """Nothing is decided about someone who had died by then."""
    death = next((one for one in record.made if one.kind is Kind.DECEASED and one.begins_on <= day), None)
    if death is not None:
        raise InputRefused(
            f"died on {death.begins_on}",
            "Give an earlier day; or, where the death is a mistake: ancadmin member deceased undo ID --why TEXT",
            value=f"--on {day}",
            code="died_before",
        )


def check_applies(record: Record, day: date) -> None:
    """Someone on record applies again only after a refusal, or where the application was taken back."""
    word = record.application
    if record.from_register or (word is not None and word.kind is not Kind.REFUSED):
        said = (
            f"{'applied' if word.kind is Kind.APPLIED else 'was accepted'} on {word.begins_on}" if word else "came in"
        )
        raise InputRefused(
            f"is on record already ({said}{'' if word else ' with a register'})",
            "See: ancadmin member show ID; only who was refused may apply again.",
            code="on_record_already",
        )
    if word is not None:
        _check_after(day, word, "was refused")
    check_alive(record, day)


def check_application_decided(record: Record, day: date) -> None:
    """An application is accepted or refused once, on or after the day it was made."""
    word = record.application
    if word is None or word.kind is not Kind.APPLIED:
        said = "has made no application" if word is None else f"was {word.kind} on {word.begins_on} already"
        raise InputRefused(said, "See: ancadmin member history ID", code="no_open_application")
    _check_after(day, word, "applied")
    check_alive(record, day)


def check_objection(record: Record, day: date) -> None:
    """The executive objects to someone accepted, before the probation is over, one objection at a time."""
    word = record.application
    if record.from_register or word is None or word.kind is not Kind.ACCEPTED:
        raise InputRefused(
            "is not in probation, so there is nothing to object to",
            "An objection is lodged against someone accepted; before that refuse the application.",
            code="not_in_probation",
        )
    _check_after(day, word, "was accepted")
    if record.probation_ends_on is not None and day >= record.probation_ends_on:
        raise InputRefused(
            f"the probation was over on {record.probation_ends_on}",
            "Only an objection lodged before that day holds; otherwise: ancadmin member discipline ID",
            value=f"--on {day}",
            code="probation_over",
        )
    lodged = next((one for one in record.made if one.kind is Kind.OBJECTION and one.ends_on is None), None)
    if lodged is not None:
        raise InputRefused(
            f"an objection lodged on {lodged.begins_on} is open already",
            "Settle that one first: ancadmin member object ID --settled D --why TEXT",
            code="objection_open",
        )
    check_alive(record, day)


def objection_to_settle(record: Record, day: date) -> Made:
    """The open objection; `day` is the first on which it holds no more."""
    lodged = next((one for one in record.made if one.kind is Kind.OBJECTION and one.ends_on is None), None)
    if lodged is None:
        raise InputRefused("there is no open objection", "See: ancadmin member history ID", code="no_objection")
    _check_after(day, lodged, "the objection was lodged", "--settled")
    return lodged


def check_exclusion(record: Record, kind: Kind, begins_on: date, ends_on: date | None) -> None:
    """An entry begins when the person was listed, ends after it begins, and is not there already."""
    if ends_on is not None and ends_on <= begins_on:
        raise InputRefused(
            "it would end before it begins",
            "Give --until the first day on which it is over.",
            value=f"--on {begins_on} --until {ends_on}",
            code="ends_before_it_begins",
        )
    if record.listed_from is not None and begins_on < record.listed_from:
        raise InputRefused(
            f"was not on record before {record.listed_from}",
            "Give a later day.",
            value=f"--on {begins_on}",
            code="not_listed_yet",
        )
    same = next((one for one in record.made if one.kind is kind and one.meets(begins_on, ends_on)), None)
    if same is not None:
        until = f" until {same.ends_on}" if same.ends_on else ""
        raise InputRefused(
            f"is {kind} already, from {same.begins_on}{until}",
            "See: ancadmin member history ID",
            code="in_force_already",
        )
    check_alive(record, begins_on)


def check_transfer(record: Record, last_moved: date | None, day: date) -> None:
    """Whoever is listed and alive moves, not before the move that brought them where they are."""
    if record.listed_from is not None and day < record.listed_from:
        raise InputRefused(
            f"was not on record before {record.listed_from}",
            "Give a later day.",
            value=f"--on {day}",
            code="not_listed_yet",
        )
    if last_moved is not None and day < last_moved:
        raise InputRefused(
            f"moved to the present branch on {last_moved}",
            "Give that day or a later one; or, where that move is a mistake, undo the batch that recorded it.",
            value=f"--on {day}",
            code="moved_since",
        )
    death = next((one for one in record.made if one.kind is Kind.DECEASED), None)
    if death is not None:
        raise InputRefused(
            f"died on {death.begins_on}, and stays in the branch of that day",
            "Where the death is a mistake: ancadmin member deceased undo ID --why TEXT",
            code="died_before",
        )


def discipline_to_lift(record: Record, kinds: Collection[Kind], day: date) -> Made:
    """The expulsion or suspension in force on `day`; that day is to be the first on which it holds no more."""
    held = [
        one
        for one in record.made
        if one.kind in kinds and one.begins_on <= day and (one.ends_on is None or one.ends_on > day)
    ]
    if not held:
        raise InputRefused(
            "neither expelled nor suspended on that day", "See: ancadmin member history ID", code="nothing_to_lift"
        )
    if len({one.kind for one in held}) > 1:
        raise InputRefused(
            "is both expelled and suspended",
            "Say which is lifted: --kind expelled or --kind suspended.",
            code="which_is_lifted",
        )
    return max(reversed(held), key=lambda one: one.begins_on)  # of two that a merge brought together, the latest


def _check_after(day: date, word: Made, what: str, option: str = "--on") -> None:
    if day < word.begins_on:
        raise InputRefused(
            f"{what} on {word.begins_on}, after that day",
            f"Give {option} a day from {word.begins_on} on.",
            value=f"{option} {day}",
            code="before_the_last_word",
        )
