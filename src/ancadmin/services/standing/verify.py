"""`sweep --verify`: everyone reckoned again from allocations and decisions, and held against what is recorded."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Connection, and_, case, or_, select

from ancadmin.db.access import record_access
from ancadmin.db.batches import moment
from ancadmin.db.schema import fee_calendar, member, opening_period, standing
from ancadmin.domain.policy import Policy
from ancadmin.domain.settlement import calendar, opening_end, periods_needed
from ancadmin.services.session import Session
from ancadmin.services.standing.ahead import CANDIDATES, with_days_ahead
from ancadmin.services.standing.calendars import ready, recorded_terms
from ancadmin.services.standing.chosen import Stretch, among, chosen, fetched, stretches
from ancadmin.services.standing.facts import days_of, facts_of
from ancadmin.services.standing.query import standing_on
from ancadmin.services.standing.settle import DERIVED, is_plain, plain_rows, settled_of
from ancadmin.services.standing.sweeps import refuse_going_back
from ancadmin.services.uncollected import uncollected

_SHOWN = 100


def verify(session: Session, on: date | None = None) -> dict[str, Any]:
    """Counts of members `checked` and found `wrong`, and the first hundred of these by row id with what is wrong.

    Nobody may be wrong: a difference means the store was written by something else than this program. Members whose
    change is due by `on` (default: today) are checked in their facts only; the next sweep sees to their status.
    Raises InputRefused for a day before the last sweep's.
    """
    day = on or session.today
    wrong: dict[int, str] = {}
    calendars: list[str] = []
    with session.reading("standing verify", on=day.isoformat()) as connection:
        refuse_going_back(connection, day)
        ready(connection, day, session.policy)
        calendars += _calendars(connection, session.policy)
        everyone = select(member.c.id, case((is_plain(), 1), else_=0)).where(member.c.merged_into.is_(None))
        with chosen(connection, everyone), uncollected():
            checked = fetched(connection, "SELECT count(*) FROM chosen")[0][0]
            with session.progress.step("Checking", checked) as step:
                for number, what in _facts(connection, session.policy):
                    wrong.setdefault(number, what)
                step.advance(checked // 2)
                for number, what in _statuses(connection, day, session.policy):
                    wrong.setdefault(number, what)
    shown = [{"member": number, "what": what} for number, what in sorted(wrong.items())[:_SHOWN]]
    result = {"on": day.isoformat(), "checked": checked, "wrong": len(wrong) + len(calendars)}
    if wrong or calendars:
        detail = {**result, "members": [one["member"] for one in shown], "first_days": calendars[:_SHOWN]}
        record_access(
            session.store,
            at=moment(session.clock()),
            operator=session.account,
            action="standing verify found differences",
            detail=detail,
        )
    return {**result, "members": shown, "first_days": calendars[:_SHOWN]}


def _facts(connection: Connection, policy: Policy) -> Iterator[tuple[int, str]]:
    """Members whose row is missing, or says something else than the facts."""
    facts = plain_rows().subquery("facts")
    differs = or_(
        standing.c.member.is_(None), *(standing.c[name].is_distinct_from(facts.c[name]) for name in DERIVED[1:])
    )
    query = select(facts.c.member).outerjoin_from(facts, standing, standing.c.member == facts.c.member).where(differs)
    for (number,) in fetched(connection, query):
        yield number, "the row in `standing` differs from the register"
    for stretch in stretches(connection):
        kept = _kept(connection, stretch)
        for row in settled_of(facts_of(connection, stretch), policy).rows():
            if kept.get(row[0]) != row:
                yield row[0], "the row in `standing` differs from allocations and decisions"


def _kept(connection: Connection, stretch: Stretch) -> dict[int, tuple[Any, ...]]:
    """The stored rows of a stretch, in the order of DERIVED."""
    names = ", ".join(f"standing.{name}" for name in DERIVED)
    rows = fetched(connection, f"SELECT {names} FROM standing {among(stretch, 'standing.member')}")
    return {row[0]: row for row in rows}


def _statuses(connection: Connection, day: date, policy: Policy) -> Iterator[tuple[int, str]]:
    """Members not due by the day whose recorded status is not what the rules say of it, or who would be looked at
    again too late.
    """
    on = day.isoformat()
    not_due = or_(standing.c.next_change_on.is_(None), standing.c.next_change_on > on)
    query = with_days_ahead(standing_on(day, policy), day)
    columns = query.selected_columns
    ahead = [columns[name] for name in CANDIDATES]
    late = or_(
        *(and_(one > on, or_(standing.c.next_change_on.is_(None), standing.c.next_change_on > one)) for one in ahead)
    )
    other = or_(columns.status != standing.c.status, standing.c.status.is_(None))
    found = query.with_only_columns(standing.c.member, other, maintain_column_froms=True).where(
        not_due, or_(other, late)
    )
    for number, status_differs in fetched(connection, found):
        yield number, "the recorded status is not the rules'" if status_differs else "the next change comes sooner"
    unlisted = select(standing.c.member).where(not_due, standing.c.listed_from > on, standing.c.status.is_not(None))
    for (number,) in fetched(connection, unlisted):
        yield number, "a status is recorded of someone not listed"


def _calendars(connection: Connection, policy: Policy) -> list[str]:
    """First days whose calendar, and payment days whose opening period, are not what the policy gives."""
    wrong: set[str] = set()
    rows = fetched(connection, select(opening_period).order_by(opening_period.c.paid_on))
    if rows:
        paid_on, fees, ends_on = zip(*rows, strict=True)
        days = days_of(paid_on)
        right = (opening_end(days, policy) == days_of(ends_on)) & (policy.fees_on(days) == np.array(fees))
        wrong.update(np.array(paid_on)[~right].tolist())
    in_order = select(fee_calendar).order_by(fee_calendar.c.first_day, fee_calendar.c.fees_before_cents)
    rows = fetched(connection, in_order)
    recorded = recorded_terms(connection)
    if rows and recorded:
        first_days, fees, starts_on, grace_ends_on = zip(*rows, strict=True)
        different, counts = np.unique(days_of(first_days), return_counts=True)
        reach = periods_needed(different, np.zeros(len(different), dtype=np.int64), recorded[1], policy)
        wrong.update(np.datetime_as_string(different)[counts < reach].tolist())
        told = calendar(different, counts, policy)
        right = (
            (told.fees_before == np.array(fees))
            & (told.starts_on == days_of(starts_on))
            & (told.grace_ends_on == days_of(grace_ends_on))
        )
        wrong.update(np.array(first_days)[~right].tolist())
    return sorted(wrong)
