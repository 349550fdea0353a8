"""ID numbers a column at a time: the answers of `ancadmin.domain.id_numbers`, for millions (docs/rules.md, section 2).

A column of text comes as Arrow lays it out: one array of UTF-8 bytes, and n+1 offsets into it. Digits are matrices of
shape (n, 13), dtype uint8, values 0 to 9. Plain numbers and the common damages are read as matrices; what is left,
the few that are damaged some other way, is read one by one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt

from ancadmin.domain.dates import Days
from ancadmin.domain.id_damage import Damaged
from ancadmin.domain.id_numbers import LENGTH, IdProblem, Reading, Repair, read_id_number
from ancadmin.domain.policy import Policy

Digits = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Offsets = npt.NDArray[np.integer]

PROBLEMS = tuple(IdProblem)
REPAIRS = tuple(Repair)
_PROBLEM_CODES: dict[IdProblem | None, int] = {
    None: 0,
    **{problem: 1 + place for place, problem in enumerate(PROBLEMS)},
}
_MONTH_DAYS = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.uint8)
DOUBLED = np.array([0, 2, 4, 6, 8, 1, 3, 5, 7, 9], dtype=np.uint8)
"""What a digit adds to the check sum where it is doubled."""
_NEVER = np.datetime64("NaT", "D")
# Found without looking at the date, so that the reading day makes no difference.
_AT_ANY_AGE = {IdProblem.MISSING, IdProblem.NOT_A_NUMBER, IdProblem.SCIENTIFIC_TRUNCATED}


@dataclass(frozen=True)
class IdColumn:
    """What n texts were read as. Every array has n rows; where there is a problem only `problem` and `repairs` say
    something.

    `digits` (n, 13); `problem` int8, 0 for none, else 1 + the place in PROBLEMS; `repairs` uint8, bit k for REPAIRS[k];
    `born` datetime64[D]; `male` bool; `citizenship` uint8, the place in CITIZENSHIPS.
    """

    digits: Digits
    problem: npt.NDArray[np.int8]
    repairs: npt.NDArray[np.uint8]
    born: Days
    male: Mask
    citizenship: npt.NDArray[np.uint8]

    @property
    def valid(self) -> Mask:
        """Where there is an ID number."""
        mask: Mask = self.problem == 0
        return mask

    @property
    def numbers(self) -> npt.NDArray[np.int64]:
        """The ID numbers as integers, in the order of the text; 0 where there is a problem."""
        return as_integers(self.digits)

    @property
    def texts(self) -> npt.NDArray[np.bytes_]:
        """The ID numbers as S13; 0000000000000 where there is a problem."""
        return np.ascontiguousarray(self.digits + np.uint8(48)).view("S13").ravel()


def read_id_column(offsets: Offsets, data: Digits, reading_days: Days, policy: Policy) -> IdColumn:
    """Reads n texts, `data[offsets[i]:offsets[i + 1]]` each, at the n days of `reading_days` (datetime64[D])."""
    rows = len(offsets) - 1
    digits = np.zeros((rows, LENGTH), dtype=np.uint8)
    repairs = np.zeros(rows, dtype=np.uint8)
    shaped = _plain(offsets, data, digits)
    rest = np.flatnonzero(~shaped)
    lost = rest[:0]
    if len(rest):
        shaped, lost, rest = _mended(Damaged(offsets, data, rest), digits, repairs, shaped, reading_days, policy)
    column = _judged(digits, shaped, repairs, reading_days, policy)
    column.problem[lost] = _PROBLEM_CODES[IdProblem.WRONG_LENGTH]
    _read_each(column, rest, offsets, data, reading_days, policy)
    column.digits[column.problem != 0] = 0
    return column


def read_digits(digits: Digits, reading_days: Days, policy: Policy) -> IdColumn:
    """Reads n numbers of 13 digits each, at the n days of `reading_days`."""
    shaped = np.ones(len(digits), dtype=np.bool_)
    column = _judged(digits.copy(), shaped, np.zeros(len(digits), dtype=np.uint8), reading_days, policy)
    column.digits[column.problem != 0] = 0
    return column


def as_integers(digits: Digits) -> npt.NDArray[np.int64]:
    """Rows of digits as integers; the order is that of the texts."""
    total = np.zeros(len(digits), dtype=np.int64)
    for place in range(digits.shape[1]):
        total *= 10
        total += digits[:, place]
    return total


def check_digits_hold(digits: Digits) -> Mask:
    """Where the Luhn check holds."""
    total = np.zeros(len(digits), dtype=np.uint8)
    for place in range(LENGTH):
        column = digits[:, place]
        total += DOUBLED[column] if (LENGTH - 1 - place) % 2 else column
    mask: Mask = total % 10 == 0
    return mask


def dates_exist(digits: Digits) -> Mask:
    """Where year, month and day are a calendar date in some century (29 February of 00: in 2000)."""
    year, month, day = _parts(digits)
    mask: Mask = (day >= 1) & (day <= _month_days(month)) & ~((month == 2) & (day == 29) & (year % 4 != 0))
    return mask


def valid_digits(digits: Digits) -> Mask:
    """Where 13 digits are a valid ID number at some age: date, citizenship and check digit hold."""
    mask: Mask = (digits[:, 10] <= 2) & dates_exist(digits) & check_digits_hold(digits)
    return mask


def births_at(digits: Digits, reading_days: Days, policy: Policy) -> Days:
    """The birth dates that give a possible age on `reading_days`; NaT where neither century does, or has the date."""
    return _births(digits, reading_days, policy)[0]


def _parts(digits: Digits) -> tuple[Digits, Digits, Digits]:
    """Year, month and day, two digits each (at most 99, so a byte holds them)."""
    year, month, day = (digits[:, at] * np.uint8(10) + digits[:, at + 1] for at in (0, 2, 4))
    return year, month, day


def _month_days(month: Digits) -> Digits:
    days: Digits = _MONTH_DAYS[np.where(month <= 12, month, 0)]
    return days


def _births(digits: Digits, reading_days: Days, policy: Policy) -> tuple[Days, Mask]:
    """Birth dates as `births_at` gives them, and where the date is one of the calendar (`_Births.real`)."""
    year, month, day = _parts(digits)
    exists = (day >= 1) & (day <= _month_days(month))
    reading_year, reading_month_day = _year_and_day(reading_days)
    latest = reading_year - (reading_year - year) % 100
    age = reading_year - latest - (reading_month_day < month * np.int32(100) + day)
    youngest, oldest = (policy.on_days(name, reading_days) for name in ("minimum_age", "maximum_age"))
    late = (age >= youngest) & (age <= oldest)
    early = (age + 100 >= youngest) & (age + 100 <= oldest)
    real_late, real_early = exists, exists.copy()
    leap_days = np.flatnonzero((month == 2) & (day == 29))
    real_late[leap_days] = _leap(latest[leap_days])
    real_early[leap_days] = _leap(latest[leap_days] - 100)
    real = np.where(early, real_early, np.where(late, real_late, real_late | real_early))
    born_year = np.where(early, latest - 100, latest)
    months = ((born_year - 1970) * np.int64(12) + month - 1).view("datetime64[M]")
    born = months.astype("datetime64[D]") + day.astype("timedelta64[D]") - np.timedelta64(1, "D")
    born[~(real & (early | late))] = _NEVER
    return born, real


def _year_and_day(days: Days) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """The year, and month x 100 + day, of each day; taken apart once for each day of the span they lie in."""
    if not len(days):
        return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32)
    first = days.min()
    span = np.arange(first, days.max() + 1)
    months = span.astype("datetime64[M]")
    month_day = (months.astype(np.int32) % 12 + 1) * 100 + (span - months).astype(np.int32) + 1
    at = (days - first).astype(np.intp)
    return (months.astype(np.int32) // 12 + 1970)[at], month_day[at]


def _leap(year: npt.NDArray[np.int32]) -> Mask:
    mask: Mask = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    return mask


def _judged(
    digits: Digits, shaped: Mask, repairs: npt.NDArray[np.uint8], reading_days: Days, policy: Policy
) -> IdColumn:
    """Judges rows of 13 digits, the first problem that applies; rows not `shaped` are for `_read_one`."""
    born, real = _births(digits, reading_days, policy)
    problem = np.zeros(len(digits), dtype=np.int8)
    for found, where in (
        (IdProblem.AGE_OUT_OF_RANGE, np.isnat(born)),
        (IdProblem.CHECKSUM, ~check_digits_hold(digits)),
        (IdProblem.CITIZENSHIP, digits[:, 10] > 2),
        (IdProblem.NO_SUCH_DATE, ~real),
    ):
        problem[where] = 1 + PROBLEMS.index(found)
    problem[~shaped] = 1 + PROBLEMS.index(IdProblem.MISSING)
    return IdColumn(digits, problem, repairs, born, digits[:, 6] >= 5, digits[:, 10].copy())


def _plain(offsets: Offsets, data: Digits, digits: Digits) -> Mask:
    """Fills in the rows that are 13 digits as they stand, and says which they are."""
    plain: Mask = np.diff(offsets) == LENGTH
    if plain.all():
        matrix = data[offsets[0] : offsets[-1]].reshape(-1, LENGTH) - np.uint8(48)
    else:
        starts = offsets[:-1][plain]
        matrix = data[starts[:, None] + np.arange(LENGTH)] - np.uint8(48)
    # Anything below "0" wraps round to a large byte.
    good = np.ones(len(matrix), dtype=np.bool_)
    good[np.flatnonzero(matrix.ravel() > 9) // LENGTH] = False
    plain[plain] = good
    digits[plain] = matrix[good]
    return plain


def _mended(
    damaged: Damaged,
    digits: Digits,
    repairs: npt.NDArray[np.uint8],
    shaped: Mask,
    reading_days: Days,
    policy: Policy,
) -> tuple[Mask, npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Fills in the damaged texts that are understood. Returns which rows have 13 digits now, which of the others are
    too long or too short, and which are to be read one by one.
    """
    known = damaged.understood
    rows, whole, length = damaged.rows[known], damaged.whole[known], damaged.length[known]
    fits = length <= LENGTH
    kept = np.zeros((len(rows), LENGTH), dtype=np.uint8)
    # Digits go to the right end of 13, which puts lost zeros back in front.
    row, place = np.nonzero(whole & fits[:, None])
    target = LENGTH - 1 - length[row] + np.cumsum(whole, axis=1, dtype=np.int8)[row, place]
    kept[row, target] = damaged.values[known][row, place]
    short = (length >= 10) & (length < LENGTH)
    good = length == LENGTH
    good[short] = check_digits_hold(kept[short]) & _births(kept[short], reading_days[rows[short]], policy)[1]
    made = _bit(Repair.PUNCTUATION, damaged.has_marks[known]) | _bit(Repair.LOOKALIKE, damaged.has_lookalike[known])
    made |= _bit(Repair.FLOAT_SUFFIX, damaged.is_float[known]) | _bit(Repair.LEADING_ZEROS, short & good)
    repairs[rows] = np.where(length > 0, made, 0)
    digits[rows[good]] = kept[good]
    now = shaped.copy()
    now[rows[good]] = True
    return now, rows[~good & (length > 0)], damaged.rows[~known]


def _bit(repair: Repair, where: Mask) -> npt.NDArray[np.uint8]:
    return where.astype(np.uint8) << np.uint8(REPAIRS.index(repair))


@cache
def _bits(repairs: tuple[Repair, ...]) -> int:
    return sum(1 << REPAIRS.index(repair) for repair in repairs)


def repairs_of(bits: int) -> Iterator[Repair]:
    """The repairs a value of `IdColumn.repairs` stands for, in their order."""
    return (repair for place, repair in enumerate(REPAIRS) if bits >> place & 1)


def _read_each(
    column: IdColumn,
    rows: npt.NDArray[np.intp],
    offsets: Offsets,
    data: Digits,
    reading_days: Days,
    policy: Policy,
) -> None:
    """Reads some texts one by one, each different one once for a reading day."""
    days: list[date] = reading_days[rows].astype(object).tolist()
    places = zip(offsets[:-1][rows].tolist(), offsets[1:][rows].tolist(), strict=True)
    texts = [data[start:end].tobytes() for start, end in places]
    known: dict[tuple[bytes, date | None], Reading] = {}
    for row, text, day in zip(rows.tolist(), texts, days, strict=True):
        reading = known.get((text, None)) or known.get((text, day))
        if reading is None:
            reading = read_id_number(text.decode("utf-8", errors="replace"), day, policy)
            known[(text, None if reading.problem in _AT_ANY_AGE else day)] = reading
        column.problem[row] = _PROBLEM_CODES[reading.problem]
        column.repairs[row] = _bits(reading.repairs)
        if reading.id_number is not None:
            column.digits[row] = np.frombuffer(reading.id_number.encode(), dtype=np.uint8) - 48
            column.born[row] = np.datetime64(reading.born)
            column.male[row] = reading.gender == "M"
            column.citizenship[row] = column.digits[row, 10]
