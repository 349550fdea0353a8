"""What another policy changes, number by number: from what, to what, on which days; and who may do what by it."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from ancadmin.domain.authorisation import Authority
from ancadmin.domain.policy import Policy
from ancadmin.domain.reminders import Kind
from ancadmin.domain.roles import Role
from ancadmin.policy.dated import DATED

FEE = "fees"
_AUTHORISATION = "authorisation."
_ALONE_CENTS = "approval.alone_cents"


@dataclass(frozen=True)
class Difference:
    """An entry that is `new` instead of `old` from `from_day` on until before `until` (None: for good), by its key in
    the file. `from_day` None: an entry that does not change with time.
    """

    key: str
    from_day: date | None
    until: date | None
    old: Any
    new: Any


def differences(old: Policy, new: Policy) -> list[Difference]:
    """What changes with time first, in the order of the file; one for each run of days with the same two values."""
    return [*_dated(old, new), *_for_good(old, new)]


def about_authorisation(one: Difference) -> bool:
    """Whether it changes who may do what."""
    return one.key.startswith(_AUTHORISATION) or one.key == _ALONE_CENTS


def authorisation_digest(policy: Policy) -> str:
    """The SHA-256 of who may do what by a policy: the matrix as it was read, and the amounts above which money waits.
    Two files that let the same people do the same have the same, however they are written.
    """
    amounts = groupby(policy.numbers, key=lambda numbers: numbers.alone_cents)
    says = {
        "cost_sheet": policy.cost_sheet_approver,
        _ALONE_CENTS: [[next(run).from_day.isoformat(), cents] for cents, run in amounts],
        **_plain(vars(policy.authorisation)),
    }
    canonical = json.dumps(says, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Tables, and sets of roles, as JSON has them; an entry that gives nobody anything is as none."""
    if isinstance(value, Mapping):
        return {str(key): _plain(held) for key, held in value.items() if held != frozenset()}
    if isinstance(value, Authority):
        return _plain(vars(value))
    return sorted(value) if isinstance(value, frozenset) else value


def _dated(old: Policy, new: Policy) -> Iterator[Difference]:
    days = sorted({day for policy in (old, new) for day in _days(policy)})
    values = [(_values(old, day), _values(new, day)) for day in days]
    for key in values[0][0]:
        runs: list[tuple[date, Any, Any]] = []
        for day, (before, after) in zip(days, values, strict=True):
            if not runs or runs[-1][1:] != (before[key], after[key]):
                runs.append((day, before[key], after[key]))
        ends = [*(day for day, _, _ in runs[1:]), None]
        for (day, was, becomes), until in zip(runs, ends, strict=True):
            if was != becomes:
                yield Difference(key, day, until, was, becomes)


def _days(policy: Policy) -> Iterator[date]:
    yield from (fee.from_day for fee in policy.fees)
    yield from (numbers.from_day for numbers in policy.numbers)


def _values(policy: Policy, day: date) -> dict[str, int]:
    """What changes with time, by its key, on a day."""
    numbers = policy.on(day)
    found = {FEE: policy.fee_on(day)}
    for section, names in DATED.items():
        found |= {f"{section}.{key}" if section else key: getattr(numbers, name) for key, name in names.items()}
    return found


def _for_good(old: Policy, new: Policy) -> Iterator[Difference]:
    before, after = _undated(old), _undated(new)
    for key in {**before, **after}:
        if before.get(key) != after.get(key):
            yield Difference(key, None, None, before.get(key), after.get(key))


def _undated(policy: Policy) -> dict[str, Any]:
    """What holds for good, by its key."""
    decisions = {
        f"authorisation.decisions.{act}.{part}": _said(roles)
        for act, authority in policy.authorisation.authorities.items()
        for part, roles in vars(authority).items()
    }
    return {
        "retention.proof_months": policy.proof_months,
        "retention.cost_sheet_months": policy.cost_sheet_months,
        "register.shifted_percent": policy.shifted_percent,
        "sweep.most_percent": policy.sweep_percent,
        "sweep.free_changes": policy.sweep_free_changes,
        "suggestions.old_references": policy.old_references,
        "authorisation.cost_sheet": policy.cost_sheet_approver.value,
        **decisions,
        **{f"authorisation.back_days.{role}": days for role, days in policy.authorisation.back_days.items()},
        **{f"authorisation.gives.{role}": _said(given) for role, given in policy.authorisation.gives.items()},
        **{f"authorisation.asks.{role}": _said(asked) for role, asked in policy.authorisation.asks.items()},
        "reminders.before_days": policy.reminders.before_days,
        "reminders.after_days": policy.reminders.after_days,
        **{f"reminders.texts.{kind}": policy.reminders.text(kind) for kind in Kind},
    }


def _said(roles: Collection[Role]) -> str:
    return ", ".join(role for role in Role if role in roles)
