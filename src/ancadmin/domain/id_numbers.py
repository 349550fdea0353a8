"""The South African ID number: repairing and reading one (docs/rules.md, section 2).

This is the definition. `ancadmin.domain.id_columns` gives the same answers a column at a time, and a test holds it
to that.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from ancadmin.domain.dates import completed_years
from ancadmin.domain.policy import Policy

LENGTH = 13
CITIZENSHIPS = ("citizen", "permanent_resident", "refugee")


class IdProblem(StrEnum):
    """Why a text is no ID number; the first that applies, in this order."""

    MISSING = "missing"
    NOT_A_NUMBER = "not_a_number"
    SCIENTIFIC_TRUNCATED = "scientific_truncated"
    WRONG_LENGTH = "wrong_length"
    NO_SUCH_DATE = "no_such_date"
    CITIZENSHIP = "citizenship"
    CHECKSUM = "checksum"
    AGE_OUT_OF_RANGE = "age_out_of_range"


class Repair(StrEnum):
    """What was done to a text to read it, in the order it is done."""

    PUNCTUATION = "punctuation"
    LOOKALIKE = "lookalike"
    FLOAT_SUFFIX = "float_suffix"
    SCIENTIFIC = "scientific"
    LEADING_ZEROS = "leading_zeros"


@dataclass(frozen=True)
class Reading:
    """What a text was read as. `id_number` is 13 digits, or None where there is a problem.

    `repairs` are those that made digits of the text, also where these then prove no valid number; where no digits came
    out of it nothing was repaired. `births` are the birth dates of both centuries, only for `age_out_of_range`.
    `gender` is `M` or `F`; `citizenship` one of CITIZENSHIPS.
    """

    as_written: str
    id_number: str | None = None
    problem: IdProblem | None = None
    repairs: tuple[Repair, ...] = ()
    born: date | None = None
    births: tuple[date, ...] = field(default=())
    gender: str | None = None
    citizenship: str | None = None


def read_id_number(text: str | None, reading_date: date, policy: Policy) -> Reading:
    """Reads `text` as an ID number; its century is the one that gives a possible age on `reading_date`."""
    as_written = text or ""
    digits, repairs, problem = _digits_of(as_written)
    if problem is not None:
        return Reading(as_written, problem=problem)
    if 10 <= len(digits) < LENGTH:
        padded = digits.rjust(LENGTH, "0")
        if check_digit_holds(padded) and _births(padded, reading_date, policy).real:
            digits, repairs = padded, (*repairs, Repair.LEADING_ZEROS)
    if len(digits) != LENGTH:
        return Reading(as_written, problem=IdProblem.WRONG_LENGTH, repairs=repairs)
    births = _births(digits, reading_date, policy)
    if not births.real:
        return Reading(as_written, problem=IdProblem.NO_SUCH_DATE, repairs=repairs)
    if int(digits[10]) >= len(CITIZENSHIPS):
        return Reading(as_written, problem=IdProblem.CITIZENSHIP, repairs=repairs)
    if not check_digit_holds(digits):
        return Reading(as_written, problem=IdProblem.CHECKSUM, repairs=repairs)
    if births.born is None:
        return Reading(as_written, problem=IdProblem.AGE_OUT_OF_RANGE, repairs=repairs, births=births.candidates)
    return Reading(
        as_written,
        id_number=digits,
        repairs=repairs,
        born=births.born,
        gender="M" if digits[6] >= "5" else "F",
        citizenship=CITIZENSHIPS[int(digits[10])],
    )


def digits_of_any_age(text: str | None) -> str | None:
    """The 13 digits of a number that is valid at some age, for finding who has it: a number on record is good whatever
    age it gives today. None for any other text.
    """
    digits, _, problem = _digits_of(text or "")
    if problem is not None or not 10 <= len(digits) <= LENGTH:
        return None
    padded = digits.rjust(LENGTH, "0")
    year, month, day = int(padded[:2]), int(padded[2:4]), int(padded[4:6])
    real = _day(1900 + year, month, day) or _day(2000 + year, month, day)
    return padded if real and int(padded[10]) < len(CITIZENSHIPS) and check_digit_holds(padded) else None


def legible_digits(text: str | None) -> str:
    """The digits of a damaged number, with `?` where a character stands that is none; "" where nothing like a number
    was written.
    """
    digits, _, problem = _digits_of(text or "")
    if problem is None:
        return digits
    if problem is not IdProblem.NOT_A_NUMBER:
        return ""
    bare = "".join(char for char in _unmarked(text or "") if not _is_dash(char) and char not in _DOTS)
    read = "".join(char if char in "0123456789" else "?" for char in bare.translate(_LOOKALIKES))
    return read if read.count("?") < len(read) - read.count("?") else ""


def check_digit_holds(digits: str) -> bool:
    """Luhn: from the right, every second digit doubled and its digits added; the sum ends in 0."""
    total = sum(map(int, digits[::-2])) + sum(map(int, digits[-2::-2].translate(_DOUBLED)))
    return total % 10 == 0


# 5 doubled is 10, whose digits add up to 1.
_DOUBLED = str.maketrans("0123456789", "0246813579")


@dataclass(frozen=True)
class _Births:
    """`candidates` are the days that exist, earlier first; `born` the one with a possible age.

    `real` is false where the century the age asks for has no such day, or neither has.
    """

    candidates: tuple[date, ...]
    born: date | None
    real: bool


def _births(digits: str, reading_date: date, policy: Policy) -> _Births:
    # The last year with these two digits up to the reading date, and the one a century before: ages 0-99 and 100-199.
    # No other century can give an age of at most 115.
    latest = reading_date.year - (reading_date.year - int(digits[:2])) % 100
    month, day = int(digits[2:4]), int(digits[4:6])
    numbers = policy.on(reading_date)
    candidates, possible, real = [], [], False
    for year in (latest - 100, latest):
        age = reading_date.year - year - ((reading_date.month, reading_date.day) < (month, day))
        born = _day(year, month, day)
        if born is not None:
            candidates.append(born)
            age = completed_years(born, reading_date)
        if numbers.minimum_age <= age <= numbers.maximum_age:
            possible.append(born)
    real = possible[0] is not None if possible else bool(candidates)
    return _Births(tuple(candidates), possible[0] if possible else None, real)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


# Also written where no hyphen or quote is meant: minus signs, primes, modifier apostrophes, accents standing alone.
_MARKS = set("'\"`´/\\⁄∕−·′″ʹʺʻʼʽˈ＇＂")
_DOTS = set(".。．…․‥")
_LOOKALIKES = str.maketrans("OoIl", "0011")
_FLOAT = re.compile(r"([0-9]+)[.,]0+")
_SCIENTIFIC = re.compile(r"([0-9]+)(?:[.,]([0-9]+))?[eE]\+?([0-9]{1,3})")


def _is_dash(char: str) -> bool:
    return char == "−" or unicodedata.category(char) == "Pd"


def _is_mark(char: str) -> bool:
    """Blanks, controls, invisible characters, dashes, quotes: what carries no digit and may stand anywhere."""
    return char in _MARKS or unicodedata.category(char) in {"Zs", "Zl", "Zp", "Cc", "Cf", "Pd", "Pi", "Pf"}


# The ASCII ones of these but for the hyphen, with which an exponent's sign is told apart.
_ASCII_MARKS = {place: None for place in range(128) if _is_mark(chr(place)) and chr(place) != "-"}


def _unmarked(text: str) -> str:
    """The text folded (NFKC) and without marks, but with its dashes."""
    # Marks go before folding too: a lone accent folds into a blank and a combining mark.
    bare = "".join(char for char in text if not _is_mark(char) or _is_dash(char))
    folded = unicodedata.normalize("NFKC", bare)
    return "".join(char for char in folded if not _is_mark(char) or _is_dash(char))


def _digits_of(text: str) -> tuple[str, tuple[Repair, ...], IdProblem | None]:
    """The digits a text stands for and the repairs that gave them, or why it stands for none."""
    dashed = text.translate(_ASCII_MARKS) if text.isascii() else _unmarked(text)
    marked = dashed.replace("-", "") if text.isascii() else "".join(char for char in dashed if not _is_dash(char))
    bare = "".join(char for char in marked if char not in _DOTS)
    if not bare or bare.upper() == "NA":
        return "", (), IdProblem.MISSING
    # The sign of an exponent is no hyphen to be stripped, so this is looked for before they are.
    scientific = _SCIENTIFIC.fullmatch(dashed)
    if scientific:
        return _expanded(scientific, (Repair.PUNCTUATION,) if dashed != text else ())
    numeral = marked.translate(_LOOKALIKES)
    is_float = _FLOAT.fullmatch(numeral)
    digits = is_float[1] if is_float else bare.translate(_LOOKALIKES)
    if not (digits.isascii() and digits.isdigit() and any(char.isdigit() for char in bare)):
        return "", (), IdProblem.NOT_A_NUMBER
    kept = marked if is_float else bare
    repairs = []
    if kept != text:
        repairs.append(Repair.PUNCTUATION)
    if kept != kept.translate(_LOOKALIKES):
        repairs.append(Repair.LOOKALIKE)
    if is_float:
        repairs.append(Repair.FLOAT_SUFFIX)
    return digits, tuple(repairs), None


def _expanded(match: re.Match[str], repairs: tuple[Repair, ...]) -> tuple[str, tuple[Repair, ...], IdProblem | None]:
    """`8.001015009087E+12` is whole when every digit up to the exponent is written out, and only zeros beyond it."""
    whole, decimals, exponent = match[1], match[2] or "", int(match[3])
    if len(decimals) < exponent:
        return "", (), IdProblem.SCIENTIFIC_TRUNCATED
    if decimals[exponent:].strip("0"):
        return "", (), IdProblem.NOT_A_NUMBER
    return whole + decimals[:exponent], (*repairs, Repair.SCIENTIFIC), None
