"""The cells of a chunk as columns of text, by the field they are of, and rows as one text."""

import re

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ancadmin.domain.harmless import MARK, MAY_BEGIN_ONE
from ancadmin.readers.registers import RegisterSheet
from ancadmin.services.register.importing.texts import joined, trimmed


class Texts:
    """The cells of a chunk by field, trimmed; blank texts where the sheet has no such column."""

    def __init__(self, sheet: RegisterSheet, table: pa.Table) -> None:
        self._fields = sheet.fields
        self._table = table
        self._blank = pa.array(np.full(table.num_rows, "", dtype=object), pa.string())
        self._trimmed: dict[str, pa.Array] = {}

    def __call__(self, name: str) -> pa.Array:
        """The cells of a field without the blanks around them, and as they were meant where an apostrophe says that
        what follows is text and no formula (domain/harmless.py).
        """
        if name not in self._trimmed:
            self._trimmed[name] = _as_meant(trimmed(self.untrimmed(name))) if name in self._fields else self._blank
        return self._trimmed[name]

    def untrimmed(self, name: str) -> pa.Array:
        """The cells of a field as they stand."""
        return array_of(self._table.column(self._fields[name]))


def _as_meant(column: pa.Array) -> pa.Array:
    if not pc.any(pc.starts_with(column, MARK)).as_py():
        return column
    return pc.replace_substring_regex(column, f"^{MARK}([{re.escape(MAY_BEGIN_ONE)}])", r"\1")


def array_of(column: pa.ChunkedArray) -> pa.Array:
    """A column in one piece."""
    whole = column.combine_chunks()
    return whole if isinstance(whole, pa.Array) else pa.concat_arrays(whole.chunks)


def filled(column: pa.Array) -> pa.Array:
    """A column of text with null for what is blank."""
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)


def whole_rows(table: pa.Table) -> tuple[pa.Table, pa.Array]:
    """The cells, and each row as one text, its cells parted by the unit separator.

    That character and NUL, which no server keeps, are taken out of the cells in the rare file that has them.
    """
    raw = joined(*(array_of(column) for column in table.columns))
    _, _, data = raw.buffers()
    seen = np.frombuffer(data, dtype=np.uint8) if data is not None else np.zeros(0, dtype=np.uint8)
    parts = np.count_nonzero(seen == 0x1F)
    if parts == table.num_rows * (table.num_columns - 1) and np.count_nonzero(seen) == len(seen):
        return table, raw
    clean = [pc.replace_substring_regex(column, "[\x00\x1f]", " ") for column in table.columns]
    return pa.table(clean, names=table.column_names), joined(*(array_of(column) for column in clean))


def buffers(column: pa.Array) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """The offsets and the bytes of a column of text."""
    _, offsets, data = column.buffers()
    ends = np.frombuffer(offsets, dtype=np.int32)[column.offset : column.offset + len(column) + 1]
    return ends, np.frombuffer(data, dtype=np.uint8) if data is not None else np.zeros(0, dtype=np.uint8)
