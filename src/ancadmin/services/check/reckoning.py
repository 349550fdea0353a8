"""Rules of what follows from the facts: the fee calendar, opening periods, and a sample of standing."""

from collections.abc import Iterator

import numpy as np
from sqlalchemy import func, literal, select

from ancadmin.db.schema import fee_calendar, member, opening_period, standing
from ancadmin.domain.settlement import calendar, opening_end
from ancadmin.services.check.rule import MOST, Rule, Subject
from ancadmin.services.standing.calendars import recorded_terms, terms
from ancadmin.services.standing.chosen import chosen, members_of, stretches
from ancadmin.services.standing.facts import days_of, facts_of
from ancadmin.services.standing.settle import DERIVED, settled_of

SAMPLE = 2_000


def _terms(subject: Subject) -> Iterator[str]:
    recorded = recorded_terms(subject.connection)
    if recorded is not None and recorded[0] != terms(subject.session.policy):
        yield f"the store is reckoned with other terms than the policy's: {recorded[0]}; run: ancadmin sweep"


def _in_force(subject: Subject) -> bool:
    """Whether the store is reckoned with this policy; what rests on another is no fault of its own."""
    recorded = recorded_terms(subject.connection)
    return recorded is not None and recorded[0] == terms(subject.session.policy)


def _calendar(subject: Subject) -> Iterator[str]:
    """Every row made again from the policy, all first days at once."""
    if not _in_force(subject):
        return
    columns = (fee_calendar.c.first_day, fee_calendar.c.fees_before_cents)
    rows = subject.connection.execute(
        select(*columns, fee_calendar.c.starts_on, fee_calendar.c.grace_ends_on).order_by(*columns)
    ).all()
    if not rows:
        return
    first, fees, starts, grace = zip(*rows, strict=True)
    days, counts = np.unique(days_of(first), return_counts=True)
    made = calendar(days, counts, subject.session.policy)
    right = (
        (made.fees_before == np.array(fees, dtype=np.int64))
        & (made.starts_on == days_of(starts))
        & (made.grace_ends_on == days_of(grace))
    )
    for at in np.flatnonzero(~right)[:MOST].tolist():
        yield f"periods from {first[at]}: the one on record as starting on {starts[at]} is not the policy's"


def _openings(subject: Subject) -> Iterator[str]:
    if not _in_force(subject):
        return
    rows = subject.connection.execute(select(opening_period)).all()
    if not rows:
        return
    paid_on, fees, ends = zip(*rows, strict=True)
    policy = subject.session.policy
    right = (opening_end(days_of(paid_on), policy) == days_of(ends)) & (
        policy.fees_on(days_of(paid_on)) == np.array(fees, dtype=np.int64)
    )
    for at in np.flatnonzero(~right)[:MOST].tolist():
        yield f"a register's payment of {paid_on[at]} is on record as covering up to {ends[at]}"


def _sample(subject: Subject) -> Iterator[str]:
    """Members all over the store, settled again. Everyone: `sweep --verify`."""
    connection = subject.connection
    highest = connection.scalar(select(func.max(member.c.id)))
    if not highest or not _in_force(subject):
        return
    step = max(1, highest // SAMPLE)
    query = select(member.c.id, literal(0)).where(member.c.id % step == 0, member.c.merged_into.is_(None))
    with chosen(connection, query.order_by(member.c.id)):
        for stretch in stretches(connection):
            kept = {
                row[0]: tuple(row)
                for row in connection.execute(
                    select(*(standing.c[name] for name in DERIVED)).where(standing.c.member.in_(members_of(stretch)))
                )
            }
            for row in settled_of(facts_of(connection, stretch), subject.session.policy).rows():
                if kept.get(row[0], row) != row:
                    yield f"member {row[0]}: the standing on record does not follow from the facts"


RULES = (
    Rule("terms", "The store is reckoned with the fees and months of the policy in force.", _terms),
    Rule("fee_calendar", "Every period on record is one of the policy's.", _calendar),
    Rule("opening_period", "What a register's payment covers is what the policy says.", _openings),
    Rule("standing_sample", f"Of some {SAMPLE} members, what is on record follows from the facts.", _sample),
)
