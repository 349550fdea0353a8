"""The words of narratives that say a deposit is for many: BULK, MEMBERS, BRANCH with a code (docs/rules.md, 4.2)."""

import re

import numpy as np
import numpy.typing as npt

from ancadmin.domain.id_columns import Digits, Mask, Offsets

_WORDS = (b"BULK", b"MEMBERS", b"BRANCH")
_BRANCH_CODE = re.compile(
    r"(?<![A-Z])BRANCH(?![A-Z])[\s:;.,#/-]*(?:(?:CODE|NO|NR|NUMBER)(?![A-Z])[\s:;.,#/-]*)?"
    r"(?P<code>[A-Z0-9]+(?:[-/][A-Z0-9]+)*)"
)
# Longer strings of digits are ID, account or telephone numbers.
_LONGEST_CODE = 9


def bulk_words(offsets: Offsets, data: Digits) -> tuple[Mask, dict[int, str]]:
    """Which of n texts have a bulk word, and the branch codes that follow the word BRANCH, by row."""
    upper = data & np.uint8(0xDF)
    letter = (upper >= ord("A")) & (upper <= ord("Z")) & (data >= ord("A"))
    found = np.zeros(len(offsets) - 1, dtype=np.bool_)
    codes: dict[int, str] = {}
    for word in _WORDS:
        rows = np.unique(_rows_with(word, offsets, upper, letter))
        if word != b"BRANCH":
            found[rows] = True
            continue
        for row in rows.tolist():
            code = branch_code(data[offsets[row] : offsets[row + 1]].tobytes().decode("ascii"))
            if code:
                codes[row] = code
                found[row] = True
    return found, codes


def branch_code(text: str) -> str | None:
    """The code after the word BRANCH: it has a digit in it, and not so many that it is another kind of number."""
    for match in _BRANCH_CODE.finditer(text.upper()):
        code = match["code"]
        if any(char.isdigit() for char in code) and not (code.isdigit() and len(code) > _LONGEST_CODE):
            return code
    return None


def _rows_with(word: bytes, offsets: Offsets, upper: Digits, letter: Mask) -> npt.NDArray[np.intp]:
    """The rows a whole word stands in; a row is there as often as the word is."""
    at = np.flatnonzero(upper[: max(len(upper) - len(word) + 1, 0)] == word[0])
    for place, char in enumerate(word[1:], start=1):
        at = at[upper[at + place] == char]
    at = at[letter[at]]
    row = np.searchsorted(offsets, at, side="right") - 1
    stop = at + len(word)
    inside = stop <= offsets[row + 1]
    after = np.append(letter, False)[stop] & (stop < offsets[row + 1])
    before = letter[at - 1] & (at > offsets[row])
    whole: npt.NDArray[np.intp] = row[inside & ~before & ~after]
    return whole
