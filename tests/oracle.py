"""Sections 3 (opening position), 4.3 and 5 of docs/rules.md told again in plain Python: one member, one day, loops.

It shares nothing with the product: no tables, no columns, no calendar of fees. What it says is what the SQL is held
against.
"""

from dataclasses import dataclass, field
from datetime import date

PERIOD, GRACE, PROBATION = 12, 3, 6
FEES = ((date(1, 1, 1), 1200), (date(2013, 1, 1), 2000))
SEPARATIONS = ("expelled", "suspended", "resigned", "defected", "lapsed")
NO_DUES = ("deceased", "expelled", "resigned", "defected", "lapsed", "rejected", "applicant", "awaiting_payment")


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
class History:
    """All that is on record about a member. Decisions stand in the order in which they were recorded."""

    applied: bool = False
    joined_on: date | None = None
    last_payment_on: date | None = None
    last_payment_cents: int | None = None
    payments: list[Payment] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)


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


def fee(day: date) -> int:
    """The fee in force."""
    return [cents for since, cents in FEES if since <= day][-1]


def standing(history: History, day: date) -> Standing | None:
    """The standing at the end of `day`; None when not listed."""
    decisions = [decision for decision in history.decisions if not decision.taken_back]
    listed, accepted = _listed_and_accepted(history, decisions)
    if listed is None or day < listed:
        return None
    clock, first_start, money = _clock(history, accepted, day)
    paid_until, arrears = None, 0
    if clock is not None:
        paid_until, rest = _paid_until(first_start, money)
        start = paid_until
        while start <= day:
            arrears += fee(start)
            start = _next_start(first_start, start)
        arrears = max(arrears - rest, 0) if arrears else 0
    status = _status(history, decisions, day, clock, paid_until)
    return Standing(status, paid_until, 0 if status in NO_DUES else arrears)


def _listed_and_accepted(history: History, decisions: list[Decision]) -> tuple[date | None, date | None]:
    if not history.applied:
        joined = history.joined_on or date(1, 1, 1)
        return joined, joined
    words = [decision.on for decision in decisions if decision.kind in ("applied", "accepted")]
    accepted = [decision.on for decision in decisions if decision.kind == "accepted"]
    return min(words, default=None), min(accepted, default=None)


def _clock(history: History, accepted: date | None, day: date) -> tuple[date | None, date, int]:
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
    if opening is not None and history.last_payment_cents >= fee(opening):
        return (opening if opening <= day else None), months_later(opening, PERIOD), money
    so_far = 0
    for on, cents in received:
        so_far += cents
        if so_far >= fee(on):
            return on, on, money
    return None, day, money


def _paid_until(first_start: date, money: int) -> tuple[date, int]:
    start = first_start
    while money >= fee(start):
        money -= fee(start)
        start = _next_start(first_start, start)
    return start, money


def _next_start(first_start: date, start: date) -> date:
    """Every start is counted from the first: a 29 February comes back in leap years."""
    years = start.year - first_start.year + 1
    return months_later(first_start, PERIOD * years)


def _status(history: History, decisions: list[Decision], day: date, clock: date | None, paid_until: date | None) -> str:
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
        ends = months_later(clock, PROBATION)
        objections = [decision for decision in begun if decision.kind == "objection" and decision.on < ends]
        if day < ends or any(decision.until is None or day < decision.until for decision in objections):
            return "probation"
    if paid_until is not None and day < paid_until:
        return "good_standing"
    if paid_until is not None and day < months_later(paid_until, GRACE):
        return "grace"
    return "not_in_good_standing"
