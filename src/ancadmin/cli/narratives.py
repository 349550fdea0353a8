"""Text that others wrote, for a table: whatever may be an ID number is masked, however it is parted or misspelt."""

import re

from ancadmin.cli.output import mask

_PLAIN = re.compile(r"(?<!\d)(\d{13})(?!\d)")
"""An ID number as it should be: masked by itself, so that a terminal's number before it stays readable."""

# A letter only stands for a digit where it does not continue a word, as in matching: `DEPO 0211` has four digits.
_DIGIT = r"(?:\d|(?<![^\W\d_OoIl])[OoIl](?![^\W\d_OoIl]))"
_RUN = re.compile(rf"{_DIGIT}(?:[\W_]?{_DIGIT}){{9,}}")
_MASKED = 13


def masked_narrative(text: str) -> str:
    """The text with every run of ten digits or more masked: digits or letters that look like them (O, I, l), with at
    most one mark between two of them. Ten, for an ID number may have lost zeros; a longer run may hold one.
    """
    pieces = _PLAIN.split(text)
    return "".join(mask(one) if place % 2 else _RUN.sub(_hidden, one) for place, one in enumerate(pieces))


def _hidden(found: re.Match[str]) -> str:
    run = re.sub(r"[\W_]", "", found[0])
    if not any(one.isdigit() for one in run):
        return found[0]
    return mask(run) if len(run) <= _MASKED else f"{run[:6]}****{run[-3:]}"
