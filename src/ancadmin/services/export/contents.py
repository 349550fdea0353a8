"""What papers say, read from the store: the standing of a branch's people on a day (docs/rules.md, section 6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import BigInteger, ColumnElement, Connection, RowMapping, Subquery, cast, func, select

from ancadmin.db.schema import allocation, decision, member
from ancadmin.domain.attendance import AttendanceRegister, Attendee, Meeting
from ancadmin.domain.branch_list import BranchList, ListedMember
from ancadmin.domain.papers import BranchPlace, sorted_by_name
from ancadmin.domain.policy import Policy
from ancadmin.domain.standing import Status
from ancadmin.services.member.moving.place import belonging, place_on
from ancadmin.services.standing.calendars import ready
from ancadmin.services.standing.query import Members, of_kinds, standing_on


@dataclass(frozen=True)
class Left:
    """Someone on a register who died or was expelled after the cut-off day: reported beside it, never on it."""

    branch: str
    id_number: str
    surname: str
    first_names: str
    what: str
    on: str


@dataclass(frozen=True)
class ForMeeting:
    """What registers are asked for."""

    meeting: Meeting
    meeting_date: date
    cut_off: date


def attendance_registers(
    connection: Connection, policy: Policy, places: Sequence[BranchPlace], asked: ForMeeting
) -> list[AttendanceRegister]:
    """A register for each of `places`: who was in good standing at the end of the cut-off day. Raises what
    `calendars.ready` raises.
    """
    ready(connection, asked.cut_off, policy)
    attendees: dict[str, list[Attendee]] = {place.code: [] for place in places}
    members, place = _members(connection, asked.cut_off, places)
    standing = standing_on(asked.cut_off, policy, members).subquery("standing_on")
    rows = connection.execute(
        select(
            place,
            member.c.id_number,
            member.c.surname,
            member.c.first_names,
            member.c.voting_district,
            member.c.cell,
        )
        .join(standing, standing.c.member == member.c.id)
        .where(standing.c.status == Status.GOOD_STANDING.value)
    )
    for code, *facts in rows:
        attendees[code].append(Attendee(*facts))
    return [
        AttendanceRegister(
            place, asked.meeting, asked.meeting_date, asked.cut_off, sorted_by_name(attendees[place.code])
        )
        for place in places
    ]


def left_since(connection: Connection, registers: Sequence[AttendanceRegister], today: date) -> list[Left]:
    """Deaths and expulsions from the day after the cut-off to `today`, of people on these registers."""
    on_paper = {one.id_number for register in registers for one in register.attendees}
    if not on_paper:
        return []
    cut_off = registers[0].cut_off
    members, place = _members(connection, cut_off, [register.place for register in registers])
    rows = connection.execute(
        select(
            place,
            member.c.id_number,
            member.c.surname,
            member.c.first_names,
            decision.c.kind,
            decision.c.begins_on,
        )
        .join(decision, decision.c.member == member.c.id)
        .where(
            member.c.id.in_(members),
            of_kinds(decision, (Status.DECEASED.value, Status.EXPELLED.value)),
            decision.c.begins_on > cut_off.isoformat(),
            decision.c.begins_on <= today.isoformat(),
            decision.c.reversed_by.is_(None),
        )
        .order_by(place, decision.c.begins_on, member.c.id_number)
    )
    return [Left(*row) for row in rows if row.id_number in on_paper]


def branch_lists(connection: Connection, policy: Policy, places: Sequence[BranchPlace], day: date) -> list[BranchList]:
    """A list for each of `places`: everyone listed at the end of `day`. Raises what `calendars.ready` raises."""
    ready(connection, day, policy)
    members: dict[str, list[ListedMember]] = {place.code: [] for place in places}
    own, place = _members(connection, day, places)
    standing = standing_on(day, policy, own).subquery("standing_on")
    paid = _last_allocations(day, own)
    rows = connection.execute(
        select(
            place.label("branch"),
            member.c.id_number,
            member.c.surname,
            member.c.first_names,
            member.c.last_payment_on,
            member.c.last_payment_cents,
            standing.c.status,
            standing.c.paid_until,
            standing.c.arrears_cents,
            paid.c.value_date,
            paid.c.cents,
        )
        .join(standing, standing.c.member == member.c.id)
        .outerjoin(paid, paid.c.member == member.c.id)
    )
    for row in rows.mappings():
        members[row["branch"]].append(_listed(row, day))
    minimum = policy.on(day).branch_minimum
    return [BranchList(place, day, minimum, sorted_by_name(members[place.code])) for place in places]


def _listed(row: RowMapping, day: date) -> ListedMember:
    last_on, last_cents = _day(row["value_date"]), row["cents"]
    opening = _day(row["last_payment_on"])
    # The register's last payment is part of the record from its own day on.
    if opening is not None and opening <= day and (last_on is None or opening > last_on):
        last_on, last_cents = opening, row["last_payment_cents"]
    elif opening is None and last_on is None:
        last_cents = row["last_payment_cents"]
    return ListedMember(
        id_number=row["id_number"],
        surname=row["surname"],
        first_names=row["first_names"],
        status=Status(row["status"]),
        last_payment_on=last_on,
        last_payment_cents=last_cents,
        paid_until=_day(row["paid_until"]),
        arrears_cents=row["arrears_cents"] or 0,
    )


def _last_allocations(day: date, members: Members) -> Subquery:
    """What was paid in on the last day up to `day` on which anything was, one row a member."""
    in_turn = func.row_number().over(partition_by=allocation.c.member, order_by=allocation.c.value_date.desc())
    by_day = (
        select(
            allocation.c.member,
            allocation.c.value_date,
            cast(func.sum(allocation.c.cents), BigInteger).label("cents"),
            in_turn.label("turn"),
        )
        .where(
            allocation.c.member.in_(members),
            allocation.c.value_date <= day.isoformat(),
            allocation.c.reversed_by.is_(None),
        )
        .group_by(allocation.c.member, allocation.c.value_date)
        .subquery("by_day")
    )
    return select(by_day).where(by_day.c.turn == 1).subquery("paid")


def _members(connection: Connection, day: date, places: Sequence[BranchPlace]) -> tuple[Members, ColumnElement[str]]:
    """Who belonged to the branches at the end of the day, and the branch of each on it."""
    on = day.isoformat()
    return belonging(connection, on, [place.code for place in places]), place_on(connection, on)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
