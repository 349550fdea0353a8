"""Of a history told by the oracle: the periods begun and the money that counts, one member at a time."""

from datetime import date

from tests.oracle import History, _clock, _listed_and_accepted, _next_start


def _told(each: History, day: date) -> tuple[date | None, date, int]:
    decisions = [decision for decision in each.decisions if not decision.taken_back]
    _, accepted = _listed_and_accepted(each, decisions)
    return _clock(each, accepted, day)


def periods(each: History, day: date) -> list[date]:
    """The first days of the periods begun by a day."""
    clock, start, _ = _told(each, day)
    first, begun = start, []
    while clock is not None and start <= day:
        begun.append(start)
        start = _next_start(first, start)
    return begun


def money_on(each: History, day: date) -> int:
    """The money that counts on a day."""
    return _told(each, day)[2]
