"""Why a member's standing is what it is on a day, and what comes next: the rules' answer with the facts behind it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from ancadmin.db.schema import allocation, decision, standing
from ancadmin.domain.dues import DuesPeriod, dues
from ancadmin.domain.policy import Policy
from ancadmin.domain.since import FROM_EVER, Entry, Member, Periods, beginning
from ancadmin.domain.standing import SENTENCES, Status
from ancadmin.services.member.sentences import sentences
from ancadmin.services.member.within import seen_member
from ancadmin.services.session import Session
from ancadmin.services.standing.ahead import CANDIDATES, next_day, with_days_ahead
from ancadmin.services.standing.calendars import ready, recorded_terms
from ancadmin.services.standing.causes import causes
from ancadmin.services.standing.facts import MATCHER
from ancadmin.services.standing.query import recorded, standing_on

NOT_LISTED = "Before the day of joining or applying a person is not listed."
_MOST_LOOKS = 500


@dataclass(frozen=True)
class Explanation:
    """The answer for one day. `status` is None, and `rule` says why, when the person is not listed. `sentences` are
    three to read out; days are ISO text, money is cents.
    """

    status: str | None
    rule: str
    on: str
    facts: dict[str, Any]
    next_change_on: str | None
    next_status: str | None
    sentences: tuple[str, str, str]


def explain(session: Session, text: str, *, on: date | None, full_ids: bool) -> Explanation:
    """Explains the standing of the member whose ID number was typed at the end of `on` (None: today), past or future,
    and names the branch of that day.

    Raises InputRefused, NotAllowed, ConfigurationError.
    """
    day = on or session.today
    row = seen_member(session, text, day)
    with session.reading("member explain", member=row["id"], on=day.isoformat(), full_ids=full_ids) as connection:
        ready(connection, day, session.policy)
        found = standing_of(connection, row["id"], day, session.policy)
        next_change_on, next_status = _next_change(connection, row["id"], found, day, session.policy)
        facts = facts_of(connection, row, found, day, session.policy)
    status = found["status"] if found else None
    return Explanation(
        status=status,
        rule=SENTENCES[Status(status)] if status else NOT_LISTED,
        on=day.isoformat(),
        facts=facts,
        next_change_on=next_change_on,
        next_status=next_status,
        sentences=sentences(status, day.isoformat(), facts, next_change_on, next_status, session.today.isoformat()),
    )


def standing_of(connection: Connection, member_id: int, day: date, policy: Policy) -> RowMapping | None:
    """The member's row of `standing_on`; None for somebody not listed on the day."""
    this = select(standing.c.member).where(standing.c.member == member_id)
    return connection.execute(with_days_ahead(standing_on(day, policy, this), day)).mappings().first()


def _next_change(
    connection: Connection, member_id: int, found: RowMapping | None, day: date, policy: Policy
) -> tuple[str | None, str | None]:
    """The next day on which the rules give another status than `found`: asked on each day on which something begins or
    ends, as far as the calendar reaches.
    """
    recorded = recorded_terms(connection)
    reach = recorded[1].isoformat() if recorded else day.isoformat()
    if found is None:
        ahead = connection.scalar(select(standing.c.listed_from).where(standing.c.member == member_id))
    else:
        ahead = next_day(day.isoformat(), (found[name] for name in CANDIDATES))
    for _ in range(_MOST_LOOKS):
        then = None if ahead is None or ahead > reach else standing_of(connection, member_id, _day(ahead), policy)
        if ahead is None or then is None:
            return None, None
        if found is None or then["status"] != found["status"]:
            return ahead, then["status"]
        ahead = next_day(ahead, (then[name] for name in CANDIDATES))
    return None, None


def _day(text: str) -> date:
    return date.fromisoformat(text)


def facts_of(
    connection: Connection, row: dict[str, Any], found: RowMapping | None, day: date, policy: Policy
) -> dict[str, Any]:
    """What the answer rests on: the person, the opening position, payments and the periods they settled, decisions.
    `listed_from`, `accepted_on` and `since` are None for members of a register that does not say when they joined.
    """
    on = day.isoformat()
    facts: dict[str, Any] = {
        **{name: row[name] for name in ("id_number", "surname", "first_names", "branch", "origin")},
        "listed_from": None,
        "accepted_on": None,
        "opening": _opening(row, policy),
        "covered_from": None,
        "paid_until": None,
        "grace_ends_on": None,
        "arrears_cents": 0,
        "probation_ends_on": None,
        "since": None,
        "because": None,
        "payments": _payments(connection, row["id"], on),
        "periods": [],
        "decisions": _decisions(connection, row["id"], on),
    }
    if found is None:
        return facts
    facts.update({name: found[name] for name in facts.keys() & found.keys()})
    known = causes(connection, select(standing.c.member).where(standing.c.member == row["id"]))
    credited = known.credits.get(row["id"], [])
    periods = Periods(policy)
    person = Member(
        listed_from=found["listed_from"],
        covered_from=found["covered_from"],
        first_day=found["first_day"],
        probation_ends_on=found["probation_ends_on"],
        entries=known.entries.get(row["id"], []),
        credits=credited,
    )
    began = beginning(found["status"], on, person, periods)
    facts.update(since=began.on, because=began.because)
    for name in ("listed_from", "accepted_on", "since"):
        facts[name] = None if facts[name] == FROM_EVER else facts[name]
    if found["covered_from"] is not None and found["covered_from"] <= on:
        facts["periods"] = [_period(one) for one in dues(found["first_day"], credited, on, periods)]
    return facts


def _period(one: DuesPeriod) -> dict[str, Any]:
    return {
        "begins_on": one.begins_on,
        "until": one.until,
        "fee_cents": one.fee_cents,
        "paid_cents": one.paid_cents,
        "settled_on": one.settled_on,
        "deposits": list(one.deposits),
    }


def _opening(row: dict[str, Any], policy: Policy) -> dict[str, Any] | None:
    """The register's last payment, and what it covers."""
    if row["origin"] != "register":
        return None
    paid_on, cents = row["last_payment_on"], row["last_payment_cents"]
    captured = paid_on is not None and cents is not None
    note = None
    if not captured:
        note = "payment_not_captured"
    elif cents < policy.fee_on(_day(paid_on)):
        note = "underpaid"
    return {"paid_on": paid_on, "cents": cents, "covers": note is None, "note": note}


def _payments(connection: Connection, member_id: int, on: str) -> list[dict[str, Any]]:
    """Every allocation of what came in by the day, in order of value date, and whether it counts; `why_not` says why
    one does not. Standing on a day rests on nothing that came in later.
    """
    rows = connection.execute(
        select(
            allocation.c.deposit,
            allocation.c.value_date,
            allocation.c.cents,
            allocation.c.reason,
            allocation.c.reversed_by,
            standing.c.accepted_on,
            standing.c.opening_on,
        )
        .outerjoin_from(allocation, standing, standing.c.member == allocation.c.member)
        .where(allocation.c.member == member_id, allocation.c.value_date <= on)
        .order_by(allocation.c.value_date, allocation.c.id)
    )
    told = []
    for one in rows:
        why_not = None
        if one.reversed_by is not None:
            why_not = f"taken back in batch {one.reversed_by}"
        elif one.reason == MATCHER and one.opening_on is not None and one.value_date <= one.opening_on:
            why_not = "in the opening position"
        elif one.accepted_on is None:
            why_not = "not accepted yet"
        told.append(
            {
                "deposit": one.deposit,
                "value_date": one.value_date,
                "cents": one.cents,
                "counts_from": None if why_not else max(one.value_date, one.accepted_on),
                "why_not": why_not,
            }
        )
    return told


def _decisions(connection: Connection, member_id: int, on: str) -> list[dict[str, Any]]:
    """Decisions that stand, in the order they begin; `in_force` on the day."""
    rows = connection.execute(
        select(decision)
        .where(decision.c.member == member_id, decision.c.reversed_by.is_(None))
        .order_by(decision.c.begins_on, recorded(decision))
    )
    return [
        {
            "decision": one.id,
            "kind": one.kind,
            "begins_on": one.begins_on,
            "ends_on": one.ends_on,
            "in_force": Entry(one.id, one.kind, one.begins_on, one.ends_on).in_force(on),
            "why": one.why,
        }
        for one in rows
    ]
