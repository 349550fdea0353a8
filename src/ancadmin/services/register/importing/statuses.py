"""The status column of a register: kept as text, and what of it is an entry of docs/rules.md, section 5."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ancadmin.domain.dates import Days
from ancadmin.domain.policy import Policy
from ancadmin.domain.register_status import StatusText, read_status
from ancadmin.domain.settlement import opening_end
from ancadmin.services.register.codes import Bits, mark
from ancadmin.services.register.importing.days import DayColumn, DayReader, Payments
from ancadmin.services.register.importing.texts import Flags, Mapping, or_none


@dataclass(frozen=True)
class StatusColumn:
    """`text` as written or null; `entry` a kind of entry where there is a day for it, and that day in `entry_on`."""

    text: pa.Array
    entry: pa.Array
    entry_on: Days


class Statuses:
    """Reads the status columns of one sheet."""

    def __init__(self, policy: Policy, today: date) -> None:
        self._policy = policy
        self._today = today
        self._read = Mapping(read_status)
        self._inside = DayReader(None, today)

    def read(self, texts: pa.Array, days: DayColumn, payments: Payments, notes: Bits) -> StatusColumn:
        """The statuses of a chunk and the days beside them; `payments` give the standing they are held against on the
        day of the import.
        """
        found, at = self._read.values(texts)
        entries = np.array([status.entry or "" for status in found], dtype=object)[at]
        asked = entries != ""
        entry_on = self._entry_days(found, at, days)
        undated = asked & np.isnat(entry_on)
        mark(notes, "status_undated", undated)
        says_paid = np.array([-1 if status.paid is None else int(status.paid) for status in found], dtype=np.int8)[at]
        mark(notes, "status_differs", (says_paid >= 0) & (says_paid != self._good(payments)))
        entries[~asked | undated] = None
        entry_on[~asked] = np.datetime64("NaT")
        return StatusColumn(or_none(texts), pa.array(entries, pa.string()), entry_on)

    def _entry_days(self, found: list[StatusText], at: npt.NDArray[np.int64], days: DayColumn) -> Days:
        """The day of the date column, else the one in the status itself."""
        inside = self._inside.read(pa.array([status.day for status in found], pa.string())).taken[at]
        return np.where(np.isnat(days.taken), inside, days.taken)

    def _good(self, payments: Payments) -> Flags:
        """Where the opening position alone makes good standing today (section 3)."""
        today = np.datetime64(self._today)
        enough = payments.cents >= self._policy.fees_on(payments.days)
        good: Flags = enough & (opening_end(payments.days, self._policy) > today)
        return good
