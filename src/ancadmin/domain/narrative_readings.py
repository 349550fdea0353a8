"""The ID numbers the digits of narratives may be read as, and which of several readings is likely."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ancadmin.domain.dates import Days
from ancadmin.domain.id_columns import Digits, Mask, births_at, valid_digits
from ancadmin.domain.id_numbers import LENGTH
from ancadmin.domain.narrative_digits import DigitColumn, Places
from ancadmin.domain.policy import Policy

SHORTEST = 10
TERMINAL_LENGTHS = (6, 7, 8)


@dataclass(frozen=True)
class Candidates:
    """Valid ID numbers in order of text and place. `start` and `stop` are places in the column of digits; `plausible`
    says whether the age is possible at the value date; `digits` has the shape (n, 13).
    """

    row: Places
    start: Places
    stop: Places
    digits: Digits
    plausible: Mask


@dataclass(frozen=True)
class Candidate:
    """One reading, to be judged beside the others of its text. `begins` and `ends`: nothing is glued on there;
    `after_code`: what is glued on before it has the length of a terminal code.
    """

    start: int
    stop: int
    id_number: str
    plausible: bool
    begins: bool
    ends: bool
    after_code: bool


def candidates_of(column: DigitColumn, days: Days, policy: Policy) -> Candidates:
    """Every reading of every text; `days` are the value dates, one for each text."""
    whole = _windows(column)
    starts, stops, numbers = [whole], [whole + LENGTH], [column.value[whole[:, None] + np.arange(LENGTH)]]
    for start, length in _alone(column):
        digits = np.zeros((len(start), LENGTH), dtype=np.uint8)
        digits[:, LENGTH - length :] = column.value[start[:, None] + np.arange(length)]
        valid = valid_digits(digits)
        starts.append(start[valid])
        stops.append(start[valid] + length)
        numbers.append(digits[valid])
    start, stop, digits = np.concatenate(starts), np.concatenate(stops), np.concatenate(numbers)
    order = np.lexsort((stop, start))
    start, stop, digits = start[order], stop[order], digits[order]
    row = column.row[column.group[start]]
    return Candidates(row, start, stop, digits, ~np.isnat(births_at(digits, days[row], policy)))


def _windows(column: DigitColumn) -> Places:
    """Where 13 digits of one run begin that are a valid number."""
    value = column.value
    if len(value) < LENGTH:
        return np.zeros(0, dtype=np.int64)
    run = column.run[column.group]
    start = np.flatnonzero(run[LENGTH - 1 :] == run[: -(LENGTH - 1)])
    # The cheap tests first: few strings of digits have a month, a day and a citizenship in the right places.
    tens, ones = value[start + 2], value[start + 3]
    start = start[((tens == 0) & (ones > 0)) | ((tens == 1) & (ones <= 2))]
    start = start[(value[start + 4] <= 3) & (value[start + 10] <= 2)]
    valid: Places = start[valid_digits(value[start[:, None] + np.arange(LENGTH)])]
    return valid


def _alone(column: DigitColumn) -> list[tuple[Places, int]]:
    """Where strings of 10 to 12 digits standing alone begin, for each length: groups, and runs of several groups."""
    found = []
    length = column.length
    parted = np.zeros(0, dtype=np.int64)
    if len(column.run):
        last = np.append(np.flatnonzero(np.diff(column.run)), len(column.run) - 1)
        first = np.append(0, last[:-1] + 1)
        several = last > first
        parted, run_length = column.start[first[several]], (column.stop[last] - column.start[first])[several]
    for digits in range(SHORTEST, LENGTH):
        starts = column.start[length == digits]
        if len(parted):
            starts = np.concatenate([starts, parted[run_length == digits]])
        found.append((starts, digits))
    return found


def glued_before(column: DigitColumn, start: Places) -> Places:
    """How many digits are glued on before each place (below zero: in a letter of the word before)."""
    before: Places = start - column.start[column.group[start]]
    return before


def is_code_length(length: Places) -> Mask:
    """Where a string of digits has the length of a terminal code."""
    mask: Mask = (length >= TERMINAL_LENGTHS[0]) & (length <= TERMINAL_LENGTHS[-1])
    return mask


def texts_of(digits: Digits) -> npt.NDArray[np.bytes_]:
    """Rows of 13 digits as S13."""
    return np.ascontiguousarray(digits + np.uint8(48)).view(f"S{LENGTH}").ravel()


def likely(candidates: list[Candidate]) -> list[bool]:
    """Which readings of one text hold where none that shares their digits is on record.

    The best first: whole strings of digits, then those behind a terminal code, then what is glued on one side, then
    on both; of equals the earlier. Beside a number that stands by itself nothing is cut out of longer numbers.
    """
    starts, stops = {one.start for one in candidates}, {one.stop for one in candidates}

    def rank(one: Candidate) -> int:
        begins, ends = one.begins or one.start in stops, one.ends or one.stop in starts
        if begins and ends:
            return 0
        return 1 if ends and one.after_code else 3 - begins - ends

    kept: list[Candidate] = []
    for one in sorted(candidates, key=lambda one: (rank(one), one.start)):
        cut_out = rank(one) > 1 and any(rank(better) <= 1 for better in kept)
        if one.plausible and not cut_out and all(one.stop <= k.start or k.stop <= one.start for k in kept):
            kept.append(one)
    return [one in kept for one in candidates]
