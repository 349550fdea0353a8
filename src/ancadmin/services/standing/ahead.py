"""What may change a standing later: the days after a day on which something on record begins, ends or counts."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select

from ancadmin.db.schema import allocation, decision, standing
from ancadmin.services.standing.query import Day

CANDIDATES = (
    "paid_until",
    "grace_ends_on",
    "covered_from",
    "probation_ends_on",
    "decision_ahead",
    "money_ahead",
)
"""Columns of `with_days_ahead` any of which may be the next change."""


def with_days_ahead(query: Select[Any], day: date | ColumnElement[str]) -> Select[Any]:
    """A query of `standing_on`, or `listed_on`, for the same day with two columns more: the next day after it on which
    a decision begins or ends (`decision_ahead`), and the next value date of money that may count (`money_ahead`).
    """
    on: Day = day.isoformat() if isinstance(day, date) else day
    return query.add_columns(_decision_ahead(on).label("decision_ahead"), _money_ahead(on).label("money_ahead"))


def next_day(day: str, candidates: Iterable[str | None]) -> str | None:
    """The first of the candidates after `day`: the standing cannot change before it. None: it cannot change at all."""
    found = None
    for one in candidates:  # half the time `min` takes, and asked of everyone
        if one is not None and one > day and (found is None or one < found):
            found = one
    return found


def _decision_ahead(on: Day) -> ColumnElement[str]:
    begins, ends = decision.c.begins_on, decision.c.ends_on
    return (
        select(func.min(case((begins > on, begins), else_=ends)))
        .where(decision.c.member == standing.c.member, decision.c.reversed_by.is_(None), or_(begins > on, ends > on))
        .scalar_subquery()
        .correlate(standing)
    )


def _money_ahead(on: Day) -> ColumnElement[str]:
    counted = (
        select(func.min(allocation.c.value_date))
        .where(
            allocation.c.member == standing.c.member,
            allocation.c.reversed_by.is_(None),
            allocation.c.value_date > on,
        )
        .scalar_subquery()
        .correlate(standing)
    )
    return case((standing.c.money_on > on, counted))
