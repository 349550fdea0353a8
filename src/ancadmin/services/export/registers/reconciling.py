"""Do the registers of many branches add up? Held against a count that takes another way through the store."""

from datetime import date

from sqlalchemy import ColumnElement, Connection, func, select

from ancadmin.db.schema import branch, member, region
from ancadmin.domain.country_summary import Reconciliation, reconciliation
from ancadmin.domain.standing import Status
from ancadmin.services.export.registers.outcome import Outcome
from ancadmin.services.export.scope import Scope
from ancadmin.services.member.moving.place import place_on
from ancadmin.services.session import Session
from ancadmin.services.standing.query import standing_on


def reconciled(session: Session, connection: Connection, scope: Scope, outcome: Outcome) -> Reconciliation:
    """Holds the registers against everyone in good standing in the scope, whatever branches it had when they were
    begun.
    """
    registers = {one.branch: one.members for one in outcome.registers.values()}
    return reconciliation(registers, good_standing(session, connection, scope, outcome.asked.cut_off))


def good_standing(session: Session, connection: Connection, scope: Scope, day: date) -> dict[str, int]:
    """How many were in good standing at the end of a day, by branch, counted in one query."""
    standing = standing_on(day, session.policy).subquery("standing_on")
    place = place_on(connection, day.isoformat())
    query = (
        select(place, func.count())
        .select_from(member)
        .join(standing, standing.c.member == member.c.id)
        .where(standing.c.status == Status.GOOD_STANDING.value, *_within(scope, place))
        .group_by(place)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def _within(scope: Scope, place: ColumnElement[str]) -> tuple[ColumnElement[bool], ...]:
    codes = select(branch.c.code).join(region, region.c.code == branch.c.region)
    if scope.region is not None:
        return (place.in_(codes.where(region.c.code == scope.region)),)
    return () if scope.province is None else (place.in_(codes.where(region.c.province == scope.province)),)
