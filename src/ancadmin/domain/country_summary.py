"""What covers the registers of many branches: their totals, and whether they add up (docs/rules.md, section 6)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from ancadmin.domain.attendance import Meeting
from ancadmin.domain.papers import BranchPlace


@dataclass(frozen=True)
class Differing:
    """A branch whose register says another number of members in good standing than the store; `registers` is None
    where it has no register.
    """

    branch: str
    registers: int | None
    store: int


@dataclass(frozen=True)
class Reconciliation:
    """The registers' sum held against a count of everyone in good standing on the cut-off day, branch by branch."""

    registers: int
    good_standing: int
    differing: tuple[Differing, ...]

    @property
    def holds(self) -> bool:
        """Whether every single branch agrees."""
        return not self.differing

    @property
    def words(self) -> str:
        """The line on paper and on screens."""
        sums = f"the registers add up to {self.registers}, {self.good_standing} in good standing on record"
        if self.holds:
            return f"Reconciled: {sums}."
        count = len(self.differing)
        return f"NOT reconciled: {sums}; {count} {'branch differs' if count == 1 else 'branches differ'}."


def reconciliation(registers: Mapping[str, int], store: Mapping[str, int]) -> Reconciliation:
    """Members by branch, on the registers and as counted in the store; a branch that is not there has none."""
    differing = (
        Differing(branch, registers.get(branch), store.get(branch, 0))
        for branch in sorted({*registers, *store})
        if registers.get(branch, 0) != store.get(branch, 0)
    )
    return Reconciliation(sum(registers.values()), sum(store.values()), tuple(differing))


@dataclass(frozen=True)
class Covered:
    """A register that stands, as its cover counts it. `differs` says what it says otherwise than the one before."""

    place: BranchPlace
    serial: str
    members: int
    quorum: int
    supersedes: str | None = None
    differs: str | None = None


@dataclass(frozen=True)
class Totals:
    """Registers added up. `below` have fewer members in good standing than the policy's minimum, `empty` none (and are
    below it, too).
    """

    registers: int
    members: int
    quorum: int
    below: int
    empty: int


def totals(registers: Iterable[Covered], minimum: int) -> Totals:
    """Adds registers up."""
    every = list(registers)
    return Totals(
        registers=len(every),
        members=sum(one.members for one in every),
        quorum=sum(one.quorum for one in every),
        below=sum(one.members < minimum for one in every),
        empty=sum(one.members == 0 for one in every),
    )


@dataclass(frozen=True)
class Part:
    """A province or a region with its totals; a province has its regions below it."""

    code: str
    name: str
    totals: Totals
    parts: "tuple[Part, ...]" = ()


@dataclass(frozen=True)
class CountrySummary:
    """The cover of the registers of one meeting. `registers` stand in order of province, region and branch; `minimum`
    is the policy's on the cut-off day; `died` and `expelled` count people on these registers since that day.
    `trail_head` is the last link of the write chain after them.
    """

    place: str
    meeting: Meeting
    meeting_date: date
    cut_off: date
    minimum: int
    registers: tuple[Covered, ...]
    died: int
    expelled: int
    reconciliation: Reconciliation
    trail_head: str
    sole_operator: bool
    day: date

    @property
    def totals(self) -> Totals:
        """Of all together."""
        return totals(self.registers, self.minimum)

    @property
    def provinces(self) -> tuple[Part, ...]:
        """Each province with its regions."""
        return by_province(self.registers, self.minimum)

    @property
    def superseding(self) -> tuple[Covered, ...]:
        """The registers that took another's place."""
        return tuple(one for one in self.registers if one.supersedes is not None)


def by_province(registers: Sequence[Covered], minimum: int) -> tuple[Part, ...]:
    """Each province with its regions, of registers in that order."""
    return tuple(
        Part(code, name, totals(own, minimum), _by_region(own, minimum))
        for (code, name), own in _grouped(registers, lambda place: (place.province_code, place.province))
    )


def _by_region(registers: Sequence[Covered], minimum: int) -> tuple[Part, ...]:
    return tuple(
        Part(code, name, totals(own, minimum))
        for (code, name), own in _grouped(registers, lambda place: (place.region_code, place.region))
    )


def _grouped(
    registers: Sequence[Covered], key: Callable[[BranchPlace], tuple[str, str]]
) -> Iterator[tuple[tuple[str, str], list[Covered]]]:
    for name, own in groupby(registers, lambda one: key(one.place)):
        yield name, list(own)
