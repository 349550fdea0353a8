"""Of a history told by the oracle: the periods begun and the money that counts, one member at a time."""

from datetime import date
from itertools import takewhile

from tests.oracle import History, clock_of, listed_and_accepted, starts_from


def _told(each: History, day: date) -> tuple[date | None, date, int]:
    decisions = [decision for decision in each.decisions if not decision.taken_back]
    _, accepted = listed_and_accepted(each, decisions)
    return clock_of(each, accepted, day)


def periods(each: History, day: date) -> list[date]:
    """The first days of the periods begun by a day."""
    clock, start, _ = _told(each, day)
    return [] if clock is None else list(takewhile(lambda begun: begun <= day, starts_from(start)))


def money_on(each: History, day: date) -> int:
    """The money that counts on a day."""
    return _told(each, day)[2]
