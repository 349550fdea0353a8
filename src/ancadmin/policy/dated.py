"""What changes with time: the fees, and the numbers with their `[[changes]]` (docs/rules.md, section 5)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from ancadmin.domain.policy import Fee, Numbers
from ancadmin.policy.faults import Table

# The number each entry gives; those of the first table stand at the top of the file, or of an entry of [[changes]].
DATED: dict[str, dict[str, str]] = {
    "": {
        "period_months": "period_months",
        "grace_months": "grace_months",
        "probation_months": "probation_months",
        "minimum_age": "minimum_age",
        "maximum_age": "maximum_age",
        "branch_minimum": "branch_minimum",
    },
    "bulk": {
        "word_fees": "bulk_word_fees",
        "amount_fees": "bulk_amount_fees",
        "pattern_deposits": "bulk_pattern_deposits",
        "paid_twice_days": "paid_twice_days",
    },
    "approval": {"alone_cents": "alone_cents"},
    "disputes": {"paid_months": "dispute_paid_months"},
}
_LEAST = {"period_months": 1}
# A copy of the file made before there were these has them as they are shipped.
_NEWER = frozenset({"paid_twice_days", "alone_cents", "paid_months"})
_FROM = "Write the day it holds from: from = 2027-01-01."


def read_numbers(whole: Table, shipped: Mapping[str, Any]) -> tuple[Numbers, ...]:
    """The numbers from ever, and those from each change on, in order of the days."""
    first: dict[str, int] = {}
    for section, names in DATED.items():
        table = whole.table(section) if section else whole
        for key, name in names.items():
            as_shipped = key in _NEWER and key not in table.entries
            first[name] = shipped[section][key] if as_shipped else table.count(key, _LEAST.get(key, 0))
    found = [Numbers(date.min, **first)]
    for entry in _entries(whole, "changes"):
        day, changed = _day(entry, found[-1].from_day), _changed(entry)
        found.append(replace(found[-1], from_day=day, **changed))
    return tuple(found)


def _entries(whole: Table, key: str, *, needed: bool = False) -> list[Table]:
    """The entries of a list of tables, numbered from 1."""
    entries = whole.entries.get(key, [])
    if not isinstance(entries, list) or (needed and not entries):
        whole.wrong(key, "must be a list of entries", f"Begin each with a line [[{key}]].", entries or None)
        return []
    return [Table(entry, f"{key}.{number}", whole.faults) for number, entry in enumerate(entries, 1)]


def _day(entry: Table, after: date | None) -> date:
    """The day an entry holds from, which is later than that of the one before (None: there is none)."""
    day = entry.entries.get("from")
    if not isinstance(day, date) or isinstance(day, datetime):
        entry.wrong("from", "must be a day", _FROM, day)
        return after or date.min
    if after is not None and day <= after:
        entry.wrong("from", "must be later than the entry before", "Put the entries in order of their days.", day)
    return day


def _changed(entry: Table) -> dict[str, int]:
    """The numbers an entry changes, by their names in `Numbers`."""
    changed: dict[str, int] = {}
    for section, names in DATED.items():
        if section and section not in entry.entries:
            continue
        table = entry.table(section) if section else entry
        for key in table.entries:
            if key in names:
                changed[names[key]] = table.count(key, _LEAST.get(key, 0))
            elif section or key not in ("from", *DATED):
                known = ", ".join(sorted(names))
                table.wrong(key, "is no number that changes with time", f"Known are: {known}.", table.entries[key])
    if not changed:
        entry.wrong("", "changes nothing", "Write what is other from that day, say: grace_months = 4.", "empty")
    return changed


def read_fees(whole: Table) -> tuple[Fee, ...]:
    """The fees in order of their days. The first holds for every earlier day: a day without a fee has no answer."""
    found: list[Fee] = []
    for entry in _entries(whole, "fees", needed=True):
        day, cents = _day(entry, found[-1].from_day if found else None), entry.count("cents", 1)
        found.append(Fee(day, cents))
    first, later = (found[0].cents, found[1:]) if found else (1, [])
    return (Fee(date.min, first), *later)
