"""Cells of CSV that no spreadsheet program takes for a formula (docs/rules.md, section 6).

A CSV file is read by scripts and opened in Excel, which reckons with any cell that begins with `=`, `+`, `-`, `@`, a
tab or a line's end, whoever typed it. Such a cell gets an apostrophe before it, as people type it in Excel themselves
to say that what follows is text; what is plainly a number (`-500`, `-12.50`) or a telephone number (`+27821234567`,
`+27 82 123 4567`) reckons nothing, and stays as scripts expect it.
"""

import re

MARK = "'"
MAY_BEGIN_ONE = "=+-@\t\r\n"
_BEGINNINGS = frozenset(MAY_BEGIN_ONE)
_PLAIN = re.compile(r"[+-]|[+-]\d+(?:\.\d+)?|\+\d{1,3}(?: ?\d){6,14}")


def harmless(text: str) -> str:
    """The text as it goes into a cell of CSV."""
    if text[:1] in _BEGINNINGS and _PLAIN.fullmatch(text) is None:
        return MARK + text
    return text


def as_meant(cell: str) -> str:
    """What `harmless` was given, or anybody who marked a text with an apostrophe."""
    return cell[1:] if cell.startswith(MARK) and cell[1:2] in _BEGINNINGS else cell
