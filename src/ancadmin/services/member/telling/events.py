"""What the history of a member is told in."""

from typing import Any

Event = dict[str, Any]


def event(on: str | None, what: str, number: int, *, why: str | None = None, cents: int | None = None) -> Event:
    """Something that took effect `on` a day (None: that of its batch), recorded in batch `number`."""
    return {"on": on, "what": what, "why": why, "cents": cents, "batch": number, "recorded_at": None, "who": None}


def signed(asked_by: str, approved_by: str | None) -> str:
    """Whose decision it was, where somebody approved it."""
    if approved_by is None:
        return ""
    asked = "" if asked_by == approved_by else f"asked by {asked_by}, "
    return f" ({asked}approved by {approved_by})"
