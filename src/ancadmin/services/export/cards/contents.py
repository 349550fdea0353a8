"""What cards say, read from the store (docs/rules.md, section 6)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from ancadmin.db.schema import member
from ancadmin.domain.cards import CARDS, Card, CardSheet, Holder, card_of
from ancadmin.domain.papers import BranchPlace, sorted_by_name
from ancadmin.domain.policy import Policy
from ancadmin.services.member.moving.place import belonging, branch_on, place_on
from ancadmin.services.standing.calendars import ready
from ancadmin.services.standing.query import Members, standing_on


def sheets(
    connection: Connection, policy: Policy, places: Sequence[BranchPlace], day: date, *, full_ids: bool
) -> list[CardSheet]:
    """The cards of each of `places`: of everyone in probation or good standing at the end of `day`, by name. Raises
    what `calendars.ready` raises.
    """
    ready(connection, day, policy)
    on = day.isoformat()
    own = belonging(connection, on, [place.code for place in places])
    query, status = _holders(day, policy, own, place_on(connection, on))
    found: dict[str, list[Holder]] = {place.code: [] for place in places}
    for row in connection.execute(query.where(status.in_([status.value for status in CARDS]))):
        found[row.branch].append(Holder(*row))
    return [CardSheet(place, day, _cards(found[place.code], place, day, full_ids=full_ids)) for place in places]


def _cards(holders: Sequence[Holder], place: BranchPlace, day: date, *, full_ids: bool) -> tuple[Card, ...]:
    made = (card_of(one, place, day, full_ids=full_ids) for one in sorted_by_name(holders))
    return tuple(card for card in made if card is not None)


def holder(connection: Connection, policy: Policy, number: int, day: date) -> Holder | None:
    """The record `number` with its standing and its branch at the end of `day`; None for somebody not listed then, or
    not on record. Raises what `calendars.ready` raises.
    """
    ready(connection, day, policy)
    this = select(member.c.id).where(member.c.id == number)
    query, _ = _holders(day, policy, this, branch_on(day.isoformat()))
    row = connection.execute(query).first()
    return None if row is None else Holder(*row)


def _holders(
    day: date, policy: Policy, members: Members, branch: ColumnElement[str]
) -> tuple[Select[Any], ColumnElement[str]]:
    """Rows of Holder, and the column of their status."""
    standing = standing_on(day, policy, members).subquery("standing_on")
    query = select(
        member.c.id,
        member.c.id_number,
        member.c.surname,
        member.c.first_names,
        branch.label("branch"),
        standing.c.status,
        standing.c.paid_until,
        standing.c.probation_ends_on,
    ).join(standing, standing.c.member == member.c.id)
    return query, standing.c.status
