"""Sections 3 (opening position), 4.3 and 5 of docs/rules.md told again in plain Python: one member, one day, loops.

It shares nothing with the product: no tables, no columns, no calendar of fees. What it says is what the SQL is held
against.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

EVER = date(1, 1, 1)
SEPARATIONS = ("expelled", "suspended", "resigned", "defected", "lapsed")
NO_DUES = ("deceased", "expelled", "resigned", "defected", "lapsed", "rejected", "applicant", "awaiting_payment")


@dataclass(frozen=True)
class Rules:
    """What is policy: each a list of days and what holds from them, cents or months, in order of the days."""

    fees: tuple[tuple[date, int], ...] = ((EVER, 1200), (date(2013, 1, 1), 2000))
    period: tuple[tuple[date, int], ...] = ((EVER, 12),)
    grace: tuple[tuple[date, int], ...] = ((EVER, 3),)
    probation: tuple[tuple[date, int], ...] = ((EVER, 6),)


SHIPPED = Rules()


@dataclass
class Payment:
    """Money credited to a member; `by_matcher` when no officer looked at it, `taken_back` when it was reversed."""

    on: date
    cents: int
    by_matcher: bool = True
    taken_back: bool = False


@dataclass
class Decision:
    """Something decided, in force from `on` until `until`."""

    kind: str
    on: date
    until: date | None = None
    taken_back: bool = False


@dataclass
class Move:
    """A transfer to a branch, from the day `on` on."""

    on: date
    to: str
    taken_back: bool = False


@dataclass
class History:
    """All that is on record about a member. Decisions and moves stand in the order in which they were recorded;
    `branch` is where the member began.
    """

    applied: bool = False
    joined_on: date | None = None
    last_payment_on: date | None = None
    last_payment_cents: int | None = None
    payments: list[Payment] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    branch: str = "79700012"
    moves: list[Move] = field(default_factory=list)


@dataclass
class Standing:
    """What the rules say of a day."""

    status: str
    paid_until: date | None
    arrears_cents: int


def months_later(day: date, months: int) -> date:
    """One month at a time; the day of the month comes back where the month is long enough."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    for last in (31, 30, 29, 28):
        try:
            return date(year, month, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError


def in_force(entries: tuple[tuple[date, int], ...], day: date) -> int:
    """The last entry begun."""
    return [value for since, value in entries if since <= day][-1]


def fee(day: date) -> int:
    """The fee in force as the rules are shipped."""
    return in_force(SHIPPED.fees, day)


def over(start: date, entries: tuple[tuple[date, int], ...], day: date) -> bool:
    """Whether so many months from `start` were over on `day`, or on a day before it by the months of that day. Where
    they were over on a day, they are on the last day before the next entry too: only those days are looked at.
    """
    lasts = [since - timedelta(days=1) for since, _ in entries[1:] if start < since <= day]
    return any(last >= months_later(start, in_force(entries, last)) for last in [*lasts, day])


def standing(history: History, day: date, rules: Rules = SHIPPED) -> Standing | None:
    """The standing at the end of `day`; None when not listed."""
    decisions = [decision for decision in history.decisions if not decision.taken_back]
    listed, accepted = listed_and_accepted(history, decisions)
    if listed is None or day < listed:
        return None
    clock, first_start, money = clock_of(history, accepted, day, rules)
    paid_until, arrears = None, 0
    if clock is not None:
        starts = starts_from(first_start, rules)
        paid_until = next(starts)
        while money >= in_force(rules.fees, paid_until):
            money -= in_force(rules.fees, paid_until)
            paid_until = next(starts)
        start = paid_until
        while start <= day:
            arrears += in_force(rules.fees, start)
            start = next(starts)
        arrears = max(arrears - money, 0) if arrears else 0
    status = _status(history, decisions, day, clock, paid_until, rules)
    return Standing(status, paid_until, 0 if status in NO_DUES else arrears)


def branch_of(history: History, day: date) -> str:
    """Where the member belonged at the end of `day`: the moves, one after the other."""
    place = history.branch
    for move in history.moves:
        if move.on <= day and not move.taken_back:
            place = move.to
    return place


def listed_and_accepted(history: History, decisions: list[Decision]) -> tuple[date | None, date | None]:
    """The first day of being listed, and of being accepted."""
    if not history.applied:
        joined = history.joined_on or date(1, 1, 1)
        return joined, joined
    words = [decision.on for decision in decisions if decision.kind in ("applied", "accepted")]
    accepted = [decision.on for decision in decisions if decision.kind == "accepted"]
    return min(words, default=None), min(accepted, default=None)


def clock_of(
    history: History, accepted: date | None, day: date, rules: Rules = SHIPPED
) -> tuple[date | None, date, int]:
    """Since when the member is covered (None: not by this day), the first day to be paid for, and the money so far."""
    captured = not history.applied and history.last_payment_cents is not None
    opening = history.last_payment_on if captured else None
    received: list[tuple[date, int]] = []
    for payment in history.payments:
        in_opening = payment.by_matcher and opening is not None and payment.on <= opening
        if payment.taken_back or in_opening or accepted is None:
            continue
        received.append((max(payment.on, accepted), payment.cents))
    received = sorted(one for one in received if one[0] <= day)
    money = sum(cents for _, cents in received)
    if opening is not None and history.last_payment_cents >= in_force(rules.fees, opening):
        covered = months_later(opening, in_force(rules.period, opening))
        return (opening if opening <= day else None), covered, money
    # What was too little may be enough from the day a lower fee holds.
    for on in sorted({one[0] for one in received} | {since for since, _ in rules.fees if since <= day}):
        if sum(cents for paid_on, cents in received if paid_on <= on) >= in_force(rules.fees, on):
            return on, on, money
    return None, day, money


def starts_from(first_start: date, rules: Rules = SHIPPED) -> Iterator[date]:
    """First days of periods, each as long as the months in force on its own. Every one is counted from the first: a
    29 February comes back in leap years.
    """
    months = 0
    while True:
        start = months_later(first_start, months)
        yield start
        months += in_force(rules.period, start)


def _status(
    history: History,
    decisions: list[Decision],
    day: date,
    clock: date | None,
    paid_until: date | None,
    rules: Rules,
) -> str:
    begun = [decision for decision in decisions if decision.on <= day]
    if any(decision.kind == "deceased" for decision in begun):
        return "deceased"
    latest: Decision | None = None
    for decision in begun:
        in_force = decision.kind in SEPARATIONS and (decision.until is None or day < decision.until)
        if in_force and (latest is None or decision.on >= latest.on):
            latest = decision
    if latest is not None:
        return latest.kind
    word: Decision | None = None
    for decision in begun:
        if decision.kind in ("applied", "accepted", "refused") and (word is None or decision.on >= word.on):
            word = decision
    if word is not None and word.kind == "refused":
        return "rejected"
    if word is not None and word.kind == "applied":
        return "applicant"
    if word is not None and clock is None:
        return "awaiting_payment"
    if history.applied and clock is not None:
        lodged = [decision for decision in begun if decision.kind == "objection"]
        objections = [decision for decision in lodged if not over(clock, rules.probation, decision.on)]
        if not over(clock, rules.probation, day) or any(
            decision.until is None or day < decision.until for decision in objections
        ):
            return "probation"
    if paid_until is not None and day < paid_until:
        return "good_standing"
    if paid_until is not None and not over(paid_until, rules.grace, day):
        return "grace"
    return "not_in_good_standing"
