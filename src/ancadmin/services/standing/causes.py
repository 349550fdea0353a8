"""The payments and decisions behind changes of status: read for the members of a stretch, handed to `domain/since`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, bindparam, case, func, select, union_all

from ancadmin.db.schema import allocation, decision, standing
from ancadmin.domain.since import Credit, Entry
from ancadmin.services.standing.chosen import fetched
from ancadmin.services.standing.query import counting, recorded

_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Causes:
    """By member id: decisions in the order they begin (of one day: as recorded), and the money that counts in the order
    it came.
    """

    entries: dict[int, list[Entry]]
    credits: dict[int, list[Credit]]


def causes(connection: Connection, members: Select[tuple[int]]) -> Causes:
    """What moved these members."""
    decided, credited = _queries(members)
    return Causes(
        entries=_by_member(fetched(connection, decided), Entry),
        credits=_by_member(fetched(connection, credited), Credit),
    )


def causes_of(connection: Connection, number: int) -> tuple[list[Entry], list[Credit]]:
    """What moved the member with this id."""
    decided, credited = _of_one()
    return (
        [Entry(*row[1:]) for row in connection.execute(decided, {"of": number})],
        [Credit(*row[1:]) for row in connection.execute(credited, {"of": number})],
    )


@cache
def _of_one() -> tuple[Select[Any], Select[Any]]:
    return _queries(select(standing.c.member).where(standing.c.member == bindparam("of")))


def _queries(members: Select[tuple[int]]) -> tuple[Select[Any], Select[Any]]:
    """The decisions and the money of these members, as `Causes` orders them; the first column is the member's id."""
    decided = (
        select(decision.c.member, decision.c.id, decision.c.kind, decision.c.begins_on, decision.c.ends_on)
        .where(decision.c.member.in_(members), decision.c.reversed_by.is_(None))
        .order_by(decision.c.member, decision.c.begins_on, recorded(decision))
    )
    counts_from = case(
        (allocation.c.value_date < standing.c.accepted_on, standing.c.accepted_on), else_=allocation.c.value_date
    )
    credited = (
        select(standing.c.member, counts_from, allocation.c.cents, allocation.c.deposit)
        .join_from(standing, allocation, allocation.c.member == standing.c.member)
        .where(standing.c.member.in_(members), standing.c.money_on.is_not(None), *counting())
        .order_by(standing.c.member, allocation.c.value_date, allocation.c.id)
    )
    return decided, credited


def _by_member(rows: list[tuple[Any, ...]], item: Callable[..., _Item]) -> dict[int, list[_Item]]:
    return {member: [item(*row[1:]) for row in group] for member, group in groupby(rows, key=itemgetter(0))}


def taken_back(connection: Connection, members: Select[tuple[int]], after: int) -> dict[int, int]:
    """By member id the last batch, of those after batch `after`, that reversed money or a decision of theirs."""
    both = union_all(
        *(
            select(table.c.member, table.c.reversed_by).where(table.c.member.in_(members), table.c.reversed_by > after)
            for table in (allocation, decision)
        )
    ).subquery("taken_back")
    query = select(both.c.member, func.max(both.c.reversed_by)).group_by(both.c.member)
    return {row[0]: row[1] for row in fetched(connection, query)}
