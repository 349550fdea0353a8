"""Valid ID numbers one slip away from the damaged ones in narratives, a column at a time (docs/rules.md, section 4.2).

What may be a damaged number: 12, 13 or 14 digits that begin and end where strings of digits do (marks may part them,
letters that look like digits count), or that end there and stand glued behind a terminal code.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ancadmin.domain.id_columns import DOUBLED, Digits, Mask, Offsets, as_integers, valid_digits
from ancadmin.domain.id_numbers import LENGTH
from ancadmin.domain.narrative_digits import DigitColumn, Places, digits_of
from ancadmin.domain.narrative_readings import TERMINAL_LENGTHS
from ancadmin.domain.narratives import plain_texts
from ancadmin.domain.repairs import Slip, SlipKind, worth

_KINDS = (SlipKind.WRONG, SlipKind.SWAPPED, SlipKind.MISSING, SlipKind.EXTRA)
_DIGITS = "0123456789"
# What a wrong digit is worth, by the digit read and the one meant.
_WRONG = np.array([[worth(Slip(SlipKind.WRONG, 1, read, meant)) for meant in _DIGITS] for read in _DIGITS])
_WORTH = np.array([1.0, *(worth(Slip(kind, 1)) for kind in _KINDS[1:])])
_PLAIN = np.arange(10, dtype=np.uint8)
# The digit that adds so much to the check sum, where digits count as they are and where they are doubled.
_ADDS = (_PLAIN, np.argsort(DOUBLED).astype(np.uint8))


@dataclass(frozen=True)
class NearMisses:
    """Valid numbers (int64) one slip away from what text `row` has, each once for a text, with its likeliest slip;
    in order of row and number.
    """

    row: Places
    number: npt.NDArray[np.int64]
    kind: npt.NDArray[np.int8]
    place: npt.NDArray[np.int8]
    read: Digits
    meant: Digits

    def __len__(self) -> int:
        return len(self.row)

    def take(self, places: Places | Mask) -> "NearMisses":
        """Some of them."""
        return NearMisses(
            self.row[places],
            self.number[places],
            self.kind[places],
            self.place[places],
            self.read[places],
            self.meant[places],
        )

    def slips(self) -> tuple[list[Slip], Places]:
        """The different slips among them, and which of these each is."""
        columns = (self.kind, self.place, self.read, self.meant)
        code = np.ravel_multi_index([column.astype(np.int64) for column in columns], (len(_KINDS), LENGTH + 2, 10, 10))
        _, first, which = np.unique(code, return_index=True, return_inverse=True)
        different = zip(*(column[first].tolist() for column in columns), strict=True)
        return [_slip(_KINDS[kind], place, read, meant) for kind, place, read, meant in different], which


def _slip(kind: SlipKind, place: int, read: int, meant: int) -> Slip:
    pair = f"{read}{meant}" if kind is SlipKind.SWAPPED else "" if kind is SlipKind.MISSING else str(read)
    return Slip(kind, place, pair, str(meant) if kind in (SlipKind.WRONG, SlipKind.MISSING) else "")


def near_misses(offsets: Offsets, data: Digits) -> NearMisses:
    """Of n texts, `data[offsets[i]:offsets[i + 1]]` each. Numbers of 13 digits that are valid as they stand have
    none but those with two neighbours swapped (09 and 90 leave the check digit as it is).
    """
    column = digits_of(*plain_texts(offsets, data))
    found: list[NearMisses] = []
    for length, slipped in ((LENGTH, _wrong), (LENGTH, _swapped), (LENGTH - 1, _missing), (LENGTH + 1, _extra)):
        start = _starts(column, length)
        if len(start):
            row = column.row[column.group[start]]
            found += slipped(row, column.value[start[:, None] + np.arange(length)])
    return _likeliest(found)


def is_cut_out(narrative: str, number: str) -> bool:
    """Whether a number stands in a longer string of digits, other than behind a terminal's code."""
    start = narrative.find(number)
    if start < 0:
        return False
    stop = start + len(number)
    before = len(narrative[:start]) - len(narrative[:start].rstrip(_DIGITS))
    return narrative[stop : stop + 1].isdigit() or (before > 0 and before not in TERMINAL_LENGTHS)


def _starts(column: DigitColumn, length: int) -> Places:
    """Where so many digits of one run begin that may be a number by themselves."""
    digits = len(column.value)
    begins, ends = np.zeros(digits + 1, dtype=np.bool_), np.zeros(digits + 1, dtype=np.bool_)
    begins[column.start] = ends[column.stop] = True
    for code in TERMINAL_LENGTHS:
        begins[(column.start + code)[column.length > code]] = True
    start = np.flatnonzero(begins[: max(digits - length + 1, 0)])
    start = start[ends[start + length]]
    run = column.run[column.group]
    together: Places = start[run[start] == run[start + length - 1]]
    return together


def _wrong(row: Places, digits: Digits) -> list[NearMisses]:
    """At each place there is one digit that makes the check digit hold."""
    total = _check_sum(digits)
    found = []
    for place in range(LENGTH):
        read = digits[:, place]
        added = (_added(read, place).astype(np.int16) - total) % 10
        meant = _ADDS[_is_doubled(place)][added]
        numbers = digits.copy()
        numbers[:, place] = meant
        found.append(_kept(row, numbers, SlipKind.WRONG, place, read, meant, meant != read))
    return found


def _swapped(row: Places, digits: Digits) -> list[NearMisses]:
    found = []
    for place in range(LENGTH - 1):
        first, second = digits[:, place], digits[:, place + 1]
        numbers = digits.copy()
        numbers[:, place], numbers[:, place + 1] = second, first
        found.append(_kept(row, numbers, SlipKind.SWAPPED, place, first, second, first != second))
    return found


def _missing(row: Places, digits: Digits) -> list[NearMisses]:
    """In each gap there is one digit that makes the check digit hold."""
    found = []
    for place in range(LENGTH):
        numbers = np.insert(digits, place, 0, axis=1)
        meant = _ADDS[_is_doubled(place)][-_check_sum(numbers) % 10]
        numbers[:, place] = meant
        found.append(_kept(row, numbers, SlipKind.MISSING, place, meant, meant))
    return found


def _extra(row: Places, digits: Digits) -> list[NearMisses]:
    return [
        _kept(row, np.delete(digits, place, axis=1), SlipKind.EXTRA, place, digits[:, place], digits[:, place])
        for place in range(LENGTH + 1)
    ]


def _is_doubled(place: int) -> int:
    return (LENGTH - 1 - place) % 2


def _added(digit: Digits, place: int) -> Digits:
    """What a digit adds to the check sum."""
    return DOUBLED[digit] if _is_doubled(place) else digit


def _check_sum(digits: Digits) -> npt.NDArray[np.int16]:
    total = np.zeros(len(digits), dtype=np.int16)
    for place in range(LENGTH):
        total += _added(digits[:, place], place)
    return total


def _kept(
    row: Places, numbers: Digits, kind: SlipKind, place: int, read: Digits, meant: Digits, where: Mask | None = None
) -> NearMisses:
    """Those of one slip that are valid, `place` counted from 1."""
    valid = valid_digits(numbers) if where is None else valid_digits(numbers) & where
    count = int(valid.sum())
    return NearMisses(
        row[valid],
        as_integers(numbers[valid]),
        np.full(count, _KINDS.index(kind), dtype=np.int8),
        np.full(count, place + 1, dtype=np.int8),
        read[valid],
        meant[valid],
    )


def _likeliest(found: list[NearMisses]) -> NearMisses:
    """All of them together, of the same number in a text the likeliest slip, of equals the first place."""
    names = ("row", "number", "kind", "place", "read", "meant")
    if not found:
        none = np.zeros(0, dtype=np.int64)
        return NearMisses(none, none, none.astype(np.int8), none.astype(np.int8), *[none.astype(np.uint8)] * 2)
    every = NearMisses(*(np.concatenate([getattr(one, name) for one in found]) for name in names))
    value = np.where(every.kind == 0, _WRONG[every.read, every.meant], _WORTH[every.kind])
    order = np.lexsort((every.place, -value, every.number, every.row))
    row, number = every.row[order], every.number[order]
    first = np.append(True, (row[1:] != row[:-1]) | (number[1:] != number[:-1]))[: len(order)]
    return every.take(order[first])
