"""Why a member's standing is what it is on a day, and what comes next: the rules' answer with the facts behind it."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, String, bindparam, select

from ancadmin.db.schema import allocation, decision, member, standing
from ancadmin.domain.dues import DuesPeriod, dues
from ancadmin.domain.policy import Policy
from ancadmin.domain.since import FROM_EVER, Entry, Member, Periods, beginning
from ancadmin.domain.standing import SENTENCES, Status
from ancadmin.services.member.telling.sentences import sentences
from ancadmin.services.member.whose import asked_row, merged_records, merged_together
from ancadmin.services.member.within import seen_member, seen_then
from ancadmin.services.session import Session
from ancadmin.services.standing.ahead import CANDIDATES, next_day, with_days_ahead
from ancadmin.services.standing.calendars import ready
from ancadmin.services.standing.causes import causes_of
from ancadmin.services.standing.facts import MATCHER
from ancadmin.services.standing.known import as_known, reckon
from ancadmin.services.standing.query import listed_on, recorded

NOT_LISTED = "Before the day of joining or applying a person is not listed."
_MOST_LOOKS = 500

# What is asked of each member is put together once: that takes longer than the answer.
_LISTED_FROM = select(standing.c.listed_from).where(standing.c.member == bindparam("of"))
_PAYMENTS = (
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
    .where(allocation.c.member == bindparam("of"), allocation.c.value_date <= bindparam("on"))
    .order_by(allocation.c.value_date, allocation.c.id)
)
_DECISIONS = (
    select(decision)
    .where(decision.c.member == bindparam("of"), decision.c.reversed_by.is_(None))
    .order_by(decision.c.begins_on, recorded(decision))
)


@dataclass(frozen=True)
class Explanation:
    """The answer for one day. `status` is None, and `rule` says why, when the person is not listed. `known_on` is the
    day whose knowledge it rests on, None for what is known now. `sentences` are three to read out; days are ISO text,
    money is cents.
    """

    status: str | None
    rule: str
    on: str
    known_on: str | None
    facts: dict[str, Any]
    next_change_on: str | None
    next_status: str | None
    sentences: tuple[str, str, str]


def explain(session: Session, text: str, *, on: date | None, known: date | None = None, full_ids: bool) -> Explanation:
    """Explains the standing of the member whose ID number was typed at the end of `on`, past or future (None: `known`,
    else today), and names the branch of that day, as it would have been told at the end of `known` (None: now).

    Raises InputRefused, NotAllowed, ConfigurationError.
    """
    day = on or known or session.today
    asked = seen_member(session, text, day) if known is None else asked_row(session, text)
    detail = {"on": day.isoformat(), "known": known and known.isoformat(), "full_ids": full_ids}
    with session.reading("member explain", member=asked["id"], **detail) as connection:
        if known is None:
            return explain_record(session, connection, asked, day)
        related = merged_together(connection, asked["id"])
        with as_known(session, connection, known, related) as then:
            row = seen_then(then, connection, asked["id"], day)
            reckon(then, connection, select(member.c.id).where(member.c.id == row["id"]))
            return explain_record(then, connection, row, day, known.isoformat())


def explain_record(
    session: Session, connection: Connection, row: dict[str, Any], day: date, known_on: str | None = None
) -> Explanation:
    """The answer about a row of `member`, from the store as the connection shows it. Raises ConfigurationError, and
    InputRefused for a day beyond the calendars.
    """
    on = day.isoformat()
    reach = ready(connection, day, session.policy)
    found = standing_of(connection, row["id"], day)
    next_change_on, next_status = _next_change(connection, row["id"], found, on, reach.isoformat())
    facts = facts_of(connection, row, found, day, session.policy)
    status = found["status"] if found else None
    return Explanation(
        status=status,
        rule=SENTENCES[Status(status)] if status else NOT_LISTED,
        on=on,
        known_on=known_on,
        facts=facts,
        next_change_on=next_change_on,
        next_status=next_status,
        sentences=sentences(status, on, facts, next_change_on, next_status, session.today.isoformat(), known_on),
    )


def standing_of(connection: Connection, member_id: int, day: date) -> RowMapping | None:
    """The member's row of `standing_on`, with `with_days_ahead`; None for somebody not listed on the day. The caller
    has seen that the store is `ready`.
    """
    return connection.execute(_of_one(), {"of": member_id, "on": day.isoformat()}).mappings().first()


@cache
def _of_one() -> Select[Any]:
    on = bindparam("on", type_=String)
    return with_days_ahead(listed_on(on), on).where(standing.c.member == bindparam("of"))


def _next_change(
    connection: Connection, member_id: int, found: RowMapping | None, on: str, reach: str
) -> tuple[str | None, str | None]:
    """The next day after `on` on which the rules give another status than `found`: asked on each day on which something
    begins or ends, as far as the calendar reaches.
    """
    if found is None:
        ahead = connection.scalar(_LISTED_FROM, {"of": member_id})
    else:
        ahead = next_day(on, (found[name] for name in CANDIDATES))
    for _ in range(_MOST_LOOKS):
        then = None if ahead is None or ahead > reach else standing_of(connection, member_id, _day(ahead))
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
        "merged_numbers": [one["id_number"] for one in merged_records(connection, row["id"])],
        "fee_cents": policy.fee_on(day),
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
    entries, credited = causes_of(connection, row["id"])
    periods = Periods(policy)
    person = Member(
        listed_from=found["listed_from"],
        covered_from=found["covered_from"],
        first_day=found["first_day"],
        probation_ends_on=found["probation_ends_on"],
        entries=entries,
        credits=credited,
    )
    began = beginning(found["status"], on, person, periods)
    facts.update(since=began.on, because=began.because)
    for name in ("listed_from", "accepted_on", "since"):
        facts[name] = None if facts[name] == FROM_EVER else facts[name]
    if found["covered_from"] is not None and found["covered_from"] <= on:
        told = dues(found["first_day"], credited, on, periods)
        facts["periods"] = [_period(one) for one in told]
        _share_out(facts["payments"], told)
    return facts


def _share_out(payments: list[dict[str, Any]], periods: list[DuesPeriod]) -> None:
    """Says with each payment which periods it went to: both stand in the order in which money came."""
    parts = [(period, part) for period in periods for part in period.parts]
    for one in payments:
        left = 0 if one["why_not"] else one["cents"]
        while parts and left and parts[0][1].deposit == one["deposit"]:
            period, part = parts.pop(0)
            left -= part.cents
            one["settles"].append({"begins_on": period.begins_on, "until": period.until, "cents": part.cents})


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
    one does not, `settles` which periods it went to. Standing on a day rests on nothing that came in later.
    """
    told = []
    for one in connection.execute(_PAYMENTS, {"of": member_id, "on": on}):
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
                "settles": [],
            }
        )
    return told


def _decisions(connection: Connection, member_id: int, on: str) -> list[dict[str, Any]]:
    """Decisions that stand, in the order they begin; `in_force` on the day."""
    return [
        {
            "decision": one.id,
            "kind": one.kind,
            "begins_on": one.begins_on,
            "ends_on": one.ends_on,
            "in_force": Entry(one.id, one.kind, one.begins_on, one.ends_on).in_force(on),
            "why": one.why,
        }
        for one in connection.execute(_DECISIONS, {"of": member_id})
    ]
