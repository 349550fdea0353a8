"""What became of deposits (docs/rules.md, section 10): applied untouched, reversed, unapplied, and how soon applied."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from ancadmin.domain.quality import share
from ancadmin.domain.receivables import Bucket


@dataclass
class Many:
    """So many deposits, worth so many cents."""

    deposits: int = 0
    cents: int = 0

    def add(self, deposits: int, cents: int) -> None:
        """Counts more of them."""
        self.deposits += deposits
        self.cents += cents


@dataclass
class Suspense:
    """Money of deposits that nobody has been credited with or given back yet, by days since its value date."""

    by_age: dict[Bucket, Many] = field(default_factory=lambda: {bucket: Many() for bucket in Bucket})
    oldest: date | None = None

    def add(self, value_date: date, as_at: date, deposits: int, cents: int) -> None:
        """Counts what waits of deposits of one day."""
        if not deposits:
            return
        self.by_age[Bucket.of((as_at - value_date).days)].add(deposits, cents)
        self.oldest = min(self.oldest or value_date, value_date)

    @property
    def total(self) -> Many:
        """All that waits."""
        ages = self.by_age.values()
        return Many(sum(one.deposits for one in ages), sum(one.cents for one in ages))


@dataclass
class Cash:
    """The deposits of a period, `all` of them, and of these: credited by ID number and untouched since; once credited
    so and taken back since; with money still unapplied (cents: only that money).

    `waits`: of the credits in force, how many took so many days. `suspense`: what waits at the end of the period,
    whenever it came.
    """

    all: Many = field(default_factory=Many)
    straight: Many = field(default_factory=Many)
    reversed: Many = field(default_factory=Many)
    unapplied: Many = field(default_factory=Many)
    waits: Counter[int] = field(default_factory=Counter)
    suspense: Suspense = field(default_factory=Suspense)

    @property
    def automatic(self) -> Many:
        """Deposits that were credited by ID number, untouched since or not."""
        return Many(self.straight.deposits + self.reversed.deposits, self.straight.cents + self.reversed.cents)

    @property
    def straight_share(self) -> float | None:
        """The straight-through rate by count: deposits applied untouched ÷ all deposits."""
        return share(self.straight.deposits, self.all.deposits)

    @property
    def straight_value_share(self) -> float | None:
        """The straight-through rate by value."""
        return share(self.straight.cents, self.all.cents)

    @property
    def reversal_share(self) -> float | None:
        """Automatic matches taken back ÷ all automatic matches."""
        return share(self.reversed.deposits, self.automatic.deposits)

    @property
    def unapplied_share(self) -> float | None:
        """Money unapplied ÷ all money that came in."""
        return share(self.unapplied.cents, self.all.cents)

    @property
    def median_days(self) -> Fraction | None:
        """The median days from value date to the batch that credited the money."""
        return median(self.waits)


def median(counted: Counter[int]) -> Fraction | None:
    """The middle of numbers given with how often each occurs; of an even number the mean of the two in the middle."""
    total = counted.total()
    if not total:
        return None
    middle: list[int] = []
    seen = 0
    for number in sorted(counted):
        seen += counted[number]
        middle += [number] * ((seen > (total - 1) // 2) + (seen > total // 2) - len(middle))
        if len(middle) == 2:
            break
    return Fraction(sum(middle), 2)
