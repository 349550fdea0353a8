"""What a statement of dues says, apart from how it looks (docs/rules.md, sections 4.3 and 6)."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from ancadmin.domain.money import rands
from ancadmin.domain.papers import BranchPlace
from ancadmin.domain.standing import RULES, Status

_TAIL = 6
_MOST_NAMED = 20


@dataclass(frozen=True)
class Payment:
    """Money of a deposit that went to a period: the day the bank gives, the end of the reference."""

    deposit: int
    on: str
    cents: int
    reference: str

    @property
    def words(self) -> str:
        """`2020-01-15  R20.00  …009087`."""
        amount = rands(self.cents).replace(" ", "\N{NO-BREAK SPACE}")
        return f"{self.on}  {amount}  {self.reference}".rstrip()


@dataclass(frozen=True)
class Line:
    """A period: its first day, the first day after it, what it costs, what is paid of that and by which payments."""

    begins_on: str
    until: str
    fee_cents: int
    paid_cents: int
    settled_on: str | None
    payments: tuple[Payment, ...]

    @property
    def ends_on(self) -> str:
        """Its last day."""
        return _day_before(self.until)

    @property
    def payment_words(self) -> str:
        """The payments one under the other, as many as a cell of a paper holds."""
        said = [one.words for one in self.payments[:_MOST_NAMED]]
        more = len(self.payments) - len(said)
        return "\n".join([*said, *([f"and {more} more"] if more else [])]) or "–"


@dataclass(frozen=True)
class NotCounted:
    """Money that is on record and counts for no period, and why."""

    on: str
    cents: int
    why: str


@dataclass(frozen=True)
class Opening:
    """The last payment of the register the member came from: `why_not` says why it covers nothing, if it does not."""

    paid_on: str | None
    cents: int | None
    covers: bool
    why_not: str | None

    @property
    def words(self) -> str:
        """A sentence about it."""
        if self.paid_on is None or self.cents is None:
            return "The register does not say what was paid last: nothing is covered by it."
        paid = f"The register's last payment is {rands(self.cents)} on {self.paid_on}"
        return f"{paid}; what it covers comes before the periods below." if self.covers else f"{paid}, {self.why_not}."


@dataclass(frozen=True)
class StatementOfDues:
    """A member's dues at the end of `day`. `paid_until` is the first day not covered, None where nothing is."""

    place: BranchPlace
    id_number: str
    surname: str
    first_names: str
    status: Status
    day: date
    opening: Opening | None
    lines: tuple[Line, ...]
    not_counted: tuple[NotCounted, ...]
    paid_until: str | None
    arrears_cents: int

    @property
    def name(self) -> str:
        """`Mokoena, Thabo`."""
        return f"{self.surname}, {self.first_names}".rstrip(", ")

    @property
    def paid_up_to(self) -> str | None:
        """The last covered day."""
        return None if self.paid_until is None else _day_before(self.paid_until)

    def owing_cents(self, line: Line) -> int:
        """What is owed of a period: nothing before it begins, and nothing under a standing that owes no dues."""
        owes = any(rule.owes for rule in RULES if rule.status is self.status)
        return line.fee_cents - line.paid_cents if owes and line.begins_on <= self.day.isoformat() else 0

    @property
    def ahead_cents(self) -> int:
        """What is paid of periods that have not begun."""
        return sum(line.paid_cents for line in self.lines if line.begins_on > self.day.isoformat())

    @property
    def fees_cents(self) -> int:
        """What all periods shown cost."""
        return sum(line.fee_cents for line in self.lines)

    @property
    def paid_cents(self) -> int:
        """What is paid of them."""
        return sum(line.paid_cents for line in self.lines)

    def content_hash(self) -> str:
        """SHA-256 over all of it in one canonical form."""
        said = {"kind": "statement of dues", **asdict(self), "day": self.day.isoformat()}
        return hashlib.sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def tail(reference: str | None) -> str:
    """The end of a reference, by which a payer knows it again and nobody learns an ID number."""
    plain = " ".join((reference or "").split())
    return plain if len(plain) <= _TAIL else f"…{plain[-_TAIL:]}"


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()
