"""How a branch stands: members, renewals, what falls due, its place, its record (docs/rules.md, section 6)."""

import calendar
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from ancadmin.domain.dates import add_months
from ancadmin.domain.papers import BranchPlace, hash_of
from ancadmin.domain.quality import Quality, share
from ancadmin.domain.receivables import months
from ancadmin.domain.renewals import Renewal
from ancadmin.domain.standing import RULE_NUMBERS, Status

_BACK, _AHEAD = 11, 3
RENEWED = (Renewal.IN_TIME, Renewal.IN_GRACE, Renewal.LATER)


def months_back(day: date) -> list[tuple[date, date]]:
    """The month of `day` as far as it has come, and the eleven before it: first and last day of each."""
    first = add_months(day.replace(day=1), -_BACK)
    return list(months(first, day))


def months_ahead(day: date) -> list[tuple[date, date]]:
    """What is left of the month of `day`, if anything, and the three after it."""
    end = add_months(day.replace(day=1), _AHEAD)
    last = end.replace(day=calendar.monthrange(end.year, end.month)[1])
    return list(months(day + timedelta(days=1), last))


@dataclass(frozen=True)
class Rank:
    """The place among so many branches; `tied` others have it too."""

    place: int
    of: int
    tied: int

    @property
    def words(self) -> str:
        """`3rd of 10 in the region`."""
        said = f"{ordinal(self.place)} of {self.of} in the region"
        if not self.tied:
            return said
        return f"{said}, as {'one other' if self.tied == 1 else f'{self.tied} others'}"


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `3rd`, `11th`, `22nd`."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def ranks(good_standing: Mapping[str, int]) -> dict[str, Rank]:
    """The place of each branch by its members in good standing. Equal branches share a place, and as many places after
    it are left out.
    """
    counts = Counter(good_standing.values())
    place, before = {}, 0
    for value in sorted(counts, reverse=True):
        place[value] = before + 1
        before += counts[value]
    return {code: Rank(place[one], len(good_standing), counts[one] - 1) for code, one in good_standing.items()}


@dataclass(frozen=True)
class Month:
    """A month, or what there is of it: members by status at the end of `last`, and of the dues that fell due in it how
    they were renewed by the day of the paper.
    """

    first: date
    last: date
    statuses: Counter[str]
    renewals: Counter[Renewal]

    @property
    def name(self) -> str:
        """`2026-04`."""
        return f"{self.first:%Y-%m}"

    @property
    def due(self) -> int:
        """How many were to renew."""
        return self.renewals.total()

    @property
    def renewed(self) -> int:
        """How many of them did."""
        return sum(self.renewals[one] for one in RENEWED)


@dataclass(frozen=True)
class Held:
    """Of `members` on record today, how many have what: an address to reach them by, and where they vote."""

    members: int = 0
    cell: int = 0
    email: int = 0
    voting_district: int = 0


@dataclass(frozen=True)
class Expected:
    """How many are to renew in a month, and how many are paid for still at its end if nobody does."""

    month: str
    members: int
    left: int


@dataclass(frozen=True)
class BranchHealth:
    """How a branch stands at the end of `day`. `expected` is about members then in good standing or in probation.
    `quality` and `held` are of the record as it is on `known_on`.
    """

    place: BranchPlace
    day: date
    minimum: int
    rank: Rank
    months: tuple[Month, ...]
    expected: tuple[Expected, ...]
    quality: Quality
    held: Held
    known_on: date

    @property
    def statuses(self) -> Counter[str]:
        """Members by status on the day."""
        return self.months[-1].statuses

    @property
    def members(self) -> int:
        """Everyone listed."""
        return self.statuses.total()

    @property
    def good_standing(self) -> int:
        """Members in good standing."""
        return self.statuses[Status.GOOD_STANDING]

    @property
    def lacking(self) -> int:
        """How many members in good standing are missing to the minimum."""
        return max(0, self.minimum - self.good_standing)

    @property
    def due(self) -> int:
        """Dues that fell due over the twelve months."""
        return sum(one.due for one in self.months)

    @property
    def renewed(self) -> int:
        """How many of them were renewed."""
        return sum(one.renewed for one in self.months)

    def listed_statuses(self) -> list[str]:
        """Those anybody had at the end of any month, in the order of the rules."""
        return [status for status in RULE_NUMBERS if any(one.statuses[status] for one in self.months)]

    def answer(self) -> dict[str, Any]:
        """Every figure, as JSON shows them."""
        return {
            "branch": self.place.code,
            "name": self.place.name,
            "region": self.place.region_code,
            "province": self.place.province_code,
            "on": self.day.isoformat(),
            "members": self.members,
            "good_standing": self.good_standing,
            "minimum": self.minimum,
            "reaches_minimum": not self.lacking,
            "lacking": self.lacking,
            "place": self.rank.place,
            "branches": self.rank.of,
            "tied": self.rank.tied,
            "statuses": _present(self.statuses),
            "months": [_month(one) for one in self.months],
            "due": self.due,
            "renewed": self.renewed,
            "renewed_share": share(self.renewed, self.due),
            "expected": [asdict(one) for one in self.expected],
            "quality": _quality(self.quality, self.held, self.known_on),
        }

    def content_hash(self) -> str:
        """SHA-256 over all of it."""
        return hash_of({"paper": "branch health", **self.answer(), "where": asdict(self.place)})


def _present(statuses: Counter[str]) -> dict[str, int]:
    return {status: statuses[status] for status in RULE_NUMBERS if statuses[status]}


def _month(one: Month) -> dict[str, Any]:
    return {
        "month": one.name,
        "from": one.first.isoformat(),
        "to": one.last.isoformat(),
        "statuses": _present(one.statuses),
        "members": one.statuses.total(),
        "due": one.due,
        "renewed": {kind.value: one.renewals[kind] for kind in Renewal},
    }


def _quality(quality: Quality, held: Held, known_on: date) -> dict[str, Any]:
    return {
        "known_on": known_on.isoformat(),
        "members": quality.members,
        "read": quality.read,
        "valid": quality.valid,
        "valid_share": quality.valid_share,
        "contactable": quality.contactable,
        "contactable_share": quality.contactable_share,
        "captured": quality.captured,
        "captured_share": quality.captured_share,
        "cell": held.cell,
        "email": held.email,
        "voting_district": held.voting_district,
        "held_back": quality.held,
        "id_problems": quality.id_problems,
        "duplicates": quality.duplicates,
        "notes": dict(quality.notes.most_common()),
    }


def expected_of(day: date, falling_due: Mapping[str, int]) -> tuple[Expected, ...]:
    """What is to be expected in each of `months_ahead`, where so many members who are paid for on `day` are to renew in
    each month (`2026-04`).
    """
    left, found = sum(falling_due.values()), []
    for first, _ in months_ahead(day):
        members = falling_due.get(f"{first:%Y-%m}", 0)
        left -= members
        found.append(Expected(f"{first:%Y-%m}", members, left))
    return tuple(found)
