"""Who was at a meeting, held against its register (docs/rules.md, section 6)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from ancadmin.domain.attendance import AttendanceRegister, Attendee
from ancadmin.domain.papers import in_order, masked

_Key = TypeVar("_Key")


class Verdict(StrEnum):
    """What a line of an attendance list is: somebody present, counted already, not on the register, or not clear."""

    PRESENT = "present"
    DOUBLE = "double"
    STRANGER = "stranger"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Seen:
    """A line of a list of who was there, as it is read. `line` counts in its file; `id_number`: 13 digits, those of a
    masked one with asterisks, or ""; `number` is the No of a register's row; `seen_at` is what a scanner noted.
    """

    line: int
    as_read: str
    id_number: str = ""
    number: int | None = None
    surname: str = ""
    first_names: str = ""
    seen_at: str | None = None


@dataclass(frozen=True)
class Judged:
    """A line and what it is; `number` is the row of the register it is about, None for none."""

    seen: Seen
    verdict: Verdict
    number: int | None = None


class Roll:
    """A register to call names from: finds the row that a line is about."""

    def __init__(self, attendees: Sequence[Attendee]) -> None:
        self._people = attendees
        self._by_id = {one.id_number: number for number, one in enumerate(attendees, 1)}
        self._by_mask = _unique((masked(one.id_number), number) for number, one in enumerate(attendees, 1))
        self._by_name = _unique((_name(one.surname, one.first_names), n) for n, one in enumerate(attendees, 1))

    def row_of(self, seen: Seen) -> int | None:
        """The number of the row on the register; None where there is none, or not one alone. An ID number says who was
        there; a row's number only where no ID number contradicts it; a name only by itself.
        """
        if "*" in seen.id_number:
            if seen.number is None:
                return self._by_mask.get(seen.id_number)
            return seen.number if self._masked(seen.number) == seen.id_number else None
        if seen.id_number:
            return self._by_id.get(seen.id_number)
        if seen.number is not None:
            named = _name(seen.surname, seen.first_names)
            there = self._at(seen.number)
            return seen.number if there and (not named[0] or named == _name(there.surname, there.first_names)) else None
        return self._by_name.get(_name(seen.surname, seen.first_names))

    def _at(self, number: int) -> Attendee | None:
        return self._people[number - 1] if 1 <= number <= len(self._people) else None

    def _masked(self, number: int) -> str | None:
        there = self._at(number)
        return None if there is None else masked(there.id_number)


def judged(register: AttendanceRegister, lines: Iterable[Seen], present: Iterable[int] = ()) -> list[Judged]:
    """Each line with its verdict, in order; `present` are the rows counted before."""
    roll, counted, found = Roll(register.attendees), set(present), []
    strangers: set[str] = set()
    for seen in lines:
        row = roll.row_of(seen)
        if row is not None:
            verdict = Verdict.DOUBLE if row in counted else Verdict.PRESENT
            counted.add(row)
        elif seen.id_number and "*" not in seen.id_number:
            verdict = Verdict.DOUBLE if seen.id_number in strangers else Verdict.STRANGER
            strangers.add(seen.id_number)
        else:
            verdict = Verdict.UNREADABLE
        found.append(Judged(seen, verdict, row))
    return found


def _name(surname: str, first_names: str) -> tuple[str, str]:
    return in_order(surname), in_order(first_names)


def _unique(pairs: Iterable[tuple[_Key, int]]) -> dict[_Key, int]:
    found: dict[_Key, int] = {}
    twice: set[_Key] = set()
    for key, number in pairs:
        if found.setdefault(key, number) != number:
            twice.add(key)
    return {key: number for key, number in found.items() if key not in twice}
