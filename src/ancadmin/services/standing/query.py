"""Standing on any day, in SQL: the one definition that the sweep, lists, papers and explanations use.

The order and the sentences of the rules are in `domain/standing.py`; what has to hold for each stands here.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)

from ancadmin.db.schema import allocation, decision, fee_calendar, standing
from ancadmin.domain.policy import Policy
from ancadmin.domain.standing import EXCLUSIONS, RULES, Rule, Status
from ancadmin.services.standing.facts import MATCHER

Members = Select[tuple[int]]
Condition = ColumnElement[bool]
Day = str | ColumnElement[str]
"""A day as ISO text, or a column of days or a parameter."""

OWES, AHEAD_ONLY = 2, 1
"""`counted_as`: dues are owed; none are owed yet, but money may be there already."""

# What had been decided by the day and was in force on it: one row of `decision` a member at most, in each.
_DEATH, _EXCLUSION = decision.alias("death"), decision.alias("exclusion")
_APPLICATION, _OBJECTION = decision.alias("application"), decision.alias("objection")


def standing_on(day: date, policy: Policy, members: Members | None = None) -> Select[Any]:
    """Everyone listed at the end of `day` (or those of `members`) with their standing (docs/rules.md, sections 4.3, 5).

    Columns: member, status, paid_until (None: nothing covered), grace_ends_on, arrears_cents; and what they rest on:
    listed_from, accepted_on, opening_on, covered_from, first_day, probation_ends_on, money_cents (what counts on that
    day), and the ids of the decisions in force: death, exclusion, application, objection. Days are ISO text.

    Call `calendars.ready(connection, day, policy)` before running it: it refuses a day or a policy that the store is
    not reckoned for.
    """
    del policy  # its fees and months are in the calendar and in `standing`; ready() holds them against it
    query = listed_on(day.isoformat())
    return query if members is None else query.where(standing.c.member.in_(members))


def listed_on(on: Day) -> Select[Any]:
    """The query of `standing_on`, of which `on` may be a parameter: made once, it is asked again and again."""
    money = money_on(on)
    settled = fee_calendar.alias("settled")
    status = _status(on, settled)
    return (
        select(
            standing.c.member,
            status.label("status"),
            settled.c.starts_on.label("paid_until"),
            settled.c.grace_ends_on,
            _arrears(on, status, settled, money).label("arrears_cents"),
            standing.c.listed_from,
            standing.c.accepted_on,
            standing.c.opening_on,
            standing.c.covered_from,
            standing.c.first_day,
            standing.c.probation_ends_on,
            money.label("money_cents"),
            _DEATH.c.id.label("death"),
            _EXCLUSION.c.id.label("exclusion"),
            _APPLICATION.c.id.label("application"),
            _OBJECTION.c.id.label("objection"),
        )
        .select_from(_joined(on, settled, money))
        .where(standing.c.listed_from <= on)
    )


def counted_as(on: Day) -> ColumnElement[int]:
    """What of a member's dues counts on a day, in a query over `decided_by` for it: OWES, AHEAD_ONLY, or 0 for nothing
    at all (section 4.3). `on` may be a column.
    """
    before = _before_dues(on)
    counted = [(before[rule.status], _counted(rule)) for rule in RULES if rule.status in before]
    return case(
        *[(condition, literal_column(str(what))) for condition, what in counted], else_=literal_column(str(OWES))
    )


def _counted(rule: Rule) -> int:
    if rule.owes:
        return OWES
    return AHEAD_ONLY if rule.status in (Status.APPLICANT, Status.AWAITING_PAYMENT) else 0


def _before_dues(on: Day) -> dict[Status, Condition]:
    """The statuses decided by something else than what was paid since the joining fee."""
    excluded = [(kind, _EXCLUSION.c.kind == kind.value) for kind in EXCLUSIONS]
    accepted = _APPLICATION.c.kind == "accepted"
    return {
        Status.DECEASED: _DEATH.c.id.is_not(None),
        **dict(excluded),
        Status.REJECTED: _APPLICATION.c.kind == "refused",
        Status.APPLICANT: _APPLICATION.c.kind == "applied",
        Status.AWAITING_PAYMENT: and_(accepted, or_(standing.c.covered_from.is_(None), standing.c.covered_from > on)),
    }


def _status(on: Day, settled: FromClause) -> ColumnElement[str]:
    """The first rule that holds. Conditions in the order of RULES; a missing row makes a condition not hold."""
    covered = standing.c.covered_from <= on
    lodged_in_time = _OBJECTION.c.begins_on < standing.c.probation_ends_on
    conditions = {
        **_before_dues(on),
        Status.PROBATION: or_(standing.c.probation_ends_on > on, lodged_in_time),
        Status.GOOD_STANDING: and_(covered, settled.c.starts_on > on),
        Status.GRACE: and_(covered, settled.c.grace_ends_on > on),
        Status.NOT_IN_GOOD_STANDING: true(),
    }
    return case(*[(conditions[rule.status], literal(rule.status.value)) for rule in RULES])


def _arrears(on: Day, status: ColumnElement[str], settled: FromClause, money: ColumnElement[int]) -> ColumnElement[int]:
    """Fees of the periods begun (all before the next), less the money; nothing while paid ahead, before the clock
    starts, or where no dues are owed.
    """
    charged = (
        select(fee_calendar.c.fees_before_cents)
        .where(fee_calendar.c.first_day == standing.c.first_day, fee_calendar.c.starts_on > on)
        .order_by(fee_calendar.c.fees_before_cents)
        .limit(1)
        .scalar_subquery()
        .correlate(standing)
    )
    free = [rule.status.value for rule in RULES if not rule.owes]
    covered_to = settled.c.starts_on
    return case((or_(covered_to.is_(None), covered_to > on, status.in_(free)), 0), else_=charged - money)


def money_on(on: Day) -> ColumnElement[int]:
    """What counts on the day, in cents: the stored total, or the sum up to the day where some came later."""
    counted = (
        select(func.coalesce(cast(func.sum(allocation.c.cents), BigInteger), 0))
        .where(allocation.c.member == standing.c.member, allocation.c.value_date <= on, *counting())
        .where(standing.c.accepted_on <= on)
        .scalar_subquery()
        .correlate(standing)
    )
    return case((or_(standing.c.money_on.is_(None), standing.c.money_on <= on), standing.c.money_cents), else_=counted)


def counting() -> tuple[Condition, ...]:
    """Which allocations count at all, beside their member's row: not what was reversed, and not what the matcher found
    up to the day of the register's last payment. (None counts before acceptance.)
    """
    not_in_opening = or_(
        allocation.c.reason != MATCHER,
        standing.c.opening_on.is_(None),
        allocation.c.value_date > standing.c.opening_on,
    )
    return (allocation.c.reversed_by.is_(None), not_in_opening)


def _joined(on: Day, settled: Any, money: ColumnElement[int]) -> FromClause:
    """Everyone's row, with the period of the fee calendar the money reaches, and what was decided."""
    paid_periods = fee_calendar.alias("paid_periods")
    reached = (
        select(paid_periods.c.fees_before_cents)
        .where(paid_periods.c.first_day == standing.c.first_day, paid_periods.c.fees_before_cents <= money)
        .order_by(paid_periods.c.fees_before_cents.desc())
        .limit(1)
        .scalar_subquery()
        .correlate(standing)
    )
    joined: FromClause = standing.outerjoin(
        settled,
        and_(
            standing.c.covered_from <= on,
            settled.c.first_day == standing.c.first_day,
            settled.c.fees_before_cents == reached,
        ),
    )
    return decided_by(joined, on)


def decided_by(joined: FromClause, on: Day) -> FromClause:
    """`joined`, which has `standing` in it, with what had been decided by the day and was in force on it. `on` may be a
    column of `joined`.
    """
    excluding = tuple(kind.value for kind in EXCLUSIONS)
    joined = joined.outerjoin(_DEATH, _DEATH.c.id == _first(("deceased",), on, latest=False))
    joined = joined.outerjoin(_EXCLUSION, _EXCLUSION.c.id == _first(excluding, on, latest=True, open_still=True))
    applying = ("applied", "accepted", "refused")
    joined = joined.outerjoin(_APPLICATION, _APPLICATION.c.id == _first(applying, on, latest=True))
    return joined.outerjoin(_OBJECTION, _OBJECTION.c.id == _first(("objection",), on, latest=False, open_still=True))


def of_kinds(decisions: FromClause, kinds: Sequence[str]) -> Condition:
    """Decisions of one of these kinds; not to be found by the index, of which the member is enough. In a file that was
    analysed SQLite 3.40 steps along it from kind to kind and takes decisions of later days than those asked for.
    """
    return decisions.c.kind.concat(literal_column("''")).in_(kinds)


def recorded(decisions: FromClause) -> ColumnElement[int]:
    """Orders decisions as they were first recorded: a row that sets an end, or an undo's, keeps the place of the row it
    continues.
    """
    return func.coalesce(decisions.c.continues, decisions.c.id)


def _first(kinds: tuple[str, ...], on: Day, *, latest: bool, open_still: bool = False) -> ColumnElement[int]:
    """The id of the latest (or the first) of these decisions begun by the day; of one day the last recorded. Looked for
    only where there are any, which is cheap for the many members of whom nothing was ever decided.
    """
    word = decision.alias("word")
    order = word.c.begins_on.desc() if latest else word.c.begins_on.asc()
    query = select(word.c.id).where(
        word.c.member == standing.c.member,
        of_kinds(word, kinds),
        word.c.begins_on <= on,
        word.c.reversed_by.is_(None),
    )
    if open_still:
        query = query.where(or_(word.c.ends_on.is_(None), word.c.ends_on > on))
    found = query.order_by(order, recorded(word).desc()).limit(1).scalar_subquery().correlate_except(word)
    return case((standing.c.decided, found))
