"""A scanner for tests: reads bars back into digits by a table of signs that is not the program's own."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pypdf import PageObject
from reportlab.graphics.barcode.code128 import _patterns

_SIGNS = {"".join(str("abcd".index(c.lower()) + 1) for c in pattern): sign for sign, pattern in _patterns.items()}
_START_C, _CODE_B, _STOP = 105, 100, 106


@dataclass(frozen=True)
class Bars:
    """A bar code on a page: its left end, how high it stands, its thinnest bar, and the digits it says."""

    left: float
    bottom: float
    module: float
    modules: int
    digits: str

    @property
    def right(self) -> float:
        """Its right end."""
        return self.left + self.module * self.modules


def read(widths: Sequence[int]) -> str:
    """Digits out of the widths of bars and spaces in turn; a wrong check sign, or any other sign, is an error."""
    text = "".join(map(str, widths))
    signs = [_SIGNS[text[at : at + 6]] for at in range(0, len(text) - 7, 6)]
    assert _SIGNS[text[-7:]] == _STOP
    *said, check = signs
    assert said[0] == _START_C
    assert check == (said[0] + sum(place * sign for place, sign in enumerate(said))) % 103
    digits, pairs = "", True
    for sign in said[1:]:
        if sign == _CODE_B and pairs:
            pairs = False
        elif pairs:
            digits += f"{sign:02}"
        else:
            assert 16 <= sign <= 25
            digits += str(sign - 16)
    return digits


def runs(pixels: Iterable[bool]) -> list[tuple[bool, int]]:
    """Pixels as runs: dark or not, and how many."""
    found: list[tuple[bool, int]] = []
    for dark in pixels:
        if found and found[-1][0] == dark:
            found[-1] = (dark, found[-1][1] + 1)
        else:
            found.append((dark, 1))
    return found


def bars_on(page: PageObject) -> Iterator[Bars]:
    """The bar codes drawn on a page, in the order drawn."""
    stream = page.get_contents().get_data().decode("latin-1")
    number = r"-?[\d.]+"
    for found in re.finditer(rf"q ({number}) 0 0 {number} ({number}) ({number}) cm ((?:\d+ 0 \d+ 1 re ?)+)f Q", stream):
        module, left, bottom = map(float, found.groups()[:3])
        pixels: list[bool] = []
        for at, across in re.findall(r"(\d+) 0 (\d+) 1 re", found[4]):
            pixels += [False] * (int(at) - len(pixels)) + [True] * int(across)
        yield Bars(left, bottom, module, len(pixels), read([length for _, length in runs(pixels)]))
