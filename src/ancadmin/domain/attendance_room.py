"""How people are found on a register at the door: by letter, by voting district (docs/rules.md, section 6)."""

from collections.abc import Iterable

from ancadmin.domain.attendance import Attendee, Difference
from ancadmin.domain.papers import in_order

# What begins with no letter stands under this.
NO_LETTER = "#"
_SAID = {"added": "Added", "removed": "Removed", "changed": "Changed, as they are on record now"}

Numbered = tuple[int, Attendee]


def first_letter(surname: str) -> str:
    """The letter a surname is looked up under, as names are sorted: Ṱhavhana under T, van Wyk under V."""
    first = in_order(surname)[:1].upper()
    return first if first.isalpha() else NO_LETTER


def by_voting_district(people: Iterable[Numbered]) -> list[tuple[str | None, list[Numbered]]]:
    """People with their numbers, by voting district, each in the order given; those without a district at the end."""
    groups: dict[str | None, list[Numbered]] = {}
    for number, one in people:
        groups.setdefault(one.voting_district or None, []).append((number, one))
    return sorted(groups.items(), key=lambda group: (group[0] is None, group[0] or ""))


def said_of(difference: Difference) -> list[tuple[str, tuple[Attendee, ...]]]:
    """Each kind of difference in words, with its people; kinds with nobody are left out."""
    return [(_SAID[name], people) for name, people in vars(difference).items() if people]
