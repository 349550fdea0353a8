"""One member's record as it stands."""

from typing import Any

from sqlalchemy import select

from ancadmin.db.schema import branch, province, region, standing
from ancadmin.services.member.numbers.former import former_of
from ancadmin.services.member.whose import merged_records
from ancadmin.services.member.within import seen_member
from ancadmin.services.session import Session
from ancadmin.services.standing.calendars import ready
from ancadmin.services.standing.query import standing_on

_NOT_SHOWN = ("id", "batch", "merged_into")


def show(session: Session, text: str, *, full_ids: bool) -> dict[str, Any]:
    """The record of the member whose ID number was typed: the columns of `member`, where the branch lies, the standing
    today, and the status last recorded with its day; `merged_numbers` are those of records merged into
    this one, `former_numbers` those that were corrected. Raises InputRefused, NotAllowed.
    """
    row = seen_member(session, text)
    with session.reading("member show", member=row["id"], full_ids=full_ids) as connection:
        ready(connection, session.today, session.policy)
        lies = connection.execute(
            select(
                branch.c.name.label("branch_name"),
                region.c.name.label("region"),
                province.c.name.label("province"),
            )
            .join(region, region.c.code == branch.c.region)
            .join(province, province.c.code == region.c.province)
            .where(branch.c.code == row["branch"])
        )
        place = lies.mappings().one()
        this = select(standing.c.member).where(standing.c.member == row["id"])
        now = connection.execute(standing_on(session.today, session.policy, this)).mappings().first()
        recorded = connection.execute(
            select(standing.c.status, standing.c.status_on).where(standing.c.member == row["id"])
        ).first()
        former = [one["id_number"] for one in former_of(connection, row["id"])]
        merged = [one["id_number"] for one in merged_records(connection, row["id"])]
    return {
        **{name: value for name, value in row.items() if name not in _NOT_SHOWN},
        **place,
        "merged_numbers": merged,
        "former_numbers": former,
        "on": session.today.isoformat(),
        "status": now["status"] if now else None,
        "paid_until": now["paid_until"] if now else None,
        "arrears_cents": now["arrears_cents"] if now else 0,
        "recorded_status": recorded.status if recorded else None,
        "recorded_since": recorded.status_on if recorded else None,
    }
