"""Transfers: a member goes over to another branch, which accepts her (docs/rules.md, section 5)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import branch, member, transfer
from ancadmin.domain import decisions as rules
from ancadmin.domain.authorisation import Act
from ancadmin.errors import InputRefused, NotAllowed
from ancadmin.services.approvals.captured import Outcome, Signed, Wish, captured
from ancadmin.services.batch.changes import difference
from ancadmin.services.member.decide import record_of, require_reason, row_of
from ancadmin.services.member.whose import member_row
from ancadmin.services.session import Session

COMMAND = "member transfer"


@dataclass(frozen=True)
class Transferred(Outcome):
    """A transfer as it was recorded; `approved_by` as for `Decided`."""

    batch: int
    id_number: str
    from_branch: str
    to_branch: str
    on: str
    why: str
    asked_by: str
    approved_by: str | None
    decided_at: str


def transfer_member(session: Session, text: str, *, to: str, on: date, why: str) -> Transferred:
    """Moves the member with the ID number `text` to the branch `to`. It waits until the receiving branch accepts,
    unless the caller reaches both and may transfer alone. Raises InputRefused, NotAllowed.
    """
    why = require_reason(why)
    with session.batch(COMMAND) as batch:
        row = member_row(batch.connection, text, batch.today, batch.policy)
        there = row["branch"]
        wish = to_transfer(row, to, on, why)
        what = f"transfer members of branch {there} to {to}"
        return captured(session, batch, wish, do_transfer, what, places=(there, to))


def to_transfer(row: dict[str, Any], to: str, on: date, why: str) -> Wish:
    """The wish that a row of members moves to the branch `to`."""
    number, detail = row["id"], {"from": row["branch"], "to": to, "cause": "transfer"}
    return Wish(COMMAND, Act.TRANSFER, to, str(number), why, number, on.isoformat(), detail)


def do_transfer(session: Session, batch: Batch, wish: Wish, signed: Signed) -> Transferred:
    """Does the transfer a wish tells of."""
    del session
    row = row_of(batch.connection, wish)
    _check(batch, row, wish)
    moved = moved_row(batch, signed, row, wish.said("to"), wish.day, cause=wish.said("cause"), why=wish.why)
    batch.connection.execute(insert(transfer), moved)
    after = {"branch": wish.said("to")}
    batch.changed(difference(member, row["id"], row, after))
    batch.connection.execute(update(member).where(member.c.id == row["id"]).values(after))
    batch.counts.update(transfers=1, member=row["id"])
    return Transferred(
        batch=batch.number,
        id_number=row["id_number"],
        on=moved["moved_on"],
        **{name: moved[name] for name in ("from_branch", "to_branch", "why")},
        **{name: moved[name] for name in ("asked_by", "approved_by", "decided_at")},
    )


def moved_row(
    batch: Batch, signed: Signed, row: dict[str, Any], to: str, on: date, *, cause: str, why: str
) -> dict[str, Any]:
    """A row of `transfer` to be written, for a row of `member`."""
    return {
        "member": row["id"],
        "from_branch": row["branch"],
        "to_branch": to,
        "moved_on": on.isoformat(),
        "cause": cause,
        "why": why,
        "asked_by": signed.asked_by,
        "approved_by": signed.approved_by,
        "decided_at": batch.started_at,
        "policy_version": batch.policy.version,
        "batch": batch.number,
    }


def _check(batch: Batch, row: dict[str, Any], wish: Wish) -> None:
    to, was = wish.said("to"), wish.said("from")
    if was is not None and was != row["branch"]:
        raise NotAllowed(
            f"when this was asked for she was of branch {was}, now she is of {row['branch']}",
            "Refuse the request, and ask for a transfer from there if one is still wanted: ancadmin member history ID",
        )
    rules.check_not_ahead(wish.day, batch.today)
    if batch.connection.scalar(select(branch.c.code).where(branch.c.code == to)) is None:
        raise InputRefused("no such branch on record", "See: ancadmin db places list", value=to, code="branch_unknown")
    if to == row["branch"]:
        raise InputRefused(
            "is of that branch already", "See: ancadmin member history ID", value=to, code="of_that_branch"
        )
    record = record_of(batch.connection, row)
    rules.check_transfer(record, _last_moved(batch.connection, row["id"]), wish.day)


def refuse_moved_since(connection: Connection, number: int, since: date) -> None:
    """A branch that was wrong is set right from the last move on. Raises InputRefused for an earlier day."""
    query = select(transfer.c.moved_on, transfer.c.cause, transfer.c.to_branch).where(
        transfer.c.member == number, transfer.c.reversed_by.is_(None), transfer.c.moved_on > since.isoformat()
    )
    last = connection.execute(query.order_by(transfer.c.moved_on.desc(), transfer.c.id.desc()).limit(1)).first()
    if last is not None:
        raise InputRefused(
            f"moved to branch {last.to_branch} on {last.moved_on} ({last.cause}), after the day the dispute gives",
            f"Lodge it with --since {last.moved_on}, and reject one that gives an earlier day: what was counted before "
            "that move stays where it was.",
            value=f"--since {since}",
            code="moved_since",
        )


def _last_moved(connection: Connection, number: int) -> date | None:
    last = connection.scalar(
        select(transfer.c.moved_on)
        .where(transfer.c.member == number, transfer.c.reversed_by.is_(None))
        .order_by(transfer.c.moved_on.desc())
        .limit(1)
    )
    return None if last is None else date.fromisoformat(last)
