"""The days and the payments of a register, a column at a time (docs/rules.md, section 3)."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ancadmin.domain.dates import Days
from ancadmin.domain.policy import Policy
from ancadmin.readers.cells import DOUBTFUL, MISSING, OK, OUT_OF_RANGE, DateOrder, parse_cents, parse_dates
from ancadmin.services.register.codes import Bits, mark
from ancadmin.services.register.importing.texts import REMEMBERED, Flags

# No register has days before this; what reads as one is a slip or a spreadsheet's empty cell.
EARLIEST = date(1900, 1, 1)


@dataclass(frozen=True)
class DayColumn:
    """`taken`: the days that can be used, NaT elsewhere; and why the others cannot, one flag a row at most.

    `doubtful` days are taken: they could mean something else.
    """

    taken: Days
    missing: Flags
    malformed: Flags
    in_future: Flags
    doubtful: Flags


@dataclass(frozen=True)
class Payments:
    """Last payments captured: `days` and `cents`, NaT and 0 where there is none."""

    days: Days
    cents: npt.NDArray[np.int64]


class DayReader:
    """Reads a column of days, chunk after chunk; `order` is what the whole column says of day and month.

    Different texts are few, however many rows there are: each is read once.
    """

    def __init__(self, order: DateOrder | None, today: date) -> None:
        self._order = order or DateOrder()
        self._today = today
        self._forget()

    def _forget(self) -> None:
        self._known: dict[str, int] = {}
        self._days: Days = np.zeros(0, dtype="datetime64[D]")
        self._codes = np.zeros(0, dtype=np.int8)

    def read(self, column: pa.Array) -> DayColumn:
        """Reads days up to today."""
        encoded = column.dictionary_encode()
        texts: list[str] = encoded.dictionary.to_pylist()
        if len(self._known) > REMEMBERED:
            self._forget()
        self._look_at([text for text in texts if text not in self._known])
        places = np.array([self._known[text] for text in texts], dtype=np.int64)
        at = places[encoded.indices.to_numpy(zero_copy_only=False)]
        days, codes = self._days[at], self._codes[at]
        future = (codes == OUT_OF_RANGE) & (days > np.datetime64(self._today))
        good = (codes == OK) | (codes == DOUBTFUL)
        missing = codes == MISSING
        return DayColumn(
            np.where(good, days, np.datetime64("NaT", "D")),
            missing,
            ~good & ~future & ~missing,
            future,
            codes == DOUBTFUL,
        )

    def _look_at(self, texts: list[str]) -> None:
        if texts:
            read = parse_dates(pa.array(texts, pa.string()), EARLIEST, self._today, self._order)
            self._known.update(zip(texts, range(len(self._days), len(self._days) + len(texts)), strict=True))
            self._days = np.concatenate([self._days, read.days])
            self._codes = np.concatenate([self._codes, read.codes])


def read_payments(days: DayColumn, amounts: pa.Array, policy: Policy, notes: Bits) -> Payments:
    """The last payments of a register, and the notes on them. Without a day or an amount nothing is captured."""
    cents = parse_cents(amounts)
    amount_read = cents.codes == OK
    captured = ~np.isnat(days.taken) & amount_read
    mark(notes, "payment_not_captured", ~captured)
    mark(notes, "payment_malformed", days.malformed | ~(amount_read | (cents.codes == MISSING)))
    mark(notes, "payment_in_future", days.in_future)
    mark(notes, "date_doubtful", days.doubtful)
    fees = policy.fees_on(days.taken)
    mark(notes, "underpaid", captured & (cents.cents < fees))
    mark(notes, "overpaid", captured & (cents.cents > fees))
    return Payments(np.where(captured, days.taken, np.datetime64("NaT", "D")), np.where(captured, cents.cents, 0))
