"""What an undo left alone."""

from dataclasses import asdict, dataclass
from typing import Any

KEPT_ENTRIES = "kept_entries"
"""Where the counts of an undo name what it kept."""


@dataclass(frozen=True)
class Kept:
    """Something an undo kept because later work stands on it: what and why are said to people. If it is a member, or
    of one, `member` is the row and `id_number` the number in full, for scripts; the latter is never stored.
    """

    what: str
    why: str
    member: int | None = None
    id_number: str | None = None

    def as_dict(self, *, in_full: bool) -> dict[str, Any]:
        """The fields that say something; with the ID number only `in_full`."""
        named = {name: value for name, value in asdict(self).items() if value is not None}
        if not in_full:
            named.pop("id_number", None)
        return named


def member_words(id_number: str) -> str:
    """A member as what was kept names her: the number masked, for it may end up on a screen or in a mail."""
    return f"member {id_number[:6]}****{id_number[10:]}"
