"""What another policy would change, and whose standing it would move on a day: before it is made.

The store is settled anew under it on tables that stand before its own (`services/standing/shadow.py`), in sets: nothing
is written, and nobody who writes waits.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Integer, MetaData, Select, String, Table, func, insert, select

from ancadmin.db.schema import fee_calendar, member, opening_period, setting, standing
from ancadmin.domain.policy import Policy
from ancadmin.domain.standing import RULE_NUMBERS, Status
from ancadmin.errors import StoreError
from ancadmin.policy import load_policy
from ancadmin.policy.differences import Difference, differences
from ancadmin.services.config.known import policy_in_force
from ancadmin.services.export.scope import Scope
from ancadmin.services.member.moving.place import place_on
from ancadmin.services.member.within import members_within
from ancadmin.services.session import Session
from ancadmin.services.standing.calendars import ready, terms
from ancadmin.services.standing.query import Members, standing_on
from ancadmin.services.standing.settle import rebuild
from ancadmin.services.standing.shadow import analyse, shadowed

_AT_A_TIME = 5_000
_DERIVED = (standing, fee_calendar, opening_period, setting)


def _told(name: str) -> Table:
    """The standing of everyone asked about, under one of the policies."""
    return Table(
        name,
        MetaData(),
        Column("member", Integer, primary_key=True),
        Column("status", String, nullable=False),
        Column("paid_until", String),
        prefixes=["TEMPORARY"],
    )


_NOW, _THEN = _told("standing_now"), _told("standing_then")


@dataclass(frozen=True)
class Comparison:
    """Two policies, by version, and what the other would change. `listed` counts the members asked about, `moved` those
    of another status on `on`, by `moves` (from, to, how many). `branches` reach their minimum of members in good
    standing now, `branches_then` under the other.
    """

    version: str
    version_then: str
    on: date
    changes: list[Difference]
    listed: int
    moved: int
    moves: list[dict[str, Any]]
    branches: int
    branches_then: int


@contextmanager
def compare(
    session: Session, path: Path, on: date | None, scope: Scope | None, *, full_ids: bool | None
) -> Iterator[tuple[Comparison, Iterator[dict[str, Any]]]]:
    """Compares the policy in `path` with the one the store is reckoned with. While the block is open the rows of those
    it would move come: `id_number, surname, first_names, branch, from, to, paid_until, paid_until_then`, by branch and
    name (`full_ids` None: nobody is shown, and there are none). Raises ConfigurationError for a file that is wrong,
    InputRefused for a day or a place that cannot be answered, NotAllowed for a place out of reach.
    """
    day, then = on or session.today, load_policy(path)
    detail = {
        "on": day.isoformat(),
        "place": scope.place if scope else None,
        "version": then.version,
        "full_ids": full_ids,
    }
    with session.reading("config policy diff", **detail) as connection:
        now = policy_in_force(connection)
        if now is None:
            raise StoreError(
                "none of the policies it was written under can be read any more", "Bring one into force: ancadmin sweep"
            )
        ready(connection, day, now)
        within = members_within(session, connection, scope, day)
        _tell(session, connection, day, now, then, within)
        found = _compared(connection, day, now, then)
        yield found, _members(connection, day) if full_ids is not None else iter(())
        for table in (_NOW, _THEN):
            table.drop(connection, checkfirst=False)


def _tell(
    session: Session, connection: Connection, day: date, now: Policy, then: Policy, within: Members | None
) -> None:
    """Fills the two tables. A policy with the same fees and months gives nobody another standing."""
    for table in (_NOW, _THEN):
        table.create(connection, checkfirst=False)
    with session.progress.step("Telling everyone's standing"):
        _fill(connection, _NOW, standing_on(day, now, within))
    if terms(now) == terms(then):
        connection.execute(insert(_THEN).from_select(_THEN.columns.keys(), select(_NOW)))
        return
    with shadowed(connection, dict.fromkeys(_DERIVED)):
        with session.progress.step("Settling everyone under the other policy"):
            rebuild(connection, select(member.c.id) if within is None else within, session.today, then)
            analyse(connection, *_DERIVED)
        with session.progress.step("Telling everyone's standing under it"):
            _fill(connection, _THEN, standing_on(day, then, within))


def _fill(connection: Connection, table: Table, query: Select[Any]) -> None:
    told = query.subquery("told")
    names = table.columns.keys()
    connection.execute(insert(table).from_select(names, select(*(told.c[name] for name in names))))
    analyse(connection, table)


def _compared(connection: Connection, day: date, now: Policy, then: Policy) -> Comparison:
    order = list(RULE_NUMBERS)
    rows = connection.execute(
        select(_NOW.c.status, _THEN.c.status, func.count())
        .join(_THEN, _THEN.c.member == _NOW.c.member)
        .where(_NOW.c.status != _THEN.c.status)
        .group_by(_NOW.c.status, _THEN.c.status)
    )
    moves = sorted(map(tuple, rows), key=lambda row: (order.index(row[0]), order.index(row[1])))
    return Comparison(
        version=now.version,
        version_then=then.version,
        on=day,
        changes=differences(now, then),
        listed=connection.scalar(select(func.count()).select_from(_NOW)) or 0,
        moved=sum(count for _, _, count in moves),
        moves=[{"from": before, "to": after, "n": count} for before, after, count in moves],
        branches=_branches(connection, _NOW, day, now.on(day).branch_minimum),
        branches_then=_branches(connection, _THEN, day, then.on(day).branch_minimum),
    )


def _branches(connection: Connection, told: Table, day: date, minimum: int) -> int:
    """How many branches have their minimum of members in good standing on the day."""
    enough = (
        select(func.count().label("n"))
        .select_from(member)
        .join(told, told.c.member == member.c.id)
        .where(told.c.status == Status.GOOD_STANDING.value)
        .group_by(place_on(connection, day.isoformat()))
        .having(func.count() >= minimum)
        .subquery("enough")
    )
    return connection.scalar(select(func.count()).select_from(enough)) or 0


def _members(connection: Connection, day: date) -> Iterator[dict[str, Any]]:
    """Those of another status under the other policy, with the branch of the day."""
    place = place_on(connection, day.isoformat())
    rows = connection.execute(
        select(
            member.c.id_number,
            member.c.surname,
            member.c.first_names,
            place.label("branch"),
            _NOW.c.status.label("from"),
            _THEN.c.status.label("to"),
            _NOW.c.paid_until,
            _THEN.c.paid_until.label("paid_until_then"),
        )
        .join(_NOW, _NOW.c.member == member.c.id)
        .join(_THEN, _THEN.c.member == member.c.id)
        .where(_NOW.c.status != _THEN.c.status)
        .order_by(place, member.c.surname, member.c.first_names, member.c.id_number)
        .execution_options(yield_per=_AT_A_TIME)
    )
    return (dict(row) for row in rows.mappings())
