"""Months that change from a day on (docs/rules.md, section 5): when grace and probation are over, when periods begin.

The one place that knows. What is over stands here twice: a day at a time, and a column (`datetime64[D]`) at a time.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ancadmin.domain.dates import Days, add_months, add_months_to_days
from ancadmin.domain.policy import Policy

Counts = npt.NDArray[np.int64]

# Later than any day that can be written and any number of months after it.
_NEVER = np.datetime64("30000-01-01", "D")


class Span(NamedTuple):
    """The days from `from_day` until before `until` (None: for good), on which a thing lasts so many months."""

    from_day: date
    until: date | None
    months: int


def spans(policy: Policy, name: str) -> list[Span]:
    """How long the thing `name` (a number of the policy, in months) lasts, in order of time and without a gap."""
    begun: list[tuple[date, int]] = []
    for numbers in policy.numbers:
        months = getattr(numbers, name)
        if not begun or begun[-1][1] != months:
            begun.append((numbers.from_day, months))
    ends = [*(day for day, _ in begun[1:]), None]
    return [Span(day, until, months) for (day, months), until in zip(begun, ends, strict=True)]


def months_after(day: date, months: int) -> date:
    """`add_months`, but no later than the last day that can be written."""
    if day.year * 12 + day.month - 1 + months > date.max.year * 12 + 11:
        return date.max
    return add_months(day, months)


def over_on(start: date, lengths: Sequence[Span]) -> date:
    """The first day, from `start` on, on which by the months in force on that very day it is over."""
    over = start
    for span in lengths:
        over = max(span.from_day, months_after(start, span.months))
        if span.until is None or over < span.until:
            break
    return over


def over_on_days(starts: Days, lengths: Sequence[Span]) -> Days:
    """`over_on` for a column; NaT stays NaT. Days may lie beyond those that can be written."""
    over = np.full(len(starts), np.datetime64("NaT"), dtype="datetime64[D]")
    for span in reversed(lengths):
        day = np.maximum(np.datetime64(span.from_day, "D"), add_months_to_days(starts, span.months))
        over = day if span.until is None else np.where(day < _until(span), day, over)
    return over


def months_until(first_days: Days, number: Counts, lengths: Sequence[Span]) -> Counts:
    """How many months after each first day period `number` (from 0) begins: a period is as long as the months in force
    on its own first day.
    """
    months, left = np.zeros(len(number), dtype=np.int64), number
    for span in lengths[:-1]:
        here = np.minimum(_beginning_in(span, first_days, months), left)
        months, left = months + here * span.months, left - here
    return months + left * lengths[-1].months


def begun_by(first_days: Days, month: np.datetime64, lengths: Sequence[Span]) -> Counts:
    """How many periods begin in or before a month that is later than every change of their length."""
    months, begun = np.zeros(len(first_days), dtype=np.int64), np.zeros(len(first_days), dtype=np.int64)
    for span in lengths[:-1]:
        here = _beginning_in(span, first_days, months)
        months, begun = months + here * span.months, begun + here
    rest = _whole_months(first_days, month) - months
    begun += np.maximum(rest // lengths[-1].months + 1, 0)
    return begun


def _beginning_in(span: Span, first_days: Days, months: Counts) -> Counts:
    """How many periods begin before the end of the span, of those of which the first begins `months` after the first
    day.
    """
    until = _until(span)
    last = _whole_months(first_days, until.astype("datetime64[M]"))
    last = np.where(add_months_to_days(first_days, last) < until, last, last - 1)
    periods: Counts = np.maximum((last - months) // span.months + 1, 0)
    return periods


def _until(span: Span) -> np.datetime64:
    return _NEVER if span.until is None else np.datetime64(span.until, "D")


def _whole_months(days: Days, month: np.datetime64) -> Counts:
    months: Counts = (month - days.astype("datetime64[M]")).astype(np.int64)
    return months
