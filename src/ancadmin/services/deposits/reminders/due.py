"""Who is due which reminder on a day (docs/rules.md, section 10), in sets."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, case, literal_column, select

from ancadmin.db.schema import branch, member, province, region, reminder
from ancadmin.domain.policy import Policy
from ancadmin.domain.reminders import Kind, Owed, Person
from ancadmin.domain.roles import DECIDES
from ancadmin.domain.standing import Status
from ancadmin.services.export.scope import Scope, places
from ancadmin.services.member.moving.place import belonging
from ancadmin.services.operator.reach import branches_reached
from ancadmin.services.session import Session
from ancadmin.services.standing.query import Members, standing_on

REMINDED = (Status.PROBATION, Status.GOOD_STANDING, Status.GRACE, Status.NOT_IN_GOOD_STANDING)
"""Everyone else is either no member any more, or none yet, or suspended."""
TOO_EARLY, OVER = 0, len(Kind) + 1
"""Stages before any reminder and after all of them; those between are `Kind.stage`."""


def dues_of(day: date, policy: Policy, members: Members, place: ColumnElement[str] = member.c.branch) -> Select[Any]:
    """Those of `members` whom reminders are for, each in one row: member, person's fields (see `person`), about (the
    first day not covered at the end of `day`), arrears_cents and stage. `place`: the branch of each on the day.

    Call `calendars.ready` before running it.
    """
    standing = standing_on(day, policy, members).subquery("standing_on")
    until, grace_over = standing.c.paid_until, standing.c.grace_ends_on
    stage = case(
        (until > _text(day + timedelta(days=policy.reminders.before_days)), _number(TOO_EARLY)),
        (until > _text(day), _number(Kind.BEFORE.stage)),
        (grace_over > _text(day), _number(Kind.GRACE.stage)),
        (grace_over > _text(day - timedelta(days=policy.reminders.after_days)), _number(Kind.AFTER.stage)),
        else_=_number(OVER),
    )
    return (
        select(
            standing.c.member,
            member.c.surname,
            member.c.first_names,
            place.label("branch"),
            branch.c.name.label("branch_name"),
            region.c.name.label("region"),
            province.c.name.label("province"),
            member.c.cell,
            member.c.email,
            until.label("about"),
            standing.c.arrears_cents,
            stage.label("stage"),
        )
        .join(member, member.c.id == standing.c.member)
        .join(branch, branch.c.code == place)
        .join(region, region.c.code == branch.c.region)
        .join(province, province.c.code == region.c.province)
        .where(
            until.is_not(None),
            standing.c.status.in_([status.value for status in REMINDED]),
            member.c.merged_into.is_(None),
        )
    )


def told_before_merged(connection: Connection) -> set[tuple[int, str, str]]:
    """What was sent to records merged into others since, each as (the member kept, kind, about): they know already."""
    query = (
        select(member.c.merged_into, reminder.c.kind, reminder.c.about)
        .join(member, member.c.id == reminder.c.member)
        .where(member.c.merged_into.is_not(None), reminder.c.sent_in.is_not(None), reminder.c.reversed_by.is_(None))
    )
    return {(row.merged_into, row.kind, row.about) for row in connection.execute(query)}


def person(row: Row[Any]) -> Person:
    """Whom a row of `dues_of` is about."""
    return Person(
        surname=row.surname,
        first_names=row.first_names,
        branch=row.branch,
        branch_name=row.branch_name,
        place=f"{row.region}, {row.province}",
        cell=row.cell,
        email=row.email,
    )


def owed(row: Row[Any], policy: Policy) -> Owed:
    """What a row of `dues_of` says is owed."""
    return Owed(row.about, row.arrears_cents, policy.fee_on(date.fromisoformat(row.about)))


def of_places(
    session: Session, connection: Connection, scope: Scope | None, what: str, on: date | None = None
) -> list[ColumnElement[bool]]:
    """The condition on members: those who belong to the place, or without one to any branch the caller reaches, at the
    end of `on` (None: today). Raises InputRefused for a place not on record, NotAllowed for one out of reach.
    """
    day = _text(on or session.today)
    if scope is not None:
        codes = [place.code for place in places(session, connection, scope, DECIDES, what)]
        return [member.c.id.in_(belonging(connection, day, codes))]
    reached = branches_reached(session, connection, DECIDES)
    return [] if reached is None else [member.c.id.in_(belonging(connection, day, sorted(reached)))]


def _text(day: date) -> str:
    return day.isoformat()


def _number(stage: int) -> ColumnElement[int]:
    return literal_column(str(stage))
