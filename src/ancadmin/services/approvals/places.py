"""Where what waits has its place by now: members move and are merged between asking and approving."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, func, select

from ancadmin.db.schema import member
from ancadmin.domain.authorisation import Act, Matter
from ancadmin.errors import NotAllowed


def places_now(connection: Connection, matter: Matter, row: Row[Any], content: Mapping[str, Any]) -> list[str]:
    """The branches of those a request is about, as they are now; of a transfer both it is between, of an application
    the one applied to, of a role the place it is held for, and none of money that is nobody's. Raises NotAllowed where
    somebody is not on record any more.
    """
    if matter is Act.TRANSFER:
        said = content["detail"]
        return [one for one in (said["to"], said.get("from")) if one]
    people = [*filter(None, (content.get(name) for name in ("member", "sender", "receiver")))]
    if not people:
        return [row.place] if row.place else []
    kept = member.alias("kept")
    query = (
        select(member.c.id, kept.c.branch)
        .join(kept, kept.c.id == func.coalesce(member.c.merged_into, member.c.id))
        .where(member.c.id.in_(people))
    )
    found = {one.id: one.branch for one in connection.execute(query)}
    if found.keys() != set(people):
        raise NotAllowed(
            f"who request {row.id} is about is not on record any more",
            f'Refuse it: ancadmin approvals refuse {row.id} --why "Entry undone"',
        )
    return sorted(set(found.values()))
