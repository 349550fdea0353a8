"""What `member explain` shows under its sentences: the facts, line by line."""

from typing import TYPE_CHECKING, Any

from ancadmin.cli.output import mask
from ancadmin.domain.money import rands

if TYPE_CHECKING:
    from ancadmin.services.member.telling.explain import Explanation


def told_for_people(told: "Explanation") -> list[dict[str, Any]]:
    """The facts line by line, as they stand under the sentences."""
    facts = told.facts
    lines: list[tuple[str, Any]] = [
        ("ID number", mask(facts["id_number"])),
        ("merged into this record", ", ".join(map(mask, facts["merged_numbers"])) or None),
        ("as known on", told.known_on),
        ("rule", told.rule),
        ("since", f"{facts['since']} because of {facts['because']}" if facts["since"] else None),
        ("listed from", facts["listed_from"]),
        ("accepted on", facts["accepted_on"]),
        ("last payment in the register", _opening(facts["opening"])),
        ("paid until", facts["paid_until"]),
        ("grace until", facts["grace_ends_on"]),
        ("probation until", facts["probation_ends_on"]),
        ("owed", rands(facts["arrears_cents"])),
        ("next", f"{told.next_status} on {told.next_change_on}" if told.next_change_on else None),
    ]
    lines += [(f"deposit {one['deposit']}", _payment(one)) for one in facts["payments"]]
    lines += [(f"period from {one['begins_on']}", _period(one)) for one in facts["periods"]]
    lines += [(f"decision {one['decision']}", _decision(one)) for one in facts["decisions"]]
    return [{"what": what, "value": value} for what, value in lines if value is not None]


def _opening(opening: dict[str, Any] | None) -> str | None:
    if opening is None or opening["paid_on"] is None or opening["cents"] is None:
        return "not captured" if opening else None
    note = f" ({opening['note']}: covers nothing)" if opening["note"] else ""
    return f"{rands(opening['cents'])} on {opening['paid_on']}{note}"


def _payment(one: dict[str, Any]) -> str:
    counts = f"not counted: {one['why_not']}" if one["why_not"] else f"counts from {one['counts_from']}"
    parts = [f"{rands(part['cents'])} for the period from {part['begins_on']}" for part in one["settles"]]
    return ", ".join([f"{rands(one['cents'])} on {one['value_date']}", counts, *parts])


def _period(one: dict[str, Any]) -> str:
    by = ", ".join(str(number) for number in one["deposits"])
    fee = rands(one["fee_cents"])
    if one["settled_on"]:
        return f"until {one['until']}: {fee} settled on {one['settled_on']} by deposit {by}"
    owing = rands(one["fee_cents"] - one["paid_cents"])
    return f"until {one['until']}: {owing} of {fee} open" + (f", part paid by deposit {by}" if by else "")


def _decision(one: dict[str, Any]) -> str:
    until = f" until {one['ends_on']}" if one["ends_on"] else ""
    return f"{one['kind']} from {one['begins_on']}{until}: {one['why']}"
