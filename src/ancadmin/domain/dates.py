"""Arithmetic on calendar days, one at a time and a column at a time (docs/rules.md, section 4.3).

Days are `datetime.date` or numpy `datetime64[D]`; NaT stays NaT.
"""

import calendar
from datetime import date

import numpy as np
import numpy.typing as npt

Days = npt.NDArray[np.datetime64]


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or that month's last day where the month is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def add_months_to_days(days: Days, months: int | npt.NDArray[np.integer]) -> Days:
    """`add_months` for a whole column: `datetime64[D]` in, `datetime64[D]` out; `months` may be a column too."""
    month = days.astype("datetime64[M]")
    offset = days - month.astype("datetime64[D]")
    target = month + np.asarray(months).astype("timedelta64[M]")
    first = target.astype("datetime64[D]")
    last = (target + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    moved: Days = np.minimum(first + offset, last)
    return moved


def completed_years(born: date, day: date) -> int:
    """Age on `day`. A 29 February birthday falls on 1 March in other years (docs/rules.md, section 2)."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def iso_texts(days: Days) -> list[str | None]:
    """Days as ISO texts, NaT as None. Each day is written once, however many rows share it."""
    different, at = np.unique(days, return_inverse=True)
    texts = np.datetime_as_string(different).astype(object)
    texts[np.isnat(different)] = None
    written: list[str | None] = texts[at].tolist()
    return written
