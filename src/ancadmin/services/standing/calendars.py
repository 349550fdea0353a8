"""The fee calendar in the store: made for every first day there is, and held against the policy in force."""

import json
from datetime import date

import numpy as np
from sqlalchemy import Connection, delete, func, insert, select, update

from ancadmin.db.bulk import insert_rows
from ancadmin.db.schema import fee_calendar, opening_period, setting
from ancadmin.domain.dates import Days
from ancadmin.domain.lengths import spans
from ancadmin.domain.policy import Policy
from ancadmin.domain.settlement import Cents, Positions, calendar, opening_end, periods_needed
from ancadmin.errors import ConfigurationError, InputRefused

_KEY = "fee_calendar"
_YEARS_AHEAD = 40
_RECORDED = select(setting.c.value).where(setting.c.key == _KEY)
_COLUMNS = ("first_day", "fees_before_cents", "starts_on", "grace_ends_on")


def terms(policy: Policy) -> str:
    """What of the policy standing is reckoned with, as one text."""
    fees = ", ".join(f"{fee.cents} from {fee.from_day.isoformat()}" for fee in policy.fees)
    lasting = {name: spans(policy, f"{name}_months") for name in ("period", "grace", "probation")}
    first = ", ".join(f"{name} {known[0].months}" for name, known in lasting.items())
    later = sorted((span.from_day, name, span.months) for name, known in lasting.items() for span in known[1:])
    return f"fees {fees}; {first} months" + "".join(f"; {name} {months} from {day}" for day, name, months in later)


def recorded_terms(connection: Connection) -> tuple[str, date] | None:
    """The terms the store is reckoned with and the last day its calendars reach; None before anything is settled."""
    text = connection.scalar(_RECORDED)
    if text is None:
        return None
    kept = json.loads(text)
    return kept["terms"], date.fromisoformat(kept["reaches"])


def ready(connection: Connection, day: date, policy: Policy) -> date:
    """Sees that standing on `day` can be answered under `policy`, and returns the last day on which it could be (`day`
    itself before anything is settled). Raises ConfigurationError when the store is reckoned with other fees or months,
    InputRefused when the day is beyond the fee calendar.
    """
    recorded = recorded_terms(connection)
    if recorded is None:
        return day
    _same_terms(recorded[0], policy)
    if day > recorded[1]:
        raise InputRefused(
            f"standing is reckoned up to {recorded[1].isoformat()}", "Give an earlier day.", value=day.isoformat()
        )
    return recorded[1]


def _same_terms(recorded: str, policy: Policy) -> None:
    if recorded != terms(policy):
        raise ConfigurationError(
            f"the store is reckoned with other terms than this policy's: {recorded}",
            "Name the policy the store uses with --policy, or bring this one into force: ancadmin sweep",
        )


def prepare(connection: Connection, today: date, policy: Policy) -> None:
    """Records the terms of `policy` where none are, and carries the calendars on once a year. Raises
    ConfigurationError where others are in force: only the sweep brings new ones in.
    """
    recorded = recorded_terms(connection)
    if recorded is None:
        value = json.dumps({"terms": terms(policy), "reaches": _horizon(today).isoformat()})
        connection.execute(insert(setting).values(key=_KEY, value=value))
        return
    _same_terms(recorded[0], policy)
    if recorded[1] < date(today.year + _YEARS_AHEAD - 1, 1, 1):
        _carry_on(connection, today, policy)


def bring_into_force(connection: Connection, today: date, policy: Policy) -> bool:
    """Records the terms of `policy` in the place of others; True when there were others: then every calendar is gone,
    and everyone has to be settled again.
    """
    recorded = recorded_terms(connection)
    if recorded is None or recorded[0] == terms(policy):
        return False
    _record(connection, today, policy)
    for table in (fee_calendar, opening_period):
        connection.execute(delete(table))
    return True


def _record(connection: Connection, today: date, policy: Policy) -> None:
    value = json.dumps({"terms": terms(policy), "reaches": _horizon(today).isoformat()})
    connection.execute(update(setting).where(setting.c.key == _KEY).values(value=value))


def _carry_on(connection: Connection, today: date, policy: Policy) -> None:
    """Every calendar, to forty years from today."""
    _record(connection, today, policy)
    known = connection.execute(select(fee_calendar.c.first_day).distinct()).scalars()
    first_days = np.array(list(known), dtype="datetime64[D]")
    make_calendars(connection, first_days, np.zeros(len(first_days), dtype=np.int64), policy)


def _horizon(today: date) -> date:
    return date(today.year + _YEARS_AHEAD, 12, 31)


def make_calendars(connection: Connection, first_days: Days, money: Cents, policy: Policy) -> None:
    """Adds the rows that are missing for members whose first period begins on `first_days` (NaT: none) and who have
    paid `money`.
    """
    recorded = recorded_terms(connection)
    if recorded is None:
        raise RuntimeError("prepare() comes first")
    begun = ~np.isnat(first_days)
    days, at = np.unique(first_days[begun], return_inverse=True)
    if not len(days):
        return
    highest = np.zeros(len(days), dtype=np.int64)
    np.maximum.at(highest, at, money[begun])
    needed = periods_needed(days, highest, recorded[1], policy)
    made = _made(connection, days)
    short = needed > made
    if not short.any():
        return
    rows = calendar(days[short], needed[short], policy)
    new = rows.number >= made[short][rows.position]
    text = np.datetime_as_string(days[short])[rows.position[new]]
    columns = (
        text.tolist(),
        rows.fees_before[new].tolist(),
        np.datetime_as_string(rows.starts_on[new]).tolist(),
        np.datetime_as_string(rows.grace_ends_on[new]).tolist(),
    )
    insert_rows(connection, fee_calendar, _COLUMNS, zip(*columns, strict=True))


def make_openings(connection: Connection, paid_on: Days, policy: Policy) -> None:
    """Adds what last payments on these days cover (none of them there yet), and the calendars that go on from it."""
    ends_on = opening_end(paid_on, policy)
    columns = (
        np.datetime_as_string(paid_on).tolist(),
        policy.fees_on(paid_on).tolist(),
        np.datetime_as_string(ends_on).tolist(),
    )
    insert_rows(connection, opening_period, ("paid_on", "fee_cents", "ends_on"), zip(*columns, strict=True))
    make_calendars(connection, ends_on, np.zeros(len(ends_on), dtype=np.int64), policy)


def _made(connection: Connection, days: Days) -> Positions:
    """How many rows each first day has already."""
    texts = np.datetime_as_string(days)
    query = select(fee_calendar.c.first_day, func.count()).group_by(fee_calendar.c.first_day)
    if len(texts) <= 500:
        query = query.where(fee_calendar.c.first_day.in_(texts.tolist()))
    known = {row[0]: row[1] for row in connection.execute(query)}
    return np.array([known.get(text, 0) for text in texts.tolist()], dtype=np.int64)
