"""Columns of text, cleaned: what is equal is looked at once, what is common is done by Arrow."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ancadmin.domain.contacts import read_cell
from ancadmin.domain.dates import Days

Flags = npt.NDArray[np.bool_]

_NOTHING = pa.array(["", "n/a", "na", "n.a.", "n.a", "#n/a", "-", "--", "–", "nil", "none", "null", "?", "nvt"])
_MOBILE = r"^(?:\+27|0027|27|0)?(?P<nine>(?:6\d|7\d|8[1-589])\d{7})$"
_BETWEEN = r"[\s()\-]"
# A memory of texts seen is emptied when it holds this many.
REMEMBERED = 300_000


def trimmed(column: pa.Array) -> pa.Array:
    """Texts without the blanks around them."""
    return pc.utf8_trim_whitespace(column)


def or_none(column: pa.Array) -> pa.Array:
    """Trimmed texts with null where nothing was written: blank, `N/A` and the like."""
    return pc.if_else(pc.is_in(pc.utf8_lower(column), value_set=_NOTHING), pa.scalar(None, pa.string()), column)


def written(column: pa.Array) -> Flags:
    """Where `or_none` has a text."""
    flags: Flags = pc.is_valid(column).to_numpy(zero_copy_only=False)
    return flags


class Mapping:
    """A function of texts, applied to a column by way of its different texts, and remembered from chunk to chunk."""

    def __init__(self, function: Callable[[str], Any]) -> None:
        self._function = function
        self._known: dict[str, Any] = {}

    def values(self, column: pa.Array) -> tuple[list[Any], npt.NDArray[np.int64]]:
        """What the function gives for each different text of a column without nulls, and which of them each row has."""
        encoded = column.dictionary_encode()
        if len(self._known) > REMEMBERED:
            self._known.clear()
        known, function = self._known, self._function
        found = []
        for text in encoded.dictionary.to_pylist():
            if text not in known:
                known[text] = function(text)
            found.append(known[text])
        return found, encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)

    def texts(self, column: pa.Array) -> pa.Array:
        """The function's texts (or None), as a column."""
        found, at = self.values(column)
        return pa.array(found, pa.string()).take(pa.array(at))


def cells(column: pa.Array) -> pa.Array:
    """Cell numbers as they are stored, null where there is none (`ancadmin.domain.contacts.read_cell`)."""
    nine = pc.struct_field(pc.extract_regex(column, _MOBILE), "nine")
    rest = np.flatnonzero(pc.and_(pc.is_null(nine), pc.not_equal(column, "")).to_numpy(zero_copy_only=False))
    if len(rest):
        texts = column.take(pa.array(rest))
        bare = pc.struct_field(pc.extract_regex(pc.replace_substring_regex(texts, _BETWEEN, ""), _MOBILE), "nine")
        odd = np.flatnonzero(pc.is_null(bare).to_numpy(zero_copy_only=False))
        read = [(read_cell(text) or "+27")[3:] or None for text in texts.take(pa.array(odd)).to_pylist()]
        bare = _replaced(bare, odd, pa.array(read, pa.string()))
        nine = _replaced(nine, rest, bare)
    return pc.binary_join_element_wise(pa.scalar("+27"), nine, "")


def _replaced(column: pa.Array, at: npt.NDArray[np.int64], values: pa.Array) -> pa.Array:
    places = np.zeros(len(column), dtype=np.bool_)
    places[at] = True
    return pc.replace_with_mask(column, pa.array(places), values)


def dates(days: Days) -> pa.Array:
    """datetime64[D] as date32; NaT is null."""
    return pa.array(days, pa.date32())


def joined(*columns: Any) -> pa.Array:
    """Columns of text side by side, parted by the unit separator; null counts as blank."""
    return pc.binary_join_element_wise(*columns, "\x1f", null_handling="replace", null_replacement="")


def objects(column: pa.Array) -> list[Any]:
    """A column as Python objects, None for null: texts, whole numbers, ISO texts for days. Equal ones are shared."""
    if pa.types.is_date32(column.type):
        column = column.dictionary_encode()
        days = [day.isoformat() for day in column.dictionary.to_pylist()]
        return _shared(days, column.indices)
    if pa.types.is_dictionary(column.type):
        return _shared(column.dictionary.to_pylist(), column.indices)
    if pa.types.is_integer(column.type) and column.null_count:
        encoded = column.dictionary_encode()
        return _shared(encoded.dictionary.to_pylist(), encoded.indices)
    values: list[Any] = column.to_numpy(zero_copy_only=False).tolist()
    return values


def _shared(values: list[Any], indices: pa.Array) -> list[Any]:
    table = np.empty(len(values) + 1, dtype=object)
    table[:-1] = values
    table[-1] = None
    shared: list[Any] = table[indices.fill_null(len(values)).to_numpy(zero_copy_only=False)].tolist()
    return shared
