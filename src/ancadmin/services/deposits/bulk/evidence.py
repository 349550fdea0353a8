"""Someone paying for others: what the days flagged `bulk_pattern` show (docs/rules.md, section 4.2).

Before a conference members are paid up by others so that they may vote. The report says who paid (a terminal, or
whoever names a branch), where and when, how many and how much, how new these members are, and how many of them would
be in good standing only through it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from statistics import median_low
from typing import Any

from sqlalchemy import Connection, Select, and_, select

from ancadmin.db.schema import allocation, branch, deposit, member
from ancadmin.domain.deposits import Flag, State
from ancadmin.domain.standing import Status
from ancadmin.services.member.within import members_within
from ancadmin.services.session import Session
from ancadmin.services.standing.supposed import Money, Supposed, supposed

_KINDS = {"terminal": deposit.c.terminal, "branch": deposit.c.branch}
_CHUNK = 5_000


@dataclass(frozen=True)
class Wanted:
    """Which patterns: of value dates (both included), and of a branch that is named or whose members are paid for."""

    first_day: date | None = None
    last_day: date | None = None
    branch: str | None = None


@dataclass
class _Pattern:
    """One code on one day: its deposits (cents of each) and what they credited (entries)."""

    kind: str
    code: str
    value_date: str
    deposits: dict[int, int] = field(default_factory=dict)
    entries: list[Any] = field(default_factory=list)


def patterns(session: Session, wanted: Wanted, on: date | None) -> list[dict[str, Any]]:
    """Rows by day and code: value_date, kind (terminal or branch), code, branch (its name), deposits, cents, members,
    joined_days and last_paid_days (medians, from then to the value date; None: nobody), never_paid (before),
    only_through (in good standing on `on`, today unless given, and not without this money), and `people`. Of members
    only those within reach, and no pattern without one of them.
    """
    day = on or session.today
    detail = {"from": wanted.first_day, "to": wanted.last_day, "branch": wanted.branch, "on": day}
    with session.reading("deposits patterns", **{name: str(one) for name, one in detail.items() if one}) as connection:
        names = {row.code: row.name for row in connection.execute(select(branch.c.code, branch.c.name))}
        found = [
            one
            for one in _patterns(connection, wanted, names, members_within(session, connection, None))
            if len(one.deposits) >= session.policy.on(date.fromisoformat(one.value_date)).bulk_pattern_deposits
        ]
        if wanted.branch is not None:
            found = [one for one in found if _is_about(one, wanted.branch)]
        without = _without(connection, found, day, session)
        before = _last_paid(connection, found)
    return [_row(one, without[at], before, names) for at, one in enumerate(found)]


def _patterns(
    connection: Connection, wanted: Wanted, names: Mapping[str, str], within: Select[tuple[int]] | None
) -> list[_Pattern]:
    """The flagged deposits by day and code, in this order, with what they credit `within` reach (None: everybody is).
    A branch code is one on record.
    """
    conditions = [deposit.c.flags == Flag.BULK_PATTERN.value, deposit.c.reversed_by.is_(None)]
    if wanted.first_day is not None:
        conditions.append(deposit.c.value_date >= wanted.first_day.isoformat())
    if wanted.last_day is not None:
        conditions.append(deposit.c.value_date <= wanted.last_day.isoformat())
    seen = member.c.id == allocation.c.member
    if within is not None:
        seen = and_(seen, member.c.id.in_(within))
    rows = connection.execute(
        select(
            deposit.c.id,
            deposit.c.value_date,
            deposit.c.cents,
            deposit.c.terminal,
            deposit.c.branch,
            allocation.c.cents.label("credited"),
            allocation.c.reason,
            member.c.id.label("member"),
            member.c.id_number,
            member.c.branch.label("of_branch"),
            member.c.joined_on,
            member.c.last_payment_on,
        )
        .select_from(
            deposit.outerjoin(
                allocation, (allocation.c.deposit == deposit.c.id) & allocation.c.reversed_by.is_(None)
            ).outerjoin(member, seen)
        )
        .where(*conditions, deposit.c.state != State.NOT_A_DEPOSIT.value)
        .order_by(deposit.c.value_date, deposit.c.id)
    )
    found: dict[tuple[str, str, str], _Pattern] = {}
    for row in rows:
        for kind, column in _KINDS.items():
            code = getattr(row, column.name)
            if code is None or (kind == "branch" and code not in names):
                continue
            key = (row.value_date, kind, code)
            one = found.setdefault(key, _Pattern(kind, code, row.value_date))
            one.deposits[row.id] = row.cents
            if row.member is not None:
                one.entries.append(row)
    return [found[key] for key in sorted(found) if within is None or found[key].entries]


def _is_about(one: _Pattern, code: str) -> bool:
    return (one.kind == "branch" and one.code == code) or any(entry.of_branch == code for entry in one.entries)


def _without(
    connection: Connection, found: list[_Pattern], day: date, session: Session
) -> dict[int, dict[int, Supposed]]:
    """For each pattern its members' standing with and without its money. A member may be in several: those are
    reckoned in rounds, each member once in a round.
    """
    rounds: list[dict[int, int]] = []
    times: dict[int, int] = defaultdict(int)
    for at, one in enumerate(found):
        for who in sorted({entry.member for entry in one.entries}):
            if times[who] == len(rounds):
                rounds.append({})
            rounds[times[who]][who] = at
            times[who] += 1
    told: dict[int, dict[int, Supposed]] = {at: {} for at in range(len(found))}
    for which in rounds:
        money = [
            Money(who, entry.value_date, -entry.credited, entry.reason)
            for who, at in which.items()
            for entry in found[at].entries
            if entry.member == who
        ]
        for who, standing in supposed(connection, money, day, session.policy).items():
            told[which[who]][who] = standing
    return told


def _last_paid(connection: Connection, found: list[_Pattern]) -> Mapping[int, list[str]]:
    """The value dates of everything credited to the members, in order."""
    people = sorted({entry.member for one in found for entry in one.entries})
    days: dict[int, list[str]] = defaultdict(list)
    for start in range(0, len(people), _CHUNK):
        rows = connection.execute(
            select(allocation.c.member, allocation.c.value_date)
            .where(allocation.c.member.in_(people[start : start + _CHUNK]), allocation.c.reversed_by.is_(None))
            .order_by(allocation.c.value_date)
        )
        for row in rows:
            days[row.member].append(row.value_date)
    return days


def _row(
    one: _Pattern, standing: dict[int, Supposed], paid: Mapping[int, list[str]], names: Mapping[str, str]
) -> dict[str, Any]:
    people = list(_people(one, standing, paid))
    joined = [_days(person["joined_on"], one.value_date) for person in people if person["joined_on"]]
    before = [_days(person["last_paid_on"], one.value_date) for person in people if person["last_paid_on"]]
    return {
        "value_date": one.value_date,
        "kind": one.kind,
        "code": one.code,
        "branch": names.get(one.code) if one.kind == "branch" else None,
        "deposits": len(one.deposits),
        "cents": sum(one.deposits.values()),
        "members": len(people),
        "joined_days": median_low(joined) if joined else None,
        "last_paid_days": median_low(before) if before else None,
        "never_paid": sum(1 for person in people if not person["last_paid_on"]),
        "only_through": sum(1 for person in people if person["only_through"]),
        "people": people,
    }


def _people(one: _Pattern, standing: dict[int, Supposed], paid: Mapping[int, list[str]]) -> Iterator[dict[str, Any]]:
    """Each member paid for: what was credited, when they joined and had paid before, standing with and without it."""
    credited: dict[int, list[Any]] = defaultdict(list)
    for entry in one.entries:
        credited[entry.member].append(entry)
    for who, entries in credited.items():
        first = entries[0]
        earlier = [day for day in (*paid[who], first.last_payment_on or "") if day and day < one.value_date]
        known = standing.get(who)
        good = Status.GOOD_STANDING
        yield {
            "id_number": first.id_number,
            "branch": first.of_branch,
            "cents": sum(entry.credited for entry in entries),
            "joined_on": first.joined_on,
            "last_paid_on": max(earlier, default=None),
            "status": known.status if known else None,
            "status_without": known.status_then if known else None,
            "only_through": bool(known and known.status == good and known.status_then != good),
        }


def _days(day: str, until: str) -> int:
    return (date.fromisoformat(until) - date.fromisoformat(day)).days
