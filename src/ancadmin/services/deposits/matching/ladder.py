"""The ladder of docs/rules.md, section 4.2, as SQL: which rung is the first that holds for a deposit.

Written once, for a column of deposits joined to the member registered under the number read, or to none.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, or_, select
from sqlalchemy.sql.selectable import FromClause

from ancadmin.db.schema import decision, deposit, suggestion
from ancadmin.domain.deposits import NAMED, SUGGESTING, Reason, State
from ancadmin.domain.policy import Policy
from ancadmin.domain.standing import RULES
from ancadmin.services.standing.query import of_kinds

BULK = (Reason.SEVERAL_IDS, Reason.BULK_WORDS, Reason.BULK_AMOUNT)
_OWES_NOTHING = tuple(rule.status.value for rule in RULES if not rule.owes)


def reason_of(
    id_number: ColumnElement[str | None],
    numbers: ColumnElement[int],
    member: FromClause,
    today: date,
    policy: Policy,
) -> ColumnElement[str]:
    """The reason of the first rung that holds. `numbers`: how many valid ID numbers the narrative has; `id_number`:
    the one, where it is one; `member`: who is registered under it, nulls where nobody is.
    """
    day = deposit.c.value_date
    fee = fee_on(day, policy)
    words, amount = (number_on(name, day, policy) for name in ("bulk_word_fees", "bulk_amount_fees"))
    registered = member.c.id.is_not(None)
    return case(
        (numbers > 1, Reason.SEVERAL_IDS.value),
        (and_(deposit.c.bulk_words, deposit.c.cents > fee * words), Reason.BULK_WORDS.value),
        (deposit.c.cents > fee * amount, Reason.BULK_AMOUNT.value),
        (and_(registered, excluded(member.c.id, deposit.c.value_date)), Reason.MEMBER_EXCLUDED.value),
        (and_(registered, not_accepted(member, today)), Reason.NOT_ACCEPTED_YET.value),
        (and_(registered, in_opening(member, deposit.c.value_date)), Reason.IN_OPENING.value),
        (registered, Reason.ID_REFERENCE.value),
        (id_number.is_not(None), Reason.ID_NOT_REGISTERED.value),
        (func.trim(deposit.c.narrative) != "", Reason.NO_MATCH.value),
        else_=Reason.NO_REFERENCE.value,
    )


def state_of(reason: ColumnElement[str]) -> ColumnElement[str]:
    """The state that goes with a reason of the ladder."""
    return case(
        (reason == Reason.ID_REFERENCE.value, State.MATCHED.value),
        (reason.in_([one.value for one in BULK]), State.BULK.value),
        (reason.in_([one.value for one in SUGGESTING]), State.SUGGESTED.value),
        else_=State.UNALLOCATED.value,
    )


def names_member(reason: ColumnElement[str]) -> ColumnElement[bool]:
    """Reasons that name the member: the money is theirs, or would be."""
    return reason.in_([Reason.ID_REFERENCE.value, *(one.value for one in NAMED)])


def holding() -> ColumnElement[bool]:
    """Which suggestions of a deposit hold: those of the batch that last decided what it is."""
    return and_(
        suggestion.c.deposit == deposit.c.id,
        suggestion.c.batch == deposit.c.matched_in,
        deposit.c.state == State.SUGGESTED.value,
    )


def fee_on(day: ColumnElement[str], policy: Policy) -> ColumnElement[int]:
    """The fee in force on a day, in cents."""
    return _dated([(fee.from_day, fee.cents) for fee in policy.fees], day)


def number_on(name: str, day: ColumnElement[str], policy: Policy) -> ColumnElement[int]:
    """The number `name` of the policy in force on a day."""
    return _dated([(numbers.from_day, getattr(numbers, name)) for numbers in policy.numbers], day)


def _dated(entries: Sequence[tuple[date, int]], day: ColumnElement[str]) -> ColumnElement[int]:
    """Of entries in order of their days the last begun; the first holds from ever."""
    later = [(day >= begun.isoformat(), literal(value)) for begun, value in reversed(entries[1:])]
    first = literal(entries[0][1])
    return case(*later, else_=first) if later else first


def excluded(member_id: ColumnElement[int], day: ColumnElement[str] | str) -> ColumnElement[bool]:
    """Dead, or expelled, on that day."""
    return _decided(member_id, ("deceased", "expelled"), day)


def owes_nothing(member_id: ColumnElement[int], day: ColumnElement[str]) -> ColumnElement[bool]:
    """No dues are owed on that day, because of what was decided."""
    return _decided(member_id, _OWES_NOTHING, day)


def _decided(
    member_id: ColumnElement[int], kinds: tuple[str, ...], day: ColumnElement[str] | str
) -> ColumnElement[bool]:
    """One of these was decided, and in force on that day."""
    begun = and_(
        decision.c.member == member_id,
        of_kinds(decision, kinds),
        decision.c.begins_on <= day,
        decision.c.reversed_by.is_(None),
    )
    return exists(select(1).where(begun, or_(decision.c.ends_on.is_(None), decision.c.ends_on > day)))


def not_accepted(member: FromClause, today: date) -> ColumnElement[bool]:
    """Applied, and not accepted up to today. Members of a register are accepted with it."""
    accepted = exists(
        select(1).where(
            decision.c.member == member.c.id,
            decision.c.kind == "accepted",
            decision.c.begins_on <= today.isoformat(),
            decision.c.reversed_by.is_(None),
        )
    )
    return and_(member.c.origin == "application", ~accepted)


def in_opening(member: FromClause, day: ColumnElement[str]) -> ColumnElement[bool]:
    """Up to the register's last payment, where its day and its amount were captured: that money is in it already. Those
    who applied have no opening position, even where a register lists them by now.
    """
    captured = and_(day <= member.c.last_payment_on, member.c.last_payment_cents.is_not(None))
    return and_(member.c.origin == "register", captured)
