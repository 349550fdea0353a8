"""How a file would be read: each column, what it is taken for, how surely, and what stands in it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ancadmin.readers.cells import DateOrder
from ancadmin.readers.hidden import Hidden, hidden_in
from ancadmin.readers.incoming import incoming
from ancadmin.readers.mappings import Profiles
from ancadmin.readers.registers import RegisterSheet, read_register
from ancadmin.readers.tables import Sheet
from ancadmin.services.register.importing.days import DayReader
from ancadmin.services.register.profiles.saved import mapping_in, profiles_on_record
from ancadmin.services.session import Session

_SAMPLES = 3


def check_profile(
    session: Session, path: Path, profile: str | None = None, mapping: Path | None = None
) -> list[dict[str, Any]]:
    """Rows, one a column: `file, sheet, profile, header_row, header_confidence, rows, blank, hidden, column, heading,
    field, confidence, filled, date_order, doubtful, samples[]`; sheets that would be set aside have no fields.

    Read by the saved `profile`, by the `mapping` in a file, or as an import would. Raises InputRefused for a file that
    is no register or fits neither.
    """
    with session.reading("register profile check", file=path.name, profile=profile) as connection:
        profiles = Profiles(mapping_in(mapping)) if mapping else profiles_on_record(connection, profile)
    rows: list[dict[str, Any]] = []
    for file in incoming([path])[0]:
        with file.opened() as opened:
            register = read_register(opened, profiles, file.name)
            hidden = {one.sheet: one for one in hidden_in(opened)}
            for sheet in register.sheets:
                rows += _read(sheet, hidden.get(sheet.sheet.sheet), session)
            for aside in register.set_aside:
                rows += _set_aside(aside, hidden.get(aside.sheet))
    return rows


def _read(sheet: RegisterSheet, hidden: Hidden | None, session: Session) -> Iterator[dict[str, Any]]:
    orders = sheet.date_orders()
    days = {sheet.fields[name]: DayReader(order, session.today) for name, order in orders.items()}
    columns = [_Column() for _ in sheet.sheet.columns]
    count = blank = 0
    for chunk in sheet.chunks():
        nobodys = sheet.blank_rows(chunk)
        count += len(nobodys)
        blank += int(nobodys.sum())
        cells = chunk.cells.filter(pa.array(~nobodys))
        for index, column in enumerate(columns):
            column.look(cells.column(index), days.get(index))
    fields = {index: name for name, index in sheet.fields.items()}
    about = _about(sheet.sheet, count, blank, hidden)
    about |= {"profile": sheet.profile or None, "header_confidence": sheet.header_confidence}
    for index, column in enumerate(columns):
        name = fields.get(index)
        yield {
            **about,
            "column": index + 1,
            "heading": sheet.sheet.columns[index],
            "field": name,
            "confidence": sheet.confidence.get(name) if name else None,
            "filled": column.filled,
            "date_order": _words(orders[name], column.doubtful) if name in orders else None,
            "doubtful": column.doubtful,
            "samples": column.samples,
        }


class _Column:
    """What stands in one column of the rows that are somebody's."""

    def __init__(self) -> None:
        self.filled = self.doubtful = 0
        self.samples: list[str] = []

    def look(self, column: pa.ChunkedArray, days: DayReader | None) -> None:
        texts = pc.utf8_trim_whitespace(column.combine_chunks())
        filled = texts.filter(pc.not_equal(texts, ""))
        self.filled += len(filled)
        if len(self.samples) < _SAMPLES:
            new = [text for text in filled.slice(0, 100).unique().to_pylist() if text not in self.samples]
            self.samples += new[: _SAMPLES - len(self.samples)]
        if days is not None:
            self.doubtful += int(np.count_nonzero(days.read(filled).doubtful))


def _set_aside(sheet: Sheet, hidden: Hidden | None) -> Iterator[dict[str, Any]]:
    count = sum(len(chunk.rows) for chunk in sheet.chunks())
    for index, heading in enumerate(sheet.columns or [""]):
        yield {
            **_about(sheet, count, count, hidden),
            "profile": None,
            "header_confidence": 0.0,
            "column": index + 1,
            "heading": heading,
            "field": None,
            "confidence": None,
            "filled": None,
            "date_order": None,
            "doubtful": 0,
            "samples": [],
        }


def _about(sheet: Sheet, count: int, blank: int, hidden: Hidden | None) -> dict[str, Any]:
    """What is said of the sheet with every column. Rows over the headings count as blank, as an import counts them."""
    above = max(sheet.header_row - 1, 0)
    return {
        "file": sheet.file,
        "sheet": sheet.sheet,
        "profile": None,
        "header_row": sheet.header_row,
        "header_confidence": 0.0,
        "rows": count + above,
        "blank": blank + above,
        "hidden": hidden.rows if hidden else 0,
    }


def _words(order: DateOrder, doubtful: int) -> str | None:
    """The order of dates the column settles; None where no date asks for one."""
    if order.year_first > 0:
        return "year-month-day"
    words = "month-day-year" if order.reads_month_first else "day-month-year"
    if order.decided:
        return words
    return f"{words}, not settled" if doubtful else None
