"""Reminders of dues: which there are, by which way they go, and what they say (docs/rules.md, section 10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from string import Formatter

from ancadmin.domain.money import rands

PLACEHOLDERS = frozenset({"surname", "first_names", "paid_until", "arrears", "fee", "branch"})
"""What a text may ask for. An ID number is not among them: a text message is read by whoever holds the telephone."""
LONGEST = 1000
"""Characters of a text: a letter is one page."""


class Kind(StrEnum):
    """Which reminder, in the order a member gets them for one day."""

    BEFORE = "before"
    GRACE = "grace"
    AFTER = "after"

    @property
    def stage(self) -> int:
        """1, 2, 3: where its days lie between those before any reminder (0) and those after all (4)."""
        return list(Kind).index(self) + 1

    def subject(self, about: str) -> str:
        """The line over it; `about` is the first day not covered."""
        return {
            Kind.BEFORE: f"Membership dues: due on {about}",
            Kind.GRACE: f"Membership dues: due since {about}",
            Kind.AFTER: f"Membership dues: not paid since {about}",
        }[self]


class Channel(StrEnum):
    """The way a reminder goes."""

    SMS = "sms"
    EMAIL = "email"
    LETTER = "letter"


class Where(StrEnum):
    """Where a reminder is: it waits, it left, or it waits because a server refused it."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class Wish(StrEnum):
    """The way asked for: one of the channels, or for each member the best there is."""

    SMS = "sms"
    EMAIL = "email"
    LETTER = "letter"
    BEST = "best"

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels to try, in this order."""
        return tuple(Channel) if self is Wish.BEST else (Channel(self.value),)


@dataclass(frozen=True)
class Terms:
    """The organisation's reminders: from so many days before dues fall due, until so many days after grace; and the
    texts, by kind.
    """

    before_days: int
    after_days: int
    before: str = ""
    grace: str = ""
    after: str = ""

    def text(self, kind: Kind) -> str:
        """The text of a kind, with its placeholders."""
        return {Kind.BEFORE: self.before, Kind.GRACE: self.grace, Kind.AFTER: self.after}[kind]


@dataclass(frozen=True)
class Person:
    """Whom a reminder is to. `place` is the region and province of the branch, as an envelope has them."""

    surname: str
    first_names: str
    branch: str
    branch_name: str
    place: str
    cell: str | None
    email: str | None

    @property
    def name(self) -> str:
        """`Thabo Johannes Mokoena`."""
        return f"{self.first_names} {self.surname}".strip()

    def address(self, channel: Channel) -> str | None:
        """Where a reminder goes; None: this way it cannot. A letter goes by the branch, whose secretary hands it over:
        the register knows no street.
        """
        if channel is Channel.SMS:
            return self.cell
        if channel is Channel.EMAIL:
            return self.email
        return f"{self.name}\nc/o the Branch Secretary\n{self.branch_name} ({self.branch})\n{self.place}"


@dataclass(frozen=True)
class Owed:
    """What a reminder is about: the first day not covered, what is owed on the day of asking, the fee of the period
    that begins on the first of these.
    """

    paid_until: str
    arrears_cents: int
    fee_cents: int


def faulty_text(text: object) -> str | None:
    """What is wrong with a text of the policy, in words; None for nothing."""
    if not isinstance(text, str) or not text.strip():
        return "must be a text"
    if len(text) > LONGEST:
        return f"must have at most {LONGEST} characters"
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        return f"has a brace too many or too few: {error}"
    for _, name, form, conversion in parts:
        if name is not None and (name not in PLACEHOLDERS or form or conversion):
            return f"may only ask for {', '.join(f'{{{one}}}' for one in sorted(PLACEHOLDERS))}; not for {{{name}}}"
    return None


def said(text: str, person: Person, owed: Owed) -> str:
    """The text as the member reads it. What is left of a missing first name is no gap."""
    values: Mapping[str, str] = {
        "surname": person.surname,
        "first_names": person.first_names,
        "paid_until": owed.paid_until,
        "arrears": rands(owed.arrears_cents),
        "fee": rands(owed.fee_cents),
        "branch": f"{person.branch_name} ({person.branch})",
    }
    return "\n".join(" ".join(line.split()) for line in text.format_map(values).strip().splitlines())


def masked_address(channel: str, address: str) -> str:
    """An address as screens show it: `+2782****567`, `t***@example.org`, a letter's branch."""
    if channel == Channel.SMS:
        return f"{address[:5]}****{address[-3:]}"
    if channel == Channel.EMAIL:
        local, _, domain = address.rpartition("@")
        return f"{local[:1]}***@{domain}"
    return ", ".join(address.split("\n")[1:3])
