"""Rungs 6 to 8: whom a deposit may be meant for that names nobody plainly (docs/rules.md, section 4.2).

Candidates are found in sets, rung by rung; then each deposit gets those of its first rung that holds, with scores.
"""

import json
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, and_, case, insert, null, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.bulk import indexes_rebuilt, insert_rows, told
from ancadmin.db.schema import branch, deposit, member, suggestion
from ancadmin.domain.deposits import Reason
from ancadmin.services.deposits.matching.candidates import judged
from ancadmin.services.deposits.matching.known import any_learnt, find_known
from ancadmin.services.deposits.matching.ladder import holding
from ancadmin.services.deposits.matching.near import find_near
from ancadmin.services.deposits.matching.refused import drop_refused
from ancadmin.services.deposits.matching.wanted import Wanted
from ancadmin.services.deposits.matching.working import (
    ANSWER,
    FOUND,
    LEGACY_REFERENCE,
    LOOKED,
    NAME,
    NEAR_MISS,
    PHONE,
    put_in_order,
)
from ancadmin.services.progress import Step

_AT_A_TIME = 50_000
_REASONS = {
    None: Reason.NO_MATCH.value,
    LEGACY_REFERENCE: Reason.LEGACY_REFERENCE.value,
    NEAR_MISS: Reason.NEAR_MISS.value,
    PHONE: Reason.PHONE.value,
    NAME: Reason.NAME.value,
}

_MANY = 50_000

Answer = tuple[str, list[tuple[int, int, str]]]
"""The reason; member, score and evidence (JSON) of each suggestion, the likeliest first."""


def suggest(batch: Batch, step: Step) -> None:
    """Looks at the deposits of LOOKED and writes the suggestions that are new. FOUND says then of those it has what
    they are suggested by; of those looked at again it gets the ones whose answer is another.
    """
    connection = batch.connection
    told(connection, LOOKED)
    wanted = Wanted(learnt=any_learnt(connection))
    for numbers, narratives, branches in _narratives(connection):
        find_near(connection, numbers, narratives)
        for asked in zip(numbers, narratives, branches, strict=True):
            wanted.add(*asked)
        step.advance(len(numbers))
    find_known(connection, wanted)
    put_in_order(connection)
    drop_refused(connection)
    _write_answers(batch)
    connection.execute(update(FOUND).where(FOUND.c.deposit == ANSWER.c.deposit).values(reason=ANSWER.c.reason))
    # Nothing is left of a suggestion for a number that is one by itself.
    gone = and_(ANSWER.c.reason == Reason.NO_MATCH.value, deposit.c.id_number.is_not(None))
    reason = case((gone, Reason.ID_NOT_REGISTERED.value), else_=ANSWER.c.reason)
    columns = (deposit.c.id, null(), deposit.c.value_date, deposit.c.unallocated_cents, reason)
    again = (
        select(*columns, deposit.c.flags)
        .select_from(ANSWER.join(LOOKED, LOOKED.c.deposit == ANSWER.c.deposit))
        .join(deposit, deposit.c.id == ANSWER.c.deposit)
        .where(LOOKED.c.again)
    )
    connection.execute(insert(FOUND).from_select(FOUND.columns.keys(), again))


def _narratives(connection: Connection) -> Iterator[tuple[list[int], list[str], list[str | None]]]:
    """Numbers, narratives and branch codes (of branches on record) of the deposits to look at, in stretches."""
    query = (
        select(LOOKED.c.deposit, deposit.c.narrative, branch.c.code)
        .join(deposit, deposit.c.id == LOOKED.c.deposit)
        .outerjoin(branch, branch.c.code == deposit.c.branch)
        .order_by(LOOKED.c.deposit)
        .limit(_AT_A_TIME)
    )
    last = 0
    while rows := connection.execute(query.where(LOOKED.c.deposit > last)).all():
        yield [row.deposit for row in rows], [row.narrative for row in rows], [row.code for row in rows]
        last = rows[-1].deposit


def _write_answers(batch: Batch) -> None:
    """Writes the suggestions that are new, and the reason of each deposit whose answer is."""
    connection = batch.connection
    before = _answers_before(connection)
    rows: list[tuple[Any, ...]] = []
    reasons: list[tuple[int, str]] = []
    for number, rung, members in judged(batch):
        reason = _REASONS[rung]
        suggested = [(who, score, _as_json(evidence)) for who, score, evidence in members]
        if before.pop(number, (Reason.NO_MATCH.value, [])) != (reason, suggested):
            reasons.append((number, reason))
            rows += [(number, batch.number, who, reason, score, evidence) for who, score, evidence in suggested]
    # What is left had suggestions, and has no candidate any more.
    reasons += [(number, Reason.NO_MATCH.value) for number in before]
    with indexes_rebuilt(connection, suggestion, when=len(rows) > _MANY):
        insert_rows(connection, suggestion, ("deposit", "batch", "member", "reason", "score", "evidence"), rows)
    insert_rows(connection, ANSWER, ("deposit", "reason"), sorted(reasons))


@lru_cache(maxsize=4096)
def _as_json(evidence: tuple[str, ...]) -> str:
    return json.dumps(evidence, ensure_ascii=False)


def _answers_before(connection: Connection) -> dict[int, Answer]:
    """The answers of those that have suggestions and are looked at again."""
    query = (
        select(suggestion)
        .select_from(LOOKED.join(deposit, deposit.c.id == LOOKED.c.deposit))
        .join(suggestion, holding())
        .join(member, member.c.id == suggestion.c.member)
        .where(LOOKED.c.again)
        .order_by(suggestion.c.deposit, suggestion.c.score.desc(), member.c.id_number)
    )
    answers: dict[int, Answer] = {}
    for number, rows in groupby(connection.execute(query), key=lambda row: row.deposit):
        every = list(rows)
        answers[number] = every[0].reason, [(row.member, row.score, row.evidence) for row in every]
    return answers
