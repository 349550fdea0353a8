"""Disputes as they are shown: those of the places the caller reaches (docs/rules.md, section 7)."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, select

from ancadmin.db.schema import dispute, member, proof
from ancadmin.errors import InputRefused
from ancadmin.services.member.within import EVERY_ROLE
from ancadmin.services.operator.reach import branches_reached, require
from ancadmin.services.session import Session
from ancadmin.writers.files import written_whole

_SHOWN = (
    "kind",
    "branch",
    "lodged_on",
    "why",
    "lodged_by",
    "lodged_at",
    "follows",
    "verdict",
    "decided_by",
    "decided_on",
    "decided_why",
    "next_step",
    "decided_in",
    "batch",
)


def listed(session: Session, *, decided: bool, full_ids: bool) -> list[dict[str, Any]]:
    """Open disputes, oldest first, or with `decided` all: `dispute, id_number, days` (since it was lodged)` , claim`,
    and the columns of the dispute.
    """
    with session.reading("member dispute list", decided=decided, full_ids=full_ids) as connection:
        query = _query()
        reached = branches_reached(session, connection, EVERY_ROLE)
        if reached is not None:
            query = query.where(dispute.c.branch.in_(sorted(reached)))
        if not decided:
            query = query.where(dispute.c.verdict.is_(None))
        return [_row(dict(row), session.today) for row in connection.execute(query).mappings()]


def shown(session: Session, number: int, *, full_ids: bool) -> dict[str, Any]:
    """One dispute with its `proofs`: `name, sha256, size, keep_until, kept`. Raises InputRefused, NotAllowed."""
    with session.reading("member dispute show", dispute=number, full_ids=full_ids) as connection:
        found = _one(session, connection, number)
        proofs = connection.execute(_proofs(number)).mappings()
        return {**found, "proofs": [_told(dict(one)) for one in proofs]}


def save_proofs(session: Session, number: int, folder: Path) -> list[Path]:
    """Writes the documents of a dispute that are still kept into a folder, each by its number and name. Who took them
    is in the access trail. Raises InputRefused, NotAllowed.
    """
    with session.reading("member dispute proofs", dispute=number) as connection:
        _one(session, connection, number)
        kept = connection.execute(_proofs(number).where(proof.c.content.is_not(None))).all()
    written = []
    for one in kept:
        path = folder / f"dispute-{number}-{one.id}-{Path(one.name).name}"
        with written_whole(path) as temporary:
            temporary.write_bytes(one.content)
        written.append(path)
    return written


def _one(session: Session, connection: Connection, number: int) -> dict[str, Any]:
    row = connection.execute(_query().where(dispute.c.id == number)).mappings().first()
    if row is None:
        raise InputRefused(
            "there is no dispute of this number", "See: ancadmin member dispute list --all", value=str(number)
        )
    require(session, connection, EVERY_ROLE, row["branch"], f"see disputes of branch {row['branch']}")
    return _row(dict(row), session.today)


def _query() -> Select[Any]:
    return (
        select(dispute, member.c.id_number)
        .outerjoin(member, member.c.id == dispute.c.member)
        .where(dispute.c.reversed_by.is_(None))
        .order_by(dispute.c.id)
    )


def _proofs(number: int) -> Select[Any]:
    return select(proof).where(proof.c.dispute == number, proof.c.reversed_by.is_(None)).order_by(proof.c.id)


def _row(row: dict[str, Any], today: date) -> dict[str, Any]:
    claim = json.loads(row["claim"])
    id_number = claim.pop("id_number")
    ended = date.fromisoformat(row["decided_on"]) if row["decided_on"] else today
    return {
        "dispute": row["id"],
        "id_number": row["id_number"] or id_number,
        "days": (ended - date.fromisoformat(row["lodged_on"])).days,
        "claim": claim,
        **{name: row[name] for name in _SHOWN},
    }


def _told(row: dict[str, Any]) -> dict[str, Any]:
    names = ("name", "sha256", "size", "keep_until")
    return {**{name: row[name] for name in names}, "kept": row["content"] is not None}
