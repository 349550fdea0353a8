"""What another policy changes, for people and for programs."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from ancadmin.cli.output import Column
from ancadmin.domain.money import rands

if TYPE_CHECKING:
    from ancadmin.policy.differences import Difference

CHANGES = (Column("key", "entry"), Column("old", "now"), Column("new", "then"), Column("days", "from when"))


def as_json_rows(found: "Iterable[Difference]") -> list[dict[str, Any]]:
    """The changes as JSON shows them: days are None where there is no first or last one."""
    return [
        {"key": one.key, "from": _day(one.from_day), "until": _day(one.until), "old": one.old, "new": one.new}
        for one in found
    ]


def in_words(one: "Difference") -> dict[str, str]:
    """A row of `CHANGES`."""
    days = "for good" if one.from_day is None else "from ever" if one.from_day == date.min else f"from {one.from_day}"
    until = "" if one.until is None else f" until before {one.until}"
    return {"key": one.key, "old": _value(one.key, one.old), "new": _value(one.key, one.new), "days": days + until}


def _value(key: str, value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "-", True: "true", False: "false"}[value]
    return rands(value) if key == "fees" or key.endswith("cents") else str(value)


def _day(day: date | None) -> str | None:
    return None if day is None or day == date.min else day.isoformat()
