"""What standing would be if some money were there, or were not: reckoned beside the store, writing nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Connection, RowMapping, literal, select

from ancadmin.db.schema import decision, member
from ancadmin.domain.policy import Policy
from ancadmin.domain.settlement import Payments
from ancadmin.domain.since import Credit, Member, Periods, covers
from ancadmin.domain.standing import Status
from ancadmin.services.standing.calendars import ready
from ancadmin.services.standing.chosen import chosen, members_of, stretches
from ancadmin.services.standing.facts import MATCHER, Facts, days_of, facts_of
from ancadmin.services.standing.query import standing_on
from ancadmin.services.standing.settle import Settled, settled_of

_BY_MONEY = (
    Status.AWAITING_PAYMENT,
    Status.PROBATION,
    Status.GOOD_STANDING,
    Status.GRACE,
    Status.NOT_IN_GOOD_STANDING,
)
"""Statuses that money decides between; the others it does not touch."""


@dataclass(frozen=True)
class Money:
    """Cents of a value date that a member (a row) is supposed to have; negative: not to have. `reason` as of an
    allocation.
    """

    member: int
    value_date: str
    cents: int
    reason: str


@dataclass(frozen=True)
class Supposed:
    """Standing as it is, and as it would be. `paid_until` None: nothing covered."""

    status: str
    paid_until: str | None
    status_then: str
    paid_until_then: str | None


def supposed(connection: Connection, money: Sequence[Money], day: date, policy: Policy) -> dict[int, Supposed]:
    """For each member of `money` who is listed on `day`, their standing at its end without and with that money.

    Raises ConfigurationError where the store is reckoned with another policy.
    """
    ready(connection, day, policy)
    ids = sorted({one.member for one in money})
    found: dict[int, Supposed] = {}
    people = select(member.c.id, literal(0)).where(member.c.id.in_(ids), member.c.merged_into.is_(None))
    with chosen(connection, people):
        for stretch in stretches(connection):
            facts = _with(facts_of(connection, stretch), money)
            now = standing_on(day, policy, members_of(stretch))
            rows = {row["member"]: row for row in connection.execute(now).mappings()}
            lodged = _objections(connection, [row["objection"] for row in rows.values()])
            found.update(_told(facts, settled_of(facts, policy), rows, lodged, day.isoformat(), policy))
    return found


def _with(facts: Facts, money: Sequence[Money]) -> Facts:
    """The facts with that money among the payments, where it would count (section 4.3). On one day what is taken away
    comes first, so that the sum never passes what is left.
    """
    at = np.searchsorted(facts.ids, np.array([one.member for one in money], dtype=np.int64))
    at = np.minimum(at, len(facts.ids) - 1)
    known = facts.ids[at] == np.array([one.member for one in money], dtype=np.int64)
    on = days_of(tuple(one.value_date for one in money))
    matched = np.array([one.reason == MATCHER for one in money], dtype=bool)
    counts = known & ~(matched & (on <= facts.paid_on[at])) & ~np.isnat(facts.accepted_on[at])
    cents = np.array([one.cents for one in money], dtype=np.int64)
    owner = np.concatenate([facts.payments.owner, at[counts]])
    days = np.concatenate([facts.payments.day, np.maximum(on, facts.accepted_on[at])[counts]])
    amounts = np.concatenate([facts.payments.cents, cents[counts]])
    order = np.lexsort((amounts, days, owner))
    return replace(facts, payments=Payments(owner[order], days[order], amounts[order]))


def _told(
    facts: Facts, settled: Settled, rows: dict[int, RowMapping], lodged: dict[int, str], on: str, policy: Policy
) -> Iterator[tuple[int, Supposed]]:
    periods = Periods(policy)
    first = np.searchsorted(facts.payments.owner, np.arange(len(facts.ids) + 1))
    days, cents = np.datetime_as_string(facts.payments.day).tolist(), facts.payments.cents.tolist()
    for at, derived in enumerate(settled.rows()):
        row = rows.get(derived[0])
        if row is None:
            continue
        paid = [Credit(days[n], cents[n], 0) for n in range(first[at], first[at + 1])]
        _, listed_from, _, _, covered_from, first_day, _, _, probation_ends_on, _ = derived
        person = Member(listed_from, covered_from, first_day, probation_ends_on, credits=paid)
        status, paid_until = _then(person, row, lodged, on, periods)
        yield derived[0], Supposed(row["status"], row["paid_until"], status, paid_until)


def _then(person: Member, row: RowMapping, lodged: dict[int, str], on: str, periods: Periods) -> tuple[str, str | None]:
    """Status and paid_until with the supposed payments: the lines of section 5 that money decides."""
    steps = [step for step in covers(person, periods) if step.on <= on]
    cover = steps[-1] if steps else None
    paid_until = cover.paid_until if cover else None
    if row["status"] not in _BY_MONEY:
        return row["status"], paid_until
    if cover is None:
        waits = row["application"] is not None
        return Status.AWAITING_PAYMENT if waits else Status.NOT_IN_GOOD_STANDING, None
    ends = person.probation_ends_on
    objection: Any = lodged.get(row["objection"] or 0)
    if ends is not None and (ends > on or (objection is not None and objection < ends)):
        return Status.PROBATION, paid_until
    if on < cover.paid_until:
        return Status.GOOD_STANDING, paid_until
    return Status.GRACE if on < cover.grace_ends_on else Status.NOT_IN_GOOD_STANDING, paid_until


def _objections(connection: Connection, ids: Sequence[int | None]) -> dict[int, str]:
    """The day each of some objections was lodged on."""
    open_ones = [one for one in ids if one is not None]
    rows = connection.execute(select(decision.c.id, decision.c.begins_on).where(decision.c.id.in_(open_ones)))
    return {row.id: row.begins_on for row in rows}
