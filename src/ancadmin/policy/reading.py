"""Reads `policy.toml` into a `Policy`; says which entry is wrong and what belongs there."""

import hashlib
import tomllib
from datetime import date
from importlib.resources import files
from pathlib import Path

from ancadmin.authorisation import matrix_of
from ancadmin.domain.policy import Fee, Policy
from ancadmin.domain.reminders import Kind, Terms, faulty_text
from ancadmin.domain.roles import LEVELS, Role
from ancadmin.errors import ConfigurationError, Place

_COUNTS = (
    "period_months",
    "grace_months",
    "probation_months",
    "minimum_age",
    "maximum_age",
    "branch_minimum",
)


def policy_text(path: Path | None) -> str:
    """The text of the policy file in force: `path`, or the one shipped. Raises ConfigurationError."""
    if path is None:
        return files("ancadmin").joinpath("policy.toml").read_text(encoding="utf-8")
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"the policy file cannot be read: {error}", "Name another with `policy = ` in ancadmin.toml."
        ) from error


def load_policy(path: Path | None = None) -> Policy:
    """The policy in force. Its version is the first 12 digits of the text's SHA-256. Raises ConfigurationError."""
    text = policy_text(path)
    name = str(path) if path else "policy.toml"
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"not valid TOML: {error}", "Mend that line.", place=Place(file=name)) from error
    counts = {key: _count(data, key, name) for key in _COUNTS}
    if counts["period_months"] == 0:
        raise ConfigurationError(
            "`period_months` must be at least 1: a fee covers some time",
            "Write period_months = 12.",
            place=Place(file=name),
        )
    bulk = data.get("bulk", {})
    return Policy(
        version=hashlib.sha256(text.encode()).hexdigest()[:12],
        fees=_fees(data, name),
        **counts,
        bulk_word_fees=_count(bulk, "word_fees", name),
        bulk_amount_fees=_count(bulk, "amount_fees", name),
        bulk_pattern_deposits=_count(bulk, "pattern_deposits", name),
        proof_months=_count(data.get("retention", {}), "proof_months", name),
        shifted_percent=_count(data.get("register") or _shipped("register"), "shifted_percent", name),
        alone_cents=_count(data.get("approval") or _shipped("approval"), "alone_cents", name),
        paid_twice_days=_count({**_shipped("bulk"), **bulk}, "paid_twice_days", name),
        old_references=_choice(data.get("suggestions") or _shipped("suggestions"), "old_references", name),
        authorisation=matrix_of(data.get("authorisation", {}), _shipped("authorisation"), name),
        cost_sheet_approver=_level(data.get("authorisation", {}), "cost_sheet", name),
        reminders=_reminders({**_shipped("reminders"), **data.get("reminders", {})}, name),
    )


def _reminders(table: dict[str, object], name: str) -> Terms:
    """The section `reminders`; texts it does not give are those shipped."""
    given, shipped = table.get("texts"), _shipped("reminders")["texts"]
    texts = {**(shipped if isinstance(shipped, dict) else {}), **(given if isinstance(given, dict) else {})}
    for kind in Kind:
        fault = faulty_text(texts.get(kind))
        if fault is not None:
            raise ConfigurationError(
                f"`reminders.texts.{kind}` {fault}", "Compare: ancadmin config policy", place=Place(file=name)
            )
    return Terms(
        before_days=_count(table, "before_days", name),
        after_days=_count(table, "after_days", name),
        **{kind.value: texts[kind] for kind in Kind},
    )


def _shipped(section: str) -> dict[str, object]:
    """A section as it is shipped, for a copy made before there was one."""
    entries: dict[str, object] = tomllib.loads(policy_text(None))[section]
    return entries


def _count(table: dict[str, object], key: str, name: str) -> int:
    value = table.get(key)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise ConfigurationError(
        f"`{key}` must be a whole number, zero or more",
        f"Write a line such as `{key} = 12`.",
        place=Place(file=name),
        value="missing" if value is None else str(value),
    )


def _choice(table: dict[str, object], key: str, name: str) -> bool:
    value = table.get(key)
    if isinstance(value, bool):
        return value
    raise ConfigurationError(
        f"`{key}` must be true or false",
        f"Write `{key} = true` or `{key} = false`.",
        place=Place(file=name),
        value="missing" if value is None else str(value),
    )


def _level(table: dict[str, object], key: str, name: str) -> Role:
    value = table.get(key)
    for role in LEVELS:
        if role == value:
            return role
    raise ConfigurationError(
        f"`{key}` must name a level of approval",
        f"Write one of: {', '.join(LEVELS)}.",
        place=Place(file=name),
        value="missing" if value is None else str(value),
    )


def _fees(data: dict[str, object], name: str) -> tuple[Fee, ...]:
    entries = data.get("fees")
    if isinstance(entries, list) and entries:
        fees = [
            Fee(entry["from"], entry["cents"])
            for entry in entries
            if isinstance(entry, dict)
            and isinstance(entry.get("from"), date)
            and isinstance(entry.get("cents"), int)
            and entry["cents"] > 0
        ]
        days = [fee.from_day for fee in fees]
        if len(fees) == len(entries) and days == sorted(set(days)):
            # The first fee holds for every earlier day: a day without a fee has no answer.
            return (Fee(date.min, fees[0].cents), *fees[1:])
    raise ConfigurationError(
        "`fees` must be a list of entries with a date `from` and whole `cents`, in order of date",
        "Write, for each fee: [[fees]], from = 2013-01-01, cents = 2000.",
        place=Place(file=name),
    )
