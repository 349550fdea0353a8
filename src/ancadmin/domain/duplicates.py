"""How likely two records are of one person, from what their fields are worth (docs/rules.md, section 2).

Worths are in bits: +1 makes one person twice as likely, -1 half as likely. A field that agrees by chance in one pair of
a thousand, and in nearly every pair of one person, is worth ten.
"""

from enum import StrEnum
from math import log2

_EXPECTED = 0.04
_MOST = 0.01
# Of a hundred pairs who share surname, branch and cell, some ten are one person and the others a family; of those who
# share the birth date too, most are one person and the others twins.
_HOUSEHOLD, _TWINS = -3.0, 4.0


class Kind(StrEnum):
    """What a pair looks like: a number with a digit off, two numbers of one person, one number of two people."""

    DIGIT_OFF = "digit_off"
    TWO_NUMBERS = "two_numbers"
    ID_SHARED = "id_shared"


class Says(StrEnum):
    """What a field says of a pair."""

    AGREE = "agree"
    NEARLY = "nearly"
    DIFFER = "differ"
    UNKNOWN = "unknown"


def chance(members: int) -> float:
    """How likely any two of so many members are one person: about one in fifty is on record twice."""
    return min(_MOST, _EXPECTED / max(members, 1))


def before(members: int) -> float:
    """The same in bits: what the fields have to make up for."""
    probability = chance(members)
    return log2(probability / (1 - probability))


def most_of_household(members: int) -> float:
    """The most that surname, branch, cell and e-mail address are worth together: a family shares them all."""
    return _HOUSEHOLD - before(members)


def most_of_twins(members: int) -> float:
    """The most that these and the number are worth together: twins share them, and numbers close to each other."""
    return _TWINS - before(members)


def bits_of(score: float) -> float:
    """The bits a score (0 to 1, neither included) stands for."""
    return log2(score / (1 - score))


def score_of(bits: float) -> float:
    """The probability, 0 to 1, that two records are of one person."""
    return float(1 / (1 + 2.0**-bits))


def worth(bits: float) -> str:
    """What a field is worth, in words."""
    if abs(bits) < 0.5:
        return "says little"
    times = 2.0 ** abs(bits)
    many = "over a million" if times > 1e6 else f"{_rounded(times):,}".replace(",", " ")
    return f"makes it {many} times {'likelier' if bits > 0 else 'less likely'} that they are one person"


def _rounded(times: float) -> int | float:
    """Two digits that count: no one needs more of a guess."""
    if times < 10:
        return round(times, 1)
    step: int = 10 ** (len(str(int(times))) - 2)
    return round(times / step) * step
