"""A whole class of suggestions accepted at once, in sets: those whose one likeliest member was found by one rung."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    case,
    cast,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)

from ancadmin.db.batches import Batch, moment
from ancadmin.db.bulk import keep_pages
from ancadmin.db.schema import allocation, change, claim, deposit, member, suggestion
from ancadmin.domain.deposits import Reason, State
from ancadmin.services.deposits.allowed import money_roles, require_officer
from ancadmin.services.deposits.listing import Wanted
from ancadmin.services.deposits.matching.ladder import excluded, in_opening, not_accepted
from ancadmin.services.deposits.review.aliases import learn
from ancadmin.services.deposits.review.deciding import COMMAND, refuse_old_references
from ancadmin.services.deposits.review.held import SUGGESTION, best, marked
from ancadmin.services.member.decide import require_reason
from ancadmin.services.operator.reach import branches_reached
from ancadmin.services.session import Session
from ancadmin.services.standing.settle import settle

SHOWN = 10
"""So many of what is accepted are shown as a sample."""
_TIE, _BELOW = "tie", "below_score"
_PAGES = 192
# The deposits of the class with whom they may be meant for; `left` says why one is left, null for what is accepted.
_CLASS = Table(
    "accepted_class",
    MetaData(),
    Column("deposit", Integer, primary_key=True, autoincrement=False),
    Column("member", Integer, nullable=False),
    Column("score", Integer, nullable=False),
    Column("cents", BigInteger, nullable=False),
    Column("value_date", String, nullable=False),
    Column("matched_in", Integer, nullable=False),
    Column("reason", String),
    Column("left", String),
    prefixes=["TEMPORARY"],
)


@dataclass(frozen=True)
class Accepted:
    """What became of a class: looked_at = accepted + ties + below_score + the sum of `left`, which says how many were
    left to be looked at one by one, and why. `learnt` is how many narratives are known from now on; `sample` shows a
    few of what was accepted: deposit, value_date, cents, narrative, id_number, score, evidence (a list of words).
    """

    batch: int
    looked_at: int
    accepted: int
    cents: int
    ties: int
    below_score: int
    left: dict[str, int]
    learnt: int
    sample: list[dict[str, Any]] = field(repr=False)

    def as_dict(self) -> dict[str, Any]:
        """The result as JSON shows it."""
        return asdict(self)


def accept_class(session: Session, reason: Reason, *, least: int, why: str, among: Wanted) -> Accepted:
    """Credits every deposit (of those of `among`) whose one likeliest member was suggested by `reason` with a score of
    at least `least` of 100.

    Left are ties for the first place, members dead, expelled or not accepted, days up to the register's last payment,
    branches out of reach, and what is marked or in another officer's hand. Raises NotAllowed for those who do not
    decide about members, InputRefused without a reason.
    """
    why = require_reason(why)
    require_officer(session, "accept suggestions")
    with session.batch(COMMAND) as batch:
        refuse_old_references(batch, reason)
        connection = batch.connection
        keep_pages(connection, _PAGES)
        with session.progress.step("Choosing"):
            _CLASS.create(connection)
            _choose(session, batch, reason, least, among)
        sample = _sample(connection)
        with session.progress.step("Crediting"):
            _post(batch, reason, why)
        with session.progress.step("Learning"):
            meant = connection.execute(_accepted(_CLASS.c.deposit, _CLASS.c.member)).all()
            learnt = len(learn(batch, ((row.deposit, row.member) for row in meant)))
        with session.progress.step("Settling"):
            settle(batch, _accepted(_CLASS.c.member))
        result = _result(batch, learnt, sample)
        _CLASS.drop(connection)
        counts = {name: value for name, value in result.as_dict().items() if name not in ("batch", "sample")}
        batch.counts.update(reason=reason.value, **counts)
    return result


def _choose(session: Session, batch: Batch, reason: Reason, least: int, among: Wanted) -> None:
    """Fills the table of the class."""
    found = best(*among.conditions()).subquery()
    where = [found.c.reason == reason.value]
    left = case(
        (found.c.rivals > 1, _TIE),
        (found.c.score < least, _BELOW),
        *((condition, why) for why, condition in _reasons_to_leave(session, batch)),
    )
    batch.connection.execute(
        insert(_CLASS).from_select(
            _CLASS.columns.keys(),
            select(
                found.c.deposit,
                found.c.member,
                found.c.score,
                deposit.c.unallocated_cents,
                deposit.c.value_date,
                deposit.c.matched_in,
                deposit.c.reason,
                left,
            )
            .select_from(found.join(deposit, deposit.c.id == found.c.deposit))
            .join(member, member.c.id == found.c.member)
            .where(*where),
        )
    )
    if batch.connection.dialect.name == "postgresql":
        batch.connection.exec_driver_sql(f"ANALYZE {_CLASS.name}")


def _reasons_to_leave(session: Session, batch: Batch) -> list[tuple[str, ColumnElement[bool]]]:
    """Why a deposit is left to be looked at, and the condition on it and its member."""
    in_hand = exists(
        select(claim.c.subject).where(
            claim.c.kind == SUGGESTION,
            claim.c.subject == deposit.c.id,
            claim.c.operator != session.account,
            claim.c.until > moment(session.clock()),
        )
    )
    found: list[tuple[str, ColumnElement[bool]]] = [
        (Reason.MEMBER_EXCLUDED.value, excluded(member.c.id, deposit.c.value_date)),
        (Reason.NOT_ACCEPTED_YET.value, not_accepted(member, batch.today)),
        (Reason.IN_OPENING.value, in_opening(member, deposit.c.value_date)),
        ("marked", marked()),
        ("in_hand", in_hand),
    ]
    reached = branches_reached(session, batch.connection, money_roles(session))
    if reached is not None:
        found.append(("out_of_reach", member.c.branch.not_in(sorted(reached))))
    return found


def _accepted(*columns: ColumnElement[Any]) -> Select[Any]:
    return select(*columns).where(_CLASS.c.left.is_(None))


def _post(batch: Batch, reason: Reason, why: str) -> None:
    """Writes the allocations in the order of members, what the deposits were, and what they are."""
    connection = batch.connection
    columns = ["deposit", "member", "cents", "value_date", "reason", "why", "batch"]
    entries = _accepted(
        _CLASS.c.deposit,
        _CLASS.c.member,
        _CLASS.c.cents,
        _CLASS.c.value_date,
        literal(reason.value),
        literal(why),
        literal(batch.number),
    )
    connection.execute(insert(allocation).from_select(columns, entries.order_by(_CLASS.c.member, _CLASS.c.deposit)))
    after = {
        "state": (literal(State.SUGGESTED.value), literal(State.MATCHED.value)),
        "reason": (_CLASS.c.reason, literal(reason.value)),
        "member": (literal(None, String), cast(_CLASS.c.member, String)),
        "matched_in": (cast(_CLASS.c.matched_in, String), literal(str(batch.number))),
    }
    for name, (old, new) in after.items():
        rows = _accepted(
            literal(batch.number), literal(deposit.name), cast(_CLASS.c.deposit, String), literal(name), old, new
        ).where(old.is_distinct_from(new))
        names = ["batch", "table_name", "key", "field", "old", "new"]
        connection.execute(insert(change).from_select(names, rows.order_by(_CLASS.c.deposit)))
    connection.execute(
        update(deposit)
        # Added nothing to, so that SQLite goes from the class to the deposits, not through all of these.
        .where(deposit.c.id == _CLASS.c.deposit + 0, _CLASS.c.left.is_(None))
        .values(
            state=State.MATCHED.value,
            reason=reason.value,
            member=_CLASS.c.member,
            unallocated_cents=0,
            matched_in=batch.number,
        )
    )


def _sample(connection: Connection) -> list[dict[str, Any]]:
    """The accepted with the lowest scores: whoever agrees to these agrees to the rest."""
    evidence = (  # the likeliest of each, which no other is as likely as
        select(suggestion.c.evidence)
        .where(suggestion.c.deposit == _CLASS.c.deposit, suggestion.c.score == _CLASS.c.score)
        .order_by(suggestion.c.batch.desc(), suggestion.c.member)
        .limit(1)
        .correlate(_CLASS)
        .scalar_subquery()
    )
    query = (
        _accepted(
            _CLASS.c.deposit,
            _CLASS.c.value_date,
            _CLASS.c.cents,
            deposit.c.narrative,
            member.c.id_number,
            _CLASS.c.score,
            evidence.label("evidence"),
        )
        .join(deposit, deposit.c.id == _CLASS.c.deposit)
        .join(member, member.c.id == _CLASS.c.member)
        .order_by(_CLASS.c.score, _CLASS.c.deposit)
        .limit(SHOWN)
    )
    return [
        {**row, "score": row["score"] / 100, "evidence": json.loads(row["evidence"])}
        for row in connection.execute(query).mappings()
    ]


def _result(batch: Batch, learnt: int, sample: list[dict[str, Any]]) -> Accepted:
    rows = batch.connection.execute(
        select(_CLASS.c.left, func.count().label("deposits"), func.sum(_CLASS.c.cents).label("cents"))
        .group_by(_CLASS.c.left)
        .order_by(_CLASS.c.left)
    ).all()
    found = {row.left: row for row in rows}
    taken = found.pop(None, None)
    counts = {str(why): int(row.deposits) for why, row in found.items()}
    return Accepted(
        batch=batch.number,
        looked_at=sum(counts.values()) + (taken.deposits if taken else 0),
        accepted=taken.deposits if taken else 0,
        cents=int(taken.cents) if taken else 0,
        ties=counts.pop(_TIE, 0),
        below_score=counts.pop(_BELOW, 0),
        left=counts,
        learnt=learnt,
        sample=sample,
    )
