"""Since when a status holds, and because of what: what the rules gave on a day, followed back to where it began.

Each line of the table of docs/rules.md, section 5, holds or not from some day on. A status began on the last day on
which its own line, or one before it, changed. Days are ISO text, as the store keeps them.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from ancadmin.domain.lengths import months_after, over_on, spans
from ancadmin.domain.policy import Policy
from ancadmin.domain.standing import EXCLUSIONS, Status

OPENING = "opening position"
FROM_EVER = "0001-01-01"
"""The day of joining of members whose register does not say when they joined."""
_EXCLUSIONS = frozenset(status.value for status in EXCLUSIONS)
_APPLICATION = frozenset({"applied", "accepted", "refused"})
_BEFORE_COVER = frozenset({Status.DECEASED, *EXCLUSIONS, Status.REJECTED, Status.APPLICANT, Status.AWAITING_PAYMENT})
"""Statuses that come before anything is asked about payments."""
_LAST = "9999-12-31"


class Beginning(NamedTuple):
    """The first day of something, and the payment or decision it rests on."""

    on: str
    because: str


class Entry(NamedTuple):
    """A decision in force from `begins_on` until `ends_on` (exclusive; None: for good)."""

    id: int
    kind: str
    begins_on: str
    ends_on: str | None

    @property
    def name(self) -> str:
        """As `because` names it."""
        return f"decision {self.id}"

    def in_force(self, day: str) -> bool:
        """Whether it holds at the end of `day`."""
        return self.begins_on <= day and (self.ends_on is None or day < self.ends_on)

    def in_force_before(self, day: str) -> bool:
        """Whether it held at the end of the day before `day`."""
        return self.begins_on < day and (self.ends_on is None or day <= self.ends_on)


class Credit(NamedTuple):
    """Money that counts from `on`."""

    on: str
    cents: int
    deposit: int


class Period(NamedTuple):
    """A period: whoever has paid all before it is paid until `starts_on`. `fees` are those through it."""

    starts_on: str
    grace_ends_on: str
    fees: int


class Cover(NamedTuple):
    """From `on`, by what `because` names: paid until a day, with grace until another."""

    on: str
    paid_until: str
    grace_ends_on: str
    because: str


class Member(NamedTuple):
    """What the store derived for a member, see the table `standing`; entries and credits in the order of time."""

    listed_from: str
    covered_from: str | None
    first_day: str | None
    probation_ends_on: str | None
    entries: Sequence[Entry] = ()
    credits: Sequence[Credit] = ()


class Periods:
    """The periods that begin on a first day: reckoned once for everyone who shares it."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._grace = spans(policy, "grace_months")
        self._known: dict[str, list[tuple[int, Period]]] = {}

    def period(self, first_day: str, number: int) -> Period:
        """Period `number`, from 0, of those whose first period begins on `first_day`."""
        known = self._known.setdefault(first_day, [])
        while len(known) <= number:
            known.append(self._next(date.fromisoformat(first_day), known))
        return known[number][1]

    def _next(self, first_day: date, known: Sequence[tuple[int, Period]]) -> tuple[int, Period]:
        """The period after those known, and how many months it begins after the first day."""
        months, fees = 0, 0
        if known:
            months, before = known[-1]
            months += self._policy.on(date.fromisoformat(before.starts_on)).period_months
            fees = before.fees
        start = months_after(first_day, months)
        over = over_on(start, self._grace)
        return months, Period(start.isoformat(), over.isoformat(), fees + self._policy.fee_on(start))


def covers(member: Member, periods: Periods) -> list[Cover]:
    """What was paid until when, day by day of payment (section 4.3). A payment that completes no period is not here."""
    if member.covered_from is None or member.first_day is None:
        return []
    first_day, number, money = member.first_day, 0, 0
    reached = periods.period(first_day, 0)
    found: list[Cover] = []
    if first_day != member.covered_from:
        found.append(Cover(member.covered_from, reached.starts_on, reached.grace_ends_on, OPENING))
    for credit in member.credits:
        money += credit.cents
        settled = number
        while money >= reached.fees and reached.starts_on < _LAST:
            number += 1
            reached = periods.period(first_day, number)
        if number > settled:
            on = max(credit.on, member.covered_from)
            if found and found[-1].on == on:
                found.pop()
            found.append(Cover(on, reached.starts_on, reached.grace_ends_on, f"deposit {credit.deposit}"))
    return found


def beginning(status: str, day: str, member: Member, periods: Periods) -> Beginning:
    """Since when `status`, which the rules gave for `day`, holds without a break. Of changes on one day the status's
    own line is named.
    """
    began = Beginning(member.listed_from, OPENING)
    if member.entries:
        entries = [entry for entry in member.entries if entry.begins_on <= day]
        began = _latest_of([_listed(member, entries), *_decided(status, day, entries)])
    if status in _BEFORE_COVER:
        return began
    steps = [step for step in covers(member, periods) if step.on <= day]
    if member.probation_ends_on is not None:
        began = _latest_of([began, *_probation(status, day, member, steps)])
    if steps and status != Status.PROBATION:
        began = _latest_of([began, _coverage(status, steps)])
    return began


def _latest_of(changes: Sequence[Beginning]) -> Beginning:
    """The latest; of equals the last."""
    latest = changes[0]
    for change in changes[1:]:
        if change.on >= latest.on:
            latest = change
    return latest


def _listed(member: Member, entries: Sequence[Entry]) -> Beginning:
    applied = (entry.name for entry in entries if entry.kind in _APPLICATION)
    return Beginning(member.listed_from, next(applied, OPENING))


def _coverage(status: str, steps: Sequence[Cover]) -> Beginning:
    """When the member came into good standing, grace or neither, going by what was paid alone: from the last payment
    back for as long as the one before it had given the same already.
    """
    began = Beginning("", "")
    for step in reversed(steps):
        if began.on and _before(began.on, step) != status:
            break
        start = step.on
        if status == Status.GRACE:
            start = max(start, step.paid_until)
        elif status == Status.NOT_IN_GOOD_STANDING:
            start = max(start, step.grace_ends_on)
        began = Beginning(start, step.because)
        if start > step.on:
            break
    return began


def _before(day: str, step: Cover) -> str:
    """What the payment gave on the day before `day`."""
    if day <= step.paid_until:
        return Status.GOOD_STANDING
    return Status.GRACE if day <= step.grace_ends_on else Status.NOT_IN_GOOD_STANDING


def _probation(status: str, day: str, member: Member, steps: Sequence[Cover]) -> Iterator[Beginning]:
    """When probation began; for the lines after it, when it was over."""
    if not steps or member.probation_ends_on is None:
        return
    yield Beginning(steps[0].on, steps[0].because)
    if status != Status.PROBATION:
        yield Beginning(member.probation_ends_on, steps[0].because)
        yield from _objections(day, member.probation_ends_on, member.entries)


def _objections(day: str, probation_ends_on: str, entries: Sequence[Entry]) -> Iterator[Beginning]:
    """The settling of objections that held somebody in probation beyond its months."""
    for entry in entries:
        held = entry.kind == "objection" and entry.begins_on < probation_ends_on
        if held and entry.ends_on is not None and probation_ends_on < entry.ends_on <= day:
            yield Beginning(entry.ends_on, entry.name)


def _decided(status: str, day: str, entries: Sequence[Entry]) -> Iterator[Beginning]:
    """What decisions changed."""
    if status == Status.DECEASED:
        yield from [Beginning(entry.begins_on, entry.name) for entry in entries if entry.kind == "deceased"][:1]
        return
    yield from _exclusion(day, [entry for entry in entries if entry.kind in _EXCLUSIONS])
    if status not in EXCLUSIONS:
        # The last word of each day is the one that counts at its end.
        words = list({entry.begins_on: entry for entry in entries if entry.kind in _APPLICATION}.values())
        while len(words) > 1 and words[-2].kind == words[-1].kind:
            words.pop()
        yield from [Beginning(word.begins_on, word.name) for word in words[-1:]]


def _exclusion(day: str, entries: Sequence[Entry]) -> Iterator[Beginning]:
    """When the exclusion in force, or there being none, last changed."""
    borders = {entry.begins_on for entry in entries} | {entry.ends_on for entry in entries if entry.ends_on}
    for border in sorted(borders, reverse=True):
        if border > day:
            continue
        now = _latest([entry for entry in entries if entry.in_force(border)])
        before = _latest([entry for entry in entries if entry.in_force_before(border)])
        if (now.kind if now else None) != (before.kind if before else None):
            named = now or before
            yield Beginning(border, named.name if named else OPENING)
            return


def _latest(entries: Sequence[Entry]) -> Entry | None:
    """Of several in force: the latest begun, of those the last recorded, which comes last."""
    return max(reversed(entries), key=lambda entry: entry.begins_on, default=None)
