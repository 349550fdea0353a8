"""Sheets of an .xlsx too large to be held in memory: cut into small workbooks that are read one after the other.

The reader of workbooks keeps every cell of a sheet; a sheet of a million rows would take more than a gigabyte.
"""

import re
import tempfile
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path

LARGE = 1 << 27
PART = 1 << 26
_SHEET = re.compile(r"<sheet\s[^>]*>")
_RELATION = re.compile(r"<Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(r'([\w:]+)\s*=\s*"([^"]*)"')
_DIMENSION = re.compile(rb"<dimension [^>]*/>")
_BEGIN, _ROW_END, _END = b"<sheetData>", b"</row>", b"</sheetData>"
_TAIL = _END + b"</worksheet>"
# A part needs the texts, the formats and the list of sheets; pictures and the other sheets it does not.
_NEEDED = re.compile(r"^(\[Content_Types\]\.xml|_rels/.*|xl/(workbook|styles|sharedStrings)\.xml|xl/_rels/.*)$")


def large_sheets(path: Path) -> dict[str, str]:
    """The sheets that are too large, each with its place in the archive. Only for .xlsx and .xlsm; others have none.

    Raises `zipfile.BadZipFile` or `KeyError` where the archive is not what it should be.
    """
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as archive:
        large = {info.filename for info in archive.infolist() if info.file_size > LARGE}
        if not any(name.startswith("xl/worksheets/") for name in large):
            return {}
        sheets = places_of(archive)
        return {name: place for name, place in sheets.items() if place in large and _can_be_cut(archive, place)}


def places_of(archive: zipfile.ZipFile) -> dict[str, str]:
    """The sheets of an .xlsx by name, each with its place in the archive. Raises `KeyError` where it is none."""
    targets = {
        relation["Id"]: relation["Target"].lstrip("/").removeprefix("xl/")
        for relation in _attributes(_RELATION, archive, "xl/_rels/workbook.xml.rels")
    }
    return {
        unescape(sheet["name"]): f"xl/{targets[sheet['r:id']]}"
        for sheet in _attributes(_SHEET, archive, "xl/workbook.xml")
        if sheet.get("r:id") in targets
    }


def hidden_sheets(archive: zipfile.ZipFile) -> set[str]:
    """The sheets of an .xlsx that are not shown."""
    sheets = _attributes(_SHEET, archive, "xl/workbook.xml")
    return {unescape(sheet["name"]) for sheet in sheets if sheet.get("state", "visible") != "visible"}


def parts_of(path: Path, place: str) -> Iterator[Path]:
    """Small workbooks with the rows of the sheet at `place`, in order; each is gone when the next one is asked for."""
    with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory(prefix="ancadmin-") as folder:
        part = Path(folder) / "part.xlsx"
        for content in _pieces(archive, place):
            with zipfile.ZipFile(part, "w") as small:
                for name in archive.namelist():
                    if _NEEDED.match(name):
                        with archive.open(name) as source, small.open(name, "w") as target:
                            while block := source.read(1 << 20):
                                target.write(block)
                small.writestr(place, content)
            yield part


def _pieces(archive: zipfile.ZipFile, place: str) -> Iterator[bytes]:
    """The sheet's XML in pieces of whole rows, each a sheet of its own."""
    with archive.open(place) as sheet:
        head, _, held = sheet.read(PART).partition(_BEGIN)
        head = _DIMENSION.sub(b"", head) + _BEGIN
        while block := sheet.read(PART):
            end = held.rfind(_ROW_END)
            if end >= 0:
                end += len(_ROW_END)
                yield head + held[:end] + _TAIL
                held = held[end:]
            held += block
        yield head + held.partition(_END)[0] + _TAIL


def _can_be_cut(archive: zipfile.ZipFile, place: str) -> bool:
    """Does every row say its own number? Rows that are only counted would lose theirs."""
    with archive.open(place) as sheet:
        head = sheet.read(1 << 16)
    return re.search(rb'<sheetData><row [^>]*\br="\d+"', head) is not None


def _attributes(tag: re.Pattern[str], archive: zipfile.ZipFile, name: str) -> Iterator[dict[str, str]]:
    for found in tag.findall(archive.read(name).decode("utf-8")):
        yield dict(_ATTRIBUTE.findall(found))
