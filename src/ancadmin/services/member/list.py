"""Members with their standing on a day."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from ancadmin.db.schema import member
from ancadmin.domain.policy import Policy
from ancadmin.domain.standing import Status
from ancadmin.services.export.scope import Scope
from ancadmin.services.member.moving.place import place_on
from ancadmin.services.member.within import members_within
from ancadmin.services.session import Session
from ancadmin.services.standing.calendars import ready
from ancadmin.services.standing.known import as_known, reckon
from ancadmin.services.standing.query import Members, standing_on

_AT_A_TIME = 5_000


@dataclass(frozen=True)
class Wanted:
    """Which members to show: listed at the end of `on` (None: `known`, else today), as known at the end of `known`
    (None: now), in one place or (None) in all that is reached.
    """

    on: date | None = None
    known: date | None = None
    scope: Scope | None = None
    status: Status | None = None


@contextmanager
def listed(session: Session, wanted: Wanted, *, full_ids: bool) -> Iterator[Iterator[dict[str, Any]]]:
    """Rows `id_number, surname, first_names, branch, status, paid_until` (None: nothing covered)`, arrears_cents` as at
    the end of the day, by branch (of that day) and name. They come while the block is open. Raises InputRefused,
    NotAllowed, ConfigurationError.
    """
    day = wanted.on or wanted.known or session.today
    detail = {
        "on": day.isoformat(),
        "known": wanted.known and wanted.known.isoformat(),
        "place": wanted.scope.place if wanted.scope else None,
        "status": wanted.status,
        "full_ids": full_ids,
    }
    with (
        session.reading("member list", **detail) as connection,
        as_known(session, connection, wanted.known) as then,
    ):
        within = members_within(then, connection, wanted.scope, day)
        if wanted.known is not None:
            reckon(then, connection, within)
        ready(connection, day, then.policy)
        query = _query(day, then.policy, within, wanted.status, place_on(connection, day.isoformat()))
        with connection.execute(query.execution_options(yield_per=_AT_A_TIME)) as rows:
            names = tuple(rows.keys())
            yield (dict(zip(names, row, strict=True)) for row in rows)


def _query(
    day: date, policy: Policy, members: Members | None, status: Status | None, place: ColumnElement[str]
) -> Select[Any]:
    standing = standing_on(day, policy, members).subquery("standing_on")
    # Sorted apart: along the index on the branch each member would have to be looked up in another place of the file.
    apart = place.concat("")
    query = (
        select(
            member.c.id_number,
            member.c.surname,
            member.c.first_names,
            place.label("branch"),
            standing.c.status,
            standing.c.paid_until,
            standing.c.arrears_cents,
        )
        .join(standing, standing.c.member == member.c.id)
        .order_by(apart, member.c.surname, member.c.first_names, member.c.id_number)
    )
    return query if status is None else query.where(standing.c.status == status.value)
