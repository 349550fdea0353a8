"""The digits of narratives, a column at a time: which belong together, and where strings of them begin and end."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ancadmin.domain.id_columns import Digits, Mask, Offsets

Places = npt.NDArray[np.int64]

_OTHER, _DIGIT, _MARK, _LOOKALIKE = range(4)
_CLASS = np.zeros(256, dtype=np.uint8)
_CLASS[list(b"0123456789")] = _DIGIT
_CLASS[list(b" \t-./\\'`\"")] = _MARK
_CLASS[list(b"OoIl")] = _LOOKALIKE
_VALUE = np.zeros(256, dtype=np.uint8)
_VALUE[list(b"0123456789")] = range(10)
_VALUE[list(b"Il")] = 1
_LETTER = np.zeros(256, dtype=np.bool_)
_LETTER[list(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")] = True


@dataclass(frozen=True)
class DigitColumn:
    """Every digit of n texts in order. A group is a string of them with nothing between; a run is groups parted by
    marks only.

    `value` (uint8) and `group` have an entry for each digit. `row`, `run`, `start` and `stop` have one for each group;
    `start` and `stop` are places in `value`, without letters that only look like digits and belong to a word
    (`DEPO02113002` is 8 digits). `begins`: for each group, where the first group of its text begins.
    """

    value: Digits
    group: Places
    row: Places
    run: Places
    start: Places
    stop: Places
    begins: Places

    @property
    def length(self) -> Places:
        """How many digits each group has."""
        return self.stop - self.start

    def text(self, starts: Places, length: int) -> npt.NDArray[np.bytes_]:
        """The `length` digits from each place on, as text."""
        digits = self.value[starts[:, None] + np.arange(length)] + np.uint8(48)
        return np.ascontiguousarray(digits).view(f"S{length}").ravel()


def digits_of(offsets: Offsets, data: Digits) -> DigitColumn:
    """The digits of n ASCII texts, `data[offsets[i]:offsets[i + 1]]` each."""
    classes = _CLASS[data]
    opens = np.zeros(len(data) + 1, dtype=np.bool_)
    opens[offsets[:-1]] = True
    at = np.flatnonzero(classes & 1)
    first = _first_of_groups(at, opens)
    if len(first):
        is_digit = classes[at] == _DIGIT
        groups = np.cumsum(first) - 1
        real = np.add.reduceat(is_digit, np.flatnonzero(first), dtype=np.int64) > 0
        at = at[real[groups]]
        first = first[real[groups]]
    group = np.cumsum(first) - 1
    begin = np.flatnonzero(first)
    end = np.append(begin[1:], len(at))
    row = np.searchsorted(offsets, at[begin], side="right") - 1
    start, stop = _without_word_ends(data, classes, opens, at, begin, end)
    joined = _parted_by_marks(classes, at, begin, end) & (row[1:] == row[:-1])
    run = np.cumsum(np.concatenate([[True], ~joined])[: len(begin)])
    begins = begin[np.searchsorted(row, row)]
    return DigitColumn(_VALUE[data[at]], group, row, run, start, stop, begins)


def _first_of_groups(at: Places, opens: Mask) -> Mask:
    """Where a digit has no digit right before it in the same text."""
    first = np.ones(len(at), dtype=np.bool_)
    first[1:] = (np.diff(at) != 1) | opens[at[1:]]
    return first


def _parted_by_marks(classes: Digits, at: Places, begin: Places, end: Places) -> Mask:
    """For each group but the last: does nothing but marks stand between it and the next?"""
    if len(begin) < 2:
        return np.zeros(0, dtype=np.bool_)
    others = np.cumsum(classes != _MARK, dtype=np.int32)
    none: Mask = others[at[begin[1:]] - 1] == others[at[end[:-1] - 1]]
    return none


def _without_word_ends(
    data: Digits, classes: Digits, opens: Mask, at: Places, begin: Places, end: Places
) -> tuple[Places, Places]:
    """Groups without the lookalikes at their ends that continue a word."""
    if not len(begin):
        return begin, end
    letter = np.append(_LETTER[data], False)
    is_digit = classes[at] == _DIGIT
    place = np.arange(len(at))
    first_digit = np.minimum.reduceat(np.where(is_digit, place, len(at)), begin)
    last_digit = np.maximum.reduceat(np.where(is_digit, place, -1), begin)
    before, after = at[begin], at[end - 1] + 1
    start = np.where(letter[before - 1] & ~opens[before], first_digit, begin)
    stop = np.where(letter[after] & ~opens[after], last_digit + 1, end)
    return start, stop
