"""Damaged ID numbers as a matrix of bytes: what `ancadmin.domain.id_columns` can mend without looking at each."""

import numpy as np
import numpy.typing as npt

Digits = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Offsets = npt.NDArray[np.integer]

# What a matrix of damaged numbers is wide; longer ones are rare and read one by one.
_WIDEST = 24
_MARK = np.zeros(256, dtype=np.bool_)
_MARK[list(b"\t\n\r '\"-/\\`")] = True
# What a byte counts as: a digit's value, letters that look like one included; _OTHER for all else.
_OTHER = 255
_VALUE = np.full(256, _OTHER, dtype=np.uint8)
_VALUE[list(b"0123456789")] = range(10)
_VALUE[list(b"OoIl")] = (0, 0, 1, 1)
_DOT, _COMMA = ord("."), ord(",")
# Fills a matrix behind each text; no byte of UTF-8.
_PAD = np.uint8(255)


class Damaged:
    """Texts as a matrix: what could be digits, marks and decimals. `rows` are the rows that are no plain numbers.

    `understood`: texts of ASCII digits, letters that look like digits, marks, dots, and at most decimals of zero;
    `whole`: their digits without those decimals; `length`: how many.
    """

    def __init__(self, offsets: Offsets, data: Digits, rows: npt.NDArray[np.intp]) -> None:
        self.rows = rows
        lengths = np.diff(offsets)[rows]
        starts = offsets[:-1][rows][:, None]
        inside = np.arange(_WIDEST) < np.minimum(lengths, _WIDEST)[:, None]
        at = np.where(inside, starts + np.arange(_WIDEST), 0)
        texts: Digits = np.where(inside, data[at] if len(data) else _PAD, _PAD)
        self.values = _VALUE[texts]
        is_digit = self.values != _OTHER
        is_dot, is_comma, is_mark = texts == _DOT, texts == _COMMA, _MARK[texts]
        is_real = (texts - np.uint8(48)) <= 9
        self.is_float, decimals = self._floats(is_digit, is_dot | is_comma)
        self.whole = is_digit & ~decimals
        self.length = self.whole.sum(axis=1, dtype=np.int8)
        self.has_lookalike = (is_digit & ~is_real).any(axis=1)
        self.has_marks = is_mark.any(axis=1) | (is_dot.any(axis=1) & ~self.is_float)
        known = (is_digit | is_dot | is_mark | (is_comma & self.is_float[:, None]) | (texts == _PAD)).all(axis=1)
        # Letters alone are no number, and no digits at all are no text.
        self.understood = known & (lengths <= _WIDEST) & (is_real.any(axis=1) | (self.length == 0))

    def _floats(self, is_digit: Mask, is_point: Mask) -> tuple[Mask, Mask]:
        """Texts of digits, one point, and zeros; and the places of these zeros."""
        places = np.arange(_WIDEST, dtype=np.int8)
        one = is_point.sum(axis=1, dtype=np.int8) == 1
        point_at = np.where(one, is_point.argmax(axis=1), _WIDEST).astype(np.int8)[:, None]
        decimals = is_digit & (places > point_at)
        nothing = self.values.max(axis=1, where=decimals, initial=0) == 0
        is_float = one & decimals.any(axis=1) & nothing & (is_digit & (places < point_at)).any(axis=1)
        return is_float, decimals & is_float[:, None]
