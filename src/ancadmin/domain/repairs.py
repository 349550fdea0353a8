"""What a damaged ID number may have been: one slip away, and how well each reading fits what else is known.

A valid number has no repairs: it is never changed here. Scores are chances: what a slip is worth, times what the other
cells of the row and the people on record say for it, shared out among all readings and the chance that it is none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum
from types import MappingProxyType

from ancadmin.domain.id_numbers import LENGTH, check_digit_holds, read_id_number
from ancadmin.domain.names import surname_key
from ancadmin.domain.policy import Policy


class SlipKind(StrEnum):
    """What may have happened to a number when it was written down."""

    WRONG = "wrong"
    SWAPPED = "swapped"
    MISSING = "missing"
    EXTRA = "extra"
    ILLEGIBLE = "illegible"
    NO_NUMBER = "no_number"


@dataclass(frozen=True)
class Slip:
    """One slip. `place` counts digits from 1: in the number as it is written for `extra`, as it was meant otherwise.
    `read` and `meant` are the digits in question, "" where there is none.
    """

    kind: SlipKind
    place: int = 0
    read: str = ""
    meant: str = ""

    @property
    def words(self) -> str:
        """The slip as an officer is told it."""
        return {
            SlipKind.WRONG: f"digit {self.place} read {self.read} instead of {self.meant} makes the check digit hold",
            SlipKind.SWAPPED: f"digits {self.place} and {self.place + 1} swapped make the check digit hold",
            SlipKind.MISSING: f"a {self.meant} missing at digit {self.place} makes the check digit hold",
            SlipKind.EXTRA: f"digit {self.place}, a {self.read}, taken out makes the check digit hold",
            SlipKind.ILLEGIBLE: f"a {self.meant} where digit {self.place} cannot be read makes the check digit hold",
            SlipKind.NO_NUMBER: "the number itself is not one slip away",
        }[self.kind]


@dataclass(frozen=True)
class Person:
    """What a row, or the record, says of someone; "" and None where it says nothing."""

    surname: str = ""
    first_names: str = ""
    born: date | None = None
    gender: str | None = None
    branch: str | None = None
    cell: str | None = None


@dataclass(frozen=True)
class Proposal:
    """A reading of a damaged number: how likely, from 0 to 1, and why. `on_record`: someone has it already."""

    id_number: str
    score: float
    evidence: tuple[str, ...]
    slip: Slip
    on_record: bool


def neighbours(written: str) -> dict[str, Slip]:
    """Every valid number (at some age) one slip away from `written` (digits, `?` for one that cannot be read), each
    with its likeliest slip; empty where `written` is itself one, or is too short or too long. At most about 130 are
    tried.
    """
    if _holds(written):
        return {}
    found: dict[str, Slip] = {}
    for number, slip in _one_slip_away(written):
        if _holds(number) and (number not in found or worth(slip) > worth(found[number])):
            found[number] = slip
    return found


def ranked(
    said: Person,
    candidates: Mapping[str, Slip],
    known: Mapping[str, Person],
    days: Sequence[date],
    policy: Policy,
    paid: Mapping[str, date] = MappingProxyType({}),
) -> list[Proposal]:
    """The candidates with a possible age on one of `days`, the likeliest first. `said`: the other cells of the row;
    `known`: who is on record under which candidate; `paid`: the day a deposit first named one that nobody is on record
    under. A tie stands in the order of the numbers.
    """
    weighed = []
    for number, slip in candidates.items():
        reading = next((one for day in days if (one := read_id_number(number, day, policy)).problem is None), None)
        if reading is None:
            continue
        weight, evidence = worth(slip), [slip.words] if slip.kind is not SlipKind.NO_NUMBER else []
        for factor, words in (
            *_of_number(number, reading.born, reading.gender, said),
            *_of_record(said, known.get(number)),
            *_of_payment(paid.get(number) if number not in known else None),
        ):
            weight *= factor
            evidence += [words] if words else []
        weighed.append((weight, number, slip, tuple(evidence)))
    every = _NONE_OF_THESE + sum(weight for weight, *_ in weighed)
    weighed.sort(key=lambda one: (-one[0], one[1]))
    return [
        Proposal(number, round(weight / every, 4), evidence, slip, number in known)
        for weight, number, slip, evidence in weighed
    ]


def same_first_names(one: str, other: str) -> float | None:
    """How far two people's first names agree: 1 in full, less for initials or some of them, 0 not; None where one is
    missing.
    """
    here, there = (name.replace(".", " ").split() for name in (one, other))
    if not here or not there:
        return None
    keys, others = ([surname_key(word) for word in words] for words in (here, there))
    if keys == others or surname_key(one) == surname_key(other):
        return 1.0
    short, long = sorted((_spelt_out(keys), _spelt_out(others)), key=len)
    if all(a == b or (min(len(a), len(b)) == 1 and a[:1] == b[:1]) for a, b in zip(short, long, strict=False)):
        return 0.8 if len(short[0]) > 1 and len(long[0]) > 1 else 0.5
    if set(keys) & set(others) or SequenceMatcher(None, keys[0], others[0]).ratio() >= _ALIKE:
        return 0.6
    return 0.0


def same_surname(one: str, other: str) -> float:
    """How far two surnames agree: 1 for the same in another spelling, their likeness where they nearly are, else 0."""
    here, there = surname_key(one), surname_key(other)
    if not here or not there or here == there:
        return 1.0 if here and here == there else 0.0
    likeness = SequenceMatcher(None, here, there).ratio()
    return likeness if likeness >= _ALIKE else 0.0


_ALIKE = 0.85
# What it counts against all readings that the number may have had more than one slip.
_NONE_OF_THESE = 0.25
# Digits that are taken for one another when they are read or typed; other slips of one digit are rarer.
_MISREAD = {frozenset(pair) for pair in ("17", "38", "56", "06", "08", "49", "69", "27", "35", "89", "68")}
_BESIDE = {
    frozenset(pair) for pair in ("12", "23", "45", "56", "78", "89", "14", "47", "25", "58", "36", "69", "01", "02")
}
# Of the slips people make copying numbers one digit wrong is 79 in 100, two neighbours swapped 10 (Verhoeff, 1969): a
# swap at one of 12 places beside one of 9 digits at one of 13, a pair of which weighs 1.7 here on average.
_SWAPPED = 2.1
_YEARS_OF_OLD_BOOKS = "01234567"


def _one_slip_away(written: str) -> Iterator[tuple[str, Slip]]:
    digits = "0123456789"
    gap = written.find("?")
    if written.count("?") > 1:
        return
    if gap >= 0:
        if len(written) == LENGTH:
            for digit in digits:
                yield written.replace("?", digit), Slip(SlipKind.ILLEGIBLE, gap + 1, "?", digit)
        elif len(written) == LENGTH + 1:
            yield written.replace("?", ""), Slip(SlipKind.EXTRA, gap + 1, "?")
    elif len(written) == LENGTH:
        for place, read in enumerate(written):
            for digit in digits:
                if digit != read:
                    number = written[:place] + digit + written[place + 1 :]
                    yield number, Slip(SlipKind.WRONG, place + 1, read, digit)
        for place in range(LENGTH - 1):
            pair = written[place : place + 2]
            if pair[0] != pair[1]:
                yield written[:place] + pair[::-1] + written[place + 2 :], Slip(SlipKind.SWAPPED, place + 1, pair)
    elif len(written) == LENGTH - 1:
        for place in range(LENGTH):
            for digit in digits:
                yield written[:place] + digit + written[place:], Slip(SlipKind.MISSING, place + 1, "", digit)
    elif len(written) == LENGTH + 1:
        for place, read in enumerate(written):
            yield written[:place] + written[place + 1 :], Slip(SlipKind.EXTRA, place + 1, read)


def _holds(number: str) -> bool:
    """Thirteen digits whose date, citizenship and check digit hold, at whatever age."""
    if len(number) != LENGTH or not number.isdigit() or number[10] > "2" or not check_digit_holds(number):
        return False
    year, month, day = int(number[:2]), int(number[2:4]), int(number[4:6])
    return any(_is_day(century + year, month, day) for century in (1900, 2000))


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def worth(slip: Slip) -> float:
    """What a slip is worth before anything else is known, beside a wrong digit nobody would expect."""
    if slip.kind is SlipKind.WRONG:
        pair = frozenset((slip.read, slip.meant))
        return 3.0 if pair in _MISREAD else 2.0 if pair in _BESIDE else 1.0
    return {
        SlipKind.SWAPPED: _SWAPPED,
        SlipKind.MISSING: 1.0,
        SlipKind.EXTRA: 1.0,
        SlipKind.ILLEGIBLE: 5.0,
        SlipKind.NO_NUMBER: 0.002,
    }[slip.kind]


def _of_number(number: str, born: date | None, gender: str | None, said: Person) -> Iterator[tuple[float, str]]:
    """What the number says of itself, beside the other cells of the row."""
    # Nearly everyone is a citizen, and books of the last forty years have an 8.
    yield {"0": 1.0, "1": 0.05, "2": 0.02}[number[10]], ""
    yield 0.04 if number[11] in _YEARS_OF_OLD_BOOKS else 0.3 if number[11] == "9" else 1.0, ""
    if said.born is not None:
        if born == said.born:
            yield 1.0, f"the row gives the same birth date, {said.born}"
        else:
            yield 0.01, f"the row gives another birth date, {said.born}"
    if said.gender and gender:
        if said.gender == gender:
            yield 1.0, "the gender agrees"
        else:
            yield 0.05, "the gender does not agree"


def _of_record(said: Person, known: Person | None) -> Iterator[tuple[float, str]]:
    """What it says for a number that someone has it already."""
    if known is None:
        return
    surname = same_surname(said.surname, known.surname)
    first_names = same_first_names(said.first_names, known.first_names)
    who = f"{known.first_names[:1]}. {known.surname}".removeprefix(". ")
    if not surname:
        yield 0.02, f"{who}, another surname, is on record under it"
        return
    same_branch = bool(known.branch) and known.branch == said.branch
    where = "in the same branch" if same_branch else f"in branch {known.branch}"
    yield 300.0 if surname == 1.0 else 60.0, f"{who}, born {known.born}, is on record under it {where}"
    if same_branch:
        yield 5.0, ""
    if first_names is None:
        yield 0.5, ""
    elif first_names == 0.0:
        yield 0.002, f"with other first names, {known.first_names}"
    else:
        yield 20.0 * first_names**2, "with the same first names" if first_names == 1.0 else ""
    if said.cell and said.cell == known.cell:
        yield 30.0, "with the same cell number"


def _of_payment(first: date | None) -> Iterator[tuple[float, str]]:
    """What it says for a number nobody has that somebody paid under it: of those a slip away few are anybody's."""
    if first is not None:
        yield 100.0, f"a deposit of {first} names it, and it is on nobody's record"


def _spelt_out(keys: list[str]) -> list[str]:
    """Initials written as one word (`TJ`) one by one."""
    return list(keys[0]) if len(keys) == 1 and len(keys[0]) <= 3 and not set(keys[0]) & set("aeiouy") else keys
