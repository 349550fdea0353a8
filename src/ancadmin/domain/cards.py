"""What a membership card says, and the code it carries (docs/rules.md, section 6). Writers take this and nothing else.

A card that is lost must not give an ID number away. So the number stands on it masked unless it is asked for in full,
and the code is reckoned from what the card says, never from digits it does not show: four missing digits are soon
guessed by whoever can try them against a hash.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from ancadmin.domain.papers import BranchPlace, digits_meant, hash_of, masked
from ancadmin.domain.standing import Status

# No more digits of a row than a store numbers, and no day of another century: neither was ever printed.
_CODE = re.compile(r"MC-([0-9]{1,9})-(20[0-9]{6})[\s-]+([0-9A-F]{16})", re.IGNORECASE)


class CardKind(StrEnum):
    """The two kinds of card."""

    PROVISIONAL = "provisional"
    FULL = "full"

    @property
    def words(self) -> str:
        """As the card says it."""
        return f"{self.value.capitalize()} member"


CARDS = {Status.PROBATION: CardKind.PROVISIONAL, Status.GOOD_STANDING: CardKind.FULL}
"""Which standing has which card; every other has none."""

_PAY = "The dues come first. What is owed: ancadmin export statement-of-dues ID"
_EXPLAIN = "Why it is so: ancadmin member explain ID"
_WHAT_TO_DO = {
    Status.APPLICANT: "The branch executive decides first: ancadmin member accept ID",
    Status.AWAITING_PAYMENT: "The joining fee comes first. What is paid: ancadmin member explain ID",
    Status.GRACE: _PAY,
    Status.NOT_IN_GOOD_STANDING: _PAY,
}


def why_none(status: Status) -> tuple[str, str]:
    """Why somebody of this standing has no card, and what to do."""
    said = "a card is for members in probation or in good standing"
    return f"{said}, and this one is {_WORDS.get(status, status.words)}", _WHAT_TO_DO.get(status, _EXPLAIN)


_WORDS = {
    Status.APPLICANT: "an applicant",
    Status.AWAITING_PAYMENT: "awaiting payment of the joining fee",
    Status.GRACE: "in grace",
}


@dataclass(frozen=True)
class Card:
    """A card: whose, of which kind, where, until when. `number` is the row of `member`; `membership_number` is the ID
    number as it stands on the card. Days are ISO text.
    """

    number: int
    kind: CardKind
    surname: str
    first_names: str
    membership_number: str
    place: BranchPlace
    valid_until: str
    issued_on: str

    @property
    def name(self) -> str:
        """`Thabo Johannes Mokoena`."""
        return f"{self.first_names} {self.surname}".strip()

    def said(self) -> dict[str, str]:
        """What stands on it, by the name of each part."""
        return {
            "kind": self.kind.value,
            "surname": self.surname,
            "first_names": self.first_names,
            "membership_number": self.membership_number,
            "branch": f"{self.place.name} ({self.place.code})",
            "region": f"{self.place.region} ({self.place.region_code})",
            "valid_until": self.valid_until,
            "issued_on": self.issued_on,
        }

    def content_hash(self) -> str:
        """SHA-256 over what stands on it."""
        return hash_of({"paper": "membership card", "member": self.number, **self.said()})

    @property
    def code(self) -> str:
        """What the QR code holds: `MC-1234-20260415 9F86D081884C7D65`, in letters that make it as small as can be."""
        return f"MC-{self.number}-{self.issued_on.replace('-', '')} {self.content_hash()[:16].upper()}"


class Holder(NamedTuple):
    """Somebody who may have a card: the row of `member`, and the standing on a day."""

    number: int
    id_number: str
    surname: str
    first_names: str
    branch: str
    status: str
    paid_until: str | None
    probation_ends_on: str | None


def card_of(holder: Holder, place: BranchPlace, day: date, *, full_ids: bool) -> Card | None:
    """The card for a standing on `day` in the branch `place`; None where there is none for it."""
    kind = CARDS.get(Status(holder.status))
    if kind is None:
        return None
    return Card(
        number=holder.number,
        kind=kind,
        surname=holder.surname,
        first_names=holder.first_names,
        membership_number=holder.id_number if full_ids else masked(holder.id_number),
        place=place,
        valid_until=valid_until(kind, day, holder.paid_until, holder.probation_ends_on),
        issued_on=day.isoformat(),
    )


@dataclass(frozen=True)
class CardSheet:
    """The cards of a branch on a day, in the order of papers."""

    place: BranchPlace
    day: date
    cards: tuple[Card, ...]

    def content_hash(self) -> str:
        """SHA-256 over all of them."""
        codes = [one.code for one in self.cards]
        return hash_of(
            {"paper": "membership cards", "branch": self.place.code, "on": self.day.isoformat(), "of": codes}
        )

    def count(self, kind: CardKind) -> int:
        """How many are of a kind."""
        return sum(one.kind is kind for one in self.cards)


@dataclass(frozen=True)
class CardCode:
    """What a code names: the row of `member`, the day, the beginning of the hash."""

    number: int
    day: date
    digest: str


def read_code(text: str) -> CardCode | None:
    """A code as it was typed, with an O for a 0 perhaps, or scanned; None for what is none."""
    found = _CODE.fullmatch(digits_meant(text.strip()))
    if found is None:
        return None
    try:
        day = date.fromisoformat(found[2])
    except ValueError:
        return None
    return CardCode(int(found[1]), day, found[3].upper())


def valid_until(kind: CardKind, day: date, paid_until: str | None, probation_ends_on: str | None) -> str:
    """The last day of a card's validity: of a full one the last day paid for; of a provisional one the last day of
    probation, or the last day paid for where that comes before. Where only an open objection still holds somebody in
    probation, the last day paid for, and never a day before the card's own.
    """
    ends: Sequence[str | None] = (paid_until,) if kind is CardKind.FULL else (paid_until, probation_ends_on)
    last = [(date.fromisoformat(end) - timedelta(days=1)).isoformat() for end in ends if end is not None]
    return min((one for one in last if one >= day.isoformat()), default=day.isoformat())
