"""The bundled fonts, and how wide a text is. All lengths are points (1/72 inch)."""

from functools import cache
from importlib.resources import as_file, files

from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "NotoSans-Regular"
BOLD = "NotoSans-Bold"


class _Widths(dict[str, float]):
    """Widths of characters at size 1; one the font lacks is as wide as the box drawn for it."""

    def __init__(self, font: TTFont) -> None:
        super().__init__((chr(code), width / 1000) for code, width in font.face.charWidths.items())
        self._default: float = font.face.defaultWidth / 1000

    def __missing__(self, character: str) -> float:
        return self._default


@cache
def widths(font: str) -> _Widths:
    """The widths of a bundled font, which is made known to reportlab on the way."""
    with as_file(files("ancadmin.writers") / "fonts" / f"{font}.ttf") as path:
        loaded = TTFont(font, str(path))
    registerFont(loaded)
    return _Widths(loaded)


def width(text: str, font: str, size: float) -> float:
    """How wide `text` is."""
    return float(sum(map(widths(font).__getitem__, text))) * size


def wrapped(text: str, font: str, size: float, available: float) -> list[str]:
    """`text` in lines no wider than `available`, broken at spaces and line ends, after hyphens, at worst within a word.

    Always at least one line; nothing but white space is lost.
    """
    lines: list[str] = []
    for part in text.split("\n"):
        lines += _wrapped_line(part, font, size, available)
    return lines


def _wrapped_line(text: str, font: str, size: float, available: float) -> list[str]:
    if width(text, font, size) <= available:
        return [text]
    lines: list[str] = []
    line = ""
    for word in text.replace("-", "-\0").replace(" ", " \0").split("\0"):
        if width((line + word).rstrip(), font, size) <= available:
            line += word
            continue
        if line:
            lines.append(line.rstrip())
        line = word
        while width(line.rstrip(), font, size) > available and len(line) > 1:
            fits = _fitting(line, font, size, available)
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line.rstrip()]


def _fitting(word: str, font: str, size: float, available: float) -> int:
    used, known = 0.0, widths(font)
    for index, character in enumerate(word):
        used += known[character] * size
        if used > available:
            return max(index, 1)
    return len(word)


def fitted(text: str, font: str, size: float, available: float, *, least: float) -> float:
    """The largest size up to `size` at which `text` fits on one line, but never under `least`."""
    needed = width(text, font, 1) or 1
    return max(least, min(size, available / needed))
