"""How good a record is, branch by branch and import by import (docs/rules.md, section 3, Quality).

Counts are whole numbers; a share is a number from 0 to 1, or None where there is nothing to take a share of.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from math import floor

WORST_SHOWN = 20


class Sort(StrEnum):
    """The order of the branches."""

    WORST = "worst"
    CODE = "code"


def share(part: int, whole: int) -> float | None:
    """`part` of `whole`."""
    return part / whole if whole else None


def percent(value: float | None) -> str:
    """A share as people read it, rounded down: 100.0% means every single one."""
    return "–" if value is None else f"{floor(value * 1000 + 1e-9) / 10:.1f}%"


@dataclass(frozen=True)
class Quality:
    """The counts of one place.

    `members`: records that were not merged into another; of them `contactable` have a cell number or an e-mail address,
    `captured` a payment. `held`: rows held back; `id_problems` of them for their ID number. `duplicates`: pairs nobody
    has decided about. `notes`, by code, of the last row taken of each member.
    """

    members: int = 0
    contactable: int = 0
    captured: int = 0
    held: int = 0
    id_problems: int = 0
    duplicates: int = 0
    notes: Counter[str] = field(default_factory=Counter)

    @property
    def read(self) -> int:
        """Everyone read so far: the members, and the rows held back."""
        return self.members + self.held

    @property
    def valid(self) -> int:
        """Of everyone read, those with a valid ID number."""
        return self.read - self.id_problems

    @property
    def valid_share(self) -> float | None:
        """The share of valid ID numbers."""
        return share(self.valid, self.read)

    @property
    def contactable_share(self) -> float | None:
        """Of the members, those who can be reached."""
        return share(self.contactable, self.members)

    @property
    def captured_share(self) -> float | None:
        """Of the members, those with a payment on record."""
        return share(self.captured, self.members)

    @property
    def overall(self) -> float | None:
        """The mean of the three shares, of those there are."""
        known = [one for one in (self.valid_share, self.contactable_share, self.captured_share) if one is not None]
        return sum(known) / len(known) if known else None


class Kind(StrEnum):
    """What a line is about: a branch; a region, or no place at all, for rows that name no branch on record."""

    BRANCH = "branch"
    REGION = "region"
    UNPLACED = "unplaced"
    TOTAL = "total"


@dataclass(frozen=True)
class Line:
    """The quality of one place; `code` is empty where the place has none."""

    kind: Kind
    code: str
    name: str
    region: str
    quality: Quality

    @property
    def words(self) -> str:
        """The name, and for a line that is no branch what it holds."""
        return f"{self.name}, no branch named" if self.kind is Kind.REGION else self.name


def in_order(lines: Iterable[Line], sort: Sort) -> list[Line]:
    """By code; or the worst first: the lowest mean of the shares, of equal ones the branch with more members, and those
    with nothing to be judged by last. Lines that are no branch come after the branches.
    """
    kinds = list(Kind)

    def by_code(line: Line) -> tuple[int, str]:
        return kinds.index(line.kind), line.code

    def worst_first(line: Line) -> tuple[int, bool, float, int, str]:
        overall, (kind, code) = line.quality.overall, by_code(line)
        return kind, overall is None, overall or 0.0, -line.quality.members, code

    return sorted(lines, key=worst_first if sort is Sort.WORST else by_code)


@dataclass(frozen=True)
class QualityPaper:
    """The quality of the branches of a place on a day, in the order they are shown, and of all together."""

    place: str
    day: date
    lines: tuple[Line, ...]
    total: Line

    def worst(self) -> list[Line]:
        """The worst branches, the worst first; those without members are not judged."""
        branches = [line for line in self.lines if line.kind is Kind.BRANCH and line.quality.members]
        return in_order(branches, Sort.WORST)[:WORST_SHOWN]


@dataclass(frozen=True)
class Imported:
    """One import of registers as it was counted then; `notes` are of the rows `taken`, `problems` of those held back.

    `somebodys`: rows read that were not blank; `valid` of them had a valid ID number. Of the rows taken, `contactable`
    had a contact and none that could not be read, `captured` a payment.
    """

    batch: int
    at: str
    operator: str
    files: tuple[str, ...]
    read: int
    accepted: int
    updated: int
    unchanged: int
    quarantined: int
    blank: int
    problems: dict[str, int]
    notes: dict[str, int]
    id_problems: int

    @property
    def taken(self) -> int:
        """Rows accepted and updated."""
        return self.accepted + self.updated

    @property
    def somebodys(self) -> int:
        """Rows read that are somebody's."""
        return self.read - self.blank

    @property
    def valid(self) -> int:
        """Of them, those with a valid ID number: a row has one problem with its number at most."""
        return self.somebodys - self.id_problems

    @property
    def contactable(self) -> int:
        """Rows taken with a contact: no row is noted both `contact_missing` and `contact_malformed`."""
        return self.taken - self.notes.get("contact_missing", 0) - self.notes.get("contact_malformed", 0)

    @property
    def captured(self) -> int:
        """Rows taken with a payment that counts or that was too little."""
        return self.taken - self.notes.get("payment_not_captured", 0)

    @property
    def valid_share(self) -> float | None:
        """Of the rows that are somebody's, those with a valid ID number."""
        return share(self.valid, self.somebodys)

    @property
    def contactable_share(self) -> float | None:
        """Of the rows taken, those with a contact."""
        return share(self.contactable, self.taken)

    @property
    def captured_share(self) -> float | None:
        """Of the rows taken, those with a payment."""
        return share(self.captured, self.taken)


@dataclass(frozen=True)
class TrendPaper:
    """The imports that stand, in the order they were made, as known on a day."""

    day: date
    imports: tuple[Imported, ...]
