"""What a deposit's narrative says: ID numbers, terminal and branch codes, bulk words (docs/rules.md, section 4.2).

A column at a time. Texts come as Arrow lays them out: one array of UTF-8 bytes, and n+1 offsets into it.

Digits belong together where only the marks of section 2 stand between them (blanks, hyphens, dots, slashes, quotes);
letters that look like digits count as such where they touch one. Every 13 of them in a row that make a valid number
are a reading, and so are 10 to 12 standing alone with their zeros put back. Readings may share digits (a terminal
code glued to an ID number); which of them holds is known when it is known who is on record:

* a reading on record wins over those it shares digits with; two on record that share digits are two members, and
  a person decides;
* where none is on record, the likeliest holds: with a possible age at the value date, and standing by itself or
  behind a terminal code rather than cut out of a longer number.
"""

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ancadmin.domain.dates import Days
from ancadmin.domain.id_columns import Digits, Mask, Offsets, as_integers
from ancadmin.domain.narrative_digits import DigitColumn, Places, digits_of
from ancadmin.domain.narrative_readings import (
    TERMINAL_LENGTHS,
    Candidate,
    Candidates,
    candidates_of,
    glued_before,
    is_code_length,
    likely,
    texts_of,
)
from ancadmin.domain.narrative_words import bulk_words
from ancadmin.domain.policy import Policy

Texts = npt.NDArray[np.object_]
BRANCH_LENGTH = 8
_SCIENTIFIC = re.compile(r"([0-9])[.,]([0-9]+)[eE]\+?([0-9]{1,2})(?![0-9])")


@dataclass(frozen=True)
class Reading:
    """One of several readings of text `row`, or a doubtful one: digits `start` to `stop` of that text."""

    row: int
    start: int
    stop: int
    id_number: str
    likely: bool


@dataclass(frozen=True)
class Narratives:
    """What n narratives say; every array has n rows, `object` ones hold text or None.

    `id_number`: the one plain reading; where there are several, or one with an impossible age, they are in `doubtful`
    instead, in order of row. `readings` counts them. `terminal`: the 6 to 8 digits directly before the ID number.
    `branch`: the code after the word BRANCH, else a number of 8 digits that is part of no ID number.
    """

    id_number: Texts
    readings: npt.NDArray[np.int64]
    terminal: Texts
    branch: Texts
    bulk_words: Mask
    doubtful: list[Reading]


def read_narratives(offsets: Offsets, data: Digits, value_dates: Days, policy: Policy) -> Narratives:
    """Reads n narratives, `data[offsets[i]:offsets[i + 1]]` each, at the n days of `value_dates`."""
    offsets, data = plain_texts(offsets, data)
    rows = len(offsets) - 1
    column = digits_of(offsets, data)
    found = candidates_of(column, value_dates, policy)
    counts = np.bincount(found.row, minlength=rows)
    sole = _only_number(found, counts)
    id_number = _nothing(rows)
    id_number[found.row[sole]] = texts_of(found.digits[sole]).astype("U13")
    doubtful, kept = _doubtful(column, found, counts, sole)
    taken = np.sort(np.concatenate([np.flatnonzero(sole), kept]))
    terminal, code_groups = _terminals(column, found.row[taken], found.start[taken], rows)
    branch = _branches(column, found.start[taken], found.stop[taken], code_groups, rows)
    words, codes = bulk_words(offsets, data)
    for row, code in codes.items():
        branch[row] = code
    return Narratives(id_number, counts, terminal, branch, words, doubtful)


def _nothing(rows: int) -> Texts:
    return np.full(rows, None, dtype=object)


def _only_number(found: Candidates, counts: npt.NDArray[np.int64]) -> Mask:
    """The readings of texts in which there is but one number, at a possible age (it may be written twice)."""
    if not len(found.row):
        return np.zeros(0, dtype=np.bool_)
    number = as_integers(found.digits)
    first = np.flatnonzero(np.append(True, np.diff(found.row) != 0))
    same = np.minimum.reduceat(number, first) == np.maximum.reduceat(number, first)
    same &= np.logical_and.reduceat(found.plausible, first)
    only: Mask = np.repeat(same, counts[counts > 0])
    return only


def _doubtful(
    column: DigitColumn, found: Candidates, counts: npt.NDArray[np.int64], sole: Mask
) -> tuple[list[Reading], Places]:
    """The readings of the other texts, judged side by side, and which of all readings are likely."""
    at = np.flatnonzero(~sole)
    group, last = column.group[found.start[at]], column.group[found.stop[at] - 1]
    before = glued_before(column, found.start[at])
    facts = zip(
        found.start[at].tolist(),
        found.stop[at].tolist(),
        texts_of(found.digits[at]).astype("U13").tolist(),
        found.plausible[at].tolist(),
        (before <= 0).tolist(),
        (found.stop[at] >= column.stop[last]).tolist(),
        is_code_length(before).tolist(),
        strict=True,
    )
    candidates = [Candidate(*fact) for fact in facts]
    begins, rows = column.begins[group].tolist(), found.row[at].tolist()
    readings: list[Reading] = []
    kept: list[int] = []
    start = 0
    while start < len(candidates):
        stop = start + int(counts[rows[start]])
        for place, taken in zip(range(start, stop), likely(candidates[start:stop]), strict=True):
            one, origin = candidates[place], begins[place]
            readings.append(Reading(rows[place], one.start - origin, one.stop - origin, one.id_number, taken))
            if taken:
                kept.append(int(at[place]))
        start = stop
    return readings, np.array(kept, dtype=np.int64)


def _terminals(column: DigitColumn, row: Places, start: Places, rows: int) -> tuple[Texts, Places]:
    """The code directly before the first reading that has one, for each text; and the groups these codes are."""
    terminal = _nothing(rows)
    group = column.group[start]
    glued = glued_before(column, start)
    earlier = np.maximum(group - 1, 0)
    parted = (glued == 0) & (group > 0) & (column.run[earlier] == column.run[group])
    length = np.where(parted, column.length[earlier], np.where(glued > 0, glued, 0))
    begin = np.where(parted, column.start[earlier], column.start[group])
    for digits in TERMINAL_LENGTHS:
        # Backwards, so that of several in one text the first one stays.
        these = np.flatnonzero(length == digits)[::-1]
        terminal[row[these]] = column.text(begin[these], digits).astype(f"U{digits}")
    return terminal, earlier[parted & is_code_length(length)]


def _branches(column: DigitColumn, start: Places, stop: Places, code_groups: Places, rows: int) -> Texts:
    """The first number of 8 digits that is part of no ID number; a terminal code only where there is no other."""
    branch = _nothing(rows)
    covered = np.zeros(len(column.value) + 1, dtype=np.int64)
    np.add.at(covered, start, 1)
    np.add.at(covered, stop, -1)
    inside = np.append(0, np.cumsum(np.cumsum(covered)[:-1] > 0))
    eight = column.length == BRANCH_LENGTH
    free = np.flatnonzero(eight & (inside[column.stop] == inside[column.start]))
    is_code = np.isin(free, code_groups, assume_unique=False)
    for groups in (free[is_code][::-1], free[~is_code][::-1]):
        branch[column.row[groups]] = column.text(column.start[groups], BRANCH_LENGTH).astype(f"U{BRANCH_LENGTH}")
    return branch


def plain_texts(offsets: Offsets, data: Digits) -> tuple[Offsets, Digits]:
    """The same n texts in ASCII, with numbers a spreadsheet wrote as powers of ten written out."""
    places = data >= 128
    if len(data) > 2:
        exponents = ((data[1:-1] & 0xDF) == ord("E")) & ((data[:-2] - np.uint8(48)) <= 9)
        places[1:-1] |= exponents & ((data[2:] == ord("+")) | ((data[2:] - np.uint8(48)) <= 9))
    rows = np.unique(np.searchsorted(offsets, np.flatnonzero(places), side="right") - 1)
    if not len(rows):
        return offsets, data
    pieces: list[npt.NDArray[np.uint8]] = []
    lengths = np.diff(offsets)
    done = 0
    for row in rows.tolist():
        text = plain_text(data[offsets[row] : offsets[row + 1]].tobytes().decode("utf-8", errors="replace"))
        pieces += [data[done : offsets[row]], np.frombuffer(text.encode("ascii"), dtype=np.uint8)]
        lengths[row] = len(text)
        done = offsets[row + 1]
    pieces.append(data[done : offsets[-1]])
    return np.append(0, np.cumsum(lengths)), np.concatenate(pieces)


def plain_text(text: str) -> str:
    """A text in ASCII, its blanks, dashes and quotes as plain ones, its letters without accents (section 2)."""
    folded = "".join(_plain_char(char) for char in unicodedata.normalize("NFKD", text))
    return _SCIENTIFIC.sub(_written_out, folded)


def _plain_char(char: str) -> str:
    if char.isascii():
        return char
    kind = unicodedata.category(char)
    if kind == "Mn":
        return ""
    if kind == "Pd" or char == "−":
        return "-"
    return " " if kind in {"Zs", "Zl", "Zp", "Cc", "Cf"} else "'" if kind in {"Pi", "Pf"} else "?"


def _written_out(match: re.Match[str]) -> str:
    """`8.001015009087E+12` → `8001015009087`; as it stands where digits are missing."""
    decimals, exponent = match[2], int(match[3])
    whole = len(decimals) >= exponent and not decimals[exponent:].strip("0")
    return match[1] + decimals[:exponent] if whole else match[0]
