"""Rows about people whose ID number was corrected, or who were transferred, since their register was kept: what was
decided stands beside what the register still says (docs/rules.md, section 5).
"""

from collections.abc import Collection, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ancadmin.services.register.codes import NOTES
from ancadmin.services.register.importing.lookup import places_in
from ancadmin.services.register.importing.texts import Flags

TRANSFERRED = 1 << NOTES.index("branch_transferred")
"""The bit of the note on rows that name a branch their member was transferred out of."""


def numbered_now(rows: pa.Table, now: Mapping[int, int]) -> pa.Table:
    """The rows, those under a number that was corrected with the one it leads to `now`."""
    if not now:
        return rows
    numbers = rows.column("number").to_numpy()
    former = np.array(sorted(now), dtype=np.int64)
    at = places_in(former, numbers)
    if (at < 0).all():
        return rows
    corrected = np.array([now[number] for number in former.tolist()], dtype=np.int64)
    numbers = np.where(at >= 0, corrected[at], numbers)
    return rows.set_column(rows.schema.get_field_index("number"), "number", pa.array(numbers))


def where_transferred(
    rows: pa.Table, record: pa.Table, members: npt.NDArray[np.int64], seen: Flags, left: Mapping[int, Collection[str]]
) -> pa.Table:
    """The rows, those that name a branch their member was transferred out of with the branch of the record, and the
    note that says so. `members`: whose each row is; `seen`: rows that say nothing new; `left`: by member the branches.
    """
    places = np.flatnonzero(np.isin(members, list(left)) & ~seen)
    if not len(places):
        return rows
    at = places_in(record.column("number").to_numpy(), rows.column("number").to_numpy()[places])
    here = record.column("branch").take(pa.array(at)).to_pylist()
    named = rows.column("branch").take(pa.array(places)).to_pylist()
    behind = [
        name != now and name in left[number]
        for name, now, number in zip(named, here, members[places].tolist(), strict=True)
    ]
    there = np.zeros(len(members), dtype=np.bool_)
    there[places[behind]] = True
    for name, column in (
        ("branch", _replaced(rows, there, [now for now, is_behind in zip(here, behind, strict=True) if is_behind])),
        ("notes", pa.array(rows.column("notes").to_numpy() | np.where(there, TRANSFERRED, 0).astype(np.int32))),
    ):
        rows = rows.set_column(rows.schema.get_field_index(name), name, column)
    return rows


def _replaced(rows: pa.Table, there: Flags, branches: list[str]) -> pa.Array:
    column = rows.column("branch").combine_chunks()
    return pc.replace_with_mask(column, there, pa.array(branches, column.type))
