"""Bar codes as pictures, one in the cell of each row: drawn sharp at any size, and hidden with a row filtered out."""

import struct
import zlib

from openpyxl.utils.units import cm_to_EMU
from openpyxl.worksheet.worksheet import Worksheet

from ancadmin.writers.code128 import QUIET, modules_of, widths_of

# Pixels to a module: printers and screens that soften the edges of pixels still leave bars that are read.
_PIXELS = 8
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"


class BarCodes:
    """The bar codes of a sheet that has a picture already. `module` is the thinnest bar, `high` a bar's height (mm)."""

    def __init__(self, sheet: Worksheet, module: float, high: float) -> None:
        self._sheet = sheet
        self._module, self._high = cm_to_EMU(module / 10), cm_to_EMU(high / 10)
        self._placed: list[tuple[str, int, int, float]] = []

    def add(self, digits: str, column: int, row: int, row_high: float) -> None:
        """Places the bar code of `digits` in a cell (counted from 1) of a row `row_high` points high."""
        self._placed.append((digits, column, row, row_high))

    def put_into(self, members: dict[str, bytes]) -> None:
        """Puts the pictures into the file, beside those that are there."""
        if not self._placed:
            return
        number = [sheet for sheet in self._sheet.parent.worksheets if sheet._images].index(self._sheet) + 1  # noqa: SLF001
        drawing = f"xl/drawings/drawing{number}.xml"
        relations = f"xl/drawings/_rels/drawing{number}.xml.rels"
        anchors, related = [], []
        for at, (digits, column, row, high) in enumerate(self._placed, 1):
            members[f"xl/media/bars{number}-{at}.png"] = picture(digits)
            anchors.append(self._anchor(at, column, row, high, modules_of(digits)))
            target = f"/xl/media/bars{number}-{at}.png"
            related.append(f'<Relationship Type="{_RELATION}" Target="{target}" Id="bars{at}" />')
        _append(members, drawing, "</wsDr>", anchors)
        _append(members, relations, "</Relationships>", related)

    def _anchor(self, at: int, column: int, row: int, row_high: float, modules: int) -> str:
        left = QUIET * self._module
        top = int(row_high * 12700 - self._high) // 2

        def corner(across: int, down: int) -> str:
            return f"<col>{column - 1}</col><colOff>{across}</colOff><row>{row - 1}</row><rowOff>{down}</rowOff>"

        return (
            f'<twoCellAnchor editAs="twoCell"><from>{corner(left, top)}</from>'
            f"<to>{corner(left + modules * self._module, top + self._high)}</to>"
            f'<pic><nvPicPr><cNvPr id="{at + 1}" name="Bar code {at}" /><cNvPicPr /></nvPicPr><blipFill>'
            f'<a:blip r:embed="bars{at}" /><a:stretch><a:fillRect /></a:stretch></blipFill>'
            '<spPr><a:prstGeom prst="rect" /></spPr></pic><clientData /></twoCellAnchor>'
        )


def picture(digits: str) -> bytes:
    """The bars of `digits` as a PNG in black and white."""
    bits = "".join(str(at % 2) * int(across) * _PIXELS for at, across in enumerate(widths_of(digits)))
    line = b"\0" + int(bits.ljust(-(-len(bits) // 8) * 8, "1"), 2).to_bytes(-(-len(bits) // 8), "big")
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", len(bits), _PIXELS, 1, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(line * _PIXELS)),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _append(members: dict[str, bytes], name: str, end: str, parts: list[str]) -> None:
    text = members[name].decode()
    at = text.rindex(end)
    members[name] = "".join([text[:at], *parts, text[at:]]).encode()
