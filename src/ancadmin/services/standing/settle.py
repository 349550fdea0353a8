"""Settlement: the `standing` rows of some members, rebuilt from the facts (docs/rules.md, sections 3 to 5)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    literal_column,
    null,
    or_,
    select,
)

from ancadmin.db.batches import Batch
from ancadmin.db.bulk import insert_rows
from ancadmin.db.schema import allocation, decision, member, opening_period, standing, status_change
from ancadmin.domain.dates import Days
from ancadmin.domain.policy import Policy
from ancadmin.domain.settlement import NO_DAY, Cents, Positions, first_fee_complete, opening_end, probation_end
from ancadmin.domain.since import FROM_EVER
from ancadmin.services.standing.calendars import make_calendars, make_openings, prepare
from ancadmin.services.standing.chosen import CHOSEN, Stretch, chosen, fetched, stretches
from ancadmin.services.standing.facts import Facts, days_of, facts_of

DUE_NOW = "0001-01-01"
"""A `next_change_on` that every sweep is past."""

DERIVED = (
    "member",
    "listed_from",
    "accepted_on",
    "opening_on",
    "covered_from",
    "first_day",
    "money_cents",
    "money_on",
    "probation_ends_on",
    "decided",
)
"""The columns of `standing` that follow from the facts."""


@dataclass(frozen=True)
class Settled:
    """The derived columns of some members, in order of their ids."""

    ids: Positions
    listed_from: Days
    accepted_on: Days
    opening_on: Days
    covered_from: Days
    first_day: Days
    money: Cents
    money_on: Days
    probation_ends_on: Days
    decided: npt.NDArray[np.bool_]

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Tuples in the order of DERIVED, as the store keeps them."""
        columns = (
            self.ids.tolist(),
            _texts(self.listed_from),
            _texts(self.accepted_on),
            _texts(self.opening_on),
            _texts(self.covered_from),
            _texts(self.first_day),
            self.money.tolist(),
            _texts(self.money_on),
            _texts(self.probation_ends_on),
            self.decided.tolist(),
        )
        return zip(*columns, strict=True)


def settle(batch: Batch, members: Select[tuple[int]]) -> None:
    """Rebuilds the rows of the member ids the query yields, inside the batch. What the last sweep recorded stays;
    the next sweep looks at each of them. Raises ConfigurationError when the store is reckoned with another policy's
    fees or months: only the sweep brings these into force.
    """
    rebuild(batch.connection, members, batch.today, batch.policy)


def rebuild(connection: Connection, members: Select[tuple[int]], today: date, policy: Policy) -> None:
    """What `settle` does, with a policy and on a day: for work that stands in no batch, on tables that shadow the
    store's (`shadow`).
    """
    prepare(connection, today, policy)
    with chosen(connection, _sorted_out(members)):
        _open(connection, policy)
        _settle_plain(connection)
        for stretch in stretches(connection):
            settled = settled_of(facts_of(connection, stretch), policy)
            make_calendars(connection, settled.first_day, settled.money, policy)
            _replace(connection, stretch, settled)


def _sorted_out(members: Select[tuple[int]]) -> Select[tuple[int, int]]:
    """The members, and which of them are plain and have no row in `standing` yet. A record merged into another has no
    standing of its own.
    """
    settled = exists().where(standing.c.member == member.c.id)
    return select(member.c.id, case((or_(settled, ~is_plain()), 0), else_=1)).where(
        member.c.id.in_(members), member.c.merged_into.is_(None)
    )


def is_plain() -> ColumnElement[bool]:
    """Of a register, and no money allocated: what is on record of the last payment is all that counts."""
    return and_(member.c.origin == "register", ~exists().where(allocation.c.member == member.c.id))


def forget(batch: Batch, members: Select[tuple[int]]) -> None:
    """Takes out everything kept here about members whose record is about to be deleted (an undone import)."""
    for table in (status_change, standing):
        batch.connection.execute(delete(table).where(table.c.member.in_(members)))


def _open(connection: Connection, policy: Policy) -> None:
    """Reckons what the last payments of the chosen members cover, for the days not reckoned before: they are few."""
    paid_on = fetched(
        connection,
        "SELECT last_payment_on FROM (SELECT DISTINCT last_payment_on FROM chosen JOIN member "
        "ON member.id = chosen.member WHERE last_payment_on IS NOT NULL AND last_payment_cents IS NOT NULL) AS days "
        "WHERE NOT EXISTS (SELECT 1 FROM opening_period WHERE paid_on = last_payment_on)",
    )
    if paid_on:
        make_openings(connection, days_of(tuple(day for (day,) in paid_on)), policy)


def _settle_plain(connection: Connection) -> None:
    """Members who come straight from a register, which are most: the opening position is all there is to know, so
    their rows are written where they are.
    """
    rows = plain_rows().add_columns(literal(DUE_NOW)).order_by(CHOSEN.c.member)
    connection.execute(insert(standing).from_select([*DERIVED, "next_change_on"], rows))


def plain_rows() -> Select[Any]:
    """What `standing` holds of the chosen members that are plain, in the order of DERIVED."""
    listed = func.coalesce(member.c.joined_on, FROM_EVER)
    captured = member.c.last_payment_cents.is_not(None)
    covers = and_(
        opening_period.c.paid_on == member.c.last_payment_on,
        opening_period.c.fee_cents <= member.c.last_payment_cents,
    )
    decided = exists().where(decision.c.member == member.c.id, decision.c.reversed_by.is_(None))
    columns: tuple[ColumnElement[Any], ...] = (
        member.c.id,
        listed,
        listed,
        case((captured, member.c.last_payment_on)),
        opening_period.c.paid_on,
        opening_period.c.ends_on,
        literal_column("0"),
        null(),
        null(),
        decided,
    )
    return (
        select(*(column.label(name) for name, column in zip(DERIVED, columns, strict=True)))
        .select_from(CHOSEN.join(member, member.c.id == CHOSEN.c.member).outerjoin(opening_period, covers))
        .where(CHOSEN.c.plain == 1)
    )


def settled_of(facts: Facts, policy: Policy) -> Settled:
    """What follows from the facts of some members."""
    count = len(facts.ids)
    covers = facts.in_register & ~np.isnat(facts.paid_on) & (facts.paid_cents >= policy.fees_on(facts.paid_on))
    complete = first_fee_complete(facts.payments, count, policy)
    money = np.bincount(facts.payments.owner, weights=facts.payments.cents, minlength=count).astype(np.int64)
    money_on = np.full(count, NO_DAY, dtype="datetime64[D]")
    money_on[facts.payments.owner] = facts.payments.day  # in order of day, so the last one stays
    return Settled(
        ids=facts.ids,
        listed_from=facts.listed_from,
        accepted_on=facts.accepted_on,
        opening_on=facts.paid_on,
        covered_from=np.where(covers, facts.paid_on, complete),
        first_day=np.where(covers, opening_end(facts.paid_on, policy), complete),
        money=money,
        money_on=money_on,
        probation_ends_on=np.where(facts.in_register, NO_DAY, probation_end(complete, policy)),
        decided=facts.decided,
    )


def _replace(connection: Connection, stretch: Stretch, settled: Settled) -> None:
    """Takes the rows of the stretch out and puts the new ones in, with what was recorded."""
    there = (
        f"member BETWEEN {stretch[0]} AND {stretch[1]} AND member IN (SELECT member FROM chosen "
        f"WHERE plain = 0 AND member BETWEEN {stretch[0]} AND {stretch[1]})"
    )
    recorded = {
        row[0]: row[1:] for row in fetched(connection, f"SELECT member, status, status_on FROM standing WHERE {there}")
    }
    if recorded:
        connection.exec_driver_sql(f"DELETE FROM standing WHERE {there}")
    nothing = (None, None)
    insert_rows(
        connection,
        standing,
        (*DERIVED, "status", "status_on", "next_change_on"),
        ((*row, *recorded.get(row[0], nothing), DUE_NOW) for row in settled.rows()),
    )


def _texts(days: Days) -> list[str | None]:
    """Days as ISO texts; NaT as None. Each day is written once, however many share it."""
    different, at = np.unique(days, return_inverse=True)
    texts = np.datetime_as_string(different).astype(object)
    texts[np.isnat(different)] = None
    written: list[str | None] = texts[at].tolist()
    return written
