"""Puts whole histories on record, straight in the tables, and asks for standing: for tests of many members."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import insert, select
from tests.oracle import History, Standing, branch_of

from ancadmin.db.batches import Batch
from ancadmin.db.schema import allocation, branch, decision, deposit, member, province, region, statement, transfer
from ancadmin.services.session import Session, open_session
from ancadmin.services.standing.query import standing_on
from ancadmin.services.standing.settle import settle
from ancadmin.settings import load_settings

BRANCHES = ["79700012", "79700013", "79700014"]


def session_of(db: str, policy: Path | None = None) -> Session:
    return open_session(load_settings(db, policy))


def text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def put_on_record(
    session: Session,
    histories: Sequence[History],
    *,
    settled: bool = True,
    id_number: Callable[[int], str] = "{:013}".format,
) -> None:
    """Members 1, 2, 3 … have these histories, in this order; nobody can be asked for by the numbers they have unless
    `id_number` gives valid ones.
    """
    with session.batch("test records") as batch:
        connection = batch.connection
        connection.execute(insert(province).values(code="GP", name="Gauteng", batch=batch.number))
        connection.execute(insert(region).values(code="EKU", name="Ekurhuleni", province="GP", batch=batch.number))
        for code in BRANCHES:
            connection.execute(insert(branch).values(code=code, name=code, region="EKU", batch=batch.number))
        connection.execute(
            insert(statement).values(
                id=1, batch=batch.number, file="s.csv", sha256="0", bank="csv", account="A", lines=0
            )
        )
        _members(batch, histories, id_number)
        _decisions(batch, histories)
        _moves(batch, histories)
        _money(batch, histories)
        if settled:
            settle(batch, select(member.c.id))


def _members(batch: Batch, histories: Sequence[History], id_number: Callable[[int], str]) -> None:
    rows = [
        {
            "id": number,
            "id_number": id_number(number),
            "surname": "Mokoena",
            "first_names": "Thabo",
            "gender": "male",
            "born": "1980-01-01",
            "branch": branch_of(history, date.max),
            "joined_on": text(history.joined_on),
            "last_payment_on": text(history.last_payment_on),
            "last_payment_cents": history.last_payment_cents,
            "origin": "application" if history.applied else "register",
            "batch": batch.number,
        }
        for number, history in enumerate(histories, 1)
    ]
    batch.connection.execute(insert(member), rows)


def _decisions(batch: Batch, histories: Sequence[History]) -> None:
    rows = [
        {
            "member": number,
            "kind": one.kind,
            "begins_on": text(one.on),
            "ends_on": text(one.until),
            "why": "as minuted",
            "asked_by": "someone",
            "decided_at": "2020-01-01T00:00:00Z",
            "policy_version": batch.policy.version,
            "batch": batch.number,
            "reversed_by": batch.number if one.taken_back else None,
        }
        for number, history in enumerate(histories, 1)
        for one in history.decisions
    ]
    if rows:
        batch.connection.execute(insert(decision), rows)


def _moves(batch: Batch, histories: Sequence[History]) -> None:
    for number, history in enumerate(histories, 1):
        place = history.branch
        for move in history.moves:
            row = {"member": number, "from_branch": place, "to_branch": move.to, "moved_on": text(move.on)}
            said = {"cause": "transfer", "why": "moved", "asked_by": "someone", "decided_at": "2020-01-01T00:00:00Z"}
            row |= {"policy_version": batch.policy.version, "batch": batch.number}
            reversed_by = batch.number if move.taken_back else None
            batch.connection.execute(insert(transfer).values({**row, **said, "reversed_by": reversed_by}))
            place = place if move.taken_back else move.to


def _money(batch: Batch, histories: Sequence[History]) -> None:
    paid = [(number, payment) for number, history in enumerate(histories, 1) for payment in history.payments]
    if not paid:
        return
    batch.connection.execute(
        insert(deposit),
        [
            {
                "id": line,
                "batch": batch.number,
                "statement": 1,
                "line": line,
                "account": "A",
                "value_date": text(payment.on),
                "cents": payment.cents,
                "narrative": f"{number:013}",
                "fingerprint": line,
                "occurrence": 0,
                "readings": 1,
                "bulk_words": False,
                "state": "matched",
                "unallocated_cents": 0,
            }
            for line, (number, payment) in enumerate(paid, 1)
        ],
    )
    batch.connection.execute(
        insert(allocation),
        [
            {
                "deposit": line,
                "member": number,
                "cents": payment.cents,
                "value_date": text(payment.on),
                "reason": "id_reference" if payment.by_matcher else "officer",
                "batch": batch.number,
                "reversed_by": batch.number if payment.taken_back else None,
            }
            for line, (number, payment) in enumerate(paid, 1)
        ],
    )


def standings(session: Session, day: date) -> dict[int, Standing]:
    """Everyone's standing on a day, as the product says it."""
    with session.store.connect() as connection:
        rows = connection.execute(standing_on(day, session.policy)).mappings().all()
    return {
        row["member"]: Standing(
            row["status"], date.fromisoformat(row["paid_until"]) if row["paid_until"] else None, row["arrears_cents"]
        )
        for row in rows
    }
