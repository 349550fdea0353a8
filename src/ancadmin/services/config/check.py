"""A policy file looked over before it is used: everything wrong in it, and what it would judge anew."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ancadmin.db.store import open_store
from ancadmin.domain.money import rands
from ancadmin.domain.policy import Policy
from ancadmin.errors import NotAllowed, StoreError
from ancadmin.policy import policy_text, read_policy
from ancadmin.policy.differences import FEE, Difference, authorisation_digest, differences
from ancadmin.policy.lines import line_of, lines_of
from ancadmin.services.config.adopted import adopted_in
from ancadmin.services.config.known import policy_in_force
from ancadmin.settings import Settings

_AT_LINE = re.compile(r"at line (\d+)")
# What these hold is told by their readers, or is nobody's to foresee.
_OPEN_PARTS = ("decisions", "back_days", "gives", "asks")
_OPEN = frozenset({"fees", "changes", *(f"authorisation.{part}" for part in _OPEN_PARTS)})
_CENTURY = 100


@dataclass(frozen=True)
class Finding:
    """Something to say of an entry. `line` None: of the file as a whole, or of what is missing in it."""

    kind: str
    line: int | None
    key: str
    what: str
    value: str
    remedy: str

    def as_dict(self) -> dict[str, Any]:
        """The finding as JSON shows it."""
        return asdict(self)


WRONG, WARNING = "wrong", "warning"


def check_policy(settings: Settings, path: Path | None, today: date) -> tuple[str, list[Finding]]:
    """The version of the policy in `path` (None: the file in force), and what is to be said of it: every entry that is
    `wrong`, with which it cannot be used, else every `warning`. Past days are compared with the policy the store is
    reckoned with, where there is no store with the one shipped. Raises ConfigurationError for a file that cannot be
    read.
    """
    file = path or settings.policy
    text = policy_text(file)
    policy, faults = read_policy(text)
    lines = lines_of(text)
    if faults:
        return policy.version, [
            Finding(WRONG, _line(one.key, one.what, lines), one.key, one.what, one.value, one.remedy) for one in faults
        ]
    found = [*_unread(text, lines), *_ages(policy, lines), *_past(policy, _known(settings), today, lines, file)]
    return policy.version, [*found, *_not_in_force(policy, settings, lines)]


def _not_in_force(policy: Policy, settings: Settings, lines: dict[str, int]) -> Iterator[Finding]:
    adopted = adopted_in(settings)
    if adopted is None or adopted.digest == authorisation_digest(policy):
        return
    what = "is not the authorisation in force: nothing can be written under it"
    remedy = "Have a national officer bring it into force: ancadmin config policy adopt"
    yield Finding(WARNING, line_of("authorisation", lines), "authorisation", what, adopted.words, remedy)


def _line(key: str, what: str, lines: Mapping[str, int]) -> int | None:
    said = _AT_LINE.search(what)
    return int(said[1]) if said and not key else line_of(key, dict(lines))


def _known(settings: Settings) -> Policy:
    """The policy of the store; where there is none to be asked, the one shipped."""
    try:
        store = open_store(settings.db)
    except (StoreError, NotAllowed):
        return read_policy(policy_text(None))[0]
    with store.connect() as connection:
        return policy_in_force(connection) or read_policy(policy_text(None))[0]


def _unread(text: str, lines: dict[str, int]) -> Iterator[Finding]:
    """Entries of a name nobody asks for: misspelt, most likely."""
    for key in _unknown(tomllib.loads(text), tomllib.loads(policy_text(None)), ""):
        remedy = "Compare its name with those of: ancadmin config policy show"
        yield Finding(WARNING, line_of(key, lines), key, "is an entry nothing reads", "", remedy)


def _unknown(given: Mapping[str, Any], shipped: Mapping[str, Any], table: str) -> Iterator[str]:
    for key, value in given.items():
        path = f"{table}.{key}" if table else key
        if path in _OPEN:
            continue
        if key not in shipped:
            yield path
        elif isinstance(value, dict):
            yield from _unknown(value, shipped[key], path)


def _ages(policy: Policy, lines: dict[str, int]) -> Iterator[Finding]:
    for numbers in policy.numbers:
        if numbers.maximum_age - numbers.minimum_age >= _CENTURY:
            what = "lets two digits of a year mean two centuries"
            ages = f"{numbers.minimum_age} to {numbers.maximum_age}"
            remedy = "Let fewer than a hundred years lie between the ages."
            yield Finding(WARNING, line_of("maximum_age", lines), "maximum_age", what, ages, remedy)


def _past(policy: Policy, known: Policy, today: date, lines: dict[str, int], file: Path | None) -> Iterator[Finding]:
    """What holds on days that are past and did not hold on them before."""
    for one in differences(known, policy):
        if one.from_day is None or one.from_day >= today:
            continue
        last = today if one.until is None else min(one.until - timedelta(days=1), today)
        yield Finding(
            WARNING,
            _line_of_entry(one, policy, lines),
            one.key,
            f"is another {_from(one.from_day)}: past days would be judged anew",
            f"{_value(one.key, one.old)} → {_value(one.key, one.new)}",
            f"Let it hold from a day to come; or see first whom it moves: ancadmin config policy diff "
            f"{file or 'FILE'} --on {last.isoformat()}",
        )


def _line_of_entry(one: Difference, policy: Policy, lines: dict[str, int]) -> int | None:
    """The line of the entry that begins on the day, else of the key where it stands first."""
    entries = policy.fees if one.key == FEE else policy.numbers[1:]
    days = [entry.from_day for entry in entries]
    table = FEE if one.key == FEE else "changes"
    if one.from_day in days:
        place = f"{table}.{days.index(one.from_day) + 1}"
        return line_of(place if one.key == FEE else f"{place}.{one.key}", lines)
    return line_of(one.key, lines)


def _from(day: date) -> str:
    return "from ever" if day == date.min else f"from {day.isoformat()}"


def _value(key: str, value: object) -> str:
    money = isinstance(value, int) and (key == FEE or key.endswith("cents"))
    return rands(int(str(value))) if money else str(value)
