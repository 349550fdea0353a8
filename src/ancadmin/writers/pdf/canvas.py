"""Pages to draw on, quick at the many short texts of a table. All lengths are points (1/72 inch)."""

from collections.abc import Iterable
from typing import Any

from reportlab.lib.rl_accel import escapePDF
from reportlab.pdfbase.pdfmetrics import getFont
from reportlab.pdfgen import canvas

from ancadmin.writers.pdf.text import widths

Text = tuple[str, float, float, float, str]


class Canvas(canvas.Canvas):  # type: ignore[misc]
    """Reportlab's, and a way to show texts that costs a third: a register has seven of them in a row."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._shown: dict[tuple[str, float], _Shown] = {}

    def _make_preamble(self) -> None:
        """How each page begins: reportlab's also chooses Helvetica, which would stand in the file without lying in it.
        Whatever shows a text chooses its font.
        """
        self._preamble = "1 0 0 1 0 0 cm"

    def show(self, texts: Iterable[Text]) -> None:
        """Shows texts, each with its font, size, and the left end of its base line (x, y)."""
        parts = ["BT"]
        current = None
        for font, size, x, y, text in texts:
            shown = self._shown.get((font, size)) or self._known(font, size)
            if shown is not current:
                parts.append(shown.chosen)
                current = shown
            # T*: whoever reads the text out of the file finds each on a line of its own.
            parts.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm ({''.join(map(shown.__getitem__, text))}) Tj T*")
        if current is not None:
            self.addLiteral(" ".join([*parts, "ET"]))

    def _known(self, font: str, size: float) -> "_Shown":
        return self._shown.setdefault((font, size), _Shown(self._doc, font, size))


class _Shown(dict[str, str]):
    """Letters as they stand within the brackets of a text in one font and size; made when they are first met.

    A font goes into the file in parts of 256 letters. One that is not in the first part closes the bracket, chooses
    its part, and opens a bracket in the first again.
    """

    def __init__(self, document: Any, font: str, size: float) -> None:
        super().__init__()
        widths(font)  # makes the font known
        self._document, self._font, self._size = document, getFont(font), f"{size:g}"
        self._split(" ")
        self.chosen = self._choice(0)

    def __missing__(self, letter: str) -> str:
        ((part, code),) = self._split(letter)
        escaped: str = escapePDF(code)
        if part:
            escaped = f") Tj {self._choice(part)} ({escaped}) Tj {self.chosen} ("
        self[letter] = escaped
        return escaped

    def _split(self, letter: str) -> list[tuple[int, bytes]]:
        found: list[tuple[int, bytes]] = self._font.splitString(letter, self._document)
        return found

    def _choice(self, part: int) -> str:
        return f"{self._font.getSubsetInternalName(part, self._document)} {self._size} Tf"
