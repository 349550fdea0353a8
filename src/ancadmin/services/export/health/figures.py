"""What a branch's health is reckoned from: a query a month for all branches together, never one a branch."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Subquery, case, func, select

from ancadmin.db.schema import branch, member, standing
from ancadmin.domain.health import BranchHealth, Held, Month, expected_of, months_back, ranks
from ancadmin.domain.papers import BranchPlace
from ancadmin.domain.policy import Policy
from ancadmin.domain.quality import Kind, Quality
from ancadmin.domain.renewals import Renewal, renewal
from ancadmin.domain.since import Member, Periods, covers
from ancadmin.domain.standing import Status
from ancadmin.services.member.moving.place import belonging, place_on
from ancadmin.services.report.accounts import periods_begun
from ancadmin.services.standing.calendars import ready
from ancadmin.services.standing.causes import causes
from ancadmin.services.standing.query import standing_on

_PAYING = (Status.GOOD_STANDING, Status.PROBATION)
Counts = dict[str, Counter[str]]


@dataclass
class _Now:
    """Of the branches of a region on the day: members by status, and by month what falls due of those who pay."""

    statuses: Counts = field(default_factory=lambda: defaultdict(Counter))
    falling_due: Counts = field(default_factory=lambda: defaultdict(Counter))


def healths(
    connection: Connection,
    policy: Policy,
    there: Sequence[BranchPlace],
    day: date,
    quality: Mapping[tuple[Kind, str], Quality],
    known_on: date,
) -> list[BranchHealth]:
    """The health of branches of one region, all or some of them, at the end of `day`. `quality` as `figures` counts it,
    of the record as it is on `known_on`. Raises what `calendars.ready` raises.
    """
    ready(connection, day, policy)
    codes = [place.code for place in there]
    spans = months_back(day)
    region = list(connection.scalars(select(branch.c.code).where(branch.c.region == there[0].region_code)))
    now = _on_the_day(connection, policy, region, day)
    ends = [_statuses(connection, policy, codes, last) for _, last in spans[:-1]]
    renewed = _renewals(connection, policy, codes, spans[0][0], day)
    held = _held(connection, codes)
    order = ranks({code: now.statuses[code][Status.GOOD_STANDING] for code in region})
    return [
        BranchHealth(
            place=place,
            day=day,
            minimum=policy.on(day).branch_minimum,
            rank=order[place.code],
            months=tuple(
                Month(first, last, statuses[place.code], renewed[place.code, f"{first:%Y-%m}"])
                for (first, last), statuses in zip(spans, (*ends, now.statuses), strict=True)
            ),
            expected=expected_of(day, now.falling_due[place.code]),
            quality=quality[Kind.BRANCH, place.code],
            held=held.get(place.code, Held()),
            known_on=known_on,
        )
        for place in there
    ]


def _on_the_day(connection: Connection, policy: Policy, codes: Sequence[str], day: date) -> _Now:
    def month(rules: Subquery) -> ColumnElement[str]:
        return case((rules.c.paid_until > day.isoformat(), func.substr(rules.c.paid_until, 1, 7)))

    found = _Now()
    for code, status, due, members in _counted(connection, policy, codes, day, month):
        found.statuses[code][status] += members
        if due is not None and status in _PAYING:
            found.falling_due[code][due] += members
    return found


def _statuses(connection: Connection, policy: Policy, codes: Sequence[str], day: date) -> Counts:
    found: Counts = defaultdict(Counter)
    for code, status, members in _counted(connection, policy, codes, day):
        found[code][status] += members
    return found


def _counted(
    connection: Connection,
    policy: Policy,
    codes: Sequence[str],
    day: date,
    *more: Callable[[Subquery], ColumnElement[str]],
) -> Iterator[tuple[Any, ...]]:
    """Members of the branches at the end of a day by branch, status and `more`."""
    on = day.isoformat()
    rules = standing_on(day, policy, belonging(connection, on, codes)).subquery("standing_on")
    columns = (place_on(connection, on), rules.c.status, *(one(rules) for one in more))
    query = select(*columns, func.count()).join_from(rules, member, member.c.id == rules.c.member).group_by(*columns)
    for row in connection.execute(query):
        yield tuple(row)


def _renewals(
    connection: Connection, policy: Policy, codes: Sequence[str], first: date, day: date
) -> dict[tuple[str, str], Counter[Renewal]]:
    """By branch and month, how those renewed whose period began in it."""
    found: dict[tuple[str, str], Counter[Renewal]] = defaultdict(Counter)
    on = day.isoformat()
    members = belonging(connection, on, codes)
    numbers, begun = periods_begun(connection, first.isoformat(), on, standing.c.member.in_(members))
    rows = connection.execute(
        select(standing.c.member, place_on(connection, on), standing.c.covered_from, standing.c.first_day)
        .join(member, member.c.id == standing.c.member)
        .where(standing.c.member.in_(members), standing.c.covered_from <= on)
    )
    known = {row[0]: (row[1], row[2], row[3]) for row in rows}
    money, periods = causes(connection, members).credits, Periods(policy)
    for number, due in zip(numbers.tolist(), begun.astype(str).tolist(), strict=True):
        if number not in known:
            continue
        code, covered_from, first_day = known[number]
        person = Member("", covered_from, first_day, None, credits=money.get(number, ()))
        kind = renewal(due, covers(person, periods), on)
        if kind is not None:
            found[code, due[:7]][kind] += 1
    return found


def _held(connection: Connection, codes: Sequence[str]) -> dict[str, Held]:
    """What members on record today have, by branch."""
    parts = (member.c.cell, member.c.email, member.c.voting_district)
    query = (
        select(member.c.branch, func.count(), *(func.count(func.nullif(part, "")) for part in parts))
        .where(member.c.branch.in_(codes), member.c.merged_into.is_(None))
        .group_by(member.c.branch)
    )
    return {row[0]: Held(*row[1:]) for row in connection.execute(query)}
