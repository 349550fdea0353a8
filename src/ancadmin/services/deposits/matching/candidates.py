"""What is on record about the members a deposit may be meant for, as it was on its value date."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Select, case, cast, func, null, select

from ancadmin.db.batches import Batch
from ancadmin.db.bulk import plain_rows
from ancadmin.db.schema import allocation, branch, deposit, fee_calendar, member, standing
from ancadmin.domain.named_people import Words
from ancadmin.domain.names import surname_key
from ancadmin.domain.suggestions import Candidate, Found, Paid, Scored, ranked
from ancadmin.services.deposits.matching.ladder import excluded, fee_on, in_opening, not_accepted, owes_nothing
from ancadmin.services.deposits.matching.working import CANDIDATE, LEGACY_REFERENCE, NAME
from ancadmin.services.standing.query import counting


class _Row(NamedTuple):
    """A candidate as `_query` gives it: one plain tuple each, for there may be as many as deposits."""

    deposit: int
    rung: int
    member: int
    weight: float
    words: str
    narrative: str
    cents: int
    fee: int
    said_branch: str | None
    id_number: str
    surname: str
    first_names: str
    branch: str
    owed: int | None
    excluded: bool
    waits: bool
    in_opening: bool


def judged(batch: Batch) -> Iterator[tuple[int, int | None, list[Scored]]]:
    """Each deposit that has candidates, in order: its number, its first rung that holds (None where none does), and
    the members of that rung with their scores.
    """
    query = str(_query(batch).compile(batch.connection, compile_kwargs={"literal_binds": True}))
    for number, rows in groupby(map(_Row._make, plain_rows(batch.connection, query)), key=lambda row: row.deposit):
        every = list(rows)
        words = Words(every[0].narrative)
        paid = Paid(every[0].cents, every[0].fee, every[0].said_branch)
        for rung, of_rung in groupby(every, key=lambda row: row.rung):
            held = _held(rung, list({row.member: row for row in of_rung}.values()))
            if held:
                yield number, rung, ranked(paid, [_candidate(row, words) for row in held])
                break
        else:
            yield number, None, []


def _held(rung: int, rows: list[_Row]) -> list[_Row]:
    """Whom a rung suggests: a reference or a name only where it is one member's; nobody who was dead or expelled."""
    if rung in (LEGACY_REFERENCE, NAME) and len(rows) != 1:
        return []
    return [row for row in rows if not row.excluded]


def _candidate(row: _Row, words: Words) -> Candidate:
    return Candidate(
        member=row.member,
        id_number=row.id_number,
        surname=row.surname,
        branch=row.branch,
        found=Found(row.weight, row.words),
        named=words.fit(surname_key(row.surname), row.first_names) if words.surnames else None,
        owed=None if row.owed is None else int(row.owed),
        waits=bool(row.waits),
        in_opening=bool(row.in_opening),
    )


def _query(batch: Batch) -> Select[Any]:
    day = deposit.c.value_date
    return (
        select(
            CANDIDATE,
            deposit.c.narrative,
            deposit.c.cents,
            fee_on(day, batch.policy).label("fee"),
            branch.c.code.label("said_branch"),
            member.c.id_number,
            member.c.surname,
            member.c.first_names,
            member.c.branch,
            _owed(day).label("owed"),
            excluded(CANDIDATE.c.member, day).label("excluded"),
            not_accepted(member, batch.today).label("waits"),
            in_opening(member, day).label("in_opening"),
        )
        .select_from(CANDIDATE.join(deposit, deposit.c.id == CANDIDATE.c.deposit))
        .join(member, member.c.id == CANDIDATE.c.member)
        .outerjoin(standing, standing.c.member == CANDIDATE.c.member)
        .outerjoin(branch, branch.c.code == deposit.c.branch)
        # Of what led to a member in several ways the weightiest comes last, and stands.
        .order_by(CANDIDATE.c.deposit, CANDIDATE.c.rung, CANDIDATE.c.weight, CANDIDATE.c.words)
    )


def _owed(day: ColumnElement[str]) -> ColumnElement[int | None]:
    """Fees of the periods begun by the day, less the money that counted then; null where nothing can be owed."""
    charged = (
        select(fee_calendar.c.fees_before_cents)
        .where(fee_calendar.c.first_day == standing.c.first_day, fee_calendar.c.starts_on > day)
        .order_by(fee_calendar.c.fees_before_cents)
        .limit(1)
        .scalar_subquery()
        .correlate(standing, deposit)
    )
    earlier = (
        select(func.coalesce(cast(func.sum(allocation.c.cents), BigInteger), 0))
        .where(allocation.c.member == standing.c.member, allocation.c.value_date <= day, *counting())
        .scalar_subquery()
        .correlate(standing, deposit)
    )
    money = case((standing.c.money_on > day, earlier), else_=standing.c.money_cents)
    return case((owes_nothing(standing.c.member, day), null()), else_=charged - money)
