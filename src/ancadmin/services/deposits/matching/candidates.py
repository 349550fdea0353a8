"""What is on record about the members a deposit may be meant for, as it was on its value date."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import groupby, islice
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, cast, func, null, select

from ancadmin.db.batches import Batch
from ancadmin.db.bulk import plain_rows
from ancadmin.db.schema import allocation, branch, deposit, fee_calendar, member, standing
from ancadmin.domain.named_people import Fit, Words
from ancadmin.domain.names import surname_key
from ancadmin.domain.narrative_digits import Places
from ancadmin.domain.suggestions import Branches, Candidates, Found, Named, Paid, ranked
from ancadmin.services.deposits.matching.ladder import excluded, fee_on, in_opening, not_accepted, owes_nothing
from ancadmin.services.deposits.matching.working import CANDIDATE, LEGACY_REFERENCE, NAME
from ancadmin.services.standing.query import counting

_AT_A_TIME = 20_000

Suggested = tuple[int, int, tuple[str, ...]]
"""A member, the score and the evidence."""


class _Row(NamedTuple):
    """A candidate as `_query` gives it: one plain tuple each, for there may be as many as deposits."""

    deposit: int
    rung: int
    member: int
    weight: float
    words: str
    led: str
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


def judged(batch: Batch) -> Iterator[tuple[int, int | None, list[Suggested]]]:
    """Each deposit that has candidates, in order: its number, its first rung that holds (None where none does), and
    the members of that rung that are kept, the likeliest first.
    """
    query = str(_query(batch).compile(batch.connection, compile_kwargs={"literal_binds": True}))
    for rows in _stretches(map(_Row._make, plain_rows(batch.connection, query))):
        yield from _answers(rows)


def _stretches(rows: Iterator[_Row]) -> Iterator[list[_Row]]:
    """Rows, some ten thousands together; those of a deposit stay together."""
    rest: list[_Row] = []
    while more := list(islice(rows, _AT_A_TIME)):
        rest += more
        whole = bisect_left(rest, rest[-1].deposit, key=attrgetter("deposit"))
        if whole:
            yield rest[:whole]
        rest = rest[whole:]
    if rest:
        yield rest


def _answers(rows: list[_Row]) -> Iterator[tuple[int, int | None, list[Suggested]]]:
    held = [rows[place] for place in _held(rows).tolist()]
    found = ranked(_candidates(held))
    kept = [held[place] for place in found.place.tolist()]
    suggested = zip(kept, found.score.tolist(), found.evidence, strict=True)
    answers = {
        number: (one[0][0].rung, [(row.member, score, evidence) for row, score, evidence in one])
        for number, one in ((number, list(one)) for number, one in groupby(suggested, key=lambda one: one[0].deposit))
    }
    for number in dict.fromkeys(row.deposit for row in rows):
        yield number, *answers.get(number, (None, []))


def _held(rows: list[_Row]) -> Places:
    """The places of those whom the first rung that holds suggests, deposit after deposit: a reference or a name only
    where it is one member's; nobody who was dead or expelled.
    """
    deposit, rung, member = (np.array([row[at] for row in rows], dtype=np.int64) for at in range(3))
    # Of what led to a member in several ways the weightiest comes last, and stands.
    order = np.lexsort((member, rung, deposit))
    same = [column[order][1:] == column[order][:-1] for column in (deposit, rung, member)]
    place = order[np.append(~np.logical_and.reduce(same), True)]
    of_rung = deposit[place] * (NAME + 1) + rung[place]
    _, group, members = np.unique(of_rung, return_inverse=True, return_counts=True)
    one_s = (members[group] == 1) | ~np.isin(rung[place], (LEGACY_REFERENCE, NAME))
    excluded = np.array([row.excluded for row in rows], dtype=np.bool_)
    place = place[one_s & ~excluded[place]]
    _, first, group = np.unique(deposit[place], return_index=True, return_inverse=True)
    of_first: Places = place[rung[place] == rung[place][first][group]]
    return of_first


def _candidates(rows: list[_Row]) -> Candidates:
    texts = {row.narrative for row in rows if not row.narrative.isdigit()}
    words = {text: Words(text) for text in texts}
    return Candidates(
        deposit=np.array([row.deposit for row in rows], dtype=np.int64),
        id_number=np.array([int(row.id_number) for row in rows], dtype=np.int64),
        found=[Found(row.weight, row.words) for row in rows],
        paid=[Paid(row.cents, row.fee, bool(row.owed) and row.owed == row.cents) for row in rows],
        named=[_named(row, words[row.narrative]) if row.narrative in words else None for row in rows],
        branches=[_branches(row) if row.said_branch else None for row in rows],
        waits=[bool(row.waits) for row in rows],
        in_opening=[bool(row.in_opening) for row in rows],
    )


def _named(row: _Row, words: Words) -> Named | None:
    key = surname_key(row.surname)
    fit = words.fit(key, row.first_names)
    if fit is None:
        return None
    led = Fit.INITIALS if row.rung == NAME else Words(row.led).fit(key, row.first_names)
    return Named(row.surname, fit, led)


def _branches(row: _Row) -> Branches:
    said = str(row.said_branch)
    return Branches(said, row.branch, row.rung == NAME or said in row.led)


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
        .order_by(CANDIDATE.c.deposit, CANDIDATE.c.rung, CANDIDATE.c.weight, CANDIDATE.c.words, CANDIDATE.c.led)
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
    # Of most members nothing was ever decided, which spares looking for each kind of decision.
    nothing = and_(standing.c.decided, owes_nothing(standing.c.member, day))
    return case((nothing, null()), else_=charged - money)
