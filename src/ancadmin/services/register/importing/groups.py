"""What becomes of rows with the same ID number, beside each other and beside the record (docs/rules.md, section 2).

Whole buckets at a time, in numpy. A member on record stands in front of the rows with her number as one more row.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ancadmin.services.register.codes import Bits, problem_bit
from ancadmin.services.register.importing.lookup import places_in
from ancadmin.services.register.importing.texts import Flags, joined

Positions = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int64]
Array = npt.NDArray[Any]

ACCEPTED, UPDATED, UNCHANGED, QUARANTINED = range(4)
OUTCOMES = ("accepted", "updated", "unchanged", "quarantined")

# A field takes the last value that is written. A payment's day and amount travel together, as do an
# entry of section 5 and its day.
SINGLE = (
    "surname",
    "first_names",
    "branch",
    "voting_district",
    "cell",
    "email",
    "old_reference",
    "joined_on",
    "register_status",
)
PAYMENT = ("last_payment_on", "last_payment_cents")
ENTRY = ("entry", "entry_on")
FIELDS = (*SINGLE, *PAYMENT, *ENTRY)
_NONE = np.int64(-1)


@dataclass(frozen=True)
class Resolved:
    """`outcome` and `problems` of each row of a bucket (with `id_shared` added).

    `group` says which group a row belongs to; groups are in order of their `numbers`. `on_record` is the position of a
    group's member among those on record, -1 for a new one, and `taken` whether any row of it was. For each field,
    `last` holds the position of the row a group takes its value from (-1: no row says anything of it), and `differs`
    whether that is another value than the one on record.
    """

    outcome: npt.NDArray[np.int8]
    problems: Bits
    group: Positions
    numbers: npt.NDArray[np.int64]
    on_record: Positions
    taken: Flags
    last: dict[str, Positions]
    differs: dict[str, Flags]


def resolve(rows: pa.Table, record: pa.Table, seen: Flags) -> Resolved:
    """Decides about a bucket's rows, which stand in the order they were read.

    `seen`: rows whose fingerprint is on record for the member. `record`: the members on record with the numbers of the
    other rows, sorted by number, with the columns `number`, `key`, `merged` and FIELDS.
    """
    number = rows.column("number").to_numpy()
    numbers, first, group, size = np.unique(number, return_index=True, return_inverse=True, return_counts=True)
    on_record = places_in(record.column("number").to_numpy(), numbers)
    rows = _merged_marked(rows, record, on_record[group], seen)
    problems = rows.column("problems").to_numpy().copy()
    # Most are alone, the only row with a number nobody has yet; or nothing new is said of their number.
    outcome = np.where(seen, UNCHANGED, np.where(problems == 0, ACCEPTED, QUARANTINED)).astype(np.int8)
    news = np.bincount(group[~seen], minlength=len(numbers)) > 0
    taken = news & (problems[first] == 0)
    has_entry = np.asarray(pc.is_valid(_array(rows, "entry")))
    last = {name: first.copy() for name in FIELDS}
    for name in ENTRY:
        last[name] = np.where(has_entry[first], first, -1)
    differs = {name: np.zeros(len(numbers), dtype=np.bool_) for name in FIELDS}
    in_common = news & ((size > 1) | (on_record >= 0))
    shared = np.flatnonzero(in_common)
    if len(shared):
        places = np.flatnonzero(in_common[group])
        together = _decide(rows.take(pa.array(places)), record, seen[places])
        outcome[places], problems[places], taken[shared] = together.outcome, together.problems, together.taken
        for name in FIELDS:
            at = together.last[name]
            last[name][shared] = np.where(at >= 0, places[at], -1)
            differs[name][shared] = together.differs[name]
    return Resolved(outcome, problems, group, numbers, on_record, taken, last, differs)


def _merged_marked(rows: pa.Table, record: pa.Table, on_record: Positions, seen: Flags) -> pa.Table:
    """The rows, those that say something new under the number of a record merged into another with the problem
    `number_merged`. `on_record`: the position of each row's member in the record, -1 for none.
    """
    merged = np.asarray(record.column("merged"))
    if not merged.any():
        return rows
    marked = (on_record >= 0) & merged[on_record] & ~seen
    problems = rows.column("problems").to_numpy() | np.where(marked, problem_bit("number_merged"), 0)
    place = rows.schema.get_field_index("problems")
    return rows.set_column(place, "problems", pa.array(problems.astype(np.int32)))


@dataclass(frozen=True)
class _Decided:
    """`outcome` and `problems` by row; the rest by group, as in `Resolved`."""

    outcome: npt.NDArray[np.int8]
    problems: Bits
    taken: Flags
    last: dict[str, Positions]
    differs: dict[str, Flags]


def _decide(rows: pa.Table, record: pa.Table, seen: Flags) -> _Decided:
    """Decides about rows that have their number in common with others or with a member on record."""
    together = _Together(rows, record, seen)
    conflict = together.conflicts()
    problems = together.problems.copy()
    problems[together.is_row & ~together.seen & conflict[together.group]] |= problem_bit("id_shared")
    live = together.is_record | ((problems == 0) & ~together.seen)
    changed = np.zeros(len(live), dtype=np.bool_)
    last: dict[str, Positions] = {}
    differs: dict[str, Flags] = {}
    for names in (*((name,) for name in SINGLE), PAYMENT, ENTRY):
        codes = together.codes(names)
        takes = live & (codes != _NONE)
        if names == PAYMENT:
            takes &= together.not_earlier(takes)
        before, final = together.running(takes)
        changed |= takes & (_at(codes, before) != codes)
        first = _at(codes, np.where(together.recorded, together.starts, -1))
        for name in names:
            last[name] = together.row_of(final)
            differs[name] = (final >= 0) & together.recorded & (_at(codes, final) != first)
    outcome = np.full(len(live), UNCHANGED, dtype=np.int8)
    outcome[live & changed] = UPDATED
    first_live = together.first_of(live & together.is_row)
    outcome[first_live[(first_live >= 0) & ~together.recorded]] = ACCEPTED
    outcome[(problems != 0) & ~together.seen] = QUARANTINED
    groups = len(together.starts)
    return _Decided(
        outcome=together.in_row_order(outcome),
        problems=together.in_row_order(problems),
        taken=np.bincount(together.group[together.is_row & live], minlength=groups) > 0,
        last=last,
        differs=differs,
    )


class _Together:
    """The rows of a bucket and the members on record, one after the other in order of number, record first."""

    def __init__(self, rows: pa.Table, record: pa.Table, seen: Flags) -> None:
        count = record.num_rows
        self._rows, self._record, self._count = rows, record, count
        number = np.concatenate([record.column("number").to_numpy(), rows.column("number").to_numpy()])
        self._order = np.argsort(number, kind="stable")
        number = number[self._order]
        self.is_record = self._order < count
        self.is_row = ~self.is_record
        starts = np.ones(len(number), dtype=np.bool_)
        starts[1:] = number[1:] != number[:-1]
        self.starts = np.flatnonzero(starts)
        self.group = np.cumsum(starts) - 1
        self.recorded = self.is_record[self.starts]
        self.seen = self._arranged(np.zeros(count, dtype=np.bool_), seen)
        no_problem = np.zeros(count, dtype=np.int32)
        self.problems = self._arranged(no_problem, rows.column("problems").to_numpy())
        self._places = np.arange(len(number))

    def _arranged(self, of_record: Array, of_rows: Array) -> Array:
        return np.concatenate([of_record, of_rows])[self._order]

    def in_row_order(self, values: Array) -> Array:
        """Values of all, as the rows alone have them, in the order the bucket has."""
        back: Array = np.empty(len(values) - self._count, dtype=values.dtype)
        back[self._order[self.is_row] - self._count] = values[self.is_row]
        return back

    def row_of(self, places: Positions) -> Positions:
        """Positions among all as positions among the rows; -1 for none and for the record."""
        rows = np.where(places >= 0, self._order[places] - self._count, -1)
        return np.maximum(rows, -1)

    def codes(self, names: tuple[str, ...]) -> Codes:
        """Equal values of a field (or of fields that travel together) as equal numbers; -1 for null."""
        columns = [pa.concat_arrays([_array(self._record, name), _array(self._rows, name)]) for name in names]
        missing = np.asarray(pc.is_null(columns[0]))
        column = columns[0] if len(columns) == 1 else joined(*(pc.cast(column, pa.string()) for column in columns))
        codes = column.dictionary_encode().indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
        return np.where(missing, _NONE, codes)[self._order]

    def conflicts(self) -> Flags:
        """The groups in which rows (not seen before) or the record have different surnames."""
        keys = [pa.concat_arrays([_array(self._record, "key"), _array(self._rows, "key")])]
        codes = keys[0].dictionary_encode().indices.to_numpy(zero_copy_only=False)[self._order]
        counts = ~self.seen
        lowest = np.minimum.reduceat(np.where(counts, codes, np.iinfo(codes.dtype).max), self.starts)
        highest = np.maximum.reduceat(np.where(counts, codes, -1), self.starts)
        conflict: Flags = (highest >= 0) & (lowest != highest)
        return conflict

    def not_earlier(self, captured: Flags) -> Flags:
        """Payments on or after every payment above them in the group. Any payment read goes before the record's."""
        days = pa.concat_arrays([_array(self._record, PAYMENT[0]), _array(self._rows, PAYMENT[0])])
        day = days.cast(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)[self._order] + (
            1 << 20
        )
        day = np.where(captured, np.where(self.is_record, 1, day), 0)
        highest = np.maximum.accumulate(self.group * (1 << 22) + day)
        flags: Flags = highest == self.group * (1 << 22) + day
        return flags

    def running(self, takes: Flags) -> tuple[Positions, Positions]:
        """For each place the last place above it, in its group, that takes effect; and the last of each group."""
        latest = np.maximum.accumulate(np.where(takes, self._places, -1))
        start = self.starts[self.group]
        before = np.concatenate([[-1], latest[:-1]])
        before = np.where(before >= start, before, -1)
        ends = np.append(self.starts[1:], len(takes)) - 1
        final = np.where(latest[ends] >= self.starts, latest[ends], -1)
        return before, final

    def first_of(self, flags: Flags) -> Positions:
        """The first place of each group with a flag; -1 for none."""
        far = len(flags)
        first = np.minimum.reduceat(np.where(flags, self._places, far), self.starts)
        return np.where(first < far, first, -1)


def _array(table: pa.Table, name: str) -> pa.Array:
    column = table.column(name).combine_chunks()
    return column if isinstance(column, pa.Array) else pa.concat_arrays(column.chunks)


def _at(codes: Codes, places: Positions) -> Codes:
    """The codes at some places; -1 for the place -1."""
    return np.where(places >= 0, codes[places], _NONE)
