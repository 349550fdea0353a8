"""Columns of text read as days and as money, a whole column at a time.

Cells that are equal are read once. Every cell gets a code: `OK`, `MISSING` (blank, `N/A` …), `MALFORMED`,
`DOUBTFUL` (read, but it could mean something else), `OUT_OF_RANGE` (read, but before the earliest or after the latest).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ancadmin.domain.dates import Days

OK, MISSING, MALFORMED, DOUBTFUL, OUT_OF_RANGE = range(5)
Codes = npt.NDArray[np.int8]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_BLANKS = ("", "n/a", "na", "n.a.", "n.a", "#n/a", "-", "--", "–", "—", "nil", "none", "null", "nan", "nat", "?")
MISSING_WORDS = (*_BLANKS, "nvt", "n.v.t.", "n.v.t", "geen", "onbekend", "unknown")
_NO_DATES = (*MISSING_WORDS, "0", "0000-00-00", "00/00/0000", "00-00-0000", "0000/00/00", "0000-00-00 00:00:00")
_SPACES = "[\u00a0\u2007\u2009\u202f\\s]+"


@dataclass(frozen=True)
class DateOrder:
    """What a column says about the order of its numeric dates: how many cells allow only one reading."""

    day_first: int = 0
    month_first: int = 0
    year_first: int = 0

    def __add__(self, other: "DateOrder") -> "DateOrder":
        return DateOrder(
            self.day_first + other.day_first,
            self.month_first + other.month_first,
            self.year_first + other.year_first,
        )

    @property
    def reads_month_first(self) -> bool:
        """Day first, as is custom in South Africa, unless more cells say otherwise."""
        return self.month_first > self.day_first

    @property
    def decided(self) -> bool:
        """Do the cells settle it? Not where none does, nor where more than one in twenty disagrees."""
        most, least = max(self.day_first, self.month_first), min(self.day_first, self.month_first)
        return most > 0 and least * 20 <= most


@dataclass(frozen=True)
class ParsedDates:
    """`days`: datetime64[D], NaT where there is none. `codes`: int8, one of the codes of this module."""

    days: Days
    codes: Codes


@dataclass(frozen=True)
class ParsedCents:
    """`cents`: int64, -1 where there is none. `codes`: int8, one of the codes of this module."""

    cents: Integers
    codes: Codes


_TIME = r"(?:[ t]+\d{1,2}[:h]\d{2}(?::\d{2}(?:[.,]\d+)?)? ?(?:[ap]\.?m\.?)? ?(?:z|utc|[+-]\d{2}:?\d{2})?)?"
_ORDINAL = r"(?:st|nd|rd|th|ste|de)?"
_WEEKDAY = r"(?:[a-z]{2,9}\.?,? +)?"
_PART = r"[-/. ,]+"
_YEAR_FIRST = rf"^(?P<year>\d{{4}})[-/. ](?P<month>\d{{1,2}})[-/. ](?P<day>\d{{1,2}}){_TIME}$"
_COMPACT = r"^(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})$"
_NUMERIC = rf"^(?P<first>\d{{1,2}})[-/. ](?P<second>\d{{1,2}})[-/. ](?P<third>\d{{4}}|\d{{2}}){_TIME}$"
_SERIAL = r"^(?P<serial>\d{5})(?:[.,]\d+)?$"
_SHORT_OR_LONG = r"(?P<year>\d{4}|\d{2})"
_NAMED = (
    rf"^{_WEEKDAY}(?P<day>\d{{1,2}}){_ORDINAL}[-/. ,]*(?P<month>[a-z]{{3,9}}){_PART}'?{_SHORT_OR_LONG}{_TIME}$",
    rf"^{_WEEKDAY}(?P<day>\d{{1,2}}){_ORDINAL}[-/. ,]*(?P<month>[a-z]{{3,9}}){_SHORT_OR_LONG}{_TIME}$",
    rf"^{_WEEKDAY}(?P<month>[a-z]{{3,9}}){_PART}(?P<day>\d{{1,2}}){_ORDINAL}{_PART}'?{_SHORT_OR_LONG}{_TIME}$",
    rf"^(?P<year>\d{{4}}){_PART}(?P<month>[a-z]{{3,9}}){_PART}(?P<day>\d{{1,2}}){_TIME}$",
)
_MONTHS = {
    "jan january januarie": 1,
    "feb february februarie febr": 2,
    "mar march maart mrt": 3,
    "apr april": 4,
    "may mei": 5,
    "jun june junie": 6,
    "jul july julie": 7,
    "aug august augustus": 8,
    "sep sept september": 9,
    "oct okt october oktober": 10,
    "nov november": 11,
    "dec des december desember": 12,
}
_MONTH_NAMES = [name for names in _MONTHS for name in names.split()]
_MONTH_NUMBERS = np.array([number for names, number in _MONTHS.items() for _ in names.split()] + [0], np.int64)
_SERIAL_ZERO = np.datetime64("1899-12-30", "D")
_NAT = np.datetime64("NaT", "D")


def date_order(columns: Iterable[pa.Array | pa.ChunkedArray]) -> DateOrder:
    """The order of day and month in the numeric dates of one column, given in one piece or in chunks."""
    order = DateOrder()
    for column in columns:
        values, where = _distinct(column)
        _, (first, second, third) = _numbers(values, _NUMERIC, ("first", "second", "third"))
        rows = np.bincount(where, minlength=len(values))
        short = (third >= 0) & (third < 100)
        year_first = short & ((first > 31) | (first == 0)) & (second <= 12)
        order += DateOrder(
            int(rows[(first > 12) & (first <= 31) & (second <= 12)].sum()),
            int(rows[(second > 12) & (second <= 31) & (first <= 12) & (first > 0)].sum()),
            int(rows[year_first].sum()) - int(rows[short & (third > 31)].sum()),
        )
    return order


def parse_dates(
    column: pa.Array | pa.ChunkedArray, earliest: date, latest: date, order: DateOrder | None = None
) -> ParsedDates:
    """Reads a column of strings as days (docs/rules.md, section 3); a time part is dropped.

    `order` is what the whole column says where `column` is only a chunk of it. Two-digit years are those that
    stay on or before `latest`.
    """
    if order is None:
        order = date_order([column])
    values, where = _distinct(column)
    days = np.full(len(values), _NAT)
    codes = np.full(len(values), MALFORMED, np.int8)
    for pattern in (_YEAR_FIRST, _COMPACT):
        _, (year, month, day) = _numbers(values, pattern, ("year", "month", "day"))
        _settle(days, codes, _day_of(year, month, day))
    for pattern in _NAMED:
        texts, (year, day) = _numbers(values, pattern, ("year", "day"))
        _settle(days, codes, _within(year, _month_named(texts), day, earliest, latest))
    _read_numeric(values, days, codes, order, earliest, latest)
    _, (serial,) = _numbers(values, _SERIAL, ("serial",))
    from_serial = np.where(serial >= 0, _SERIAL_ZERO + serial.astype("timedelta64[D]"), _NAT)
    _settle(days, codes, np.where((from_serial >= _day(earliest)) & (from_serial <= _day(latest)), from_serial, _NAT))
    codes[(days < _day(earliest)) | (days > _day(latest))] = OUT_OF_RANGE
    codes[_is_one_of(values, _NO_DATES)] = MISSING
    return ParsedDates(days[where], codes[where])


def _read_numeric(values: pa.Array, days: Days, codes: Codes, order: DateOrder, earliest: date, latest: date) -> None:
    """Dates of three numbers, the year last, or first where it has two digits and the column says so."""
    _, (first, second, third) = _numbers(values, _NUMERIC, ("first", "second", "third"))
    short = (third >= 0) & (third < 100)
    year_first = short & (order.year_first > 0)
    month_first = order.reads_month_first
    day, month = (second, first) if month_first else (first, second)
    read = _within(
        np.where(year_first, first, third),
        np.where(year_first, second, month),
        np.where(year_first, third, day),
        earliest,
        latest,
    )
    both_ways = (first <= 12) & (second <= 12) & (first != second) & ~year_first
    _settle(days, codes, read)
    if not order.decided:
        codes[both_ways & ~np.isnat(read)] = DOUBTFUL


def _within(year: Integers, month: Integers, day: Integers, earliest: date, latest: date) -> Days:
    """Days whose two-digit years get the century that keeps them on or before `latest`, if that is not too early."""
    short = (year >= 0) & (year < 100)
    late = _day_of(np.where(short, year + latest.year // 100 * 100, year), month, day)
    early = _day_of(np.where(short, year + latest.year // 100 * 100 - 100, year), month, day)
    back: Flags = short & (late > _day(latest)) & (early >= _day(earliest))
    # 29 February may exist in one of the two centuries only.
    back |= short & np.isnat(late)
    taken: Days = np.where(back, early, late)
    return taken


def _day_of(year: Integers, month: Integers, day: Integers) -> Days:
    """The days three columns of numbers make; NaT where there is no such day."""
    possible = (year >= 1) & (year <= 9999) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    months = (np.where(possible, (year - 1970) * 12 + month - 1, 0)).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + np.where(possible, day - 1, 0).astype("timedelta64[D]")
    possible &= days.astype("datetime64[M]") == months
    made: Days = np.where(possible, days, _NAT)
    return made


def _month_named(texts: pa.StructArray) -> Integers:
    found = pc.index_in(texts.field("month"), value_set=pa.array(_MONTH_NAMES)).fill_null(len(_MONTH_NAMES))
    numbers: Integers = _MONTH_NUMBERS[found.to_numpy(zero_copy_only=False)]
    return numbers


def _settle(days: Days, codes: Codes, read: Days) -> None:
    """Takes over what a pattern read where none before it read anything."""
    new = np.isnat(days) & ~np.isnat(read)
    days[new] = read[new]
    codes[new] = OK


def _day(day: date) -> np.datetime64:
    return np.datetime64(day, "D")


def parse_cents(column: pa.Array | pa.ChunkedArray, *, signed: bool = False) -> ParsedCents:
    """Reads a column of strings as rands and cents, exactly; negative amounts are malformed unless `signed`.

    `1,234` is a thousand and more (commas part thousands where three digits follow), `1,23` is not a whole rand.
    """
    values, where = _distinct(column)
    bare = pc.replace_substring_regex(values, r"^\((.*)\)$", r"-\1")
    bare = pc.replace_substring_regex(bare, r"^([-+]?) ?(?:zar|r) ?([-+]?)", r"\1\2")
    bare = pc.replace_substring_regex(bare, r" ?(?:zar|rand)$", "")
    bare = pc.replace_substring_regex(bare, r"^(\d+)-(\d\d)$", r"\1.\2")  # R20-00, as shops write it
    bare = pc.replace_substring_regex(bare, r"^(\d+)[.,]-?$", r"\1")
    cents = np.full(len(values), -1, np.int64)
    codes = np.full(len(values), MALFORMED, np.int8)
    for pattern in _AMOUNTS:
        _read_amounts(bare, pattern, cents, codes)
    if not signed:
        negative = pc.starts_with(bare, "-").to_numpy(zero_copy_only=False)
        codes[negative] = MALFORMED
        cents[negative] = -1
    codes[_is_one_of(values, MISSING_WORDS)] = MISSING
    return ParsedCents(cents[where], codes[where])


_AMOUNTS = (
    r"^(?P<sign>[-+]?)(?P<whole>\d{1,15})(?P<part>)$",
    r"^(?P<sign>[-+]?)(?P<whole>\d{1,3}(?:,\d{3})+)(?:\.(?P<part>\d{1,2})0*)?$",
    r"^(?P<sign>[-+]?)(?P<whole>\d{1,3}(?:[ ']\d{3})+)(?:[.,](?P<part>\d{1,2})0*)?$",
    r"^(?P<sign>[-+]?)(?P<whole>\d{1,3}(?:\.\d{3})+),(?P<part>\d{1,2})0*$",
    r"^(?P<sign>[-+]?)(?P<whole>\d{0,15})[.,](?P<part>\d{1,2})0*$",
)


def _read_amounts(bare: pa.Array, pattern: str, cents: Integers, codes: Codes) -> None:
    found = pc.extract_regex(bare, pattern)
    matched = found.is_valid().to_numpy(zero_copy_only=False) & (codes == MALFORMED)
    if not matched.any():
        return
    taken = found.filter(pa.array(matched))
    whole = pc.replace_substring_regex(taken.field("whole"), r"[^\d]", "")
    whole = pc.if_else(pc.equal(whole, ""), "0", whole)
    fits = (pc.binary_length(whole).to_numpy(zero_copy_only=False)) <= 15
    rands = pc.cast(pc.if_else(pa.array(fits), whole, "0"), pa.int64()).to_numpy(zero_copy_only=False)
    part = pc.utf8_slice_codeunits(pc.binary_join_element_wise(taken.field("part"), "00", ""), 0, 2)
    amount = rands * 100 + pc.cast(part, pa.int64()).to_numpy(zero_copy_only=False)
    negative = pc.equal(taken.field("sign"), "-").to_numpy(zero_copy_only=False)
    cents[matched] = np.where(fits, np.where(negative, -amount, amount), -1)
    codes[matched] = np.where(fits, OK, MALFORMED)


def _distinct(column: pa.Array | pa.ChunkedArray) -> tuple[pa.Array, npt.NDArray[np.intp]]:
    """The different texts of a column, trimmed, lower case, single spaces; and for each cell the index of its text."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    encoded = whole.fill_null("").dictionary_encode()
    values = pc.replace_substring_regex(encoded.dictionary, _SPACES, " ")
    values = pc.utf8_lower(pc.utf8_trim_whitespace(pc.utf8_ltrim(pc.utf8_trim_whitespace(values), "'")))
    return values, encoded.indices.to_numpy(zero_copy_only=False)


def _is_one_of(values: pa.Array, words: tuple[str, ...]) -> Flags:
    missing: Flags = pc.is_in(values, value_set=pa.array(words)).to_numpy(zero_copy_only=False)
    return missing


def _numbers(values: pa.Array, pattern: str, names: tuple[str, ...]) -> tuple[pa.StructArray, tuple[Integers, ...]]:
    """What a pattern's groups read as numbers, -1 where it does not hold."""
    found = pc.extract_regex(values, pattern)
    if found.null_count == len(found):
        return found, tuple(np.full(len(values), -1, np.int64) for _ in names)
    parts = [pc.struct_field(found, name) for name in names]  # null where the pattern does not hold
    return found, tuple(pc.cast(part, pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False) for part in parts)
