"""What a workbook does not show on the screen: hidden rows and sheets, which are read, and formulas without a value.

A formula's value is what the spreadsheet program last worked out; other programs may write formulas without any.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from python_calamine import CalamineWorkbook, SheetVisibleEnum

from ancadmin.readers.encodings import is_workbook
from ancadmin.readers.large_sheets import hidden_sheets, places_of
from ancadmin.readers.old_workbooks import hidden_rows_of_xls

_PIECE = 1 << 22
_ROW_END = b"</row>"
_HIDDEN_ROW = re.compile(rb'<row (?=[^>]*\bhidden="(?:1|true)")[^>]*[^/]>(.*?)</row>', re.DOTALL)
_NO_VALUE = (b"</f></c>", b"</f><v></v>", b"</f><v/>", b"</f><v />")
_TABLE = re.compile(rb'<table:table [^>]*?table:name="([^"]*)"[^>]*>(.*?)</table:table>', re.DOTALL)
_ODS_ROW = re.compile(rb"<table:table-row([^>]*[^/])>(.*?)</table:table-row>", re.DOTALL)
_REPEATED = re.compile(rb'number-rows-repeated="(\d+)"')


@dataclass(frozen=True)
class Hidden:
    """Of one sheet: hidden `rows` with something in them, `formulas` without a value; whether it is hidden `whole`."""

    sheet: str
    rows: int
    formulas: int = 0
    whole: bool = False


def hidden_in(path: Path) -> list[Hidden]:
    """The sheets of a workbook, that has been opened before, with something a person would not see. Text has none."""
    if not is_workbook(path):
        return []
    found = _zipped(path) if zipfile.is_zipfile(path) else _old(path)
    return [one for one in found if one.rows or one.formulas or one.whole]


def _zipped(path: Path) -> Iterator[Hidden]:
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" in names:
            whole = hidden_sheets(archive)
            for sheet, place in places_of(archive).items():
                if place in names:
                    yield Hidden(sheet, *_counted(archive, place), sheet in whole)
        elif "content.xml" in names:
            whole = _hidden_whole(path)
            for name, rows in _TABLE.findall(archive.read("content.xml")):
                sheet = unescape(name.decode("utf-8"))
                yield Hidden(sheet, sum(map(_hidden_ods_rows, _ODS_ROW.findall(rows))), whole=sheet in whole)


def _old(path: Path) -> Iterator[Hidden]:
    whole = _hidden_whole(path)
    for sheet, rows in hidden_rows_of_xls(path.read_bytes()).items():
        yield Hidden(sheet, rows, whole=sheet in whole)


def _hidden_whole(path: Path) -> set[str]:
    with path.open("rb") as file:
        sheets = CalamineWorkbook.from_filelike(file).sheets_metadata
    return {sheet.name for sheet in sheets if sheet.visible is not SheetVisibleEnum.Visible}


def _counted(archive: zipfile.ZipFile, place: str) -> tuple[int, int]:
    """Hidden rows and formulas without a value, a piece of whole rows at a time."""
    rows = formulas = 0
    with archive.open(place) as sheet:
        held = b""
        while block := sheet.read(_PIECE):
            held += block
            end = held.rfind(_ROW_END) + len(_ROW_END)
            if end < len(_ROW_END):
                continue
            piece, held = held[:end], held[end:]
            formulas += sum(map(piece.count, _NO_VALUE))
            if b' hidden="' in piece:
                rows += sum(1 for cells in _HIDDEN_ROW.findall(piece) if b"<v" in cells or b"<is" in cells)
    return rows, formulas


def _hidden_ods_rows(row: tuple[bytes, bytes]) -> int:
    attributes, cells = row
    if not re.search(rb'table:visibility="(?:collapse|filter)"', attributes) or b"<text:p" not in cells:
        return 0
    repeated = _REPEATED.search(attributes)
    return int(repeated[1]) if repeated else 1
