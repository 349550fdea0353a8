"""What clerks, spreadsheets and photocopiers did to the registers, and what reading them should make of it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ancadmin.services.demo.draws import Rows, draws, picks, whole
from ancadmin.services.demo.people import Flags, People, with_check_digit


@dataclass(frozen=True)
class Kind:
    """One kind of damage to an ID number: how many of a thousand rows have it, and what the rules call it.

    `problem` keeps the row out; `repair` does not.
    """

    name: str
    per_thousand: float
    problem: str = ""
    repair: str = ""


KINDS = (
    Kind("none", 0),
    Kind("separators", 30, repair="punctuation"),
    Kind("letters", 10, repair="lookalike"),
    Kind("decimals", 12, repair="float_suffix"),
    Kind("scientific", 6, repair="scientific"),
    Kind("digits_gone", 8, problem="scientific_truncated"),
    Kind("wrong_digit", 6, problem="checksum"),
    Kind("wrong_date", 2, problem="no_such_date"),
    Kind("wrong_citizenship", 1, problem="citizenship"),
    Kind("wrong_length", 3, problem="wrong_length"),
    Kind("missing", 8, problem="missing"),
    Kind("passport", 2, problem="not_a_number"),
    Kind("child", 1, problem="age_out_of_range"),
)
_NAMES = [kind.name for kind in KINDS]
_UNDAMAGED = 1000 - sum(kind.per_thousand for kind in KINDS)
_BLANKS = ("", "N/A", "NA", "", "n/a")


@dataclass(frozen=True)
class Damage:
    """The damage to the rows of some people: flags and indexes, one a person."""

    people: People

    def _happens(self, what: str, share: float) -> Flags:
        flags: Flags = draws(self.people.plan.seed, what, self.people.rows) < share
        return flags

    @cached_property
    def kind(self) -> Rows:
        """An index into KINDS."""
        weights = [_UNDAMAGED, *(kind.per_thousand for kind in KINDS[1:])]
        return picks(self.people.plan.seed, "damage", self.people.rows, weights)

    @cached_property
    def _unreadable(self) -> Flags:
        flags: Flags = np.array([bool(kind.problem) for kind in KINDS])[self.kind]
        return flags

    @cached_property
    def surname_missing(self) -> Flags:
        """Nobody wrote the surname."""
        return self._happens("surname missing", 0.004)

    @cached_property
    def first_names_missing(self) -> Flags:
        """Nobody wrote the first names."""
        return self._happens("first names missing", 0.01)

    @cached_property
    def branch_unknown(self) -> Flags:
        """A ward number of an earlier delimitation."""
        return self._happens("branch unknown", 0.008)

    @cached_property
    def gender_wrong(self) -> Flags:
        """The gender column disagrees with the ID number."""
        return self._happens("gender wrong", 0.005)

    @cached_property
    def cell_malformed(self) -> Flags:
        """Some digits of the cell number are gone."""
        return self._happens("cell malformed", 0.01)

    @cached_property
    def zeros_lost(self) -> Flags:
        """A spreadsheet took the ID number for a number (only those that begin with 0 show it)."""
        return self._happens("zeros lost", 0.4) & (self.people.id_number < 10**12)

    @cached_property
    def copied_down(self) -> Flags:
        """Someone copied the ID number of the row above down into this one."""
        return self._happens("shared", 0.003)

    @staticmethod
    def _shares(people: People) -> Flags:
        """Of `people`, who is written with the number of the person before: another person of the same branch."""
        flags: Flags = Damage(people).copied_down & (people.rows > 0)
        few = np.flatnonzero(flags)
        after, before = People(people.plan, people.rows[few]), People(people.plan, people.rows[few] - 1)
        here, there = Damage(after), Damage(before)
        others = (after.branch == before.branch) & (after.surname != before.surname)
        # One thing at a time: both rows are otherwise sound, and the row before has its own number.
        sound = ~(here.unfit | there.unfit | here.copied | there.copied | there.copied_down)
        flags[few] = others & sound
        return flags

    @cached_property
    def shared(self) -> Flags:
        """Written with the ID number of the person before."""
        return self._shares(self.people)

    @cached_property
    def number_taken(self) -> Flags:
        """The person after is written with this person's ID number."""
        after = np.minimum(self.people.rows + 1, self.people.plan.members - 1)
        flags: Flags = self._shares(People(self.people.plan, after)) & (after != self.people.rows)
        return flags

    @cached_property
    def copied(self) -> Flags:
        """The row stands in the register twice."""
        return self._happens("copied", 0.008) & ~self.unfit

    @cached_property
    def unfit(self) -> Flags:
        """The row cannot get in for something that stands in it."""
        return self._unreadable | self.surname_missing | self.branch_unknown

    @cached_property
    def accepted(self) -> Flags:
        """The row gets in: its ID number can be read, there is a surname, the branch is known, nobody shares it."""
        flags: Flags = ~(self.unfit | self.shared | self.number_taken)
        return flags

    @cached_property
    def id_as_read(self) -> Rows:
        """The ID number the row is written with, before damage."""
        numbers = self.people.id_number.copy()
        few = np.flatnonzero(self.shared)
        numbers[few] = People(self.people.plan, self.people.rows[few] - 1).id_number
        return numbers

    def problems(self, place: int) -> list[str]:
        """The codes of everything that keeps the row at `place` out."""
        found = [KINDS[int(self.kind[place])].problem]
        if self.shared[place] or self.number_taken[place]:
            found.append("id_shared")
        if self.surname_missing[place]:
            found.append("surname_missing")
        if self.branch_unknown[place]:
            found.append("branch_unknown")
        return [code for code in found if code]

    def damaged(self) -> dict[int, str]:
        """What is written instead of the ID number, for the places where it is not simply its 13 digits."""
        numbers = self.id_as_read
        variants = whole(self.people.plan.seed, "variant", self.people.rows, 0, 60)
        written = {}
        for place in np.flatnonzero((self.kind > 0) | self.zeros_lost):
            text = f"{int(numbers[place]):013d}"
            if self.zeros_lost[place] and _NAMES[int(self.kind[place])] in ("none", "decimals", "scientific"):
                text = text.lstrip("0")
            written[int(place)] = WRITTEN[_NAMES[int(self.kind[place])]](text, int(variants[place]))
        return written


def _separators(text: str, variant: int) -> str:
    first, second, third = text[:6], text[6:10], text[10:]
    return (
        f"{first} {second} {third}",
        f"{first}-{second}-{third}",
        f"'{text}",
        f"{first}/{second}/{third}",
        f"{text}\u00a0",
        f"{first}.{second}.{third}",
    )[variant % 6]


def _letters(text: str, variant: int) -> str:
    if "0" in text:
        return text.replace("0", "O") if variant % 2 else text.replace("0", "o", 1)
    return text.replace("1", "l")


def _scientific(text: str, variant: int) -> str:
    mark = ",."[variant % 2]
    return f"{text[0]}{mark}{text[1:]}E+{len(text) - 1}"


def _digits_gone(text: str, variant: int) -> str:
    text = text.lstrip("0")
    mark = ",."[variant % 2]
    return f"{text[0]}{mark}{text[1:6]}E+{len(text) - 1}"


def _wrong_digit(text: str, variant: int) -> str:
    place = 6 + variant % 4
    return f"{text[:place]}{(int(text[place]) + 1 + variant % 9) % 10}{text[place + 1 :]}"


def _wrong_date(text: str, variant: int) -> str:
    return f"{text[:2]}{('0230', '1301', '0431', '0013')[variant % 4]}{text[6:]}"


def _child(text: str, variant: int) -> str:
    # Born in 2009: neither 16 nor 116 is possible when the registers were drawn up.
    twelve = int(f"090{1 + variant % 3}{1 + variant % 28:02d}{text[6:12]}")
    return f"{int(with_check_digit(np.array([twelve]))[0]):013d}"


WRITTEN: dict[str, Callable[[str, int], str]] = {
    "none": lambda text, variant: text,
    "separators": _separators,
    "letters": _letters,
    "decimals": lambda text, variant: text + (".0", ".00", ",0")[variant % 3],
    "scientific": _scientific,
    "digits_gone": _digits_gone,
    "wrong_digit": _wrong_digit,
    "wrong_date": _wrong_date,
    "wrong_citizenship": lambda text, variant: f"{text[:10]}{3 + variant % 7}{text[11:]}",
    "wrong_length": lambda text, variant: text + str(variant % 10) if variant % 2 else text[:9],
    "missing": lambda text, variant: _BLANKS[variant % 5],
    "passport": lambda text, variant: f"passport {'ABM'[variant % 3]}{text[5:12]}",
    "child": _child,
}
