"""The suggestions that hold: of deposits that still are as their matching left them (docs/rules.md, section 4.2)."""

from sqlalchemy import ColumnElement, Select, exists, func, select

from ancadmin.db.schema import deposit, desk_decision, member, suggestion
from ancadmin.domain.deposits import State
from ancadmin.services.deposits.matching.ladder import holding
from ancadmin.services.desk.verdicts import MARKED

SUGGESTION = "suggestion"
"""What claims and decisions call a deposit with suggestions; its number is the deposit's."""


def held() -> Select[int, int, str, int, str]:
    """Rows `deposit, member, reason, score, evidence`, a row a suggestion; of a member merged into another it is that
    other's, so that somebody may come twice.
    """
    return (
        select(
            suggestion.c.deposit,
            func.coalesce(member.c.merged_into, member.c.id).label("member"),
            suggestion.c.reason,
            suggestion.c.score,
            suggestion.c.evidence,
        )
        .select_from(suggestion.join(deposit, holding()))
        .join(member, member.c.id == suggestion.c.member)
        .where(*suggested())
    )


def suggested() -> tuple[ColumnElement[bool], ...]:
    """Of deposits: those that wait for an officer to accept a suggestion."""
    return (deposit.c.state == State.SUGGESTED.value, deposit.c.reversed_by.is_(None))


def marked() -> ColumnElement[bool]:
    """Of deposits: somebody left a word that they wait for something."""
    return exists(
        select(desk_decision.c.id).where(
            desk_decision.c.kind == SUGGESTION,
            desk_decision.c.subject == deposit.c.id,
            desk_decision.c.verdict == MARKED,
            desk_decision.c.reversed_by.is_(None),
        )
    )


def best(*which: ColumnElement[bool]) -> Select[int, int, str, int, int]:
    """Rows `deposit, member, reason, score, rivals`: of each deposit (those with `which`) the likeliest member, and how
    many are as likely; from 2 on it is a tie, and `member` is any of them.
    """
    every = held().where(*which).subquery()
    place = func.rank().over(partition_by=every.c.deposit, order_by=every.c.score.desc()).label("place")
    ranked = select(every, place).subquery()
    return (
        select(
            ranked.c.deposit,
            func.min(ranked.c.member).label("member"),
            func.min(ranked.c.reason).label("reason"),
            func.max(ranked.c.score).label("score"),
            func.count(ranked.c.member.distinct()).label("rivals"),
        )
        .where(ranked.c.place == 1)
        .group_by(ranked.c.deposit)
    )
