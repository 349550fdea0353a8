"""The facts standing rests on, read as columns: members, what was decided on applications, money allocated."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection

from ancadmin.domain.dates import Days
from ancadmin.domain.settlement import NO_DAY, Cents, Payments, Positions
from ancadmin.domain.since import FROM_EVER
from ancadmin.services.standing.chosen import Stretch, among, fetched

# The rung that posts money by itself; what it found up to the register's last payment is in the opening position.
MATCHER = "id_reference"


@dataclass(frozen=True)
class Facts:
    """What is on record about some members, in order of their ids; `payments.owner` are positions in `ids`."""

    ids: Positions
    in_register: npt.NDArray[np.bool_]
    listed_from: Days
    accepted_on: Days
    paid_on: Days
    paid_cents: Cents
    decided: npt.NDArray[np.bool_]
    payments: Payments


def facts_of(connection: Connection, stretch: Stretch) -> Facts:
    """The facts of one stretch of the chosen members."""
    rows = fetched(
        connection,
        "SELECT id, origin, joined_on, last_payment_on, coalesce(last_payment_cents, -1) FROM member "
        f"{among(stretch, 'id')} ORDER BY id",
    )
    ids, origins, joined, paid_on, cents = zip(*rows, strict=True)
    numbers = np.array(ids, dtype=np.int64)
    in_register = np.array(origins) == "register"
    joined_on = days_of(joined)
    joined_on[np.isnat(joined_on)] = np.datetime64(FROM_EVER, "D")
    listed_from = np.where(in_register, joined_on, np.datetime64("9999-12-31", "D"))
    accepted_on = np.where(in_register, joined_on, NO_DAY)
    decided = np.zeros(len(numbers), dtype=bool)
    _decisions(connection, stretch, numbers, ~in_register, listed_from, accepted_on, decided)
    paid_cents = np.array(cents, dtype=np.int64)
    # A register may list those who applied, but they begin with nothing: each of their payments is a deposit.
    opening_on = np.where(in_register & (paid_cents >= 0), days_of(paid_on), NO_DAY)
    payments = _payments(connection, stretch, numbers, accepted_on, opening_on)
    return Facts(numbers, in_register, listed_from, accepted_on, opening_on, paid_cents, decided, payments)


def days_of(texts: tuple[Any, ...]) -> Days:
    """ISO texts and None as a column of days."""
    return np.array(texts, dtype="datetime64[D]")


def _decisions(
    connection: Connection,
    stretch: Stretch,
    ids: Positions,
    new: npt.NDArray[np.bool_],
    listed_from: Days,
    accepted_on: Days,
    decided: npt.NDArray[np.bool_],
) -> None:
    """Fills in of whom anything was decided, and of those who applied (`new`) the first days of applying and of being
    accepted.
    """
    rows = fetched(
        connection,
        "SELECT decision.member, min(CASE WHEN kind IN ('applied', 'accepted') THEN begins_on END), "
        "min(CASE WHEN kind = 'accepted' THEN begins_on END) FROM decision "
        f"{among(stretch, 'decision.member')} WHERE reversed_by IS NULL GROUP BY decision.member",
    )
    if not rows:
        return
    members, first, accepted = zip(*rows, strict=True)
    at = np.searchsorted(ids, np.array(members, dtype=np.int64))
    decided[at] = True
    applied = days_of(first)
    theirs = new[at] & ~np.isnat(applied)
    listed_from[at[theirs]] = applied[theirs]
    accepted_on[at[theirs]] = days_of(accepted)[theirs]


def _payments(
    connection: Connection, stretch: Stretch, ids: Positions, accepted_on: Days, opening_on: Days
) -> Payments:
    """The allocations that count (section 4.3): not reversed, not in the opening position, not before acceptance."""
    rows = fetched(
        connection,
        f"SELECT allocation.member, value_date, cents, CASE WHEN reason = '{MATCHER}' THEN 1 ELSE 0 END "
        f"FROM allocation {among(stretch, 'allocation.member')} "
        "WHERE reversed_by IS NULL ORDER BY allocation.member, value_date",
    )
    members, value_dates, cents, matched = zip(*rows, strict=True) if rows else ((), (), (), ())
    at = np.searchsorted(ids, np.array(members, dtype=np.int64))
    on = days_of(value_dates)
    in_opening = np.array(matched, dtype=bool) & (on <= opening_on[at])
    counts = ~in_opening & ~np.isnat(accepted_on[at])
    at = at[counts]
    return Payments(at, np.maximum(on[counts], accepted_on[at]), np.array(cents, dtype=np.int64)[counts])
